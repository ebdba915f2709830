package mlflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tbexport/convert"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Verification says how much of what was sent is read back.
type Verification uint8

// The choices. VerifyLatest compares the last point of each metric, beside
// parameters, tags and artifacts; VerifyFull every point.
const (
	VerifyFull Verification = iota
	VerifyLatest
	VerifyNone
)

// Existing says what becomes of runs that an earlier migration made.
type Existing uint8

// The choices. SkipExisting leaves out what is there, and completes it where
// something is missing; ReplaceExisting deletes the run and makes a new one;
// KeepOneExisting is SkipExisting, and of several runs of one source deletes all
// but the one that has come furthest. It and ReplaceExisting also delete the runs
// that were made of what is a part of a run: see PartApart.
const (
	SkipExisting Existing = iota
	ReplaceExisting
	FailExisting
	KeepOneExisting
)

// DeletedRuns says what becomes of runs of an earlier migration that somebody
// deleted.
type DeletedRuns uint8

// The choices. AgainDeleted makes a new run.
const (
	KeepDeleted DeletedRuns = iota
	RestoreDeleted
	AgainDeleted
)

// Options say how a plan is carried out.
type Options struct {
	Experiment   string // by name; it is made if there is none
	ExperimentID string // where Experiment is empty
	Restore      bool   // a deleted experiment
	Limits       Limits // that the plan was made for, see Ask
	Jobs         int    // calls that send metrics at a time; 0: DefaultJobs
	Verify       Verification
	Existing     Existing
	Deleted      DeletedRuns
	Duplicates   Duplicates
	// Patience is how long what another migration claims is waited for, and the
	// effect of a call whose answer was lost; 0: DefaultPatience.
	Patience time.Duration
	Read     convert.ReadOptions // as the plan was read
	User     string              // of the runs
	Logdir   string              // where the logs are: host:/path
	Version  string              // of the program
	Flags    string              // how the runs were asked for, kept on them; empty: not kept
	// Tags are given to runs, and ExperimentTags to the experiment, where they do
	// not have them. Description goes before what this program says of a run.
	Tags, ExperimentTags []Tag
	Description          string
	Time                 time.Time // of the migration, for the runs' descriptions
	// Progress, if set, is told of points as they arrive, or need not be sent,
	// and Verified of points as they have been compared.
	Progress func(points int64)
	Verified func(points int64)
	// Media, if set, is told of pictures and other media as they have arrived and
	// been read back, or need not be.
	Media func(files int64)
	// Done, if set, is told of each run at its end, from one goroutine at a time.
	Done func(*RunResult)
}

// DefaultJobs is the number of workers that a server has by default.
const DefaultJobs = 4

// readsPerJob is how many calls that read are made for each that sends: they
// wait more than they work.
const readsPerJob = 2

// Outcome says what became of a run.
type Outcome string

// The outcomes.
const (
	Planned   Outcome = "planned" // nothing was done
	Created   Outcome = "created"
	Completed Outcome = "completed" // was there, and got what was missing
	Skipped   Outcome = "skipped"   // was there, complete and unchanged
	Failed    Outcome = "failed"
	Verified  Outcome = "verified" // by Verify alone
	Missing   Outcome = "missing"  // found by Verify alone
	// Deleted was there, and was deleted by somebody. Duplicate has the files of
	// a run that is there. Neither is made again.
	Deleted   Outcome = "deleted"
	Duplicate Outcome = "duplicate"
	// By Undo alone: what it would delete, has deleted, and leaves.
	Removable Outcome = "to be deleted"
	Removed   Outcome = "removed"
	Kept      Outcome = "kept"
)

// RunResult is what became of one run of a plan.
type RunResult struct {
	Plan        *plan.Run
	Experiment  Experiment // where results of several were added up
	RunID       string
	Outcome     Outcome
	PointsSent  int64 // that arrived
	Checked     bool  // read back
	Differences []Difference
	// ChangedParams are params that are others in the logs now, and stay as they
	// are: MLflow does not change them.
	ChangedParams []Difference
	// Theirs is what people added to the run in MLflow, or changed there. It is
	// left as it is.
	Theirs []Difference
	// Unkept are artifacts that the server refused; the run is complete without
	// them.
	Unkept []UnkeptFile
	// Media is what became of pictures and other media.
	Media MediaResult
	// Refused is what the server did not take.
	Refused []Refusal
	Notes   []string // what could not be done and is no failure of the run
	Err     error

	mediaDifferences []Difference
	mediaExpected    map[string]int64 // names and sizes
}

// Result is what became of a plan.
type Result struct {
	Experiment Experiment
	More       []Experiment // further ones, where results were added up
	Runs       []*RunResult // those that were come to, in the plan's order
	Calls      int64        // that sent metrics
}

// PlannedResult is the result of a plan that is not carried out.
func PlannedResult(p *plan.Plan) *Result {
	r := new(Result)
	for _, run := range p.Runs {
		r.Runs = append(r.Runs, &RunResult{Plan: run, Outcome: Planned})
	}
	return r
}

// Good says that every run arrived, and that nothing differs.
func (r *Result) Good() bool {
	for _, run := range r.Runs {
		if run.Err != nil || len(run.Differences) > 0 || run.Outcome == Missing {
			return false
		}
	}
	return true
}

// migration carries out one plan.
type migration struct {
	server     *server
	plan       *plan.Plan
	options    Options
	experiment *Experiment
	index      map[string][]*serverRun // by source ID, the best first
	sender     batchSender
	sends      chan struct{} // a place for each call that sends metrics
	reads      chan struct{} // and for those that read back
	turn       chan struct{} // to hand over the series of a new run
	opened     map[*plan.Run]*openedRun
	begun      time.Time
	strays     strays
	copies     map[string]int // runs of the plan by the content of their files, where there are several
	twins      map[*plan.Run]*serverRun
	listTheirs bool // artifacts, too
	sizesOnly  bool // of artifacts, not what is in them
	room       room
	noStore    atomic.Bool  // artifacts cannot be kept
	lostPuts   atomic.Int32 // uploads in a row that failed within the server
	broken     atomic.Int32
	slowest    atomic.Int64 // search for the runs of a source, a time.Duration
	// contested: another migration is at work in the experiment, or one was
	// stopped whose last call the server may still be at.
	contested atomic.Bool

	mu        sync.Mutex
	result    Result
	elsewhere []*plan.Run // to be come back to
}

// Migrate carries out a plan: each run is found or made, gets what it lacks,
// is read back and closed. A run that cannot be migrated is reported and the
// others go on; a server that cannot be worked with ends it, as ctx does. The
// result tells how far it came, also with an error.
func Migrate(ctx context.Context, client *rest.Client, p *plan.Plan, o Options) (*Result, error) {
	m := newMigration(client, p, o)
	if err := m.begin(ctx); err != nil {
		return &m.result, err
	}
	err := m.eachRun(ctx, m.plan.Runs, m.migrate)
	if err == nil && len(m.elsewhere) > 0 {
		err = m.eachRun(ctx, m.elsewhere, m.migrate)
	}
	if err == nil {
		err = m.settle(ctx)
	}
	m.inPlanOrder()
	m.result.Calls = m.sender.calls.Load()
	return &m.result, err
}

func newMigration(client *rest.Client, p *plan.Plan, o Options) *migration {
	c := &server{client}
	if o.Jobs <= 0 {
		o.Jobs = DefaultJobs
	}
	if o.Patience <= 0 {
		o.Patience = DefaultPatience
	}
	m := &migration{
		begun: time.Now(), server: c, plan: p, options: o, sender: batchSender{server: c},
		sends: make(chan struct{}, o.Jobs), reads: make(chan struct{}, o.Jobs*readsPerJob),
		turn: make(chan struct{}, 1), room: newRoom(), opened: make(map[*plan.Run]*openedRun, len(p.Runs)),
	}
	for _, r := range p.Runs {
		m.opened[r] = new(openedRun)
	}
	return m
}

// begin opens the experiment and looks for earlier imports.
func (m *migration) begin(ctx context.Context) (err error) {
	o := &m.options
	if m.experiment, err = m.server.openExperiment(ctx, o.Experiment, o.ExperimentID, o.Restore, o.Limits); err != nil {
		return err
	}
	m.result.Experiment = *m.experiment
	if err := m.tagExperiment(ctx); err != nil {
		return err
	}
	if err := m.sweep(ctx); err != nil {
		return err
	}
	if err := m.readIndex(ctx); err != nil {
		return err
	}
	m.readTwins(ctx)
	if o.Existing == FailExisting {
		for _, r := range m.plan.Runs {
			if found, _ := byStage(m.index[r.SourceID]); len(found) > 0 {
				return &ExistsError{r.Path, m.experiment.Name, found[0].Info.RunID}
			}
		}
	}
	return nil
}

// ExistsError says that a run is there already, though FailExisting was asked
// for.
type ExistsError struct{ Run, Experiment, RunID string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("run %s is in the experiment %q already, as %s", e.Run, e.Experiment, e.RunID)
}

// errElsewhere says that another migration is sending a run: it is come back to.
var errElsewhere = errors.New("another migration is sending it")

// eachRun calls work for runs of the plan, several at a time.
func (m *migration) eachRun(ctx context.Context, runs []*plan.Run,
	work func(context.Context, *plan.Run, *RunResult) error) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]*RunResult, len(runs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range m.options.Jobs {
		workers.Go(func() {
			for i := range next {
				results[i] = m.oneRun(inner, cancel, runs[i], work)
			}
		})
	}
	for i := range runs {
		select {
		case next <- i:
		case <-inner.Done():
		}
	}
	close(next)
	workers.Wait()
	for _, r := range results {
		if r != nil {
			m.result.Runs = append(m.result.Runs, r)
		}
	}
	return context.Cause(inner)
}

// oneRun does the work for one run, and stops everything where no other run
// would fare better.
func (m *migration) oneRun(ctx context.Context, stop context.CancelCauseFunc, r *plan.Run,
	work func(context.Context, *plan.Run, *RunResult) error) *RunResult {
	result := &RunResult{Plan: r}
	err := work(ctx, r, result)
	if errors.Is(err, errElsewhere) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.elsewhere = append(m.elsewhere, r)
		return nil
	}
	switch {
	case err == nil:
		m.broken.Store(0)
	case ctx.Err() != nil:
		result.Outcome, result.Err = Failed, context.Cause(ctx)
	default:
		result.Outcome, result.Err = Failed, err
		if serverBroken(err) || internal(err) && m.broken.Add(1) >= 3 {
			stop(err)
		}
	}
	if m.options.Done != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.options.Done(result)
	}
	return result
}

// inPlanOrder sorts the results.
func (m *migration) inPlanOrder() {
	place := make(map[*plan.Run]int, len(m.plan.Runs))
	for i, r := range m.plan.Runs {
		place[r] = i
	}
	slices.SortFunc(m.result.Runs, func(a, b *RunResult) int { return cmp.Compare(place[a.Plan], place[b.Plan]) })
}

// serverBroken says that an error is not about one run.
func serverBroken(err error) bool {
	var unreachable *rest.UnreachableError
	var redirect *rest.RedirectError
	var foreign *rest.ForeignError
	var api *rest.APIError
	if errors.As(err, &unreachable) || errors.As(err, &redirect) || errors.As(err, &foreign) {
		return true
	}
	if !errors.As(err, &api) {
		return false
	}
	switch api.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusNotFound:
		return api.Code == ""
	case http.StatusInternalServerError:
		return false
	}
	return api.Temporary()
}

func internal(err error) bool {
	var api *rest.APIError
	return errors.As(err, &api) && api.Status == http.StatusInternalServerError
}
