package parquet

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A page in parts is the page, whatever came before it.
func TestPartsCompressor(t *testing.T) {
	decoders := map[Compression]func([]byte) ([]byte, error){
		Zstd: func(b []byte) ([]byte, error) {
			r, err := zstd.NewReader(bytes.NewReader(b))
			if err != nil {
				return nil, err
			}
			defer r.Close()
			return io.ReadAll(r)
		},
		Gzip: func(b []byte) ([]byte, error) {
			r, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				return nil, err
			}
			return io.ReadAll(r)
		},
		None: func(b []byte) ([]byte, error) { return b, nil },
	}
	for compression, decode := range decoders {
		compress := compression.partsCompressor()
		for n := range 3 {
			parts := [][]byte{{1, 0, 0, byte(n)}, bytes.Repeat([]byte(fmt.Sprint("a text, ", n)), 1<<18)}
			packed, err := compress([]byte("before"), parts...)
			if err != nil {
				t.Fatalf("%s: %v", compression, err)
			}
			rest, ok := bytes.CutPrefix(packed, []byte("before"))
			if got, err := decode(rest); !ok || err != nil || !bytes.Equal(got, bytes.Join(parts, nil)) {
				t.Errorf("%s: page %d is not what was compressed: %v", compression, n, err)
			}
		}
	}
	if Snappy.partsCompressor() != nil {
		t.Error("snappy compresses pages in parts")
	}
}

// A string that is too large to be copied about is read as any other, beside nulls too.
func TestHugeStrings(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "text", Type: arrow.BinaryTypes.String}, {Name: "maybe", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	huge := strings.Repeat("0123456789abcdef", hugePayload/16) + "!"
	texts, maybe := []string{"small", huge, "", huge}, []string{huge, "null", "small", huge}
	for i := range texts {
		b.Field(0).(*array.StringBuilder).Append(texts[i])
		if maybe[i] == "null" {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.StringBuilder).Append(maybe[i])
		}
	}
	record := b.NewRecord()
	defer record.Release()
	for _, compression := range []Compression{Zstd, Snappy, Gzip, None} {
		r := open(t, encode(t, Options{Compression: compression}, record))
		for i, want := range [][]string{texts, maybe} {
			if got := readColumn(t, r, i); !slices.Equal(got, want) {
				t.Errorf("%s: column %d is not read as it was written", compression, i)
			}
		}
	}
}
