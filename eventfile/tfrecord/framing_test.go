package tfrecord

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
)

// isNumbered takes the payloads of numbered for what a file is for.
func isNumbered(payload []byte) bool {
	return bytes.HasPrefix(payload, []byte("record ")) && !bytes.ContainsAny(payload, "\x00")
}

// A fault frames a payload in a wrong way.
type fault func(i int, payload []byte) []byte

func withCRCs(length, data func([]byte) uint32) fault {
	return func(_ int, payload []byte) []byte {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(payload)))
		b = binary.LittleEndian.AppendUint32(b, length(b))
		b = append(b, payload...)
		return binary.LittleEndian.AppendUint32(b, data(payload))
	}
}

// withSlack puts what slack gives behind each payload.
func withSlack(crc func([]byte) uint32, slack func(i int) []byte) fault {
	return func(i int, payload []byte) []byte {
		b := slices.Concat(header(uint64(len(payload))), payload, slack(i))
		return binary.LittleEndian.AppendUint32(b, crc(b[headerLen:]))
	}
}

func swapped(_ int, payload []byte) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(len(payload)))
	b = binary.BigEndian.AppendUint32(b, MaskedCRC(b))
	b = append(b, payload...)
	return binary.BigEndian.AppendUint32(b, MaskedCRC(payload))
}

func zeroCRC([]byte) uint32       { return 0 }
func constCRC([]byte) uint32      { return 0xdeadbeef }
func smdebugCRC([]byte) uint32    { return MaskedCRC([]byte("0x12345678")) }
func unmaskedCRC(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }
func wrongCRC(b []byte) uint32    { return MaskedCRC(b) + 1 }
func maskedIEEE(b []byte) uint32  { return mask(crc32.ChecksumIEEE(b)) }

// unused are the rests of other payloads in a buffer.
func unused(i int) []byte { return bytes.Repeat([]byte("rest of record 7 "), i%5+1)[i%3:] }

// sometimes is unused but for every third.
func sometimes(i int) []byte {
	if i%3 == 2 {
		return nil
	}
	return unused(i)
}

func faulty(n int, f fault) (file []byte, payloads []string) {
	_, payloads = numbered(n, 30)
	for i, p := range payloads {
		file = append(file, f(i, []byte(p))...)
	}
	return file, payloads
}

var faultyWriters = []struct {
	name  string
	write fault
	want  Framing
	one   bool // a single record tells
}{
	{"wrong data CRCs", withCRCs(MaskedCRC, wrongCRC), WrongCRCs, false},
	{"wrong CRCs", withCRCs(wrongCRC, wrongCRC), WrongCRCs, false},
	{"wrong length CRCs", withCRCs(wrongCRC, MaskedCRC), WrongCRCs, false},
	{"the same CRC everywhere", withCRCs(constCRC, constCRC), WrongCRCs, false},
	{"the CRC of smdebug", withCRCs(MaskedCRC, smdebugCRC), FixedCRCs, true},
	{"zero data CRCs", withCRCs(MaskedCRC, zeroCRC), ZeroCRCs, false},
	{"zero CRCs", withCRCs(zeroCRC, zeroCRC), ZeroCRCs, true},
	{"unmasked CRCs", withCRCs(unmaskedCRC, unmaskedCRC), UnmaskedCRCs, true},
	{"unmasked data CRCs", withCRCs(MaskedCRC, unmaskedCRC), UnmaskedCRCs, true},
	{"zlib's CRCs", withCRCs(crc32.ChecksumIEEE, crc32.ChecksumIEEE), OtherCRCs, true},
	{"zlib's CRCs, masked", withCRCs(maskedIEEE, maskedIEEE), OtherCRCs, true},
	{"big-endian", swapped, SwappedLengths, true},
	{"slack", withSlack(MaskedCRC, unused), Slack, true},
	{"slack of zeros", withSlack(MaskedCRC, func(int) []byte { return make([]byte, 256) }), Slack, true},
	{"much slack", withSlack(MaskedCRC, func(int) []byte { return garbage(100_000, 5) }), Slack, true},
	{"slack that holds records", withSlack(MaskedCRC, func(i int) []byte { return slices.Concat(frame("record"), frame("x")) }), Slack, true},
	{"slack in some", withSlack(MaskedCRC, sometimes), Slack, true},
	{"slack and wrong CRCs", withSlack(zeroCRC, unused), UnprovenSlack, false},
}

// TestDetectFraming finds each fault, in files of any length, and reads them whole.
func TestDetectFraming(t *testing.T) {
	for _, c := range faultyWriters {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 50} {
				file, payloads := faulty(n, c.write)
				got, ok := DetectFraming(bytes.NewReader(file), int64(len(file)), isNumbered)
				if want := n > 1 || c.one; ok != want || ok && got != c.want {
					t.Errorf("%d records: %v, %v", n, got, ok)
				}
				if ok {
					expectReframed(t, file, got, payloads, 0)
				}
			}
		})
	}
}

// TestDetectFramingTorn reads a file cut off anywhere, or that ends in zeros, up to
// there.
func TestDetectFramingTorn(t *testing.T) {
	for _, c := range faultyWriters {
		file, payloads := faulty(5, c.write)
		whole := 0
		for i := range 4 {
			whole += len(c.write(i, []byte(payloads[i])))
		}
		for cut := whole + 1; cut < len(file); cut += 1 + len(file)/50 {
			if got, ok := DetectFraming(bytes.NewReader(file), int64(cut), isNumbered); !ok || got != c.want {
				t.Errorf("%s: cut off at %d of %d: %v, %v", c.name, cut, len(file), got, ok)
			} else if c.want != UnprovenSlack { // whose end can be anywhere
				expectReframed(t, file[:cut], got, payloads[:4], int64(cut-whole))
			}
		}
		if c.want.hasSlack() {
			continue // zeros are slack
		}
		zeros := slices.Concat(file, make([]byte, 5000))
		if got, ok := DetectFraming(bytes.NewReader(zeros), int64(len(zeros)), isNumbered); !ok || got != c.want {
			t.Errorf("%s, zeros: %v, %v", c.name, got, ok)
		} else {
			expectReframed(t, zeros, got, payloads, 5000)
		}
	}
}

// expectReframed reads a file to the end, twice, and expects payloads and a torn tail.
func expectReframed(t *testing.T, file []byte, f Framing, payloads []string, torn int64) {
	t.Helper()
	r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
	for range 2 {
		r.Reframe(f)
		at, lost := int64(0), int64(0)
		var got []string
		for {
			p, err := r.Next()
			var d *Damage
			if errors.As(err, &d) {
				if d.Cause != Truncated || d.Offset != r.Offset() {
					t.Errorf("%v", d)
				}
				lost += d.Bytes
				continue
			}
			if err == io.EOF {
				break
			}
			if err != nil || r.Offset() < at {
				t.Fatalf("%v, offset %d after %d", err, r.Offset(), at)
			}
			at = r.Offset()
			got = append(got, string(p))
		}
		if !slices.Equal(got, payloads) || lost != torn {
			t.Errorf("%v: %d payloads, not %d; %d bytes torn, not %d", f, len(got), len(payloads), lost, torn)
		}
	}
	good := NewReader(bytes.NewReader(frame("a")), int64(len(frame("a"))), Options{})
	good.Reframe(f)
	good.Reset(bytes.NewReader(frame("a")), int64(len(frame("a"))))
	if p, err := good.Next(); err != nil || string(p) != "a" {
		t.Errorf("the next file: %q, %v", p, err)
	}
}

// TestDetectFramingRefuses what is sound, damaged, or no file of records at all.
func TestDetectFramingRefuses(t *testing.T) {
	sound, payloads := numbered(20, 30)
	edit := func(file []byte, edits ...int) []byte {
		file = slices.Clone(file)
		for _, i := range edits {
			file[i] ^= 0x10
		}
		return file
	}
	wrong, _ := faulty(20, withCRCs(MaskedCRC, wrongCRC))
	first := len(frame(payloads[0]))
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"nothing", nil},
		{"a sound file", sound},
		{"its first payload damaged", edit(sound, headerLen+9)},
		{"its first length damaged", edit(sound, 0)},
		{"its first length CRC damaged", edit(sound, lengthLen)},
		{"one byte more in the first payload", slices.Insert(slices.Clone(sound), first-footerLen, 'x')},
		{"the first record alone, damaged", edit(sound[:first], headerLen+9)},
		{"all but one record damaged", slices.Concat(wrong, sound[:first])},
		{"wrong CRCs and a payload that is none", slices.Concat(wrong, withCRCs(MaskedCRC, wrongCRC)(0, []byte("other")))},
		{"wrong CRCs and bytes between", slices.Insert(slices.Clone(wrong), first, 1, 2, 3)},
		{"other payloads", slices.Concat(frame("a"), frame("b"))},
		{"zeros", make([]byte, 1000)},
		{"garbage", garbage(10000, 3)},
		{"text", []byte(strings.Repeat("epoch 1: loss 0.5\n", 50))},
	} {
		if got, ok := DetectFraming(bytes.NewReader(c.file), int64(len(c.file)), isNumbered); ok {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestFramingString: each fault has words of its own.
func TestFramingString(t *testing.T) {
	seen := make(map[string]bool)
	for f := Sound; f <= UnprovenSlack; f++ {
		if seen[f.String()] {
			t.Errorf("%q twice", f)
		}
		seen[f.String()] = true
	}
}

// TestDetectFramingFails quietly where the file cannot be read: who reads it will be
// told.
func TestDetectFramingFails(t *testing.T) {
	file, _ := faulty(20, withCRCs(zeroCRC, zeroCRC))
	if got, ok := DetectFraming(failingAt{file, 100}, int64(len(file)), isNumbered); ok {
		t.Error(got)
	}
	r := NewReader(failingAt{file, 100}, int64(len(file)), Options{})
	r.Reframe(ZeroCRCs)
	if _, err := r.Next(); err == nil || !strings.Contains(err.Error(), errUnreadable.Error()) {
		t.Error(err)
	}
	// A file that became shorter ends there.
	r = NewReader(bytes.NewReader(file[:200]), int64(len(file)), Options{})
	r.Reframe(ZeroCRCs)
	for {
		if _, err := r.Next(); err == io.EOF {
			break
		} else if d := asDamage(err); err != nil && (d == nil || d.Offset+d.Bytes != 200) {
			t.Fatal(err)
		}
	}
}

var errUnreadable = errors.New("unreadable sector")

// failingAt fails to read the bytes from an offset on.
type failingAt struct {
	file []byte
	from int
}

func (f failingAt) ReadAt(b []byte, off int64) (int, error) {
	if off+int64(len(b)) > int64(f.from) {
		return 0, errUnreadable
	}
	return copy(b, f.file[off:]), nil
}

// FuzzDetectFraming: a file of sound records that was damaged, however much, is no
// file of a faulty writer, as long as one record is left; and what is found to be one
// reads to the end without damage but a torn tail.
func FuzzDetectFraming(f *testing.F) {
	for _, s := range []string{"", "\x00\x00\x01", "\x10\x00\x04\x30\x01\x08", "\x50\x02\x20\x60\x03\x10\x70\x04\x33"} {
		f.Add(uint8(5), []byte(s))
	}
	f.Fuzz(func(t *testing.T, n uint8, program []byte) {
		file, _ := numbered(2+int(n)%20, 30)
		sound, edits := len(file), 0
		for len(program) >= 3 && len(file) > 0 {
			at, op, v := int(program[0])*len(file)/256, program[1], program[2]
			program = program[3:]
			edits++
			switch op % 6 {
			case 0:
				file[at] ^= 1 << (v % 8)
			case 1:
				file[at] = v
			case 2:
				file = slices.Delete(file, at, min(len(file), at+int(v)))
			case 3:
				file = slices.Insert(file, at, garbage(int(v), uint64(op))...)
			case 4:
				clear(file[at:min(len(file), at+int(v))])
			case 5:
				file = slices.Insert(file, at, file[:min(len(file), int(v))]...)
			}
		}
		got, ok := DetectFraming(bytes.NewReader(file), int64(len(file)), isNumbered)
		// Of a file with slack some records hold; most of one that was damaged hold.
		if ok && holdsRecord(file) && (got != Slack || edits <= 1+int(n)%20/4) {
			t.Fatalf("%v, and a record holds (%d of %d bytes)", got, len(file), sound)
		}
		if !ok {
			return
		}
		r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
		r.Reframe(got)
		for {
			p, err := r.Next()
			if err == io.EOF {
				return
			}
			if d := asDamage(err); d != nil && d.Offset+d.Bytes != int64(len(file)) {
				t.Fatalf("%v: %v", got, d)
			} else if d == nil && (err != nil || !isNumbered(p)) {
				t.Fatalf("%v: %q, %v", got, p, err)
			}
		}
	})
}

// holdsRecord tells whether the strict reader reads a record.
func holdsRecord(file []byte) bool {
	r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
	for {
		_, err := r.Next()
		if err == nil {
			return true
		}
		if asDamage(err) == nil {
			return false
		}
	}
}
