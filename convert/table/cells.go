package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// The types of columns of values. Elements of lists are never null.
func numbersType() arrow.DataType { return arrow.ListOfNonNullable(arrow.PrimitiveTypes.Float64) }
func shapeType() arrow.DataType   { return arrow.ListOfNonNullable(arrow.PrimitiveTypes.Int64) }
func textsType() arrow.DataType   { return arrow.ListOfNonNullable(arrow.BinaryTypes.String) }

// blobType is that of pictures and sound as Hugging Face's datasets has them: the
// bytes, and the path of the file that they are in; null where they are in none.
func blobType() arrow.DataType {
	return arrow.StructOf(
		arrow.Field{Name: "bytes", Type: arrow.BinaryTypes.Binary, Nullable: true},
		arrow.Field{Name: "path", Type: arrow.BinaryTypes.String, Nullable: true},
	)
}

func field(name string, t arrow.DataType) arrow.Field { return arrow.Field{Name: name, Type: t} }

func nullable(name string, t arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: t, Nullable: true}
}

// digestField is a column with the SHA-256 of the blobs of the column after it, which
// makes it: nothing is appended to it.
func digestField() arrow.Field { return field("sha256", arrow.BinaryTypes.String) }

// textField is the column of a table's texts, which may be huge.
func textField() arrow.Field { return field("text", arrow.BinaryTypes.String) }

// builder makes a column.
type builder interface {
	AppendNull()
	// NewArray gives the rows so far, and begins anew.
	NewArray() arrow.Array
}

// columnMemory is the memory of columns. A column that is done keeps its memory where
// arrow would copy it to a piece of its exact size.
type columnMemory struct{ memory.GoAllocator }

// Reallocate gives the same memory where that has room.
func (m *columnMemory) Reallocate(size int, b []byte) []byte {
	if size > cap(b) {
		return m.GoAllocator.Reallocate(size, b)
	}
	if size > len(b) {
		clear(b[len(b):size])
	}
	return b[:size]
}

// newColumns makes the builders of columns. In silent ones, blobs and texts are not kept.
func newColumns(fields []arrow.Field, silent bool) []builder {
	columns := make([]builder, len(fields))
	for i, f := range fields {
		switch {
		case f.Equal(textField()):
			columns[i] = newTexts(silent)
		case arrow.TypeEqual(f.Type, blobType()):
			b := newBlobs(silent)
			if columns[i] = b; i > 0 && fields[i-1].Equal(digestField()) {
				columns[i-1] = &digests{b}
			}
		default:
			columns[i] = array.NewBuilder(new(columnMemory), f.Type)
		}
	}
	return columns
}

func appendNumbers(b builder, x []float64) {
	l := b.(*array.ListBuilder)
	if x == nil {
		l.AppendNull()
		return
	}
	l.Append(true)
	l.ValueBuilder().(*array.Float64Builder).AppendValues(x, nil)
}

func appendShape(b builder, x []int64) {
	l := b.(*array.ListBuilder)
	l.Append(true)
	l.ValueBuilder().(*array.Int64Builder).AppendValues(x, nil)
}

func appendTexts(b builder, x []string) {
	l := b.(*array.ListBuilder)
	if x == nil {
		l.AppendNull()
		return
	}
	l.Append(true)
	l.ValueBuilder().(*array.StringBuilder).AppendValues(x, nil)
}

// appendText appends a text; an empty one is null.
func appendText(b builder, s string) {
	if s == "" {
		b.AppendNull()
		return
	}
	b.(*array.StringBuilder).Append(s)
}

func appendString(b builder, s string)    { b.(*array.StringBuilder).Append(s) }
func appendInt32(b builder, x int32)      { b.(*array.Int32Builder).Append(x) }
func appendInt64(b builder, x int64)      { b.(*array.Int64Builder).Append(x) }
func appendFloat64(b builder, x float64)  { b.(*array.Float64Builder).Append(x) }
func appendBytes(b builder, bytes []byte) { b.(*array.BinaryBuilder).Append(bytes) }

// appendBlob appends bytes, and the path of the file that they are in, which is
// empty where they are in none.
func appendBlob(b builder, bytes []byte, path string) { b.(*blobs).append(bytes, path) }
