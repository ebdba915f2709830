package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tfrecord"
)

// firstTime is the wall time of the first event of a synthetic log.
const firstTime = 1.7e9

// eventWriter writes events as TensorFlow's and torch's writers do, byte by byte, since the programs that these tests
// compare tbexport with cannot write tens of millions in time.
type eventWriter struct {
	records *tfrecord.Writer
	event   []byte
	summary []byte
	value   []byte
	jitter  bool // wall times are as uneven as those of real training
}

func newEventWriter(w io.Writer) (*eventWriter, error) {
	e := &eventWriter{records: tfrecord.NewWriter(w)}
	b := appendDouble(nil, 1, firstTime)
	b = protowire.AppendTag(b, 3, protowire.BytesType)
	b = protowire.AppendString(b, "brain.Event:2")
	return e, e.records.Write(b)
}

func appendDouble(b []byte, field protowire.Number, x float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(x))
}

// write writes an event with the value x for each tag.
func (e *eventWriter) write(step int64, x float32, tags ...string) error {
	e.summary = e.summary[:0]
	for _, tag := range tags {
		v := protowire.AppendTag(e.value[:0], 1, protowire.BytesType)
		v = protowire.AppendString(v, tag)
		v = protowire.AppendTag(v, 2, protowire.Fixed32Type)
		e.value = protowire.AppendFixed32(v, math.Float32bits(x))
		e.summary = protowire.AppendTag(e.summary, 1, protowire.BytesType)
		e.summary = protowire.AppendBytes(e.summary, e.value)
	}
	wallTime := firstTime + float64(step)/8
	if e.jitter {
		wallTime += float64(noise(step)) / 64
	}
	b := appendDouble(e.event[:0], 1, wallTime)
	b = protowire.AppendTag(b, 2, protowire.VarintType)
	b = protowire.AppendVarint(b, uint64(step))
	b = protowire.AppendTag(b, 5, protowire.BytesType)
	e.event = protowire.AppendBytes(b, e.summary)
	return e.records.Write(e.event)
}

// writeLog writes one event file. fill writes its events.
func writeLog(path string, fill func(*eventWriter) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	out := bufio.NewWriterSize(f, 1<<20)
	e, err := newEventWriter(out)
	if err == nil {
		err = fill(e)
	}
	if err == nil {
		err = out.Flush()
	}
	return err
}

// noise is a number that does not compress, as those of real training: from 0 to 1, and 0 for 0.
func noise(step int64) float32 { return float32(uint32(step)*2654435761>>8) / (1 << 24) }

const eventFileName = "events.out.tfevents.1700000000.host.1.0"

// steps fills a log with events of steps 0 to n-1.
func steps(n int64, tags ...string) func(*eventWriter) error {
	return func(e *eventWriter) error {
		for step := range n {
			if err := e.write(step, noise(step), tags...); err != nil {
				return err
			}
		}
		return nil
	}
}

// uneven is fill with uneven wall times.
func uneven(fill func(*eventWriter) error) func(*eventWriter) error {
	return func(e *eventWriter) error {
		e.jitter = true
		return fill(e)
	}
}

func mustWriteLog(t testing.TB, path string, fill func(*eventWriter) error) {
	t.Helper()
	if err := writeLog(path, fill); err != nil {
		t.Fatal(err)
	}
}

// The big log: 500 runs of 20,000 points.
const (
	bigRuns   = 500
	bigPoints = 10_000_000
)

var makeBig sync.Once

// bigLog is a log that takes seconds to export. Tests share it.
func bigLog(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(sharedDir(t), "big")
	makeBig.Do(func() {
		tags := []string{"train/loss", "train/accuracy", "train/lr", "eval/loss", "eval/accuracy"}
		for i := range bigRuns {
			path := filepath.Join(dir, fmt.Sprintf("group-%d", i%10), fmt.Sprintf("run-%03d", i), eventFileName)
			mustWriteLog(t, path, uneven(steps(bigPoints/bigRuns/int64(len(tags)), tags...)))
		}
	})
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
