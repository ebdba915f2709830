package convert

import (
	"errors"
	"iter"
)

// errStopped is what Series yields a reader after another one failed.
var errStopped = errors.New("another reader of the run failed")

// Share gives one run to several readers, each of which ranges over Series as if
// the run were its alone: every chunk goes to all of them before the next one is
// read. It fails with the first error of a reader.
func Share(in *Input, readers ...func(*Input) error) error {
	s := sharing{}
	for _, read := range readers {
		r := &sharer{sharing: &s, input: *in}
		r.input.series = r.series
		// A reader is a coroutine that waits for each chunk.
		step, stop := iter.Pull(func(wait func(struct{}) bool) {
			r.wait = wait
			r.err = read(&r.input)
		})
		defer stop()
		r.step = step
		s.all = append(s.all, r)
	}
	if err := s.step(); err != nil { // up to where each wants its first chunk
		return err
	}
	for s.chunk, s.err = range in.Series() {
		if err := s.step(); err != nil {
			return err
		}
	}
	s.ended = true
	return s.step()
}

// sharing is one run under several readers.
type sharing struct {
	all   []*sharer
	chunk *Chunk
	err   error // of the series
	ended bool
}

// sharer is one reader of a shared run.
type sharer struct {
	sharing *sharing
	input   Input
	step    func() (struct{}, bool) // goes on to where it wants a chunk; false: to its end
	wait    func(struct{}) bool     // in the reader: until there is a chunk; false: never
	err     error                   // what it returned
	done    bool
}

// step lets each reader that is not done take the chunk, or learn of the end.
func (s *sharing) step() error {
	for _, r := range s.all {
		for more := true; more && !r.done; more = s.ended {
			if _, ok := r.step(); !ok {
				r.done = true
			}
		}
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// series is what a reader ranges over.
func (r *sharer) series(yield func(*Chunk, error) bool) {
	s := r.sharing
	for !s.ended {
		if !r.wait(struct{}{}) {
			yield(nil, errStopped)
			return
		}
		if s.ended {
			return
		}
		if !yield(s.chunk, s.err) || s.err != nil {
			return
		}
	}
}
