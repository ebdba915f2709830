package rowtext

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The wanted texts are those of Python's repr.
func TestAppendFloat(t *testing.T) {
	s := Syntax{NaN: "nan", Inf: "inf", NegInf: "-inf"}
	for v, want := range map[float64]string{
		0: "0.0", 1: "1.0", -2: "-2.0", 0.1: "0.1", 1e15: "1000000000000000.0", 1e16: "1e+16", 123456789012345680: "1.2345678901234568e+17",
		0.0001: "0.0001", 0.00001: "1e-05", 1.5e-7: "1.5e-07", 5e-324: "5e-324", math.MaxFloat64: "1.7976931348623157e+308",
		float64(float32(0.3)): "0.30000001192092896", 1700000000.123: "1700000000.123",
		math.Inf(1): "inf", math.Inf(-1): "-inf",
	} {
		if got := string(s.appendFloat(nil, v)); got != want {
			t.Errorf("%g: %s, want %s", v, got, want)
		}
	}
	if got := string(s.appendFloat(nil, math.Copysign(0, -1))); got != "-0.0" {
		t.Error("negative zero:", got)
	}
	if got := string(s.appendFloat(nil, math.NaN())); got != "nan" {
		t.Error("not a number:", got)
	}
}

func TestFloatsReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		v := math.Float64frombits(random.Uint64())
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		text := string(Syntax{}.appendFloat(nil, v))
		if back, err := strconv.ParseFloat(text, 64); err != nil || back != v {
			t.Fatalf("%s reads back as %v, not %v", text, back, v)
		}
		if !strings.ContainsAny(text, ".e") {
			t.Fatalf("%s looks like an integer", text)
		}
	}
}

func TestAppendMicros(t *testing.T) {
	for micros, want := range map[int64]string{
		0:                "1970-01-01T00:00:00.000000Z",
		-1:               "1969-12-31T23:59:59.999999Z",
		1700000000000010: "2023-11-14T22:13:20.000010Z",
	} {
		if got := string(appendMicros(nil, micros)); got != want {
			t.Errorf("%d: %s, want %s", micros, got, want)
		}
		if back, err := time.Parse(time.RFC3339Nano, want); err != nil || back.UnixMicro() != micros {
			t.Errorf("%s reads back as %v, %v", want, back, err)
		}
	}
}
