package tfrecord

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	var file bytes.Buffer
	w := NewWriter(&file)
	var payloads []string
	for _, n := range []int{0, 1, 60, 255, 256, 1 << 16, bufferSize - frameLen, bufferSize - frameLen + 1,
		0, bufferSize - 1, bufferSize, 3*bufferSize + 5, 2 * bufferSize, 7} {
		p := garbage(n, uint64(n))
		payloads = append(payloads, string(p))
		if err := w.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	f := bytes.NewReader(file.Bytes())
	for _, o := range []Options{{}, {SkipDataCRC: true}} {
		all, err := readAll(NewReader(f, f.Size(), o))
		if err != nil {
			t.Fatal(err)
		}
		checkSum(t, all, f.Size())
		for i, s := range all {
			if s.cause != 0 || s.payload != payloads[i] {
				t.Errorf("%v: record %d: %v, want %d bytes", o, i, s, len(payloads[i]))
			}
		}
	}
}

// pieces is a writer that takes the first n writes, and of the next one part bytes.
type pieces struct {
	got  []string
	n    int
	part int
	err  error
}

func (p *pieces) Write(b []byte) (int, error) {
	if len(p.got) == p.n {
		p.got = append(p.got, string(b[:p.part]))
		return p.part, p.err
	}
	p.got = append(p.got, string(b))
	return len(b), nil
}

func TestWriterWritesRecordsWhole(t *testing.T) {
	p := &pieces{n: 9}
	w := NewWriter(p)
	for _, s := range []string{"alpha", "", "beta"} {
		if err := w.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{string(frame("alpha")), string(frame("")), string(frame("beta"))}; strings.Join(p.got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", p.got, want)
	}
}

func TestWriterStopsAtError(t *testing.T) {
	full := errors.New("disk full")
	for _, c := range []struct{ give, want error }{{full, full}, {nil, io.ErrShortWrite}} {
		p := &pieces{n: 1, part: 3, err: c.give}
		w := NewWriter(p)
		for i, want := range []error{nil, c.want, c.want} {
			if err := w.Write([]byte("alpha")); err != want {
				t.Errorf("write %d: %v, want %v", i, err, want)
			}
		}
		if len(p.got) != 2 {
			t.Errorf("written: %q", p.got)
		}
	}
}
