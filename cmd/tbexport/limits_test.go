package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tbexport/convert"
)

// TestManyRuns: 10,000 runs, in their order.
func TestManyRuns(t *testing.T) {
	const runs = 10_000
	dir := t.TempDir()
	var want strings.Builder
	want.WriteString("run,tag,step,wall_time,value\n")
	for i := range runs {
		run := fmt.Sprintf("sweep/trial-%05d", i)
		mustWriteLog(t, filepath.Join(dir, run, eventFileName), func(e *eventWriter) error { return e.write(1, float32(i), "loss") })
		fmt.Fprintf(&want, "%s,loss,1,1700000000.125,%d.0\n", run, i)
	}
	o := mustCall(t, "csv", dir)
	if o.stdout != want.String() {
		t.Errorf("not what was written: %d lines, want %d", strings.Count(o.stdout, "\n"), runs+1)
	}
	if !strings.Contains(o.err, "10,000 points of 10,000 runs") {
		t.Errorf("said %q", o.err)
	}
}

// TestGrowingFile: of a file that a writer is still writing, every export has the whole records that were there.
func TestGrowingFile(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, eventFileName))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e, err := newEventWriter(halves{f})
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for step := int64(0); ; step++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := e.write(step, float32(step), "loss"); err != nil {
				t.Error(err)
				return
			}
		}
	})
	defer writer.Wait()
	defer close(stop)
	last, torn := 0, 0
	for range 200 {
		if info, err := f.Stat(); err == nil && info.Size() > 16<<20 {
			break
		}
		report := filepath.Join(t.TempDir(), "report.json")
		o := mustCall(t, "jsonl", dir, "--report", report)
		if strings.Contains(o.err, "ends inside a record") {
			torn++
		}
		points := strings.Count(o.stdout, "\n")
		if points < last {
			t.Fatalf("%d points, after %d", points, last)
		}
		last = points
		if points == 0 {
			continue
		}
		want := fmt.Sprintf(`{"run":".","tag":"loss","step":%d,"wall_time":`, points-1)
		if !strings.HasPrefix(o.stdout[strings.LastIndex(strings.TrimSpace(o.stdout), "\n")+1:], want) {
			t.Fatalf("the last of %d points: %.200q", points, o.stdout[max(0, len(o.stdout)-200):])
		}
		// Every byte of the file as it was is in the report.
		r := readReport(t, report)
		var sum int64
		for _, d := range r.Runs[0].Files[0].Damage {
			sum += d.Bytes
		}
		if file := r.Runs[0].Files[0]; file.Bytes != file.RecordBytes+sum || file.Records != int64(points)+1 {
			t.Fatalf("%d bytes, %d of records and %d lost; %d records, %d points", file.Bytes, file.RecordBytes, sum, file.Records, points)
		}
	}
	if last == 0 || torn == 0 {
		t.Errorf("%d points in the last export, %d exports with a torn tail: nothing was tested", last, torn)
	}
}

// halves writes everything in two parts, so that a file often ends inside a record.
type halves struct{ io.Writer }

func (h halves) Write(b []byte) (int, error) {
	first, err := h.Writer.Write(b[:len(b)/2])
	if err != nil {
		return first, err
	}
	second, err := h.Writer.Write(b[len(b)/2:])
	return first + second, err
}

func readReport(t *testing.T, path string) convert.ReportJSON {
	t.Helper()
	var r convert.ReportJSON
	if err := json.Unmarshal(mustRead(t, path), &r); err != nil {
		t.Fatal(err)
	}
	return r
}
