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
	json  []byte // the metrics, with a comma behind each
	ends  []int  // where each metric's JSON ends
	key   []byte // of the series being added, as JSON
	limit int    // metrics
}

func newBatch(run string, limit int) *batch { return &batch{run: run, limit: limit} }

// series makes key that of the points added from here on.
func (b *batch) series(key string) error {
	var err error
	b.key, err = json.Marshal(key)
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
	body := make([]byte, 0, len(metrics)+len(id)+32)
	body = append(append(body, `{"run_id":`...), id...)
	body = append(append(body, `,"metrics":[`...), metrics...)
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

func (s *batchSender) send(ctx context.Context, b *batch) error {
	return s.sendPart(ctx, b, 0, len(b.ends))
}

// sendPart sends a stretch of a batch, in halves where the server or something
// before it refuses it for its size.
func (s *batchSender) sendPart(ctx context.Context, b *batch, from, to int) error {
	body, err := b.body(from, to)
	if err != nil {
		return err
	}
	s.calls.Add(1)
	err = s.server.Do(ctx, &rest.Call{Method: http.MethodPost, Path: rest.API + "runs/log-batch", Body: body, Into: rest.JSON(nil)})
	var refused *rest.APIError
	if to-from > 1 && errors.As(err, &refused) && refused.TooLarge() {
		half := (to - from + 1) / 2
		s.limit.Store(int64(half))
		if err := s.sendPart(ctx, b, from, from+half); err != nil {
			return err
		}
		return s.sendPart(ctx, b, from+half, to)
	}
	return err
}
