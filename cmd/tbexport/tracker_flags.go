package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/convert/plan"
	"tbexport/eventfile/series"
)

// trackerFlags are those of every verb that carries runs into a tracker, and of
// those that compare what is there. A verb adds them in groups, among its own.
type trackerFlags struct {
	selection selectionFlags

	stripPrefix []string
	renames     []string
	merge       []string
	nest        bool
	noFold      bool
	hparams     hparamsFlag
	nonFinite   string
	maxPoints   int

	hold      int64 // points, as plan.Options.Hold
	dryRun    bool
	json      bool
	tempDir   string
	strict    bool
	report    string
	overwrite bool
	verbose   bool
	quiet     bool
}

// addNames adds the flags that say which runs there are, and how tags become
// keys.
func (t *trackerFlags) addNames(f *pflag.FlagSet) {
	f.StringArrayVar(&t.stripPrefix, "strip-prefix", nil, "take `PREFIX` off the tags (repeatable)")
	f.StringArrayVar(&t.renames, "rename", nil, "`REGEX=TEXT`: replace matches in the tags; $1 is a group (repeatable)")
	f.StringSliceVar(&t.merge, "merge", nil,
		"make sibling directories of these `NAMES` one run, as train,validation; the names prefix the keys")
	f.BoolVar(&t.nest, "nest", false, "make runs children of the run of their directory")
	f.BoolVar(&t.noFold, "no-fold-hparams", false,
		"keep apart the runs that hold the hparams or metrics of the session above them")
	t.hparams.add(f)
}

// addPoints adds the flags that say what becomes of points.
func (t *trackerFlags) addPoints(f *pflag.FlagSet) {
	f.StringVar(&t.nonFinite, "nonfinite", "keep", "NaN and infinities: keep, skip or fail")
	f.IntVar(&t.maxPoints, "max-points-per-tag", 0, "at most `N` points a series, as --sample")
}

// addReading adds the flags of reading and of what is said of it.
func (t *trackerFlags) addReading(f *pflag.FlagSet) {
	f.StringVar(&t.tempDir, "temp-dir", "", "`DIR` for the points of very long runs (default: the system's)")
	f.StringVar(&t.report, "report", "", "write what became of each run to `FILE`, as JSON")
	f.BoolVar(&t.overwrite, "overwrite", false, "replace a report that is there already")
	addVerbose(f, &t.verbose)
	f.BoolVarP(&t.quiet, "quiet", "q", false, "say nothing but errors")
	t.selection.add(f)
	f.BoolVar(&t.strict, "strict", false, "fail at the first damage, and write nothing")
}

// addPlan adds the flags that show the plan. help says what --dry-run does.
func (t *trackerFlags) addPlan(f *pflag.FlagSet, help string) {
	f.BoolVar(&t.dryRun, "dry-run", false, help)
	f.BoolVar(&t.json, "json", false, "write the plan to standard output as JSON")
}

// readPlan reads what a run becomes.
func (t *trackerFlags) readPlan() (o plan.Options, err error) {
	o.Merge, o.Nest, o.Fold = t.merge, t.nest, !t.noFold
	o.Changes.StripPrefixes = t.stripPrefix
	for _, text := range t.renames {
		rename, err := plan.ParseRename(text)
		if err != nil {
			return o, usagef("--rename %v", err)
		}
		o.Changes.Renames = append(o.Changes.Renames, rename)
	}
	return o, choose("--nonfinite", t.nonFinite, []string{"keep", "skip", "fail"},
		func(i int) { o.NonFinite = plan.NonFinite(i) })
}

// choose sets the index of one of several words.
func choose(flag, value string, words []string, set func(int)) error {
	for i, word := range words {
		if word == value {
			set(i)
			return nil
		}
	}
	return usagef("%s %s: want %s", flag, value, oneOf(words))
}

// oneOf lists words one of which is wanted.
func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// checkReport finds a report that cannot be written before anything is done.
func (t *trackerFlags) checkReport() error {
	if t.report == "" {
		return nil
	}
	if t.dryRun {
		return usagef("--report tells what became of a migration; with --dry-run, --json writes the plan")
	}
	return output.Check(t.report, t.overwrite)
}

// readPoints fills o, and gives the choices of runs and tags.
func (t *trackerFlags) readPoints(o *convert.ReadOptions) (wanted chosen, err error) {
	if t.maxPoints < 0 {
		return wanted, usagef("--max-points-per-tag %d: not a number of points", t.maxPoints)
	}
	o.TempDir, o.Strict = t.tempDir, t.strict
	if o.HParams, err = t.hparams.read(); err != nil {
		return wanted, err
	}
	if wanted, err = t.selection.read(o); err != nil {
		return wanted, err
	}
	if n := o.Select.Sample; t.maxPoints > 0 && (n == 0 || t.maxPoints < n) {
		o.Select.Sample = t.maxPoints
	}
	return wanted, nil
}

// planRuns reads the logs, and says what becomes of them, and what of the logs or
// the choice is odd.
func (t *trackerFlags) planRuns(ctx context.Context, c console, found *found, wanted chosen, read convert.ReadOptions,
	r plan.Rules, o plan.Options) (*plan.Plan, *convert.Report, error) {
	planner := plan.NewPlanner(r, o)
	bar := newProgress(c, t.quiet, found.bytes(ctx), 1)
	read.Progress = bar.Add
	read.MaxPoints = series.DefaultMaxPoints
	if err := found.strictly(t.strict); err != nil {
		return nil, nil, err
	}
	options := convert.Options{Read: read, Forms: plan.Forms(r, o)}
	if len(options.Forms) > 0 {
		wanted.tags.all = true
	}
	runs := found.runs
	if o.Fold {
		runs = found.withParts(&options)
	}
	report, err := convert.Export(ctx, runs, wanted.tags.sink(planner), options)
	bar.Stop()
	if err == nil && !t.quiet {
		(&summary{report: report, chosen: wanted}).sayOdd(c)
		for _, line := range changeNotes(report.Runs, read.HParams) {
			c.say("%s", line)
		}
	}
	return planner.Plan(), report, err
}

// trackerPlan is a plan, and what it was made of.
type trackerPlan struct {
	plan   *plan.Plan
	report *convert.Report
	found  *found
	read   convert.ReadOptions
	logdir string // as it was typed; valid UTF-8
	begin  time.Time
}

// makePlan reads what is selected of the logs of a command line, for a
// destination of those rules that has no options of its own on what a run
// becomes, but takes media of those forms. With ctx's end it says that nothing was
// sent.
func (t *trackerFlags) makePlan(ctx context.Context, c console, args []string, r plan.Rules,
	media ...convert.Form) (*trackerPlan, error) {
	p := &trackerPlan{begin: time.Now(), logdir: typed(args)}
	o, err := t.readPlan()
	o.Media, o.Hold = media, t.hold
	if err == nil {
		err = t.checkReport()
	}
	if err != nil {
		return nil, err
	}
	wanted, err := t.readPoints(&p.read)
	if err != nil {
		return nil, err
	}
	if p.found, err = findLogs(ctx, args, wanted.runs); err == nil {
		p.plan, p.report, err = t.planRuns(ctx, c, p.found, wanted, p.read, r, o)
	}
	if err != nil && ctx.Err() != nil {
		c.say("interrupted, nothing was sent")
		return nil, statusError(statusInterrupted)
	}
	return p, advised(err)
}

// typed are the arguments as they were typed, as text.
func typed(args []string) string {
	return strings.ToValidUTF8(strings.Join(args, " "), "\uFFFD")
}

// sayReading says what of the logs could not be read or is not carried over,
// and reports whether anything was lost. others says where summaries of other
// kinds are.
func (t *trackerFlags) sayReading(c console, p *trackerPlan, others string) (lost bool) {
	reading := summary{report: p.report, totals: p.report.Totals(), problems: p.found.problems,
		restarts: p.read.Restarts, verbose: t.verbose}
	if !t.quiet {
		reading.sayWarnings(c)
		if kinds := reading.kinds(); kinds != "" {
			c.say("not scalars, so %s: %s", others, kinds)
		}
	}
	return reading.lost()
}
