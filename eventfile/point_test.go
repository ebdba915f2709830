package eventfile

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pb "tbexport/proto"
)

// FuzzPoints holds the points that go past the event to those that are taken
// from events, in runs of any shape with damage anywhere: the same series, and
// the same in all that the run and its files tell. Of three bytes of damage,
// two say where, and the third which bits of a byte are flipped.
func FuzzPoints(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(seed, []byte{})
		f.Add(seed, []byte{0, 100, 1, byte(seed), 7, 0xff, 2 * byte(seed), 0, 4})
	}
	f.Fuzz(func(t *testing.T, seed uint64, damage []byte) {
		dir := t.TempDir()
		rnd := rand.New(rand.NewPCG(seed, 2))
		o := randomOptions(rnd)
		o.TempDir, o.Outline, o.Strict = dir, seed%3 == 0, seed%5 == 0
		file := records(t, randomPoints(t, rnd)...)
		for ; len(damage) >= 3; damage = damage[3:] {
			file[(int(damage[0])<<8+int(damage[1]))%len(file)] ^= damage[2]
		}
		run := Run{Name: "run", Files: []string{filepath.Join(dir, "events.out.tfevents.1")}}
		if err := os.WriteFile(run.Files[0], file, 0o666); err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, eventwise := range []bool{false, true} {
			r := NewRunReader(o)
			r.eventwise = eventwise
			told = append(told, allThatIsTold(t, r, run))
		}
		if told[0] != told[1] {
			t.Errorf("with points:\n%s\nwith events:\n%s", told[0], told[1])
		}
	})
}

// randomPoints is mostly events of one point, of a few tags in turn, amid the
// events of a random run.
func randomPoints(t *testing.T, rnd *rand.Rand) (payloads []any) {
	payloads = append(payloads, version("brain.Event:2"))
	for _, file := range randomRun(rnd) {
		for _, e := range file {
			payloads = append(payloads, e)
			for range rnd.IntN(3) {
				for _, tag := range []string{"loss", "tensor", "acc", "double", "z"}[rnd.IntN(5):] {
					payloads = append(payloads, summary(1.7e9+rnd.Float64(), e.Step, randomValue(t, rnd, tag)))
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
		plugin = pluginScalars
	}
	switch tag {
	case "tensor":
		return tensorValue(t, tag, plugin, &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{rnd.Float32()}})
	case "double":
		return tensorValue(t, tag, plugin, doubleTensor(rnd.Float64()))
	}
	return scalarValue(tag, rnd.Float32())
}

// allThatIsTold is a run's series and stats, and the error of opening it.
func allThatIsTold(t *testing.T, r *RunReader, run Run) string {
	t.Helper()
	var b strings.Builder
	err := r.Open(t.Context(), run)
	fmt.Fprintln(&b, "error:", err)
	if err == nil {
		fmt.Fprintln(&b, drain(t, r))
	}
	stats := *r.Stats()
	for _, file := range stats.Files {
		fmt.Fprintf(&b, "%d bytes, %d in %d records, error %v\n", file.Bytes, file.RecordBytes, file.Records, file.Err)
		for _, d := range file.Damage {
			fmt.Fprintf(&b, "%v, %d records, between %v and %v\n", d, d.Records, d.Before, d.After)
		}
	}
	if stats.Outline != nil {
		for _, tag := range stats.Outline.Tags {
			fmt.Fprintf(&b, "%+v\n", *tag)
		}
		fmt.Fprintf(&b, "goes back: %v\n", stats.Outline.GoesBack)
	}
	stats.Files, stats.Outline = nil, nil
	fmt.Fprintf(&b, "%+v\n", stats)
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	return b.String()
}
