package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// texts builds a column of texts. A huge one is a record's only row, and stands where it
// was read to.
type texts struct {
	*array.StringBuilder
	lent   arrow.Array // the huge one; nil: the rows are in the builder
	silent bool        // there are no rows, whatever is appended
}

func newTexts(silent bool) *texts {
	return &texts{StringBuilder: array.NewStringBuilder(new(columnMemory)), silent: silent}
}

// append appends a text of UTF-8. What closes a record gets no more room than it needs: the
// builder alone would double it.
func (b *texts) append(s []byte) {
	if b.silent {
		return
	}
	if len(s) >= recordPayload {
		b.ReserveData(len(s))
	}
	b.BinaryBuilder.Append(s)
}

// lend makes a text of UTF-8 the one row, without a copy. done is called, from whatever
// goroutine, when nothing refers to it any more.
func (b *texts) lend(s []byte, done func()) {
	offsets := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes([]int32{0, int32(len(s))}))
	values := memory.NewBufferWithAllocator(s, &loan{done: done})
	data := array.NewData(arrow.BinaryTypes.String, 1, []*memory.Buffer{nil, offsets, values}, nil, 0, 0)
	defer data.Release()
	values.Release()
	b.lent = array.NewStringData(data)
}

// NewArray gives the rows so far, and begins anew.
func (b *texts) NewArray() arrow.Array {
	if lent := b.lent; lent != nil {
		b.lent = nil
		return lent
	}
	return b.StringBuilder.NewArray()
}

// loan is the allocator of what belongs to another.
type loan struct {
	memory.GoAllocator
	done func()
}

// Free gives it back.
func (l *loan) Free([]byte) { l.done() }
