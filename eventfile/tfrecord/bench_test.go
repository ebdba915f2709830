package tfrecord

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// benchFile writes a file of about size bytes, of records of about length bytes.
func benchFile(b *testing.B, size, length int) (f *os.File, n int64) {
	var buf bytes.Buffer
	w := NewWriter(&buf)
	rnd := rand.New(rand.NewPCG(1, 1))
	payload := garbage(2*length, 1)
	for buf.Len() < size {
		if err := w.Write(payload[:length-length/8+rnd.IntN(length/4+1)]); err != nil {
			b.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	if _, err := f.Write(buf.Bytes()); err != nil {
		b.Fatal(err)
	}
	return f, int64(buf.Len())
}

var benchLengths = []struct {
	name   string
	length int
}{{"60B", 60}, {"1KiB", 1 << 10}, {"64KiB", 64 << 10}, {"4MiB", 4 << 20}}

// BenchmarkBare is what verifying costs at least: reading, and both CRCs of each record.
func BenchmarkBare(b *testing.B) {
	for _, c := range benchLengths {
		b.Run(c.name, func(b *testing.B) {
			f, size := benchFile(b, 64<<20, c.length)
			table := crc32.MakeTable(crc32.Castagnoli)
			buf := make([]byte, max(bufferSize, 2*c.length))
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				for off := int64(0); off < size; {
					n, err := f.ReadAt(buf, off)
					if err != nil && err != io.EOF {
						b.Fatal(err)
					}
					i := 0
					for i+12 <= n {
						length := int(binary.LittleEndian.Uint64(buf[i:]))
						if i+16+length > n {
							break
						}
						payload := buf[i+12 : i+12+length]
						if mask(crc32.Checksum(buf[i:i+8], table)) != binary.LittleEndian.Uint32(buf[i+8:]) ||
							mask(crc32.Checksum(payload, table)) != binary.LittleEndian.Uint32(buf[i+12+length:]) {
							b.Fatal("CRC")
						}
						i += 16 + length
					}
					off += int64(i)
				}
			}
		})
	}
}

func BenchmarkReader(b *testing.B) {
	for _, c := range benchLengths {
		b.Run(c.name, func(b *testing.B) {
			f, size := benchFile(b, 64<<20, c.length)
			r := NewReader(f, size, Options{})
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				r.Reset(f, size)
				drain(b, r)
			}
		})
	}
}

// BenchmarkDamaged has one bit wrong in every hundredth record, in a header or a payload.
func BenchmarkDamaged(b *testing.B) {
	file, _ := numbered(500000, 60)
	for i := 0; i < len(file); i += 7600 {
		file[i] ^= 1
	}
	f := bytes.NewReader(file)
	r := NewReader(f, f.Size(), Options{})
	b.SetBytes(f.Size())
	b.ReportAllocs()
	for b.Loop() {
		r.Reset(f, f.Size())
		drain(b, r)
	}
}

// drain reads all of a file and returns how many records and damages there were.
func drain(t testing.TB, r *Reader) (records, damages int) {
	for {
		_, err := r.Next()
		switch {
		case err == nil:
			records++
		case asDamage(err) != nil:
			damages++
		case err == io.EOF:
			return records, damages
		default:
			t.Fatal(err)
		}
	}
}

// BenchmarkScan is the search for a record in bytes that have none.
func BenchmarkScan(b *testing.B) {
	const size = 64 << 20
	// Headers of 12 bytes that all claim everything up to the same end, or up to
	// nested ends, with wrong data CRCs.
	hostile := func(end func(i int) int) []byte {
		var f []byte
		for len(f) < size/2 {
			f = append(f, header(uint64(end(len(f))-len(f)-frameLen))...)
		}
		return append(f, garbage(size-len(f), 1)...)
	}
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"random", garbage(size, 1)},
		{"zeros", make([]byte, size)},
		{"text", bytes.Repeat([]byte("the quick brown fox "), size/20)},
		{"same end", hostile(func(int) int { return size - 99 })},
		{"nested", hostile(func(i int) int { return size - 99 - i })},
		{"near", hostile(func(i int) int { return i + 100 })},
		{"crossing", hostile(func(i int) int { return size/2 + i })},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := bytes.NewReader(c.file)
			r := NewReader(f, f.Size(), Options{})
			b.SetBytes(f.Size())
			b.ReportAllocs()
			for b.Loop() {
				r.Reset(f, f.Size())
				drain(b, r)
			}
		})
	}
}

func BenchmarkWriter(b *testing.B) {
	w := NewWriter(io.Discard)
	payload := garbage(60, 1)
	b.SetBytes(frameLen + 60)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(payload); err != nil {
			b.Fatal(err)
		}
	}
}
