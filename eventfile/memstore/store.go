// Package memstore is an eventfile.Store in memory: for tests, and for event
// files that never were on a disk.
package memstore

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"tbexport/eventfile"
)

// Store holds files by their paths below the one logdir it is, such as
// "run/events.out.tfevents.1". The zero value is empty.
type Store struct {
	mu    sync.Mutex
	files map[string]content
}

// content is what a file holds. Its bytes are never written to again.
type content struct {
	bytes    []byte
	modTime  time.Time
	unopened error // why it cannot be opened, if it cannot
}

// Write sets what a file holds, and when that was written. It does not keep data.
func (s *Store) Write(name string, data []byte, modTime time.Time) {
	s.set(name, content{bytes: bytes.Clone(data), modTime: modTime})
}

// Fail makes a file one that is there and cannot be opened, for the reason err.
func (s *Store) Fail(name string, err error) { s.set(name, content{unopened: err}) }

// Remove removes a file. Who has it open can go on reading it.
func (s *Store) Remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files, path.Clean(name))
}

func (s *Store) set(name string, c content) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = make(map[string]content)
	}
	s.files[path.Clean(name)] = c
}

// Find lists the runs. A file that cannot be opened is a problem.
func (s *Store) Find(ctx context.Context) ([]eventfile.Run, []eventfile.Problem, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var problems []eventfile.Problem
	dirs := make(map[string]*eventfile.Run)
	for _, name := range s.names() {
		dir, base := path.Dir(name), path.Base(name)
		switch err := s.files[name].unopened; {
		case !eventfile.IsEventFile(base):
			continue
		case err != nil:
			var run eventfile.Run
			run.SetName(dir, dir)
			problems = append(problems, eventfile.Problem{Path: name, Err: err, Run: run.Name, Lost: true})
			continue
		}
		if dirs[dir] == nil {
			dirs[dir] = new(eventfile.Run)
			dirs[dir].SetName(dir, dir)
		}
		dirs[dir].Add(name, base)
	}
	var runs []eventfile.Run
	for _, run := range dirs {
		runs = append(runs, *run)
	}
	slices.SortFunc(runs, func(a, b eventfile.Run) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(runs); i++ {
		if runs[i].Name == runs[i-1].Name {
			return nil, problems, fmt.Errorf("two runs are named %q", runs[i].Name)
		}
	}
	if len(runs) == 0 {
		return nil, problems, eventfile.ErrNoEventFiles
	}
	return runs, problems, nil
}

// names gives the files in byte order.
func (s *Store) names() []string {
	var names []string
	for name := range s.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Open opens a file as it is now: what is written later is not seen through it.
func (s *Store) Open(ctx context.Context, name string) (eventfile.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.files[path.Clean(name)]
	if !ok {
		c.unopened = fs.ErrNotExist
	}
	if c.unopened != nil {
		return nil, fmt.Errorf("%s: %w", name, c.unopened)
	}
	return &file{bytes.NewReader(c.bytes), c.modTime}, nil
}

// file is one that is open. Its Size is that of its bytes.
type file struct {
	*bytes.Reader
	modTime time.Time
}

func (f *file) ModTime() time.Time { return f.modTime }
func (f *file) Close() error       { return nil }
