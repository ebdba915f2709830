package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"sync/atomic"

	"tbexport/convert/mlflow/rest"
)

// What a call takes (mlflow/utils/validation.py); gateways often allow 1 MB.
const (
	mostMetrics = 1000
	mostBytes   = 900 << 10
)

// batch is a log-batch call being written. It can only say what the server
// reads back as it was meant: of a bare NaN, a fraction for a step or a number
// out of range, the server answers 200 and silently drops them with all that
// follows in the call.
type batch struct {
	run   string // ID
	json  []byte // the metrics, with a comma after each
	ends  []int  // where each metric's JSON ends
	of    []int  // which of the keys each metric has
	keys  []string
	key   []byte // of the series being added, as JSON
	limit int    // metrics
	// with is JSON that goes before the metrics, with a comma behind it, in the
	// call of all of them.
	with []byte
}

func newBatch(run string, limit int) *batch { return &batch{run: run, limit: limit} }

// series makes key that of the points added from here on.
func (b *batch) series(key string) error {
	var err error
	b.key, err = json.Marshal(key)
	b.keys = append(b.keys, key)
	return err
}

func (b *batch) full() bool {
	return len(b.ends) >= b.limit || len(b.json)+len(b.key)+128 > mostBytes-256
}

func (b *batch) add(step, time int64, value float64) {
	b.json = append(b.json, `{"key":`...)
	b.json = append(b.json, b.key...)
	b.json = append(b.json, `,"value":`...)
	b.json = appendValue(b.json, value)
	b.json = append(b.json, `,"timestamp":`...)
	b.json = strconv.AppendInt(b.json, time, 10)
	b.json = append(b.json, `,"step":`...)
	b.json = strconv.AppendInt(b.json, step, 10)
	b.json = append(b.json, '}', ',')
	b.ends = append(b.ends, len(b.json))
	b.of = append(b.of, len(b.keys)-1)
}

// next is an empty batch for the same run and series.
func (b *batch) next(limit int) *batch {
	n := newBatch(b.run, limit)
	n.key, n.keys = b.key, b.keys[len(b.keys)-1:]
	return n
}

// appendValue writes the shortest number that reads back as the same float64,
// or the string that stands for what is no JSON number.
func appendValue(b []byte, value float64) []byte {
	switch {
	case math.IsNaN(value):
		return append(b, `"NaN"`...)
	case math.IsInf(value, 1):
		return append(b, `"Infinity"`...)
	case math.IsInf(value, -1):
		return append(b, `"-Infinity"`...)
	}
	return strconv.AppendFloat(b, value, 'g', -1, 64)
}

// body is the call's JSON for the metrics from one to another.
func (b *batch) body(from, to int) ([]byte, error) {
	id, err := json.Marshal(b.run)
	if err != nil {
		return nil, err
	}
	begin := 0
	if from > 0 {
		begin = b.ends[from-1]
	}
	metrics := b.json[begin : b.ends[to-1]-1]
	body := make([]byte, 0, len(metrics)+len(id)+len(b.with)+32)
	body = append(append(append(body, `{"run_id":`...), id...), ',')
	if from == 0 && to == len(b.ends) {
		body = append(body, b.with...)
	}
	body = append(append(body, `"metrics":[`...), metrics...)
	return append(body, `]}`...), nil
}

// batchSender sends batches, and remembers how large a call may be.
type batchSender struct {
	server *server
	limit  atomic.Int64 // metrics a call; 0: mostMetrics
	calls  atomic.Int64
}

func (s *batchSender) metricsPerCall() int {
	if limit := s.limit.Load(); limit > 0 {
		return int(limit)
	}
	return mostMetrics
}

// send sends a batch, and gives what the server did not take of it; the rest has
// arrived if there is no error.
func (s *batchSender) send(ctx context.Context, b *batch) (refused []Refusal, err error) {
	err = s.sendPart(ctx, b, 0, len(b.ends), &refused)
	return refused, err
}

// sendPart sends a stretch of a batch, in parts where the server or something
// before it refuses it for its size or for something in it.
func (s *batchSender) sendPart(ctx context.Context, b *batch, from, to int, refused *[]Refusal) error {
	err := s.call(ctx, b, from, to)
	var api *rest.APIError
	tooLarge := errors.As(err, &api) && api.TooLarge()
	switch {
	case !tooLarge && !refusedContent(err):
		return err
	case to-from == 1:
		*refused = append(*refused, Refusal{"metric", b.keys[b.of[from]], 1, err})
		return nil
	case tooLarge:
		s.limit.Store(int64((to - from + 1) / 2))
	}
	middle := b.middle(from, to)
	if !tooLarge && b.of[from] == b.of[to-1] {
		// The key itself, as a rule: then its first point tells of all.
		first := s.call(ctx, b, from, from+1)
		if refusedContent(first) && sameRefusal(first, err) {
			*refused = append(*refused, Refusal{"metric", b.keys[b.of[from]], int64(to - from), err})
			return nil
		}
	}
	if err := s.sendPart(ctx, b, from, middle, refused); err != nil {
		return err
	}
	return s.sendPart(ctx, b, middle, to, refused)
}

// middle is where a stretch is to be divided: between two keys, if it has
// several.
func (b *batch) middle(from, to int) int {
	half := from + (to-from+1)/2
	for near := range to - from {
		for _, i := range []int{half - near, half + near} {
			if i > from && i < to && b.of[i] != b.of[i-1] {
				return i
			}
		}
	}
	return half
}

// call makes one call of a stretch of a batch.
func (s *batchSender) call(ctx context.Context, b *batch, from, to int) error {
	body, err := b.body(from, to)
	if err != nil {
		return err
	}
	s.calls.Add(1)
	return s.server.Do(ctx,
		&rest.Call{Method: http.MethodPost, Path: rest.API + "runs/log-batch", Body: body, Into: rest.JSON(nil)})
}
