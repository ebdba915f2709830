package origin

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/format/arrowipc"
	"tbexport/convert/format/csv"
	"tbexport/convert/format/jsonl"
	"tbexport/convert/format/parquet"
	"tbexport/convert/table"
)

// An encoder is what all formats have.
type encoder interface {
	Encode(arrow.Record) error
	Close() error
}

// encode writes a file of one row, or of none.
func encode(t *testing.T, path string, schema *arrow.Schema, rows int, make func(io.Writer, *arrow.Schema) (encoder, error)) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e, err := make(f, schema)
	if err != nil {
		t.Fatal(err)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for range rows {
		for _, column := range b.Fields() {
			if names, ok := column.(*array.BinaryDictionaryBuilder); ok {
				if err := names.AppendString("a"); err != nil {
					t.Fatal(err)
				}
				continue
			}
			column.AppendEmptyValue()
		}
	}
	rec := b.NewRecord()
	defer rec.Release()
	if err := e.Encode(rec); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestUnlisted: what the tables of 0.1 look like is known in every format, with rows and without, by no other name.
func TestUnlisted(t *testing.T) {
	schemas := map[string]*arrow.Schema{
		"scalars": table.ScalarsSchema(table.ScalarsOptions{Timestamp: true, RelativeTime: true}),
		"hparams": table.HParamsSchema(),
	}
	formats := map[string]func(w io.Writer, s *arrow.Schema) (encoder, error){
		"csv":    func(w io.Writer, s *arrow.Schema) (encoder, error) { return csv.New(w, s, csv.Options{}) },
		"jsonl":  func(w io.Writer, s *arrow.Schema) (encoder, error) { return jsonl.New(w, s, jsonl.Options{}) },
		"arrows": func(w io.Writer, s *arrow.Schema) (encoder, error) { return arrowipc.New(w, s, arrowipc.Options{}) },
		"arrow": func(w io.Writer, s *arrow.Schema) (encoder, error) {
			return arrowipc.New(w, s, arrowipc.Options{File: true})
		},
	}
	foreign := arrow.NewSchema([]arrow.Field{{Name: "mine", Type: arrow.PrimitiveTypes.Int64}}, nil)
	path := filepath.Join(t.TempDir(), "file")
	for base, schema := range schemas {
		for ext, format := range formats {
			for rows := range 2 {
				encode(t, path, schema, rows, format)
				for name, want := range map[string]bool{
					base + "." + ext: true, "x." + ext: false, base: false, base + ".txt": false, "sub/" + base + "." + ext: false,
				} {
					if got := Unlisted(path, name); got != want {
						t.Errorf("%s with %d rows as %s: %v", ext, rows, name, got)
					}
				}
			}
			encode(t, path, foreign, 1, format)
			if Unlisted(path, base+"."+ext) {
				t.Errorf("%s: somebody else's table is taken for ours", ext)
			}
		}
	}
	if Unlisted(filepath.Join(t.TempDir(), "missing"), "scalars.csv") {
		t.Error("a file that is not there")
	}
}

func TestSigned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	schema := table.HParamsSchema()
	for _, c := range []struct {
		metadata []parquet.KeyValue
		name     string
		want     bool
	}{
		{[]parquet.KeyValue{{Key: "tbexport.version", Value: "0.1"}}, "run=a/part-0.parquet", true},
		{[]parquet.KeyValue{{Key: "tbexport.version", Value: "0.1"}}, "part-0", false},
		{[]parquet.KeyValue{{Key: "mine", Value: "0.1"}}, "scalars.parquet", false},
		{nil, "scalars.parquet", false},
	} {
		encode(t, path, schema, 1, func(w io.Writer, s *arrow.Schema) (encoder, error) {
			return parquet.New(w, s, parquet.Options{Metadata: c.metadata})
		})
		if got := Signed(path, c.name); got != c.want {
			t.Errorf("%v, %s: %v", c.metadata, c.name, got)
		}
	}
	for _, text := range []string{"", "PAR1", "PAR1\xff\xff\xff\x7fPAR1", "not Parquet at all, but long enough to hold a footer"} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if Signed(path, "x.parquet") {
			t.Errorf("%q", text)
		}
	}
}
