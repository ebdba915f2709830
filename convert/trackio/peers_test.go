package trackio

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
	"tbexport/internal/peers"
)

// theirs is a run as Trackio itself reads it.
type theirs struct {
	Run, ID string
	Values  map[string][]struct {
		Timestamp string
		Step      int64
		Value     json.RawMessage
	}
	Config map[string]any
}

// TestTrackioPeers: Trackio's command line lists every run, and its server gives
// every point of every series with its step, and with its time where the row has
// no other.
func TestTrackioPeers(t *testing.T) {
	t.Run("testdata", func(t *testing.T) { testRead(t, logs) })
	t.Run("corpus", func(t *testing.T) { testRead(t, peers.Corpus(t)) })
}

func testRead(t *testing.T, logdir string) {
	python := peers.Python(t, peers.Trackio)
	runs := plantest.Runs(t, logdir)
	points := plantest.Points(t, runs)
	p := plantest.Plan(t, runs, Rules(), plan.Options{})
	o := Options{Dir: t.TempDir(), Project: "p", User: "me"}
	write(t, p, o, plan.Created)
	cmd := exec.Command(python, "-P", filepath.Join(peers.Root(t), "testdata", "peers", "trackio_read.py"), "p")
	cmd.Env = append(os.Environ(), "TRACKIO_DIR="+o.Dir, "HF_HOME="+t.TempDir())
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &words)
	}
	got := make(map[string]*theirs)
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		if !bytes.HasPrefix(lines.Bytes(), []byte(`{"run"`)) {
			continue // what Trackio says to people
		}
		var r theirs
		text := bytes.ReplaceAll(lines.Bytes(), []byte(": NaN"), []byte(`: "NaN"`))
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(": Infinity"), []byte(`: "Infinity"`)), []byte(": -Infinity"), []byte(`: "-Infinity"`))
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		got[r.ID] = &r
	}
	if len(got) != len(p.Runs) || len(got) < 100 {
		t.Errorf("%d runs, want %d", len(got), len(p.Runs))
	}
	for _, r := range p.Runs {
		them := got[RunID(r)]
		if them == nil || them.Run != r.Name {
			t.Errorf("%s: is %+v", r.Path, them)
			continue
		}
		compare(t, r, them, points[r.Path])
		for i := range r.Params {
			if _, ok := them.Config[r.Params[i].Key]; !ok {
				t.Errorf("%s: no %q in the config", r.Path, r.Params[i].Key)
			}
		}
	}
}

// compare holds what Trackio's server gives of a run against the points of the
// logs. It gives null for what is not finite.
func compare(t *testing.T, r *plan.Run, them *theirs, points map[string][]plantest.Point) {
	t.Helper()
	if len(them.Values) != len(r.Series) {
		t.Errorf("%s: %d metrics, want %d", r.Path, len(them.Values), len(r.Series))
	}
	alone := len(r.Series) == 1 // then every point has a row, and its own time
	for _, s := range r.Series {
		var want, got []string
		for _, p := range points[s.Tag] {
			line := fmt.Sprint(p.Step, p.Value)
			if math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
				line = fmt.Sprint(p.Step, nil)
			}
			if alone {
				time, _ := timestamp((&rows.Row{Points: []rows.Point{{WallTime: p.WallTime}}}).Time())
				line += " " + time
			}
			want = append(want, line)
		}
		for _, v := range them.Values[s.Key] {
			var raw any
			d := json.NewDecoder(bytes.NewReader(v.Value))
			d.UseNumber()
			if err := d.Decode(&raw); err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprint(v.Step, raw)
			if value, ok := number(raw); ok {
				line = fmt.Sprint(v.Step, value)
			} else if raw != nil {
				t.Fatalf("%s: %q: %s", r.Path, s.Key, v.Value)
			}
			if alone {
				line += " " + v.Timestamp
			}
			got = append(got, line)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q:\ngot  %s\nwant %s", r.Path, s.Key, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	}
}
