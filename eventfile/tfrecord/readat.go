package tfrecord

import (
	"encoding/binary"
	"io"
)

// ReadAt reads and checks the one record that begins at an offset of a file of size
// bytes. The payload is in buf's memory where that has room for the record. The error is
// a *Damage where there is no record, and that of src where reading failed; io.EOF where
// the file has become shorter.
func ReadAt(src io.ReaderAt, size, offset int64, buf []byte) (payload []byte, err error) {
	s := source{src, size}
	var header [headerLen]byte
	damage := func(cause Cause) error {
		return &Damage{Offset: offset, Bytes: max(0, size-offset), Cause: cause, Records: -1}
	}
	if offset < 0 || size-offset < headerLen {
		return nil, damage(Truncated)
	}
	if n, err := s.read(header[:], offset, headerLen); n < headerLen {
		return nil, orEOF(err)
	}
	n, ok := parseHeader(header[:])
	switch {
	case !ok:
		return nil, damage(LengthCRC)
	case !fits(n, size-offset):
		return nil, damage(Overrun)
	}
	total := int(n) + footerLen
	if cap(buf) < total {
		buf = make([]byte, total)
	}
	buf = buf[:total]
	if m, err := s.read(buf, offset+headerLen, total); m < total {
		return nil, orEOF(err)
	}
	payload = buf[:n]
	if MaskedCRC(payload) != binary.LittleEndian.Uint32(buf[n:]) {
		return nil, &Damage{Offset: offset, Bytes: frameLen + int64(n), Cause: DataCRC, Records: 1}
	}
	return payload, nil
}

// ReadAtAs is ReadAt for a file of framing f, whose CRCs prove nothing.
func ReadAtAs(src io.ReaderAt, size, offset int64, f Framing, buf []byte) (payload []byte, err error) {
	if f == Sound {
		return ReadAt(src, size, offset, buf)
	}
	s := source{src, size}
	var header [headerLen]byte
	if offset < 0 || size-offset < headerLen {
		return nil, &Damage{Offset: offset, Bytes: max(0, size-offset), Cause: Truncated, Records: -1}
	}
	if n, err := s.read(header[:], offset, headerLen); n < headerLen {
		return nil, orEOF(err)
	}
	n := f.order().Uint64(header[:])
	if n > maxPayload || !fits(n, size-offset) {
		return nil, &Damage{Offset: offset, Bytes: size - offset, Cause: Overrun, Records: -1}
	}
	if cap(buf) < int(n) {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if m, err := s.read(buf, offset+headerLen, int(n)); m < int(n) {
		return nil, orEOF(err)
	}
	return buf, nil
}

func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}
