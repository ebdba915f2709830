package series

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
)

// blockFile is the temporary file of a spool. A block of it is a sequence of
// series in the order of their names:
//
//	id u32, number of cuts u32, number of points u64, lowest step i64,
//	cuts (at i64, step i64)..., steps i64..., wall times f64..., payloads u64...
//
// all little-endian.
type blockFile struct {
	file *os.File
	out  *bufio.Writer // nil while it is read
	size int64
	buf  []byte
}

// block is one block of the file, and how far it has been read.
type block struct {
	begin, end    int64
	lowestRestart limit
	next          int64 // offset of the next series header
	head          seriesHead
	window        []byte // bytes of the file from windowAt on
	windowAt      int64
}

// seriesHead is the head of a series in a block. Its id is -1 after the last.
type seriesHead struct {
	id     int32
	n      int64
	points int64 // offset of the first step
	lowest limit // step, of all points
	cuts   []cut
}

const (
	headBytes  = 24
	cutBytes   = 16
	pointBytes = 24
	windowSize = 32 << 10
)

// newBlockFile makes a file that is gone when the program is, where the
// operating system allows it.
func newBlockFile(dir string) (*blockFile, error) {
	f, err := os.CreateTemp(dir, "tbexport-*.points")
	if err != nil {
		return nil, fmt.Errorf("temporary file for a long run: %w", err)
	}
	// An open file can be removed but for Windows, where close does it.
	_ = os.Remove(f.Name())
	return &blockFile{file: f}, nil
}

func (f *blockFile) close() error {
	err := f.file.Close()
	if rm := os.Remove(f.file.Name()); rm != nil && !os.IsNotExist(rm) && err == nil {
		err = rm
	}
	return err
}

// write appends the grouped block of s, series in the given order.
func (f *blockFile) write(s *spool, order []int32) (*block, error) {
	if f.out == nil {
		f.out = bufio.NewWriterSize(io.NewOffsetWriter(f.file, f.size), 256<<10)
	}
	b := &block{begin: f.size, lowestRestart: s.lowestRestart()}
	for _, id := range order {
		from, end := s.start[id], s.start[id+1]
		cuts := s.cuts[id]
		if from == end && len(cuts) == 0 {
			continue
		}
		if err := f.writeSeries(id, &s.grouped, from, end, cuts); err != nil {
			return nil, fmt.Errorf("temporary file for a long run: %w", err)
		}
	}
	b.end = f.size
	return b, nil
}

func (f *blockFile) writeSeries(id int32, g *segment, from, end int, cuts []cut) error {
	lowest := int64(math.MaxInt64)
	for _, step := range g.steps[from:end] {
		lowest = min(lowest, step)
	}
	le := binary.LittleEndian
	b := f.buf[:0]
	b = le.AppendUint32(b, uint32(id))
	b = le.AppendUint32(b, uint32(len(cuts)))
	b = le.AppendUint64(b, uint64(end-from))
	b = le.AppendUint64(b, uint64(lowest))
	for _, c := range cuts {
		b = le.AppendUint64(b, uint64(c.at))
		b = le.AppendUint64(b, uint64(c.step))
	}
	for _, step := range g.steps[from:end] {
		b = le.AppendUint64(b, uint64(step))
	}
	for _, t := range g.wallTimes[from:end] {
		b = le.AppendUint64(b, math.Float64bits(t))
	}
	for _, p := range g.payloads[from:end] {
		b = le.AppendUint64(b, p)
	}
	f.buf = b
	f.size += int64(len(b))
	_, err := f.out.Write(b)
	return err
}

// rewind ends the writing: the blocks are read from their beginning.
func (f *blockFile) rewind(blocks []*block) error {
	if f.out != nil {
		if err := f.out.Flush(); err != nil {
			return fmt.Errorf("temporary file for a long run: %w", err)
		}
		f.out = nil
	}
	for _, b := range blocks {
		b.next, b.window, b.windowAt = b.begin, b.window[:0], 0
		if err := f.advance(b); err != nil {
			return err
		}
	}
	return nil
}

// drop takes back a block, the last one written.
func (f *blockFile) drop(b *block) { f.size = b.begin }

// advance reads the head of the block's next series.
func (f *blockFile) advance(b *block) error {
	if b.next >= b.end {
		b.head = seriesHead{id: -1}
		return nil
	}
	raw, err := f.peek(b, b.next, headBytes)
	if err != nil {
		return err
	}
	le := binary.LittleEndian
	h := seriesHead{id: int32(le.Uint32(raw)), n: int64(le.Uint64(raw[8:]))}
	cuts := int64(le.Uint32(raw[4:]))
	if h.n > 0 {
		h.lowest = limit{int64(le.Uint64(raw[16:])), true}
	}
	h.points = b.next + headBytes + cuts*cutBytes
	if cuts > 0 {
		raw, err := f.peek(b, b.next+headBytes, int(cuts*cutBytes))
		if err != nil {
			return err
		}
		for ; len(raw) > 0; raw = raw[cutBytes:] {
			h.cuts = append(h.cuts, cut{int64(le.Uint64(raw)), int64(le.Uint64(raw[8:]))})
		}
	}
	b.head, b.next = h, h.points+h.n*pointBytes
	return nil
}

// peek returns n bytes of the block at off, through its window, which only
// moves forward.
func (f *blockFile) peek(b *block, off int64, n int) ([]byte, error) {
	if i := off - b.windowAt; i >= 0 && i+int64(n) <= int64(len(b.window)) {
		return b.window[i : i+int64(n)], nil
	}
	size := min(int64(max(n, windowSize)), b.end-off)
	b.window = resize(b.window, int(size))
	b.windowAt = off
	if _, err := f.file.ReadAt(b.window, off); err != nil && err != io.EOF {
		return nil, fmt.Errorf("temporary file for a long run: %w", err)
	}
	return b.window[:n], nil
}

// series collects the segments of one series from the blocks that have it next.
func (f *blockFile) series(id int32, blocks []*block) ([]segmentRef, error) {
	var refs []segmentRef
	var step, session limit
	for i := len(blocks) - 1; i >= 0; i-- {
		b := blocks[i]
		if h := b.head; h.id == id {
			refs = append(refs,
				segmentRef{block: b, from: h.points, n: h.n, cuts: h.cuts, laterStep: step, laterSession: session})
			step.lower(h.lowest)
			for _, c := range h.cuts {
				session.lower(limit{c.step, true})
			}
			if err := f.advance(b); err != nil {
				return nil, err
			}
		}
		session.lower(b.lowestRestart)
	}
	for i, j := 0, len(refs)-1; i < j; i, j = i+1, j-1 {
		refs[i], refs[j] = refs[j], refs[i]
	}
	return refs, nil
}

// load reads the points at offset off of a block into seg, as many as it has
// room for. Those of short series are mostly in the block's window still.
func (f *blockFile) load(from *block, off int64, seg *segment) error {
	n := len(seg.steps)
	size := int64(n) * pointBytes
	var b []byte
	if i := off - from.windowAt; i >= 0 && i+size <= int64(len(from.window)) {
		b = from.window[i : i+size]
	} else {
		f.buf = resize(f.buf, int(size))
		if _, err := f.file.ReadAt(f.buf, off); err != nil && err != io.EOF {
			return fmt.Errorf("temporary file for a long run: %w", err)
		}
		b = f.buf
	}
	le := binary.LittleEndian
	for i := range seg.steps {
		seg.steps[i] = int64(le.Uint64(b[8*i:]))
	}
	b = b[8*n:]
	for i := range seg.wallTimes {
		seg.wallTimes[i] = math.Float64frombits(le.Uint64(b[8*i:]))
	}
	b = b[8*n:]
	for i := range seg.payloads {
		seg.payloads[i] = le.Uint64(b[8*i:])
	}
	return nil
}
