package eventfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// FuzzPoints holds points that are read by their pattern to those of decoded
// events, and a run read at once to one read as it grows: the same series, and
// the same in all that the run, its files and its tags tell. A walk that goes on
// knows no pattern, so that of a run that grows by an event at a time all are
// decoded. Of three bytes of damage, two say where, and the third which bits of a
// byte are flipped.
func FuzzPoints(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(seed, []byte{})
		f.Add(seed, []byte{0, 100, 1, byte(seed), 7, 0xff, 2 * byte(seed), 0, 4})
	}
	f.Fuzz(func(t *testing.T, seed uint64, damage []byte) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		o := runtest.Options{Options: runtest.RandomOptions(rnd), WalkOptions: eventfile.WalkOptions{Resumable: true}}
		o.TempDir = t.TempDir()
		file := build.File(t, randomPoints(t, rnd)...)
		ends := recordEnds(t, file)
		for ; len(damage) >= 3; damage = damage[3:] {
			file[(int(damage[0])<<8+int(damage[1]))%len(file)] ^= damage[2]
		}
		store := &runtest.Memory{Files: map[string][]byte{"logs/events": file}}
		run := eventfile.Run{Name: "run", Files: []string{"logs/events"}}
		whole := runtest.NewReaderOf(store, o)
		if err := whole.Open(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		grown := runtest.NewReaderOf(store, o)
		var state eventfile.State
		size := 0
		for _, end := range ends {
			size = max(size, min(end+rnd.IntN(40)*rnd.IntN(2), len(file))) // often with a torn tail
			store.Files["logs/events"] = file[:size]
			if err := grown.Continue(t.Context(), state, run); err != nil {
				t.Fatal(err)
			}
			if rnd.IntN(40) == 0 {
				runtest.Drain(t, grown.Series)
			}
			state = grown.Walker.State()
		}
		if got, want := allThatIsTold(t, grown), allThatIsTold(t, whole); got != want {
			t.Errorf("read as it grows:\n%s\nread at once:\n%s", got, want)
		}
	})
}

// recordEnds are the offsets behind the records of a whole file.
func recordEnds(t *testing.T, file []byte) (ends []int) {
	t.Helper()
	r := tfrecord.NewReader(bytes.NewReader(file), int64(len(file)), tfrecord.Options{})
	for {
		payload, err := r.Next()
		if err != nil {
			return ends
		}
		ends = append(ends, int(r.Offset())+16+len(payload))
	}
}

// randomPoints is mostly events of one point, of a few tags in turn, amid the
// events of a random run.
func randomPoints(t *testing.T, rnd *rand.Rand) (payloads []any) {
	payloads = append(payloads, build.Version("brain.Event:2"))
	for _, file := range runtest.Random(rnd) {
		for _, e := range file {
			payloads = append(payloads, e)
			for range rnd.IntN(3) {
				for _, tag := range []string{"loss", "tensor", "acc", "double", "z"}[rnd.IntN(5):] {
					payloads = append(payloads, build.Summary(1.7e9+rnd.Float64(), e.Step, randomValue(t, rnd, tag)))
				}
			}
		}
	}
	return payloads
}

// randomValue is a scalar: of two tags a tensor, with metadata or mostly
// without, as TF1 writes it.
func randomValue(t *testing.T, rnd *rand.Rand, tag string) *pb.Summary_Value {
	plugin := ""
	if rnd.IntN(3) == 0 {
		plugin = "scalars"
	}
	switch tag {
	case "tensor":
		return build.Tensor(t, tag, plugin, &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{rnd.Float32()}})
	case "double":
		return build.Tensor(t, tag, plugin, build.Double(rnd.Float64()))
	}
	return build.Scalar(tag, rnd.Float32())
}

// allThatIsTold is a run's series and stats.
func allThatIsTold(t *testing.T, r *runtest.Reader) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintln(&b, runtest.Drain(t, r.Series))
	stats := *r.Stats
	for _, file := range stats.Files {
		fmt.Fprintf(&b, "%d bytes, %d in %d records, error %v\n", file.Bytes, file.RecordBytes, file.Records, file.Err)
		for _, d := range file.Damage {
			fmt.Fprintf(&b, "%v, %d records, between %v and %v\n", d, d.Records, d.Before, d.After)
		}
	}
	inventory := r.Inventory.Inventory()
	for _, tag := range inventory.Tags {
		shown := *tag
		shown.Content = nil // a pointer
		fmt.Fprintf(&b, "%+v %+v\n", shown, tag.Content)
	}
	fmt.Fprintf(&b, "goes back: %v\n", inventory.GoesBack)
	stats.Files = nil
	fmt.Fprintf(&b, "%+v\n%+v\n", stats, r.Series.Counts())
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	return b.String()
}
