package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRunNameNotUTF8: each byte that is not UTF-8 becomes U+FFFD, and that is said.
func TestRunNameNotUTF8(t *testing.T) {
	dir := t.TempDir()
	mustWriteLog(t, filepath.Join(dir, "caf\xe9\xff", eventFileName), steps(1, "loss"))
	mustWriteLog(t, filepath.Join(dir, "good", eventFileName), steps(1, "loss"))
	report := filepath.Join(t.TempDir(), "report.json")
	o := mustCall(t, "csv", dir, "--report", report)
	if want := "run,tag,step,wall_time,value\ncaf\uFFFD\uFFFD,loss,0,1700000000.0,0.0\ngood,loss,0,1700000000.0,0.0\n"; o.stdout != want {
		t.Errorf("exported %q, want %q", o.stdout, want)
	}
	if want := "tbexport: 1 run has a path that is not UTF-8: each bad byte became U+FFFD\n"; !strings.Contains(o.err, want) {
		t.Errorf("said %q, want %q", o.err, want)
	}
	if n := readReport(t, report).Totals.RenamedRuns; n != 1 {
		t.Errorf("%d renamed runs in the report", n)
	}
	out := filepath.Join(t.TempDir(), "out")
	mustCall(t, "parquet", dir, "--partition-by", "run", "-o", out)
	if got := strings.Join(entries(t, out), " "); got != "run=caf%EF%BF%BD%EF%BF%BD run=good" {
		t.Errorf("partitions %q", got)
	}
}

// peak runs the built program and returns the most memory it had at a time, in MiB.
func peak(t *testing.T, args ...string) int64 {
	t.Helper()
	cmd := exec.Command("measure", append([]string{binary(t)}, args...)...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	wantStatus(t, cmd.Run(), statusDone, &stderr)
	kib, err := strconv.ParseInt(strings.TrimSpace(out.String()), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d MiB\n%s", args[0], kib>>10, &stderr)
	return kib >> 10
}

// wantPeak holds the peak below a limit in MiB.
func wantPeak(t *testing.T, limit int64, args ...string) {
	t.Helper()
	if mib := peak(t, args...); mib >= limit {
		t.Errorf("tbexport %s: %d MiB, want less than %d", strings.Join(args, " "), mib, limit)
	}
}

// TestMemoryManyRuns: 10 million points in 500 runs, however many are read at a time.
func TestMemoryManyRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 10 million points")
	}
	log := bigLog(t)
	outputs := make(map[string]string) // by format
	for _, args := range [][]string{{"parquet"}, {"parquet", "--jobs", "8"}, {"csv"}, {"arrow"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			wantPeak(t, 256, append(args, log, "-o", out)...)
			if info, err := os.Stat(out); err != nil || info.Size() < bigPoints {
				t.Fatalf("the output of %d points is %v, %v", bigPoints, info, err)
			}
			got := fingerprint(t, out)
			if first := outputs[args[0]]; first != "" && got != first {
				t.Error("other bytes than before")
			}
			outputs[args[0]] = got
		})
	}
}

// TestMemoryLongRun: one run of 30 million points in one file.
func TestMemoryLongRun(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 30 million points")
	}
	log := filepath.Join(t.TempDir(), eventFileName)
	mustWriteLog(t, log, uneven(steps(10_000_000, "train/loss", "train/accuracy", "train/lr")))
	out := filepath.Join(t.TempDir(), "out")
	wantPeak(t, 512, "parquet", log, "-o", out, "--temp-dir", t.TempDir())
	if info, err := os.Stat(out); err != nil || info.Size() < 30_000_000 {
		t.Errorf("the output is %v, %v", info, err)
	}
}

// TestMemoryManyTags: 250,000 tags in one run.
func TestMemoryManyTags(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	const tags = 250_000
	log := filepath.Join(t.TempDir(), eventFileName)
	mustWriteLog(t, log, func(e *eventWriter) error {
		for step := range int64(4) {
			for i := range tags {
				if err := e.write(step, float32(i), fmt.Sprintf("layer-%d/weights/gradient-norm", i)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, verb := range verbs {
		t.Run(verb, func(t *testing.T) {
			out, report := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "report.json")
			wantPeak(t, 512, verb, log, "-o", out, "--report", report)
			if r := readReport(t, report); r.Totals.Series != tags || r.Totals.Written != 4*tags {
				t.Errorf("%d series and %d points, want %d and %d", r.Totals.Series, r.Totals.Written, tags, 4*tags)
			}
		})
	}
}
