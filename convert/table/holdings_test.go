package table

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// heavyRun has 7.5 MiB each of texts, pictures and tensors.
func heavyRun() []byte {
	big := strings.Repeat("0123456789abcdef", 32<<10)
	tensor := eventfiletest.Encode(&pb.TensorProto{
		Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte(big)}, TensorShape: new(pb.TensorShapeProto),
	})
	var events []eventfiletest.Event
	for step := range int64(15) {
		events = append(events, eventfiletest.Summary(1000, step,
			eventfiletest.Text("text", big), eventfiletest.Image("image", eventfiletest.Encode(&pb.Image{EncodedImageString: []byte(big)})),
			eventfiletest.Tensor("tensor", "mine", nil, tensor)))
	}
	return eventfiletest.File(events...)
}

// counted is an encoder that notes the rows of its records.
type counted func(rows int64)

func (c counted) Encode(r arrow.Record) error { c(r.NumRows()); return nil }
func (c counted) Close() error                { return nil }

// observed is a sink that looks at another after each run.
type observed struct {
	convert.Sink
	after func()
}

func (o observed) WriteRun(ctx context.Context, in *convert.Input) error {
	err := o.Sink.WriteRun(ctx, in)
	o.after()
	return err
}

// TestTablesHoldLittleTogether exports runs to several tables, none of which fills a
// record by one run.
func TestTablesHoldLittleTogether(t *testing.T) {
	tree := make(eventfiletest.Tree)
	for run := range 3 {
		tree[fmt.Sprintf("run%d/tfevents", run)] = heavyRun()
	}
	runs, _, err := dirstore.New(dirstore.Logdir{Path: eventfiletest.Logdir(t, tree)}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for _, jobs := range []int{1, 2, 8} {
		all = append(all, recordsOf(t, jobs, func(ctx context.Context, sink convert.Sink, o convert.Options) error {
			_, err := convert.Export(ctx, runs, sink, o)
			return err
		}))
	}
	if !slices.Equal(all[0], all[1]) || !slices.Equal(all[0], all[2]) {
		t.Errorf("records with 1, 2 and 8 jobs:\n%q", all)
	}
	rows := 0
	if len(all[0]) < 4 {
		t.Errorf("%q", all[0])
	}
	for _, record := range all[0] {
		var table string
		var n int
		if _, err := fmt.Sscan(record, &table, &n); err != nil {
			t.Fatal(err)
		}
		rows += n
	}
	if rows != 3*3*15 {
		t.Errorf("%d rows: %q", rows, all[0])
	}
}

// recordsOf gives the table and rows of each record that an export of text, images and
// tensors makes.
func recordsOf(
	t *testing.T, jobs int, export func(context.Context, convert.Sink, convert.Options) error,
) (records []string) {
	t.Helper()
	d, err := output.CreateDir(filepath.Join(t.TempDir(), "out"), output.DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := convert.Options{Jobs: jobs}
	var tables []Table
	var all holdings
	for _, name := range []string{"text", "images", "tensors"} {
		spec, _ := Find(name)
		table, err := spec.New(t.Context(), Source{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		tables, o.Forms = append(tables, table), append(o.Forms, spec.Forms...)
		all.tables = append(all.tables, table.(*valuesTable))
	}
	look := func() {
		held := 0
		for _, t := range all.tables {
			held += t.weight()
		}
		if held > heldTogether+1<<20 {
			t.Errorf("%d bytes are held", held)
		}
	}
	sink, err := NewDirSink(d, tables, ".x", func(_ io.Writer, _ *arrow.Schema, of Part) (Encoder, error) {
		return counted(func(rows int64) { look(); records = append(records, fmt.Sprint(of.Table, " ", rows)) }), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := export(t.Context(), observed{sink, look}, o); err != nil {
		t.Fatal(err)
	}
	return records
}
