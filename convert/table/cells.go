package table

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
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

// hex256 is the SHA-256 of bytes, in hexadecimal digits.
func hex256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func appendNumbers(b array.Builder, x []float64) {
	l := b.(*array.ListBuilder)
	if x == nil {
		l.AppendNull()
		return
	}
	l.Append(true)
	l.ValueBuilder().(*array.Float64Builder).AppendValues(x, nil)
}

func appendShape(b array.Builder, x []int64) {
	l := b.(*array.ListBuilder)
	l.Append(true)
	l.ValueBuilder().(*array.Int64Builder).AppendValues(x, nil)
}

func appendTexts(b array.Builder, x []string) {
	l := b.(*array.ListBuilder)
	if x == nil {
		l.AppendNull()
		return
	}
	l.Append(true)
	l.ValueBuilder().(*array.StringBuilder).AppendValues(x, nil)
}

// appendText appends a text; an empty one is null.
func appendText(b array.Builder, s string) {
	if s == "" {
		b.AppendNull()
		return
	}
	b.(*array.StringBuilder).Append(s)
}

func appendString(b array.Builder, s string)    { b.(*array.StringBuilder).Append(s) }
func appendInt32(b array.Builder, x int32)      { b.(*array.Int32Builder).Append(x) }
func appendInt64(b array.Builder, x int64)      { b.(*array.Int64Builder).Append(x) }
func appendFloat64(b array.Builder, x float64)  { b.(*array.Float64Builder).Append(x) }
func appendBytes(b array.Builder, bytes []byte) { b.(*array.BinaryBuilder).Append(bytes) }

// appendBlob appends bytes, and the path of the file that they are in, which is
// empty where they are in none.
func appendBlob(b array.Builder, bytes []byte, path string) {
	s := b.(*array.StructBuilder)
	s.Append(true)
	s.FieldBuilder(0).(*array.BinaryBuilder).Append(bytes)
	appendText(s.FieldBuilder(1), path)
}
