package kinds

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// Histogram is a histogram with its buckets as they were stored, none clipped or merged.
type Histogram struct {
	Left, Right []float64 // edges of the buckets: as many as counts
	Count       []float64 // may be fractional

	// Of the numbers that were counted; the new form does not have them.
	Min, Max, Num, Sum, SumSquares float64

	Old bool // the old form
}

// DecodeOldHistogram decodes a HistogramProto. It stores the right edges: the left edge of the first bucket is the
// smallest number counted, or the right edge if that is less.
func DecodeOldHistogram(b []byte) (Histogram, error) {
	var m pb.HistogramProto
	if err := proto.Unmarshal(b, &m); err != nil {
		return Histogram{}, errBroken
	}
	if err := sameBuckets(len(m.BucketLimit), len(m.Bucket)); err != nil {
		return Histogram{}, err
	}
	h := Histogram{
		Right: m.BucketLimit, Count: m.Bucket,
		Min: m.Min, Max: m.Max, Num: m.Num, Sum: m.Sum, SumSquares: m.SumSquares, Old: true,
	}
	if len(h.Right) > 0 {
		h.Left = make([]float64, len(h.Right))
		h.Left[0] = h.Right[0]
		if h.Min < h.Right[0] {
			h.Left[0] = h.Min
		}
		copy(h.Left[1:], h.Right)
	}
	return h, nil
}

func sameBuckets(edges, counts int) error {
	if edges != counts {
		return fmt.Errorf("a histogram of %d edges and %d counts", edges, counts)
	}
	return nil
}

// DecodeHistogram decodes a tensor of the plugin histograms: [k, 3] of left edge, right edge and count.
func DecodeHistogram(b []byte) (Histogram, error) {
	t, err := realTensor(b)
	if err == nil && (len(t.Shape) != 2 || t.Shape[1] != 3) {
		err = ErrOtherForm
	}
	if err != nil {
		return Histogram{}, err
	}
	rows := t.Floats()
	k := len(rows) / 3
	all := make([]float64, 3*k)
	h := Histogram{Left: all[:k:k], Right: all[k : 2*k : 2*k], Count: all[2*k:]}
	for i := range k {
		h.Left[i], h.Right[i], h.Count[i] = rows[3*i], rows[3*i+1], rows[3*i+2]
	}
	return h, nil
}
