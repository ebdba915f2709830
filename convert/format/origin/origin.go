// Package origin tells files that tbexport has written from those of others, by what they say themselves.
package origin

import (
	"bufio"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/parquet/file"
)

// versionKey is what the metadata of every Parquet file names the program's version by.
const versionKey = "tbexport.version"

// Signed reports whether a file is Parquet, by its name, and its footer says that tbexport has written it.
func Signed(file, name string) bool {
	return path.Ext(name) == ".parquet" && parquetSays(file)
}

func parquetSays(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	r, err := file.NewParquetReader(f)
	if err != nil {
		return false
	}
	return r.MetaData().KeyValueMetadata().FindValue(versionKey) != nil
}

// Unlisted reports whether a file in a directory is one that version 0.1 has written there: it has the name of one of
// its tables, and begins as that table does. That version left no list of what it wrote. A table without rows, which
// has no first line as JSON Lines, is an empty file.
func Unlisted(file, name string) bool {
	base, ext, _ := strings.Cut(name, ".")
	columns, ok := tables()[base]
	if !ok {
		return false
	}
	switch ext {
	case "csv":
		return beginsWith(file, strings.Join(columns, ","))
	case "jsonl":
		return isEmpty(file) || beginsWith(file, `{"`+columns[0]+`":`)
	case "arrow", "arrows":
		return arrowHas(file, ext == "arrow", columns)
	}
	return false
}

// tables are those of version 0.1, and the columns that each began with.
func tables() map[string][]string {
	return map[string][]string{
		"scalars": {"run", "tag", "step", "wall_time", "value"},
		"hparams": {"run", "name", "type", "value", "number", "bool"},
		"runs": {
			"run", "experiment", "group", "status", "start_time", "end_time", "duration", "files", "points",
			"last_step",
		},
	}
}

func isEmpty(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Size() == 0
}

// beginsWith reports whether the first line of a file begins with text.
func beginsWith(name, text string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(text))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == text
}

// arrowHas reports whether an Arrow stream or file begins with columns of these names.
func arrowHas(name string, isFile bool, columns []string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	schema, err := arrowSchema(f, isFile)
	if err != nil || schema.NumFields() < len(columns) {
		return false
	}
	same := func(f arrow.Field, name string) bool { return f.Name == name }
	return slices.EqualFunc(schema.Fields()[:len(columns)], columns, same)
}

func arrowSchema(f *os.File, isFile bool) (*arrow.Schema, error) {
	if isFile {
		r, err := ipc.NewFileReader(f)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return r.Schema(), nil
	}
	r, err := ipc.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, err
	}
	defer r.Release()
	return r.Schema(), nil
}
