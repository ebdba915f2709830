package rest

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// UnreachableError says that a call got no answer, or not all of one. Whether
// the server acted on it is not known.
type UnreachableError struct {
	Call   string
	Server string // empty: it was reached, and its answer broke off
	Err    error
}

func (e *UnreachableError) Error() string {
	if e.Server == "" {
		text := fmt.Sprintf("%s: the answer broke off: %v", e.Call, e.Err)
		if errors.Is(e.Err, context.DeadlineExceeded) {
			text += " (" + e.hint() + ")"
		}
		return text
	}
	text := fmt.Sprintf("no answer from %s (%s): %v", e.Server, e.Call, e.Err)
	if hint := e.hint(); hint != "" {
		text += " (" + hint + ")"
	}
	return text
}

// hint says what to do about it, where that is known.
func (e *UnreachableError) hint() string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(e.Err, context.DeadlineExceeded):
		return "MLFLOW_HTTP_REQUEST_TIMEOUT says how many seconds a call may take"
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		return "is the server running, and is the tracking URI right?"
	case errors.As(e.Err, &name):
		return "is the tracking URI right?"
	case errors.As(e.Err, &certificate):
		return "MLFLOW_TRACKING_SERVER_CERT_PATH names the certificates to trust"
	case errors.Is(e.Err, http.ErrSchemeMismatch):
		return "does the tracking URI begin with http:// instead?"
	}
	return ""
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// Do makes a call, again and again while there is hope and ctx is not done. It
// fails with an *APIError, an *UnreachableError, a *RedirectError, a
// *ForeignError, ctx's error or what the call's own functions fail with.
func (c *Client) Do(ctx context.Context, k *Call) error {
	waits := &waits{factor: c.backoff, jitter: c.jitter}
	tries := uint(c.retries) + 1
	if k.Tries > 0 {
		tries = min(tries, k.Tries)
	}
	attempts, internal, hung := 0, 0, 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		if err := context.Cause(ctx); err != nil {
			return struct{}{}, permanent(err)
		}
		if attempts++; attempts > 1 && k.Done != nil {
			if done, err := k.Done(ctx); done || err != nil {
				return struct{}{}, permanentOrNil(err)
			}
		}
		err := c.attempt(ctx, k)
		if after := new(retryAfter); errors.As(err, &after) {
			waits.asked, err = after.wait, after.err
		}
		// A 500 is as often the server's answer to what it cannot digest.
		if api := new(APIError); errors.As(err, &api) && api.Status == http.StatusInternalServerError {
			if internal++; internal > 2 {
				return struct{}{}, permanent(err)
			}
		}
		// One that only reads costs the server the same each time.
		if errors.Is(err, context.DeadlineExceeded) && k.reads() {
			if hung++; hung >= mostHung {
				return struct{}{}, permanent(err)
			}
		}
		return struct{}{}, err
	}, backoff.WithBackOff(waits), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(c.notify))
	if done := new(backoff.PermanentError); errors.As(err, &done) {
		return done.Err
	}
	return err
}

// mostHung is how often a call that only reads may take longer than it may.
const mostHung = 3

func (c *Client) notify(err error, wait time.Duration) {
	if c.Retrying != nil {
		c.Retrying(err, wait)
	}
}

// waits gives the times between the attempts of one call.
type waits struct {
	factor float64
	jitter float64
	n      int
	asked  time.Duration // by the server, for the next time
}

// longestWait bounds what a server may ask for.
const longestWait = 2 * time.Minute

// NextBackOff is backoff.BackOff's.
func (w *waits) NextBackOff() time.Duration {
	w.n++
	if w.asked > 0 {
		wait := w.asked
		w.asked = 0
		return min(wait, longestWait)
	}
	seconds := w.factor*math.Exp2(float64(w.n-3)) + w.jitter*rand.Float64()
	return min(time.Duration(seconds*float64(time.Second)), longestWait)
}

// Reset is backoff.BackOff's.
func (w *waits) Reset() { w.n = 0 }

// retryAfter is an error whose answer said when to try again.
type retryAfter struct {
	err  error
	wait time.Duration
}

func (e *retryAfter) Error() string { return e.err.Error() }

func permanent(err error) error { return backoff.Permanent(err) }

func permanentOrNil(err error) error {
	if err == nil {
		return nil
	}
	return permanent(err)
}

// classify says of an answer whether to repeat the call, and when.
func classify(e *APIError, header http.Header) error {
	if !e.Temporary() {
		return permanent(e)
	}
	if wait := parseRetryAfter(header.Get("Retry-After"), time.Now()); wait > 0 {
		return &retryAfter{e, wait}
	}
	return e
}

// parseRetryAfter reads seconds or a date; anything else is 0.
func parseRetryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
		return time.Duration(min(max(seconds, 0), 1e6) * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// unreachable puts an error of the HTTP client in words.
func (c *Client) unreachable(k *Call, err error) error {
	err = cause(err)
	var redirect *RedirectError
	if errors.As(err, &redirect) {
		return permanent(redirect)
	}
	unreachable := &UnreachableError{k.name(), c.Server(), err}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) || errors.Is(err, http.ErrSchemeMismatch) {
		return permanent(unreachable)
	}
	return unreachable
}

// cut is the error of an answer that was not read to its end, if any.
func cut(k *Call, err error) error {
	if err == nil {
		return nil
	}
	return &UnreachableError{Call: k.name(), Err: err}
}

func isJSONError(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &kind)
}
