package main

import (
	"context"

	"github.com/spf13/pflag"

	"tbexport/convert/plan"
	"tbexport/convert/sqlmodel"
	"tbexport/internal/ui"
)

// sqlFlags are those of the verbs that write tables of a database.
type sqlFlags struct {
	trackerFlags
	onExisting string
	extract    string
}

func (s *sqlFlags) add(f *pflag.FlagSet) {
	s.addNames(f)
	s.addPoints(f)
	s.addReading(f)
	if f.Lookup("extract") != nil {
		f.Lookup("overwrite").Usage = "replace a report that is there already, and write the DIR of --extract anew"
	}
}

func (s *sqlFlags) addExisting(f *pflag.FlagSet) {
	f.StringVar(&s.onExisting, "on-existing", "skip",
		"runs that are there already: skip (but complete them), replace or fail")
	f.StringVar(&s.extract, "extract", "",
		"write images and audio to files in `DIR`, as extract does, and their paths to\nthe table media; a DIR from before "+
			"is brought up to date")
}

// sqlDestination is a database that holds the tables.
type sqlDestination struct {
	name         string
	bytesOfPoint int64
	// check fails where open would, before the logs are read. It changes nothing.
	check func(ctx context.Context, read bool) error
	// open gives the database, and what closes it.
	open func(ctx context.Context, read bool) (sqlmodel.Database, func() error, error)
}

// run writes the runs, or compares them.
func (s *sqlFlags) run(ctx context.Context, c console, args []string, d sqlDestination, verify bool) error {
	var o sqlmodel.Options
	if !verify {
		words := []string{"skip", "replace", "fail"}
		if err := choose("--on-existing", s.onExisting, words,
			func(i int) { o.Existing = sqlmodel.Existing(i) }); err != nil {
			return err
		}
	}
	if !s.dryRun {
		if err := d.check(ctx, verify); err != nil {
			return err
		}
	}
	if s.extract != "" && !s.dryRun {
		if err := checkDirectory("--extract", s.extract); err != nil {
			return err
		}
	}
	p, err := s.makePlan(ctx, c, args, sqlmodel.Rules())
	if err != nil {
		return err
	}
	if s.extract != "" && !s.dryRun {
		if o.Files, err = s.extractFiles(ctx, c, args, d, p.plan); err != nil {
			return err
		}
	}
	o.Logdir, o.Version, o.Read = p.logdir, programVersion(), p.read
	verb := &trackerVerb{destination: d.name, others: "not in the tables", verify: verify}
	if n := sqlmodel.NULs(p.plan); n > 0 {
		verb.notes = []string{ui.Counted(int64(n), "text") + " with NUL, which is left out"}
	}
	verb.measure = func(ctx context.Context, p *plan.Plan) (*plan.Result, error) {
		return sqlmodel.Measure(ctx, p, d.bytesOfPoint, o.Read)
	}
	verb.work = func(ctx context.Context, p *plan.Plan, progress func(int64)) (result *plan.Result, err error) {
		o.Progress = progress
		db, end, err := d.open(ctx, verify)
		if err != nil {
			return new(plan.Result), err
		}
		defer func() {
			if e := end(); err == nil {
				err = e
			}
		}()
		if verify {
			return sqlmodel.Verify(ctx, db, p, o)
		}
		return sqlmodel.Write(ctx, db, p, o)
	}
	return s.carry(ctx, c, p, verb)
}
