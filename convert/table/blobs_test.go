package table

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/array"
)

// TestBlobs builds records of blobs whose memory comes back at different times.
func TestBlobs(t *testing.T) {
	b := newBlobs(false)
	d := &digests{b}
	blob := func(record, row int) []byte { return bytes.Repeat([]byte{byte(record), byte(row)}, row*5000) }
	const rows = 40
	var open []*array.Struct
	for record := range 12 {
		for row := range rows {
			if row == 7 {
				b.AppendNull()
				continue
			}
			b.append(blob(record, row), []string{"", "a/b"}[row%2])
		}
		sums, column := d.NewArray().(*array.String), b.NewArray().(*array.Struct)
		for row := range rows {
			want := blob(record, row)
			if row == 7 {
				want = nil
			}
			if got, sum := sums.Value(row), fmt.Sprintf("%x", sha256.Sum256(want)); got != sum {
				t.Errorf("record %d, row %d: SHA-256 %s, not %s", record, row, got, sum)
			}
		}
		sums.Release()
		if open = append(open, column); len(open) > record%4 {
			checkBlobs(t, open[0], record+1-len(open), rows, blob)
			open[0].Release()
			open = open[1:]
		}
	}
	if len(b.free) == 0 {
		t.Error("no memory came back")
	}
}

func checkBlobs(t *testing.T, column *array.Struct, record, rows int, blob func(record, row int) []byte) {
	t.Helper()
	if column.Len() != rows {
		t.Fatalf("record %d: %d rows", record, column.Len())
	}
	values, paths := column.Field(0).(*array.Binary), column.Field(1).(*array.String)
	for row := range rows {
		want, path := blob(record, row), "a/b"
		if row == 7 {
			want = nil
		}
		if row%2 == 0 || row == 7 {
			path = ""
		}
		if !bytes.Equal(values.Value(row), want) || paths.IsNull(row) != (path == "") || !paths.IsNull(row) && paths.Value(row) != path {
			t.Errorf("record %d, row %d: %d bytes in %q", record, row, len(values.Value(row)), paths.Value(row))
		}
	}
}
