package parquet

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/file"
	"github.com/apache/arrow/go/v15/parquet/metadata"
)

const (
	pageRows  = 1 << 17 // 1 MiB of 8-byte values
	pageBytes = 1 << 20 // of strings; one string may be longer

	// dictionaryLevel is the level of the compressions that have one for dictionary pages, which arrow compresses.
	dictionaryLevel = 1
)

func columnError(name string, err error) error { return fmt.Errorf("column %s: %w", name, err) }

// A chunk is one column of one row group, encoded.
type chunk struct {
	pages        chunkBuffer
	values       int64 // rows, that is: nulls count; in lists every element and every empty list
	dictionary   bool  // the first page is a dictionary
	data         int64 // where the data pages begin, from the start of the chunk
	uncompressed int64 // what the chunk would be without compression
	encoding     parquet.Encoding
	dataPages    int32
}

// write appends the chunk to the file and completes its metadata.
func (c *chunk) write(out *countingWriter, meta *metadata.ColumnChunkMetaDataBuilder) error {
	start := out.n
	if _, err := out.Write(c.pages.bytes); err != nil {
		return err
	}
	return c.finish(start, out.n-start, meta)
}

// finish completes the metadata of a chunk that is in the file.
func (c *chunk) finish(start, size int64, meta *metadata.ColumnChunkMetaDataBuilder) error {
	info := metadata.ChunkMetaInfo{
		NumValues:        c.values,
		IndexPageOffset:  -1,
		DataPageOffset:   start + c.data,
		CompressedSize:   size,
		UncompressedSize: c.uncompressed,
	}
	stats := metadata.EncodingStats{DataEncodingStats: map[parquet.Encoding]int32{c.encoding: c.dataPages}}
	if c.dictionary {
		info.DictPageOffset = start
		stats.DictEncodingStats = map[parquet.Encoding]int32{parquet.Encodings.Plain: 1}
	}
	return meta.Finish(info, c.dictionary, false, stats, nil)
}

// A chunkEncoder encodes columns, one after the other. It belongs to one goroutine.
type chunkEncoder struct {
	schema   *fileSchema
	compress compressor
	parts    partsCompressor // nil: there is none
	numbers  numberCompressor
	scratch  scratch
	shredder shredder
	page     []byte
	packed   []byte
}

func newChunkEncoder(l *fileSchema) *chunkEncoder {
	return &chunkEncoder{schema: l, compress: l.compression.compressor(), parts: l.compression.partsCompressor()}
}

// shrink gives up the memory that only huge values need. The strings are not kept from the collector either.
func (e *chunkEncoder) shrink() {
	e.page, e.packed = kept(e.page), kept(e.packed)
	clear(e.scratch.utf8s)
}

// encode fills c with the pages of a leaf and sets the statistics in its metadata.
func (e *chunkEncoder) encode(c *chunk, column arrow.Array, meta *metadata.ColumnChunkMetaDataBuilder, l *leaf) error {
	if !l.flat() {
		return e.encodeNested(c, column, meta, l)
	}
	nullable := l.maxDef > 0
	if !nullable && column.NullN() > 0 {
		return fmt.Errorf("%d nulls where the schema allows none", column.NullN())
	}
	v, pager, err := e.begin(c, cells{Array: column}, meta, l)
	if err != nil {
		return err
	}
	c.values = int64(column.Len())
	meta.SetStats(statistics(v, column.NullN(), l))
	return e.writePages(c, pager, column, v, nullable)
}

// begin gets the values of a leaf and, if they have one, writes their dictionary.
func (e *chunkEncoder) begin(
	c *chunk, of cells, meta *metadata.ColumnChunkMetaDataBuilder, l *leaf,
) (values, file.PageWriter, error) {
	v, err := e.scratch.values(of, l.encoding)
	if err != nil {
		return nil, nil, err
	}
	*c = chunk{pages: chunkBuffer{bytes: c.pages.bytes[:0]}, encoding: l.encoding}
	codec, mem := e.schema.compression.codec(), memory.DefaultAllocator
	pager, err := file.NewPageWriter(&c.pages, codec, dictionaryLevel, meta, 0, 0, mem, false, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	if d, ok := v.(*dictionary); ok {
		err = e.writeDictionary(c, pager, d)
	}
	return v, pager, err
}

// encodeNested is encode for a leaf in lists or structs. Its pages begin with a row each, and take about as many values
// as others do and the rest of a row.
func (e *chunkEncoder) encodeNested(
	c *chunk, column arrow.Array, meta *metadata.ColumnChunkMetaDataBuilder, l *leaf,
) error {
	s := &e.shredder
	if err := s.shred(column, l); err != nil {
		return err
	}
	v, pager, err := e.begin(c, cells{s.values, s.spans}, meta, l)
	if err != nil {
		return err
	}
	c.values = int64(len(s.def))
	meta.SetStats(statistics(v, len(s.def)-s.count(), l))
	for level, value := 0, 0; level < len(s.def); {
		to, present := s.pageEnd(level, v.fit(value))
		e.page = v.appendPage(s.appendLevels(e.page[:0], level, to), value, value+present)
		if e.packed, err = e.compress(e.packed[:0], e.page); err != nil {
			return err
		}
		if err := c.writePage(pager, e.packed, to-level, len(e.page)); err != nil {
			return err
		}
		level, value = to, value+present
	}
	return nil
}

func (e *chunkEncoder) writeDictionary(c *chunk, pager file.PageWriter, d *dictionary) error {
	e.page = d.appendStrings(e.page[:0])
	page := file.NewDictionaryPage(memory.NewBufferBytes(e.page), int32(len(d.strings)), parquet.Encodings.Plain)
	defer page.Release()
	if _, err := pager.WriteDictionaryPage(page); err != nil {
		return err
	}
	c.dictionary, c.data = true, c.pages.Tell()
	c.uncompressed = int64(len(e.page)) // and a header of some bytes, which the pager does not tell apart
	return nil
}

// writePages cuts the rows into pages.
func (e *chunkEncoder) writePages(c *chunk, pager file.PageWriter, column arrow.Array, v values,
	nullable bool) (err error) {
	for row, value := 0, 0; row < column.Len(); {
		rows, present := pageEnd(column, row, v.fit(value))
		e.page = e.page[:0]
		if nullable {
			e.page = e.scratch.appendLevels(e.page, column, row, row+rows)
		}
		size := 0
		if huge := hugeText(v, value, present); huge != "" && e.parts != nil {
			e.page = binary.LittleEndian.AppendUint32(e.page, uint32(len(huge)))
			size = len(e.page) + len(huge)
			e.packed, err = e.parts(e.packed[:0], e.page, unsafe.Slice(unsafe.StringData(huge), len(huge)))
		} else {
			e.page = v.appendPage(e.page, value, value+present)
			size = len(e.page)
			e.packed, err = e.pack(e.packed[:0], v, nullable)
		}
		if err != nil {
			return err
		}
		if err := c.writePage(pager, e.packed, rows, size); err != nil {
			return err
		}
		row, value = row+rows, value+present
	}
	return nil
}

// hugeText gives the one string of a page, where it is too large to be copied about; else "".
func hugeText(v values, value, present int) string {
	if s, ok := v.(utf8s); ok && present == 1 && len(s[value]) > hugePayload {
		return s[value]
	}
	return ""
}

// pack appends the page, compressed. Levels, where there are any, stand in front of its numbers.
func (e *chunkEncoder) pack(dst []byte, v values, nullable bool) ([]byte, error) {
	if _, ok := v.(floats); ok && !nullable && e.schema.compression == Zstd {
		return e.numbers.compress(dst, e.page), nil
	}
	return e.compress(dst, e.page)
}

// pageEnd returns how many rows from row on make a page of at most limit values, and how many of them are not null.
func pageEnd(column arrow.Array, row, limit int) (rows, present int) {
	left := column.Len() - row
	if column.NullN() == 0 {
		rows = min(left, limit)
		return rows, rows
	}
	for rows < min(left, pageRows) {
		if column.IsValid(row + rows) {
			if present == limit {
				break
			}
			present++
		}
		rows++
	}
	return rows, present
}

func (c *chunk) writePage(pager file.PageWriter, packed []byte, rows, size int) error {
	page := file.NewDataPageV1(memory.NewBufferBytes(packed), int32(rows), c.encoding, parquet.Encodings.RLE,
		parquet.Encodings.RLE, int32(size))
	defer page.Release()
	written, err := pager.WriteDataPage(page)
	header := int(written) - len(packed)
	c.uncompressed += int64(size + header)
	c.dataPages++
	return err
}
