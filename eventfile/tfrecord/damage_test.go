package tfrecord

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The small file that is damaged in every possible way, and its records. One of them
// contains a record.
func smallFile() (file []byte, records []stretch) {
	file = join(frame("alpha"), frame(""), frame("beta "+string(frame("inner"))), frame("gamma"), frame("a longer one, delta"))
	return file, refRead(file, false)
}

// read returns what a Reader makes of file, after comparing it to the reference.
func read(t testing.TB, file []byte) []stretch {
	t.Helper()
	return compare(t, NewReader(bytes.NewReader(file), int64(len(file)), Options{}), file, false)
}

func TestEveryPrefix(t *testing.T) {
	file, records := smallFile()
	for n := range file {
		got := read(t, file[:n])
		i := 0
		for i < len(records) && records[i].off+records[i].n <= int64(n) {
			i++
		}
		if !slices.Equal(got[:i], records[:i]) {
			t.Fatalf("%d bytes: %v", n, got)
		}
		torn := int64(n)
		if i > 0 {
			torn -= records[i-1].off + records[i-1].n
		}
		// The one record inside another comes out when only that one is whole.
		if i == 2 && n >= int(records[2].off)+12+5+21 {
			continue
		}
		if tail := got[i:]; torn == 0 && len(tail) != 0 ||
			torn > 0 && (len(tail) != 1 || tail[0].cause != Truncated || tail[0].n != torn || tail[0].records != 1) {
			t.Errorf("%d bytes: %v", n, tail)
		}
	}
}

func TestEveryBit(t *testing.T) {
	file, records := smallFile()
	for bit := range 8 * len(file) {
		broken := slices.Clone(file)
		broken[bit/8] ^= 1 << (bit % 8)
		var want, got []stretch
		for _, s := range records {
			if off := int64(bit / 8); off < s.off || off >= s.off+s.n {
				want = append(want, s)
			}
		}
		damages := 0
		for _, s := range read(t, broken) {
			switch {
			case s.cause != 0:
				damages++
			case s.payload != "inner": // lies bare when the header around it is broken
				got = append(got, s)
			}
		}
		if damages == 0 || !slices.Equal(got, want) {
			t.Errorf("bit %d: %d damages, records %v, want %v", bit, damages, got, want)
		}
	}
}

// TestEveryRange cuts out and doubles every range of bytes. Records that the cut does
// not touch survive, and there are no others.
func TestEveryRange(t *testing.T) {
	file, records := smallFile()
	for begin := range file {
		for end := begin + 1; end <= len(file); end++ {
			cut := join(file[:begin], file[end:])
			doubled := join(file[:end], file[begin:])
			for _, c := range []struct {
				name string
				file []byte
			}{{"cut", cut}, {"doubled", doubled}} {
				got := read(t, c.file)
				i := 0
				for _, s := range got {
					if s.cause == 0 && !slices.ContainsFunc(records, func(r stretch) bool { return r.payload == s.payload }) &&
						s.payload != "inner" {
						t.Fatalf("%s %d to %d: invented %v", c.name, begin, end, s)
					}
				}
				for _, r := range records {
					before, behind := int64(begin), int64(end)
					if c.name == "doubled" { // the range is in both
						before, behind = behind, before
					}
					if r.off+r.n > before && r.off < behind {
						continue
					}
					for i < len(got) && got[i].payload != r.payload {
						i++
					}
					if i == len(got) {
						t.Fatalf("%s %d to %d: %v lost in %v", c.name, begin, end, r, got)
					}
				}
			}
		}
	}
}

// TestPages writes pages over a file of 10,000 records: all that none touched are read,
// none is invented, and what was lost is said.
func TestPages(t *testing.T) {
	const page = 4 << 10
	file, payloads := numbered(10000, 200)
	records := make([]stretch, len(payloads))
	off := int64(0)
	for i, p := range payloads {
		records[i] = stretch{off: off, n: int64(len(p)) + frameLen, payload: p}
		off += records[i].n
	}
	for _, kind := range []string{"zero", "random", "copied"} {
		for _, k := range []int{1, 5, 20} {
			for seed := range uint64(4) {
				t.Run(fmt.Sprintf("%s/%d/%d", kind, k, seed), func(t *testing.T) {
					rnd := rand.New(rand.NewPCG(seed, uint64(k)))
					broken := slices.Clone(file)
					touched := make([]bool, len(file)/page+1)
					for range k {
						i := rnd.IntN(len(file) / page)
						touched[i] = true
						by := make([]byte, page)
						switch kind {
						case "random":
							by = garbage(page, rnd.Uint64())
						case "copied": // off by a few bytes, so that whole records are in it
							at := rnd.IntN(len(file) - page)
							by = file[at : at+page]
						}
						copy(broken[i*page:], by)
					}
					f := bytes.NewReader(broken)
					got, err := readAll(NewReader(f, f.Size(), Options{}))
					if err != nil {
						t.Fatal(err)
					}
					checkSum(t, got, f.Size())
					var want []stretch
					for _, s := range records {
						if !slices.Contains(touched[s.off/page:(s.off+s.n-1)/page+1], true) {
							want = append(want, s)
						}
					}
					got = slices.DeleteFunc(got, func(s stretch) bool {
						// A copied page holds true copies of records.
						inPage := touched[s.off/page] || touched[(s.off+s.n-1)/page]
						return s.cause != 0 || kind == "copied" && inPage && slices.Contains(payloads, s.payload)
					})
					if !slices.Equal(got, want) {
						t.Errorf("%d records, want %d of %d", len(got), len(want), len(records))
					}
				})
			}
		}
	}
}
