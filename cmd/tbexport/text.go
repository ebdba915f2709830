package main

import (
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/format/csv"
	"tbexport/convert/format/jsonl"
	"tbexport/convert/table"
)

// textRows is the rows of a record that becomes text: enough to format it in
// parallel.
const textRows = 64 << 10

func newCSV(c console) *cobra.Command {
	wide := false
	f := &format{
		name: "CSV", compress: true, rows: textRows, wide: &wide,
		extension: func() string { return ".csv" },
		flags: func(f *pflag.FlagSet) {
			f.BoolVar(&wide, "wide", false, "a row for each run and step, and a column for each tag")
		},
		encode: func(w io.Writer, schema *arrow.Schema, _ about) (table.Encoder, error) {
			return csv.New(w, schema, csv.Options{})
		},
	}
	return f.command(c, "csv LOGDIR...", "Write the scalars as CSV",
		`Write every scalar as a line run,tag,step,wall_time,value. Numbers are in the
shortest form that reads back as the same float64; others are NaN, inf and
-inf. A file name that ends in .gz or .zst is compressed.

With --wide there is a column for each tag. A step that a tag has twice, after a
restart, makes two rows; wall_time is the earliest of the row's points. The logs
are then read twice, and the points of one run are held in memory.`,
		`  tbexport csv logs > scalars.csv
  tbexport csv logs --tag '**/loss' | head
  tbexport csv logs --wide -o wide.csv.gz`)
}

func newJSONL(c console) *cobra.Command {
	f := &format{
		name: "JSON Lines", compress: true, rows: textRows,
		extension: func() string { return ".jsonl" },
		flags:     func(*pflag.FlagSet) {},
		encode: func(w io.Writer, schema *arrow.Schema, _ about) (table.Encoder, error) {
			return jsonl.New(w, schema, jsonl.Options{})
		},
	}
	return f.command(c, "jsonl LOGDIR...", "Write the scalars as JSON Lines",
		`Write every scalar as a JSON object a line, with run, tag, step, wall_time and
value. JSON has no numbers for them, so NaN and the infinities are the strings
"NaN", "Infinity" and "-Infinity". A file name that ends in .gz or .zst is
compressed.`,
		`  tbexport jsonl logs | jq -c 'select(.tag == "loss")'
  tbexport jsonl logs -o scalars.jsonl.zst`)
}
