package plan_test

import (
	"fmt"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
)

// Points that are held are those that are read again: whatever becomes of runs, and
// however many are held.
func TestHeld(t *testing.T) {
	runs := plantest.Runs(t, "../../testdata/logs")
	for name, o := range map[string]plan.Options{
		"each":   {},
		"folded": {Fold: true, Merge: []string{"train", "validation"}},
		"finite": {NonFinite: plan.SkipNonFinite},
	} {
		t.Run(name, func(t *testing.T) {
			want := pointsOf(t, plantest.Plan(t, runs, plan.Rules{NewTally: rows.NewTally}, o))
			for _, hold := range []int64{1, 1000, 1 << 20} {
				o.Hold = hold
				p := plantest.Plan(t, runs, plan.Rules{NewTally: rows.NewTally}, o)
				for i, got := range pointsOf(t, p) {
					if got != want[i] {
						t.Errorf("%d held: %s: got %.300s\nwant %.300s", hold, p.Runs[i].Path, got, want[i])
					}
				}
			}
		})
	}
}

// pointsOf are the points of each run, and how they come.
func pointsOf(t *testing.T, p *plan.Plan) (all []string) {
	t.Helper()
	for _, r := range p.Runs {
		text, last := r.Digest, (*plan.Series)(nil)
		for c, err := range p.Points(t.Context(), r, convert.ReadOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			if c.Series != last {
				text, last = text+fmt.Sprintf("\n%s %s:", c.Series.Source.Run.Name, c.Series.Tag), c.Series
			}
			for i, step := range c.Steps {
				text += fmt.Sprint(" ", step, c.WallTimes[i], c.Values[i])
			}
		}
		all = append(all, text)
	}
	return all
}
