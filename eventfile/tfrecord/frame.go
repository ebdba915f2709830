package tfrecord

import (
	"bytes"
	"encoding/binary"
)

// The parts of a frame, in bytes.
const (
	lengthLen = 8
	headerLen = lengthLen + 4
	footerLen = 4
	frameLen  = headerLen + footerLen
)

// parseHeader returns the length that the header at the start of b gives, and whether
// its CRC holds.
func parseHeader(b []byte) (n uint64, ok bool) {
	n = binary.LittleEndian.Uint64(b)
	return n, lengthCRC(n) == binary.LittleEndian.Uint32(b[lengthLen:])
}

// fits tells whether a record with a payload of n bytes fits in space bytes.
func fits(n uint64, space int64) bool {
	return space >= frameLen && n <= uint64(space-frameLen)
}

// compressed tells whether the first bytes of a file are those of gzip (deflate, no
// reserved flags) or zstd. More than the two bytes of gzip's magic are asked for, as
// one damaged record in 65536 would begin with these.
func compressed(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0x1f, 0x8b, 0x08}) && b[3]&0xe0 == 0 ||
		bytes.HasPrefix(b, []byte{0x28, 0xb5, 0x2f, 0xfd})
}
