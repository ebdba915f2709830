package tfrecord

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// repeated is a file of size bytes: its head, then block over and over.
type repeated struct {
	head, block []byte
	size        int64
}

func (f repeated) ReadAt(b []byte, off int64) (n int, err error) {
	for n < len(b) && off+int64(n) < f.size {
		at := off + int64(n)
		from := f.head[min(at, int64(len(f.head))):]
		if len(from) == 0 {
			from = f.block[(at-int64(len(f.head)))%int64(len(f.block)):]
		}
		n += copy(b[n:], from[:min(int64(len(from)), f.size-at)])
	}
	return n, nil
}

// TestHuge reads a gigabyte that holds nothing but, at its beginning, a record. The
// memory is that of the buffers.
func TestHuge(t *testing.T) {
	size := int64(1 << 30)
	if testing.Short() {
		size = 1 << 26
	}
	for name, c := range map[string]struct {
		block []byte
		want  Cause
	}{
		"zeros":  {make([]byte, 1<<20), ZeroTail},
		"random": {garbage(1<<20+1, 1), LengthCRC},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := NewReader(repeated{frame("alpha"), c.block, size}, size, Options{})
			got, err := readAll(r)
			runtime.ReadMemStats(&after)
			if want := []stretch{{0, 21, 0, 0, "alpha"}, {21, size - 21, c.want, -1, ""}}; err != nil || !slices.Equal(got, want) {
				t.Errorf("%v, %v; want %v", got, err, want)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > bufferSize+scanWindow+64<<10 {
				t.Errorf("%d bytes allocated", n)
			}
		})
	}
}

// hostile are files of about n bytes that are made to cost much.
var hostile = map[string]func(n int) []byte{
	// Headers that all claim what is left, with wrong data CRCs.
	"to the end": func(n int) (f []byte) {
		for len(f)+headerLen < n {
			f = append(f, header(uint64(max(0, n-len(f)-frameLen)))...)
		}
		return f
	},
	"past the end": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, header(uint64(2*n))...)
		}
		return f
	},
	"nested": func(n int) (f []byte) {
		for len(f) < n/2 {
			f = append(f, header(uint64(n-2*len(f)-frameLen))...)
		}
		return append(f, make([]byte, n-len(f))...)
	},
	"crossing": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, header(uint64(n/3))...)
		}
		return f
	},
	"near": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, header(30)...)
		}
		return f
	},
	// A good record behind each of them: reading goes on, only to be lost at once.
	"good between": func(n int) (f []byte) {
		for len(f)+headerLen+21 < n {
			f = append(f, header(uint64(n-len(f)-frameLen))...)
			f = append(f, frame("alpha")...)
		}
		return f
	},
	"good between, megabytes": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, header(uint64(min(n/3, bufferSize-frameLen)))...)
			f = append(f, frame("alpha")...)
		}
		return f
	},
	"good between, past the end": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, header(uint64(2*n))...)
			f = append(f, frame("alpha")...)
		}
		return f
	},
	// Frames that meet, each damaged, with a good record inside.
	"good inside": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, flip(frame("x"+string(frame("alpha"))), 12)...)
		}
		return f
	},
	// Each damaged record is written over from inside, by a chain that does the same.
	"chains inside": func(n int) []byte {
		f := frame("alpha")
		for len(f) < n {
			f = join(header(uint64(len(f)+21-footerLen)), frame("beta!"), f)
			if len(f) > 1<<14 {
				f = bytes.Repeat(f, n/len(f)+1)
			}
		}
		return f
	},
	"good records in garbage": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, frame("alpha")...)
			f = append(f, "\x01"...)
		}
		return f
	},
	"garbage and zeros": func(n int) (f []byte) {
		for len(f) < n {
			f = append(f, join(frame("alpha"), "\x01", zeros(50), frame("beta"), "\x01\x01")...)
		}
		return f
	},
	"short lengths": func(n int) (f []byte) {
		rnd := rand.New(rand.NewPCG(1, 1))
		for len(f) < n {
			f = append(f, byte(1+rnd.IntN(2)), 0, 0, 0, 0, 0, 0, 0)
		}
		return f
	},
}

// TestLinear reads hostile files of a size and of double the size. No byte is read or
// checked in vain more than a few times, and no memory is taken but the buffers.
func TestLinear(t *testing.T) {
	n := 2 << 20
	if testing.Short() {
		n = 1 << 20
	}
	for name, build := range hostile {
		t.Run(name, func(t *testing.T) {
			var work [2]float64 // for each byte of the file
			for i := range work {
				file := build(n << i)
				src := &scripted{file: file}
				r := NewReader(src, int64(len(file)), Options{})
				drainSum(t, r, int64(len(file)))
				work[i] = float64(src.reads+r.wasted) / float64(len(file))
				held := cap(r.win.buf) + cap(r.scan.win.buf) + 24*cap(r.scan.cands.queue) + 16*cap(r.scan.cands.ends)
				if held > bufferSize+scanWindow+64*maxCandidates {
					t.Errorf("%d bytes held", held)
				}
			}
			if max(work[0], work[1]) > 5 || work[1] > 1.5*work[0] {
				t.Errorf("each byte read or checked %.2f times, at double the size %.2f", work[0], work[1])
			}
		})
	}
}

// drainSum reads all of a file, of which only the sum of the stretches is kept.
func drainSum(t testing.TB, r *Reader, size int64) (records int) {
	var sum int64
	for {
		payload, err := r.Next()
		d := asDamage(err)
		switch {
		case err == nil:
			records++
			sum += frameLen + int64(len(payload))
		case d != nil:
			sum += d.Bytes
		default:
			if sum != size {
				t.Errorf("%d of %d bytes accounted for: %v", sum, size, err)
			}
			return records
		}
	}
}

// TestHostile compares what is read of smaller hostile files to the reference.
func TestHostile(t *testing.T) {
	for name, build := range hostile {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{40, 100, 500, 2000} {
				differ(t, build(n))
			}
		})
	}
}

// TestManyCandidates: more headers than are kept at a time, and a record behind them.
func TestManyCandidates(t *testing.T) {
	file := frame("alpha")
	for range 3 * maxCandidates {
		file = append(file, header(1<<20)...)
	}
	file = append(file, frame("beta")...)
	file = append(file, make([]byte, 2<<20)...)
	r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
	r.budget = 0
	got, err := readAll(r)
	if err != nil {
		t.Fatal(err)
	}
	checkSum(t, got, int64(len(file)))
	if s := summary(got); !strings.Contains(s, " beta ") {
		t.Error(s)
	}
}

// TestManyGoodCandidates: garbage, a header that claims more records than are kept at a
// time, and these.
func TestManyGoodCandidates(t *testing.T) {
	records, payloads := numbered(2*maxCandidates, 20)
	file := join(garbage(50, 1), header(uint64(len(records)-50)), records)
	r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
	got, err := readAll(r)
	if err != nil {
		t.Fatal(err)
	}
	checkSum(t, got, int64(len(file)))
	if len(got) != 1+len(payloads) || got[0] != (stretch{0, 62, LengthCRC, -1, ""}) {
		t.Errorf("%d stretches, first %v, want %d", len(got), got[0], 1+len(payloads))
	}
}

// TestManyCandidatesInside: a damaged record whose claim ends at a header inside a good
// one, which has more records in it than are kept. What it was cannot be told then.
func TestManyCandidatesInside(t *testing.T) {
	records, _ := numbered(2*maxCandidates, 20)
	inside := join(frame("alpha"), frame(string(records)))
	file := join(header(uint64(21+headerLen-footerLen)), inside) // up to the first of them
	r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
	if got := drainSum(t, r, int64(len(file))); got != 2*maxCandidates {
		t.Errorf("%d records", got)
	}
}
