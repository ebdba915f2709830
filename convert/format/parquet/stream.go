package parquet

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/metadata"
)

// smallBlob is the size below which values are gathered before they are written.
const smallBlob = 64 << 10

// blobs are the values of a binary leaf that are there.
type blobs struct {
	column *array.Binary
	rows   []int // of the values in the column
}

// fit returns how many values from the given one on make a full page, though there may be fewer.
func (b blobs) fit(from int) int {
	size := 0
	for n, row := range b.rows[from:] {
		if size += 4 + b.column.ValueLen(row); n == pageRows || n > 0 && size > pageBytes {
			return n
		}
	}
	return pageRows
}

// stream writes the chunk of a binary leaf straight to the file and completes its metadata: pictures and sound do not
// compress again, and are the one thing that is too large to be copied about.
func (e *chunkEncoder) stream(
	c *chunk, column arrow.Array, meta *metadata.ColumnChunkMetaDataBuilder, l *leaf, out *countingWriter,
) error {
	s, start := &e.shredder, out.n
	if err := s.shred(column, l); err != nil {
		return err
	}
	e.scratch.rows = collect(cells{s.values, s.spans}, e.scratch.rows[:0], func(i int) int { return i })
	b := blobs{s.values.(*array.Binary), e.scratch.rows}
	*c = chunk{encoding: l.encoding, values: int64(len(s.def))}
	var stats metadata.EncodedStatistics
	stats.SetNullCount(int64(len(s.def) - len(b.rows)))
	meta.SetStats(stats)
	for level, value := 0, 0; level < len(s.def); {
		to, present := s.pageEnd(level, b.fit(value))
		if err := e.streamPage(out, b, level, to, value, value+present); err != nil {
			return err
		}
		c.dataPages++
		level, value = to, value+present
	}
	c.uncompressed = out.n - start
	return c.finish(start, out.n-start, meta)
}

// streamPage writes the page of the levels in [level, levelEnd) and the values in [value, valueEnd).
func (e *chunkEncoder) streamPage(out *countingWriter, b blobs, level, levelEnd, value, valueEnd int) error {
	e.packed = e.shredder.appendLevels(e.packed[:0], level, levelEnd)
	size := len(e.packed)
	for _, row := range b.rows[value:valueEnd] {
		size += 4 + b.column.ValueLen(row)
	}
	if size > math.MaxInt32 {
		return fmt.Errorf("a value of %d bytes is too large for a page", size)
	}
	e.page = appendPageHeader(e.page[:0], size, levelEnd-level)
	e.page = append(e.page, e.packed...)
	for _, row := range b.rows[value:valueEnd] {
		blob := b.column.Value(row)
		e.page = binary.LittleEndian.AppendUint32(e.page, uint32(len(blob)))
		if len(blob) < smallBlob {
			e.page = append(e.page, blob...)
			continue
		}
		for _, part := range [][]byte{e.page, blob} {
			if _, err := out.Write(part); err != nil {
				return err
			}
		}
		e.page = e.page[:0]
	}
	_, err := out.Write(e.page)
	return err
}

// appendPageHeader appends the header of an uncompressed data page of version 1, plain: a PageHeader of parquet.thrift
// in Thrift's compact protocol. arrow writes headers only together with the page in one piece of memory.
func appendPageHeader(dst []byte, size, levels int) []byte {
	const next, i32, structure, dataPage = 1 << 4, 5, 12, 0
	field := func(v int) {
		dst = binary.AppendVarint(append(dst, next|i32), int64(v)) // Varint is zigzag, as Thrift's i32
	}
	field(dataPage)
	field(size) // without compression
	field(size) // with it
	dst = append(dst, 2*next|structure)
	field(levels)
	field(int(parquet.Encodings.Plain))
	field(int(parquet.Encodings.RLE))
	field(int(parquet.Encodings.RLE))
	return append(dst, 0, 0) // the ends of both structures
}
