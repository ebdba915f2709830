package table

import (
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// freeBlobs is how many records' worth of memory waits for use at most: one fills
// while another is written.
const freeBlobs = 2

// blobs builds a column of blobType. The memory of the bytes comes back to it when
// a record is released, from whatever goroutine: gigabytes of pictures go through a
// few buffers, each of which is cleared and grown once.
type blobs struct {
	bytes   []byte
	offsets []int32 // of the rows so far, and where the next one begins
	paths   *array.StringBuilder
	free    chan []byte
	silent  bool // there are no rows, whatever is appended
}

func newBlobs(silent bool) *blobs {
	return &blobs{silent: silent, offsets: []int32{0}, paths: array.NewStringBuilder(memory.DefaultAllocator),
		free: make(chan []byte, freeBlobs)}
}

// append appends bytes, which it copies, and the path of the file that they are in;
// empty: they are in none.
func (b *blobs) append(bytes []byte, path string) {
	if b.silent {
		return
	}
	if b.bytes == nil {
		select {
		case b.bytes = <-b.free:
		default:
		}
	}
	b.grow(len(bytes))
	b.bytes = append(b.bytes, bytes...)
	b.offsets = append(b.offsets, int32(len(b.bytes)))
	appendText(b.paths, path)
}

// grow makes room for n bytes; once there are many, for those of a whole record.
func (b *blobs) grow(n int) {
	need := len(b.bytes) + n
	if need <= cap(b.bytes) {
		return
	}
	room := max(need, 2*cap(b.bytes))
	if need > recordPayload/16 {
		room = max(need, recordPayload+2*n)
	}
	b.bytes = append(make([]byte, 0, room), b.bytes...)
}

// AppendNull appends a row without bytes and without a path.
func (b *blobs) AppendNull() { b.append(nil, "") }

// row gives the bytes of a row.
func (b *blobs) row(i int) []byte { return b.bytes[b.offsets[i]:b.offsets[i+1]] }

// NewArray gives the rows so far, and begins anew.
func (b *blobs) NewArray() arrow.Array {
	rows := len(b.offsets) - 1
	values := memory.NewBufferWithAllocator(b.bytes, &blobsLease{b.bytes, b.free})
	offsets := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(b.offsets))
	bytes := array.NewData(arrow.BinaryTypes.Binary, rows, []*memory.Buffer{nil, offsets, values}, nil, 0, 0)
	paths := b.paths.NewArray()
	data := array.NewData(blobType(), rows, []*memory.Buffer{nil}, []arrow.ArrayData{bytes, paths.Data()}, 0, 0)
	defer data.Release()
	values.Release()
	bytes.Release()
	paths.Release()
	b.bytes, b.offsets = nil, []int32{0}
	return array.NewStructData(data)
}

// blobsLease is the allocator of the bytes of one record, as lease is that of numbers.
type blobsLease struct {
	bytes []byte
	free  chan []byte
}

func (l *blobsLease) Allocate(size int) []byte { return make([]byte, size) }

func (l *blobsLease) Reallocate(size int, b []byte) []byte {
	return append(make([]byte, 0, size), b...)[:size]
}

// Free takes the memory back, but for what a single huge row needed.
func (l *blobsLease) Free([]byte) {
	if cap(l.bytes) > 4*recordPayload {
		return
	}
	select {
	case l.free <- l.bytes[:0]:
	default:
	}
}

// digests builds the column with the SHA-256 of each blob of another column, in
// hexadecimal digits. Its rows are those of the blobs, from which NewArray is to take
// them before their own is called.
type digests struct{ of *blobs }

// AppendNull is never called: every blob has its digest.
func (d *digests) AppendNull() {}

// NewArray computes the digests, several at a time.
func (d *digests) NewArray() arrow.Array {
	const size = 2 * sha256.Size
	rows := len(d.of.offsets) - 1
	digits := make([]byte, rows*size)
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < rows; i = int(next.Add(1)) - 1 {
			sum := sha256.Sum256(d.of.row(i))
			hex.Encode(digits[i*size:], sum[:])
		}
	}
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), rows) - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	offsets := make([]int32, rows+1)
	for i := range offsets {
		offsets[i] = int32(i * size)
	}
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets)),
		memory.NewBufferBytes(digits)}
	data := array.NewData(arrow.BinaryTypes.String, rows, buffers, nil, 0, 0)
	defer data.Release()
	return array.NewStringData(data)
}
