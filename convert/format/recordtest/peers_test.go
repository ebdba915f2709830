package recordtest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/format/arrowipc"
	"tbexport/convert/format/csv"
	"tbexport/convert/format/jsonl"
	"tbexport/convert/format/parquet"
	"tbexport/convert/format/recordtest"
	"tbexport/internal/peers"
)

// nestedSchema has a column of every nested kind that a table has.
func nestedSchema() *arrow.Schema {
	text, number := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64
	picture := arrow.StructOf(
		arrow.Field{Name: "bytes", Type: arrow.BinaryTypes.Binary, Nullable: true}, arrow.Field{Name: "path", Type: text, Nullable: true},
	)
	line := arrow.StructOf(
		arrow.Field{Name: "value", Type: text, Nullable: true}, arrow.Field{Name: "lower", Type: text, Nullable: true},
		arrow.Field{Name: "upper", Type: text, Nullable: true},
	)
	huggingface := arrow.NewMetadata([]string{"huggingface"}, []string{`{"info":{"features":{"image":{"_type":"Image"}}}}`})
	return arrow.NewSchema([]arrow.Field{
		{Name: "run", Type: recordtest.Dictionary()},
		{Name: "step", Type: arrow.PrimitiveTypes.Int64},
		{Name: "left", Type: recordtest.List(number, false)},
		{Name: "right", Type: recordtest.List(number, false)},
		{Name: "count", Type: recordtest.List(number, false)},
		{Name: "maybe", Type: recordtest.List(number, true), Nullable: true},
		{Name: "shape", Type: recordtest.List(arrow.PrimitiveTypes.Int64, false)},
		{Name: "words", Type: recordtest.List(text, true), Nullable: true},
		{Name: "series", Type: recordtest.List(line, false), Nullable: true},
		{Name: "image", Type: picture, Nullable: true},
		{Name: "blob", Type: arrow.BinaryTypes.Binary, Nullable: true},
	}, &huggingface)
}

// nestedRows are its rows as JSON objects, bytes in base64: empty and null lists, null elements and structs, pictures.
func nestedRows(t *testing.T) (rows []string) {
	for i := range 40 {
		edges, counts := make([]string, i%7), make([]string, i%7)
		for k := range edges {
			edges[k], counts[k] = fmt.Sprintf("%g", float64(k)/3-float64(i)), fmt.Sprintf("%d.5", k*i)
		}
		list := strings.Join(edges, ",")
		picture, blob := "null", "null"
		if i%3 > 0 {
			var b bytes.Buffer
			img := image.NewRGBA(image.Rect(0, 0, 3+i, 5))
			img.Set(i%3, 2, color.RGBA{uint8(i * 6), 200, 7, 255})
			if err := png.Encode(&b, img); err != nil {
				t.Fatal(err)
			}
			path := []string{"null", `"images/x,y.png"`}[i%2]
			picture = fmt.Sprintf(`{"bytes":"%s","path":%s}`, base64.StdEncoding.EncodeToString(b.Bytes()), path)
			blob = fmt.Sprintf(`"%s"`, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0, 255, byte(i)}, i*i)))
		}
		rows = append(rows, fmt.Sprintf(
			`{"run":"run %d","step":%d,"left":[%s],"right":[%s],"count":[%s],"maybe":%s,"shape":%s,"words":%s,"series":%s,"image":%s,"blob":%s}`,
			i/9, i*10, list, list, strings.Join(counts, ","),
			[]string{"null", "[]", "[null]", "[1.5,null,-2e300]"}[i%4],
			[]string{"[]", "[3]", "[-4503599627370496,4503599627370497]"}[i%3],
			[]string{`["a","\"b\",\n"]`, "[]", `[null,""]`, "null", `["é"]`}[i%5],
			[]string{"[]", `[{"value":"a","lower":null,"upper":"c"},{"value":null,"lower":null,"upper":null}]`, "null"}[i%3],
			picture, blob))
	}
	return rows
}

// An encoder is what all formats have.
type encoder interface {
	Encode(arrow.Record) error
	Close() error
}

func writeFile(t *testing.T, path string, recs []arrow.Record, make func(io.Writer) (encoder, error)) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := make(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range recs {
		if err := e.Encode(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPeersReadNestedColumns: pyarrow, pandas, polars, DuckDB and Hugging Face's datasets read what the encoders make
// of nested columns.
func TestPeersReadNestedColumns(t *testing.T) {
	python := peers.Python(t, peers.Readers)
	schema, rows := nestedSchema(), nestedRows(t)
	var recs []arrow.Record
	for _, part := range [][]string{rows[:25], rows[25:]} {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for _, row := range part {
			if err := b.UnmarshalJSON([]byte(row)); err != nil {
				t.Fatal(err)
			}
		}
		recs = append(recs, b.NewRecord())
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "truth.jsonl"), []byte(strings.Join(rows, "\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func(io.Writer) (encoder, error){
		"zstd.parquet": func(w io.Writer) (encoder, error) { return parquet.New(w, schema, parquet.Options{}) },
		"snappy.parquet": func(w io.Writer) (encoder, error) {
			return parquet.New(w, schema, parquet.Options{Compression: parquet.Snappy})
		},
		"split.parquet": func(w io.Writer) (encoder, error) { return parquet.New(w, schema, parquet.Options{SplitFloats: true}) },
		"x.arrows":      func(w io.Writer) (encoder, error) { return arrowipc.New(w, schema, arrowipc.Options{}) },
		"x.arrow":       func(w io.Writer) (encoder, error) { return arrowipc.New(w, schema, arrowipc.Options{File: true}) },
		"x.csv":         func(w io.Writer) (encoder, error) { return csv.New(w, schema, csv.Options{}) },
		"x.jsonl":       func(w io.Writer) (encoder, error) { return jsonl.New(w, schema, jsonl.Options{}) },
		"inline.jsonl":  func(w io.Writer) (encoder, error) { return jsonl.New(w, schema, jsonl.Options{Inline: true}) },
	} {
		writeFile(t, filepath.Join(dir, name), recs, make)
	}
	script := filepath.Join(peers.Root(t), "testdata", "peers", "nested.py")
	cmd := exec.Command(python, "-P", script, dir)
	cmd.Env = append(os.Environ(), "HF_HOME="+t.TempDir(), "HF_HUB_OFFLINE=1", "HF_DATASETS_OFFLINE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
