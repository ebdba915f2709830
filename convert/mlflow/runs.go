package mlflow

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"encoding/json"
)

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
func (c *Client) createRun(ctx context.Context, r runCreation, sourceID string) (*serverRun, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	waits := &waits{factor: c.backoff, jitter: c.jitter}
	for tries := 0; ; tries++ {
		var answer struct{ Run serverRun }
		err := c.do(ctx, &call{method: http.MethodPost, path: api + "runs/create", body: body, into: decodeJSON(&answer), tries: 1})
		if err == nil {
			return &answer.Run, nil
		}
		if tries >= c.retries || !uncertain(err) || ctx.Err() != nil {
			return nil, err
		}
		wait := waits.NextBackOff()
		c.notify(err, wait)
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
		found, err := c.findRuns(ctx, r.Experiment, sourceID)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
}

// uncertain says whether a call that failed so may succeed when repeated, or
// may have been done.
func uncertain(err error) bool {
	var api *APIError
	var unreachable *UnreachableError
	return errors.As(err, &unreachable) || errors.As(err, &api) && api.temporary()
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// findRuns gives the active runs of an experiment that have a source ID, the
// oldest first; those with any, for the empty one.
func (c *Client) findRuns(ctx context.Context, experiment, sourceID string) ([]*serverRun, error) {
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
		if err := c.post(ctx, "runs/search", search, &answer); err != nil {
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

func (c *Client) getRun(ctx context.Context, id string) (*serverRun, error) {
	var answer struct{ Run serverRun }
	err := c.get(ctx, "runs/get", url.Values{"run_id": {id}}, &answer)
	return &answer.Run, err
}

// endRun sets the status and the end time, which may be done again.
func (c *Client) endRun(ctx context.Context, id, status string, end int64) error {
	body := map[string]any{"run_id": id, "status": status}
	if end > 0 {
		body["end_time"] = end
	}
	return c.post(ctx, "runs/update", body, nil)
}

func (c *Client) deleteRun(ctx context.Context, id string) error {
	return c.post(ctx, "runs/delete", map[string]string{"run_id": id}, nil)
}

// most is how many parameters, or tags, a call takes.
const most = 100

func (c *Client) logPairs(ctx context.Context, id, kind string, pairs []pair) error {
	for len(pairs) > 0 {
		n := min(most, len(pairs))
		if err := c.post(ctx, "runs/log-batch", map[string]any{"run_id": id, kind: pairs[:n]}, nil); err != nil {
			return err
		}
		pairs = pairs[n:]
	}
	return nil
}

// history calls add for each point of a metric.
func (c *Client) history(ctx context.Context, id, key string, add func(point)) error {
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
		err := c.get(ctx, "metrics/get-history", query, &answer)
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
