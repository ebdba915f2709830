package parquet

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet/compress"
	"github.com/apache/arrow/go/v15/parquet/file"

	"tbexport/convert/format/recordtest"
)

// TestArbitraryRecordsReadBack: whatever columns records have, arrow's reader finds in the file what went into it.
func TestArbitraryRecordsReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		data := make([]byte, random.IntN(3000))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		sameRows(t, data)
	}
}

func sameRows(t *testing.T, data []byte) {
	t.Helper()
	recs := recordtest.Arbitrary(data)
	var c byte
	if len(data) > 0 {
		c = data[len(data)-1]
	}
	file := encode(t, Options{Compression: Compression(c % 4)}, recs...)
	if got, want := readRows(t, open(t, file), recs[0].Schema()), recordtest.Rows(recs...); !slices.Equal(got, want) {
		t.Fatalf("%s\n%q, want\n%q", recs[0].Schema(), got, want)
	}
}

// FuzzFile holds whole files of arbitrary records to arrow's reader.
func FuzzFile(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x02\x00\x07\x01\x03\x00\x08\x02\x00\x02\x01\x03\x00\x07some text to make values of, and some more of it"))
	f.Fuzz(func(t *testing.T, data []byte) { sameRows(t, data) })
}

// lists is a record of one column of lists of float64, of given lengths; -1 is null.
func lists(lengths ...int) arrow.Record {
	field := arrow.Field{Name: "x", Type: recordtest.List(arrow.PrimitiveTypes.Float64, false), Nullable: true}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{field}, nil))
	defer b.Release()
	l := b.Field(0).(*array.ListBuilder)
	for _, n := range lengths {
		l.Append(n >= 0)
		for i := range n {
			l.ValueBuilder().(*array.Float64Builder).Append(float64(i) / 3)
		}
	}
	return b.NewRecord()
}

// pages returns how many levels the pages of a column have.
func pages(t *testing.T, r *file.Reader, column int) (levels []int32) {
	t.Helper()
	for g := range r.NumRowGroups() {
		p, err := r.RowGroup(g).GetColumnPageReader(column)
		if err != nil {
			t.Fatal(err)
		}
		for p.Next() {
			levels = append(levels, p.Page().NumValues())
		}
		if p.Err() != nil {
			t.Fatal(p.Err())
		}
	}
	return levels
}

// TestPagesBeginWithARow: pages end before a row begins, once they are full.
func TestPagesBeginWithARow(t *testing.T) {
	rec := lists(pageRows-1, 0, -1, 3*pageRows, 5, pageRows-5, 1)
	for _, o := range []Options{{}, {Compression: None}} {
		r := open(t, encode(t, o, rec))
		if got, want := readRows(t, r, rec.Schema()), recordtest.Rows(rec); !slices.Equal(got, want) {
			t.Error("other rows")
		}
		// The empty list and the null make the first page full.
		if got := pages(t, r, 0); !slices.Equal(got, []int32{pageRows, 1 + 3*pageRows, pageRows, 1}) {
			t.Errorf("%v", got)
		}
	}
}

// pictures makes a record of pictures of given sizes as Hugging Face's datasets want them; -1 is null.
func pictures(sizes ...int) arrow.Record {
	image := arrow.StructOf(
		arrow.Field{Name: "bytes", Type: arrow.BinaryTypes.Binary, Nullable: true},
		arrow.Field{Name: "path", Type: arrow.BinaryTypes.String, Nullable: true},
	)
	huggingface := arrow.NewMetadata([]string{"huggingface"}, []string{`{"info":{"features":{"image":{"_type":"Image"}}}}`})
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "step", Type: arrow.PrimitiveTypes.Int64}, {Name: "image", Type: image, Nullable: true},
	}, &huggingface)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for row, n := range sizes {
		b.Field(0).(*array.Int64Builder).Append(int64(row))
		s := b.Field(1).(*array.StructBuilder)
		if n < 0 {
			s.AppendNull()
			continue
		}
		s.Append(true)
		s.FieldBuilder(0).(*array.BinaryBuilder).Append(bytes.Repeat([]byte{byte(row)}, n))
		s.FieldBuilder(1).AppendNull()
	}
	return b.NewRecord()
}

// TestBlobs: pages of pictures are small, plain, without bounds; and the schema's metadata is the file's.
func TestBlobs(t *testing.T) {
	rec := pictures(10, 2<<20, 0, -1, 600_000, 600_000, 3<<20, smallBlob, smallBlob-1, 1)
	out := encode(t, Options{}, rec)
	r := open(t, out)
	if got, want := readRows(t, r, rec.Schema()), recordtest.Rows(rec); !slices.Equal(got, want) {
		t.Error("other rows")
	}
	if got := pages(t, r, 1); !slices.Equal(got, []int32{1, 1, 3, 1, 1, 3}) {
		t.Errorf("levels of the pages: %v", got)
	}
	chunk, err := r.MetaData().RowGroup(0).ColumnChunk(1)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := chunk.Statistics()
	if err != nil || stats.HasMinMax() || stats.NullCount() != 1 {
		t.Errorf("statistics %v, %v", stats, err)
	}
	if c := chunk.Compression(); c != compress.Codecs.Uncompressed || chunk.TotalCompressedSize() != chunk.TotalUncompressedSize() || chunk.HasDictionaryPage() {
		t.Error(c, chunk.TotalCompressedSize(), chunk.TotalUncompressedSize())
	}
	if v := r.MetaData().KeyValueMetadata().FindValue("huggingface"); v == nil || *v != `{"info":{"features":{"image":{"_type":"Image"}}}}` {
		t.Error("no huggingface key")
	}
	if !bytes.Equal(out, encode(t, Options{Workers: 1}, rec)) {
		t.Error("other bytes with one worker")
	}
}

// TestRowGroupsEndByPayload: a row group has RowGroupPayload bytes, or one row.
func TestRowGroupsEndByPayload(t *testing.T) {
	const mib = 1 << 20
	rec := pictures(30*mib, 30*mib, 10*mib, -1, 70*mib, 1, 2)
	r := open(t, encode(t, Options{}, rec))
	var rows []int64
	for g := range r.NumRowGroups() {
		rows = append(rows, r.MetaData().RowGroup(g).NumRows())
	}
	if !slices.Equal(rows, []int64{2, 2, 1, 2}) {
		t.Errorf("rows of the row groups: %v", rows)
	}
	if got, want := readRows(t, r, rec.Schema()), recordtest.Rows(rec); !slices.Equal(got, want) {
		t.Error("other rows")
	}
}

// TestNullsInsideAreRefused: below present parents. Below absent ones they are nobody's.
func TestNullsInsideAreRefused(t *testing.T) {
	child := arrow.Field{Name: "value", Type: arrow.PrimitiveTypes.Int64}
	inside := arrow.StructOf(child)
	for _, c := range []struct {
		what    string
		field   arrow.Field
		build   func(b array.Builder)
		refused bool
	}{
		{"a list's element", arrow.Field{Type: recordtest.List(child.Type, false)}, func(b array.Builder) {
			b.(*array.ListBuilder).Append(true)
			b.(*array.ListBuilder).ValueBuilder().AppendNull()
		}, true},
		{"a struct's child", arrow.Field{Type: inside, Nullable: true}, func(b array.Builder) {
			b.(*array.StructBuilder).Append(true)
			b.(*array.StructBuilder).FieldBuilder(0).AppendNull()
		}, true},
		{"a child of a list's struct", arrow.Field{Type: recordtest.List(inside, true), Nullable: true}, func(b array.Builder) {
			b.(*array.ListBuilder).Append(true)
			s := b.(*array.ListBuilder).ValueBuilder().(*array.StructBuilder)
			s.Append(true)
			s.FieldBuilder(0).AppendNull()
		}, true},
		{"a required list", arrow.Field{Type: recordtest.List(child.Type, true)}, func(b array.Builder) { b.AppendNull() }, true},
		{"a required blob", arrow.Field{Type: arrow.BinaryTypes.Binary}, func(b array.Builder) { b.AppendNull() }, true},
		{"a child of an absent struct", arrow.Field{Type: inside, Nullable: true}, func(b array.Builder) { b.AppendNull() }, false},
	} {
		c.field.Name = "x"
		b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{c.field}, nil))
		c.build(b.Field(0))
		rec := b.NewRecord()
		var out bytes.Buffer
		e, err := New(&out, rec.Schema(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(e.Encode(rec), e.Close())
		if c.refused && (err == nil || err.Error() != "parquet: column x: a null where the schema allows none") || !c.refused && err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// TestHiddenValues: what an array holds under a null, and outside a slice, is not in the file.
func TestHiddenValues(t *testing.T) {
	whole := lists(3, 4, 2, 5).Column(0).(*array.List)
	valid := memory.NewBufferBytes([]byte{0b1101})
	data := array.NewData(whole.DataType(), 4, []*memory.Buffer{valid, whole.Data().Buffers()[1]}, []arrow.ArrayData{whole.ListValues().Data()}, 1, 0)
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: whole.DataType(), Nullable: true}}, nil)
	rec := array.NewRecord(schema, []arrow.Array{array.NewListData(data)}, 4)
	for _, rec := range []arrow.Record{rec, rec.NewSlice(1, 4), rec.NewSlice(1, 2)} {
		got, want := readRows(t, open(t, encode(t, Options{}, rec)), schema), recordtest.Rows(rec)
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestNestedWriteErrors: wherever the disk is full, the encoder says so.
func TestNestedWriteErrors(t *testing.T) {
	rec := pictures(10, smallBlob, -1, smallBlob+1, 3)
	size := len(encode(t, Options{}, rec))
	for left := 0; left < size; left += 1 + size/3000 {
		want, quiet := errFull, left%2 == 1
		if quiet {
			want = io.ErrShortWrite
		}
		e, err := New(&fullDisk{left, quiet}, rec.Schema(), Options{})
		if err == nil {
			err = errors.Join(e.Encode(rec), e.Close())
		}
		if !errors.Is(err, want) {
			t.Fatalf("%d of %d bytes: %v", left, size, err)
		}
	}
}
