package mlflow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// fake is a tracking server in this process, with the limits that were
// measured of MLflow 3.17, and its way of dropping what it cannot parse.
type fake struct {
	URL string

	mu          sync.Mutex
	experiments map[string]*Experiment
	runs        map[string]*fakeRun
	order       []string
	artifacts   map[string][]byte // by path below the artifact root
	calls       map[string]int    // by method and path
	store       string            // scheme of artifact URIs
	mostMetrics int
	mostBytes   int // of an artifact; 0: any
	auth        string
	version     string // empty: not told
	limits      Limits
}

type fakeRun struct {
	serverRun
	experiment string
	points     map[string]map[point]bool
	metricSent int
}

// validName says whether MLflow takes a key.
func validName(name string) bool { return validKey(name) && utf8.RuneCountInString(name) <= longestKey }

func newFake(t *testing.T) *fake {
	f := &fake{
		experiments: make(map[string]*Experiment), runs: make(map[string]*fakeRun), artifacts: make(map[string][]byte),
		calls: make(map[string]int), store: "mlflow-artifacts:/", mostMetrics: mostMetrics,
	}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	f.URL = s.URL
	return f
}

// client is one of the fake, that does not wait long.
func (f *fake) client(t *testing.T) *rest.Client { return newTestClient(t, f.URL) }

func newTestClient(t *testing.T, url string) *rest.Client {
	t.Helper()
	c, err := rest.NewClient(rest.Config{TrackingURI: url, Retries: 10, Backoff: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// call counts one of the API's calls.
func (f *fake) count(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[name]
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if path, ok := strings.CutPrefix(r.URL.Path, "/"+rest.Artifacts); ok {
		f.calls[r.Method+" artifact"]++
		for plain, err := url.PathUnescape(path); err == nil && plain != path; plain, err = url.PathUnescape(path) {
			path = plain // as MLflow does: validate_path_is_safe
		}
		if r.Method == http.MethodGet {
			content, ok := f.artifacts[path]
			if !ok {
				http.Error(w, `{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such artifact"}`, http.StatusNotFound)
			}
			_, _ = w.Write(content)
			return
		}
		if f.mostBytes > 0 && len(body) > f.mostBytes {
			http.Error(w, "<html><head><title>413 Request Entity Too Large</title></head>", http.StatusRequestEntityTooLarge)
			return
		}
		f.artifacts[path] = body
		fmt.Fprint(w, "{}")
		return
	}
	name, ok := strings.CutPrefix(r.URL.Path, "/"+rest.API)
	if r.URL.Path == "/version" && f.version != "" {
		fmt.Fprint(w, f.version)
		return
	}
	if !ok {
		http.Error(w, "<!doctype html><title>404 Not Found</title>", http.StatusNotFound)
		return
	}
	if f.auth != "" && r.Header.Get("Authorization") != f.auth {
		w.Header().Set("WWW-Authenticate", `Basic realm="mlflow"`)
		http.Error(w, "You are not authenticated.", http.StatusUnauthorized)
		return
	}
	f.calls[name]++
	answer, err := f.answer(name, r, body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		code, message, _ := strings.Cut(err.Error(), ": ")
		answer = map[string]string{"error_code": code, "message": message}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// experimentNamed finds an experiment as the server's database does.
func (f *fake) experimentNamed(name string) *Experiment {
	for _, e := range f.experiments {
		if e.Name == name || f.limits.IgnoresCase && foldKey(e.Name) == foldKey(name) {
			return e
		}
	}
	return nil
}

func (f *fake) answer(name string, r *http.Request, body []byte) (any, error) {
	var b struct {
		Name, Filter, Status string
		Key, Value           string
		ExperimentID         string   `json:"experiment_id"`
		ExperimentIDs        []string `json:"experiment_ids"`
		RunID                string   `json:"run_id"`
		RunName              string   `json:"run_name"`
		Start                int64    `json:"start_time"`
		End                  int64    `json:"end_time"`
		Max                  int      `json:"max_results"`
		Page                 string   `json:"page_token"`
		Tags                 []pair
		Params               []json.RawMessage
		Metrics              []map[string]any
	}
	if len(body) > 0 {
		decoder := json.NewDecoder(strings.NewReader(string(body)))
		decoder.UseNumber()
		if err := decoder.Decode(&b); err != nil {
			return struct{}{}, nil // a bare NaN: 200, and the rest is lost
		}
	}
	query := r.URL.Query()
	switch name {
	case "experiments/get-by-name":
		name := query.Get("experiment_name")
		if name == "Default" || f.limits.IgnoresCase && strings.EqualFold(name, "default") {
			return map[string]any{"experiment": &Experiment{ID: "0", Name: "Default", Stage: "active"}}, nil
		}
		if e := f.experimentNamed(name); e != nil {
			return map[string]any{"experiment": map[string]any{"experiment_id": e.ID, "name": e.Name, "lifecycle_stage": e.Stage, "tags": e.tags}}, nil
		}
		return nil, fmt.Errorf("RESOURCE_DOES_NOT_EXIST: no experiment")
	case "experiments/create":
		if f.experimentNamed(b.Name) != nil {
			return nil, fmt.Errorf("RESOURCE_ALREADY_EXISTS: it exists")
		}
		e := &Experiment{ID: strconv.Itoa(len(f.experiments) + 1), Name: b.Name, Stage: "active", rules: find(b.Tags, tagRules), tags: b.Tags}
		f.experiments[b.Name] = e
		return map[string]string{"experiment_id": e.ID}, nil
	case "experiments/set-experiment-tag":
		for _, e := range f.experiments {
			if e.ID == b.ExperimentID {
				if b.Key == tagRules {
					e.rules = b.Value
				}
				e.tags = append(slices.DeleteFunc(e.tags, func(t pair) bool { return t.Key == b.Key }), pair{b.Key, b.Value})
			}
		}
		return struct{}{}, nil
	case "experiments/restore":
		for _, e := range f.experiments {
			if e.ID == b.ExperimentID {
				e.Stage = "active"
			}
		}
		return struct{}{}, nil
	case "runs/create":
		return f.create(b.ExperimentID, b.RunName, b.Start, b.Tags)
	case "runs/search":
		return f.search(b.ExperimentIDs, b.Filter, b.Max, b.Page), nil
	}
	run := f.runs[cmp.Or(b.RunID, query.Get("run_id"))]
	if run == nil && name == "runs/log-batch" {
		if err := f.log(&fakeRun{points: make(map[string]map[point]bool)}, b.Params, b.Metrics, b.Tags); err != nil {
			return nil, err
		}
	}
	if run == nil {
		return nil, fmt.Errorf("RESOURCE_DOES_NOT_EXIST: no run")
	}
	switch name {
	case "runs/get":
		return map[string]any{"run": run.told()}, nil
	case "runs/update":
		run.Info.Status, run.Info.End = b.Status, b.End
		return map[string]any{"run_info": run.Info}, nil
	case "runs/delete", "runs/restore":
		run.Info.Stage = map[string]string{"runs/delete": "deleted", "runs/restore": "active"}[name]
	case "runs/delete-tag":
		if find(run.Data.Tags, b.Key) == "" {
			return nil, fmt.Errorf("RESOURCE_DOES_NOT_EXIST: no tag")
		}
		run.Data.Tags = slices.DeleteFunc(run.Data.Tags, func(t pair) bool { return t.Key == b.Key })
	case "runs/log-batch":
		if run.deleted() {
			return nil, fmt.Errorf("INVALID_PARAMETER_VALUE: The run %s must be in the 'active' state", run.Info.RunID)
		}
		return struct{}{}, f.log(run, b.Params, b.Metrics, b.Tags)
	case "metrics/get-history":
		return run.history(query.Get("metric_key"), query.Get("max_results"), query.Get("page_token")), nil
	case "artifacts/list":
		return f.list(run, query.Get("path")), nil
	}
	return struct{}{}, nil
}

func (f *fake) create(experiment, name string, start int64, tags []pair) (any, error) {
	run := &fakeRun{experiment: experiment, points: make(map[string]map[point]bool)}
	run.Info.RunID = fmt.Sprintf("%032x", len(f.runs)+1)
	run.Info.Name, run.Info.Start, run.Info.Status = name, start, "RUNNING"
	run.Info.Stage = "active"
	run.Info.ArtifactURI = f.store + experiment + "/" + run.Info.RunID + "/artifacts"
	seen := make(map[string]bool)
	for _, tag := range tags {
		if seen[tag.Key] || utf8.RuneCountInString(tag.Value) > 8000 || strings.Contains(tag.Value, "\x00") {
			return nil, fmt.Errorf("BAD_REQUEST: tag %s", tag.Key)
		}
		seen[tag.Key] = true
	}
	run.Data.Tags = slices.Clone(tags)
	f.runs[run.Info.RunID] = run
	f.order = append(f.order, run.Info.RunID)
	return map[string]any{"run": run.told()}, nil
}

func (f *fake) search(experiments []string, filter string, most int, page string) any {
	key, wanted, _ := strings.Cut(filter, " = ")
	wanted = strings.Trim(wanted, "'")
	key = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(key, "tags."), " LIKE '%'"), "`")
	from, _ := strconv.Atoi(page)
	var found []*serverRun
	for _, id := range f.order {
		run := f.runs[id]
		source := run.tag(key)
		if slices.Contains(experiments, run.experiment) && source != "" && (wanted == "" || wanted == source) {
			found = append(found, run.told())
		}
	}
	answer := map[string]any{"runs": found[from:min(from+most, len(found))]}
	if from+most < len(found) {
		answer["next_page_token"] = strconv.Itoa(from + most)
	}
	return answer
}

// log takes a batch as the server does: what does not parse ends it, and the
// answer is good all the same.
func (f *fake) log(run *fakeRun, params []json.RawMessage, metrics []map[string]any, tags []pair) error {
	if len(metrics) > f.mostMetrics {
		return fmt.Errorf("INVALID_PARAMETER_VALUE: A batch logging request can contain at most %d metrics. Got %d metrics", f.mostMetrics, len(metrics))
	}
	if len(params) > 100 || len(tags) > 100 {
		return fmt.Errorf("INVALID_PARAMETER_VALUE: A batch logging request can contain at most 100 params")
	}
	for _, m := range metrics {
		if key, _ := m["key"].(string); !validName(key) || f.limits.NoColon && strings.Contains(key, ":") {
			return fmt.Errorf("INVALID_PARAMETER_VALUE: Invalid value %q for parameter 'metrics[0].name'", key)
		}
	}
	for _, raw := range params {
		var p pair
		if json.Unmarshal(raw, &p) != nil {
			return nil
		}
		if !validName(p.Key) || f.limits.NoColon && strings.Contains(p.Key, ":") {
			return fmt.Errorf("INVALID_PARAMETER_VALUE: Invalid param %q", p.Key)
		}
		if f.limits.ShortParams && utf8.RuneCountInString(p.Value) > shortParam {
			return fmt.Errorf("INVALID_PARAMETER_VALUE: Param value had length %d, which exceeded length limit of 500", len(p.Value))
		}
		p.Value = plan.Cut(p.Value, longestParam)
		if old := find(run.Data.Params, p.Key); old != "" && old != p.Value {
			return fmt.Errorf("INVALID_PARAMETER_VALUE: Changing param values is not allowed")
		} else if old == "" {
			run.Data.Params = append(run.Data.Params, p)
		}
	}
	for _, m := range metrics {
		p, ok := parseFakeMetric(m)
		if !ok {
			return nil
		}
		key := m["key"].(string)
		if run.points[key] == nil {
			run.points[key] = make(map[point]bool)
		}
		run.points[key][p] = true
		run.metricSent++
	}
	for _, tag := range tags {
		run.Data.Tags = slices.DeleteFunc(run.Data.Tags, func(t pair) bool { return t.Key == tag.Key })
		run.Data.Tags = append(run.Data.Tags, pair{tag.Key, plan.Cut(tag.Value, 8000)})
	}
	return nil
}

// fakeNaN stands for NaN among the points, as NaN is no key of a map.
const fakeNaN = 1.5e-323

func parseFakeMetric(m map[string]any) (p point, ok bool) {
	number := func(key string) (int64, bool) {
		n, ok := m[key].(json.Number)
		i, err := strconv.ParseInt(string(n), 10, 64)
		return i, ok && err == nil
	}
	var err error
	switch value := m["value"].(type) {
	case json.Number:
		p.value, err = strconv.ParseFloat(string(value), 64)
	case string:
		var known bool
		p.value, known = map[string]float64{"NaN": fakeNaN, "Infinity": math.MaxFloat64, "-Infinity": -math.MaxFloat64}[value]
		ok = known
	}
	if _, isNumber := m["value"].(json.Number); isNumber {
		ok = err == nil
	}
	var step, time bool
	p.step, step = number("step")
	p.time, time = number("timestamp")
	return p, ok && step && time && p.time >= 0
}

func (r *fakeRun) sorted(key string) []point {
	var points []point
	for p := range r.points[key] {
		points = append(points, p)
	}
	slices.SortFunc(points, point.compare)
	return points
}

func told(key string, p point) map[string]any {
	m := map[string]any{"key": key, "value": p.value, "timestamp": p.time, "step": p.step}
	if p.value == fakeNaN {
		m["value"] = "NaN"
	}
	return m
}

// told is the run with its latest metrics.
func (r *fakeRun) told() *serverRun {
	run := r.serverRun
	run.Data.Metrics = nil
	for key := range r.points {
		var latest point
		for i, p := range r.sorted(key) {
			if i == 0 || p.after(latest) {
				latest = p
			}
		}
		run.Data.Metrics = append(run.Data.Metrics, serverMetric{key, jsonNumber(latest.value), jsonInt(latest.time), jsonInt(latest.step)})
	}
	return &run
}

func (r *fakeRun) history(key, most, page string) any {
	n, err := strconv.Atoi(most)
	if err != nil {
		n = math.MaxInt32
	}
	from, _ := strconv.Atoi(page)
	points := r.sorted(key)
	metrics := []any{}
	for _, p := range points[from:min(from+n, len(points))] {
		metrics = append(metrics, told(key, p))
	}
	answer := map[string]any{"metrics": metrics}
	if from+n < len(points) {
		answer["next_page_token"] = strconv.Itoa(from + n)
	}
	return answer
}

func (f *fake) list(run *fakeRun, dir string) any {
	root := strings.TrimPrefix(run.Info.ArtifactURI, "mlflow-artifacts:/") + "/"
	files, below := []any{}, dir
	if dir != "" {
		below += "/"
	}
	dirs := make(map[string]bool)
	for path, content := range f.artifacts {
		name, ok := strings.CutPrefix(path, root+below)
		if first, _, deeper := strings.Cut(name, "/"); ok && deeper {
			dirs[below+first] = true
		} else if ok {
			files = append(files, map[string]any{"path": below + name, "is_dir": false, "file_size": len(content)})
		}
	}
	for name := range dirs {
		files = append(files, map[string]any{"path": name, "is_dir": true})
	}
	return map[string]any{"files": files}
}

// MarshalJSON is json.Marshaler's.
func (f jsonNumber) MarshalJSON() ([]byte, error) {
	if f == fakeNaN {
		return []byte(`"NaN"`), nil
	}
	return strconv.AppendFloat(nil, float64(f), 'g', -1, 64), nil
}
