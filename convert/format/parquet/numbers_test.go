package parquet

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// numbers make pages of n numbers that agree in different bytes, in none and in all, and that change what they agree
// in.
func numbers(random *rand.Rand, n int) map[string][]byte {
	now := 1.7e9
	pages := make(map[string][]byte)
	for name, next := range map[string]func(i int) uint64{
		"float32":  func(int) uint64 { return math.Float64bits(float64(random.Float32())) },
		"time":     func(int) uint64 { now += random.Float64(); return math.Float64bits(now) },
		"constant": func(int) uint64 { return math.Float64bits(0.1) },
		"noise":    func(int) uint64 { return random.Uint64() },
		"middle":   func(int) uint64 { return random.Uint64() & 0xff0000000000ffff },
		"short":    func(int) uint64 { return random.Uint64() & 0xffffff0000ffffff },
		"changing": func(i int) uint64 { return random.Uint64() & (0xffffff << (8 * (i / 3000 % 6))) },
	} {
		for i := range n {
			pages[name] = binary.LittleEndian.AppendUint64(pages[name], next(i))
		}
	}
	return pages
}

// sameAfter fails unless zstd makes of a frame what it was made of.
func sameAfter(t testing.TB, decoder *zstd.Decoder, frame, page []byte) {
	t.Helper()
	got, err := decoder.DecodeAll(frame, nil)
	if err != nil {
		t.Fatalf("%d bytes: %v", len(page), err)
	}
	if !bytes.Equal(got, page) {
		t.Fatalf("%d bytes came back as other %d", len(page), len(got))
	}
}

func newDecoder(t testing.TB) *zstd.Decoder {
	t.Helper()
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(decoder.Close)
	return decoder
}

// TestNumberCompressor: what is compressed comes back, whatever the numbers are and wherever a block begins; and
// numbers that agree in bytes take about as many fewer.
func TestNumberCompressor(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	decoder := newDecoder(t)
	most := map[string]int{"float32": 5 * 8, "time": 5*8 + 1, "constant": 1, "middle": 4 * 8, "short": 7 * 8, "changing": 6 * 8, "noise": 8*8 + 1} // bits
	var c numberCompressor
	for _, n := range []int{1, 2, 8, 9, 10, 11, 100, blockWords - 1, blockWords, blockWords + 1, blockWords + 9, 3*blockWords + 5, pageRows} {
		for name, page := range numbers(random, n) {
			frame := c.compress([]byte("before"), page)
			if string(frame[:6]) != "before" {
				t.Fatalf("%s: what was there is gone", name)
			}
			sameAfter(t, decoder, frame[6:], page)
			if bits := 8 * len(frame) / n; n >= blockWords && bits > most[name] {
				t.Errorf("%s: %d numbers take %d bits each, want at most %d", name, n, bits, most[name])
			}
		}
	}
	sameAfter(t, decoder, c.compress(nil, nil), nil)
}

// FuzzNumberCompressor holds the compressor to zstd's decoder: the input says which bytes of the numbers change.
func FuzzNumberCompressor(f *testing.F) {
	f.Add([]byte{0xe0, 0x1f, 0x00, 0xff}, uint16(5000))
	f.Add([]byte("\xf8\xf8\x1f\x1f\x3c"), uint16(9000))
	decoder := newDecoder(f)
	f.Fuzz(func(t *testing.T, masks []byte, n uint16) {
		if len(masks) == 0 {
			return
		}
		random := rand.New(rand.NewPCG(uint64(n), uint64(masks[0])))
		var page []byte
		for i := range int(n) {
			mask := masks[i*len(masks)/int(n)]
			for k := range 8 {
				page = append(page, byte(random.Uint32())&-(mask>>k&1))
			}
		}
		var c numberCompressor
		sameAfter(t, decoder, c.compress(nil, page), page)
	})
}
