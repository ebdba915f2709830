package output

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// names are the entries of a directory, those below its directories included.
func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && path != dir && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func write(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if n, err := io.WriteString(w, text); n != len(text) || err != nil {
		t.Fatalf("%d bytes written, %v", n, err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// refused says that err is there, begins with the user's path, and tells
// nothing of a temporary file.
func refused(t *testing.T, err error, path, rest string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	if got := err.Error(); got != path+": "+rest || strings.Contains(got, ".tmp") {
		t.Errorf("error: %s\nnot    %s: %s", got, path, rest)
	}
}

func TestFileAppearsOnCommit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.csv")
	f, err := Create(path, FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, "a,b\n")
	write(t, f, "1,2\n")
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("there before the commit: %v", err)
	}
	if n := names(t, dir); len(n) != 1 || !strings.HasPrefix(n[0], ".tbexport-") {
		t.Errorf("under way: %q", n)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.Abort(); err != nil {
		t.Errorf("abort after commit: %v", err)
	}
	if n, got := names(t, dir), content(t, path); len(n) != 1 || got != "a,b\n1,2\n" {
		t.Errorf("%q, %q", n, got)
	}
}

func TestFileAbort(t *testing.T) {
	for _, name := range []string{"out", "out.gz", "out.zst"} {
		dir := t.TempDir()
		f, err := Create(filepath.Join(dir, name), FileOptions{Compress: true})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, strings.Repeat("text", 1000))
		if err := errors.Join(f.Abort(), f.Abort()); err != nil {
			t.Error(err)
		}
		write(t, f, "what an encoder writes when it is closed goes nowhere")
		if n := names(t, dir); len(n) > 0 {
			t.Errorf("%s: left behind: %q", name, n)
		}
	}
}

func TestOverwrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Create(path, FileOptions{})
	refused(t, err, path, "exists already")
	if !errors.Is(err, ErrExists) {
		t.Errorf("error: %v", err)
	}
	for _, commit := range []bool{false, true} {
		f, err := Create(path, FileOptions{Overwrite: true})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, "new")
		if got := content(t, path); got != "old" {
			t.Errorf("under way: %q", got)
		}
		end, want := f.Abort, "old"
		if commit {
			end, want = f.Commit, "new"
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if got := content(t, path); got != want {
			t.Errorf("commit %v: %q", commit, got)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"":             "is a directory",
		"missing/out":  "there is no directory " + filepath.Join(dir, "missing"),
		"file/out":     "not a directory",
		"missing/x/..": "is a directory",
	} {
		path := filepath.Join(dir, name)
		if name == "missing/x/.." {
			path = dir + string(filepath.Separator)
		}
		for _, overwrite := range []bool{false, true} {
			_, err := Create(path, FileOptions{Overwrite: overwrite})
			refused(t, err, path, want)
			if check := Check(path, overwrite); check == nil || check.Error() != err.Error() {
				t.Errorf("Check: %v", check)
			}
		}
	}
	if err := Check(filepath.Join(dir, "new"), false); err != nil {
		t.Error(err)
	}
	if n := names(t, dir); !slices.Equal(n, []string{"file"}) {
		t.Errorf("left behind: %q", n)
	}
}

func TestCompression(t *testing.T) {
	text := strings.Repeat("run,tag,step\n", 10_000)
	for name, decompress := range map[string]func(io.Reader) (io.Reader, error){
		"out.csv.gz":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"out.csv.zst": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
		"out.csv":     func(r io.Reader) (io.Reader, error) { return r, nil },
	} {
		path := filepath.Join(t.TempDir(), name)
		f, err := Create(path, FileOptions{Compress: true})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, text)
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		raw := content(t, path)
		r, err := decompress(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("%s: %d bytes come back, %v", name, len(got), err)
		}
		if name != "out.csv" && len(raw) > len(text)/10 {
			t.Errorf("%s: %d bytes of %d", name, len(raw), len(text))
		}
	}
}

// TestNotCompressed leaves the bytes of formats that compress themselves.
func TestNotCompressed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.gz")
	f, err := Create(path, FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, "as it is")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, path); got != "as it is" {
		t.Errorf("%q", got)
	}
}

func TestStream(t *testing.T) {
	var b bytes.Buffer
	f := Stream(&b)
	write(t, f, "some ")
	write(t, f, "text")
	if err := errors.Join(f.Commit(), f.Abort()); err != nil {
		t.Error(err)
	}
	if b.String() != "some text" {
		t.Errorf("%q", b.String())
	}
	write(t, f, "what comes after the abort")
	if b.String() != "some text" {
		t.Errorf("%q", b.String())
	}
}

func TestFileFails(t *testing.T) {
	for _, name := range []string{"out", "out.gz", "out.zst"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		f, err := Create(path, FileOptions{Compress: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.temp.Close(); err != nil {
			t.Fatal(err)
		}
		_, writeErr := f.Write([]byte("text"))
		if name == "out" {
			refused(t, writeErr, path, "file already closed")
		}
		refused(t, f.Commit(), path, "file already closed")
		if err := f.Abort(); err != nil {
			t.Error(err)
		}
		if n := names(t, dir); len(n) > 0 {
			t.Errorf("%s: left behind: %q", name, n)
		}
	}
}

// TestCommitFails finds a directory in its place at the end.
func TestCommitFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	f, err := Create(path, FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o777); err != nil {
		t.Fatal(err)
	}
	refused(t, f.Commit(), path, "came into being meanwhile: nothing was replaced")
	if err := f.Abort(); err != nil {
		t.Error(err)
	}
	if n := names(t, dir); len(n) > 0 {
		t.Errorf("left behind: %q", n)
	}
}
