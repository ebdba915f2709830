package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir is an output directory under way.
type Dir struct {
	path, temp string
}

// CreateDir begins the directory path. One that is there already must be
// empty, or, to be overwritten, hold nothing but what ours recognises: nobody
// else's files are ever removed.
func CreateDir(path string, overwrite bool, ours func(name string) bool) (*Dir, error) {
	path = filepath.Clean(path)
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s: there is no directory %s", path, filepath.Dir(path))
		}
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	case len(entries) > 0 && !overwrite:
		return nil, fmt.Errorf("%s: %w", path, ErrExists)
	}
	for _, e := range entries {
		if !ours(e.Name()) {
			return nil, fmt.Errorf("%s: not overwritten, since it holds %s, which is not an earlier output", path, e.Name())
		}
	}
	d := &Dir{path: path, temp: temporaryName(path)}
	if err := os.Mkdir(d.temp, 0o777); err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return d, nil
}

// File begins the file name of the directory, making the directories on the
// way to it. It fails with ErrExists where there is one of that name, be it
// only that the file system does not tell upper from lower case.
func (d *Dir) File(name string) (*File, error) {
	name = filepath.FromSlash(name)
	path, shown := filepath.Join(d.temp, name), filepath.Join(d.path, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("%s: %w", shown, cause(err))
	}
	switch _, err := os.Lstat(path); {
	case err == nil:
		return nil, fmt.Errorf("%s: %w", shown, ErrExists)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", shown, cause(err))
	}
	return begin(path, shown)
}

// Commit makes the directory appear. The files in it must be committed.
func (d *Dir) Commit() error {
	old := ""
	if _, err := os.Stat(d.path); err == nil {
		old = temporaryName(d.path)
		if err := os.Rename(d.path, old); err != nil {
			return fmt.Errorf("%s: %w", d.path, cause(err))
		}
	}
	if err := os.Rename(d.temp, d.path); err != nil {
		if old != "" {
			err = errors.Join(err, os.Rename(old, d.path))
		}
		return fmt.Errorf("%s: %w", d.path, cause(err))
	}
	d.temp = ""
	if old != "" {
		return os.RemoveAll(old)
	}
	return nil
}

// Abort leaves nothing behind. After a successful Commit it does nothing.
func (d *Dir) Abort() error {
	if d.temp == "" {
		return nil
	}
	return os.RemoveAll(d.temp)
}
