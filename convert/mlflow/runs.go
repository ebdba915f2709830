package mlflow

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
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
	Info struct {
		RunID       string `json:"run_id"`
		Name        string `json:"run_name"`
		Status      string `json:"status"`
		Start       int64  `json:"start_time"`
		End         int64  `json:"end_time"`
		ArtifactURI string `json:"artifact_uri"`
	} `json:"info"`
	Data struct {
		Metrics []serverMetric `json:"metrics"`
		Params  []pair         `json:"params"`
		Tags    []pair         `json:"tags"`
	} `json:"data"`
}

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

// createRun makes a run with a source ID among its tags. Where the answer is
// lost, the run is looked for before it is made again.
func (c *server) createRun(ctx context.Context, r runCreation, sourceID string) (*serverRun, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var answer struct{ Run serverRun }
	run := &answer.Run
	into := func(body io.Reader) error {
		answer.Run = serverRun{} // of a call whose answer broke off
		return rest.JSON(&answer)(body)
	}
	made := func(ctx context.Context) (bool, error) {
		found, err := c.findRuns(ctx, r.Experiment, sourceID)
		if err != nil || len(found) == 0 {
			return false, err
		}
		run = found[0]
		return true, nil
	}
	err = c.Do(ctx, &rest.Call{Method: http.MethodPost, Path: rest.API + "runs/create", Body: body, Into: into, Done: made})
	if err != nil {
		return nil, err
	}
	return run, nil
}

// findRuns gives the active runs of an experiment that have a source ID, the
// oldest first; those with any, for the empty one.
func (c *server) findRuns(ctx context.Context, experiment, sourceID string) ([]*serverRun, error) {
	filter := "tags.`" + tagSourceID + "` = '" + sourceID + "'"
	if sourceID == "" {
		filter = "tags.`" + tagSourceID + "` LIKE '%'"
	}
	var runs []*serverRun
	search := map[string]any{
		"experiment_ids": []string{experiment}, "filter": filter, "run_view_type": "ACTIVE_ONLY",
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
		for _, run := range answer.Runs {
			if sourceID == "" {
				run.Data.Metrics, run.Data.Params = nil, nil
			}
			runs = append(runs, run)
		}
		if answer.Next == "" {
			return runs, nil
		}
		search["page_token"] = answer.Next
	}
}

const searchPage = 1000

func (c *server) getRun(ctx context.Context, id string) (*serverRun, error) {
	var answer struct{ Run serverRun }
	err := c.Get(ctx, "runs/get", url.Values{"run_id": {id}}, &answer)
	return &answer.Run, err
}

// endRun sets the status and the end time, which may be done again.
func (c *server) endRun(ctx context.Context, id string, status convert.Status, end int64) error {
	body := map[string]any{"run_id": id, "status": status}
	if end > 0 {
		body["end_time"] = end
	}
	return c.Post(ctx, "runs/update", body, nil)
}

func (c *server) deleteRun(ctx context.Context, id string) error {
	return c.Post(ctx, "runs/delete", map[string]string{"run_id": id}, nil)
}

// most is how many parameters, or tags, a call takes.
const most = 100

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

// history calls add for each point of a metric.
func (c *server) history(ctx context.Context, id, key string, add func(point)) error {
	token := ""
	for {
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
		for _, m := range answer.Metrics {
			add(m.point())
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
