package kinds

import (
	"testing"

	pb "tbexport/proto"
)

// BenchmarkDecode: one value of each common form.
func BenchmarkDecode(b *testing.B) {
	buckets := make([]float64, 90)
	limits := make([]float64, 60)
	for i := range buckets {
		buckets[i] = float64(i)
	}
	for i := range limits {
		limits[i] = float64(i)
	}
	big := append(pngHeader(640, 480), make([]byte, 1<<20)...)
	for name, bench := range map[string]struct {
		in     []byte
		decode func([]byte) error
	}{
		"histogram":     {floats(b, float64s, []int64{30, 3}, buckets...), func(in []byte) error { _, err := DecodeHistogram(in); return err }},
		"old histogram": {encode(b, &pb.HistogramProto{BucketLimit: limits, Bucket: limits}), func(in []byte) error { _, err := DecodeOldHistogram(in); return err }},
		"image of 1 MB": {texts(b, []int64{3}, "640", "480", string(big)), func(in []byte) error { _, err := DecodeImage(in); return err }},
		"old image":     {encode(b, &pb.Image{EncodedImageString: big}), func(in []byte) error { _, err := DecodeOldImage(in); return err }},
		"text":          {texts(b, []int64{1}, "# a short text\n\nwith two lines"), func(in []byte) error { _, err := DecodeText(in); return err }},
		"pr curve":      {floats(b, float32s, []int64{6, 127}, make([]float64, 6*127)...), func(in []byte) error { _, err := DecodePRCurve(in); return err }},
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.in)))
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.decode(bench.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
