package tfrecord

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// bufferSize is how much of a file is read at once. Records that are longer make the
// buffer grow.
const bufferSize = 256 << 10

// mostKept is how large a buffer may be, in bytes, that serves the next file too.
const mostKept = 16 << 20

// Options say how to read. The zero value is the safe default.
type Options struct {
	// SkipDataCRC takes the payload of a whole header as it is. Lengths are always
	// checked, and to find the next record after damage its payload is, too.
	SkipDataCRC bool
	// Long has room for long records; nil: that is the reader's own.
	Long *Memory
}

// Reader reads the records of one file after the other. It is not safe for concurrent
// use.
type Reader struct {
	src  source
	opts Options
	win  window
	next int64 // where the next record should begin
	last int64 // where the last one returned, or the last damage, began
	err  error // returned by all further calls

	scan scanner

	framing Framing // as Reframe set it
	walk    walk    // over a file that is not Sound

	// wasted counts the bytes of payloads that were read and then had a wrong CRC.
	// Beyond budget, new ones are left to the scanner: it is slower, but reads no
	// byte twice, and headers that claim the same bytes again and again would make
	// anything else quadratic.
	wasted, budget int64
}

// NewReader returns a Reader of the first size bytes of src: of the file as it was when
// it was opened, whatever is appended since. A file that has become shorter ends where
// it ends.
func NewReader(src io.ReaderAt, size int64, o Options) *Reader {
	r := &Reader{opts: o}
	r.win.long = o.Long
	r.Reset(src, size)
	return r
}

// Reset makes r read another file, with the same options and buffers. What the longest
// record so far needed is kept, but for what only few need.
func (r *Reader) Reset(src io.ReaderAt, size int64) {
	r.src = source{src, size}
	r.win.src = &r.src
	r.win.reset(min(size, bufferSize))
	r.scan.reset(&r.src)
	r.next, r.last, r.err = 0, 0, nil
	r.framing = Sound
	r.wasted, r.budget = 0, 2*max(size, 0)
}

// StartAt makes the record that begins at an offset the first one. It is to be called after
// Reset, Reframe or NewReader, before Next.
func (r *Reader) StartAt(offset int64) {
	r.next, r.err = offset, nil
}

// Offset returns where the header of the record last returned begins, or the Damage.
func (r *Reader) Offset() int64 {
	return r.last
}

// Length returns how many bytes of the file the record last returned takes, or the
// Damage.
func (r *Reader) Length() int64 {
	return r.next - r.last
}

// Next returns the payload of the next record, valid until the next call and never nil.
// The error is
//
//   - io.EOF at the end of the file,
//   - a *Damage once for each stretch that cannot be read; the next call goes on
//     behind it,
//   - ErrCompressed if the file is gzip or zstd data,
//   - anything else if reading failed, with the offset.
//
// All but Damage are returned by further calls, too.
func (r *Reader) Next() ([]byte, error) {
	// The common case: the whole record is in the buffer and good.
	if i := r.next - r.win.base; uint64(i) <= uint64(len(r.win.buf)) {
		b := r.win.buf[i:]
		if len(b) >= frameLen && r.err == nil {
			n, ok := parseHeader(b)
			if ok && n <= uint64(len(b)-frameLen) && r.affords(int64(n)) {
				payload := b[headerLen : headerLen+n : headerLen+n]
				if r.opts.SkipDataCRC || r.footerHolds(b, payload) {
					return r.accept(payload)
				}
			}
		}
	}
	payload, err := r.slow()
	r.win.clip()
	return payload, err
}

// affords tells whether a record with a payload of n bytes may be read to check it.
func (r *Reader) affords(n int64) bool {
	return r.wasted+n <= r.budget
}

// footerHolds tells whether the payload is good, of the record that b begins with.
func (r *Reader) footerHolds(b, payload []byte) bool {
	if MaskedCRC(payload) == binary.LittleEndian.Uint32(b[headerLen+len(payload):]) {
		return true
	}
	r.wasted += int64(len(payload))
	return false
}

// accept moves behind the record at next.
func (r *Reader) accept(payload []byte) ([]byte, error) {
	r.last = r.next
	r.next += frameLen + int64(len(payload))
	return payload, nil
}

// fail ends the reading.
func (r *Reader) fail(err error) ([]byte, error) {
	r.err = err
	return nil, err
}

// slow is Next for everything but a good record in the buffer.
func (r *Reader) slow() ([]byte, error) {
	if r.framing != Sound && r.err == nil {
		return r.reframed()
	}
	for r.err == nil {
		left := r.src.size - r.next
		if left <= 0 {
			r.win.shrink(mostKept)
			return r.fail(io.EOF)
		}
		b, err := r.win.at(r.next, int(min(left, headerLen)))
		if err != nil {
			return r.fail(err)
		}
		if left != r.src.size-r.next {
			continue // the file has become shorter: look again
		}
		if left < headerLen {
			return r.skip(left, Truncated, 1)
		}
		n, ok := parseHeader(b)
		switch {
		case !ok && r.next == 0 && compressed(b):
			return r.fail(ErrCompressed)
		case !ok:
			return r.skipHeader(LengthCRC)
		case !fits(n, left):
			return r.skipHeader(Overrun)
		}
		payload, ok, err := r.load(int64(n))
		switch end := r.next + frameLen + int64(n); {
		case err != nil:
			return r.fail(err)
		case ok:
			return r.accept(payload)
		case end <= r.src.size:
			return r.skipData(end)
		}
		// The file has become shorter: look again.
	}
	return nil, r.err
}

// load reads the record at next, whose payload has n bytes, and checks it. It grows the
// buffer only for bytes that are there, and if they are to be checked, are good.
func (r *Reader) load(n int64) (payload []byte, ok bool, err error) {
	total := frameLen + n
	trusted := r.opts.SkipDataCRC
	switch {
	case !trusted && !r.affords(n):
		off, found, err := r.scan.find(r.next)
		if err != nil || !found || off != r.next {
			return nil, false, err
		}
		trusted = true
	case total <= int64(cap(r.win.buf)):
	case trusted:
		var last [1]byte
		if m, err := r.src.read(last[:], r.next+total-1, 1); m == 0 {
			return nil, false, err
		}
	default:
		if ok, err := r.check(n); !ok {
			return nil, false, err
		}
	}
	r.win.growFor(total, min(slack(total), r.src.size-total))
	b, err := r.win.at(r.next, int(total))
	if err != nil || int64(len(b)) < total {
		return nil, false, err
	}
	payload = b[headerLen : headerLen+n : headerLen+n]
	return payload, trusted || r.footerHolds(b, payload), nil
}

// slack is how much longer than a record of n bytes the buffer is made for it: the next one
// may be a little longer.
func slack(n int64) int64 { return min(n/4, mostKept/4) }

// check tells whether the CRC of a payload of n bytes holds that is too long for the
// buffer. It leaves the buffer somewhere else.
func (r *Reader) check(n int64) (ok bool, err error) {
	var crc uint32
	off := r.next + headerLen
	for end := off + n; off < end; {
		b, err := r.win.at(off, 1)
		if err != nil || len(b) == 0 {
			return false, err
		}
		b = b[:min(int64(len(b)), end-off)]
		crc = crc32.Update(crc, castagnoli, b)
		off += int64(len(b))
	}
	b, err := r.win.at(off, footerLen)
	if err != nil || len(b) < footerLen {
		return false, err
	}
	if mask(crc) != binary.LittleEndian.Uint32(b) {
		r.wasted += n
		return false, nil
	}
	return true, nil
}
