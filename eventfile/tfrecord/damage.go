package tfrecord

import (
	"errors"
	"fmt"
)

var (
	// ErrCorrupt is under every Damage whose bytes contradict their CRC.
	ErrCorrupt = errors.New("corrupt record")

	// ErrTruncated is under every Damage that is a torn tail: the file ends inside a
	// record, as a killed writer or one that still runs leaves it.
	ErrTruncated = errors.New("truncated record")

	// ErrCompressed is returned for a file that is not records but gzip or zstd data.
	ErrCompressed = errors.New("compressed file (gzip or zstd), not records")
)

// Damage is a stretch of a file that could not be read as records. It is an error that
// Next returns once; the call after it goes on behind the stretch.
type Damage struct {
	Offset  int64 // where the stretch begins
	Bytes   int64 // how long it is; at least 1
	Cause   Cause
	Records int64 // how many records were in it, -1 if that cannot be known
}

// Error says where the damage is, how long and why.
func (d *Damage) Error() string {
	return fmt.Sprintf("offset %d: %d bytes unreadable: %v", d.Offset, d.Bytes, d.Cause)
}

// Unwrap returns ErrTruncated for a torn tail and ErrCorrupt for everything else.
func (d *Damage) Unwrap() error {
	if d.Cause == Truncated || d.Cause == ZeroTail {
		return ErrTruncated
	}
	return ErrCorrupt
}

// Cause is why a stretch could not be read, as seen at its beginning.
type Cause uint8

const (
	// LengthCRC: the length contradicts its CRC, so that there is no record here.
	LengthCRC Cause = iota + 1

	// DataCRC: the payload contradicts its CRC.
	DataCRC

	// Overrun: the record reaches past the end of the file, and yet other records
	// follow. It was torn, or bytes behind it were lost.
	Overrun

	// Truncated: the file ends inside a record.
	Truncated

	// ZeroTail: from somewhere in a record on, the file is zero to its end.
	ZeroTail
)

// String names the cause as reports do.
func (c Cause) String() string {
	switch c {
	case LengthCRC:
		return "length CRC"
	case DataCRC:
		return "data CRC"
	case Overrun:
		return "length past end"
	case Truncated:
		return "truncated"
	case ZeroTail:
		return "zeros"
	}
	return fmt.Sprintf("Cause(%d)", uint8(c))
}
