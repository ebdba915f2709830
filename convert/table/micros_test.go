package table

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactMicros is Micros by arithmetic without rounding errors.
func exactMicros(seconds float64) (int64, bool) {
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return 0, false
	}
	exact := new(big.Rat).SetFloat64(seconds)
	exact.Mul(exact, big.NewRat(1_000_000, 1))
	floor := new(big.Int).Div(exact.Num(), exact.Denom()) // Euclidean: towards minus infinity here
	rest := new(big.Rat).Sub(exact, new(big.Rat).SetInt(floor))
	if c := rest.Cmp(big.NewRat(1, 2)); c > 0 || c == 0 && floor.Bit(0) == 1 {
		floor.Add(floor, big.NewInt(1))
	}
	return floor.Int64(), floor.IsInt64()
}

func TestMicros(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	check := func(seconds float64) {
		got, ok := Micros(seconds)
		want, wantOK := exactMicros(seconds)
		if ok != wantOK || ok && got != want {
			t.Fatalf("Micros(%v) = %d, %v, want %d, %v", seconds, got, ok, want, wantOK)
		}
	}
	for _, s := range []float64{0, 1, -1, 0.5e-6, 1.5e-6, 2.5e-6, -0.5e-6, 1e-300, 1.7e9, 1700000000.1234565, 9.2e12, -9.2e12, 1e13, -1e13, 1e308,
		math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, 4503599627.370497, 9007199254.740993} {
		check(s)
	}
	for range 20_000 {
		check(1.7e9 + random.Float64()*1e8)
		check((random.Float64() - 0.5) * math.Pow(10, float64(random.IntN(20)-6)))
		check((float64(random.IntN(1<<30)) + 0.5) / 1e6) // as near a tie as doubles come
		check(float64(random.Int64N(1<<40)) / (1 << 7))  // ties: 1e6/2^7 is 7812.5
	}
}
