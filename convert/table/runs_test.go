package table_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/format/csv"
	"tbexport/convert/output"
	"tbexport/convert/table"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"

	"google.golang.org/protobuf/proto"
)

const logs = "../../testdata/logs/hparams"

// runsOf reads a logdir into a table.
func runsOf(t testing.TB, logdir string, o table.RunsOptions) *table.Runs {
	t.Helper()
	b := table.NewRunsBuilder(o)
	_, err := convert.Each(t.Context(), find(t, logdir), convert.Options{}, func(_ context.Context, in *convert.Input) error { return b.Add(in) })
	if err != nil {
		t.Fatal(err)
	}
	return b.Runs()
}

func find(t testing.TB, logdir string) []eventfile.Run {
	t.Helper()
	found, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// exportCSV exports a table, and gives its text and what there is to say of it.
func exportCSV(t testing.TB, logdir string, made table.Table) (string, convert.Result) {
	t.Helper()
	var out bytes.Buffer
	sink := table.NewFileSink(made, output.Stream(&out), func(w io.Writer, s *arrow.Schema, _ table.Part) (table.Encoder, error) {
		return csv.New(w, s, csv.Options{})
	})
	report, err := convert.Export(t.Context(), find(t, logdir), sink, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), report.Result
}

// show gives a cell of a row as text.
func show(t testing.TB, runs *table.Runs, run, column string) string {
	t.Helper()
	i, ok := runs.Column(column)
	if !ok {
		return "no column"
	}
	for row := range runs.Len() {
		if runs.Cell(row, 0).Text != run {
			continue
		}
		switch c := runs.Cell(row, i); c.Kind {
		case table.CellText:
			return fmt.Sprintf("%q", c.Text)
		case table.CellNumber:
			return fmt.Sprint(float32(c.Number))
		case table.CellInteger:
			return fmt.Sprint(c.Integer)
		case table.CellBool:
			return fmt.Sprint(c.Bool)
		case table.CellTime:
			return fmt.Sprintf("at %.3f", c.Seconds)
		}
		return "null"
	}
	return "no row"
}

func TestRunsCells(t *testing.T) {
	all := []table.Summary{table.SummaryMin, table.SummaryMax, table.SummaryMean, table.SummaryBestStep, table.SummaryMaxStep}
	for _, c := range []struct {
		logdir, run string
		noFold      bool
		want        map[string]string
	}{
		// add_hparams writes a child, which has the last value of the metric that both have.
		{"torch", "trial-0", false, map[string]string{"status": `"FINISHED"`, "params.lr": "0.1", "params.layers": "3", "params.optimizer": `"adam"`,
			"params.amsgrad": "1", "metrics.loss": "0.1", "metrics.hparam/accuracy": "1", "points": "7", "files": "2", "last_step": "4",
			"metrics.loss.min": "0.1", "metrics.loss.best_step": "0", "metrics.loss.max": "1.1", "group": `"trial-0"`, "start_time": "at 1700000000.250"}},
		{"torch", "trial-0", true, map[string]string{"status": "null", "params.lr": "null", "metrics.loss": "0.3", "points": "5", "files": "1", "group": "null"}},
		{"torch", "trial-0/1700000000.875", false, map[string]string{"status": "no row"}},
		{"torch", "trial-0/1700000000.875", true, map[string]string{"status": `"FINISHED"`, "metrics.loss": "0.1"}},
		{"torch-twice", "1700000000.875", false, map[string]string{"params.lr": "0.1", "metrics.hparam/accuracy": "0.1", "metrics.loss": "null"}},
		{"torch-same-run", ".", false, map[string]string{"params.nan": "NaN", "params.none": "no column", "files": "2"}},
		{"tensorboardX", ".", false, map[string]string{"params.amsgrad": "true", "metrics.hparam/accuracy": "0.9"}},
		{"keras-callback", "run-0", false, map[string]string{"status": `"FINISHED"`, "group": `"trial-0"`, "params.units": "2", "metrics.epoch_loss": "no column",
			"files": "3"}},
		{"keras-callback", "run-2", false, map[string]string{"status": "null", "params.lr": "0.1"}},
		{"keras-callback", "run-2/train", false, map[string]string{"run": "no row"}},
		{"keras-callback", "run-2/train", true, map[string]string{"run": `"run-2/train"`}},
		{"keras-tuner", "0/execution0", false, map[string]string{"status": `"FINISHED"`, "params.units": "2"}},
		{"odd-groups", "s0", false, map[string]string{"experiment": `"search"`, "group": `"g"`, "metrics.loss": "0.5", "metrics.eval/loss": "0.25", "metrics.eval/deep/acc": "0.125", "metrics.other/loss": "no column"}},
		{"odd-groups", "s0/other", false, map[string]string{"metrics.loss": "9", "group": "null"}},
		{"odd-types", "number", false, map[string]string{"params.x": `"1"`, "params.y": "true", "params.z": "1", "metrics.loss": "0.25", "metrics.loss.mean": "0.375", "metrics.acc": "null", "status": "null"}},
		{"odd-types", "string", false, map[string]string{"params.x": `"one"`, "params.z": "null", "metrics.loss": "NaN", "metrics.loss.min": "NaN", "metrics.loss.mean": "NaN", "metrics.loss.max_step": "null"}},
		{"odd-types", "bool", false, map[string]string{"params.x": `"True"`, "params.y": "null", "params.z": "2"}},
		{"odd-status", "unknown", false, map[string]string{"status": "null", "start_time": "at 1700000000.000", "end_time": "at 1700000060.500", "duration": "60.5"}},
		{"odd-status", "running", false, map[string]string{"status": `"RUNNING"`}},
		{"odd-status", "failure", false, map[string]string{"status": `"FAILED"`}},
		{"odd-end-without-start", ".", false, map[string]string{"status": `"FINISHED"`, "group": "null"}},
		{"odd-start-without-end", ".", false, map[string]string{"status": "null", "group": `"."`}},
		{"odd-disagree", ".", false, map[string]string{"params.lr": "0.2", "status": `"FAILED"`}},
		{"odd-kinds", ".", false, map[string]string{"params.null": "null", "params.list": `"[1,\"a\",true,[2]]"`, "params.empty": `""`, "params.-inf": "-Inf"}},
		{"odd-version-1", ".", false, map[string]string{"params.lr": "no column", "metrics.loss": "0.5"}},
	} {
		runs := runsOf(t, filepath.Join(logs, c.logdir), table.RunsOptions{NoFold: c.noFold, Summaries: all})
		for column, want := range c.want {
			if got := show(t, runs, c.run, column); got != want {
				t.Errorf("%s, run %s, %s: %s, want %s", c.logdir, c.run, column, got, want)
			}
		}
	}
}

func TestRunsColumns(t *testing.T) {
	runs := runsOf(t, filepath.Join(logs, "odd-types"), table.RunsOptions{Summaries: []table.Summary{table.SummaryMin, table.SummaryBestStep}})
	var got []string
	for _, f := range runs.Schema(nil).Fields() {
		got = append(got, fmt.Sprintf("%s %s %v", f.Name, f.Type, f.Nullable))
	}
	want := []string{"run utf8 false", "experiment utf8 true", "group utf8 true", "status utf8 true",
		"start_time timestamp[us, tz=UTC] true", "end_time timestamp[us, tz=UTC] true", "duration float64 true",
		"files int64 false", "points int64 false", "last_step int64 true",
		"params.x utf8 true", "params.y bool true", "params.z float64 true",
		"metrics.acc float64 true", "metrics.acc.min float64 true", "metrics.acc.best_step int64 true",
		"metrics.loss float64 true", "metrics.loss.min float64 true", "metrics.loss.best_step int64 true"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A tag may have the name that a summary of another would get.
func TestRunsSummaryNames(t *testing.T) {
	dir := t.TempDir()
	writeScalars(t, dir, map[string][]float32{"loss": {1, 2}, "loss.min": {7}})
	runs := runsOf(t, dir, table.RunsOptions{Summaries: []table.Summary{table.SummaryMin}})
	for column, want := range map[string]string{"metrics.loss.min": "7", "metrics.loss.min (summary)": "1", "metrics.loss": "2"} {
		if got := show(t, runs, ".", column); got != want {
			t.Errorf("%s: %s, want %s", column, got, want)
		}
	}
}

func TestRunsSummariesOfOddValues(t *testing.T) {
	dir := t.TempDir()
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	writeScalars(t, dir, map[string][]float32{"a": {nan, 3, 1, 1, 5, nan}, "b": {inf, -inf}, "c": {2, 2}})
	runs := runsOf(t, dir, table.RunsOptions{Summaries: []table.Summary{table.SummaryMin, table.SummaryMax, table.SummaryMean, table.SummaryBestStep, table.SummaryMaxStep}})
	for column, want := range map[string]string{
		"a": "NaN", "a.min": "1", "a.max": "5", "a.mean": "2.5", "a.best_step": "2", "a.max_step": "4",
		"b": "-Inf", "b.min": "-Inf", "b.max": "+Inf", "b.mean": "NaN", "b.best_step": "1", "b.max_step": "0",
		"c.best_step": "0", "c.max_step": "0",
	} {
		if got := show(t, runs, ".", "metrics."+column); got != want {
			t.Errorf("%s: %s, want %s", column, got, want)
		}
	}
}

func TestParseSummaries(t *testing.T) {
	got, err := table.ParseSummaries("last, min,max,mean,best_step,max_step,min")
	want := []table.Summary{table.SummaryMin, table.SummaryMax, table.SummaryMean, table.SummaryBestStep, table.SummaryMaxStep}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := table.ParseSummaries("min,worst"); err == nil || !strings.Contains(err.Error(), `worst: want last`) {
		t.Error(err)
	}
}

func TestRunsTable(t *testing.T) {
	text, result := exportCSV(t, filepath.Join(logs, "odd-types"), table.NewRuns(table.Options{MaxRows: 1}))
	const header = "run,experiment,group,status,start_time,end_time,duration,files,points,last_step," +
		"params.x,params.y,params.z,metrics.acc,metrics.loss\n"
	if !strings.HasPrefix(text, header+"bool,,bool,,") || strings.Count(text, "\n") != 4 {
		t.Errorf("%s", text)
	}
	if result.Rows["runs"] != 3 {
		t.Error(result.Rows, "rows")
	}
}

// TestRunsTableSaysFolds: the same is said as by the table in memory.
func TestRunsTableSaysFolds(t *testing.T) {
	folds := 0
	for _, logdir := range []string{"torch", "torch-twice", "keras-callback"} {
		_, got := exportCSV(t, filepath.Join(logs, logdir), table.NewRuns(table.Options{}))
		want := runsOf(t, filepath.Join(logs, logdir), table.RunsOptions{}).Result()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, not %+v", logdir, got, want)
		}
		folds += len(got.Folded)
	}
	if folds == 0 {
		t.Error("no run is folded")
	}
}

func TestHParamsTable(t *testing.T) {
	for maxRows := range 4 {
		text, result := exportCSV(t, filepath.Join(logs, "odd-types"), table.NewHParams(table.Options{MaxRows: maxRows + 1}))
		const want = `run,name,type,value,number,bool
bool,x,bool,True,,true
bool,z,number,2,2.0,
number,x,number,1,1.0,
number,y,bool,True,,true
number,z,number,1,1.0,
string,x,string,one,,
string,y,bool,False,,false
string,z,null,,,
`
		if text != want || result.Rows["hparams"] != 8 {
			t.Errorf("%v rows:\n%s", result.Rows, text)
		}
	}
}

// Each run of 30 hparams and 20 metrics may take 8 KB, so that 10,000 take far less than 256 MiB.
func TestRunsMemory(t *testing.T) {
	dir, metrics := t.TempDir(), make(map[string][]float32)
	for i := range 20 {
		metrics[fmt.Sprintf("metric %d", i)] = make([]float32, 10)
	}
	writeScalars(t, dir, metrics)
	start := &pb.SessionStartInfo{}
	for i := range 30 {
		start.Hparams = append(start.Hparams, &pb.HParam{Name: fmt.Appendf(nil, "hparam %d", i),
			Value: &pb.Value{Kind: &pb.Value_StringValue{StringValue: []byte("a value of some length")}}})
	}
	writeEvents(t, filepath.Join(dir, "events.out.tfevents.2"), hparamsEvent(t, start))
	found := find(t, dir)
	const runs = 500
	var many []eventfile.Run
	for i := range runs {
		many = append(many, eventfile.Run{Name: fmt.Sprint("run ", i), Files: found[0].Files})
	}
	b := table.NewRunsBuilder(table.RunsOptions{})
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := int64(0)
	report, err := convert.Each(t.Context(), many, convert.Options{Jobs: 1}, func(_ context.Context, in *convert.Input) error {
		if before == 0 {
			before = heap()
		}
		return b.Add(in)
	})
	if err != nil {
		t.Fatal(err)
	}
	report.Runs = nil // which is not what is measured
	if each := (heap() - before) / runs; each > 8<<10 {
		t.Errorf("%d bytes a run", each)
	}
	if n := b.Runs().Len(); n != runs {
		t.Error(n, "rows")
	}
}

// writeScalars writes a run whose tags have these values at the steps from 0.
func writeScalars(t testing.TB, dir string, tags map[string][]float32) {
	t.Helper()
	var events []*pb.Event
	for tag, values := range tags {
		for step, v := range values {
			events = append(events, &pb.Event{WallTime: 1, Step: int64(step), What: &pb.Event_Summary{Summary: &pb.Summary{
				Value: []*pb.Summary_Value{{Tag: []byte(tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: v}}}}}})
		}
	}
	writeEvents(t, filepath.Join(dir, "events.out.tfevents.1"), events...)
}

func hparamsEvent(t testing.TB, start *pb.SessionStartInfo) *pb.Event {
	content, err := proto.Marshal(&pb.HParamsPluginData{Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: start}})
	if err != nil {
		t.Fatal(err)
	}
	return &pb.Event{WallTime: 1, What: &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{{
		Tag:      []byte("_hparams_/session_start_info"),
		Metadata: &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("hparams"), Content: content}},
	}}}}}
}

func writeEvents(t testing.TB, path string, events ...*pb.Event) {
	t.Helper()
	eventfiletest.Write(t, filepath.Dir(path), eventfiletest.Tree{filepath.Base(path): eventfiletest.File(eventfiletest.Protos(events...)...)})
}
