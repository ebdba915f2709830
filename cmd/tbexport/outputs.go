package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tbexport/convert/format"
	"tbexport/convert/output"
)

// checkOutput refuses, before anything is read, an output that cannot be
// written, or whose name says that it is something else.
func (v *exportVerb) checkOutput(e *exportFlags) error {
	if e.output == "" {
		return nil
	}
	if v.isPartition() || e.tables.files {
		return checkDirectory("-o", e.output)
	}
	if info, err := os.Stat(e.output); err == nil && info.IsDir() {
		return usagef("-o %s: is a directory; give the name of a file, or -o DIR/ to write tables to a new directory",
			e.output)
	}
	return v.checkEnding(e.output)
}

// checkDirectory refuses directories that cannot take the place of one that was
// written beside them.
func checkDirectory(flag, path string) error {
	base := filepath.Base(filepath.Clean(path))
	switch {
	case path == "-":
		return usagef("%s -: a directory cannot go to standard output: give the name of a new or empty one", flag)
	case base == ".", base == "..", base == string(filepath.Separator):
		return usagef("%s %s: give the name of a new or empty directory, which appears when it is whole", flag, path)
	}
	return nil
}

// checkEnding refuses the ending of a name that belongs to something else.
func (v *exportVerb) checkEnding(path string) error {
	whole, ending := path, strings.ToLower(filepath.Ext(path))
	switch ending {
	case ".gz", ".zst":
		if !v.compress {
			return usagef("-o %s: %s files are not compressed as a whole: leave %s out", whole, v.name, ending)
		}
		path = path[:len(path)-len(ending)]
		ending = strings.ToLower(filepath.Ext(path))
	case ".xz", ".bz2", ".lz4", ".br", ".zip", ".7z", ".lzma", ".z", ".sz":
		if v.compress {
			return usagef("-o %s: only .gz and .zst are compressed; or send it through another program: tbexport ... "+
				"| xz", whole)
		}
		return usagef("-o %s: %s files are not compressed as a whole: leave %s out", whole, v.name, ending)
	}
	other, known := map[string]string{
		".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
		".arrow": "arrow --file", ".feather": "arrow --file", ".arrows": "arrow",
		".tsv": "", ".json": "", ".xlsx": "", ".xls": "", ".orc": "", ".avro": "", ".db": "", ".sqlite": "",
	}[ending]
	verb := map[format.Format]string{
		format.Parquet: "parquet", format.CSV: "csv", format.JSONL: "jsonl", format.ArrowStream: "arrow",
		format.ArrowFile: "arrow --file",
	}[v.format()]
	switch {
	case !known || other == verb || verb == "jsonl" && ending == ".json":
		return nil
	case other != "":
		return usagef("-o %s: this is what \"tbexport %s\" writes; %s files end in %s", whole, other, v.name,
			v.format().Extension())
	}
	return usagef("-o %s: a %s file would not be what its name says: end it in %s", whole, v.name,
		v.format().Extension())
}

// checkPicture refuses, before anything is read, a picture that cannot be
// written, or whose name says that it is of another kind.
func checkPicture(flag, path, ending string, overwrite bool) error {
	switch got := strings.ToLower(filepath.Ext(path)); {
	case path == "" || path == "-":
		return nil
	case got != ending &&
		strings.Contains(" .png .svg .svgz .jpg .jpeg .gif .webp .pdf .eps .ps .tif .tiff .bmp .html ", " "+got+" "):
		return usagef("%s %s: the picture would not be what its name says: end it in %s", flag, path, ending)
	}
	return checkFile(flag, path, overwrite)
}

// checkFile refuses a name that no file can be written to; an empty one is none.
func checkFile(flag, path string, overwrite bool) error {
	if path == "" || path == "-" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("%s %s: is a directory; give the name of a file in it", flag, path)
	}
	if err := output.Check(path, overwrite); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

// sameFile reports whether two names are of one file, be it there or not.
func sameFile(a, b string) bool {
	first, err := filepath.Abs(a)
	if err != nil {
		return false
	}
	second, err := filepath.Abs(b)
	return err == nil && first == second
}
