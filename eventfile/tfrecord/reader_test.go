package tfrecord

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// scripted is a file of size bytes that fails at some places.
type scripted struct {
	file  []byte
	most  int   // bytes a read gives at most, 0 for all
	bad   int64 // where reading fails with err, if that is set
	err   error
	reads int64 // bytes given
}

func (s *scripted) ReadAt(b []byte, off int64) (n int, err error) {
	if off >= int64(len(s.file)) {
		return 0, io.EOF
	}
	end := min(int64(len(s.file)), off+int64(len(b)))
	if s.most > 0 {
		end = min(end, off+int64(s.most))
	}
	if s.err != nil && end > s.bad {
		end, err = max(off, s.bad), s.err
	} else if end == int64(len(s.file)) {
		err = io.EOF // as it may, with all bytes asked for, too
	}
	s.reads += end - off
	return copy(b, s.file[off:end]), err
}

func TestShortReads(t *testing.T) {
	for _, m := range mutations() {
		for _, most := range []int{1, 2, 3, 5, 12, 13, 16, 100} {
			r := NewReader(&scripted{file: m.file, most: most}, int64(len(m.file)), Options{})
			if got := summary(compare(t, r, m.file, false)); got != m.want {
				t.Errorf("%s, %d at a time: %q, want %q", m.name, most, got, m.want)
			}
		}
	}
}

// TestReadError fails at every byte of a file: what is before it is read.
func TestReadError(t *testing.T) {
	file := join(frame("alpha"), frame(""), frame("beta"), frame("gamma"))
	for bad := range len(file) {
		src := &scripted{file: file, bad: int64(bad), err: errors.New("bad sector")}
		r := NewReader(src, int64(len(file)), Options{})
		all, err := readAll(r)
		if want := fmt.Sprintf("offset %d: bad sector", bad); err == nil || err.Error() != want || !errors.Is(err, src.err) {
			t.Errorf("%v, want %s", err, want)
		}
		var want []stretch
		for _, s := range refRead(file, false) {
			if s.off+s.n <= int64(bad) {
				want = append(want, s)
			}
		}
		if !slices.Equal(all, want) {
			t.Errorf("error at %d: read %v, want %v", bad, all, want)
		}
		src.err = nil
		if _, again := r.Next(); again != err {
			t.Errorf("then %v", again)
		}
	}
}

// TestReadErrorInSearch fails behind damage: how far that reaches is not known then.
func TestReadErrorInSearch(t *testing.T) {
	for _, m := range mutations() {
		for bad := range m.file {
			src := &scripted{file: m.file, bad: int64(bad), err: errors.New("bad sector")}
			all, err := readAll(NewReader(src, int64(len(m.file)), Options{}))
			if !errors.Is(err, src.err) {
				t.Fatalf("%s: error at %d: %v", m.name, bad, err)
			}
			want := refRead(m.file, false)
			if len(all) > len(want) || !slices.Equal(all, want[:len(all)]) {
				t.Errorf("%s: error at %d: %v, want %v", m.name, bad, all, want)
			}
		}
	}
}

func TestNoProgress(t *testing.T) {
	r := NewReader(stuck{}, 100, Options{})
	if _, err := r.Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

type stuck struct{}

func (stuck) ReadAt([]byte, int64) (int, error) { return 0, nil }

// TestShrunk reads files that have become shorter since they were opened: they end where
// they end.
func TestShrunk(t *testing.T) {
	for _, m := range mutations() {
		for _, more := range []int64{1, 15, 16, 1000, 1 << 40} {
			for _, o := range []Options{{}, {SkipDataCRC: true}} {
				r := NewReader(&scripted{file: m.file}, int64(len(m.file))+more, o)
				all, err := readAll(r)
				if err != nil {
					t.Fatal(err)
				}
				checkSum(t, all, int64(len(m.file)))
				if want := refRead(m.file, o.SkipDataCRC); !slices.Equal(all, want) {
					t.Errorf("%s and %d more: %v, want %v", m.name, more, all, want)
				}
			}
		}
	}
	// A length that fits the size, but not the file, takes no memory.
	file := join(frame("alpha"), header(1<<40), "beta")
	for _, o := range []Options{{}, {SkipDataCRC: true}} {
		all, err := readAll(NewReader(&scripted{file: file}, 1<<41, o))
		if got, want := summary(all), "alpha [21+16 truncated, 1]"; err != nil || got != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
}

// shrinking loses its end while it is read: after so many reads it has size bytes.
type shrinking struct {
	file  []byte
	after int
	size  int
}

func (s *shrinking) ReadAt(b []byte, off int64) (int, error) {
	if s.after--; s.after < 0 {
		s.file = s.file[:min(len(s.file), s.size)]
	}
	return bytes.NewReader(s.file).ReadAt(b[:min(len(b), 40)], off)
}

// TestShrinking only asks that the Reader comes to an end, and that nothing overlaps.
func TestShrinking(t *testing.T) {
	for _, m := range mutations() {
		for size := range m.file {
			for after := range 5 {
				for _, budget := range []int64{0, 1 << 30} {
					r := NewReader(&shrinking{m.file, after, size}, int64(len(m.file)), Options{})
					r.budget = budget
					all, err := readAll(r)
					if err == ErrCompressed {
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					checkSum(t, all, r.src.size)
				}
			}
		}
	}
}

// TestGrown reads a file to which something was appended since it was opened.
func TestGrown(t *testing.T) {
	file := join(frame("alpha"), frame("beta"))
	for size, want := range map[int64]string{0: "", 21: "alpha", 30: "alpha [21+9 truncated, 1]"} {
		all, err := readAll(NewReader(bytes.NewReader(file), size, Options{}))
		if got := summary(all); err != nil || got != want {
			t.Errorf("%d bytes: %s, %v; want %s", size, got, err, want)
		}
	}
}

func TestSkipDataCRC(t *testing.T) {
	a, b, c := frame("alpha"), frame("beta"), frame("gamma")
	for _, m := range []mutation{
		{"payload", flip(join(a, b, c), 34), "alpha b\x65xa gamma"},
		{"footer", flip(join(a, b, c), 40), "alpha beta gamma"},
		{"length CRC", flip(join(a, b, c), 30), "alpha [21+20 length CRC, 1] gamma"},
		{"length CRC, then a payload", flip(flip(join(a, b, c), 9), 34), "[0+41 length CRC, -1] gamma"},
		{"torn", join(a, b[:19]), "alpha [21+19 truncated, 1]"},
	} {
		f := bytes.NewReader(m.file)
		m.want = strings.ReplaceAll(m.want, "b\x65xa", payload(m.file[21:41]))
		got := compare(t, NewReader(f, f.Size(), Options{SkipDataCRC: true}), m.file, true)
		if s := summary(got); s != m.want {
			t.Errorf("%s: %q, want %q", m.name, s, m.want)
		}
	}
}

func TestCompressed(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want error
	}{
		"gzip":                           {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + strings.Repeat("x", 20), ErrCompressed},
		"zstd":                           {"\x28\xb5\x2f\xfd" + strings.Repeat("x", 20), ErrCompressed},
		"gzip, reserved flag":            {"\x1f\x8b\x08\x80\x00\x00\x00\x00\x00\x03" + strings.Repeat("x", 20), ErrCorrupt},
		"not deflate":                    {"\x1f\x8b\x07\x00\x00\x00\x00\x00\x00\x03" + strings.Repeat("x", 20), ErrCorrupt},
		"a record of a length like that": {string(header(0x00088b1f)) + "alpha", ErrTruncated},
		"behind a record":                {string(frame("alpha")) + "\x28\xb5\x2f\xfd" + strings.Repeat("x", 20), nil},
	} {
		r := NewReader(strings.NewReader(c.file), int64(len(c.file)), Options{})
		for range 2 {
			if _, err := r.Next(); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
			if c.want != ErrCompressed {
				break
			}
		}
	}
}

func TestErrors(t *testing.T) {
	for cause, want := range map[Cause]struct {
		text  string
		under error
	}{
		LengthCRC: {"offset 7: 9 bytes unreadable: length CRC", ErrCorrupt},
		DataCRC:   {"offset 7: 9 bytes unreadable: data CRC", ErrCorrupt},
		Overrun:   {"offset 7: 9 bytes unreadable: length past end", ErrCorrupt},
		Truncated: {"offset 7: 9 bytes unreadable: truncated", ErrTruncated},
		ZeroTail:  {"offset 7: 9 bytes unreadable: zeros", ErrTruncated},
		0:         {"offset 7: 9 bytes unreadable: Cause(0)", ErrCorrupt},
	} {
		var err error = &Damage{Offset: 7, Bytes: 9, Cause: cause}
		if err.Error() != want.text || !errors.Is(err, want.under) {
			t.Errorf("%q under %v, want %q under %v", err, errors.Unwrap(err), want.text, want.under)
		}
	}
}

// TestReset reads one file after the other, good and bad, with one Reader.
func TestReset(t *testing.T) {
	r := NewReader(strings.NewReader(""), 0, Options{})
	for range 2 {
		for _, m := range mutations() {
			r.Reset(bytes.NewReader(m.file), int64(len(m.file)))
			if r.Offset() != 0 {
				t.Errorf("offset %d after Reset", r.Offset())
			}
			if got := summary(compare(t, r, m.file, false)); got != m.want {
				t.Errorf("%s: %q, want %q", m.name, got, m.want)
			}
			if _, err := r.Next(); err != io.EOF {
				t.Errorf("%s: %v at the end", m.name, err)
			}
		}
	}
}

// TestAllocations: none for a record, and for a file only what a longer one needs.
func TestAllocations(t *testing.T) {
	file, _ := numbered(10000, 60)
	f := bytes.NewReader(file)
	r := NewReader(f, f.Size(), Options{})
	n := testing.AllocsPerRun(5, func() {
		r.Reset(f, f.Size())
		for {
			if _, err := r.Next(); err != nil {
				break
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
