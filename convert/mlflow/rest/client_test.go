package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serve starts a server that answers every call so.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

func newTestClient(t *testing.T, url string) *Client {
	t.Helper()
	c, err := NewClient(Config{TrackingURI: url, Retries: 10, Backoff: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// ping asks for something, three times at most.
func ping(t *testing.T, c *Client) error {
	return c.Do(t.Context(), &Call{Method: http.MethodGet, Path: API + "experiments/get-by-name", Into: JSON(nil), Tries: 3})
}

func TestAnswersThatAreNoHelp(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"html":     {200, "<!doctype html><html><title>Welcome &amp; hello</title>", `the server's answer is not MLflow's but an HTML page, "Welcome & hello": is the tracking URI right?`},
		"text":     {200, "OK", `the server's answer is not MLflow's but OK: is the tracking URI right?`},
		"route":    {404, "<!doctype html><title>404 Not Found</title>", `404 Not Found: an HTML page, "404 Not Found" (no such route: is the tracking URI right, with the path the server is under, and the server new enough?)`},
		"host":     {403, "Invalid Host header - possible DNS rebinding attack detected", `start it with --allowed-hosts, or use its IP address)`},
		"stranger": {401, "You are not authenticated.", `(set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN)`},
		"denied":   {403, "Permission denied", `403 Forbidden: Permission denied (this user may not do that: choose another experiment, or ask its owner)`},
		"json":     {400, `{"error_code":"INVALID_PARAMETER_VALUE","message":"no\ngood"}`, `400 INVALID_PARAMETER_VALUE: no good`},
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		err := ping(t, newTestClient(t, url))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant ... %s", name, err, c.want)
		}
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	url := serve(t, nil)
	c := newTestClient(t, strings.Replace(url, "127.0.0.1:", "127.0.0.1:1", 1)[:len("http://127.0.0.1:")]+"1")
	err := ping(t, c)
	var unreachable *UnreachableError
	if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), "no answer from http://127.0.0.1:1") ||
		!strings.HasSuffix(err.Error(), "connection refused (is the server running, and is the tracking URI right?)") {
		t.Errorf("got %v", err)
	}
	c = newTestClient(t, strings.Replace(url, "http:", "https:", 1))
	c.Retrying = func(err error, _ time.Duration) { t.Errorf("tried again after %v", err) }
	if err := ping(t, c); err == nil || !strings.HasSuffix(err.Error(), "(does the tracking URI begin with http:// instead?)") {
		t.Errorf("https where it is http: %v", err)
	}
}

// Whoever stops the program does not wait for a server that hangs, but for
// what is changing something.
func TestHangingServer(t *testing.T) {
	asked, answer := make(chan struct{}, 2), make(chan struct{})
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/x" {
			asked <- struct{}{}
		}
		<-answer
	})
	c := newTestClient(t, url)
	stopped := func(method string) error {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() {
			<-asked
			stop()
			if method == http.MethodPost {
				time.Sleep(50 * time.Millisecond)
				close(answer)
			}
		}()
		return c.Do(ctx, &Call{Method: method, Path: "x"})
	}
	if err := stopped(http.MethodGet); err == nil {
		t.Error("an answer came from nowhere")
	}
	hasty := newTestClient(t, url)
	hasty.timeout, hasty.retries = 10*time.Millisecond, 0
	err := ping(t, hasty)
	if err == nil || !strings.HasSuffix(err.Error(), "(MLFLOW_HTTP_REQUEST_TIMEOUT says how many seconds a call may take)") {
		t.Errorf("got %v", err)
	}
	if err := stopped(http.MethodPost); err != nil {
		t.Errorf("the call under way did not end: %v", err)
	}
}

func TestRetries(t *testing.T) {
	for status, want := range map[int]int32{429: 4, 408: 4, 502: 4, 503: 4, 504: 4, 500: 3, 400: 1, 404: 1, 413: 1} {
		var calls atomic.Int32
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.WriteHeader(status)
		})
		c, err := NewClient(Config{TrackingURI: url, Retries: 3, Backoff: 0.001})
		if err != nil {
			t.Fatal(err)
		}
		err = c.Get(t.Context(), "runs/get", nil, nil)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprint(status)) || calls.Load() != want {
			t.Errorf("%d: %d calls, want %d; %v", status, calls.Load(), want, err)
		}
	}
}

// A call that may have been done is not made again before that is known.
func TestDone(t *testing.T) {
	for _, c := range []struct {
		done  int // true at this look
		fail  bool
		calls int32
		good  bool
	}{{1, false, 1, true}, {3, false, 3, true}, {9, false, 4, false}, {2, true, 2, false}} {
		var calls atomic.Int32
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.WriteHeader(http.StatusGatewayTimeout)
		})
		client, err := NewClient(Config{TrackingURI: url, Retries: 3, Backoff: 0.001})
		if err != nil {
			t.Fatal(err)
		}
		looks, failed := 0, errors.New("failed")
		err = client.Do(t.Context(), &Call{Method: http.MethodPost, Path: "x", Done: func(context.Context) (bool, error) {
			if looks++; looks == c.done && c.fail {
				return false, failed
			}
			return looks == c.done, nil
		}})
		if calls.Load() != c.calls || (err == nil) != c.good || c.fail && err != failed {
			t.Errorf("%+v: %d calls, %v", c, calls.Load(), err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"2": 2 * time.Second, "0.5": time.Second / 2, "-1": 0, "": 0, "soon": 0, "Tue, 02 Jan 2024 03:04:15 GMT": 10 * time.Second,
		"Tue, 02 Jan 2024 03:04:00 GMT": 0, "1e300": 1e6 * time.Second,
	} {
		if got := parseRetryAfter(text, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	w := waits{factor: 2, jitter: 1, asked: time.Hour}
	if got := w.NextBackOff(); got != longestWait {
		t.Errorf("an hour is %v", got)
	}
	for n, want := range []float64{1, 2, 4, 8} {
		if got := w.NextBackOff().Seconds(); got < want || got > want+1 {
			t.Errorf("wait %d: %v s, want up to a second more than %v", n+2, got, want)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was called", r.URL) })
	for to, want := range map[string]string{
		"/there?token=secret":                             "/there: a page to log in? Then MLflow's API is behind it, and needs MLFLOW_TRACKING_TOKEN or another address",
		"/ml/flow/api/2.0/mlflow/experiments/get-by-name": "/ml/flow: is that the tracking URI to give?",
		"/": "/: is that the tracking URI to give?",
	} {
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere+to, http.StatusFound)
		})
		want = "the server redirects to " + elsewhere + want
		if err := ping(t, newTestClient(t, url)); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t" || r.Header.Get("X-MLFLOW-WORKSPACE") != "w" || r.Header.Get("Content-Type") != "application/json" ||
			r.Header.Get("Origin") != "" || r.Header.Get("Content-Encoding") != "" || r.URL.Path != "/pre/fix/api/2.0/mlflow/x" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		_, _ = io.WriteString(w, "{}")
	})
	c, err := NewClient(Config{TrackingURI: url + "/pre/fix/", Token: "t", Workspace: "w"})
	if err == nil {
		err = c.Post(t.Context(), "x", struct{}{}, nil)
	}
	if err != nil {
		t.Error(err)
	}
}
