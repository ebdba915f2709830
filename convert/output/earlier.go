package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// An earlierOutput is what a directory held when it was begun anew: files that are proven to be an earlier output.
type earlierOutput map[string]fileState // by path relative to the directory, with slashes

// A fileState tells whether a file was changed since it was looked at.
type fileState struct {
	info fs.FileInfo
	size int64
	time time.Time
}

func stateOf(info fs.FileInfo) fileState { return fileState{info, info.Size(), info.ModTime()} }

func (s fileState) same(info fs.FileInfo) bool {
	return os.SameFile(s.info, info) && s.size == info.Size() && s.time.Equal(info.ModTime())
}

// findEarlier looks at everything in a directory. It fails at the first thing that is not proven to be an earlier
// output.
func findEarlier(dir, shown string, o DirOptions) (earlierOutput, error) {
	found, listed := make(earlierOutput), byPath(listedIn(dir))
	err := eachEntry(dir, func(name string, info fs.FileInfo) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if !info.Mode().IsRegular() || !o.proves(path, name, listed) {
			return fmt.Errorf("%s: not overwritten, since it holds %s, which is not an earlier output", shown, name)
		}
		found[name] = stateOf(info)
		return nil
	})
	return found, err
}

// proves reports whether a file is an earlier output.
func (o DirOptions) proves(path, name string, listed map[string][]manifestFile) bool {
	if name == ManifestName {
		return listed != nil
	}
	if states := listed[name]; states != nil {
		return slices.ContainsFunc(states, func(f manifestFile) bool {
			file, err := os.Open(path)
			return err == nil && f.proves(file)
		})
	}
	return o.Signed != nil && o.Signed(path, name) || listed == nil && o.Unlisted != nil && o.Unlisted(path, name)
}

// eachEntry calls f for everything below dir but directories that are not empty, by path relative to dir.
func eachEntry(dir string, f func(name string, info fs.FileInfo) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		if d.IsDir() {
			if inside, err := os.ReadDir(path); err != nil || len(inside) > 0 {
				return err
			}
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if err := f(filepath.ToSlash(name), info); err != nil || !d.IsDir() {
			return err
		}
		return fs.SkipDir // it may be gone
	})
}

// clashes says what came into dir while its replacement was written and stands where that has something too.
func (e earlierOutput) clashes(dir, replacement string) error {
	return eachEntry(dir, func(name string, info fs.FileInfo) error {
		if state, ok := e[name]; ok && state.same(info) {
			return nil
		}
		there, err := os.Lstat(filepath.Join(replacement, filepath.FromSlash(name)))
		if err != nil || there.IsDir() && info.IsDir() {
			return nil
		}
		return fmt.Errorf("%s %w", name, ErrMeanwhile)
	})
}

// retire removes the earlier output in old, which replacement has replaced, and moves everything else to where it was,
// in replacement. It returns what it has moved.
func (e earlierOutput) retire(old, replacement string) (kept []string, err error) {
	err = eachEntry(old, func(name string, info fs.FileInfo) error {
		if state, ok := e[name]; ok && state.same(info) {
			return nil
		}
		kept = append(kept, name)
		return moveBack(old, replacement, filepath.FromSlash(name), info)
	})
	slices.Sort(kept)
	if err != nil {
		return kept, err
	}
	return kept, e.remove(old)
}

// remove removes a directory in which nothing else is left. Who finds it marked may go on where this one is killed.
func (e earlierOutput) remove(dir string) error {
	held, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer held.release()
	for name, state := range e {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if info, err := os.Lstat(path); err == nil && state.same(info) {
			_ = os.Remove(path) // an error shows at the directory
		}
		removeEmpty(filepath.Dir(path), dir)
	}
	return errors.Join(os.Remove(filepath.Join(dir, underWay)), os.Remove(dir))
}

// moveBack moves one entry from old to where it was, and never over another.
func moveBack(old, replacement, name string, info fs.FileInfo) error {
	from, to := filepath.Join(old, name), filepath.Join(replacement, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	if info.IsDir() {
		if err := os.Mkdir(to, info.Mode().Perm()); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := os.Remove(from); err != nil {
			return err
		}
	} else if err := moveNew(from, to); err != nil {
		return err
	}
	removeEmpty(filepath.Dir(from), old)
	return nil
}

// removeEmpty removes dir and the directories above it, up to root, as long as they are empty.
func removeEmpty(dir, root string) {
	for dir != root && os.Remove(dir) == nil {
		dir = filepath.Dir(dir)
	}
}

// moveNew renames a file, unless there is something of its new name.
func moveNew(from, to string) error {
	// A link, unlike a rename, never replaces anything; but not all file systems have links.
	err := os.Link(from, to)
	switch {
	case err == nil:
		return os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return fs.ErrExist
	}
	return os.Rename(from, to)
}
