package wandb

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
	"tbexport/eventfile"
	"tbexport/internal/peers"
)

// wandbCommand is a call of W&B's own program, which knows no other server than
// the one given.
func wandbCommand(t testing.TB, server string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(filepath.Join(filepath.Dir(peers.Python(t, peers.Wandb)), "wandb"), args...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "WANDB_DIR="+home, "WANDB_BASE_URL="+server, "WANDB_API_KEY="+strings.Repeat("a", 40),
		"WANDB_ERROR_REPORTING=false", "WANDB_CONFIG_DIR="+home, "WANDB_CACHE_DIR="+home)
	cmd.Dir = home
	return cmd
}

// written are the runs of a logdir, each for itself, in a directory of the test.
func written(t testing.TB, logdir string) (runs []eventfile.Run, p *plan.Plan, o Options, result *plan.Result) {
	t.Helper()
	runs = plantest.Runs(t, logdir)
	p = plantest.Plan(t, runs, Rules(), plan.Options{Media: rows.MediaForms()})
	o = Options{Dir: filepath.Join(t.TempDir(), "wandb"), Project: "logs", Version: "test"}
	return runs, p, o, write(t, p, o, plan.Created)
}

// arrived is what W&B has of one run: rows of values by key.
type arrived []map[string]float64

// compare holds the history of a run against the points that the reader gives.
// W&B's own JSON is read here, of which a step beyond 2^53 is a float64.
func compare(t *testing.T, r *plan.Run, rows arrived, points map[string][]plantest.Point, media []medium) {
	t.Helper()
	want, got := make(map[string][]string), make(map[string][]string)
	earliest := make(map[float64]float64)
	repeats := Counted(r)
	take := func(step int64, time float64) {
		if first, ok := earliest[float64(step)]; (!ok || time < first) && !math.IsInf(time, 0) {
			earliest[float64(step)] = time
		}
	}
	for _, tag := range points {
		for _, p := range tag {
			take(p.Step, p.WallTime)
		}
	}
	for _, m := range media {
		take(m.step, m.time)
	}
	for _, s := range r.Series {
		for _, p := range points[s.Tag] {
			want[s.Key] = append(want[s.Key], fmt.Sprint(float64(p.Step), p.Value))
		}
		slices.Sort(want[s.Key])
	}
	last := math.Inf(-1)
	for _, row := range rows {
		step := row["_step"]
		if step <= last {
			t.Errorf("%s: step %v after %v", r.Path, step, last)
		}
		if last = step; repeats {
			step = row[globalStep]
		} else if first := earliest[step]; first == first && row["_timestamp"] != first {
			t.Errorf("%s: step %v at %v, want %v", r.Path, step, row["_timestamp"], first)
		}
		for key, value := range row {
			if !strings.HasPrefix(key, "_") && !(repeats && key == globalStep) {
				got[key] = append(got[key], fmt.Sprint(step, value))
			}
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d keys, want %d", r.Path, len(got), len(want))
	}
	for key := range want {
		slices.Sort(got[key])
		if !slices.Equal(got[key], want[key]) {
			t.Errorf("%s: %q: got %v\nwant %v", r.Path, key, got[key], want[key])
		}
	}
}

// bareNumbers reads JSON with the bare NaN and infinities that W&B writes. What is
// no number goes into media.
func bareNumbers(t *testing.T, text string, media map[string]any) map[string]float64 {
	t.Helper()
	for _, word := range []string{"NaN", "-Infinity", "Infinity"} {
		for _, after := range []string{",", "}"} {
			text = strings.ReplaceAll(text, ":"+word+after, `:"`+word+`"`+after)
		}
	}
	var raw map[string]any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	row := make(map[string]float64, len(raw))
	for key, v := range raw {
		switch v := v.(type) {
		case float64:
			row[key] = v
		case string:
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				t.Fatalf("%q: %q", key, v)
			}
			row[key] = f
		default:
			media[key] = v
		}
	}
	return row
}

// TestLeetPeers: W&B's inspector reads every record as it is meant.
func TestLeetPeers(t *testing.T) {
	runs, p, o, result := written(t, logs)
	points := plantest.Points(t, runs)
	// One call for each file takes long: these stand for what is odd in the others.
	for i, r := range result.Runs {
		if base := r.Run.Path; !strings.Contains(base, "sample/") && !strings.HasPrefix(base, "odd/") && !strings.HasSuffix(base, "/failure") || i%3 != 0 {
			continue
		}
		cmd := wandbCommand(t, "http://127.0.0.1:9", "leet", "inspect", "--json", filepath.Join(r.Where, fileName(r.Run)))
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var rows arrived
		kinds := make(map[string]int)
		lines := bufio.NewScanner(bytes.NewReader(out))
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var record struct {
				Type    string
				History struct{ Item json.RawMessage }
				Run     struct {
					DisplayName string `json:"display_name"`
					ID          string `json:"run_id"`
				}
				Exit struct {
					Code int64 `json:"exit_code"`
				}
			}
			text := lines.Bytes()
			if i := bytes.Index(text, []byte(`"item":`)); i >= 0 && bytes.Contains(text, []byte(`"type":"history"`)) {
				text = text[i+len(`"item":`):]
				text = text[:bytes.LastIndex(text, []byte(`},"step"`))+1]
				rows = append(rows, bareNumbers(t, strings.TrimSuffix(leetNumbers(string(text)), ",")+"}", make(map[string]any)))
				kinds["history"]++
				continue
			}
			if bytes.Contains(text, []byte(`"type":"summary"`)) {
				kinds["summary"]++
				continue
			}
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			kinds[record.Type]++
			if record.Type == "run" && (record.Run.DisplayName != r.Run.Name || record.Run.ID != ID(r.Run)) {
				t.Errorf("%s is %+v", r.Run.Path, record.Run)
			}
			if record.Type == "exit" && record.Exit.Code != code(r.Run) {
				t.Errorf("%s ended with %d", r.Run.Path, record.Exit.Code)
			}
		}
		if kinds["run"] != 1 || kinds["exit"] != 1 || kinds["summary"] != 1 || int64(kinds["history"]) != r.Rows {
			t.Errorf("%s: records %v, want %d rows", r.Run.Path, kinds, r.Rows)
		}
		compare(t, r.Run, rows, points[r.Run.Path], mediaOf(t, p, r.Run))
	}
	_ = o
}

// fakeServer is as much of W&B's server as a sync needs.
type fakeServer struct {
	sync.Mutex
	t     *testing.T
	url   string
	lines map[string]map[int]string // by run id: of the history, by number
	runs  map[string]upserted
	files map[string]string // SHA-256 of what was uploaded, by run id and path
}

// upserted is what a sync says of a run.
type upserted struct {
	Name        string
	DisplayName string
	Config      string
	State       string
	Tags        []string
	Project     string
	Entity      string
	exit        string
}

func newFakeServer(t *testing.T) *fakeServer {
	s := &fakeServer{t: t, lines: make(map[string]map[int]string), runs: make(map[string]upserted), files: make(map[string]string)}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			s.t.Error(err)
			return
		}
		body = z
	}
	b, err := io.ReadAll(body)
	if err != nil {
		s.t.Error(err)
	}
	var answer any = struct{}{}
	switch {
	case r.URL.Path == "/graphql":
		answer = s.graphql(b)
	case r.Method == http.MethodPut:
		s.files[strings.TrimPrefix(r.URL.Path, "/upload/")] = fmt.Sprintf("%x", sha256.Sum256(b))
	case strings.HasSuffix(r.URL.Path, "/file_stream"):
		s.stream(filepath.Base(filepath.Dir(r.URL.Path)), b)
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.t.Error(err)
	}
}

func (s *fakeServer) graphql(b []byte) any {
	var call struct {
		Query     string
		Variables json.RawMessage
	}
	if err := json.Unmarshal(b, &call); err != nil {
		s.t.Error(err)
	}
	type object = map[string]any
	switch {
	case strings.Contains(call.Query, "upsertBucket"):
		var u upserted
		if err := json.Unmarshal(call.Variables, &u); err != nil {
			s.t.Error(err)
		}
		if u.DisplayName != "" { // later calls say the config only
			u.exit = s.runs[u.Name].exit
			s.runs[u.Name] = u
		}
		return object{"data": object{"upsertBucket": object{"inserted": true, "bucket": object{"id": "b", "name": u.Name, "displayName": u.DisplayName,
			"historyLineCount": 0, "project": object{"id": "p", "name": u.Project, "entity": object{"id": "e", "name": u.Entity}}}}}}
	case strings.Contains(call.Query, "createRunFiles"):
		var v struct {
			Run   string
			Files []string
		}
		if err := json.Unmarshal(call.Variables, &v); err != nil {
			s.t.Error(err)
		}
		var files []object
		for _, f := range v.Files {
			files = append(files, object{"name": f, "uploadUrl": s.url + (&url.URL{Path: "/upload/" + v.Run + "/" + f}).EscapedPath()})
		}
		return object{"data": object{"createRunFiles": object{"runID": "r", "uploadHeaders": []string{}, "files": files}}}
	}
	return object{"data": object{}}
}

// stream takes lines of a run's history.
func (s *fakeServer) stream(id string, b []byte) {
	var sent struct {
		Files map[string]struct {
			Offset  int
			Content []string
		}
		Complete *bool
		ExitCode *int
	}
	if err := json.Unmarshal(b, &sent); err != nil {
		s.t.Error(err)
	}
	if s.lines[id] == nil {
		s.lines[id] = make(map[int]string)
	}
	history := sent.Files["wandb-history.jsonl"]
	for i, line := range history.Content {
		s.lines[id][history.Offset+i] = line
	}
	if sent.ExitCode != nil {
		u := s.runs[id]
		u.exit = strconv.Itoa(*sent.ExitCode)
		s.runs[id] = u
	}
}

// TestSyncPeers: "wandb sync" takes every run, and what it sends is what the
// logs hold: every value of every series with its step, and the rows' times.
func TestSyncPeers(t *testing.T) {
	t.Run("testdata", func(t *testing.T) { testSync(t, logs) })
	t.Run("corpus", func(t *testing.T) { testSync(t, peers.Corpus(t)) })
}

// leetNumbers takes out of a row of leet's what is no number: it gives media as
// several keys.
func leetNumbers(text string) string {
	return regexp.MustCompile(`"[^"]*\.(_type|path|sha256|size|count|filenames|format|width|height|values|bins|audio|caption|captions)":("[^"]*"|-?[0-9.e+-]+|\[[^]]*\]),?`).
		ReplaceAllString(strings.TrimSuffix(text, "}")+",", "")
}

// medium is a value of media of which W&B shows something.
type medium struct {
	form  convert.Form
	key   string
	step  int64
	time  float64
	files map[string]string // SHA-256 by path
}

// mediaOf are those of a run, as the reader gives them.
func mediaOf(t *testing.T, p *plan.Plan, r *plan.Run) (all []medium) {
	t.Helper()
	keys := rows.MediaKeys(r, key)
	for v, err := range p.MediaValues(t.Context(), r, convert.ReadOptions{}, rows.MediaForms()...) {
		if err != nil {
			t.Fatal(err)
		}
		var e encoded
		if err := e.encode(keys[v.Media], v); err != nil {
			t.Fatal(err)
		}
		if len(e.items) == 0 {
			continue
		}
		m := medium{v.Media.Form, e.key, v.Step, v.WallTime, make(map[string]string)}
		for _, f := range e.files {
			m.files[f.path] = fmt.Sprintf("%x", sha256.Sum256(f.Bytes))
		}
		all = append(all, m)
	}
	return all
}

// checkMedia holds what arrived of the media of a run against what the reader
// gives: every value at its step, and every file.
func checkMedia(t *testing.T, r *plan.RunResult, media []medium, server *fakeServer, shown []string) {
	t.Helper()
	types := make(map[string]int)
	for _, m := range media {
		for path, sum := range m.files {
			if got := server.files[ID(r.Run)+"/"+path]; got != sum {
				t.Errorf("%s: %s: uploaded as %q", r.Run.Path, path, got)
			}
		}
		types[string(m.form)]++
		if prefix := fmt.Sprint(float64(m.step), " ", m.key, " "); !Counted(r.Run) &&
			!slices.ContainsFunc(shown, func(s string) bool { return strings.HasPrefix(s, prefix) }) {
			t.Errorf("%s: no %s", r.Run.Path, prefix)
		}
	}
	for _, s := range shown {
		for form, words := range map[string]string{"images": "image-file images/separated", "audio": "audio-file audio", "histograms": "histogram"} {
			if strings.Contains(" "+words+" ", " "+s[strings.LastIndexByte(s, ' ')+1:]+" ") {
				types[form]--
			}
		}
	}
	if len(media) != len(shown) || types["images"] != 0 || types["audio"] != 0 || types["histograms"] != 0 {
		t.Errorf("%s: %d values arrived, want %d; left of each %v", r.Run.Path, len(shown), len(media), types)
	}
}

func testSync(t *testing.T, logdir string) {
	runs, p, o, result := written(t, logdir)
	points := plantest.Points(t, runs)
	server := newFakeServer(t)
	args := []string{"sync", "--yes", "-e", "me", "-p", "logs"}
	for _, r := range result.Runs {
		args = append(args, r.Where)
	}
	for range 2 { // the second time nothing comes twice
		if out, err := wandbCommand(t, server.url, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	server.Lock()
	defer server.Unlock()
	values := int64(0)
	if len(server.runs) != len(result.Runs) || len(p.Runs) < 100 {
		t.Errorf("%d runs arrived, want %d", len(server.runs), len(result.Runs))
	}
	for _, r := range result.Runs {
		got := server.runs[ID(r.Run)]
		if got.DisplayName != r.Run.Name || !slices.Equal(got.Tags, []string{"tensorboard"}) || got.exit != strconv.FormatInt(code(r.Run), 10) {
			t.Errorf("%s: arrived as %+v", r.Run.Path, got)
		}
		var rows arrived
		var shown []string
		for i := range len(server.lines[ID(r.Run)]) {
			media := make(map[string]any)
			rows = append(rows, bareNumbers(t, server.lines[ID(r.Run)][i], media))
			values += int64(len(media))
			for key, value := range media {
				shown = append(shown, fmt.Sprint(rows[i]["_step"], " ", key, " ", value.(map[string]any)["_type"]))
			}
		}
		media := mediaOf(t, p, r.Run)
		checkMedia(t, r, media, server, shown)
		if int64(len(rows)) != r.Rows {
			t.Errorf("%s: %d rows arrived, want %d", r.Run.Path, len(rows), r.Rows)
		}
		compare(t, r.Run, rows, points[r.Run.Path], media)
		for i := range r.Run.Params {
			if key := string(jsonText(r.Run.Params[i].Key)); !strings.Contains(got.Config, key) {
				t.Errorf("%s: no %s in the config", r.Run.Path, key)
			}
		}
	}
	if want := p.TotalsDocument(result).Media.Values; values != want || want == 0 {
		t.Errorf("%d values of media arrived, want %d", values, want)
	}
	// What a sync leaves beside the runs is no obstacle.
	write(t, p, o, plan.Skipped)
	o.Group = "other"
	write(t, p, o, plan.Grown)
}
