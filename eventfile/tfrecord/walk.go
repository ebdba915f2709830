package tfrecord

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// maxSlack is how many unused bytes there may be behind a payload.
const maxSlack = 1 << 20

// walkEnd is how a step of a walk ended.
type walkEnd uint8

const (
	walkRecord walkEnd = iota
	walkDone           // at the end of the file
	walkTorn           // the file ends within a record, or in zeros
	walkBroken         // there is no record here
	walkFailed         // err says why it could not be read
)

// walk goes over a file whose framing is known, record by record, and believes all
// lengths but those that lead out of the file.
type walk struct {
	src     *source
	win     window
	framing Framing
	off     int64 // of the next record
	err     error
}

func newWalk(src source, f Framing) *walk {
	w := &walk{src: &src, framing: f}
	w.begin(w.src)
	return w
}

// begin makes w start at the beginning of src.
func (w *walk) begin(src *source) {
	w.src, w.win.src, w.off, w.err = src, src, 0, nil
	w.win.reset(min(src.size, bufferSize))
}

// next returns the record at off and moves behind it.
func (w *walk) next() (f record, end walkEnd) {
	left := w.src.size - w.off
	if left <= 0 {
		return f, walkDone
	}
	b, ok := w.at(min(left, headerLen))
	switch {
	case !ok:
		return f, walkFailed
	case len(b) < headerLen:
		return f, walkTorn
	}
	f.length, f.lengthCRC = w.framing.order().Uint64(b), binary.LittleEndian.Uint32(b[lengthLen:])
	switch holds := f.lengthCRC == lengthCRC(f.length); {
	case f.length == 0 || w.framing.hasSlack() && !holds:
		return f, w.zeroTail()
	case f.length > maxPayload:
		return f, walkBroken
	case !fits(f.length, left):
		return f, walkTorn
	}
	f.size = frameLen + int64(f.length)
	if w.framing.hasSlack() {
		if end := w.findEnd(&f); end != walkRecord {
			return f, end
		}
	}
	return f, w.take(&f)
}

// take reads the record of f, of a known size, and moves behind it.
func (w *walk) take(f *record) walkEnd {
	b, ok := w.at(f.size)
	if !ok {
		return walkFailed
	}
	if int64(len(b)) < f.size {
		return walkTorn
	}
	payload := headerLen + int64(f.length)
	f.payload = b[headerLen:payload:payload]
	f.slack = f.size - payload - footerLen
	f.dataCRC = binary.LittleEndian.Uint32(b[f.size-footerLen:])
	w.off += f.size
	return walkRecord
}

// findEnd finds the size of the record of f, which ends where another header stands
// or the file ends: the first such place up to which the CRC holds, or where no CRC
// does, the first.
func (w *walk) findEnd(f *record) walkEnd {
	first := headerLen + int64(f.length) + footerLen // the least that the size can be
	crc, summed := uint32(0), int64(headerLen)
	for at := first; ; at++ {
		b, next, end := w.nextHeader(at, first+maxSlack)
		if end != walkRecord {
			return end
		}
		at = next
		crc = crc32.Update(crc, castagnoli, b[summed:at-footerLen])
		summed = at - footerLen
		if w.framing == UnprovenSlack || mask(crc) == binary.LittleEndian.Uint32(b[summed:]) {
			f.size = at
			return walkRecord
		}
	}
}

// nextHeader gives the nearest place from the record's byte at on, up to its byte
// limit, where there is a header or the file ends, or could within less than a
// header, and the record up to there.
func (w *walk) nextHeader(at, limit int64) (b []byte, next int64, end walkEnd) {
	for span := at + bufferSize/64; ; span *= 2 {
		b, ok := w.at(min(span, w.src.size-w.off))
		if !ok {
			return nil, 0, walkFailed
		}
		if n := int64(len(b)) - frameLen + 1 - at; n > 0 {
			i := int64(findHeader(b[at:], int(n), maxPayload))
			if at += i; i < n {
				return b, at, walkRecord
			}
		}
		switch last := w.src.size - w.off; {
		case int64(len(b)) < last && at > limit:
			return nil, 0, walkBroken
		case int64(len(b)) < last:
		case at > last:
			return nil, 0, walkTorn
		case w.framing == UnprovenSlack:
			return b, last, walkRecord
		default: // where less than a header follows, the CRC alone can tell
			return b, at, walkRecord
		}
	}
}

// zeroTail tells whether the file is zero from here on.
func (w *walk) zeroTail() walkEnd {
	for off := w.off; off < w.src.size; {
		b, err := w.win.at(off, 1)
		switch {
		case err != nil:
			w.err = err
			return walkFailed
		case len(bytes.Trim(b, "\x00")) > 0:
			return walkBroken
		}
		off += int64(len(b))
	}
	return walkTorn
}

// at returns n bytes from off on, and as many more as were read already; fewer only
// where the file has become shorter. It is false if they could not be read.
func (w *walk) at(n int64) ([]byte, bool) {
	w.win.grow(n)
	b, err := w.win.at(w.off, int(n))
	if err != nil {
		w.err = err
		return nil, false
	}
	return b[:min(int64(len(b)), max(0, w.src.size-w.off))], true
}
