package tfrecord

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // but where it is called
	const long = mostKept + 1
	m := new(Memory)
	b := m.take(long, 0)[:long]
	m.Give(b)
	if again := m.take(long+1, 0); &again[:1][0] == &b[0] {
		t.Error("too little memory was given")
	}
	if again := m.take(long-1, 0); cap(again) >= mostKept && &again[:1][0] == &b[0] {
		t.Error("a record that is not long took that of a long one")
	}
	again := m.take(long, 0)
	if len(again) != 0 || &again[:1][0] != &b[0] {
		t.Error("memory that was given back was not passed on")
	}
	if other := m.take(long, 0); &other[:1][0] == &b[0] {
		t.Error("memory was passed on twice")
	}
	m.Give(b)
	runtime.KeepAlive(b)
	b, again = nil, nil
	runtime.GC()
	if m.take(long, 0); len(m.idle) != 0 {
		t.Error("idle memory was kept from the collector")
	}
	m.Give(make([]byte, mostKept))
	if len(m.idle) != 0 {
		t.Error("the memory of a record that is not long was kept")
	}
	var none *Memory
	none.Give(make([]byte, long))
	if b := none.take(long, 0); cap(b) < long {
		t.Errorf("%d bytes, not %d", cap(b), long)
	}
}
