package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tbexport/eventfile"
)

// Store finds and opens the event files of logdirs.
type Store struct {
	logdirs []Logdir
	readDir func(string) ([]fs.DirEntry, error) // os.ReadDir, but for a test that makes it hang
}

// New returns the store of logdirs.
func New(logdirs ...Logdir) *Store {
	return &Store{logdirs: logdirs, readDir: os.ReadDir}
}

// Find lists the runs. It fails where a logdir cannot be read at all, where two
// runs would have the same name, and as every store does.
func (s *Store) Find(ctx context.Context) ([]eventfile.Run, []eventfile.Problem, error) {
	type result struct {
		runs     []eventfile.Run
		problems []eventfile.Problem
		err      error
	}
	r, err := await(ctx, func() (r result, err error) {
		f := finder{ctx: ctx, readDir: s.readDir, seen: make(map[spot]string)}
		r.runs, r.err = f.find(s.logdirs)
		r.problems = f.problems
		return r, nil
	}, func(result) {})
	if err != nil {
		return nil, nil, err
	}
	return r.runs, r.problems, r.err
}

// Open opens a regular file, whether it is one of a run or not.
func (s *Store) Open(ctx context.Context, path string) (eventfile.File, error) {
	f, err := await(ctx, func() (*file, error) { return open(path) }, func(f *file) {
		if f != nil {
			_ = f.Close() // nobody is left who could be told
		}
	})
	if err == nil {
		return f, nil
	}
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return nil, fmt.Errorf("%s: %w", path, err)
}

// errNoFile refuses pipes and devices, whose opening or reading can wait for ever.
var errNoFile = errors.New("not a regular file")

// Same reports whether two paths lead to one file.
func Same(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// await gives what do gives, or ctx's error as soon as ctx ends: a file system on
// a network can keep a call waiting for ever, and no call can be taken back. What
// do gives after that goes to discard.
func await[T any](ctx context.Context, do func() (T, error), discard func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		go func() { discard((<-done).value) }()
		return none, ctx.Err()
	}
}
