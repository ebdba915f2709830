package tfrecord

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// mutation is a file that something happened to, and what must be read of it, in the
// form of summary.
type mutation struct {
	name string
	file []byte
	want string
}

// summary gives the records by their payloads, and each damage as
// [offset+bytes cause, records lost].
func summary(all []stretch) string {
	var parts []string
	for _, s := range all {
		switch {
		case s.cause != 0:
			parts = append(parts, fmt.Sprintf("[%d+%d %v, %d]", s.off, s.n, s.cause, s.records))
		case s.payload == "":
			parts = append(parts, "-")
		default:
			parts = append(parts, s.payload)
		}
	}
	return strings.Join(parts, " ")
}

// flip returns file with one bit flipped in the byte at off.
func flip(file []byte, off int) []byte {
	file = slices.Clone(file)
	file[off] ^= 4
	return file
}

// over returns file with the bytes at off replaced.
func over(file []byte, off int, by []byte) []byte {
	return slices.Replace(slices.Clone(file), off, off+len(by), by...)
}

func zeros(n int) []byte { return make([]byte, n) }

// mutations is the table. Its records are alpha (0+21), beta (21+20), gamma (41+21),
// delta (62+21), or some of them.
func mutations() []mutation {
	a, b, c, d := frame("alpha"), frame("beta"), frame("gamma"), frame("delta")
	abcd := join(a, b, c, d)
	empty := frame("")
	inner := frame("inner") // 21 bytes
	outer := frame("<<" + string(inner) + ">>")
	// A record of 57 bytes of which 36 were written, and then the whole of another file
	// or, of the same length, as much of one as makes the frames meet.
	torn := frame(strings.Repeat("t", 41))[:36]

	return []mutation{
		{"empty file", nil, ""},
		{"intact", abcd, "alpha beta gamma delta"},
		{"empty payloads", join(empty, a, empty, empty), "- alpha - -"},

		// Torn tails.
		{"torn in length", join(a, b[:5]), "alpha [21+5 truncated, 1]"},
		{"torn in length CRC", join(a, b[:11]), "alpha [21+11 truncated, 1]"},
		{"torn behind header", join(a, b[:12]), "alpha [21+12 truncated, 1]"},
		{"torn in payload", join(a, b[:14]), "alpha [21+14 truncated, 1]"},
		{"torn in footer", join(a, b[:19]), "alpha [21+19 truncated, 1]"},
		{"torn first record", a[:20], "[0+20 truncated, 1]"},
		{"a few zeros", join(a, zeros(7)), "alpha [21+7 truncated, 1]"},
		{"zero tail", join(a, zeros(50)), "alpha [21+50 zeros, -1]"},
		{"short zero tail", join(a, zeros(12)), "alpha [21+12 zeros, -1]"},
		{"nothing but zeros", zeros(100), "[0+100 zeros, -1]"},
		{"zero tail from header", join(a, b[:10], zeros(50)), "alpha [21+60 zeros, -1]"},
		{"zero tail from payload", join(a, b[:14], zeros(50)), "alpha [21+64 zeros, -1]"},
		{"zero tail past end", join(a, b[:14], zeros(3)), "alpha [21+17 truncated, 1]"},
		{"zero tail behind a damaged record", join(flip(a, 13), zeros(50)),
			"[0+21 data CRC, 1] [21+50 zeros, -1]"},
		{"damaged record before a torn header", join(a, flip(b, 13), c[:9]),
			"alpha [21+20 data CRC, 1] [41+9 truncated, 1]"},

		// One record damaged.
		{"payload, first", flip(abcd, 12), "[0+21 data CRC, 1] beta gamma delta"},
		{"payload, middle", flip(abcd, 34), "alpha [21+20 data CRC, 1] gamma delta"},
		{"payload, last", flip(abcd, 76), "alpha beta gamma [62+21 data CRC, 1]"},
		{"footer", flip(abcd, 40), "alpha [21+20 data CRC, 1] gamma delta"},
		{"length", flip(abcd, 21), "alpha [21+20 length CRC, 1] gamma delta"},
		{"length, highest byte", flip(abcd, 28), "alpha [21+20 length CRC, 1] gamma delta"},
		{"length CRC", flip(abcd, 30), "alpha [21+20 length CRC, 1] gamma delta"},
		{"length CRC and payload", flip(flip(abcd, 30), 34), "alpha [21+20 length CRC, 1] gamma delta"},
		{"length and payload", flip(flip(abcd, 21), 34), "alpha [21+20 length CRC, -1] gamma delta"},
		{"length CRC, last", flip(abcd, 70), "alpha beta gamma [62+21 length CRC, 1]"},
		{"length CRC of an empty payload", join(a, flip(empty, 9), b), "alpha [21+16 length CRC, 1] beta"},
		{"two payloads", flip(flip(abcd, 13), 35), "[0+21 data CRC, 1] [21+20 data CRC, 1] gamma delta"},
		{"two headers", flip(flip(abcd, 1), 22), "[0+41 length CRC, -1] gamma delta"},
		{"payload and next header", flip(flip(abcd, 13), 22), "[0+41 data CRC, -1] gamma delta"},

		// Stretches gone, added or overwritten.
		{"garbage first", join(garbage(40, 1), a, b), "[0+40 length CRC, -1] alpha beta"},
		{"garbage between", join(a, garbage(5, 1), b), "alpha [21+5 length CRC, -1] beta"},
		{"garbage last", join(a, garbage(40, 1)), "alpha [21+40 length CRC, -1]"},
		{"garbage last, no record's worth", join(a, garbage(13, 1)), "alpha [21+13 length CRC, -1]"},
		{"garbage before an empty payload", join(a, garbage(9, 1), empty), "alpha [21+9 length CRC, -1] -"},
		{"a hole", over(abcd, 15, zeros(30)), "[0+62 data CRC, -1] delta"},
		{"a hole from a header on", over(abcd, 21, zeros(30)), "alpha [21+41 length CRC, -1] delta"},
		{"cut out of a payload", slices.Delete(slices.Clone(abcd), 34, 36), "alpha [21+18 data CRC, -1] gamma delta"},
		{"cut out of a header", slices.Delete(slices.Clone(abcd), 25, 27), "alpha [21+18 length CRC, -1] gamma delta"},
		{"cut out over records", slices.Delete(slices.Clone(abcd), 34, 50), "alpha [21+25 data CRC, -1] delta"},
		{"inserted into a payload", slices.Insert(slices.Clone(abcd), 34, 'x', 'y'), "alpha [21+22 data CRC, -1] gamma delta"},
		{"a record twice", join(a, b, b, c), "alpha beta beta gamma"},

		// Several files and writers.
		{"two files", join(a, b, c, d), "alpha beta gamma delta"},
		{"torn file and another", join(a, b[:15], c, d), "alpha [21+15 data CRC, -1] gamma delta"},
		{"torn in header and another", join(a, b[:7], c, d), "alpha [21+7 length CRC, -1] gamma delta"},
		{"torn file and another, shorter than its claim", join(a, frame(strings.Repeat("t", 99))[:20], c, d),
			"alpha [21+20 length past end, -1] gamma delta"},
		{"torn file and another, ending at its claim", join(a, torn, c), "alpha [21+36 data CRC, -1] gamma"},
		{"torn file and another, frames meet", join(a, torn, c, d), "alpha [21+36 data CRC, -1] gamma delta"},
		{"torn file and another, its claim ending at an inner record", join(a, header(10), outer, d),
			"alpha [21+12 data CRC, -1] " + payload(outer) + " delta"},
		{"torn file and another, its claim ending at an inner record of the second", join(a, header(31), c, outer, d),
			"alpha [21+12 data CRC, -1] gamma " + payload(outer) + " delta"},
		{"overwritten by a second writer", over(abcd, 15, join(inner, inner)), "[0+15 data CRC, -1] inner inner [57+5 length CRC, -1] delta"},
		{"overwritten from a header on", over(abcd, 21, join(inner)), "alpha inner [42+20 length CRC, -1] delta"},

		// Records in payloads.
		{"inner record", join(a, outer, d), "alpha " + payload(outer) + " delta"},
		{"inner record, outer damaged", join(a, flip(outer, 12), d), "alpha [21+41 data CRC, 1] delta"},
		{"inner record, outer damaged and last", join(a, flip(outer, 12)), "alpha [21+41 data CRC, 1]"},
		{"inner record, framing lost before", join(flip(a, 0), outer, d), "[0+21 length CRC, 1] " + payload(outer) + " delta"},
		{"inner record, length CRC of outer", join(a, flip(outer, 9), d), "alpha [21+14 length CRC, -1] inner [56+6 length CRC, -1] delta"},
		{"inner records, outer damaged, ending with its payload", join(a, flip(frame("x"+string(inner)+string(inner)), 12), d),
			"alpha [21+59 data CRC, 1] delta"},
		{"crossing records, second", join(garbage(3, 1), flip(crossing(), 1)),
			"[0+17 length CRC, -1] " + payload(crossing()[14:])},
		{"crossing records", join(garbage(3, 1), crossing()), "[0+3 length CRC, -1] " + payload(crossing()[:35]) + " [38+12 length CRC, -1]"},

		// Lengths.
		{"length 2^63", join(a, header(1<<63), b, c), "alpha [21+12 length past end, -1] beta gamma"},
		{"length 2^64-1", join(a, header(1<<64-1), b, c), "alpha [21+12 length past end, -1] beta gamma"},
		{"length 2^40", join(a, header(1<<40), b, c), "alpha [21+12 length past end, -1] beta gamma"},
		{"length 2^63, last", join(a, header(1<<63), "xyz"), "alpha [21+15 truncated, 1]"},
		{"length 0, no footer", join(a, header(0), b, c), "alpha [21+12 data CRC, -1] beta gamma"},
		{"length 0, last", join(a, header(0)), "alpha [21+12 truncated, 1]"},
		{"length 2^63, wrong CRC", join(a, flip(header(1<<63), 9), b, c), "alpha [21+12 length CRC, -1] beta gamma"},
		{"length 2^40, wrong CRC", join(a, flip(header(1<<40), 9), b, c), "alpha [21+12 length CRC, -1] beta gamma"},
		{"length 0, wrong CRC", join(a, flip(header(0), 9), b, c), "alpha [21+12 length CRC, -1] beta gamma"},
	}
}

func payload(record []byte) string {
	return string(record[headerLen : len(record)-footerLen])
}

// crossing returns two good records of which the second begins in the first's payload
// and ends behind it, so that only one of them can be read.
func crossing() []byte {
	first := join(header(19), "..", header(17), "hello")
	first = footer(first, first[headerLen:])
	both := join(first, "12345678")
	return footer(both, both[headerLen+2+headerLen:])
}

func footer(file, payload []byte) []byte {
	return binary.LittleEndian.AppendUint32(file, refCRC(payload))
}

func TestMutations(t *testing.T) {
	for _, m := range mutations() {
		t.Run(m.name, func(t *testing.T) {
			f := bytes.NewReader(m.file)
			r := NewReader(f, f.Size(), Options{})
			got := compare(t, r, m.file, false)
			if s := summary(got); s != m.want {
				t.Errorf("got  %q\nwant %q", s, m.want)
			}
			differ(t, m.file)
		})
	}
}
