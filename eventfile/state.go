package eventfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// State is where a walk over a run stopped, with all that is needed to go on
// from there when its files have grown: it holds nothing open, does not change,
// and serves any number of walks. The zero State is the beginning of any run.
type State struct {
	files   []fileState
	tags    []Tag    // without what is the walker's own
	aliases []string // raw tags that read as another one, each before ...
	of      []int    // ... the ID of that
	renamed int
	session sessionRule
	stats   *RunStats // nil: the zero State
}

// fileState is where the reading of one file stopped.
type fileState struct {
	stats FileStats
	// end is the offset up to which the file was read. Damage that reaches the
	// file's end does not count: it may be a record of which the rest is yet to
	// be written.
	end  int64
	last Position
	open int // damages at the end of stats that await their After
	// head and tail are the first bytes of the file and the last before end, to
	// tell it from another one in its place.
	head, tail []byte
}

// markBytes are those of head and tail.
const markBytes = 64

// ErrReplaced says that a run cannot be read on from a State because its files
// are not those of before with something appended: one is gone, was replaced or
// has become shorter, a new one comes before others, or one has grown that
// others come after. The run is to be read anew.
var ErrReplaced = errors.New("the run's files are not those it was read from before")

// State tells where the last walk stopped. It is the zero State without the
// option Resumable, and where that walk failed.
func (w *Walker) State() State {
	if !w.whole || !w.options.Resumable {
		return State{}
	}
	stats := w.stats.clone()
	stats.Files = nil
	s := State{files: slices.Clone(w.files), renamed: w.tags.renamed, session: w.session, stats: &stats}
	for i := range s.files {
		s.files[i].stats = s.files[i].stats.clone()
	}
	for _, t := range w.tags.tags {
		s.tags = append(s.tags,
			Tag{ID: t.ID, Name: t.Name, Plugin: t.Plugin, Points: t.Points, raw: t.raw, ruled: t.ruled})
	}
	for raw, t := range w.tags.byRaw {
		if raw != t.raw {
			s.aliases, s.of = append(s.aliases, raw), append(s.of, t.ID)
		}
	}
	return s
}

// Continue is Walk for a run that was read before, up to a State: it reads, and
// gives to the collectors, only what was appended since, and files that are new.
// The RunStats are those of the whole run. It fails with ErrReplaced, before
// anything is given, where what was read before does not stand any more.
func (w *Walker) Continue(ctx context.Context, from State, run Run, collectors ...Collector) (*RunStats, error) {
	w.whole, w.files = false, nil
	w.tags.reset(collectors)
	w.session = newSessionRule()
	w.stats = &RunStats{Run: run.Name}
	sources, err := w.sources(ctx, &from, run)
	w.buffer = sources
	if err != nil {
		return w.stats, err
	}
	if from.stats != nil {
		w.restore(&from, run)
	}
	defer closeAll(sources)
	return w.stats, w.walk(ctx, sources)
}

// restore takes over what the state knows but for the files.
func (w *Walker) restore(from *State, run Run) {
	stats := from.stats.clone()
	stats.Run = run.Name
	w.stats, w.session, w.tags.renamed = &stats, from.session, from.renamed
	for i := range from.tags {
		t := w.tags.next()
		takers := t.takers
		*t = from.tags[i]
		t.takers = takers
		w.tags.byRaw[t.raw] = t
		t.offer(w.tags.collectors)
	}
	for i, raw := range from.aliases {
		w.tags.byRaw[raw] = w.tags.tags[from.of[i]]
	}
}

// source is a file to be read, or to be read on.
type source struct {
	from      fileState
	unchanged bool
	file      File // nil: not open
}

func (s *source) open(ctx context.Context, store Store) (File, error) {
	if s.file != nil {
		return s.file, nil
	}
	f, err := store.Open(ctx, s.from.stats.Path)
	if err == nil {
		s.file = f
	}
	return f, err
}

// close closes the file, which was only read: an error says nothing of that.
func (s *source) close() {
	if s.file != nil {
		_ = s.file.Close()
		s.file = nil
	}
}

func closeAll(sources []source) {
	for i := range sources {
		sources[i].close()
	}
}

// sources are the files of a run. Those that the state has are looked at, and
// those of them that have grown are open.
func (w *Walker) sources(ctx context.Context, from *State, run Run) (sources []source, err error) {
	if len(run.Files) < len(from.files) {
		return nil, ErrReplaced
	}
	sources = w.buffer[:0]
	defer func() {
		if err != nil {
			closeAll(sources)
		}
	}()
	grown := false
	for i, path := range run.Files {
		if i >= len(from.files) {
			sources = append(sources, source{from: fileState{stats: FileStats{Path: path}}})
			continue
		}
		s := source{from: from.files[i]}
		s.from.stats = s.from.stats.clone()
		sources = append(sources, s)
		if err := sources[i].compare(ctx, w.store, path); err != nil {
			return sources, err
		}
		// What comes before a point decides what becomes of it.
		if grown && s.from.stats.Bytes > 0 {
			return sources, ErrReplaced
		}
		grown = grown || !sources[i].unchanged
	}
	return sources, nil
}

// compare looks whether the file is as it was, or has grown. It is left open
// then.
func (s *source) compare(ctx context.Context, store Store, path string) error {
	before := &s.from.stats
	if path != before.Path {
		return ErrReplaced
	}
	f, err := s.open(ctx, store)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && before.Err != nil && before.Bytes == 0:
		s.unchanged = true // as unreadable as it was
		return nil
	case err != nil:
		return fmt.Errorf("%w: %v", ErrReplaced, err)
	}
	size := f.Size()
	readable := before.Err != nil && (before.Bytes == 0 || size != before.Bytes) // it may be, now
	if size < before.Bytes || readable || !s.from.sameBytes(f) {
		return ErrReplaced
	}
	if s.unchanged = size == before.Bytes; s.unchanged {
		s.close()
	} else {
		s.from.forget()
	}
	return nil
}

// sameBytes reports whether a file begins with what was read of it.
func (s *fileState) sameBytes(f File) bool {
	head, tail := s.marks(f)
	return bytes.Equal(head, s.head) && bytes.Equal(tail, s.tail)
}

func (s *fileState) marks(f File) (head, tail []byte) {
	n := min(s.end, markBytes)
	head, tail = make([]byte, n), make([]byte, n)
	for _, m := range []struct {
		b  []byte
		at int64
	}{{head, 0}, {tail, s.end - n}} {
		if k, err := f.ReadAt(m.b, m.at); err != nil && (err != io.EOF || k < len(m.b)) {
			return nil, nil
		}
	}
	return head, tail
}

// state is where the reader stopped in its file.
func (r *Reader) state(f File) fileState {
	s := fileState{stats: *r.stats, last: r.last, open: r.open, end: r.stats.RecordBytes}
	for _, d := range s.stats.Damage {
		s.end += d.Bytes
	}
	for i := len(s.stats.Damage) - 1; i >= 0; i-- {
		d := s.stats.Damage[i]
		if d.Cause == CauseValue || d.Offset+d.Bytes != s.end {
			break
		}
		s.end = d.Offset
	}
	s.head, s.tail = s.marks(f)
	return s
}

// forget takes the damage back that is behind the end.
func (s *fileState) forget() {
	d := s.stats.Damage
	for len(d) > 0 && d[len(d)-1].Cause != CauseValue && d[len(d)-1].Offset >= s.end {
		d = d[:len(d)-1]
		s.open = max(0, s.open-1)
	}
	s.stats.Damage = d
}
