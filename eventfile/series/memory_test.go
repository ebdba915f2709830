package series_test

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// synthesize writes an event file of n scalar points in events of one value,
// the tags in turn, as TF1 (simple_value) or TF2 (tensors with metadata).
func synthesize(t testing.TB, path string, n int, tf2 bool) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	b := bufio.NewWriterSize(f, 1<<20)
	w := tfrecord.NewWriter(b)
	var raws [][]byte
	for _, tag := range []string{"train/loss", "train/accuracy", "validation/loss", "learning_rate"} {
		v := build.Scalar(tag, 0.25)
		if tf2 {
			v.Value = &pb.Summary_Value_Tensor{Tensor: build.Marshal(t, build.Shaped(build.Content(pb.DataType_DT_FLOAT, 0, 0, 0x80, 0x3e)))}
			v.Metadata = build.Metadata("scalars")
			v.Metadata.DataClass = pb.DataClass_DATA_CLASS_SCALAR
		}
		e := build.Summary(1.7e9, 1<<21, v) // a step of four bytes, to be set below
		raws = append(raws, build.Marshal(t, e))
	}
	err = w.Write(build.Marshal(t, build.Version("brain.Event:2")))
	for i := 0; i < n && err == nil; i++ {
		raw := raws[i%4]
		// The step stands behind the wall time, of nine bytes, and its own key.
		for j, step := 0, 1<<21+i/4; j < 4; j, step = j+1, step>>7 {
			raw[10+j] = raw[10+j]&0x80 | byte(step&0x7f)
		}
		err = w.Write(raw)
	}
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// peakHeap runs do and returns how much the heap grew meanwhile at most.
func peakHeap(do func()) uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapInuse, m.HeapInuse
	done := make(chan struct{})
	var sampler sync.WaitGroup
	sampler.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
	})
	do()
	close(done)
	sampler.Wait()
	return peak - before
}

// TestMemoryOfALongRun reads a run 46 times as long as what may be in memory:
// 64 Ki points of about 80 bytes, a buffer of 1 MiB, and a window of 32 KiB
// for each block of the temporary file.
func TestMemoryOfALongRun(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 200 MB")
	}
	const n, maxPoints, bound = 3_000_000, 64 << 10, 16 << 20
	path := filepath.Join(t.TempDir(), "tfevents")
	synthesize(t, path, n, false)
	r := runtest.NewReader(runtest.Options{Options: series.Options{MaxPoints: maxPoints, TempDir: t.TempDir()}})
	defer r.Close()
	got, last := 0, int64(0)
	peak := peakHeap(func() {
		if err := r.Open(t.Context(), eventfile.Run{Name: "run", Files: []string{path}}); err != nil {
			t.Fatal(err)
		}
		for c, err := range r.Series.Chunks() {
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Steps) > maxPoints {
				t.Fatalf("a chunk of %d points", len(c.Steps))
			}
			got += len(c.Steps)
			last = c.Steps[len(c.Steps)-1]
		}
	})
	if got != n || last != 1<<21+n/4-1 {
		t.Errorf("%d points, the last at step %d", got, last)
	}
	t.Logf("peak heap %d KiB", peak>>10)
	if peak > bound {
		t.Errorf("peak heap %d KiB, more than %d", peak>>10, bound>>10)
	}
}

func BenchmarkCollector(b *testing.B) {
	for _, c := range []struct {
		name      string
		tf2       bool
		maxPoints int
	}{
		{"TF1", false, 0}, {"TF2", true, 0}, {"TF1/TemporaryFile", false, 64 << 10},
	} {
		b.Run(c.name, func(b *testing.B) {
			const n = 400_000
			path := filepath.Join(b.TempDir(), "tfevents")
			synthesize(b, path, n, c.tf2)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			run := eventfile.Run{Name: "run", Files: []string{path}}
			points := series.NewCollector(series.Options{MaxPoints: c.maxPoints, TempDir: b.TempDir()})
			defer points.Close()
			walker := eventfile.NewWalker(dirstore.New(), eventfile.WalkOptions{})
			b.SetBytes(info.Size())
			b.ReportAllocs()
			for b.Loop() {
				if err := points.Reset(); err != nil {
					b.Fatal(err)
				}
				if _, err := walker.Walk(b.Context(), run, points); err != nil {
					b.Fatal(err)
				}
				for _, err := range points.Chunks() {
					if err != nil {
						b.Fatal(err)
					}
				}
				if got := points.Counts().Written; got != n {
					b.Fatalf("%d points", got)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "points/s")
		})
	}
}
