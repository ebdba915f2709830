package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/format"
)

func newArrow(c console) *cobra.Command {
	file, wide := false, ""
	v := &exportVerb{
		name: "Arrow", wide: &wide,
		format: func() format.Format {
			if file {
				return format.ArrowFile
			}
			return format.ArrowStream
		},
		flags: func(f *pflag.FlagSet) {
			f.BoolVar(&file, "file", false, "write the file format (also called Feather) instead of a stream")
			addWide(f, &wide)
		},
	}
	return v.command(c, "arrow LOGDIR...", "Write scalars, or another table, as an Arrow stream or file",
		`Write every scalar as an Arrow IPC stream with the columns run, tag (both
dictionary-encoded), step, wall_time and value; with --table, another table.`,
		`  tbexport arrow logs | python -c 'import sys, pyarrow as pa
  print(pa.ipc.open_stream(sys.stdin.buffer).read_pandas())'
  tbexport arrow logs --file -o scalars.arrow`)
}
