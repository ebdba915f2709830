package main

import (
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/format/arrowipc"
	"tbexport/convert/table"
)

// arrowRows is the rows of a record batch: small enough that a notebook sees
// the first one soon.
const arrowRows = 256 << 10

func newArrow(c console) *cobra.Command {
	file := false
	f := &format{
		name: "Arrow", binary: true, rows: arrowRows,
		extension: func() string {
			if file {
				return ".arrow"
			}
			return ".arrows" // as the format's registration has it for streams
		},
		flags: func(f *pflag.FlagSet) {
			f.BoolVar(&file, "file", false, "write the file format (also called Feather) instead of a stream")
		},
		encode: func(w io.Writer, schema *arrow.Schema, _ about) (table.Encoder, error) {
			return arrowipc.New(w, schema, arrowipc.Options{File: file})
		},
	}
	return f.command(c, "arrow LOGDIR...", "Write the scalars as an Arrow stream or file",
		`Write every scalar as an Arrow IPC stream with the columns run, tag (both
dictionary-encoded), step, wall_time and value.`,
		`  tbexport arrow logs | python -c 'import sys, pyarrow as pa
  print(pa.ipc.open_stream(sys.stdin.buffer).read_pandas())'
  tbexport arrow logs --file -o scalars.arrow`)
}
