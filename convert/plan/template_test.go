package plan

import (
	"slices"
	"testing"

	"tbexport/convert"
)

// Names are made of what is known of a run, and cut with a mark.
func TestNamesOfRuns(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"{basename}":                       {"sample/torch/baseline": "baseline", "hparams/torch/trial-0": "trial-0"},
		"{top}: {parent} {date}":           {"sample/torch/baseline": "sample: torch 2023-11-14"},
		"lr={params.lr} {params.nothing}x": {"hparams/torch/trial-0": "lr=0.1 x"},
		"{logdir}":                         {"sample/torch/baseline": "mine"},
		"{params.nothing}":                 {"sample/torch/baseline": "sample/torch/baseline"}, // empty: the path
		"{path}{path}{path}":               {"sample/torch/baseline": Marked("sample/torch/baselinesample/torch/baselinesample/torch/baseline", "sample/torch/baselinesample/torch/baselinesample/torch/baseline", 40)},
	} {
		template, err := ParseTemplate(text, FieldPath, FieldBasename, FieldParent, FieldTop, FieldLogdir, FieldDate, FieldParams)
		if err != nil {
			t.Fatal(err)
		}
		p := makePlan(t, Rules{LongestName: 40}, Options{RunName: template, LogdirName: "mine", Fold: true}, convert.ReadOptions{})
		for path, name := range want {
			if got := p.run(t, path).Name; got != name {
				t.Errorf("%s: %s is called %q, want %q", text, path, got, name)
			}
		}
	}
	for _, text := range []string{"", "{x}", "{params.}", "{}"} {
		if _, err := ParseTemplate(text, FieldPath, FieldParams); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestAlikeNames(t *testing.T) {
	p := &Plan{Runs: []*Run{{Name: "abcd1"}, {Name: "abcd2"}, {Name: "abcd2"}, {Name: "xyz1"}, {Name: "abcd"}}}
	for n, want := range map[int]int{1: 3, 4: 2, 5: 0} {
		if got, begin := p.AlikeNames(n); got != want || want > 0 && begin != "abcd"[:n] {
			t.Errorf("%d characters: %d names begin with %q, want %d", n, got, begin, want)
		}
	}
}

// The records of a series are those of its points in any order of their steps.
func TestRecords(t *testing.T) {
	points := []record{{1, 0, 5}, {2, 0, 4}, {3, 0, 4}, {4, 0, 6}, {5, 0, 3}}
	want := []record{{1, 0, 5}, {2, 0, 4}, {5, 0, 3}}
	for _, order := range [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}, {1, 4, 0, 3, 2}} {
		r := new(records)
		for _, i := range order {
			r.add(points[i])
		}
		if !slices.Equal(r.points, want) {
			t.Errorf("%v: %v, want %v", order, r.points, want)
		}
	}
	greatest := &records{max: true}
	for _, p := range points {
		greatest.add(p)
	}
	if got := greatest.points; !slices.Equal(got, []record{{1, 0, 5}, {4, 0, 6}}) {
		t.Errorf("%v", got)
	}
}
