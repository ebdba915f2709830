package parquet

import (
	"sort"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// RowGroupPayload is how many bytes of values a row group has at most, where records have nested or binary columns; one
// row may have more. So what a reader must hold is bounded, whatever a row is.
const RowGroupPayload = 64 << 20

// hugePayload is how many bytes of values a record may have that is encoded while the next one is made.
const hugePayload = 32 << 20

// isHuge reports whether a record is one that should not be in memory together with another.
func isHuge(rec arrow.Record) bool {
	size := 0
	for _, column := range rec.Columns() {
		size += payload(column, 0, int(rec.NumRows()))
	}
	return size > hugePayload
}

// payloadEnd returns where a row group ends that begins at a row of a record: after at most limit bytes of values, and
// at least one row.
func payloadEnd(rec arrow.Record, from, limit int) int {
	rows := int(rec.NumRows()) - from
	return from + max(1, sort.Search(rows, func(n int) bool {
		size := 0
		for _, column := range rec.Columns() {
			size += payload(column, from, from+n+1)
		}
		return size > limit
	}))
}

// payload returns how many bytes the values of an array in [from, to) have.
func payload(a arrow.Array, from, to int) int {
	if from == to {
		return 0
	}
	switch a := a.(type) {
	case *array.List:
		first, _ := a.ValueOffsets(from)
		_, last := a.ValueOffsets(to - 1)
		return payload(a.ListValues(), int(first), int(last))
	case *array.Struct:
		size := 0
		for i := range a.NumField() {
			size += payload(a.Field(i), from, to)
		}
		return size
	case *array.Binary:
		return a.ValueOffset(to-1) + a.ValueLen(to-1) - a.ValueOffset(from)
	case *array.String:
		return a.ValueOffset(to) - a.ValueOffset(from)
	}
	if t, ok := a.DataType().(arrow.FixedWidthDataType); ok {
		return t.BitWidth() * (to - from) / 8
	}
	return 0
}
