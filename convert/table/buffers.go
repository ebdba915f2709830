package table

import (
	"sync/atomic"
	"weak"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// buffers are the column buffers of one record of scalars, each with room for the same number of rows. A column that
// the options leave out has none.
type buffers struct {
	rows      int
	run, tag  []int32 // positions in the dictionaries
	step      []int64
	wallTime  []float64
	timestamp []int64 // instead of wallTime, with
	valid     []byte  // one bit a row
	value     []float64
	relative  []float64
}

func newBuffers(o ScalarsOptions, rows int) *buffers {
	b := &buffers{
		rows:  rows,
		tag:   make([]int32, rows),
		step:  make([]int64, rows),
		value: make([]float64, rows),
	}
	if !o.NoRun {
		b.run = make([]int32, rows)
	}
	if o.Timestamp {
		b.timestamp, b.valid = make([]int64, rows), make([]byte, (rows+7)/8)
	} else {
		b.wallTime = make([]float64, rows)
	}
	if o.RelativeTime {
		b.relative = make([]float64, rows)
	}
	return b
}

// copy takes over the rows of a smaller set of the same options.
func (b *buffers) copy(from *buffers) {
	copy(b.run, from.run)
	copy(b.tag, from.tag)
	copy(b.step, from.step)
	copy(b.wallTime, from.wallTime)
	copy(b.timestamp, from.timestamp)
	copy(b.valid, from.valid)
	copy(b.value, from.value)
	copy(b.relative, from.relative)
}

// freeSets is how many sets of buffers wait for use at most: one fills while others are encoded.
const freeSets = 4

// A freeList holds the buffers of released records, unless their memory is wanted for something else meanwhile. It is a
// channel because records are released by any goroutine.
type freeList chan weak.Pointer[buffers]

// get returns buffers with room for rows rows, used ones if there are any that large.
func (f freeList) get(o ScalarsOptions, rows int) *buffers {
	for {
		select {
		case free := <-f:
			if b := free.Value(); b != nil && b.rows >= rows {
				return b
			}
		default:
			return newBuffers(o, rows)
		}
	}
}

// put takes buffers that nothing refers to any more.
func (f freeList) put(b *buffers) {
	select {
	case f <- weak.Make(b):
	default:
	}
}

// A lease is the allocator of the buffers of one record. It allocates nothing: it waits until the last of them is
// released and then returns the set to the free list.
type lease struct {
	set  *buffers
	free freeList
	out  atomic.Int32
}

func newLease(set *buffers, free freeList) *lease { return &lease{set: set, free: free} }

// Allocate is never called: the buffers of a record are not resizable.
func (l *lease) Allocate(size int) []byte { return make([]byte, size) }

// Reallocate is never called either.
func (l *lease) Reallocate(size int, b []byte) []byte {
	return append(make([]byte, 0, size), b...)[:size]
}

// Free counts the buffers of the record that have come back.
func (l *lease) Free([]byte) {
	if l.out.Add(-1) == 0 {
		l.free.put(l.set)
	}
}

func (l *lease) bytes(b []byte) *memory.Buffer {
	l.out.Add(1)
	return memory.NewBufferWithAllocator(b, l)
}

func (l *lease) int32s(v []int32) *memory.Buffer { return l.bytes(arrow.Int32Traits.CastToBytes(v)) }

func (l *lease) int64s(v []int64) *memory.Buffer { return l.bytes(arrow.Int64Traits.CastToBytes(v)) }

func (l *lease) float64s(v []float64) *memory.Buffer {
	return l.bytes(arrow.Float64Traits.CastToBytes(v))
}
