package mlflow

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"tbexport/convert/mlflow/rest"
	"testing"
)

type sentBatch struct {
	Run     string         `json:"run_id"`
	Metrics []serverMetric `json:"metrics"`
}

func decodeBatch(t *testing.T, body []byte) (b sentBatch) {
	t.Helper()
	if err := json.Unmarshal(body, &b); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	return b
}

func FuzzBatch(f *testing.F) {
	f.Add("loss", int64(1), int64(2), math.Float64bits(0.5))
	f.Add("損失/ä \"", int64(math.MaxInt64), int64(0), math.Float64bits(math.NaN()))
	f.Add("x", int64(math.MinInt64), int64(math.MaxInt64), math.Float64bits(math.Inf(-1)))
	f.Fuzz(func(t *testing.T, key string, step, time int64, bits uint64) {
		key, value := strings.ToValidUTF8(key, "?"), math.Float64frombits(bits)
		b := newBatch("run", 10)
		if err := b.series(key); err != nil {
			t.Fatal(err)
		}
		b.add(step, time, value)
		b.add(step, time, 1)
		body, err := b.body(0, 2)
		if err != nil {
			t.Fatal(err)
		}
		got := decodeBatch(t, body)
		m := got.Metrics[0]
		if got.Run != "run" || len(got.Metrics) != 2 || m.Key != key || int64(m.Step) != step || int64(m.Time) != time {
			t.Fatalf("%q came back as %+v", body, got)
		}
		if back := float64(m.Value); math.Float64bits(back) != bits && !(math.IsNaN(back) && math.IsNaN(value)) {
			t.Fatalf("%v came back as %v", value, back)
		}
		if text := string(body); strings.Contains(text, ":NaN") || strings.Contains(text, "Inf,") || strings.Contains(text, ":Inf") {
			t.Fatalf("the server would drop %s", text)
		}
	})
}

func TestBatchParts(t *testing.T) {
	b := newBatch("r", 1000)
	if err := b.series("k"); err != nil {
		t.Fatal(err)
	}
	for i := range int64(5) {
		b.add(i, 0, 0)
	}
	for _, c := range [][2]int{{0, 5}, {0, 1}, {1, 3}, {4, 5}} {
		body, err := b.body(c[0], c[1])
		if err != nil {
			t.Fatal(err)
		}
		got := decodeBatch(t, body)
		if len(got.Metrics) != c[1]-c[0] || int(got.Metrics[0].Step) != c[0] {
			t.Errorf("%v: %s", c, body)
		}
	}
}

func TestBatchStaysBelowItsBytes(t *testing.T) {
	b := newBatch("r", 1<<30)
	if err := b.series(strings.Repeat("損", 250)); err != nil {
		t.Fatal(err)
	}
	for !b.full() {
		b.add(math.MinInt64, math.MaxInt64, -math.SmallestNonzeroFloat64)
	}
	body, err := b.body(0, len(b.ends))
	if err != nil || len(body) > mostBytes {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

func TestBatchesAreHalvedWhereTheLimitIsLower(t *testing.T) {
	f := newFake(t)
	f.mostMetrics = 200
	run, err := f.create("1", "run", 1, []pair{{tagSourceID, "x"}})
	if err != nil {
		t.Fatal(err)
	}
	id := run.(map[string]any)["run"].(*serverRun).Info.RunID
	s := batchSender{server: &server{f.client(t)}}
	b := newBatch(id, 1000)
	if err := b.series("k"); err != nil {
		t.Fatal(err)
	}
	for i := range int64(1000) {
		b.add(i, i, float64(i))
	}
	if _, err := s.send(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if got := len(f.runs[id].points["k"]); got != 1000 {
		t.Errorf("%d of 1000 points arrived", got)
	}
	if got := s.metricsPerCall(); got != 125 {
		t.Errorf("the next calls have %d points, want 125", got)
	}
	var refused *rest.APIError
	if err := (&batchSender{server: &server{f.client(t)}}).call(t.Context(), &batch{run: "none", json: b.json, ends: b.ends}, 0, 1); !errors.As(err, &refused) {
		t.Errorf("a run that is not there: %v", err)
	}
}
