package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tbexport/internal/peers"
)

var update = flag.Bool("update", false, "write what the program says now to the scripts and golden files")

// TestMain lets the tests call the program by its name, and measure others.
func TestMain(m *testing.M) {
	testscript.Main(cleaning{m}, map[string]func(){"tbexport": scripted, "measure": measure})
}

// scripted is the program as the scripts see it: times are always 0.00 s.
func scripted() {
	var words bytes.Buffer
	status := run(context.Background(), os.Args[1:], console{out: os.Stdout, err: &words, now: longAfter})
	fmt.Fprint(os.Stderr, timeless(words.String()))
	os.Exit(status)
}

// longAfter is when the tests are run, so that no log is a recent one however young the clone is.
func longAfter() time.Time { return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }

var seconds = regexp.MustCompile(`\b\d+\.\d\d s\b`)

func timeless(words string) string { return seconds.ReplaceAllString(words, "0.00 s") }

// cleaning removes what the tests share when they are done.
type cleaning struct{ *testing.M }

func (c cleaning) Run() int {
	defer func() {
		if shared.dir != "" {
			_ = os.RemoveAll(shared.dir) // another temporary directory is no reason to fail
		}
	}()
	return c.M.Run()
}

// shared is a directory for what several tests use. Unlike t.TempDir, other users may enter it.
var shared struct {
	sync.Mutex
	dir string
}

func sharedDir(t testing.TB) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.dir == "" {
		dir, err := os.MkdirTemp("", "tbexport-test-")
		if err == nil {
			err = os.Chmod(dir, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		shared.dir = dir
	}
	return shared.dir
}

var build = sync.OnceValues(func() (string, error) {
	name := filepath.Join(shared.dir, "tbexport")
	out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, out)
	}
	return name, err
})

// binary is the built program, for what a function call cannot show: signals, terminals, memory.
func binary(t testing.TB) string {
	t.Helper()
	sharedDir(t)
	name, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// outcome is what became of one call of the program.
type outcome struct {
	status      int
	stdout, err string
}

// call runs the program in this process.
func call(args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), args, console{out: &stdout, err: &stderr, now: longAfter})
	return outcome{status, stdout.String(), stderr.String()}
}

// mustCall is call, for calls that are to end well.
func mustCall(t testing.TB, args ...string) outcome {
	t.Helper()
	o := call(args...)
	if o.status != statusDone {
		t.Fatalf("tbexport %s: status %d\n%s", strings.Join(args, " "), o.status, o.err)
	}
	return o
}

// testdata is a path in the repository's testdata.
func testdata(t testing.TB, elem ...string) string {
	t.Helper()
	return filepath.Join(append([]string{peers.Root(t), "testdata"}, elem...)...)
}

// made is testdata for tables in which other logdirs may be missing.
func made(elem ...string) func(testing.TB) string {
	return func(t testing.TB) string { return testdata(t, elem...) }
}

// entries are the names in a directory, hidden ones too.
func entries(t testing.TB, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustWrite(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// wantMatch wants a regular expression to match within a line.
func wantMatch(t testing.TB, text, expression string) {
	t.Helper()
	if !regexp.MustCompile(expression).MatchString(text) {
		t.Errorf("%s matches nothing in\n%s", expression, text)
	}
}

// tree lists the files in a directory with their sizes.
func tree(t testing.TB, dir string) []string {
	t.Helper()
	lines := []string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			var rel string
			rel, err = filepath.Rel(dir, path)
			lines = append(lines, fmt.Sprintf("%s %d", rel, info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
