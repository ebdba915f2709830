// Package mlflowtest starts MLflow servers for tests, and puts a proxy before
// them that does to calls what networks and gateways do.
package mlflowtest

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is something that happens to a call.
type Fault string

// The faults. What the server did with the call is not to be known in the
// last two.
const (
	None      Fault = ""
	Reset     Fault = "connection reset"
	Delay     Fault = "late answer"
	Busy      Fault = "429 with Retry-After"
	Internal  Fault = "500 with HTML"
	Gateway   Fault = "502 with HTML"
	Down      Fault = "503 with HTML"
	Lost      Fault = "answer lost after the server acted"
	Truncated Fault = "answer broken off"
)

// Faults are all of them.
func Faults() []Fault {
	return []Fault{Reset, Delay, Busy, Internal, Gateway, Down, Lost, Truncated}
}

// Proxy passes calls on to a server, and lets faults happen to some.
type Proxy struct {
	URL string

	mu     sync.Mutex
	choose func(*http.Request) Fault
	counts map[Fault]int
	target *httputil.ReverseProxy
}

// NewProxy starts a proxy before the server at an address, until the test
// ends. It asks choose for the fault of each call.
func NewProxy(t testing.TB, server string, choose func(*http.Request) Fault) *Proxy {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{choose: choose, counts: make(map[Fault]int), target: httputil.NewSingleHostReverseProxy(target)}
	p.target.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { abort(w) }
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	p.URL = s.URL
	return p
}

// Sometimes gives a fault of the given ones to a share of the calls, the same
// ones each time for a seed.
func Sometimes(share float64, seed uint64, faults ...Fault) func(*http.Request) Fault {
	random := rand.New(rand.NewPCG(seed, 0))
	return func(*http.Request) Fault {
		if random.Float64() >= share {
			return None
		}
		return faults[random.IntN(len(faults))]
	}
}

// Once gives the fault to the first call whose path ends so.
func Once(fault Fault, path string) func(*http.Request) Fault {
	done := false
	return func(r *http.Request) Fault {
		if done || !strings.HasSuffix(r.URL.Path, path) {
			return None
		}
		done = true
		return fault
	}
}

// Counts tells how often each fault happened.
func (p *Proxy) Counts() map[Fault]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := make(map[Fault]int)
	for f, n := range p.counts {
		counts[f] = n
	}
	return counts
}

// ServeHTTP is http.Handler's.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	fault := p.choose(r)
	p.counts[fault]++
	p.mu.Unlock()
	page := func(status int) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<!doctype html><title>"+http.StatusText(status)+"</title>")
	}
	switch fault {
	case Reset:
		abort(w)
	case Delay:
		time.Sleep(50 * time.Millisecond)
		p.target.ServeHTTP(w, r)
	case Busy:
		w.Header().Set("Retry-After", "0.02")
		page(http.StatusTooManyRequests)
	case Internal:
		page(http.StatusInternalServerError)
	case Gateway:
		page(http.StatusBadGateway)
	case Down:
		page(http.StatusServiceUnavailable)
	case Lost:
		p.target.ServeHTTP(httptest.NewRecorder(), r)
		abort(w)
	case Truncated:
		p.truncated(w, r)
	default:
		p.target.ServeHTTP(w, r)
	}
}

// truncated promises the whole answer and sends half of it.
func (p *Proxy) truncated(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	p.target.ServeHTTP(answer, r)
	conn := hijack(w)
	if conn == nil {
		return
	}
	defer conn.Close()
	var whole strings.Builder
	response := answer.Result()
	response.ContentLength = int64(answer.Body.Len())
	_ = response.Write(&whole)
	_, _ = io.WriteString(conn, whole.String()[:whole.Len()-(answer.Body.Len()+1)/2])
}

// abort ends the connection so that the client sees a reset.
func abort(w http.ResponseWriter) {
	if conn := hijack(w); conn != nil {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

func hijack(w http.ResponseWriter) net.Conn {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return nil
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return nil
	}
	return conn
}

// Clone is a copy of a request that outlives its connection. The request can
// still be passed on.
func Clone(r *http.Request) *http.Request {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	other := r.Clone(context.Background())
	other.Body = io.NopCloser(bytes.NewReader(body))
	return other
}

// Forward passes a request on to a server.
func Forward(w http.ResponseWriter, r *http.Request, server string) {
	target, err := url.Parse(server)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	httputil.NewSingleHostReverseProxy(target).ServeHTTP(w, r)
}
