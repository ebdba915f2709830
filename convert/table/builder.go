package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
)

// firstRows is the capacity that a builder starts with: a run of few points should not cost a row group's memory.
const firstRows = 4096

// maxNames is how many bytes of run and tag names close a record to further series: some logs have one tag a point.
const maxNames = 64 << 20

// A ScalarsBuilder collects points into records of the scalars table.
//
// Its buffers grow to the rows it is given, up to the maximum, and come back to it when a record is released, from
// whatever goroutine; so a program that keeps n records in flight uses n+1 sets of buffers however much it writes.
// The builder itself is for one goroutine.
type ScalarsBuilder struct {
	options    ScalarsOptions
	schema     *arrow.Schema
	maxRows    int
	rows       int
	capacity   int   // rows that the last buffers had room for
	nulls      int   // null wall times in the record under construction
	unplaced   int64 // null wall times since the builder was made
	runs, tags dictionary
	buffers    *buffers
	free       freeList
}

// NewScalarsBuilder returns an empty builder of records of at most maxRows rows. It panics if maxRows is not positive.
func NewScalarsBuilder(o ScalarsOptions, maxRows int) *ScalarsBuilder {
	if maxRows <= 0 {
		panic("table: a record needs room for at least one row")
	}
	b := &ScalarsBuilder{options: o, schema: ScalarsSchema(o), maxRows: maxRows, free: make(freeList, freeSets)}
	b.runs.reset()
	b.tags.reset()
	return b
}

// Append copies as many of the points as still fit, from the first, and returns how many that were. When it returns
// fewer than there are, take the Record and append the rest.
func (b *ScalarsBuilder) Append(p Points) (n int) {
	n = min(len(p.Steps), b.maxRows-b.rows)
	if n == 0 || b.rows > 0 && len(b.runs.bytes)+len(b.tags.bytes) > maxNames {
		return 0
	}
	b.grow(b.rows + n)
	from, to := b.rows, b.rows+n
	if !b.options.NoRun {
		fill(b.buffers.run[from:to], b.runs.index(p.Run))
	}
	fill(b.buffers.tag[from:to], b.tags.index(p.Tag))
	copy(b.buffers.step[from:to], p.Steps)
	b.appendWallTimes(p.WallTimes[:n])
	copy(b.buffers.value[from:to], p.Values[:n])
	if b.options.RelativeTime {
		for i, t := range p.WallTimes[:n] {
			b.buffers.relative[from+i] = t - p.Origin
		}
	}
	b.rows = to
	return n
}

// appendWallTimes stores the wall times after the rows so far, as seconds or as timestamps with their validity bits.
func (b *ScalarsBuilder) appendWallTimes(seconds []float64) {
	if !b.options.Timestamp {
		copy(b.buffers.wallTime[b.rows:], seconds)
		return
	}
	for i, s := range seconds {
		micros, ok := Micros(s)
		if !ok {
			b.nulls++
			b.unplaced++
		}
		b.buffers.timestamp[b.rows+i] = micros
		bitutil.SetBitTo(b.buffers.valid, b.rows+i, ok)
	}
}

// Rows returns the number of rows of the record under construction.
func (b *ScalarsBuilder) Rows() int { return b.rows }

// NullWallTimes returns how many wall times no timestamp can say, and are null, since the builder was made. It is 0
// without ScalarsOptions.Timestamp.
func (b *ScalarsBuilder) NullWallTimes() int64 { return b.unplaced }

// Record returns the rows so far as one record and leaves the builder empty. The record has its own dictionaries. The
// caller releases it; until then its memory is not used again.
func (b *ScalarsBuilder) Record() arrow.Record {
	b.grow(0)
	n, l := b.rows, newLease(b.buffers, b.free)
	var columns []arrow.Array
	if !b.options.NoRun {
		columns = append(columns, nameColumn(n, nil, 0, l.int32s(b.buffers.run[:n]), b.runs.array()))
	}
	columns = append(columns,
		nameColumn(n, nil, 0, l.int32s(b.buffers.tag[:n]), b.tags.array()),
		column(arrow.PrimitiveTypes.Int64, n, 0, nil, l.int64s(b.buffers.step[:n])))
	if b.options.Timestamp {
		valid := l.bytes(b.buffers.valid[:bitutil.BytesForBits(int64(n))])
		columns = append(columns,
			column(arrow.FixedWidthTypes.Timestamp_us, n, b.nulls, valid, l.int64s(b.buffers.timestamp[:n])))
	} else {
		columns = append(columns, column(arrow.PrimitiveTypes.Float64, n, 0, nil, l.float64s(b.buffers.wallTime[:n])))
	}
	columns = append(columns, column(arrow.PrimitiveTypes.Float64, n, 0, nil, l.float64s(b.buffers.value[:n])))
	if b.options.RelativeTime {
		columns = append(columns, column(arrow.PrimitiveTypes.Float64, n, 0, nil, l.float64s(b.buffers.relative[:n])))
	}
	record := array.NewRecord(b.schema, columns, int64(n))
	for _, c := range columns {
		c.Release()
	}
	b.buffers, b.rows, b.nulls = nil, 0, 0
	b.runs.reset()
	b.tags.reset()
	return record
}

// grow makes room for rows rows, keeping those that are there.
func (b *ScalarsBuilder) grow(rows int) {
	if b.buffers != nil && rows <= b.buffers.rows {
		return
	}
	if b.buffers == nil {
		b.capacity = max(b.capacity, min(b.maxRows, max(rows, firstRows)))
		b.buffers = b.free.get(b.options, b.capacity)
		return
	}
	b.capacity = min(b.maxRows, max(rows, 2*b.buffers.rows))
	larger := newBuffers(b.options, b.capacity)
	larger.copy(b.buffers)
	b.buffers = larger
}
