package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
)

// found is what the arguments of a command name.
type found struct {
	store    *dirstore.Store
	runs     []eventfile.Run
	below    []eventfile.Run // those below runs that were chosen, which were not
	problems []eventfile.Problem
}

// findRuns finds the runs of the logdirs that are wanted; nil wants all.
func findRuns(ctx context.Context, args []string, wanted *chosenNames) (*found, error) {
	logdirs := dirstore.ParseLogdirs(args)
	store := dirstore.New(logdirs...)
	runs, problems, err := store.Find(ctx)
	if err != nil {
		return nil, finding(err, args, problems)
	}
	runs, below, err := wanted.among(runs)
	if err != nil {
		return nil, err
	}
	for i := range problems {
		p := &problems[i]
		p.Lost = p.Lost && (wanted == nil || mayBeWanted(logdirs, p.Path, wanted.choice.Candidate))
	}
	return &found{store, runs, below, problems}, nil
}

// strictly fails with the first place that could not be searched, as --strict
// wants it.
func (f *found) strictly(strict bool) error {
	for _, p := range f.problems {
		if strict && p.Lost {
			return p
		}
	}
	return nil
}

// withParts has the runs that may be parts of others, too, and o know which these
// are.
func (f *found) withParts(o *convert.Options) []eventfile.Run {
	if len(f.below) == 0 {
		return f.runs
	}
	parts := make(map[string]bool, len(f.below))
	for _, run := range f.below {
		parts[run.Name] = true
	}
	o.Parts = func(run string) bool { return parts[run] }
	all := slices.Concat(f.runs, f.below)
	slices.SortFunc(all, func(a, b eventfile.Run) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// mayBeWanted reports whether what is at a path is, or may hold, a run that is
// wanted. What could not be read of others is said, and no loss.
func mayBeWanted(logdirs []dirstore.Logdir, at string, wanted func(string) bool) bool {
	for _, logdir := range logdirs {
		rel, err := filepath.Rel(logdir.Path, at)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			continue
		}
		name := path.Join(logdir.Name, filepath.ToSlash(rel))
		if logdir.Name == "" && len(logdirs) > 1 { // runs are called by their paths
			name = strings.TrimLeft(path.Clean(filepath.ToSlash(at)), "./")
		}
		// It may be a run, a file of one, or a directory above one.
		if wanted(name) || wanted(path.Dir(name)) || wanted(path.Join(name, "run")) {
			return true
		}
	}
	return false
}

// finding puts an error of Find into the users' words.
func finding(err error, args []string, problems []eventfile.Problem) error {
	var failed *fs.PathError
	switch {
	case errors.Is(err, eventfile.ErrNoEventFiles) && len(problems) > 0:
		return fmt.Errorf("%s: %w; %w", quoted(args), err, problems[0])
	case errors.Is(err, eventfile.ErrNoEventFiles):
		return fmt.Errorf("%s: %w", quoted(args), err)
	case errors.As(err, &failed):
		return fmt.Errorf("%s: %w", failed.Path, failed.Err)
	}
	return err
}

func quoted(args []string) string {
	if len(args) == 1 {
		return args[0]
	}
	return fmt.Sprintf("%s and %d more", args[0], len(args)-1)
}

// bytes gives the size of all files to be read, for whoever asks.
func (f *found) bytes(ctx context.Context) func() int64 {
	return func() (n int64) {
		f.files(ctx, func(_ *eventfile.Run, file eventfile.File) { n += file.Size() })
		return n
	}
}

// writtenSince are the names of the runs of which a file was written after a
// time.
func (f *found) writtenSince(ctx context.Context, t time.Time) map[string]bool {
	recent := make(map[string]bool)
	f.files(ctx, func(run *eventfile.Run, file eventfile.File) {
		if file.ModTime().After(t) {
			recent[run.Name] = true
		}
	})
	return recent
}

// files opens the files of all runs, one after another, but for those that cannot
// be opened: who reads them says so.
func (f *found) files(ctx context.Context, look func(*eventfile.Run, eventfile.File)) {
	for i := range f.runs {
		for _, path := range f.runs[i].Files {
			if file, err := f.store.Open(ctx, path); err == nil {
				look(&f.runs[i], file)
				_ = file.Close() // it was not written to
			}
		}
	}
}
