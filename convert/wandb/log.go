package wandb

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A log is a header and blocks of 32 KiB, counted from the start of the file,
// header included. A record is one chunk, or several, none across blocks:
//
//	CRC-32 (IEEE, of type and payload) u32, length u16, type u8, payload
//
// little-endian. Where less than a chunk's head is left of a block, zeros are.
const (
	blockSize = 32 << 10
	headSize  = 7
)

// header is what a file begins with: a magic number and version 0.
const header = ":W&B\xe1\xbe\x00"

// The types of chunks.
const (
	chunkFull = iota + 1
	chunkFirst
	chunkMiddle
	chunkLast
)

// longestRecord is the most that a reader takes.
const longestRecord = 1 << 30

// logWriter writes records.
type logWriter struct {
	to   *bufio.Writer
	at   int // in the block
	size int64
}

func newLogWriter(to io.Writer) (*logWriter, error) {
	w := &logWriter{to: bufio.NewWriterSize(to, 8*blockSize), at: len(header), size: int64(len(header))}
	_, err := w.to.WriteString(header)
	return w, err
}

// write writes a record.
func (w *logWriter) write(record []byte) error {
	for first := true; first || len(record) > 0; first = false {
		if left := blockSize - w.at; left < headSize {
			if _, err := w.to.Write(make([]byte, left)); err != nil {
				return err
			}
			w.size += int64(left)
			w.at = 0
		}
		n := min(len(record), blockSize-w.at-headSize)
		if err := w.chunk(chunkType(first, n == len(record)), record[:n]); err != nil {
			return err
		}
		record = record[n:]
	}
	return nil
}

func chunkType(first, last bool) byte {
	switch {
	case first && last:
		return chunkFull
	case first:
		return chunkFirst
	case last:
		return chunkLast
	}
	return chunkMiddle
}

func (w *logWriter) chunk(kind byte, payload []byte) error {
	var head [headSize]byte
	binary.LittleEndian.PutUint32(head[:], sum(kind, payload))
	binary.LittleEndian.PutUint16(head[4:], uint16(len(payload)))
	head[6] = kind
	if _, err := w.to.Write(head[:]); err != nil {
		return err
	}
	w.at += headSize + len(payload)
	w.size += int64(headSize + len(payload))
	_, err := w.to.Write(payload)
	return err
}

func sum(kind byte, payload []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte{kind}), crc32.IEEETable, payload)
}

// flush writes what is still held.
func (w *logWriter) flush() error { return w.to.Flush() }

// errNoLog says that a file is none of W&B's.
var errNoLog = errors.New("no W&B run file")

// logReader reads records.
type logReader struct {
	from   io.Reader
	block  [blockSize]byte
	have   []byte // of the block, what was not read
	offset int64  // of the end of the block in the file
	record []byte
}

// newLogReader fails with errNoLog where the file is another.
func newLogReader(from io.Reader) (*logReader, error) {
	r := &logReader{from: from}
	if err := r.fill(); err != nil && err != io.EOF {
		return nil, err
	}
	if len(r.have) < len(header) || string(r.have[:len(header)]) != header {
		return nil, errNoLog
	}
	r.have = r.have[len(header):]
	return r, nil
}

// fill reads the next block.
func (r *logReader) fill() error {
	n, err := io.ReadFull(r.from, r.block[:])
	r.have = r.block[:n]
	r.offset += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// next gives the next record, which is valid until the one after it; io.EOF
// after the last.
func (r *logReader) next() ([]byte, error) {
	r.record = r.record[:0]
	for inside := false; ; inside = true {
		kind, payload, err := r.chunk()
		switch {
		case err == io.EOF && inside:
			return nil, fmt.Errorf("ends inside a record")
		case err != nil:
			return nil, err
		case (kind == chunkFull || kind == chunkFirst) == inside:
			return nil, fmt.Errorf("damaged before offset %d: a record begins or ends wrongly", r.place())
		case len(r.record)+len(payload) > longestRecord:
			return nil, fmt.Errorf("damaged before offset %d: a record is too long", r.place())
		}
		if kind == chunkFull {
			return payload, nil
		}
		r.record = append(r.record, payload...)
		if kind == chunkLast {
			return r.record, nil
		}
	}
}

// place is the offset of what is read next.
func (r *logReader) place() int64 { return r.offset - int64(len(r.have)) }

// chunk gives the next chunk.
func (r *logReader) chunk() (kind byte, payload []byte, err error) {
	if len(r.have) < headSize {
		for _, b := range r.have {
			if b != 0 {
				return 0, nil, fmt.Errorf("ends inside a record")
			}
		}
		if err := r.fill(); err != nil {
			return 0, nil, err
		}
		if len(r.have) == 0 {
			return 0, nil, io.EOF
		}
		if len(r.have) < headSize {
			return 0, nil, fmt.Errorf("ends inside a record")
		}
	}
	crc, n, kind := binary.LittleEndian.Uint32(r.have), int(binary.LittleEndian.Uint16(r.have[4:])), r.have[6]
	at := r.place()
	if n > len(r.have)-headSize || kind < chunkFull || kind > chunkLast {
		return 0, nil, fmt.Errorf("damaged at offset %d", at)
	}
	payload = r.have[headSize : headSize+n]
	if sum(kind, payload) != crc {
		return 0, nil, fmt.Errorf("damaged at offset %d: the CRC is wrong", at)
	}
	r.have = r.have[headSize+n:]
	return kind, payload, nil
}
