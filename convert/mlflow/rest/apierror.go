package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
)

// APIError is an answer of the server that is not what was asked for.
type APIError struct {
	Call    string // method and path, as in "POST runs/log-batch"
	Status  int    // of HTTP
	Code    string // MLflow's error_code, where the answer had one
	Message string
	// Used are the credentials that the call was made with; empty: none.
	Used string
}

func (e *APIError) Error() string {
	text := fmt.Sprintf("%s: %d", e.Call, e.Status)
	if e.Code != "" {
		text += " " + e.Code
	} else if word := http.StatusText(e.Status); word != "" {
		text += " " + word
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if hint := e.hint(); hint != "" {
		text += " (" + hint + ")"
	}
	return text
}

// ErrForeign is for a Call's Into to fail with: the answer is JSON, and does not
// say what MLflow says there.
var ErrForeign = errors.New("not an answer of MLflow's API")

// ForeignError says that a good answer is not one of MLflow's API.
type ForeignError struct {
	Call string // method and path
	Text string // what it is, or its beginning; empty: nothing
}

func (e *ForeignError) Error() string {
	text := e.Text
	if text == "" {
		text = "nothing"
	}
	return fmt.Sprintf("%s: the server's answer is not MLflow's but %s: is the tracking URI right?", e.Call, text)
}

// hint says what to do about it, where that is known.
func (e *APIError) hint() string {
	switch {
	case e.Status == http.StatusUnauthorized:
		if e.Used != "" {
			return "the server does not take " + e.Used
		}
		return "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
	case e.Status == http.StatusForbidden && strings.Contains(e.Message, "Invalid Host header"):
		return "the server only answers to host names it knows: start it with --allowed-hosts, or use its IP address"
	case e.Status == http.StatusForbidden:
		return "this user may not do that: choose another experiment, or ask its owner"
	case e.Status == http.StatusNotFound && e.Code == "":
		return "no such route: is the tracking URI right, with the path the server is under, and the server new enough?"
	}
	return ""
}

// Temporary says whether the same call may succeed later.
func (e *APIError) Temporary() bool {
	if e.NoArtifacts() {
		return false
	}
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return e.Status == http.StatusInternalServerError
}

// NoArtifacts says whether the server does not serve artifacts (mlflow server
// --no-serve-artifacts): it answers 503, and says what to start it with.
func (e *APIError) NoArtifacts() bool {
	return e.Status == http.StatusServiceUnavailable && strings.Contains(e.Message, "--serve-artifacts")
}

// TooLarge says whether a batch was refused for its size.
func (e *APIError) TooLarge() bool {
	return e.Status == http.StatusRequestEntityTooLarge ||
		e.Status == http.StatusBadRequest && limitWords.MatchString(e.Message)
}

var limitWords = regexp.MustCompile(`(?i)can contain at most|must be at most|too large|too many|limit`)

// newAPIError reads an answer that is not 200.
func newAPIError(call string, status int, body []byte) *APIError {
	e := &APIError{Call: call, Status: status}
	var answer struct {
		Code    any    `json:"error_code"`
		Message string `json:"message"`
		Detail  any    `json:"detail"` // of the server's frame, FastAPI
	}
	if json.Unmarshal(body, &answer) == nil && (answer.Code != nil || answer.Message != "" || answer.Detail != nil) {
		if answer.Code != nil {
			e.Code = fmt.Sprint(answer.Code)
		}
		if answer.Message == "" && answer.Detail != nil {
			answer.Message = fmt.Sprint(answer.Detail)
		}
		e.Message = OneLine(answer.Message)
		return e
	}
	e.Message = plainText(body)
	return e
}

// plainText is what a page that is not JSON says, in a line.
func plainText(body []byte) string {
	text := string(body)
	if title := htmlTitle.FindStringSubmatch(text); title != nil {
		return "an HTML page, " + fmt.Sprintf("%q", OneLine(html.UnescapeString(title[1])))
	}
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		return "an HTML page"
	}
	return OneLine(text)
}

var htmlTitle = regexp.MustCompile(`(?is)<title>(.*?)</title>`)

// OneLine is the beginning of a text, at most 300 characters, without line
// breaks.
func OneLine(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	characters := 0
	for i := range text {
		if characters++; characters > 300 {
			return text[:i] + "..."
		}
	}
	return text
}
