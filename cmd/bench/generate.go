package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// generatorVersion changes when the same shape gets other bytes.
const generatorVersion = 1

// begin is the wall time of every run's first event.
const begin = 1.7e9

// make makes the logdir below dir, unless it is there. It appears whole.
func (l logdir) make(dir string) error {
	path := l.path(dir)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	fmt.Fprintln(os.Stderr, "making", l)
	partial := path + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	for run := range l.runs {
		if err := l.makeRun(filepath.Join(partial, fmt.Sprintf("run-%05d", run)), run); err != nil {
			return err
		}
	}
	return os.Rename(partial, path)
}

func (l logdir) makeRun(dir string, run int) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%.0f.bench.%d", begin, run)))
	if err != nil {
		return err
	}
	defer f.Close()
	buffered := bufio.NewWriterSize(f, 1<<20)
	g := newGenerator(l, run, tfrecord.NewWriter(buffered))
	if err := g.write(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// A generator writes one run. Its numbers look like those of a training: noisy
// curves, and steps at uneven distances in time.
type generator struct {
	logdir
	out    *tfrecord.Writer
	random *rand.Rand
	time   float64
	buf    []byte
	pixels []byte // random, from which images are cut

	event   pb.Event
	value   *pb.Summary_Value
	simple  *pb.Summary_Value_SimpleValue
	content []byte // of the tensor
	tensor  *pb.Summary_Value_Tensor
	scalars *pb.SummaryMetadata
}

func newGenerator(l logdir, run int, out *tfrecord.Writer) *generator {
	g := &generator{
		logdir: l, out: out, time: begin,
		random: rand.New(rand.NewPCG(uint64(run), 1)),
		value:  new(pb.Summary_Value),
		simple: new(pb.Summary_Value_SimpleValue),
		tensor: new(pb.Summary_Value_Tensor),
		// What TF2's tf.summary.scalar says with each of its values.
		scalars: &pb.SummaryMetadata{
			PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("scalars")},
			DataClass:  pb.DataClass_DATA_CLASS_SCALAR,
		},
	}
	for len(g.pixels) < 2*l.imageBytes {
		g.pixels = binary.LittleEndian.AppendUint64(g.pixels, g.random.Uint64())
	}
	return g
}

func (g *generator) write() error {
	g.event = pb.Event{WallTime: begin, What: &pb.Event_FileVersion{FileVersion: []byte("brain.Event:2")}}
	if err := g.record(); err != nil {
		return err
	}
	g.event.What = &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{g.value}}}
	tags := g.tagNames()
	for step := range g.steps {
		g.event.Step = int64(step)
		for i, tag := range tags {
			g.value.Tag = tag
			g.scalar(float32(math.Exp(-float64(step)/1000) + float64(i) + 0.05*g.random.NormFloat64()))
			if err := g.record(); err != nil {
				return err
			}
		}
		if g.imageBytes > 0 {
			if err := g.image(); err != nil {
				return err
			}
		}
	}
	return nil
}

// tagNames are seven bytes long where there are up to a hundred, which makes a
// record of a simple_value 46 bytes long.
func (g *generator) tagNames() [][]byte {
	names := make([][]byte, g.tags)
	for i := range names {
		if g.tags <= 100 {
			names[i] = fmt.Appendf(nil, "loss/%02d", i)
		} else {
			names[i] = fmt.Appendf(nil, "layer/%06d/norm", i)
		}
	}
	return names
}

func (g *generator) scalar(x float32) {
	g.time += 0.01 + 0.001*g.random.Float64()
	g.event.WallTime = g.time
	if !g.tensors {
		g.simple.SimpleValue = x
		g.value.Value = g.simple
		return
	}
	g.content = binary.LittleEndian.AppendUint32(g.content[:0], math.Float32bits(x))
	b := append(g.tensor.Tensor[:0], 1<<3, byte(pb.DataType_DT_FLOAT), 2<<3|2, 0) // dtype; shape of rank 0
	b = protowire.AppendTag(b, 4, protowire.BytesType)                            // tensor_content
	g.tensor.Tensor = protowire.AppendBytes(b, g.content)
	g.value.Value, g.value.Metadata = g.tensor, g.scalars
}

// image writes an event with an image: height, width, colours and the bytes.
func (g *generator) image() error {
	from := g.random.IntN(g.imageBytes)
	b := []byte{1 << 3, 100, 2 << 3, 100, 3 << 3, 3}
	b = protowire.AppendTag(b, 4, protowire.BytesType)
	b = protowire.AppendBytes(b, g.pixels[from:from+g.imageBytes])
	g.value.Tag = []byte("samples/0")
	g.value.Value = &pb.Summary_Value_Image{Image: b}
	return g.record()
}

func (g *generator) record() (err error) {
	if g.buf, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(g.buf[:0], &g.event); err != nil {
		return err
	}
	return g.out.Write(g.buf)
}
