package memstore

import (
	"errors"
	"testing"
	"time"

	"tbexport/eventfile/storetest"
)

func open(*testing.T) *storetest.Logdir {
	s, now := new(Store), time.Unix(1700000000, 0)
	return &storetest.Logdir{
		Store: s,
		Path:  func(name string) string { return name },
		Write: func(name string, content []byte) {
			now = now.Add(time.Second)
			s.Write(name, content, now)
		},
		Remove: s.Remove,
		Fail:   func(name string) { s.Fail(name, errors.New("no answer")) },
	}
}

func TestStore(t *testing.T) { storetest.Run(t, open) }

func TestNotUTF8(t *testing.T) { storetest.NotUTF8(t, open) }

// TestCounter counts what is read, and no more.
func TestCounter(t *testing.T) {
	l := open(t)
	l.Write("tfevents", make([]byte, 100))
	c := storetest.Counter{Store: l.Store}
	f, err := c.Open(t.Context(), "tfevents")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.ReadAt(make([]byte, 30), 0)
	_, _ = f.ReadAt(make([]byte, 30), 90)
	if c.Opened() != 1 || c.Bytes() != 40 {
		t.Errorf("%d files, %d bytes", c.Opened(), c.Bytes())
	}
	if c.Reset(); c.Opened() != 0 || c.Bytes() != 0 {
		t.Error("not reset")
	}
}
