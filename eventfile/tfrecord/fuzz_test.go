package tfrecord

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"testing"
)

// FuzzReader reads any bytes as a file and compares the Reader to the reference.
func FuzzReader(f *testing.F) {
	for _, c := range mutations() {
		f.Add(c.file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) <= 2*maxBuilt {
			differ(t, file)
		}
	})
}

// FuzzBuild does the same for files that build writes.
func FuzzBuild(f *testing.F) {
	f.Add([]byte("\x05hello\x0a\x03abc\x0a\x0c\x0a\x0f\x04\x02"))
	f.Add([]byte("\x05hello\x0a\x15\x0c\x17\x12\x20\x40\x01x\x0a"))
	f.Fuzz(func(t *testing.T, program []byte) {
		differ(t, build(program))
	})
}

// TestBuild runs random programs, so that every run of the tests has some.
func TestBuild(t *testing.T) {
	var program []byte
	defer func() {
		if t.Failed() {
			t.Logf("program %q", program)
		}
	}()
	rnd := rand.New(rand.NewPCG(4, 4))
	n := 20000
	if testing.Short() {
		n = 2000
	}
	for range n {
		program = make([]byte, rnd.IntN(60))
		for i := range program {
			program[i] = byte(rnd.Uint32())
		}
		differ(t, build(program))
	}
}

// differ compares the Reader to the reference: with plain framing first, with the
// scanner deciding everything, and without data CRCs. The memory taken is bounded by the
// size of the file: its windows, and candidates and damages of a few bytes for twelve.
func differ(t *testing.T, file []byte) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := NewReader(bytes.NewReader(file), int64(len(file)), Options{})
	for {
		if _, err := r.Next(); err != nil && asDamage(err) == nil {
			break
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > uint64(8*len(file)+64<<10) {
		t.Errorf("%d bytes allocated for a file of %d", n, len(file))
	}
	r.Reset(bytes.NewReader(file), int64(len(file)))
	compare(t, r, file, false)

	r.Reset(bytes.NewReader(file), int64(len(file)))
	r.budget = 0
	compare(t, r, file, false)

	r = NewReader(bytes.NewReader(file), int64(len(file)), Options{SkipDataCRC: true})
	compare(t, r, file, true)
}
