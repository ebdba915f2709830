package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
)

// found is what the arguments of a command name.
type found struct {
	store    *dirstore.Store
	runs     []eventfile.Run
	problems []eventfile.Problem
}

// findRuns finds the runs of the logdirs that are wanted; nil wants all.
func findRuns(ctx context.Context, args []string, wanted *chosenNames) (*found, error) {
	store := dirstore.New(dirstore.ParseLogdirs(args)...)
	runs, problems, err := store.Find(ctx)
	if err != nil {
		return nil, finding(err, args, problems)
	}
	if runs, err = wanted.among(runs); err != nil {
		return nil, err
	}
	return &found{store, runs, problems}, nil
}

// finding puts an error of Find into the users' words.
func finding(err error, args []string, problems []eventfile.Problem) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, eventfile.ErrNoEventFiles) && len(problems) > 0:
		return fmt.Errorf("%s: %w; %w", quoted(args), err, problems[0])
	case errors.Is(err, eventfile.ErrNoEventFiles):
		return fmt.Errorf("%s: %w", quoted(args), err)
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return err
}

func quoted(args []string) string {
	if len(args) == 1 {
		return args[0]
	}
	return fmt.Sprintf("%s and %d more", args[0], len(args)-1)
}

// bytes is the size of all files to be read.
func (f *found) bytes() (n int64) {
	for _, run := range f.runs {
		for _, path := range run.Files {
			if info, err := os.Stat(path); err == nil {
				n += info.Size()
			}
		}
	}
	return n
}
