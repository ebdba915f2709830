package mlflow

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
// something is missing; ReplaceExisting deletes the run and makes a new one.
const (
	SkipExisting Existing = iota
	ReplaceExisting
	FailExisting
)

// Options say how a plan is carried out.
type Options struct {
	Experiment   string // by name; it is made if there is none
	ExperimentID string // where Experiment is empty
	Restore      bool   // a deleted experiment
	Jobs         int    // calls that send metrics at a time; 0: DefaultJobs
	Verify       Verification
	Existing     Existing
	Read         convert.ReadOptions // as the plan was read
	User         string              // of the runs
	Logdir       string              // as the user named it
	Version      string              // of the program
	Time         time.Time           // of the migration, for the runs' descriptions
	// Progress, if set, is told of points as they arrive, or need not be sent,
	// and Verified of points as they have been compared.
	Progress func(points int64)
	Verified func(points int64)
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
	Created   Outcome = "created"
	Completed Outcome = "completed" // was there, and got what was missing
	Skipped   Outcome = "skipped"   // was there, complete and unchanged
	Failed    Outcome = "failed"
	Verified  Outcome = "verified" // by Verify alone
	Missing   Outcome = "missing"  // found by Verify alone
)

// RunResult is what became of one run of a plan.
type RunResult struct {
	Plan        *plan.Run
	RunID       string
	Outcome     Outcome
	PointsSent  int64
	Checked     bool // read back
	Differences []Difference
	// ChangedParams are the keys of params that are others in the logs now, and
	// stay as they are: MLflow does not change them.
	ChangedParams []string
	Notes         []string // what could not be done and is no failure of the run
	Err           error
}

// Result is what became of a plan.
type Result struct {
	Experiment Experiment
	Runs       []*RunResult // those that were come to, in the plan's order
	Calls      int64        // that sent metrics
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
	noStore    atomic.Bool // artifacts cannot be kept
	broken     atomic.Int32

	mu     sync.Mutex
	result Result
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
	err := m.eachRun(ctx, m.migrate)
	m.result.Calls = m.sender.calls.Load()
	return &m.result, err
}

func newMigration(client *rest.Client, p *plan.Plan, o Options) *migration {
	c := &server{client}
	if o.Jobs <= 0 {
		o.Jobs = DefaultJobs
	}
	m := &migration{
		server: c, plan: p, options: o, sender: batchSender{server: c},
		sends: make(chan struct{}, o.Jobs), reads: make(chan struct{}, o.Jobs*readsPerJob),
		turn: make(chan struct{}, 1), opened: make(map[*plan.Run]*openedRun, len(p.Runs)),
	}
	for _, r := range p.Runs {
		m.opened[r] = new(openedRun)
	}
	return m
}

// begin opens the experiment and looks for earlier imports.
func (m *migration) begin(ctx context.Context) (err error) {
	o := &m.options
	if m.experiment, err = m.server.openExperiment(ctx, o.Experiment, o.ExperimentID, o.Restore); err != nil {
		return err
	}
	m.result.Experiment = *m.experiment
	if err := m.readIndex(ctx); err != nil {
		return err
	}
	if o.Existing == FailExisting {
		for _, r := range m.plan.Runs {
			if found := m.index[r.SourceID]; len(found) > 0 {
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

// eachRun calls work for the runs of the plan, several at a time.
func (m *migration) eachRun(ctx context.Context, work func(context.Context, *plan.Run, *RunResult) error) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]*RunResult, len(m.plan.Runs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range m.options.Jobs {
		workers.Go(func() {
			for i := range next {
				results[i] = m.oneRun(inner, cancel, m.plan.Runs[i], work)
			}
		})
	}
	for i := range m.plan.Runs {
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
func (m *migration) oneRun(ctx context.Context, stop context.CancelCauseFunc, r *plan.Run, work func(context.Context, *plan.Run, *RunResult) error) *RunResult {
	result := &RunResult{Plan: r}
	err := work(ctx, r, result)
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

// serverBroken says that an error is not about one run.
func serverBroken(err error) bool {
	var unreachable *rest.UnreachableError
	var redirect *rest.RedirectError
	var api *rest.APIError
	if errors.As(err, &unreachable) || errors.As(err, &redirect) {
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
