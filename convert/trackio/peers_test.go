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
	"strconv"
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
	p := plantest.Plan(t, runs, Rules(), plan.Options{Media: rows.MediaForms()})
	o := Options{Dir: t.TempDir(), Project: "p", User: "me"}
	result := write(t, p, o, plan.Created)
	cmd := exec.Command(python, "-P", filepath.Join(peers.Root(t), "testdata", "peers", "trackio_read.py"), "p")
	cmd.Env = append(os.Environ(), "TRACKIO_DIR="+o.Dir, "HF_HOME="+t.TempDir())
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &words)
	}
	got := make(map[string]*theirs)
	if !bytes.Contains(out, []byte(`{"tabs": ["metrics", "media"]}`)) {
		t.Errorf("the page has no tabs of metrics and media alone:\n%.300s", out)
	}
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
	values := int64(0)
	for _, r := range p.Runs {
		them := got[RunID(r)]
		if them == nil || them.Run != r.Name {
			t.Errorf("%s: is %+v", r.Path, them)
			continue
		}
		values += them.takeMedia(t, o.Dir)
		compare(t, r, them, points[r.Path])
		for i := range r.Params {
			if _, ok := them.Config[r.Params[i].Key]; !ok {
				t.Errorf("%s: no %q in the config", r.Path, r.Params[i].Key)
			}
		}
	}
	media, histograms := p.TotalsDocument(result).Media, int64(0)
	for _, row := range query(t, o, `SELECT count(*) FROM metrics, json_each(metrics) WHERE json_each.type = 'object' AND json_extract(value, '$._type') = 'trackio.histogram'`) {
		histograms, _ = strconv.ParseInt(row, 10, 64)
	}
	if want := media.Files + histograms; values != want || want == 0 {
		t.Errorf("%d values of media, want %d", values, want)
	}
}

// takeMedia takes the media out of a run, and counts the values, of which a picture
// or a sound of several is several: their files must be there.
func (r *theirs) takeMedia(t *testing.T, dir string) (n int64) {
	t.Helper()
	for key, values := range r.Values {
		for _, v := range values {
			var m struct {
				Type string `json:"_type"`
				Path string `json:"file_path"`
				Bins []any
			}
			if len(v.Value) == 0 || v.Value[0] != '{' {
				continue
			}
			if err := json.Unmarshal(v.Value, &m); err != nil {
				t.Fatal(err)
			}
			n++
			delete(r.Values, key)
			if m.Type == "trackio.histogram" {
				if len(m.Bins) == 0 {
					t.Errorf("%s: %s has no bins", r.Run, key)
				}
				continue
			}
			if info, err := os.Stat(filepath.Join(dir, mediaDir, m.Path)); err != nil || info.Size() == 0 {
				t.Errorf("%s: %s: %v", r.Run, key, err)
			}
		}
	}
	return n
}

// compare holds what Trackio's server gives of a run against the points of the
// logs. It gives null for what is not finite.
func compare(t *testing.T, r *plan.Run, them *theirs, points map[string][]plantest.Point) {
	t.Helper()
	if len(them.Values) != len(r.Series) {
		t.Errorf("%s: %d metrics, want %d", r.Path, len(them.Values), len(r.Series))
	}
	alone := len(r.Series) == 1 && len(r.Media) == 0 // then every point has a row, and its own time
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
