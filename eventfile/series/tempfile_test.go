package series_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
)

// points are n events of one tag, at steps from 0 on.
func points(n int) (payloads []any) {
	for i := range n {
		payloads = append(payloads, build.Summary(float64(i), int64(i), build.Scalar("loss", float32(i))))
	}
	return payloads
}

// TestTemporaryFile leaves none behind, and fails where none can be made.
func TestTemporaryFile(t *testing.T) {
	run := runtest.Write(t, "run", build.File(t, points(100)...))
	dir := t.TempDir()
	r := runtest.NewReader(runtest.Options{Options: series.Options{MaxPoints: 10, TempDir: dir}})
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if series.Blocks(r.Series) == 0 {
		t.Fatal("no temporary file")
	}
	runtest.Drain(t, r.Series)
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	r = runtest.NewReader(runtest.Options{Options: series.Options{MaxPoints: 10, TempDir: filepath.Join(dir, "missing")}})
	if err := r.Open(t.Context(), run); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "temporary file for a long run: ") {
		t.Errorf("error: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestTemporaryFileFails loses the temporary file under way.
func TestTemporaryFileFails(t *testing.T) {
	run := runtest.Write(t, "run", build.File(t, points(100)...))
	r := runtest.NewReader(runtest.Options{Options: series.Options{MaxPoints: 10, TempDir: t.TempDir(), Select: series.Selection{Sample: 5}}})
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if err := series.LoseFile(r.Series); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n := 0
		for c, err := range r.Series.Chunks() {
			if n++; n > 1 || !errors.Is(err, fs.ErrClosed) {
				t.Errorf("chunk %d: %v, %v", n, c, err)
			}
		}
	}
}
