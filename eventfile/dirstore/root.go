package dirstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// root is a logdir as the search begins with it.
type root struct {
	Logdir
	real   string // the path without links, absolute
	linked bool   // there is a link in the path given
	dir    bool

	named    bool   // Name stands before the names of runs, also of the logdir's own
	prefix   string // stands before them if it is not "."
	identity string // stands before their paths if it is not "."
}

// newRoot looks at a logdir. several says that it is one of several.
func newRoot(l Logdir, several bool) (*root, error) {
	info, err := os.Stat(l.Path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: l.Path, Err: errors.New("neither a directory nor a regular file")}
	}
	abs, err := filepath.Abs(l.Path)
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, err
	}
	r := &root{Logdir: l, real: real, linked: real != abs, dir: info.IsDir(), prefix: ".", identity: "."}
	switch {
	case l.Name != "":
		r.named = true
	case several:
		r.prefix = spelled(l.Path)
	}
	if several {
		r.identity = identity(abs, real)
	}
	return r, nil
}

// identity is where a search of the parent of a logdir would find it: a link
// beside its target is the target.
func identity(abs, real string) string {
	if parent, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil && within(real, parent) {
		if rel, err := filepath.Rel(parent, real); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	base := filepath.Base(abs)
	if base == string(filepath.Separator) {
		return "."
	}
	return base
}

// name is that of the run in the directory rel, given with "/".
func (r *root) name(rel string) string {
	if r.named {
		return r.Name + "/" + rel
	}
	return below(r.prefix, rel)
}

// within reports whether a path is another or lies below it; both are absolute
// and clean.
func within(path, dir string) bool {
	rest, ok := strings.CutPrefix(path, dir)
	return ok && (rest == "" || os.IsPathSeparator(rest[0]) || os.IsPathSeparator(dir[len(dir)-1]))
}
