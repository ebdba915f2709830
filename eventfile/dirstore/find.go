package dirstore

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/eventfile"
)

// finder is one search. It takes the directories in the order of their rank, so
// that the first way to a directory is the one that it is read by.
type finder struct {
	ctx      context.Context
	readDir  func(string) ([]fs.DirEntry, error)
	roots    []*root
	queue    queue
	seen     map[spot]string // each directory and file taken -> the path it was taken by
	runs     []foundRun
	ends     []*place // the ways that runs were found by
	again    []*place // those that lost
	loops    []eventfile.Problem
	problems []eventfile.Problem
}

// spot is a directory or file by its path without links, in the logdirs of one
// name: who names a directory twice wants it twice.
type spot struct{ logdir, real string }

// foundRun is a run and the path of its directory, or of the file that it is.
type foundRun struct {
	eventfile.Run
	given string
}

func (f *finder) find(logdirs []Logdir) ([]eventfile.Run, error) {
	for _, l := range logdirs {
		r, err := newRoot(l, len(logdirs) > 1)
		if err != nil {
			return nil, err
		}
		f.roots = append(f.roots, r)
		if r.dir {
			f.queue = append(f.queue, newPlace(r))
		}
	}
	heap.Init(&f.queue)
	for f.queue.Len() > 0 {
		if err := f.ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.take(heap.Pop(&f.queue).(*place)); err != nil {
			return nil, err
		}
	}
	f.files()
	f.tellLinks()
	return f.finish()
}

// take searches a directory, unless that was done.
func (f *finder) take(p *place) error {
	if by, ok := f.seen[p.spot()]; ok {
		switch {
		case p.up != nil && within(p.up.real, p.real):
			f.loops = append(f.loops, p.problem(p.path, errLoop))
		case by != p.path:
			f.again = append(f.again, p)
		}
		return nil
	}
	f.seen[p.spot()] = p.path
	entries, err := f.readDir(p.path)
	if err != nil {
		if p.rel == "." {
			return err
		}
		f.unreadable(p, p.path, err)
	}
	var run eventfile.Run
	for _, e := range entries {
		f.entry(p, e, &run)
	}
	if len(run.Files)+len(run.Markers) > 0 {
		f.add(p.root, filepath.ToSlash(p.rel), foundRun{run, filepath.Clean(p.path)})
		f.ends = append(f.ends, p)
	}
	return nil
}

// entry takes one entry of the directory p. run is that of p.
func (f *finder) entry(p *place, e fs.DirEntry, run *eventfile.Run) {
	mode := e.Type()
	link := mode&fs.ModeSymlink != 0
	if !link && !mode.IsDir() && !eventfile.IsEventFile(e.Name()) {
		return
	}
	path, real := join(p.path, e.Name()), ""
	if link || mode.IsDir() {
		real = join(p.real, e.Name())
	}
	if link {
		info, err := os.Stat(path)
		if err == nil {
			mode = info.Mode().Type()
			real, err = filepath.EvalSymlinks(real)
		}
		if err != nil {
			// A link that leads nowhere hides a run only if its name says so.
			if eventfile.IsEventFile(e.Name()) || errors.Is(err, fs.ErrPermission) {
				f.unreadable(p.at(e.Name()), path, err)
			}
			return
		}
	}
	switch {
	case mode.IsDir():
		heap.Push(&f.queue, p.child(e.Name(), real, link))
	case !eventfile.IsEventFile(e.Name()):
	case !mode.IsRegular():
		f.problems = append(f.problems, p.problem(path, errNoFile))
	case link && !f.inside(real) && !f.holdsEvent(path):
		f.problems = append(f.problems, p.problem(path, errNoEvent))
	default:
		run.Add(path, e.Name())
	}
}

// inside reports whether a real path lies in one of the logdirs.
func (f *finder) inside(real string) bool {
	return slices.ContainsFunc(f.roots, func(r *root) bool { return within(real, r.real) })
}

// files takes the logdirs that are files, but for those that stand in a run.
func (f *finder) files() {
	for _, r := range f.roots {
		if r.dir {
			continue
		}
		by, ok := f.seen[spot{r.Name, r.real}]
		if dir, found := f.seen[spot{r.Name, filepath.Dir(r.real)}]; found &&
			eventfile.IsEventFile(filepath.Base(r.real)) {
			by, ok = filepath.Join(dir, filepath.Base(r.real)), true
		}
		if ok {
			if by != filepath.Clean(r.Path) {
				f.problems = append(f.problems,
					newPlace(r).problem(r.Path, fmt.Errorf("the same file as %s, read once", by)))
			}
			continue
		}
		f.seen[spot{r.Name, r.real}] = filepath.Clean(r.Path)
		f.add(r, ".", foundRun{eventfile.Run{Files: []string{r.Path}}, r.Path})
	}
}

func (f *finder) add(r *root, rel string, run foundRun) {
	run.SetName(r.name(rel), below(r.identity, rel))
	f.runs = append(f.runs, run)
}

// finish gives the runs in order.
func (f *finder) finish() ([]eventfile.Run, error) {
	slices.SortFunc(f.problems, func(a, b eventfile.Problem) int { return strings.Compare(a.Path, b.Path) })
	slices.SortStableFunc(f.runs, func(a, b foundRun) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.given, b.given))
	})
	runs := make([]eventfile.Run, len(f.runs))
	for i, r := range f.runs {
		if runs[i] = r.Run; i > 0 && f.runs[i-1].Name == r.Name {
			return nil, fmt.Errorf("two runs are named %q (%s and %s): give the logdirs names, as in a=DIR b=DIR",
				r.Name, f.runs[i-1].given, r.given)
		}
	}
	if len(runs) == 0 {
		return nil, eventfile.ErrNoEventFiles
	}
	return runs, nil
}

// unreadable notes what could not be read, at or in p.
func (f *finder) unreadable(p *place, path string, err error) {
	// The path stands in Problem; the *PathError would say it again.
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	problem := p.problem(path, err)
	problem.Lost = true
	f.problems = append(f.problems, problem)
}
