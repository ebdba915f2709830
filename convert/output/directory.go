package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// DirOptions say what a directory that is begun may replace. The zero value: an empty directory, and nothing else.
type DirOptions struct {
	// Overwrite replaces an earlier output: a directory in which every file is proven to be one. Nobody else's files
	// are ever removed.
	Overwrite bool
	// Update, without Overwrite, brings an earlier output up to date where it is: see Dir.KeepSame and Keep. What is
	// written is added, or replaces a file of the earlier output; those that are neither written nor kept are removed;
	// and all else in the directory stays as it is. One that is not empty and has no manifest is refused. It does not
	// go with NoManifest.
	Update bool
	// Signed reports whether the content of a file says that this program has written it. Files that it is true of need
	// no manifest. name is the file's path relative to the directory, with slashes. nil: none is.
	Signed func(path, name string) bool
	// Unlisted reports whether a file is one that a version without manifests has written. It is asked only where there
	// is no manifest. nil: none is.
	Unlisted func(path, name string) bool
	// NoManifest leaves the manifest out, of directories that are never overwritten.
	NoManifest bool
	// ManyFiles flushes the files to the disk together, when the directory is committed, and not one by one.
	ManyFiles bool
	// LeaveLeftovers does not look for what killed processes have left beside the directory: of many directories side
	// by side, one is to look.
	LeaveLeftovers bool
}

// Dir is an output directory under way. Its methods are for one goroutine at a time.
type Dir struct {
	path    string // without links
	shown   string // as users know it
	options DirOptions
	earlier earlierOutput
	temp    string   // "" after Commit and Abort
	root    *os.Root // of temp: no name leads out of it
	lock    *lock
	files   []manifestFile
	kept    []string
	update  *update // nil: the directory is written as a whole
}

// CreateDir begins the directory path. One that is there already must be empty, or, to be overwritten, hold nothing but
// an earlier output. It also removes what a killed process has left beside it.
func CreateDir(path string, o DirOptions) (*Dir, error) {
	d := &Dir{path: filepath.Clean(path), options: o}
	d.shown = d.path
	if target, err := filepath.EvalSymlinks(d.path); err == nil {
		d.path = target
	}
	entries, err := os.ReadDir(d.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Stat(filepath.Dir(d.path)); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s: there is no directory %s", d.shown, filepath.Dir(d.shown))
		}
	case err != nil:
		return nil, fmt.Errorf("%s: %w", d.shown, cause(err))
	case isWorkingDirectory(d.path):
		return nil, fmt.Errorf("%s: is the working directory", d.shown)
	case len(entries) > 0 && o.Update && !o.Overwrite:
		if d.update, err = newUpdate(d.path, d.shown); err != nil {
			return nil, err
		}
	case len(entries) > 0 && !o.Overwrite:
		return nil, fmt.Errorf("%s: %w", d.shown, ErrExists)
	case len(entries) > 0:
		if d.earlier, err = findEarlier(d.path, d.shown, o); err != nil {
			return nil, err
		}
	}
	if !o.LeaveLeftovers {
		removeLeftovers(filepath.Dir(d.path), o)
	}
	if d.temp, d.lock, err = temporaryDir(d.path); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", d.shown, cause(err)), d.Abort())
	}
	if d.root, err = os.OpenRoot(d.temp); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", d.shown, cause(err)), d.Abort())
	}
	return d, nil
}

func isWorkingDirectory(path string) bool {
	here, err := os.Stat(".")
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(here, there)
}

// File begins the file name of the directory, making the directories on the way to it. It fails with ErrExists where
// there is one of that name, be it only that the file system does not tell upper from lower case.
func (d *Dir) File(name string) (*File, error) {
	name = filepath.FromSlash(name)
	path, shown := filepath.Join(d.temp, name), filepath.Join(d.shown, name)
	if err := d.root.MkdirAll(filepath.Dir(name), 0o777); errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s: %w", shown, syscall.ENOTDIR)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, cause(err))
	}
	temp, err := d.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("%s: %w", shown, ErrExists)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", shown, cause(err))
	}
	f := &File{path: path, shown: shown, temp: temp, to: &writeBehind{file: temp}, noSync: d.options.ManyFiles}
	f.committed = func(size int64, crc uint32) {
		d.files = append(d.files, newManifestFile(filepath.ToSlash(name), size, crc))
	}
	return f, nil
}

// Commit makes the directory appear, or brings it up to date. The files in it must be committed. Where something else
// than the earlier output came into the directory meanwhile, it is kept there, and Kept names it; where it stands in
// the way, Commit fails and replaces nothing.
func (d *Dir) Commit() error {
	if err := d.finish(); err != nil {
		return fmt.Errorf("%s: %w", d.shown, cause(err))
	}
	publish := d.publish
	if d.update != nil {
		publish = d.publishUpdate
	}
	if err := publish(); err != nil {
		return fmt.Errorf("%s: %w", d.shown, cause(err))
	}
	return nil
}

// finish writes the manifest if it needs one, and flushes the directories to the disk.
func (d *Dir) finish() error {
	if d.update == nil && !d.options.NoManifest {
		if m := (manifest{Files: d.unsigned()}); len(m.Files) > 0 {
			if err := m.write(d.temp); err != nil {
				return err
			}
		}
	}
	if d.options.ManyFiles {
		if err := syncFiles(d.temp, d.files); err != nil {
			return err
		}
	}
	return filepath.WalkDir(d.temp, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return syncDir(path)
	})
}

// unsigned are the files that need a manifest.
func (d *Dir) unsigned() (files []manifestFile) {
	for _, f := range d.files {
		if d.options.Signed == nil || !d.options.Signed(filepath.Join(d.temp, filepath.FromSlash(f.Path)), f.Path) {
			files = append(files, f)
		}
	}
	return files
}

// publishUpdate brings the directory up to date.
func (d *Dir) publishUpdate() error {
	if err := d.update.commit(d); err != nil {
		return err
	}
	return d.Abort() // of the temporary directory, which has nothing any more
}

// publish gives the directory its name, and removes the earlier output.
func (d *Dir) publish() error {
	if _, err := os.Stat(d.path); err == nil {
		if err := d.earlier.clashes(d.path, d.temp); err != nil {
			return err
		}
	}
	// They keep these locks under any name.
	for _, dir := range []string{d.temp, d.path} {
		defer holdDir(dir).release()
	}
	if err := errors.Join(d.root.Close(), os.Remove(filepath.Join(d.temp, underWay))); err != nil {
		return err
	}
	old, err := replaceDir(d.temp, d.path)
	if err != nil {
		return err
	}
	d.temp = ""
	d.lock.release()
	if old != "" {
		if d.kept, err = d.earlier.retire(old, d.path); err != nil {
			return fmt.Errorf("written, but what it held before is still in %s: %w", old, err)
		}
	}
	return syncDir(filepath.Dir(d.path))
}

// replaceDir gives the directory temp the name path, and returns under which name it left what had it.
func replaceDir(temp, path string) (old string, err error) {
	if _, err := os.Stat(path); err != nil {
		return "", os.Rename(temp, path)
	}
	if exchange(temp, path) == nil {
		return temp, nil
	}
	// If it is killed in between, the earlier output is the only one: nobody may take it for a leftover.
	old = strings.TrimSuffix(temp, temporarySuffix) + setAsideSuffix
	if err := os.Rename(path, old); err != nil {
		return "", err
	}
	if err := os.Rename(temp, path); err != nil {
		return "", errors.Join(err, os.Rename(old, path))
	}
	if err := os.Rename(old, temp); err != nil {
		return old, nil
	}
	return temp, nil
}

// Kept returns what came into the directory while it was written, and was kept there: paths relative to it, in byte
// order, with slashes.
func (d *Dir) Kept() []string { return d.kept }

// Abort leaves nothing behind. After a successful Commit it does nothing.
func (d *Dir) Abort() error {
	if d.update != nil {
		_ = d.update.root.Close()
	}
	if d.temp == "" {
		return nil
	}
	if d.root != nil {
		_ = d.root.Close() // nothing is written through it any more
	}
	err := os.RemoveAll(d.temp)
	d.lock.release()
	d.temp = ""
	return err
}
