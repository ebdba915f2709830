package parquet

import (
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow/go/v15/parquet/compress"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// A Compression is how the pages of a file are compressed.
type Compression int

// The compressions that every reader of Parquet knows.
const (
	// Zstd makes half of None on real logs: floats as numberCompressor says, the rest at the fastest level.
	Zstd   Compression = iota
	Snappy             // a third larger than Zstd and no faster, for readers without it
	Gzip               // at level 6: a fifth smaller than Zstd and a sixth as fast, for readers without it
	None               // no compression
)

func compressionNames() []string { return []string{"zstd", "snappy", "gzip", "none"} }

// ParseCompression returns the compression of a name: zstd, snappy, gzip or none.
func ParseCompression(name string) (Compression, error) {
	i := slices.Index(compressionNames(), name)
	if i < 0 {
		return 0, fmt.Errorf("%s: want zstd, snappy, gzip or none", name)
	}
	return Compression(i), nil
}

// String returns the name that ParseCompression takes.
func (c Compression) String() string {
	if c < 0 || int(c) >= len(compressionNames()) {
		return fmt.Sprintf("Compression(%d)", int(c))
	}
	return compressionNames()[c]
}

func (c Compression) codec() compress.Compression {
	return []compress.Compression{compress.Codecs.Zstd, compress.Codecs.Snappy, compress.Codecs.Gzip,
		compress.Codecs.Uncompressed}[c]
}

// A compressor compresses pages one after the other. It belongs to one goroutine.
type compressor func(dst, page []byte) ([]byte, error)

// compressor returns a new compressor, which appends to dst.
func (c Compression) compressor() compressor {
	switch c {
	case Zstd:
		return zstdCompressor()
	case Snappy:
		return func(dst, page []byte) ([]byte, error) {
			dst = slices.Grow(dst, max(0, s2.MaxEncodedLen(len(page))))
			block := s2.EncodeSnappy(dst[len(dst):cap(dst)], page)
			return dst[:len(dst)+len(block)], nil
		}
	case Gzip:
		return gzipCompressor()
	}
	return func(dst, page []byte) ([]byte, error) { return append(dst, page...), nil }
}

func zstdCompressor() compressor {
	w, err := newZstd()
	return func(dst, page []byte) ([]byte, error) {
		if err != nil {
			return nil, err
		}
		return w.EncodeAll(page, dst), nil
	}
}

func newZstd() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false),
		zstd.WithLowerEncoderMem(true)) // pages are no longer than its window, which it would have room for twice
}

func gzipCompressor() compressor {
	compress := inParts(gzip.NewWriter(nil))
	return func(dst, page []byte) ([]byte, error) { return compress(dst, page) }
}

// A partsCompressor compresses a page that is not in one piece of memory. A compressor may make other bytes of the same
// page.
type partsCompressor func(dst []byte, parts ...[]byte) ([]byte, error)

// partsCompressor returns a new partsCompressor; nil if the compression needs a page in one piece.
func (c Compression) partsCompressor() partsCompressor {
	switch c {
	case Zstd:
		return zstdPartsCompressor()
	case Snappy:
		return nil
	case Gzip:
		return inParts(gzip.NewWriter(nil))
	}
	return func(dst []byte, parts ...[]byte) ([]byte, error) {
		for _, part := range parts {
			dst = append(dst, part...)
		}
		return dst, nil
	}
}

func zstdPartsCompressor() partsCompressor {
	w, err := newZstd()
	compress := inParts(w)
	return func(dst []byte, parts ...[]byte) ([]byte, error) {
		if err != nil {
			return nil, err
		}
		return compress(dst, parts...)
	}
}

// inParts compresses by a writer, which it begins anew for every page.
func inParts(w interface {
	io.WriteCloser
	Reset(io.Writer)
}) partsCompressor {
	return func(dst []byte, parts ...[]byte) ([]byte, error) {
		b := &chunkBuffer{dst}
		w.Reset(b)
		for _, part := range parts {
			if _, err := w.Write(part); err != nil {
				return nil, err
			}
		}
		err := w.Close()
		return b.bytes, err
	}
}
