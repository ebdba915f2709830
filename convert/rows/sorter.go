package rows

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// point is one point on its way into a row.
type point struct {
	step        int64
	wall, value float64
	series      int32 // index
}

// sorter takes points series by series, and gives them by step; at one step by
// series, and of one series in the order they came.
type sorter struct {
	limit  int // points held
	dir    string
	points []point
	starts []int // of stretches in points that do not go back and are of one series
	file   *os.File
	blocks []int64 // where each block of the file ends
	out    *bufio.Writer
}

// defaultLimit is how many points a sorter holds.
const defaultLimit = 1 << 19

const pointBytes = 28

// add takes a point. Those of one series come together.
func (s *sorter) add(p point) error {
	if len(s.points) == s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	if n := len(s.points); n == 0 || s.points[n-1].series != p.series || s.points[n-1].step > p.step {
		s.starts = append(s.starts, n)
	}
	s.points = append(s.points, p)
	return nil
}

// spill writes the points that are held to the file, sorted.
func (s *sorter) spill() error {
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "tbexport-*.rows")
		if err != nil {
			return fmt.Errorf("temporary file for a long run: %w", err)
		}
		// An open file can be removed but for Windows, where close does it.
		_ = os.Remove(file.Name())
		s.file, s.out = file, bufio.NewWriterSize(file, 256<<10)
	}
	var b [pointBytes]byte
	err := merge(s.held(nil), func(p *point) error {
		binary.LittleEndian.PutUint64(b[:], uint64(p.step))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(p.wall))
		binary.LittleEndian.PutUint64(b[16:], math.Float64bits(p.value))
		binary.LittleEndian.PutUint32(b[24:], uint32(p.series))
		_, err := s.out.Write(b[:])
		return err
	})
	if err != nil {
		return fmt.Errorf("temporary file for a long run: %w", err)
	}
	end := int64(len(s.points)) * pointBytes
	if n := len(s.blocks); n > 0 {
		end += s.blocks[n-1]
	}
	s.blocks = append(s.blocks, end)
	s.points, s.starts = s.points[:0], s.starts[:0]
	return nil
}

// held adds streams of the stretches that are held.
func (s *sorter) held(streams []*stream) []*stream {
	for i, start := range s.starts {
		end := len(s.points)
		if i+1 < len(s.starts) {
			end = s.starts[i+1]
		}
		streams = append(streams, &stream{window: s.points[start:end]})
	}
	return streams
}

// each calls f for every point in order.
func (s *sorter) each(f func(*point) error) error {
	var streams []*stream
	begin := int64(0)
	if s.file != nil {
		if err := s.out.Flush(); err != nil {
			return fmt.Errorf("temporary file for a long run: %w", err)
		}
	}
	for _, end := range s.blocks {
		streams = append(streams, &stream{file: io.NewSectionReader(s.file, begin, end-begin)})
		begin = end
	}
	return merge(s.held(streams), f)
}

// close removes the file.
func (s *sorter) close() error {
	if s.file == nil {
		return nil
	}
	return remove(s.file)
}

// stream gives points that are in order.
type stream struct {
	window []point // the next ones
	file   *io.SectionReader
	bytes  []byte
	room   []point
}

// windowPoints is how many points of a block are read at a time.
const windowPoints = 1 << 10

// fill makes sure that the window holds a point, unless there are no more.
func (s *stream) fill() error {
	if len(s.window) > 0 || s.file == nil {
		return nil
	}
	if s.bytes == nil {
		s.bytes, s.room = make([]byte, windowPoints*pointBytes), make([]point, windowPoints)
	}
	n, err := io.ReadFull(s.file, s.bytes)
	switch {
	case errors.Is(err, io.EOF):
		s.file = nil
		return nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("temporary file for a long run: %w", err)
	}
	s.window = s.room[:n/pointBytes]
	for i := range s.window {
		b := s.bytes[i*pointBytes:]
		s.window[i] = point{
			step: int64(binary.LittleEndian.Uint64(b)), series: int32(binary.LittleEndian.Uint32(b[24:])),
			wall:  math.Float64frombits(binary.LittleEndian.Uint64(b[8:])),
			value: math.Float64frombits(binary.LittleEndian.Uint64(b[16:])),
		}
	}
	return nil
}
