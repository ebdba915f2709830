package tfrecord

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
)

// This file is the policy of the package comment, written down a second time: on a file
// in memory, without regard to speed, and without a line of the Reader's.

// stretch is a record or a damage, as the reference and the Reader both give them.
type stretch struct {
	off, n  int64
	cause   Cause // 0: a record
	records int64
	payload string
}

func (s stretch) String() string {
	if s.cause == 0 {
		return fmt.Sprintf("%d+%d record %.20q", s.off, s.n, s.payload)
	}
	return fmt.Sprintf("%d+%d %v (%d records)", s.off, s.n, s.cause, s.records)
}

func refCRC(b []byte) uint32 {
	c := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
	return (c>>15 | c<<17) + 0xa282ead8
}

// refHeader returns the end of the record at off, if a good header is there.
func refHeader(f []byte, off int) (end uint64, ok bool) {
	if off+12 > len(f) {
		return 0, false
	}
	n := binary.LittleEndian.Uint64(f[off:])
	if refCRC(f[off:off+8]) != binary.LittleEndian.Uint32(f[off+8:]) {
		return 0, false
	}
	if n > 1<<62 {
		n = 1 << 62
	}
	return uint64(off) + 16 + n, true
}

func refGood(f []byte, off int) (end int, ok bool) {
	e, ok := refHeader(f, off)
	if !ok || e > uint64(len(f)) {
		return 0, false
	}
	end = int(e)
	return end, refCRC(f[off+12:end-4]) == binary.LittleEndian.Uint32(f[end-4:])
}

// refFind returns the nearest good record from off on, or len(f).
func refFind(f []byte, off int) int {
	for ; off < len(f); off++ {
		if _, ok := refGood(f, off); ok {
			return off
		}
	}
	return len(f)
}

func refZero(f []byte) bool {
	return strings.Trim(string(f), "\x00") == ""
}

// refLeads tells whether headers lead from off exactly to end, or to a good record that
// reaches past it.
func refLeads(f []byte, off, end int) bool {
	for off < end {
		e, ok := refHeader(f, off)
		if !ok {
			return false
		}
		if e > uint64(end) {
			_, ok = refGood(f, off)
			return ok
		}
		off = int(e)
	}
	return true
}

func refOneRecord(f []byte) bool {
	n := len(f)
	return n >= 16 && n <= 1<<20 && (binary.LittleEndian.Uint64(f) == uint64(n-16) ||
		refCRC(f[12:n-4]) == binary.LittleEndian.Uint32(f[n-4:]))
}

func refRead(f []byte, skipCRC bool) (all []stretch) {
	for p := 0; p < len(f); {
		s := refNext(f, p, skipCRC)
		all = append(all, s)
		p += int(s.n)
	}
	return all
}

func refNext(f []byte, p int, skipCRC bool) stretch {
	damage := func(end int, c Cause, records int64) stretch {
		return stretch{off: int64(p), n: int64(end - p), cause: c, records: records}
	}
	size := len(f)
	if size-p < 12 {
		return damage(size, Truncated, 1)
	}
	e, header := refHeader(f, p)
	fits := header && e <= uint64(size)
	if fits {
		if _, ok := refGood(f, p); ok || skipCRC {
			return stretch{off: int64(p), n: int64(e) - int64(p), payload: string(f[p+12 : e-4])}
		}
	}
	next := refFind(f, p+1)
	found := next < size
	switch {
	case !header && !found && refZero(f[p+11:]):
		return damage(size, ZeroTail, -1)
	case !header && refOneRecord(f[p:next]):
		return damage(next, LengthCRC, 1)
	case !header:
		return damage(next, LengthCRC, -1)
	case !fits && found:
		return damage(next, Overrun, -1)
	case !fits:
		return damage(size, Truncated, 1)
	}
	end := int(e)
	_, after := refHeader(f, end)
	whole := end == size || after
	switch {
	case whole && !(next < end && refLeads(f, next, end)):
		return damage(end, DataCRC, 1)
	case found:
		return damage(next, DataCRC, -1)
	case refZero(f[end-4:]):
		return damage(size, ZeroTail, -1)
	case refZero(f[end:]) || size-end < 12:
		return damage(end, DataCRC, 1)
	}
	return damage(size, DataCRC, -1)
}

// readAll is what the Reader makes of a file, in the same form. It stops with an error
// that is neither the end nor damage.
func readAll(r *Reader) (all []stretch, err error) {
	for {
		payload, err := r.Next()
		var d *Damage
		switch {
		case err == io.EOF:
			return all, nil
		case errors.As(err, &d):
			all = append(all, stretch{d.Offset, d.Bytes, d.Cause, d.Records, ""})
		case err != nil:
			return all, err
		case payload == nil:
			return all, errors.New("neither a payload nor an error")
		default:
			all = append(all, stretch{off: r.Offset(), n: frameLen + int64(len(payload)), payload: string(payload)})
		}
		if got := all[len(all)-1].off; got != r.Offset() {
			return all, fmt.Errorf("Offset() = %d for the stretch at %d", r.Offset(), got)
		}
	}
}

// compare fails the test where the Reader and the reference do not agree on f.
func compare(t testing.TB, r *Reader, f []byte, skipCRC bool) []stretch {
	t.Helper()
	got, err := readAll(r)
	if err == ErrCompressed && compressed(f) {
		return nil
	}
	if err != nil {
		t.Fatalf("after %v: %v", got, err)
	}
	checkSum(t, got, int64(len(f)))
	want := refRead(f, skipCRC)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Fatalf("stretch %d: got none, want %v", i, want[i])
		case i >= len(want) || got[i] != want[i]:
			t.Fatalf("stretch %d: got %v, want %v of %v", i, got[i], want[min(i, len(want)):], len(want))
		}
	}
	return got
}

// checkSum checks that the stretches cover a file without gap or overlap.
func checkSum(t testing.TB, all []stretch, size int64) {
	t.Helper()
	var off int64
	for _, s := range all {
		if s.off != off || s.n <= 0 {
			t.Fatalf("%v follows offset %d", s, off)
		}
		off += s.n
	}
	if off != size {
		t.Fatalf("%d of %d bytes accounted for", off, size)
	}
}
