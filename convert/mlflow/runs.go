package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tbexport/convert"
	"tbexport/convert/mlflow/rest"
)

// server is a client with the calls of MLflow's API that a migration makes.
type server struct{ *rest.Client }

// pair is a tag or a parameter.
type pair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// serverRun is a run as the server tells of it.
type serverRun struct {
	Info serverInfo `json:"info"`
	Data struct {
		Metrics []serverMetric `json:"metrics"`
		Params  []pair         `json:"params"`
		Tags    []pair         `json:"tags"`
	} `json:"data"`
}

type serverInfo struct {
	RunID       string `json:"run_id"`
	Name        string `json:"run_name"`
	User        string `json:"user_id"`
	Status      string `json:"status"`
	Start       int64  `json:"start_time"`
	End         int64  `json:"end_time"`
	ArtifactURI string `json:"artifact_uri"`
	Stage       string `json:"lifecycle_stage"` // active or deleted
}

func (r *serverRun) deleted() bool { return r.Info.Stage == "deleted" }

func (r *serverRun) tag(key string) string { return find(r.Data.Tags, key) }

func find(pairs []pair, key string) string {
	for _, p := range pairs {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// runCreation is the body of runs/create.
type runCreation struct {
	Experiment string `json:"experiment_id"`
	Name       string `json:"run_name"`
	User       string `json:"user_id,omitempty"`
	Start      int64  `json:"start_time"`
	Tags       []pair `json:"tags"`
}

// createRun makes a run whose tags hold a source ID and a claim that no other
// run has. Where the answer is lost, the run is looked for before it is made
// again; late says that the server may still make another one.
func (c *server) createRun(ctx context.Context, r runCreation, sourceID,
	claim string) (run *serverRun, late bool, err error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, false, err
	}
	var answer struct{ Run serverRun }
	run = &answer.Run
	into := func(body io.Reader) error {
		answer.Run = serverRun{} // of a call whose answer broke off
		err := rest.JSON(&answer)(body)
		if err == nil && answer.Run.Info.RunID == "" {
			err = rest.ErrForeign
		}
		return err
	}
	made := func(ctx context.Context) (bool, error) {
		late = true
		found, err := c.findRuns(ctx, r.Experiment, sourceID)
		i := slices.IndexFunc(found, func(run *serverRun) bool { return run.tag(tagState) == claim })
		if err != nil || i < 0 {
			return false, err
		}
		run = found[i]
		return true, nil
	}
	err = c.Do(ctx,
		&rest.Call{Method: http.MethodPost, Path: rest.API + "runs/create", Body: body, Into: into, Done: made})
	if err != nil {
		return nil, late, err
	}
	return run, late, nil
}

// findRuns gives the runs of an experiment that have a source ID, those that
// somebody deleted too, but none that this program is deleting; those with any,
// for the empty one.
func (c *server) findRuns(ctx context.Context, experiment, sourceID string) ([]*serverRun, error) {
	filter := "tags.`" + tagSourceID + "` = '" + sourceID + "'"
	if sourceID == "" {
		filter = "tags.`" + tagSourceID + "` LIKE '%'"
	}
	runs, err := c.searchRuns(ctx, experiment, filter, sourceID == "")
	return slices.DeleteFunc(runs, func(run *serverRun) bool { return run.tag(tagState) == stateRemoved }), err
}

// searchRuns gives the runs of an experiment that a filter finds, those that are
// deleted too; without their metrics and params, if only tags are wanted.
func (c *server) searchRuns(ctx context.Context, experiment, filter string, tags bool) ([]*serverRun, error) {
	var runs []*serverRun
	seen := make(map[string]bool)
	search := map[string]any{
		"experiment_ids": []string{experiment}, "filter": filter, "run_view_type": "ALL",
		"max_results": searchPage, "order_by": []string{"attributes.start_time ASC"},
	}
	for {
		var answer struct {
			Runs []*serverRun `json:"runs"`
			Next string       `json:"next_page_token"`
		}
		if err := c.Post(ctx, "runs/search", search, &answer); err != nil {
			return nil, err
		}
		known := len(seen)
		for _, run := range answer.Runs {
			if run == nil || run.Info.RunID == "" || seen[run.Info.RunID] {
				continue
			}
			seen[run.Info.RunID] = true
			if tags {
				run.Data.Metrics, run.Data.Params = nil, nil
			}
			runs = append(runs, run)
		}
		if answer.Next == "" {
			return runs, nil
		}
		if len(seen) == known {
			return nil, &PagesError{"runs/search"}
		}
		search["page_token"] = answer.Next
	}
}

// PagesError says that a server goes on giving pages of a list with nothing new
// in them.
type PagesError struct{ Call string }

func (e *PagesError) Error() string {
	return e.Call + ": the server gives page after page with nothing new on them"
}

const searchPage = 1000

// progress tells whether a run that another migration sends has changed.
func (r *serverRun) progress() string {
	text, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	return string(text)
}

func (c *server) getRun(ctx context.Context, id string) (*serverRun, error) {
	var answer struct{ Run serverRun }
	err := c.Get(ctx, "runs/get", url.Values{"run_id": {id}}, &answer)
	if err == nil && answer.Run.Info.RunID != id {
		err = fmt.Errorf("runs/get: the answer is not about the run %s", id)
	}
	return &answer.Run, err
}

// endTries is how often the status and the end are set until they hold.
const endTries = 3

// endRun sets the status and the end time, which may be done again, until the
// server says of the run that it has them. got is the run as it is then.
func (c *server) endRun(ctx context.Context, id string, status convert.Status, end int64) (got *serverRun, err error) {
	body := map[string]any{"run_id": id, "status": status}
	if end > 0 {
		body["end_time"] = end
	}
	for range endTries {
		// A call that did not come to the server can be answered by what is before it.
		var answer struct {
			Run serverInfo `json:"run_info"`
		}
		if err := c.Post(ctx, "runs/update", body, &answer); err != nil {
			return nil, err
		}
		if got = (&serverRun{Info: answer.Run}); answer.Run.RunID == id && got.ended(status, end) {
			return got, nil
		}
		if got, err = c.getRun(ctx, id); err != nil || got.ended(status, end) {
			return got, err
		}
	}
	return got, nil
}

// ended says that a run has a status and an end; 0: any end.
func (r *serverRun) ended(status convert.Status, end int64) bool {
	return r.Info.Status == string(status) && (end == 0 || r.Info.End == end)
}

// removeRun deletes a run that this program made. Its source ID goes first: a
// deleted run that has one was deleted by somebody, and stays so. The state says
// meanwhile what is to become of it, see sweep.
func (c *server) removeRun(ctx context.Context, id string) error {
	err := c.logPairs(ctx, id, "tags", []pair{{tagState, stateRemoved}})
	if err == nil {
		err = c.Post(ctx, "runs/delete-tag", map[string]string{"run_id": id, "key": tagSourceID}, nil)
	}
	if err == nil || isCode(err, "RESOURCE_DOES_NOT_EXIST") {
		err = c.Post(ctx, "runs/delete", map[string]string{"run_id": id}, nil)
	}
	if api := new(rest.APIError); errors.As(err, &api) && api.Status < http.StatusInternalServerError {
		// Somebody else may have been at it, too.
		if run, e := c.getRun(ctx, id); isCode(e, "RESOURCE_DOES_NOT_EXIST") || e == nil && run.deleted() {
			return nil
		}
	}
	return err
}

func (c *server) restoreRun(ctx context.Context, id string) error {
	return c.Post(ctx, "runs/restore", map[string]string{"run_id": id}, nil)
}

// most is how many parameters, or tags, a call takes.
const most = 100

// logBatch sends params and tags in one call.
func (c *server) logBatch(ctx context.Context, id string, params, tags []pair) error {
	body := map[string]any{"run_id": id}
	for kind, pairs := range map[string][]pair{"params": params, "tags": tags} {
		if len(pairs) > 0 {
			body[kind] = pairs
		}
	}
	return c.Post(ctx, "runs/log-batch", body, nil)
}

func (c *server) logPairs(ctx context.Context, id, kind string, pairs []pair) error {
	for len(pairs) > 0 {
		n := min(most, len(pairs))
		if err := c.Post(ctx, "runs/log-batch", map[string]any{"run_id": id, kind: pairs[:n]}, nil); err != nil {
			return err
		}
		pairs = pairs[n:]
	}
	return nil
}

// setTag gives a run a tag, or takes it from it where the value is empty.
func (c *server) setTag(ctx context.Context, run *serverRun, key, value string) error {
	switch value {
	case run.tag(key):
		return nil
	case "":
		return c.deleteTag(ctx, run.Info.RunID, key)
	}
	return c.logPairs(ctx, run.Info.RunID, "tags", []pair{{key, value}})
}

// deleteTag takes a tag from a run. That it is not there is no error: an earlier
// attempt whose answer was lost may have taken it.
func (c *server) deleteTag(ctx context.Context, id, key string) error {
	err := c.Post(ctx, "runs/delete-tag", map[string]string{"run_id": id, "key": key}, nil)
	if isCode(err, "RESOURCE_DOES_NOT_EXIST") {
		return nil
	}
	return err
}

// history calls add for each point of a metric.
func (c *server) history(ctx context.Context, id, key string, add func(point)) error {
	token := ""
	var last point // of the page before
	for page := 0; ; page++ {
		query := url.Values{"run_id": {id}, "metric_key": {key}, "max_results": {strconv.Itoa(historyPage)}}
		if token != "" {
			query.Set("page_token", token)
		}
		var answer struct {
			Metrics []serverMetric `json:"metrics"`
			Next    string         `json:"next_page_token"`
		}
		err := c.Get(ctx, "metrics/get-history", query, &answer)
		if isCode(err, "RESOURCE_DOES_NOT_EXIST") {
			return nil
		}
		if err != nil {
			return err
		}
		n := len(answer.Metrics)
		if n == 0 && answer.Next != "" || n > 0 && page > 0 && answer.Metrics[n-1].point().compare(last) == 0 {
			return &PagesError{"metrics/get-history"}
		}
		for _, m := range answer.Metrics {
			last = m.point()
			add(last)
		}
		if answer.Next == "" {
			return nil
		}
		token = answer.Next
	}
}

// historyPage bounds the memory of one answer, at about 130 bytes a point.
const historyPage = 25000

// serverMetric is a point as the server tells of it.
type serverMetric struct {
	Key   string     `json:"key"`
	Value jsonNumber `json:"value"`
	Time  jsonInt    `json:"timestamp"`
	Step  jsonInt    `json:"step"`
}

func (m *serverMetric) point() point {
	return point{int64(m.Time), int64(m.Step), stored(float64(m.Value))}
}

// jsonNumber takes a number, and the strings that stand for what JSON has no
// numbers for.
type jsonNumber float64

// UnmarshalJSON is json.Unmarshaler's.
func (f *jsonNumber) UnmarshalJSON(text []byte) error {
	x, err := strconv.ParseFloat(string(unquoted(text)), 64)
	*f = jsonNumber(x)
	return err
}

// jsonInt takes an integer, plain or in quotes.
type jsonInt int64

// UnmarshalJSON is json.Unmarshaler's.
func (i *jsonInt) UnmarshalJSON(text []byte) error {
	x, err := strconv.ParseInt(string(unquoted(text)), 10, 64)
	*i = jsonInt(x)
	return err
}

func unquoted(text []byte) []byte {
	if n := len(text); n >= 2 && text[0] == '"' && text[n-1] == '"' {
		return text[1 : n-1]
	}
	return text
}
