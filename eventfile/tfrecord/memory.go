package tfrecord

import (
	"sync"
	"weak"
)

// A Memory is where readers have room for long records: what one of them does not need any
// more, the next one takes. It keeps nothing from the garbage collector. The zero value is
// ready, and safe for concurrent use; a nil one passes nothing on.
type Memory struct {
	mutex sync.Mutex
	idle  []weak.Pointer[[]byte]
}

// take gives an empty slice with room for n bytes; if it is made for them, with room for
// some more, as the next record may be a little longer.
func (m *Memory) take(n, more int64) []byte {
	if m == nil || n <= mostKept {
		return make([]byte, 0, n+more)
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	kept := m.idle[:0]
	var found []byte
	for _, p := range m.idle {
		switch b := p.Value(); {
		case b == nil: // it was collected
		case found == nil && int64(cap(*b)) >= n:
			found = (*b)[:0]
		default:
			kept = append(kept, p)
		}
	}
	m.idle = kept
	if found == nil {
		found = make([]byte, 0, n+more)
	}
	return found
}

// Give passes on the memory of a long record, to which nothing may refer any more.
func (m *Memory) Give(b []byte) {
	if m == nil || cap(b) <= mostKept {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.idle = append(m.idle, weak.Make(&b))
}
