package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/format"
)

func newCSV(c console) *cobra.Command {
	wide := ""
	v := &exportVerb{
		name: "CSV", compress: true, wide: &wide,
		format: func() format.Format { return format.CSV },
		flags: func(f *pflag.FlagSet) {
			addWide(f, &wide)
		},
	}
	return v.command(c, "csv LOGDIR...", "Write scalars, or another table, as CSV",
		`Write every scalar as a line run,tag,step,wall_time,value. Numbers are in the
shortest form that reads back as the same float64; others are NaN, inf and
-inf. A file name that ends in .gz or .zst is compressed. With --table it is
another table; bytes, as those of images, are left out of it.

With --wide there is a column for each tag, with --wide=run/tag one for each
curve, called RUN/TAG. A step that a tag has twice, after a restart, makes two
rows; wall_time is the earliest of the row's points. With --wide the logs are
read twice and the points of one run are held in memory; with --wide=run/tag
those of all runs.`,
		`  tbexport csv logs > scalars.csv
  tbexport csv logs --tag '**/loss' | head
  tbexport csv logs --wide -o wide.csv.gz
  tbexport csv logs --wide=run/tag --tag loss -o curves.csv`)
}

func newJSONL(c console) *cobra.Command {
	inline := false
	v := &exportVerb{
		name: "JSON Lines", compress: true, inline: &inline,
		format: func() format.Format { return format.JSONL },
		flags: func(f *pflag.FlagSet) {
			f.BoolVar(&inline, "inline", false,
				"write bytes, as those of images, as base64; without it they are left out")
		},
	}
	return v.command(c, "jsonl LOGDIR...", "Write scalars, or another table, as JSON Lines",
		`Write every scalar as a JSON object a line, with run, tag, step, wall_time and
value. JSON has no numbers for them, so NaN and the infinities are the strings
"NaN", "Infinity" and "-Infinity". A file name that ends in .gz or .zst is
compressed. With --table it is another table.`,
		`  tbexport jsonl logs | jq -c 'select(.tag == "loss")'
  tbexport jsonl logs -o scalars.jsonl.zst
  tbexport jsonl logs --table text`)
}
