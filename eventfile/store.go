package eventfile

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"tbexport/eventfile/internal/wire"
)

// A Store lists and opens event files: a directory tree, or what is like one.
// Its methods may be called from several goroutines at once. Package storetest
// holds every store to what stands here.
type Store interface {
	// Find lists the runs in byte order of their names, no two of one name, each
	// with its files in byte order of their base names, and what it passed over.
	// It fails with ctx's error soon after ctx ends, even where the storage does
	// not answer; where there is nothing that could be searched; and with
	// ErrNoEventFiles. The problems are valid also where it fails.
	Find(ctx context.Context) ([]Run, []Problem, error)
	// Open opens one of a run's files. The error names the path; it is
	// fs.ErrNotExist where the file is gone, and ctx's where that ended. What is
	// no file that can be read at any offset (a pipe, a device, a directory) is
	// refused, never waited for.
	Open(ctx context.Context, path string) (File, error)
}

// File is an open event file. Its size and time are those of when it was
// opened: what a writer appends later can be read, but Size does not tell of it.
type File interface {
	io.ReaderAt
	io.Closer
	// Size is in bytes.
	Size() int64
	// ModTime is when the content changed last; the zero Time where the store
	// does not know.
	ModTime() time.Time
}

// Run is a directory that directly holds event files, or an event file that was
// named alone.
type Run struct {
	// Name is what the run is called: its path below the logdir with "/", "." for
	// the logdir itself. Where there are several logdirs, or one with a name, it
	// begins with what tells these apart. It is valid UTF-8, and there is one run
	// of that name.
	Name string
	// Path is what the run is, however the logdirs were spelled: its path below
	// the logdir with "/"; where there are several logdirs, below the parent of
	// its own. It is Name but for that, with the same U+FFFD. Runs of different
	// logdirs can share it.
	Path string
	// BadBytes is how many bytes of the directory's path were not UTF-8 and
	// stand in Name as U+FFFD each.
	BadBytes int
	// Files are the paths of the event files that can carry data, in byte
	// order of their base names, which is the order they were begun in.
	Files []string
	// Markers are the paths of those that cannot: the profiler's empty files.
	Markers []string
}

// Problem is something Find passed over: an unreadable directory, a link that
// is not followed, what is no file.
type Problem struct {
	Path string
	Err  error
	// Run is the name that a run would have which Path is, or is a file of; runs
	// below it have names that go on from there.
	Run string
	// Lost says that there may be data behind it that is not read. A loop of
	// links, another way to what is read, and what is no file hold none.
	Lost bool
}

func (p Problem) Error() string { return p.Path + ": " + p.Err.Error() }

// Unwrap returns Err.
func (p Problem) Unwrap() error { return p.Err }

// ErrNoEventFiles says that there is not one event file below the logdirs.
var ErrNoEventFiles = errors.New("no event files found (files with \"tfevents\" in their name)")

// IsEventFile reports whether a base name is that of an event file, as
// TensorBoard decides it (io_wrapper.py, IsSummaryEventsFile).
func IsEventFile(base string) bool { return strings.Contains(base, "tfevents") }

// Add adds an event file by its path and base name, which must not be before
// those added.
func (r *Run) Add(path, base string) {
	// The profiler leaves empty files so that TensorBoard sees a run (io_wrapper.py).
	if strings.HasSuffix(base, ".profile-empty") {
		r.Markers = append(r.Markers, path)
	} else {
		r.Files = append(r.Files, path)
	}
}

// SetName sets Name, Path and BadBytes from paths with "/" that need not be
// UTF-8.
func (r *Run) SetName(name, path string) {
	r.Name, r.Path, r.BadBytes = name, path, 0
	if !utf8.ValidString(name) || !utf8.ValidString(path) {
		r.Name, r.BadBytes = wire.Text([]byte(name))
		r.Path, _ = wire.Text([]byte(path))
	}
}
