package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/eventfile"
)

// FileError says that a file beside the logs of a run was asked for, and could
// not be read.
type FileError struct {
	Run, Path string
	Err       error
}

func (e *FileError) Error() string {
	var failed *fs.PathError
	if err := e.Err; errors.As(err, &failed) {
		return fmt.Sprintf("run %s: %s: %v", e.Run, e.Path, failed.Err)
	}
	return fmt.Sprintf("run %s: %s: %v", e.Run, e.Path, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }

// neighbour is a file in the directory of a run, or below it, that is no event
// file.
type neighbour struct {
	file string // on this machine
	rel  string // its path below the run, with slashes
}

// neighbours finds the files beside the event files of a group, without those
// in or below the directories of other runs. Links to directories are not
// followed. What could not be read is reported.
func (g *group) neighbours(report func(*FileError)) (files []neighbour) {
	roots := g.roots()
	for dir, below := range roots {
		files = append(files, walkBeside(dir, below, g.path, roots, report)...)
	}
	slices.SortFunc(files, func(a, b neighbour) int { return strings.Compare(a.rel, b.rel) })
	return files
}

// roots are the directories of a group, each with its path from that of the
// group's run.
func (g *group) roots() map[string]string {
	roots := make(map[string]string)
	own := false
	var above string
	for _, s := range g.sources {
		below := g.below(s)
		own = own || below == ""
		for _, file := range slices.Concat(s.Run.Files, s.Run.Markers) {
			dir := filepath.Dir(file)
			roots[dir] = below
			if s.Prefix != "" && !s.folded {
				above = filepath.Dir(dir) // of train and validation, as they are merged
			}
		}
	}
	if !own && above != "" {
		roots[above] = ""
	}
	return roots
}

func walkBeside(root, below, run string, roots map[string]string, report func(*FileError)) (files []neighbour) {
	_ = filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			report(&FileError{run, at, err})
			return fs.SkipDir
		}
		if entry.IsDir() {
			if _, other := roots[at]; at != root && (other || holdsEvents(at)) {
				return fs.SkipDir
			}
			return nil
		}
		if rel, err := filepath.Rel(root, at); err == nil && !eventfile.IsEventFile(entry.Name()) {
			files = append(files, neighbour{at, path.Join(below, filepath.ToSlash(rel))})
		}
		return nil
	})
	return files
}

// holdsEvents says whether a directory is that of a run.
func holdsEvents(dir string) bool {
	names, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*tfevents*"))
	return err == nil && len(names) > 0
}

// escapeGlob is the glob of one path.
func escapeGlob(at string) string {
	if filepath.Separator == '\\' {
		return at // has no escapes; a name with a bracket is looked into
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(at)
}
