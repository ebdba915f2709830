package eventfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Logdir is a directory tree of runs, or a single event file.
type Logdir struct {
	Name string // put before the names of its runs; empty: nothing is
	Path string
}

// ParseLogdir reads the form PATH or NAME=PATH. What exists as it is written
// is a path, whatever signs it contains.
func ParseLogdir(arg string) Logdir {
	name, path, ok := strings.Cut(arg, "=")
	if ok && name != "" && !strings.ContainsRune(name, filepath.Separator) {
		if _, err := os.Lstat(arg); err != nil {
			return Logdir{Name: name, Path: path}
		}
	}
	return Logdir{Path: arg}
}

var (
	errLoop   = errors.New("a link back to a directory above it, not followed")
	errNoFile = errors.New("not a regular file")
)

// Find lists the runs of the logdirs in byte order of their names, with what
// it had to pass over. Directories are searched to any depth; symbolic links
// are followed, but not back into a directory on the way to themselves. It
// fails where a logdir cannot be read at all, where two runs would have the
// same name, and with ErrNoEventFiles.
func Find(logdirs ...Logdir) ([]Run, []Problem, error) {
	var f finder
	for _, l := range logdirs {
		if err := f.logdir(l); err != nil {
			return nil, f.problems, err
		}
	}
	sort.SliceStable(f.runs, func(i, j int) bool { return f.runs[i].Name < f.runs[j].Name })
	for i := 1; i < len(f.runs); i++ {
		if a, b := f.runs[i-1], f.runs[i]; a.Name == b.Name {
			return nil, f.problems, fmt.Errorf("two runs are named %q (%s and %s): give the logdirs names, as in a=DIR b=DIR",
				a.Name, a.dir, b.dir)
		}
	}
	if len(f.runs) == 0 {
		return nil, f.problems, ErrNoEventFiles
	}
	return f.runs, f.problems, nil
}

type finder struct {
	runs     []Run
	problems []Problem
}

func (f *finder) logdir(l Logdir) error {
	info, err := os.Stat(l.Path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		entries, err := os.ReadDir(l.Path)
		if err != nil {
			return err
		}
		f.directory(l, ".", entries, []fs.FileInfo{info})
		return nil
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: neither a directory nor a regular file", l.Path)
	}
	f.add(l, ".", l.Path, Run{Files: []string{l.Path}})
	return nil
}

// directory searches the directory rel of l. above are the directories on the
// way to it, itself included: a link to one of them is a loop.
func (f *finder) directory(l Logdir, rel string, entries []fs.DirEntry, above []fs.FileInfo) {
	var run Run
	for _, e := range entries {
		path := filepath.Join(l.Path, rel, e.Name())
		mode := e.Type()
		var info fs.FileInfo
		if mode&fs.ModeSymlink != 0 {
			var err error
			if info, err = os.Stat(path); err != nil {
				// A link that leads nowhere hides a run only if its name says so.
				if IsEventFile(e.Name()) || errors.Is(err, fs.ErrPermission) {
					f.problem(path, err)
				}
				continue
			}
			mode = info.Mode().Type()
		}
		switch {
		case mode.IsDir():
			f.subdirectory(l, filepath.Join(rel, e.Name()), info, above)
		case !IsEventFile(e.Name()):
		case !mode.IsRegular():
			f.problem(path, errNoFile)
		default:
			run.Add(path, e.Name())
		}
	}
	if len(run.Files)+len(run.Markers) > 0 {
		f.add(l, rel, filepath.Join(l.Path, rel), run)
	}
}

func (f *finder) subdirectory(l Logdir, rel string, info fs.FileInfo, above []fs.FileInfo) {
	path := filepath.Join(l.Path, rel)
	if info == nil {
		var err error
		if info, err = os.Stat(path); err != nil {
			f.problem(path, err)
			return
		}
	}
	for _, a := range above {
		if os.SameFile(a, info) {
			f.problem(path, errLoop)
			return
		}
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		f.problem(path, err)
	}
	f.directory(l, rel, entries, append(above[:len(above):len(above)], info))
}

func (f *finder) add(l Logdir, rel, dir string, run Run) {
	name := filepath.ToSlash(rel)
	if l.Name != "" {
		name = l.Name + "/" + name
	}
	// ReadDir sorts by name; a join with the same directory keeps that order.
	run.SetName(name, filepath.ToSlash(rel))
	run.dir = dir
	f.runs = append(f.runs, run)
}

func (f *finder) problem(path string, err error) {
	// The path stands in Problem; the *PathError would say it again.
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	f.problems = append(f.problems, Problem{path, err, err != errLoop && err != errNoFile})
}
