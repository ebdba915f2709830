package output

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Inside reports whether path is the directory other or lies in it, through whatever links; neither need be there.
func Inside(path, other string) bool {
	real, err := resolve(path)
	if err != nil {
		return false
	}
	in, err := resolve(other)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(in, real)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// resolve is the absolute path with no link in what of it is there.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for dir := abs; ; dir = filepath.Dir(dir) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, abs[len(dir):]), nil
		}
		if dir == filepath.Dir(dir) {
			return abs, nil
		}
	}
}

// RealPath is the absolute path without links, of what need not be there. It fails where the directory above is not.
func RealPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return "", fmt.Errorf("%s: there is no directory %s", path, filepath.Dir(path))
	}
	return filepath.Join(parent, filepath.Base(abs)), nil
}
