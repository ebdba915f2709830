package mlflow

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/mlflow/rest"
)

// instead answers some calls of a server otherwise; false: the server answers.
func instead(t *testing.T, server string, answer func(http.ResponseWriter, *http.Request) bool) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			mlflowtest.Forward(w, r, server)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func answerTo(call, text string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, call) {
			fmt.Fprint(w, text)
			return true
		}
		return false
	}
}

// Lists that never end are an error, and what is null in them is nothing.
func TestEndlessPages(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(999, 0, "loss", 1), scalar(1000, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	mustMigrate(t, instead(t, f.URL, answerTo("runs/search", `{"runs":[null]}`)), p, Created)
	for call, text := range map[string]string{
		"runs/search":         `{"runs":[{"info":{"run_id":"x"}}],"next_page_token":"again"}`,
		"metrics/get-history": `{"metrics":[{"key":"loss","value":1,"timestamp":1000000,"step":1}],"next_page_token":"again"}`,
		"artifacts/list":      `{"files":[{"path":"x","is_dir":true}],"next_page_token":"again"}`,
	} {
		f := newFake(t)
		result, err := migrate(t, instead(t, f.URL, answerTo(call, text)), p)
		if err == nil && len(result.Runs) > 0 {
			err = result.Runs[0].Err
		}
		if pages := new(PagesError); !errors.As(err, &pages) || pages.Call != call {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// An answer that names no run is no run.
func TestCreateThatNamesNoRun(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	result, err := migrate(t, instead(t, f.URL, answerTo("runs/create", "{}")), makePlan(t, logdir, everything))
	if err == nil && result.Good() {
		t.Error("nothing failed")
	}
}

// Answers that are JSON, and not MLflow's, are said in these words, and nothing is
// sent to whoever gives them.
func TestForeignAnswers(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	for text, want := range map[string]string{"{}": "but {}:", "null": "but null:", "[]": "but []:", "": "but nothing:", `{"status":"ok"}`: `but {"status":"ok"}:`} {
		all := instead(t, f.URL, answerTo("", text))
		if err := Ping(t.Context(), newTestClient(t, all)); err == nil || !strings.HasSuffix(err.Error(),
			"experiments/get-by-name: the server's answer is not MLflow's "+want+" is the tracking URI right?") {
			t.Errorf("Ping, %q: %v", text, err)
		}
		for _, call := range []string{"experiments/get-by-name", "runs/create"} {
			_, err := migrate(t, instead(t, f.URL, answerTo(call, text)), p)
			if foreign := new(rest.ForeignError); !errors.As(err, &foreign) || !strings.HasSuffix(foreign.Call, call) {
				t.Errorf("%s, %q: %v", call, text, err)
			}
		}
	}
	mustMigrate(t, f.URL, p, Created)
}

// A runs/update that the server does not act on keeps the run from being
// complete, unless another one is.
func TestLostUpdate(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	for lost, good := range map[int64]bool{1: true, 100: false} {
		f := newFake(t)
		var updates atomic.Int64
		url := instead(t, f.URL, func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "runs/update") || updates.Add(1) > lost {
				return false
			}
			fmt.Fprint(w, "{}")
			return true
		})
		result, err := migrate(t, url, makePlan(t, logdir, everything))
		if err != nil || result.Good() != good {
			t.Fatalf("%d lost: %v, %+v", lost, err, result.Runs[0])
		}
		if state := f.runs[result.Runs[0].RunID].tag(tagState); (state == stateComplete) != good {
			t.Errorf("%d lost: it is %s", lost, state)
		}
		mustMigrate(t, f.URL, makePlan(t, logdir, everything), map[bool]Outcome{true: Skipped, false: Completed}[good])
	}
}

// A server that never ends an answer is given up, and said.
func TestHangingReads(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(999, 0, "loss", 1), scalar(1000, 1, "loss", 1))
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	url := instead(t, f.URL, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "metrics/get-history") {
			return false
		}
		fmt.Fprint(w, `{"metrics":[`)
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-done:
		}
		return true
	})
	c, err := rest.NewClient(rest.Config{TrackingURI: url, Retries: 10, Backoff: 0.01, Timeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = Migrate(t.Context(), c, makePlan(t, logdir, everything), Options{Experiment: "e", Version: "test"})
	if err == nil || !strings.Contains(err.Error(), "MLFLOW_HTTP_REQUEST_TIMEOUT") {
		t.Errorf("got %v", err)
	}
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	f.wantNoPointTwice(t)
}
