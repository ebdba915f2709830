package rows

import (
	"encoding/binary"
	"fmt"
	"os"
)

// Spool keeps pieces of bytes until they are asked for: what is more than a
// megabyte in a temporary file. The zero value keeps it in the system's directory.
type Spool struct {
	Dir  string // of the file; empty: that of the system
	file *os.File
	base int64 // of held in the file
	held []byte
	room []byte
}

const heldBytes = 1 << 20

// Add keeps a piece, and gives the place by which Get finds it.
func (s *Spool) Add(piece []byte) (at int64, err error) {
	if len(s.held) > heldBytes {
		if err := s.spill(); err != nil {
			return 0, fmt.Errorf("temporary file for a run's media: %w", err)
		}
	}
	at = s.base + int64(len(s.held))
	s.held = binary.LittleEndian.AppendUint32(s.held, uint32(len(piece)))
	s.held = append(s.held, piece...)
	return at, nil
}

func (s *Spool) spill() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp(s.Dir, "tbexport-*.media"); err != nil {
			return err
		}
		// An open file can be removed but for Windows, where Close does it.
		_ = os.Remove(s.file.Name())
	}
	if _, err := s.file.WriteAt(s.held, s.base); err != nil {
		return err
	}
	s.base += int64(len(s.held))
	s.held = s.held[:0]
	return nil
}

// Get gives a piece, which is valid until the next call.
func (s *Spool) Get(at int64) ([]byte, error) {
	const length = 4
	if at >= s.base {
		piece := s.held[at-s.base:]
		return piece[length : length+binary.LittleEndian.Uint32(piece)], nil
	}
	var head [length]byte
	_, err := s.file.ReadAt(head[:], at)
	if err == nil {
		n := int(binary.LittleEndian.Uint32(head[:]))
		if cap(s.room) < n {
			s.room = make([]byte, n)
		}
		s.room = s.room[:n]
		_, err = s.file.ReadAt(s.room, at+length)
	}
	if err != nil {
		return nil, fmt.Errorf("temporary file for a run's media: %w", err)
	}
	return s.room, nil
}

// Close removes the file.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	err := remove(s.file)
	s.file = nil
	return err
}

// remove closes a temporary file, and removes it where it is still there.
func remove(file *os.File) error {
	err := file.Close()
	if rm := os.Remove(file.Name()); rm != nil && !os.IsNotExist(rm) && err == nil {
		err = rm
	}
	return err
}
