package runtest

import (
	"math"
	"math/rand/v2"

	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// Random makes the events of one to four files: several tags in changing
// company, steps that mostly rise, now and then stand, fall back or are
// extreme, restarts, and files of version 2, 1, none and unreadable.
func Random(rnd *rand.Rand) (files [][]*pb.Event) {
	tags := []string{"loss", "acc", "a/b", "", "ünïcödé", "z"}[:1+rnd.IntN(6)]
	versions := []string{"brain.Event:2", "brain.Event:2", "brain.Event:2", "brain.Event:1", "no version", ""}
	step := int64(0)
	events := 1 + rnd.IntN(120)
	for range 1 + rnd.IntN(4) {
		var file []*pb.Event
		if v := versions[rnd.IntN(len(versions))]; v != "" {
			file = append(file, build.Version(v))
		}
		for range events {
			switch rnd.IntN(30) {
			case 0:
				file = append(file, build.Session(pb.SessionLog_START, step-rnd.Int64N(20)))
			case 5, 6:
				file = append(file, build.Session(pb.SessionLog_START, step-rnd.Int64N(3)))
			case 1:
				file = append(file, build.Session(pb.SessionLog_STOP, step))
			case 2:
				step -= rnd.Int64N(30)
			case 3:
				step = []int64{math.MinInt64, math.MaxInt64, -1, 0, 1 << 53}[rnd.IntN(5)]
			case 4:
				file = append(file, build.Version(versions[rnd.IntN(5)]))
			default:
				step += rnd.Int64N(3) // may wrap around, as a writer's step may
			}
			file = append(file, randomSummary(rnd, tags, step))
		}
		files = append(files, file)
	}
	return files
}

func randomSummary(rnd *rand.Rand, tags []string, step int64) *pb.Event {
	e := build.Summary(1.7e9+float64(rnd.IntN(1000))/8, step)
	if rnd.IntN(50) == 0 {
		e.WallTime = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}[rnd.IntN(4)]
	}
	for range rnd.IntN(4) {
		tag := tags[rnd.IntN(len(tags))]
		v := build.Scalar(tag, rnd.Float32())
		switch rnd.IntN(12) {
		case 0:
			v.Value = &pb.Summary_Value_Image{Image: []byte("image")}
		case 1:
			v.Value = nil
		case 2:
			v.Value = &pb.Summary_Value_SimpleValue{SimpleValue: float32(math.NaN())}
		}
		e.GetSummary().Value = append(e.GetSummary().Value, v)
	}
	return e
}

// RandomOptions are of the series, any at all.
func RandomOptions(rnd *rand.Rand) (o series.Options) {
	o.Restarts = series.Restarts(rnd.IntN(3))
	o.MaxPoints = []int{1, 2, 3, 7, 64, 1 << 20}[rnd.IntN(6)]
	if rnd.IntN(4) == 0 {
		o.Tags = func(tag string) bool { return tag > "b" }
	}
	step := func() *int64 { n := rnd.Int64N(100); return &n }
	wall := func() *float64 { f := 1.7e9 + float64(rnd.IntN(125)); return &f }
	switch rnd.IntN(6) {
	case 0:
		o.Select.FirstStep = step()
	case 1:
		o.Select.LastStep = step()
	case 2:
		o.Select.FirstStep, o.Select.LastStep, o.Select.Until = step(), step(), wall()
	case 3:
		o.Select.Since = wall()
	}
	if rnd.IntN(3) == 0 {
		o.Select.Sample = 1 + rnd.IntN(9)
	}
	return o
}
