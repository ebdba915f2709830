package tfrecord

import (
	"encoding/binary"
	"io"
)

// ReadAt reads and checks the one record that begins at an offset of a file of size
// bytes. The payload is in *buf, which becomes as long as the record, and is read into
// as far as it is long before the record's length is known: one call reads a record
// that is no longer than the one before. The error is a *Damage where there is no
// record, and that of src where reading failed; io.EOF where the file has become
// shorter.
func ReadAt(src io.ReaderAt, size, offset int64, buf *[]byte) (payload []byte, err error) {
	return ReadAtAs(src, size, offset, Sound, buf, nil)
}

// ReadAtAs is ReadAt for a file of framing f. But for Sound, its CRCs prove nothing. Where
// *buf is too short for a long record, it is given to long, and one from there takes its place.
func ReadAtAs(src io.ReaderAt, size, offset int64, f Framing, buf *[]byte, long *Memory) (payload []byte, err error) {
	s, left := source{src, size}, size-offset
	damage := func(cause Cause) error {
		return &Damage{Offset: offset, Bytes: max(0, left), Cause: cause, Records: -1}
	}
	if offset < 0 || left < headerLen {
		return nil, damage(Truncated)
	}
	*buf = resize(*buf, 0, int(min(left, max(headerLen, int64(len(*buf))))), long)
	have, err := s.read(*buf, offset, headerLen)
	if have < headerLen {
		return nil, orEOF(err)
	}
	n, ok, footer := uint64(0), true, 0
	if f == Sound {
		n, ok = parseHeader(*buf)
		footer = footerLen
	} else {
		n = f.order().Uint64(*buf)
	}
	switch {
	case !ok:
		return nil, damage(LengthCRC)
	case n > maxPayload || !fits(n, left):
		return nil, damage(Overrun)
	}
	total := headerLen + int(n) + footer
	have = min(have, total)
	*buf = resize(*buf, have, total, long)
	if have < total {
		if m, err := s.read((*buf)[have:], offset+int64(have), total-have); m < total-have {
			return nil, orEOF(err)
		}
	}
	payload = (*buf)[headerLen : headerLen+int(n)]
	if f == Sound && MaskedCRC(payload) != binary.LittleEndian.Uint32((*buf)[total-footerLen:]) {
		return nil, &Damage{Offset: offset, Bytes: frameLen + int64(n), Cause: DataCRC, Records: 1}
	}
	return payload, nil
}

// resize makes a buffer n bytes long, of which it keeps the first ones.
func resize(buf []byte, keep, n int, long *Memory) []byte {
	if n <= cap(buf) {
		return buf[:n]
	}
	larger := append(long.take(int64(n), slack(int64(n))), buf[:keep]...)[:n]
	long.Give(buf)
	return larger
}

func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}
