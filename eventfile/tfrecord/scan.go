package tfrecord

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// scanWindow is how much the scanner reads at once.
const scanWindow = 256 << 10

// scanner finds records in bytes whose framing is lost, in one pass.
//
// It looks at every offset as a header. One that holds is a candidate, and whether the
// payload behind it holds is known once the pass has come to the payload's end:
//
//	        next                     the bytes up to here were looked at as headers
//	          v
//	--+------+--------------------------------------+------+--
//	  |header|               payload                |footer|
//	--+------+--------------------------------------+------+--
//	         ^                                      ^
//	   CRC of all bytes                     CRC of all bytes
//	   up to here is kept                   up to here
//
// As a CRC is linear, the payload's follows from the two: nothing is read again, however
// many candidates claim the same bytes. The first candidate that holds is the answer as
// soon as no earlier one is undecided. Candidates found behind it are kept, so that the
// next search goes on where this one stopped, and no byte is scanned twice in a file.
type scanner struct {
	win   window
	next  int64 // every offset before it was looked at as a header
	cands candidates

	// crc is that of the bytes from some offset to crcEnd. It is not kept up while
	// there is no candidate whose payload's end is ahead.
	crc    uint32
	crcEnd int64

	// zeros is where the zero bytes begin that end at seen, to which bytes were read.
	zeros, seen int64
}

// reset makes the scanner ready for another file.
func (s *scanner) reset(src *source) {
	s.win.src = src
	s.win.reset(0)
	s.seen = -1
	s.start(0)
}

// start begins a new pass at off.
func (s *scanner) start(off int64) {
	s.next = off
	s.cands.reset()
	if off > s.seen {
		s.zeros, s.seen = off, off
	}
}

// find returns the smallest offset, from on, of a record that is whole and good. If
// there is none, the file has been read to its end, and zeros says where its last zero
// bytes begin. From one call to the next on the same file, from must not decrease.
func (s *scanner) find(from int64) (off int64, found bool, err error) {
	if from > s.next {
		s.start(from)
	}
	s.win.grow(min(s.win.src.size, scanWindow))
	for {
		c := s.cands.first(from)
		if c != nil && c.state == good {
			return c.off, true, nil
		}
		b, err := s.load()
		if err != nil {
			return 0, false, err
		}
		if len(b) < frameLen {
			// Candidates that are left can only be those of a file that has
			// become shorter.
			if c == nil {
				return 0, false, nil
			}
			c.state = bad
			continue
		}
		s.step(b)
	}
}

// holds tells whether the record at off is whole and good. It must not be before what the
// last call of find found. If there is no room for the candidates on the way to its end,
// the answer is no.
func (s *scanner) holds(off int64) (bool, error) {
	for {
		c := s.cands.find(off)
		switch {
		case c != nil && c.state != open:
			return c.state == good, nil
		case c == nil && s.next > off, s.cands.full():
			return false, nil
		}
		b, err := s.load()
		if err != nil || len(b) < frameLen {
			return false, err
		}
		s.step(b)
	}
}

// step looks at the bytes b, from next on, up to the next candidate or to the end of a
// candidate's payload, or to the last offset at which b has a whole frame.
func (s *scanner) step(b []byte) {
	base := s.next
	n := len(b) - frameLen + 1 // offsets to look at
	end, pending := s.cands.nextEnd()
	if pending {
		n = int(min(int64(n), end-headerLen-base+1))
	}
	i := findHeader(b, n, uint64(s.win.src.size-base-frameLen))
	s.next += int64(i)
	if i < n {
		payload := s.next + headerLen
		if !pending {
			s.crc, s.crcEnd = 0, payload
		}
		s.sum(payload)
		length := binary.LittleEndian.Uint64(b[i:])
		s.cands.add(s.next, payload+int64(length), s.crc)
		s.next++
		end, pending = s.cands.nextEnd()
	}
	if pending && end < s.next+headerLen {
		s.sum(end)
		s.cands.decide(end, s.crc, binary.LittleEndian.Uint32(b[end-base:]))
	}
}

// sum takes the CRC on to end, which is in the window.
func (s *scanner) sum(end int64) {
	if end > s.crcEnd {
		s.crc = crc32.Update(s.crc, castagnoli, s.win.buf[s.crcEnd-s.win.base:end-s.win.base])
		s.crcEnd = end
	}
}

// load returns the bytes from next on: a frame at least, unless the file ends.
func (s *scanner) load() ([]byte, error) {
	size := s.win.src.size
	if i := s.next - s.win.base; i+frameLen > int64(len(s.win.buf)) && s.seen < size {
		if err := s.slide(); err != nil {
			return nil, err
		}
		size = s.win.src.size
	}
	i := s.next - s.win.base
	end := min(int64(len(s.win.buf)), size-s.win.base)
	if i >= end {
		return nil, nil
	}
	return s.win.buf[i:end], nil
}

// slide moves the window to next.
func (s *scanner) slide() error {
	if _, pending := s.cands.nextEnd(); pending {
		s.sum(s.next)
	}
	b, err := s.win.at(s.next, int(min(frameLen, s.win.src.size-s.next)))
	if fresh := b[s.seen-s.next:]; len(fresh) > 0 {
		if data := len(bytes.TrimRight(fresh, "\x00")); data > 0 {
			s.zeros = s.seen + int64(data)
		}
		s.seen += int64(len(fresh))
	}
	return err
}

// findHeader returns the first of the n first offsets in b at which there is a header,
// or n. A length of more than limit bytes, less the offset, would reach past the end of
// the file. This is the loop that long damage spends its time in; nearly every offset
// fails by its length alone. The bytes behind the n offsets are those of a frame.
func findHeader(b []byte, n int, limit uint64) int {
	// A byte too high for any length rules out as many offsets as it is too high by.
	stride := max(1, lengthLen-(bits.Len64(limit)+7)/8)
	for i := 0; i < n; {
		if b[i+lengthLen-1] != 0 {
			i += stride
			continue
		}
		length := binary.LittleEndian.Uint64(b[i:])
		rest := binary.LittleEndian.Uint64(b[i+lengthLen:])
		if length|rest == 0 {
			// The CRC of the length 0 is not zero. Sixteen zero bytes rule out
			// all the offsets at which length and CRC are among them.
			i += frameLen - headerLen + 1
			continue
		}
		if length <= limit && lengthCRC(length) == uint32(rest) && length <= limit-uint64(i) {
			return i
		}
		i++
	}
	return n
}
