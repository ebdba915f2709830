package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/format"
	"tbexport/convert/format/parquet"
)

// schemaVersion is that of the tables; it grows when a column changes its
// name, type or meaning.
const schemaVersion = "1"

func newParquet(c console) *cobra.Command {
	var compression, partitionBy string
	splitFloats, partition := false, false
	v := &exportVerb{
		name: "Parquet", partition: &partition,
		format: func() format.Format { return format.Parquet },
		flags: func(f *pflag.FlagSet) {
			f.StringVar(&compression, "compression", parquet.Zstd.String(), "zstd, snappy, gzip or none")
			f.BoolVar(&splitFloats, "split-floats", false, "write floats as BYTE_STREAM_SPLIT: a third smaller, but "+
				"Spark reads it only\nwithout its vectorized reader")
			f.StringVar(&partitionBy, "partition-by", "",
				"run: write the directory given with -o, with a file run=NAME/part-0.parquet a run")
		},
		options: func() (parquet.Options, error) {
			method, err := parquet.ParseCompression(compression)
			return parquet.Options{Compression: method, SplitFloats: splitFloats}, err
		},
		check: func(e *exportFlags) error {
			if _, err := parquet.ParseCompression(compression); err != nil {
				return usagef("--compression %v", err)
			}
			switch partitionBy {
			case "":
				return nil
			case "run":
				partition = true
				if e.output == "" {
					return usagef("--partition-by writes a directory: give -o DIR")
				}
				return nil
			}
			return usagef("--partition-by %s: only run", partitionBy)
		},
	}
	return v.command(c, "parquet LOGDIR...", "Write scalars, or another table, as Parquet",
		`Write every scalar as one Parquet file with the columns run, tag (both
dictionary-encoded), step, wall_time and value; by run, then tag, then in file
order. With --table it is another table; with -o DIR/ there is a file for each.`,
		`  tbexport parquet logs -o scalars.parquet
  tbexport parquet old=logs/2023 new=logs/2024 -o scalars.parquet
  tbexport parquet logs -o scalars/ --partition-by run
  tbexport parquet logs --tag '**/loss' --time timestamp -o loss.parquet
  tbexport parquet logs --table images -o images.parquet
  tbexport parquet logs --table all -o tables/`)
}

// fileMetadata is what a file says of its rows; run is empty but for a partition.
func fileMetadata(a about, run string) []parquet.KeyValue {
	pairs := []parquet.KeyValue{
		{Key: "tbexport.version", Value: programVersion()},
		{Key: "tbexport.schema", Value: schemaVersion},
		{Key: "tbexport.logdir", Value: a.logdirs},
		{Key: "tbexport.options", Value: a.options},
	}
	if run != "" {
		pairs = append(pairs, parquet.KeyValue{Key: "tbexport.run", Value: run})
	}
	return pairs
}
