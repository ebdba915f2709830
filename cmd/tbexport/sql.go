package main

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/pflag"

	"tbexport/convert/plan"
	"tbexport/convert/sqlmodel"
	"tbexport/internal/ui"
)

// sqlFlags are those of the verbs that write tables of a database.
type sqlFlags struct {
	trackerFlags
	onExisting string
}

func (s *sqlFlags) add(f *pflag.FlagSet) {
	s.addNames(f)
	s.addPoints(f)
	s.addReading(f)
}

func (s *sqlFlags) addExisting(f *pflag.FlagSet) {
	f.StringVar(&s.onExisting, "on-existing", "skip", "runs that are there already: skip (but complete them), replace or fail")
}

// sqlDestination is a database that holds the tables.
type sqlDestination struct {
	name         string
	bytesOfPoint int64
	// open gives the database, and what closes it. To read, an error that is
	// fs.ErrNotExist says that there are no tables.
	open func(ctx context.Context, read bool) (sqlmodel.Database, func() error, error)
}

// run writes the runs, or compares them.
func (s *sqlFlags) run(ctx context.Context, c console, args []string, d sqlDestination, verify bool) error {
	var o sqlmodel.Options
	if !verify {
		words := []string{"skip", "replace", "fail"}
		if err := choose("--on-existing", s.onExisting, words, func(i int) { o.Existing = sqlmodel.Existing(i) }); err != nil {
			return err
		}
	}
	p, err := s.makePlan(ctx, c, args, sqlmodel.Rules())
	if err != nil {
		return err
	}
	o.Logdir, o.Version, o.Read = p.logdir, programVersion(), p.read
	verb := &trackerVerb{destination: d.name, others: "not in the tables", taken: []string{"text", "histograms"}, verify: verify}
	if n := sqlmodel.NULs(p.plan); n > 0 {
		verb.notes = []string{ui.Counted(int64(n), "text") + " with NUL, which is left out"}
	}
	verb.measure = func(_ context.Context, p *plan.Plan) (*plan.Result, error) {
		return sqlmodel.Measure(p, d.bytesOfPoint), nil
	}
	verb.work = func(ctx context.Context, p *plan.Plan, progress func(int64)) (result *plan.Result, err error) {
		o.Progress = progress
		db, end, err := d.open(ctx, verify)
		if verify && errors.Is(err, fs.ErrNotExist) {
			return nothingThere(p), nil
		}
		if err != nil {
			return new(plan.Result), err
		}
		defer func() { err = errors.Join(err, end()) }()
		if verify {
			return sqlmodel.Verify(ctx, db, p, o)
		}
		return sqlmodel.Write(ctx, db, p, o)
	}
	return s.carry(ctx, c, p, verb)
}

// nothingThere is the result of comparing with a database without the tables.
func nothingThere(p *plan.Plan) *plan.Result {
	result := new(plan.Result)
	for _, r := range p.Runs {
		result.Runs = append(result.Runs, &plan.RunResult{Run: r, Outcome: plan.Missing})
	}
	return result
}
