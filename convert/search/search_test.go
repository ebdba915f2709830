package search

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/convert"
	"tbexport/convert/table"
	"tbexport/eventfile"
	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// trial is one run of the test's table.
type trial struct {
	name    string
	params  map[string]any
	metrics map[string]float64
	status  pb.SessionStatus
	start   float64
}

func trials() []trial {
	return []trial{
		{"a", map[string]any{"lr": 0.1, "opt": "Adam", "amsgrad": true, "layers": "3", "x.y": "dot", "né": 1.0}, map[string]float64{"loss": 0.5, "val/acc-1": 0.9}, pb.SessionStatus_STATUS_SUCCESS, 1700000000},
		{"b", map[string]any{"lr": 0.01, "opt": "sgd", "amsgrad": 0.0, "layers": 3.0}, map[string]float64{"loss": 0.25}, pb.SessionStatus_STATUS_FAILURE, 1700000100},
		{"c", map[string]any{"lr": "auto", "opt": nil}, map[string]float64{"loss": math.NaN()}, 0, 0},
		{"5", nil, map[string]float64{"acc": math.Inf(1)}, 0, 0},
	}
}

// rowsOf reads the trials into a table.
func rowsOf(t testing.TB) *table.Runs {
	t.Helper()
	b := table.NewRunsBuilder(table.RunsOptions{Summaries: []table.Summary{table.SummaryMin}})
	var runs []eventfile.Run
	for _, trial := range trials() {
		path := filepath.Join(t.TempDir(), "events.out.tfevents.1")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		trial.write(t, f)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, eventfile.Run{Name: trial.name, Files: []string{path}})
	}
	_, err := convert.Each(t.Context(), runs, convert.Options{}, func(_ context.Context, in *convert.Input) error { return b.Add(in) })
	if err != nil {
		t.Fatal(err)
	}
	return b.Runs()
}

func (r *trial) write(t testing.TB, w io.Writer) {
	start := &pb.SessionStartInfo{StartTimeSecs: r.start, GroupName: []byte("group " + r.name)}
	for name, value := range r.params {
		p := &pb.HParam{Name: []byte(name), Value: new(pb.Value)}
		switch v := value.(type) {
		case float64:
			p.Value.Kind = &pb.Value_NumberValue{NumberValue: v}
		case string:
			p.Value.Kind = &pb.Value_StringValue{StringValue: []byte(v)}
		case bool:
			p.Value.Kind = &pb.Value_BoolValue{BoolValue: v}
		}
		start.Hparams = append(start.Hparams, p)
	}
	var values []*pb.Summary_Value
	for tag, x := range r.metrics {
		values = append(values, &pb.Summary_Value{Tag: []byte(tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: float32(x)}})
	}
	if r.params != nil {
		values = append(values, record(t, "_hparams_/session_start_info", &pb.HParamsPluginData{
			Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: start}}))
	}
	if r.status != 0 {
		values = append(values, record(t, "_hparams_/session_end_info", &pb.HParamsPluginData{
			Data: &pb.HParamsPluginData_SessionEndInfo{SessionEndInfo: &pb.SessionEndInfo{Status: r.status, EndTimeSecs: r.start + 60}}}))
	}
	event := &pb.Event{WallTime: 1700000200, Step: 7, What: &pb.Event_Summary{Summary: &pb.Summary{Value: values}}}
	if err := tfrecord.NewWriter(w).Write(encoded(t, event)); err != nil {
		t.Fatal(err)
	}
}

func record(t testing.TB, tag string, data *pb.HParamsPluginData) *pb.Summary_Value {
	return &pb.Summary_Value{Tag: []byte(tag), Metadata: &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{
		PluginName: []byte("hparams"), Content: encoded(t, data)}}}
}

func encoded(t testing.TB, m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSelect(t *testing.T) {
	runs := rowsOf(t)
	for _, c := range []struct{ filter, want string }{
		{`metrics.loss < 0.3`, "b"},
		{`metric.loss<0.3 AND params.lr<=1e-2`, "b"},
		{`metrics.loss >= .25 and metrics.loss != 0.5`, "b"},
		{`metrics.loss != 0.5`, "b c"}, // NaN is unequal
		{`metrics.loss = 0.5`, "a"},
		{`metrics.loss IN (0.5, 0.25)`, "a b"},
		{`metrics.loss not in (0.5)`, "b c"},
		{`metrics.loss is null`, "5"},
		{`metrics.loss IS NOT NULL`, "a b c"},
		{`metrics.acc > 1e300`, "5"},
		{`metrics.acc = inf`, "5"},
		{`metrics.loss > -inf`, "a b"},
		{`metrics.val/acc-1 > 0.5`, "a"},
		{"metrics.`val/acc-1` > 0.5", "a"},
		{`metrics."val/acc-1" > 0.5`, "a"},
		{"`metrics`.`val/acc-1` > 0.5", "a"},
		{`metrics.loss.min < 0.3`, "b"},
		{`metrics.nosuch > 0`, ""},

		{`params.lr = 0.1`, "a"},
		{`params.lr = "0.1"`, "a"},
		{`params.lr = '0.10'`, "a"},
		{`params.lr < 1`, "a b"},
		{`params.lr < "1"`, "a b"},
		{`params.lr = "auto"`, "c"},
		{`params.lr != 0.1`, "b c"},
		{`params.lr LIKE '0._'`, "a"},
		{`params.lr LIKE '0.%'`, "a b"},
		{`params.opt = "adam"`, ""},
		{`params.opt ilike "ADAM"`, "a"},
		{`params.opt like "a%"`, ""},
		{`params.opt like "%d%"`, "a b"},
		{`params.opt in ("sgd", "Adam")`, "a b"},
		{`params.opt > "M"`, "b"},
		{`params.opt is null`, "c 5"},
		{`params.opt != "sgd"`, "a"},
		{`params.opt > 3`, ""},
		{`params.opt != 3`, "a b"},
		{`params.layers = 3`, "a b"},
		{`params.layers = "3"`, "a b"},
		{`params.layers = "03"`, "b"}, // text against text, but a number against the text of one
		{`params.amsgrad = true`, "a"},
		{`params.amsgrad = "True"`, "a"},
		{`params.amsgrad = FALSE`, "b"},
		{`params.amsgrad = 1`, "a"},
		{`params.amsgrad != true`, "b"},
		{`params.opt = true`, ""},
		{`params.opt != true`, "a b"},
		{"param.`x.y` = 'dot'", "a"},
		{`parameters.x.y = 'dot'`, "a"},
		{`params.né = 1`, "a"},

		{`status = "FINISHED"`, "a"},
		{`attributes.status != 'FINISHED'`, "b"},
		{`run.status ilike 'f%'`, "a b"},
		{`status is null`, "c 5"},
		{`run = "5"`, "5"},
		{`run_name in ('a', "c")`, "a c"},
		{"`run name` = 'a'", "a"},
		{`"Run name" = 'a'`, "a"},
		{`group like 'group _'`, "a b c"},
		{`start_time > 1700000050000 and start_time < 1700000150000`, "b"},
		{`created >= '2023-11-14T22:13:21Z' and duration = 60`, "b"},
		{`start_time < "2023-11-14 22:15:00"`, "a"},
		{`end_time > '2023-11-14'`, "a b c 5"},
		{`last_step = 7 and files = 1`, "a b c 5"},
		{`points > 1`, "a"},
	} {
		f, err := Parse(c.filter)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		var got []string
		for _, row := range f.Select(runs) {
			got = append(got, runs.Cell(row, 0).Text)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.filter, s, c.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const (
		attrs  = "params.NAME, metrics.NAME, or one of run, experiment, group, status, start_time, end_time, duration, files, points, last_step"
		naming = "the name of a column, as params.lr, metrics.loss or status"
	)
	for _, c := range []struct{ filter, want string }{
		{``, "column 1: expected " + naming + ", found the end"},
		{`   `, "column 4: expected " + naming + ", found the end"},
		{`loss < 0.3`, `column 1: expected ` + attrs + `, found "loss"`},
		{`metrics.loss <`, "column 15: expected a number, found the end"},
		{`metrics.loss 0.3`, `column 14: expected =, !=, <, <=, >, >=, IN, NOT IN or IS NULL after metrics.loss, found "0.3"`},
		{`metrics.loss < "0.3"`, `column 16: expected a number, found "0.3"`},
		{`metrics.loss < low`, `column 16: expected a number, found "low"`},
		{`metrics.loss < 0x10`, `column 16: expected a number, found "0x10"`},
		{`metrics.loss like "0%"`, `column 14: expected =, !=, <, <=, >, >=, IN, NOT IN or IS NULL after metrics.loss, found "like"`},
		{`metrics.loss == 0.3`, `column 14: expected =, !=, <, <=, >, >=, IN, NOT IN or IS NULL after metrics.loss, found "=="`},
		{`metrics. < 0.3`, `column 10: expected a name after metrics., found "<"`},
		{"metrics.a`b` < 0.3", "column 10: expected the quotes around the whole name, found `b`"},
		{"metrics.`b < 0.3", "column 17: expected the ` that closes the one in column 9, found the end"},
		{`tags.user = "me"`, `column 1: expected a name that begins with params., metrics. or attributes. (put a name with a point in backticks after that), found "tags.user"`},
		{`params.é = 1 or params.b = 2`, `column 14: expected and (there is no OR; IN takes a list), found "or"`},
		{`params.a = 1, params.b = 2`, `column 13: expected and, or the end of the filter, found ","`},
		{`params.a = 1 and`, "column 17: expected " + naming + ", found the end"},
		{`params.a = adam`, `column 12: expected a number, a text in quotes, true or false, found "adam"`},
		{`params.a = 'adam`, "column 17: expected the ' that closes the one in column 12, found the end"},
		{`params.a like adam`, `column 15: expected a pattern in quotes, found "adam"`},
		{`params.a in 1`, `column 13: expected ( and a list of values, found "1"`},
		{`params.a in ()`, `column 14: expected a number, a text in quotes, true or false, found ")"`},
		{`params.a in (1 2)`, `column 16: expected a comma or ), found "2"`},
		{`params.a in (1`, `column 15: expected a comma or ), found the end`},
		{`params.a is 3`, `column 10: expected =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN or IS NULL after params.a, found "is"`},
		{`status > "A"`, `column 8: expected =, !=, LIKE, ILIKE, IN, NOT IN or IS NULL after status, found ">"`},
		{`status = FINISHED`, `column 10: expected a text in quotes, found "FINISHED"`},
		{`start_time > 'monday'`, "column 14: expected a time: milliseconds since 1970, or '2024-05-31T12:00:00Z', or a date, found 'monday'"},
		{`start_time in (1)`, `column 12: expected =, !=, <, <=, >, >= or IS NULL after start_time, found "in"`},
		{`'a' = 1`, `column 1: expected ` + naming + `, found 'a'`},
		{`(params.a = 1)`, `column 1: expected ` + naming + `, found "("`},
	} {
		_, err := Parse(c.filter)
		var e *Error
		if !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("%s:\ngot  %v\nwant %s", c.filter, err, c.want)
		}
	}
}

func TestParseOrder(t *testing.T) {
	for _, c := range []struct {
		text, column string
		descending   bool
		err          string
	}{
		{"metrics.loss", "metrics.loss", false, ""},
		{"metrics.loss DESC", "metrics.loss", true, ""},
		{"params.`a b` asc", "params.a b", false, ""},
		{"created desc", "start_time", true, ""},
		{"metrics.loss down", "", false, `column 14: expected asc, desc or the end, found "down"`},
		{"metrics.loss desc asc", "", false, `column 19: expected asc, desc or the end, found "asc"`},
		{"", "", false, "column 1: expected the name of a column, as params.lr, metrics.loss or status, found the end"},
	} {
		n, descending, err := ParseOrder(c.text)
		if c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%q: error %v, want %s", c.text, err, c.err)
			}
			continue
		}
		if err != nil || n.Column != c.column || descending != c.descending {
			t.Errorf("%q: %v, %v, %v", c.text, n, descending, err)
		}
	}
}

func TestParseName(t *testing.T) {
	if n, err := parseName("params.lr"); err != nil || n.Column != "params.lr" || n.Param != "lr" {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := parseName("params.lr x"); err == nil {
		t.Error("no error for a second word")
	}
	if _, err := parseName("`x"); err == nil {
		t.Error("no error for an open quote")
	}
}

func TestNames(t *testing.T) {
	f, err := Parse("params.a = 1 and metrics.b > 2 and created > 3")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range f.Names() {
		got = append(got, n.Column)
	}
	if want := []string{"params.a", "metrics.b", "start_time"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestLike(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		fold, want    bool
	}{
		{"", "", false, true}, {"", "a", false, false}, {"%", "", false, true}, {"%%", "ab", false, true},
		{"a%c", "abbc", false, true}, {"a%c", "abcd", false, false}, {"%a%b", "aaxb", false, true}, {"%ab%ab", "abab", false, true},
		{"_", "é", false, true}, {"__", "é", false, false}, {"a.c", "abc", false, false}, {"a\nb%", "a\nbc", false, true},
		{"ÄB", "äb", true, true}, {"ÄB", "äb", false, false}, {"100%", "100% sure", false, true}, {"_%_", "a", false, false},
	} {
		if got := newPattern(c.pattern, c.fold).match(c.text); got != c.want {
			t.Errorf("%q like %q: %v", c.text, c.pattern, got)
		}
	}
}

// A pattern of many % must not take exponential time.
func TestLikeIsQuick(t *testing.T) {
	if newPattern(strings.Repeat("%a", 50)+"b", false).match(strings.Repeat("a", 5000)) {
		t.Error("matches")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("params.`a` not in ('x', \"y\") and metrics.b/c >= -1e-3 and status is not null")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := Parse(s); err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Column < 1 || e.Column > len(s)+1 {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
}
