package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/internal/ui"
)

// lsFlags are those of ls.
type lsFlags struct {
	runs    runFlags
	noFold  bool
	tags    []string
	tagExpr []string
	long    bool
	json    bool
	sort    string
	reverse bool
	jobs    int
	quiet   bool
	look    lookFlags
}

func newLs(c console) *cobra.Command {
	var l lsFlags
	cmd := &cobra.Command{
		Use:     "ls LOGDIR...",
		GroupID: groupLook,
		Short:   "List the runs: how far they got, what is in them, are they whole",
		Long: `List the runs with their files, bytes, events, steps, start and duration (of the
wall times, in UTC), writer, kinds of summaries, hyperparameters and health:

  ok            every byte was read
  torn          a file ends inside a record, as a live writer leaves it
  corrupt       data was lost to corruption, or values of the tags that are
                listed do not decode; verify says where
  unreadable    a file could not be read at all, or not to its end
  unproven      a file whose every record is framed wrongly; all of it was read
  superseded    points that a restart wrote again, by --restarts step
  two writers   points of steps that two writers log at the same time
  repeated      points that the next one of their series has the step of
  recent        a file was written in the last five minutes
  empty         there is no summary

Columns that a narrow terminal has no room for are left out, below 60 columns
all of HEALTH but the gravest, too; names are shortened in their middle. Without
-l, runs that are a part of another, as what add_hparams writes, are one line
with it.

With -l there is a line for each tag. SHAPE of scalars is their course, each
sign the mean of an equal share of the points. Of other kinds it is what the
header of the last value says, as "3 x 64x48 png" or "float32 [3,4]", with
", varies" where others say something else, and ", 2 damaged" where two values
do not decode. SIZE is the bytes of all values of the tag, as encoded.

` + lsSchema + "\n\n" + exitHelp("done (also where files end inside a record, as a live writer leaves them)",
			"failed: nothing was listed", lostHelp, "interrupted: nothing was shown"),
		Example: `  tbexport ls logs
  tbexport ls -l logs --tag '**/loss'
  tbexport ls logs --sort time
  tbexport ls logs --json | jq '.runs[] | {run, end, points}'`,
		Args: logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return l.run(cmd.Context(), c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&l.long, "long", "l", false, "list the tags of each run, too, with the size and shape of every kind")
	f.StringVar(&l.sort, "sort", "name", "by name; or the largest first: time (the latest start), size, points")
	f.BoolVarP(&l.reverse, "reverse", "r", false, "the other way round")
	f.BoolVar(&l.json, "json", false, "print JSON, see above")
	f.BoolVar(&l.noFold, "no-fold-hparams", false,
		"a line for every run, also where add_hparams of PyTorch or Keras wrote a part\nof another run")
	l.runs.add(f)
	addTagFlags(f, &l.tags, &l.tagExpr)
	f.IntVarP(&l.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	l.look.add(f)
	f.BoolVarP(&l.quiet, "quiet", "q", false, "no progress, no total")
	return cmd
}

func (l *lsFlags) run(ctx context.Context, c console, args []string) error {
	screen, err := l.look.screen(c)
	if err != nil {
		return err
	}
	o := convert.Options{Jobs: l.jobs}
	wanted, err := l.read(&o.Read)
	if err != nil {
		return err
	}
	found, err := findLogs(ctx, args, wanted.runs)
	if err != nil {
		return err
	}
	o.Brief = !l.long && !l.json
	bar := newProgress(c, l.quiet, found.bytes(ctx), 1)
	o.Read.Progress = bar.Add
	all, folds := found.runs, !l.long && !l.json && !l.noFold
	if folds {
		all = found.withParts(&o)
	}
	report, err := convert.List(ctx, all, o)
	bar.Stop()
	if err == nil {
		err = wanted.tags.check()
	}
	if err != nil {
		return err
	}
	list := newListing(report, found.problems, found.writtenSince(ctx, c.time().Add(-recently)))
	list.summary.chosen = wanted
	if folds {
		list.fold()
	}
	list.order(l.sort, l.reverse)
	switch {
	case l.json:
		err = list.writeJSON(c.out)
	case l.long:
		err = list.writeLong(c.out, screen)
	default:
		err = list.writeShort(c.out, screen)
	}
	if err == nil && !l.quiet {
		list.say(c)
	}
	if err == nil && list.summary.lost() {
		err = errLost
	}
	return err
}

// read checks the flags, fills o, and gives the choices of runs and tags.
func (l *lsFlags) read(o *convert.ReadOptions) (wanted chosen, err error) {
	if l.jobs < 0 {
		return wanted, usagef("--jobs %d: not a number of workers", l.jobs)
	}
	if _, ok := lsOrders()[l.sort]; !ok {
		return wanted, usagef("--sort %s: want name, time, size or points", l.sort)
	}
	o.SkipDataCRC = l.runs.ignoreCRC
	if wanted, err = selectNames(&l.runs, l.tags, l.tagExpr, o); err == nil {
		wanted.tags.all = true
	}
	return wanted, err
}

// listing is what ls shows.
type listing struct {
	summary summary
	runs    []listed
	folded  bool // runs that are a part of another are one with it
}

// listed is one run of a listing.
type listed struct {
	*convert.RunStats
	bytes            int64
	torn, unreadable int   // files
	unproven         int   // files
	recent           bool  // a file was written not long ago
	lost             int64 // bytes of corrupt stretches
	steps            bool  // there are tags, and so steps
	minStep, maxStep int64 // of all tags
}

// recently is how long ago a file may have been written of a run that is called
// recent.
const recently = 5 * time.Minute

func newListing(report *convert.Report, problems []eventfile.Problem, recent map[string]bool) *listing {
	list := &listing{summary: summary{report: report, totals: report.Totals(), problems: problems}}
	for _, s := range report.Runs {
		r := newListed(s)
		r.recent = recent[s.Run]
		list.runs = append(list.runs, r)
	}
	return list
}

// fold makes the runs that are a part of another one with it, as in the runs
// table.
func (l *listing) fold() {
	rows := make(map[string]*listed, len(l.runs))
	for i := range l.runs {
		rows[l.runs[i].Run] = &l.runs[i]
	}
	parts := make(map[string]bool)
	for _, f := range l.summary.report.Result.Folded {
		rows[f.Into].add(rows[f.Run])
		parts[f.Run] = true
	}
	l.runs = slices.DeleteFunc(l.runs, func(r listed) bool { return parts[r.Run] })
	l.folded = true
}

// add takes over what a part of the run holds.
func (r *listed) add(part *listed) {
	whole := *r.RunStats // which the report keeps as it is
	r.RunStats = &whole
	r.Files = append(slices.Clone(r.Files), part.Files...)
	r.NotExported = maps.Clone(r.NotExported)
	r.Counts.Add(&part.Counts)
	r.Params += part.Params
	r.bytes, r.lost = r.bytes+part.bytes, r.lost+part.lost
	r.torn, r.unreadable = r.torn+part.torn, r.unreadable+part.unreadable
	r.recent = r.recent || part.recent
	if part.FirstTime != 0 && (r.FirstTime == 0 || part.FirstTime < r.FirstTime) {
		r.FirstTime = part.FirstTime
	}
	r.LastTime = max(r.LastTime, part.LastTime)
	switch {
	case part.steps && r.steps:
		r.minStep, r.maxStep = min(r.minStep, part.minStep), max(r.maxStep, part.maxStep)
	case part.steps:
		r.steps, r.minStep, r.maxStep = true, part.minStep, part.maxStep
	}
	if r.Writer == "" {
		r.Writer = part.Writer
	}
}

func newListed(s *convert.RunStats) listed {
	r := listed{RunStats: s}
	for _, f := range s.Files {
		r.bytes += f.Bytes
		if f.Err != nil {
			r.unreadable++
		}
		if f.Unproven {
			r.unproven++
		}
		for _, d := range f.Damage {
			if d.Torn {
				r.torn++
			} else {
				r.lost += d.Bytes
			}
		}
	}
	for _, t := range s.Inventory.Tags {
		if !r.steps {
			r.steps, r.minStep, r.maxStep = true, t.MinStep, t.MaxStep
		}
		r.minStep, r.maxStep = min(r.minStep, t.MinStep), max(r.maxStep, t.MaxStep)
	}
	return r
}

// lsOrders are the ways to sort, each with the largest first.
func lsOrders() map[string]func(a, b *listed) int {
	return map[string]func(a, b *listed) int{
		"name":   func(a, b *listed) int { return strings.Compare(a.Run, b.Run) },
		"time":   func(a, b *listed) int { return cmp.Compare(b.FirstTime, a.FirstTime) },
		"size":   func(a, b *listed) int { return cmp.Compare(b.bytes, a.bytes) },
		"points": func(a, b *listed) int { return cmp.Compare(b.Points, a.Points) },
	}
}

// order sorts the runs; those that are equal stay in the order of their names.
func (l *listing) order(by string, reverse bool) {
	compare := lsOrders()[by]
	slices.SortStableFunc(l.runs, func(a, b listed) int {
		if reverse {
			a, b = b, a
		}
		return compare(&a, &b)
	})
}

// say tells what was passed over, and the totals.
func (l *listing) say(c console) {
	for _, p := range l.summary.problems {
		c.say("warning: %s", p.Error())
	}
	// Damage is in HEALTH, and verify says where.
	for _, line := range l.summary.oddFiles("verify") {
		c.say("warning: %s", line)
	}
	l.summary.sayOdd(c)
	if l.folded {
		var notes noteLines
		notes.add(int64(len(l.summary.report.Result.Folded)),
			"1 run is shown as the part of another that it is (--no-fold-hparams keeps it apart)",
			"%s runs are shown as the parts of others that they are (--no-fold-hparams keeps them apart)")
		for _, note := range notes {
			c.say("%s", note)
		}
	}
	t := &l.summary.totals
	c.say("%s of %s, %s in %s", ui.Counted(t.Points, "point"), ui.Counted(int64(t.Runs), "run"), ui.Size(t.Bytes),
		ui.Counted(int64(t.Files), "file"))
}
