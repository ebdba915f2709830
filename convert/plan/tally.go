package plan

import (
	"math"
)

// Tally takes the points of one series as a destination keeps them.
type Tally interface {
	// Add takes points, chunk by chunk in the order of the files. The slices
	// have the same length, and are not its own.
	Add(steps []int64, wallTimes, values []float64)
	// Points is how many points are to be sent.
	Points() int64
	// Digest tells the points apart from any others.
	Digest() Digest
}

// exactTally counts every point as it is.
type exactTally struct{ digest Digest }

func (t *exactTally) Add(steps []int64, wallTimes, values []float64) {
	for i, step := range steps {
		t.digest.Add(math.Float64bits(wallTimes[i]), uint64(step), math.Float64bits(values[i]))
	}
}

func (t *exactTally) Points() int64  { return t.digest.Points }
func (t *exactTally) Digest() Digest { return t.digest }

// Digest tells multisets of points apart, whatever order they are met in: the
// number of points, and two sums of independent hashes of them.
type Digest struct {
	Points int64
	Sums   [2]uint64
}

// Add takes a point, of which a destination says what its three parts are.
func (d *Digest) Add(time, step, value uint64) {
	d.Points++
	h := mix(mix(mix(time+1)^step) ^ value)
	d.Sums[0] += h
	d.Sums[1] += mix(h + 0x9e3779b97f4a7c15)
}

// mix is the finalizer of MurmurHash3, by which every bit of x changes about
// half of the bits of the result.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
