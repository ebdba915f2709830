package main

import (
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

// curve is an event file of one tag, with a point for each step at each wall time.
func curve(steps []int64, wallTimes []float64) []byte {
	events := []eventfiletest.Event{eventfiletest.Version(wallTimes[0])}
	for i, step := range steps {
		events = append(events, eventfiletest.Summary(wallTimes[i], step, eventfiletest.Scalar("loss", float32(i))))
	}
	return eventfiletest.File(events...)
}

// times are n wall times from one on, so many seconds apart.
func times(n int, from, apart float64) (list []float64) {
	for i := range n {
		list = append(list, from+float64(i)*apart)
	}
	return list
}

// TestWhyStepsGoBack: repeated steps, two writers and restarts are called what they
// are, and --restarts step drops all alike.
func TestWhyStepsGoBack(t *testing.T) {
	up := []int64{0, 1, 2, 3, 4}
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"twice/events.out.tfevents.1":     curve([]int64{0, 0, 1, 1, 2, 2}, times(6, 1.7e9, .5)),
		"zero/events.out.tfevents.1":      curve(make([]int64, 5), times(5, 1.7e9, 1)),
		"ranks/events.out.tfevents.1.h0":  curve(up, times(5, 1.7e9, 1)),
		"ranks/events.out.tfevents.1.h1":  curve(up, times(5, 1.7e9+.5, 1)),
		"restart/events.out.tfevents.1.h": curve(up, times(5, 1.7e9, 1)),
		"restart/events.out.tfevents.2.h": curve([]int64{3, 4, 5}, times(3, 1.7e9+4, 1)),
		"fine/events.out.tfevents.1":      curve(up, times(5, 1.7e9, -1)),
	})
	const kept, left = " kept (--restarts step", " left out (--restarts step)"
	words := []string{"2 points were written again after a restart", "5 points are those of two writers", "7 points have the step of the next one"}
	for _, c := range []struct{ args, end, json string }{
		{"csv --report " + t.TempDir() + "/keep.json", kept, ""}, {"csv --restarts step", left, ""},
		{"show", kept, ""}, {"mlflow --dry-run", " (--restarts step drops them)", ""},
	} {
		o := mustCall(t, append(strings.Fields(c.args), dir)...)
		for i, word := range words {
			if c.args == "mlflow --dry-run" {
				word = []string{words[0], "5 points were written by one of two writers", words[2]}[i]
			}
			if at := strings.Index(o.err, word); at < 0 || !strings.Contains(strings.SplitN(o.err[at:], "\n", 2)[0], c.end) {
				t.Errorf("%s: no %q%s in %s", c.args, word, c.end, o.err)
			}
		}
	}
	o := mustCall(t, "ls", dir)
	for _, want := range []string{"twice.*repeated 3", "zero.*repeated 4", "ranks.*two writers 5", "restart.*superseded 2", "fine.*ok"} {
		wantMatch(t, o.stdout, want)
	}
	o = mustCall(t, "ls", "--json", dir)
	for _, want := range []string{`"superseded_by_step": 5,\s*"superseded_by_session": 0,\s*"repeated_steps": 0,\s*"two_writers": 5`} {
		wantMatch(t, o.stdout, want)
	}
}

// TestWallTimeUnits: wall times that cannot be seconds are said once a run, in every
// verb that shows them, and read as what they are where that is asked for.
func TestWallTimeUnits(t *testing.T) {
	for unit, scale := range map[string]float64{"ms": 1e3, "us": 1e6, "ns": 1e9} {
		dir := eventfiletest.Logdir(t, eventfiletest.Tree{
			"run/events.out.tfevents.1":  curve([]int64{0, 1, 2}, times(3, 1.7e9*scale, scale)),
			"fine/events.out.tfevents.1": curve([]int64{0, 1, 2}, times(3, 1.7e9, 1)),
		})
		note := "run run: wall times look like "
		for _, args := range []string{"csv", "csv --table runs", "csv --wide", "ls", "runs", "show --x wall", "mlflow --dry-run"} {
			if o := mustCall(t, append(strings.Fields(args), dir)...); strings.Count(o.err, note) != 1 || !strings.Contains(o.err, "--wall-time-unit "+unit) ||
				strings.Contains(o.err, "run fine:") {
				t.Errorf("%s: %s", args, o.err)
			}
			if o := mustCall(t, append(strings.Fields(args), dir, "--run", "run", "--wall-time-unit", unit)...); strings.Contains(o.err, note) {
				t.Errorf("%s in %s: %s", args, unit, o.err)
			}
		}
		o := mustCall(t, "csv", dir, "--run", "run", "--wall-time-unit", unit, "--since", "1700000001")
		if want := "run,tag,step,wall_time,value\nrun,loss,1,1700000001.0,1.0\nrun,loss,2,1700000002.0,2.0\n"; o.stdout != want {
			t.Errorf("%s: %s", unit, o.stdout)
		}
		wantMatch(t, mustCall(t, "ls", "--json", dir).stdout, `"wall_times_look_like": "`+unit+`"`)
		wantMatch(t, mustCall(t, "dump", dir, "--wall-time-unit", unit).stdout, `"wall_time":1.700000002e\+09`)
	}
	if o := call("csv", t.TempDir(), "--wall-time-unit", "min"); o.status != statusUsage || !strings.Contains(o.err, `--wall-time-unit min: want s, ms, us or ns`) {
		t.Errorf("min: %+v", o)
	}
}
