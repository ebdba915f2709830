package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/eventfile"
)

// sourceID is a run's identity: what kind it is, its path below the logdir, or
// below the arguments' parent where several are given, and the name and first
// record of its first event file. How the logdir was typed is no part of it,
// and neither is where it is. It stays the same when the files grow and when
// more of them come; and runs that happen to have the same path in two logdirs
// have different ones.
func sourceID(kind, path string, firstRecord []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "tbexport/1\n%s\n%q\n", kind, path)
	h.Write(firstRecord)
	return hex.EncodeToString(h.Sum(nil))
}

// PartIDs are the source IDs that the sources have as runs of their own which
// convert.FoldRuns makes parts of this one: a destination that was written to
// before the logs told so has runs of these.
func (r *Run) PartIDs() (ids []string) {
	for _, s := range r.Sources {
		if s.folded {
			ids = append(ids, sourceID("run", path.Clean(cmp.Or(s.Run.Path, s.Run.Name)), s.firstRecord))
		}
	}
	return ids
}

// SameRunError says that two runs of a plan are one and the same, so that a
// destination could not tell them apart.
type SameRunError struct{ One, Other string }

func (e *SameRunError) Error() string {
	return fmt.Sprintf("%s and %s are the same run: the same path and the same first record; choose one of them", e.One,
		e.Other)
}

// oneEach fails with a SameRunError.
func (p *Plan) oneEach() error {
	paths := make(map[string]string, len(p.Runs))
	for _, r := range p.Runs {
		if one, ok := paths[r.SourceID]; ok {
			return &SameRunError{one, r.Path}
		}
		paths[r.SourceID] = r.Path
	}
	return nil
}

// firstRecord gives the name of the first event file of a run with a readable
// record, and a hash of that. It fails where a file before it could be opened,
// and not be read.
func firstRecord(stats *convert.RunStats) ([]byte, error) {
	for _, f := range stats.Files {
		if f.Records > 0 {
			return fmt.Appendf(nil, "%q\n%x\n", stats.First.File, stats.First.SHA256), nil
		}
		if f.Err != nil && f.Bytes > 0 && !isOther(f) {
			return nil, f.Err
		}
	}
	return nil, nil
}

// isOther reports whether a file is no event file, and so no part of the run.
func isOther(f *eventfile.FileStats) bool { return errors.As(f.Err, new(*eventfile.NotEventFileError)) }

// digest is the same as long as there is the same to carry over.
func (r *Run) digest() string {
	h := sha256.New()
	start, end := milliseconds(r.Start), milliseconds(r.End)
	if r.FileTimes {
		start, end = 0, 0
	}
	fmt.Fprintf(h, "%q %s %d %d\n", r.Name, r.Status.OrFinished(), start, end)
	if r.Parent != nil {
		fmt.Fprintf(h, "parent %s\n", r.Parent.SourceID)
	}
	for _, p := range r.Params {
		fmt.Fprintf(h, "param %q %q %q %t\n", p.Key, p.Value, p.Full, p.Omitted)
	}
	for _, s := range r.Series {
		d := s.Tally.Digest()
		fmt.Fprintf(h, "metric %q %q %d %x\n", s.Key, s.Tag, d.Points, d.Sums)
	}
	for _, m := range r.Media {
		m.writeDigest(h)
	}
	var counted []string
	for _, s := range r.Sources {
		if s.counted != nil {
			counted = append(counted, fmt.Sprintf("values %q %x\n", s.Prefix, s.counted))
		}
	}
	slices.Sort(counted)
	fmt.Fprint(h, strings.Join(counted, ""))
	for _, f := range r.Files {
		fmt.Fprintf(h, "file %q %d%s\n", f.Place, f.Bytes, f.Sum)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func milliseconds(seconds float64) int64 { return int64(math.Round(seconds * 1000)) }

// Content is the same for runs whose event files have the same bytes, wherever
// they are and whatever they are called. It reads the files once more, as far as
// they were read for the plan. Empty: the run has no files.
func (r *Run) Content(ctx context.Context) (string, error) {
	var sums []string
	for _, s := range r.Sources {
		for _, f := range s.Stats.Files {
			if f.Err != nil && f.Bytes == 0 || isOther(f) {
				continue
			}
			sum, err := contentOf(ctx, &File{Path: f.Path, Bytes: f.Bytes, store: s.Store})
			if err != nil {
				return "", err
			}
			sums = append(sums, sum)
		}
	}
	if len(sums) == 0 {
		return "", nil
	}
	slices.Sort(sums)
	h := sha256.New()
	for _, sum := range sums {
		fmt.Fprintln(h, sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// contentOf is the hash of a file's bytes, as many as it has.
func contentOf(ctx context.Context, f *File) (string, error) {
	file, err := f.Open(ctx)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, f.Bytes)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
