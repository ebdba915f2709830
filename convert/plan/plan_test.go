package plan

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/series"
)

// makePlan plans the logs of testdata for a destination that takes everything,
// changed by o.
func makePlan(t *testing.T, r Rules, o Options, read convert.ReadOptions) *Plan {
	t.Helper()
	p, err := tryPlan(t, r, o, read)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func tryPlan(t *testing.T, r Rules, o Options, read convert.ReadOptions) (*Plan, error) {
	t.Helper()
	runs, _, err := dirstore.New(dirstore.Logdir{Path: filepath.Join("..", "..", "testdata", "logs")}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	planner := NewPlanner(r, o)
	_, err = convert.Export(context.Background(), runs, planner, convert.Options{Read: read})
	return planner.Plan(), err
}

func (p *Plan) run(t *testing.T, path string) *Run {
	t.Helper()
	i := slices.IndexFunc(p.Runs, func(r *Run) bool { return r.Path == path })
	if i < 0 {
		t.Fatalf("there is no run %s", path)
	}
	return p.Runs[i]
}

// Destinations find by these what earlier versions of the program made.
func TestSourceIDsStayTheSame(t *testing.T) {
	p := makePlan(t, Rules{}, Options{Fold: true, Merge: []string{"train", "validation"}, Nest: true}, convert.ReadOptions{})
	for path, want := range map[string]string{
		"hparams":                      "e464deb0c3e389443d0e5c90691192a2b72920ecd61c3ef6b76d64ae2207b924",
		"hparams/keras-callback/run-0": "c1b12fba506a7189a8fcf96393a3ddc77f1fa9c57be4c7a2e7a383dfc84e2b2c",
		"hparams/torch/trial-0":        "7b2d707bca864813c3935ab0cab52bf2f33010f0d1fa485627be8b5e47c67ed3",
		"odd/run-names/ünïcödé 損失":     "6b27db4e965a973767e80d15ed3bef4812adc478e9dd9110da050846d74e661c",
		"sample/keras/fit-1":           "dd34646403cb8cc4291f9eea7c9b277fad337964387e87e22f2a091b1e6b2c1e",
	} {
		if got := p.run(t, path).SourceID; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// The second reading gives what the first one counted, of each series in turn.
func TestPoints(t *testing.T) {
	for name, c := range map[string]struct {
		options Options
		read    convert.ReadOptions
	}{
		"all":     {Options{Fold: true}, convert.ReadOptions{}},
		"finite":  {Options{NonFinite: SkipNonFinite, Merge: []string{"train", "validation"}}, convert.ReadOptions{}},
		"sampled": {Options{}, convert.ReadOptions{Restarts: series.StepRestarts, Select: series.Selection{Sample: 3}}},
		"spooled": {Options{}, convert.ReadOptions{MaxPoints: 10}},
	} {
		p := makePlan(t, Rules{}, c.options, c.read)
		for _, r := range p.Runs {
			tallies := make(map[*Series]*exactTally)
			var last *Series
			for chunk, err := range p.Points(t.Context(), r, c.read) {
				if err != nil {
					t.Fatal(err)
				}
				if chunk.Series != last {
					if tallies[chunk.Series] != nil {
						t.Errorf("%s: %s: %s comes twice", name, r.Path, chunk.Series.Key)
					}
					last = chunk.Series
					tallies[last] = new(exactTally)
				}
				if len(chunk.Values) == 0 || len(chunk.Values) != len(chunk.Steps) || len(chunk.Values) != len(chunk.WallTimes) {
					t.Errorf("%s: a chunk of %d, %d and %d", name, len(chunk.Steps), len(chunk.WallTimes), len(chunk.Values))
				}
				tallies[last].Add(chunk.Steps, chunk.WallTimes, chunk.Values)
			}
			if len(tallies) != len(r.Series) {
				t.Errorf("%s: %s: %d series read, want %d", name, r.Path, len(tallies), len(r.Series))
			}
			for s, got := range tallies {
				if got.Digest() != s.Tally.Digest() || got.Points() != s.Points {
					t.Errorf("%s: %s: %s: %+v, want %+v", name, r.Path, s.Key, got, s.Tally)
				}
				var alone exactTally
				for chunk, err := range p.PointsOf(t.Context(), s, c.read) {
					if err != nil {
						t.Fatal(err)
					}
					alone.Add(chunk.Steps, chunk.WallTimes, chunk.Values)
				}
				if alone != *got {
					t.Errorf("%s: %s: %s alone: %+v, want %+v", name, r.Path, s.Key, alone, got)
				}
			}
		}
		if p.Totals().Points == 0 {
			t.Errorf("%s: no points", name)
		}
	}
}

func TestPointsHearTheContext(t *testing.T) {
	p := makePlan(t, Rules{}, Options{}, convert.ReadOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for _, err := range p.Points(ctx, p.run(t, "sample/torch/baseline"), convert.ReadOptions{}) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d times", n)
	}
}

// What a destination needs of a session stands in its run.
func TestRunOfASession(t *testing.T) {
	p := makePlan(t, Rules{}, Options{Fold: true, Files: true}, convert.ReadOptions{})
	r := p.run(t, "hparams/keras-callback/run-0")
	if len(r.Sources) != 3 || r.Sources[0].Prefix != "" || r.Sources[1].Prefix != "train" || r.Status != convert.StatusFinished {
		t.Errorf("%d sources, %q", len(r.Sources), r.Status)
	}
	var kinds []string
	for _, q := range r.Params {
		kinds = append(kinds, q.Key+" "+q.HParam.Kind.String()+" "+q.Value)
	}
	if len(kinds) != 2 || !strings.Contains(strings.Join(kinds, ", "), " number ") {
		t.Errorf("params %q", kinds)
	}
	var places []string
	for _, f := range r.Files {
		places = append(places, filepath.Dir(f.Place))
	}
	if !slices.Equal(places, []string{".", "train", "validation"}) {
		t.Errorf("files at %q", places)
	}
	if r.Start < 1e9 || r.End < r.Start {
		t.Errorf("from %v to %v", r.Start, r.End)
	}
	for status, path := range map[convert.Status]string{
		convert.StatusFailed: "hparams/odd-status/failure", convert.StatusRunning: "hparams/odd-status/running", "": "hparams/odd-status/unknown",
	} {
		if got := p.run(t, path).Status; got != status {
			t.Errorf("%s is %q, want %q", path, got, status)
		}
	}
}

// A destination without rules takes every name as it is.
func TestNoRules(t *testing.T) {
	p := makePlan(t, Rules{}, Options{}, convert.ReadOptions{})
	if len(p.Changed) != 0 {
		t.Errorf("changed: %v", p.Changed)
	}
	for _, r := range p.Runs {
		for _, s := range r.Series {
			if s.Key != s.Tag {
				t.Errorf("%s: %q became %q", r.Path, s.Tag, s.Key)
			}
		}
	}
}

func TestRulesHold(t *testing.T) {
	rules := narrow
	rules.LongestName, rules.LongestParam = 12, 4
	if _, err := tryPlan(t, rules, Options{}, convert.ReadOptions{}); !errors.As(err, new(*LongParamError)) {
		t.Errorf("got %v", err)
	}
	_, err := tryPlan(t, Rules{}, Options{NonFinite: FailNonFinite}, convert.ReadOptions{})
	if !errors.As(err, new(*NonFiniteError)) {
		t.Errorf("got %v", err)
	}
	p := makePlan(t, rules, Options{LongParams: TruncateLongParams}, convert.ReadOptions{})
	cut := 0
	for _, r := range p.Runs {
		if Cut(r.Name, 12) != r.Name {
			t.Errorf("a run is called %q", r.Name)
		}
		keys := make(map[string]bool)
		for _, s := range r.Series {
			if Cut(s.Key, 20) != s.Key || keys[s.Key] {
				t.Errorf("%s: key %q", r.Path, s.Key)
			}
			keys[s.Key] = true
		}
		for _, q := range r.Params {
			if Cut(q.Value, 4) != q.Value || q.Cut() && !strings.HasPrefix(q.Full, q.Value) {
				t.Errorf("%s: %q of %q", r.Path, q.Value, q.Full)
			}
			if q.Cut() {
				cut++
			}
		}
	}
	if cut == 0 || p.Totals().CutParams != cut || len(p.Changed) == 0 {
		t.Errorf("%d params cut, %+v", cut, p.Totals())
	}
}

func TestDigestTellsSetsApart(t *testing.T) {
	type point [3]uint64
	points := []point{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, math.Float64bits(math.NaN())}, {1, 1, 1}, {2, 1, 0}, {1, 2, 0}}
	sum := func(points []point) (d Digest) {
		for _, p := range points {
			d.Add(p[0], p[1], p[2])
		}
		return d
	}
	all := sum(points)
	backward := slices.Clone(points)
	slices.Reverse(backward)
	if sum(backward) != all {
		t.Error("the order matters")
	}
	seen := map[Digest]bool{all: true}
	for i := range points {
		without := slices.Delete(slices.Clone(points), i, i+1)
		seen[sum(without)] = true
		seen[sum(append(without, point{points[i][0], points[i][1], 42}))] = true
	}
	if len(seen) != 2*len(points)+1 {
		t.Errorf("%d sets have %d digests", 2*len(points)+1, len(seen))
	}
}

// A directory of runs is a run without points, which spans the ones below it.
func TestNest(t *testing.T) {
	p := makePlan(t, Rules{}, Options{Nest: true}, convert.ReadOptions{})
	above := p.run(t, "sample/torch")
	below := p.run(t, "sample/torch/baseline")
	if below.Parent != above || above.Parent.Path != "sample" || len(above.Sources) != 0 || above.Start > below.Start || above.End < below.End || above.Status != "" {
		t.Errorf("%+v", above)
	}
	for i, r := range p.Runs {
		if r.Parent != nil && slices.Index(p.Runs, r.Parent) >= i {
			t.Errorf("%s comes before its parent", r.Path)
		}
	}
}
