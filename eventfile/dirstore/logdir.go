package dirstore

import (
	"os"
	"path/filepath"
	"strings"
)

// Logdir is a directory tree of runs, or a single event file.
type Logdir struct {
	Name string // put before the names of its runs; empty: see the package's rules
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

// ParseLogdirs is ParseLogdir for each of the arguments.
func ParseLogdirs(args []string) []Logdir {
	logdirs := make([]Logdir, len(args))
	for i, arg := range args {
		logdirs[i] = ParseLogdir(arg)
	}
	return logdirs
}

// spelled is a path as the beginning of a run's name: as it was given, cleaned,
// and without what leads out of the current directory. It has "/", and is "." for
// the current directory and those above it.
func spelled(path string) string {
	path = filepath.Clean(path)
	path = filepath.ToSlash(path[len(filepath.VolumeName(path)):])
	path = strings.TrimLeft(path, "/")
	for path == ".." || strings.HasPrefix(path, "../") {
		path = strings.TrimPrefix(path[len(".."):], "/")
	}
	if path == "" {
		return "."
	}
	return path
}

// below joins a path with "/" and one below it, either of which may be ".".
func below(dir, rel string) string {
	switch {
	case rel == ".":
		return dir
	case dir == ".":
		return rel
	}
	return dir + "/" + rel
}
