package output

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ErrMeanwhile says that something came to where an output was under way, as when two write to one place. Nothing was
// replaced: when the other one has ended, this one can be written.
var ErrMeanwhile = errors.New("came into being meanwhile: nothing was replaced")

// errOther is it of an update.
var errOther = fmt.Errorf("another state %w", ErrMeanwhile)

// An update is an earlier output that is brought up to date where it is: see DirOptions.Update. What is written waits
// in the temporary directory of the Dir until it is committed.
type update struct {
	root   *os.Root       // of the directory: no name leads out of it
	before []manifestFile // what its manifest lists
	byPath map[string][]manifestFile
	kept   map[string]manifestFile
}

// newUpdate looks at a directory that is not empty.
func newUpdate(path, shown string) (*update, error) {
	before := listedIn(path)
	if before == nil {
		return nil,
			fmt.Errorf("%s: holds no earlier output that could be brought up to date: choose another name", shown)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, cause(err))
	}
	return &update{root, before, byPath(before), make(map[string]manifestFile)}, nil
}

// proven gives the state of a file that the manifest lists and that it is in; nil: it is another file. After an update
// that was killed a file may be listed in two states.
func (u *update) proven(name string) *manifestFile {
	for i, f := range u.byPath[name] {
		if file, err := u.root.Open(filepath.FromSlash(name)); err == nil && f.proves(file) {
			return &u.byPath[name][i]
		}
	}
	return nil
}

// Earlier gives what is in a file of the earlier output that is brought up to date; nil: there is none. It fails where
// the file is another one.
func (d *Dir) Earlier(name string) ([]byte, error) {
	if d.update == nil {
		return nil, nil
	}
	text, err := d.update.root.ReadFile(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%s: %w", filepath.Join(d.shown, name), cause(err))
	case d.update.proven(name) == nil:
		return nil, d.foreign(name)
	}
	return text, nil
}

func (d *Dir) foreign(name string) error {
	return fmt.Errorf("%s: not brought up to date, since it holds %s, which is not an earlier output: move it away",
		d.shown, name)
}

// Keep keeps a file of the earlier output as it is, without reading it, and reports whether there is one that is
// neither kept already nor written anew.
func (d *Dir) Keep(name string) bool {
	u := d.update
	if u == nil {
		return false
	}
	if _, err := d.root.Lstat(filepath.FromSlash(name)); err == nil || u.kept[name] != (manifestFile{}) {
		return false
	}
	info, err := u.root.Lstat(filepath.FromSlash(name))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	states := u.byPath[name]
	if len(states) > 1 {
		if f := u.proven(name); f != nil {
			states = []manifestFile{*f}
		}
	}
	if len(states) != 1 || states[0].Size != info.Size() {
		return false
	}
	u.kept[name] = states[0]
	return true
}

func (u *update) isFile(name string) bool {
	info, err := u.root.Lstat(filepath.FromSlash(name))
	return err == nil && info.Mode().IsRegular()
}

// KeepSame keeps the file name where it has these bytes already, and reports whether it does.
func (d *Dir) KeepSame(name string, parts ...[]byte) bool {
	if d.update == nil || !d.update.isFile(name) {
		return false
	}
	var size int64
	var crc uint32
	for _, part := range parts {
		size += int64(len(part))
		crc = crc32.Update(crc, castagnoli(), part)
	}
	file, err := d.update.root.Open(filepath.FromSlash(name))
	if err != nil {
		return false
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() != size || !holds(file, parts) {
		return false
	}
	d.update.kept[name] = newManifestFile(name, size, crc)
	return true
}

// holds reports whether the next bytes of r are these.
func holds(r io.Reader, parts [][]byte) bool {
	buffer := make([]byte, 64<<10)
	for _, part := range parts {
		for len(part) > 0 {
			n, err := io.ReadFull(r, buffer[:min(len(buffer), len(part))])
			if err != nil || !bytes.Equal(buffer[:n], part[:n]) {
				return false
			}
			part = part[n:]
		}
	}
	return true
}

// commit moves what was written into the directory, and removes the files of the earlier output that were neither
// written nor kept. Where it is killed, the manifest lists the files of before and of then, and the next update goes
// on.
func (u *update) commit(d *Dir) error {
	held, err := lockDirNow(d.path)
	if err != nil {
		return errOther
	}
	defer held.release()
	if !slices.Equal(listedIn(d.path), u.before) {
		return errOther
	}
	if err := u.check(d); err != nil {
		return err
	}
	after := manifest{Files: slices.AppendSeq(d.unsigned(), maps.Values(u.kept))}
	both := manifest{Files: slices.Concat(u.before, after.Files)}
	if err := both.move(d.temp, d.path); err != nil {
		return err
	}
	changed, err := u.move(d)
	if err != nil {
		return err
	}
	u.removeOthers(d.path, after.Files, changed)
	for dir := range changed {
		if err := syncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return after.move(d.temp, d.path)
}

// check makes the directories of what was written, and fails where a file would replace one that is not of the earlier
// output.
func (u *update) check(d *Dir) error {
	for _, f := range d.files {
		name := filepath.FromSlash(f.Path)
		if err := u.root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return fmt.Errorf("%s: %w", filepath.ToSlash(filepath.Dir(name)), cause(err))
		}
		if info, err := u.root.Lstat(name); err == nil && (!info.Mode().IsRegular() || u.proven(f.Path) == nil) {
			return d.foreign(f.Path)
		}
	}
	return nil
}

// move gives the files that were written their names, in their order.
func (u *update) move(d *Dir) (changed map[string]bool, err error) {
	changed = make(map[string]bool)
	for _, f := range d.files {
		name := filepath.FromSlash(f.Path)
		from, to := filepath.Join(d.temp, name), filepath.Join(d.path, name)
		place := moveNew
		if _, err := os.Lstat(to); err == nil {
			place = os.Rename
		}
		if err := place(from, to); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, cause(err))
		}
		changed[filepath.Dir(to)] = true
	}
	return changed, nil
}

// removeOthers removes the files of the earlier output that are not listed any more. One that was changed since is not
// of it.
func (u *update) removeOthers(dir string, after []manifestFile, changed map[string]bool) {
	stays := make(map[string]bool, len(after))
	for _, f := range after {
		stays[f.Path] = true
	}
	for _, f := range u.before {
		if stays[f.Path] || !u.isFile(f.Path) || u.proven(f.Path) == nil {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if os.Remove(path) == nil { // or the next update does
			changed[filepath.Dir(path)] = true
			removeEmpty(filepath.Dir(path), dir)
		}
	}
}
