package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"
)

// TestNoVerbWritesNamesRaw: on a terminal, no data and no words hold a sign of a
// log that would act on it; in a pipe the data are as the log has them.
func TestNoVerbWritesNamesRaw(t *testing.T) {
	dir := hostileLog(t)
	for _, args := range [][]string{
		{"csv"}, {"csv", "--wide"}, {"csv", "--table", "runs"}, {"jsonl"}, {"runs"}, {"runs", "--csv"}, {"runs", "--json"},
		{"ls"}, {"ls", "-l"}, {"ls", "--json"}, {"dump"}, {"dump", "--raw-proto"}, {"verify"}, {"verify", "--json"},
		{"show", "--together", "--color", "never"}, {"show", "--table", "all", "--color", "never"},
		{"mlflow", "--dry-run"}, {"mlflow", "--dry-run", "--json"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			cmd, stderr := command(t, append(args, dir)...)
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "NO_COLOR=1")
			seen, err := onTerminal(t, cmd, func(terminal *os.File) { cmd.Stdout = terminal })
			wantStatus(t, err, statusDone, stderr)
			for _, text := range []string{strings.ReplaceAll(seen, "\r\n", "\n"), stderr.String()} {
				for i, r := range text {
					if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
						t.Fatalf("%U reached the terminal: %q", r, text[max(i-40, 0):min(i+40, len(text))])
					}
				}
			}
			if len(seen) == 0 {
				t.Error("nothing was seen")
			}
		})
	}
	for _, args := range [][]string{{"csv"}, {"runs", "--csv"}, {"mlflow", "--dry-run", "--json"}} {
		cmd, stderr := command(t, append(args, dir)...)
		var out bytes.Buffer
		cmd.Stdout = &out
		wantStatus(t, cmd.Run(), statusDone, stderr)
		if !strings.Contains(out.String(), "\u202eevil") || !strings.Contains(out.String(), "\u009b31m") {
			t.Errorf("%q: in a pipe names are not as in the logs", args)
		}
	}
}

// TestClosedPipeIsNoPardon: whoever stops to read what verify says does not
// change what its status tells.
func TestClosedPipeIsNoPardon(t *testing.T) {
	for _, args := range [][]string{{"verify"}, {"verify", "--json"}} {
		cmd, stderr := command(t, append(args, testdata(t, "damaged"))...)
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := read.Close(); err != nil {
			t.Fatal(err)
		}
		cmd.Stdout = write
		err = cmd.Run()
		_ = write.Close()
		wantStatus(t, err, statusLost, stderr)
	}
}

// TestClosedPipeEndsNoMigration: whoever reads only the beginning of the plan
// does not stop the migration that follows it.
func TestClosedPipeEndsNoMigration(t *testing.T) {
	var created atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/experiments/get-by-name"):
			_, _ = io.WriteString(w, `{"experiment": {"experiment_id": "1", "name": "e", "lifecycle_stage": "active", "artifact_location": "mlflow-artifacts:/1"}}`)
		case strings.HasSuffix(r.URL.Path, "/runs/create"):
			created.Store(true)
			http.Error(w, `{"error_code": "INVALID_PARAMETER_VALUE", "message": "seen enough"}`, http.StatusBadRequest)
		case strings.HasSuffix(r.URL.Path, "/version"):
			_, _ = io.WriteString(w, "3.0.0")
		default:
			_, _ = io.WriteString(w, "{}")
		}
	}))
	defer server.Close()
	cmd, stderr := command(t, "mlflow", testdata(t, "logs", "sample"), "--json", "--tracking-uri", server.URL, "--experiment", "e")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = write
	err = cmd.Run()
	_ = write.Close()
	if got := status(t, err); got == statusDone || !created.Load() {
		t.Errorf("status %d, and no run was begun\n%s", got, stderr)
	}
}
