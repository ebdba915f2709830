package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client calls the REST API of one MLflow tracking server. It is safe for
// concurrent use.
type Client struct {
	base          *url.URL // without user and password
	http          *http.Client
	authorization string // header; empty: none
	credentials   string // what it is made of, in words without secrets
	workspace     string
	timeout       time.Duration
	retries       int
	backoff       float64
	jitter        float64
	// Retrying, if set, is told of each failure that will be tried again.
	Retrying func(err error, wait time.Duration)
}

// grace is how long a call under way that changes something may go on once the
// work is to stop.
const grace = 10 * time.Second

// NewClient returns a client of the server that the configuration names. It
// connects to nothing yet.
func NewClient(c Config) (*Client, error) {
	base, user, err := parseBase(c.TrackingURI)
	if err != nil {
		return nil, err
	}
	if c.Username == "" && user != nil {
		c.Username = user.Username()
		c.Password, _ = user.Password()
	}
	transport, err := newTransport(&c)
	if err != nil {
		return nil, err
	}
	client := &Client{
		base: base, workspace: c.Workspace, timeout: c.Timeout, retries: c.Retries, backoff: c.Backoff,
		jitter: c.Jitter,
		http:   &http.Client{Transport: transport, CheckRedirect: noRedirect},
	}
	if client.timeout <= 0 {
		client.timeout = defaultTimeout
	}
	client.authorization, client.credentials = authorization(&c), credentialWords(&c)
	return client, nil
}

// authorization is the header of that name: as the Python client does it, a
// user counts only with a password.
func authorization(c *Config) string {
	if c.Username != "" && c.Password != "" {
		var r http.Request
		r.Header = make(http.Header)
		r.SetBasicAuth(c.Username, c.Password)
		return r.Header.Get("Authorization")
	}
	if c.Token != "" {
		return "Bearer " + c.Token
	}
	return ""
}

// credentialWords names what authorization is made of, and what is wrong with
// it; empty: nothing is set.
func credentialWords(c *Config) string {
	switch {
	case c.Username != "" && c.Password != "" && c.Token != "":
		return fmt.Sprintf("the user %q with the password that is set; MLFLOW_TRACKING_TOKEN is set too, and not "+
			"used beside them: unset MLFLOW_TRACKING_USERNAME to use it", c.Username)
	case c.Username != "" && c.Password != "":
		return fmt.Sprintf("the user %q with the password that is set (MLFLOW_TRACKING_USERNAME and _PASSWORD, or "+
			"~/.mlflow/credentials)", c.Username)
	case c.Token != "":
		return "the token in MLFLOW_TRACKING_TOKEN: is it out of date, or of another server?"
	case c.Username != "":
		return fmt.Sprintf("calls without a password: the user %q is set, MLFLOW_TRACKING_PASSWORD is not", c.Username)
	case c.Password != "":
		return "calls without a user: MLFLOW_TRACKING_PASSWORD is set, MLFLOW_TRACKING_USERNAME is not"
	}
	return ""
}

// Server is the tracking URI without secrets.
func (c *Client) Server() string { return c.base.String() }

// Close closes the connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Workspace is the workspace of the server that calls go to; empty: none is named.
func (c *Client) Workspace() string { return c.workspace }

// Host is that of the tracking URI, with its port.
func (c *Client) Host() string { return c.base.Host }

// leastAsked is how many bytes are not sent before the server had time to refuse
// them: the least limit that a proxy has by default (nginx).
const leastAsked = 1 << 20

// Call is one call of the server.
type Call struct {
	Method string
	Path   string // below the tracking URI, with its escapes
	Query  url.Values
	Body   []byte // JSON; nil: none
	// Upload, if set, gives the body instead, and its length in bytes; it is
	// called once an attempt.
	Upload func() (io.ReadCloser, int64, error)
	// Into takes the answer, if set: it reads the JSON of a good one.
	Into func(io.Reader) error
	// Tries is how often the call is made at most; 0: as often as configured.
	Tries uint
	// Done, if set, is asked before the call is made again whether it need
	// not be: what it was to do may have been done though its answer was lost.
	Done func(context.Context) (bool, error)
}

// The paths that calls begin with.
const (
	API       = "api/2.0/mlflow/"
	Artifacts = "api/2.0/mlflow-artifacts/artifacts/"
)

// reads says that the call changes nothing.
func (k *Call) reads() bool {
	return k.Method == http.MethodGet || strings.HasSuffix(k.Path, "/search")
}

func (k *Call) name() string { return k.Method + " " + k.Path }

// Post sends v as JSON to a path below API, and reads the answer into the value
// that into points to; nil: it is not needed.
func (c *Client) Post(ctx context.Context, path string, v, into any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.Do(ctx, &Call{Method: http.MethodPost, Path: API + path, Body: body, Into: JSON(into)})
}

// Get asks a path below API for the value that into points to.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) error {
	return c.Do(ctx, &Call{Method: http.MethodGet, Path: API + path, Query: query, Into: JSON(into)})
}

// JSON reads an answer into the value that into points to; nil: it has to be
// an object of JSON, and is not needed. It is ErrForeign that an answer is
// empty, or null.
func JSON(into any) func(io.Reader) error {
	return func(r io.Reader) error {
		if into == nil {
			into = new(struct{})
		}
		var answer json.RawMessage
		err := json.NewDecoder(r).Decode(&answer)
		if err == io.EOF || err == nil && string(answer) == "null" {
			return ErrForeign
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(answer, into)
	}
}

// attempt makes a call once. The context of one that changes something outlives
// ctx by the grace.
func (c *Client) attempt(ctx context.Context, k *Call) error {
	left := grace
	if k.Method == http.MethodGet {
		left = 0
	}
	inner, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-inner.Done():
		case <-time.After(left):
			cancel()
		}
	})
	defer stop()
	request, err := c.request(inner, k)
	if err != nil {
		return permanent(err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return c.unreachable(k, err)
	}
	defer response.Body.Close()
	return c.answer(k, response)
}

func (c *Client) request(ctx context.Context, k *Call) (*http.Request, error) {
	target, err := url.Parse(c.base.String() + "/" + k.Path)
	if err != nil {
		return nil, err
	}
	target.RawQuery = k.Query.Encode()
	var body io.Reader
	length := int64(len(k.Body))
	if k.Body != nil {
		body = bytes.NewReader(k.Body)
	}
	if k.Upload != nil {
		file, size, err := k.Upload()
		if err != nil {
			return nil, err
		}
		body, length = file, size
		if size == 0 {
			file.Close()
			body = http.NoBody
		}
	}
	request, err := http.NewRequestWithContext(ctx, k.Method, target.String(), body)
	if err != nil {
		return nil, err
	}
	request.ContentLength = length
	if k.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if k.Upload != nil && length > leastAsked {
		request.Header.Set("Expect", "100-continue")
	}
	if c.authorization != "" {
		request.Header.Set("Authorization", c.authorization)
	}
	if c.workspace != "" {
		request.Header.Set("X-MLFLOW-WORKSPACE", c.workspace)
	}
	request.Header.Set("User-Agent", "tbexport")
	return request, nil
}

// answer reads a response to its end, so that its connection is used again.
func (c *Client) answer(k *Call, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
		if err != nil {
			return cut(k, err)
		}
		refusal := newAPIError(k.name(), response.StatusCode, body)
		refusal.Used = c.credentials
		return classify(refusal, response.Header)
	}
	if k.Into == nil {
		_, err := io.Copy(io.Discard, response.Body)
		return cut(k, err)
	}
	head := new(headBuffer)
	err := k.Into(io.TeeReader(response.Body, head))
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
	}
	switch foreign := (&ForeignError{k.name(), plainText(head.bytes)}); {
	case isJSONError(err):
		return permanent(foreign)
	case errors.Is(err, ErrForeign):
		return foreign // of something before the server, perhaps, and once only
	}
	return cut(k, err)
}

// headBuffer keeps the first bytes of what is written to it.
type headBuffer struct{ bytes []byte }

func (h *headBuffer) Write(b []byte) (int, error) {
	room := max(0, 4096-len(h.bytes))
	h.bytes = append(h.bytes, b[:min(room, len(b))]...)
	return len(b), nil
}
