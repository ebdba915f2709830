package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/convert/format"
	"tbexport/convert/format/origin"
	"tbexport/convert/output"
	"tbexport/convert/table"
	"tbexport/internal/ui"
)

func newExtract(c console) *cobra.Command {
	v := &exportVerb{name: "extract", filesOnly: true}
	e := exportFlags{time: "seconds", hparams: hparamsFlag{"last"}}
	cmd := &cobra.Command{
		Use:     "extract LOGDIR... -o DIR",
		GroupID: groupExport,
		Short:   "Write images, audio, texts and other values to files",
		Long: `Write what is no number to a file each: images and audio as they were logged,
texts (.txt), tensors (.npy for numpy, .json for strings, and .pb for what numpy
has no type for), meshes (.ply) and graphs (.pb or .json).

A file is DIR/TABLE/RUN/TAG/STEP_INDEX.EXT. In names, / and other signs that
file systems mind become %2F and the like. DIR/manifest.csv has, for each file,
its path, run, tag, step, index and sha256. DIR appears when it is whole. To
extract again, as when the logs have grown, give --overwrite: DIR is written
anew as a whole, and refused if it holds a file that extract has not written.` + "\n\n" +
			exitHelp("done (also where files end inside a record, as a live writer leaves them)",
				"failed: no file was written", lostHelp, "interrupted: no file was written"),
		Example: `  tbexport extract logs -o files
  tbexport extract logs --table images --tag '**/fake' --sample 10 -o fakes`,
		Args: logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd.Context(), c, &e, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&e.output, "output", "o", "", "the `DIR` to write; without --overwrite it must be empty or not be there")
	f.BoolVar(&e.overwrite, "overwrite", false, "replace a DIR that extract wrote before")
	f.StringVar(&e.tables.table, "table", "", "only the files of these `TABLES`: text, images, audio, meshes, tensors, graphs")
	e.addReading(f)
	return cmd
}

// addExtract adds the flag of the verbs that write tables.
func (e *exportFlags) addExtract(f *pflag.FlagSet) {
	f.StringVar(&e.extract, "extract", "", "write the images, audio, texts, tensors, meshes and graphs of the tables,\nor all where none of the tables has such, to files in `DIR`, too")
}

// withFiles are the tables whose rows have files.
func withFiles(specs []table.Spec) []table.Spec {
	return slices.DeleteFunc(slices.Clone(specs), func(s table.Spec) bool { return !s.Files })
}

// checkFilesOnly settles which tables' files are written, where no table is.
func (t *tableFlags) checkFilesOnly(dir string) error {
	if dir == "" {
		return usagef("extract writes a directory: give -o DIR")
	}
	t.files = true
	if t.table == "" {
		t.table = tableAll
	}
	if t.table != tableAll {
		names := namesOf(withFiles(table.All()))
		for _, name := range strings.Split(t.table, ",") {
			if name = strings.TrimSpace(name); !slices.Contains(names, name) {
				return noTable(name, names)
			}
		}
	}
	err := t.read(nil)
	t.specs = withFiles(t.specs)
	return err
}

// checkExtract settles what --extract takes beside the tables that are written, and
// refuses a directory that cannot be written.
func (v *exportVerb) checkExtract(e *exportFlags) error {
	if e.extract == "" {
		return nil
	}
	if err := checkDirectory("--extract", e.extract); err != nil {
		return err
	}
	for flag, path := range map[string]string{"-o": e.output, "--report": e.report} {
		if path != "" && (output.Inside(e.extract, path) || output.Inside(path, e.extract)) {
			return usagef("--extract %s and %s %s: neither may be in the other", e.extract, flag, path)
		}
	}
	if len(withFiles(e.tables.specs)) == 0 {
		e.tables.silent = withFiles(table.All())
	}
	return nil
}

// createFiles begins the directory that files are extracted to; nil: they are not.
func (v *exportVerb) createFiles(e *exportFlags, from table.Source) (*extract.Dir, error) {
	path := e.extract
	if v.filesOnly {
		path = e.output
	}
	if path == "" {
		return nil, nil
	}
	o := output.DirOptions{Overwrite: e.overwrite, Update: v.update, Signed: origin.Signed, ManyFiles: true}
	dir, err := output.CreateDir(path, o)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(from.Runs))
	for i, run := range from.Runs {
		names[i] = run.Name
	}
	return extract.New(dir, names, namesOf(withFiles(v.reads(e))), v.taken)
}

// filesSink makes the sink of files, beside that of the tables, which is made with
// the directory.
func (v *exportVerb) filesSink(ctx context.Context, e *exportFlags, from table.Source,
	to func(*extract.Dir) (convert.Sink, error)) (convert.Sink, error) {
	files, err := v.createFiles(e, from)
	if err != nil {
		return nil, err
	}
	if files == nil {
		return to(nil)
	}
	specs := e.tables.silent
	var sink convert.Sink
	if v.filesOnly {
		specs = e.tables.specs
	} else if sink, err = to(files); err != nil {
		_ = files.Abort() // that it failed says why
		return nil, err
	}
	var tables []table.Table
	for _, spec := range specs {
		t, err := spec.New(ctx, from, table.Options{Extract: files, Silent: true})
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return table.NewFilesSink(sink, tables, files), nil
}

// extracted says what was extracted beside the tables.
func (s *summary) extracted() string {
	if s.extract == "" {
		return ""
	}
	var words []string
	for _, t := range table.All() {
		if n := s.report.Result.Files[t.Name]; n > 0 {
			words = append(words, ui.Counted(n, t.Unit))
		}
	}
	if words == nil {
		words = []string{"no files"}
	}
	return "; " + strings.Join(words, ", ") + " -> " + filepath.Clean(s.extract)
}

// bytesNote says that a table of bytes was written without them.
func (s *summary) bytesNote(v *exportVerb) string {
	if v.filesOnly || s.extract != "" || v.format() != format.CSV && v.format() != format.JSONL ||
		v.inline != nil && *v.inline {
		return ""
	}
	for _, t := range s.tables {
		if n := s.report.Result.Rows[t.Name]; t.Blobs && n > 0 {
			note := "the bytes of " + ui.Counted(n, t.Unit) + " are not in " + v.name + ": Parquet and Arrow hold them"
			if t.Files {
				note += ", and --extract DIR writes them to files"
			}
			return note
		}
	}
	return ""
}
