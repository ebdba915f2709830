package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tbexport/convert"
	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/output"
	"tbexport/convert/plan"
)

// planned is a plan with what is needed to carry it out.
type planned struct {
	plan    *plan.Plan
	report  *convert.Report
	found   *found
	client  *rest.Client // nil: nothing is sent
	options mlflow.Options
	limits  map[string]mlflow.Limits // by experiment, where there are several
	others  map[string]string        // names of experiments in place of others, see mlflow.OtherNames
	begin   time.Time
	reached bool
}

// run makes the plan, and hands it to act. Whether the server answers shows
// before the logs are read, which may take long.
func (m *mlflowFlags) run(ctx context.Context, c console, args []string,
	act func(context.Context, console, *planned) error) error {
	p := &planned{begin: time.Now()}
	p.options.Experiment = m.experiment
	planOptions, err := m.readPlan(args)
	if err == nil {
		err = m.readOptions(&p.options)
	}
	if err == nil {
		err = m.checkReport()
	}
	if err == nil && !m.dryRun {
		p.client, err = m.newClient(c, &p.options)
	}
	if err != nil {
		return err
	}
	if p.client != nil {
		defer p.client.Close()
	}
	if m.learns {
		if err = m.reach(ctx, c, p); err == nil {
			err = m.learn(ctx, c, p, args)
		}
		if err == nil {
			planOptions, err = m.readPlan(args)
		}
		if err == nil {
			err = m.readOptions(&p.options)
		}
		if err != nil {
			return advised(err)
		}
	}
	err = m.makePlan(ctx, p, c, args, planOptions)
	if err != nil && ctx.Err() != nil {
		c.say("interrupted, nothing was sent")
		return statusError(statusInterrupted)
	}
	if err != nil {
		return err
	}
	return act(ctx, c, p)
}

// checkReport finds a report that cannot be written before anything is done. With
// --dry-run it tells what is planned.
func (m *mlflowFlags) checkReport() error {
	if m.report == "" {
		return nil
	}
	return output.Check(m.report, m.overwrite)
}

// newClient makes a client of the server that flags and environment name.
func (m *mlflowFlags) newClient(c console, o *mlflow.Options) (*rest.Client, error) {
	config, err := m.readServer(o)
	if err != nil {
		return nil, err
	}
	client, err := rest.NewClient(config)
	if err != nil {
		return nil, usageError{err}
	}
	retries := retryWords{c: c, quiet: m.quiet}
	client.Retrying = retries.say
	return client, nil
}

// makePlan reads what is selected of the logs.
func (m *mlflowFlags) makePlan(ctx context.Context, p *planned, c console, args []string, o plan.Options) error {
	wanted, err := m.readPoints(&p.options.Read)
	if err != nil {
		return err
	}
	p.options.Time = p.begin
	p.options.Logdir = logdirsOf(args)
	if p.found, err = findLogs(ctx, args, wanted.runs); err != nil {
		return err
	}
	if err := m.reach(ctx, c, p); err != nil {
		return err
	}
	if err := m.ask(ctx, c, p, args); err != nil {
		return err
	}
	if p.options.Limits.ShortParams && !m.flags.Changed("long-params") {
		o.LongParams = plan.TruncateLongParams
	}
	p.plan, p.report, err = m.planRuns(ctx, c, p.found, wanted, p.options.Read, p.options.Limits.Rules(), o)
	if err == nil {
		p.nameByExperiment()
	}
	return advised(err)
}

// ask finds out what the server takes that runs are planned for. A plan alone
// is made without it, too.
func (m *mlflowFlags) ask(ctx context.Context, c console, p *planned, args []string) (err error) {
	o := &p.options
	if m.serverVersion != "" {
		if o.Limits, err = mlflow.LimitsOf(m.serverVersion); err != nil {
			return usagef("--server-version %v", err)
		}
		return nil
	}
	client := p.client
	if client == nil {
		if m.trackingURI == "" && os.Getenv("MLFLOW_TRACKING_URI") == "" {
			return nil
		}
		if os.Getenv("MLFLOW_EXPERIMENT_ID") == "" {
			m.experiment = cmp.Or(m.experiment, os.Getenv("MLFLOW_EXPERIMENT_NAME"), "Default")
		}
		if client, err = m.newClient(c, o); err == nil {
			defer client.Close()
		}
	}
	if err == nil {
		err = m.askLimits(ctx, client, p, args)
	}
	switch {
	case err == nil || ctx.Err() != nil:
		return nil
	case p.client == nil:
		if !m.quiet {
			c.say("the server could not be asked what it takes, so this is the plan for MLflow 3: %v", err)
		}
		return nil
	}
	c.say("error: %v", advised(err))
	return statusError(statusFailed)
}

// logdirsOf says where the logs are, on which machine.
func logdirsOf(args []string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	places := make([]string, len(args))
	for i, arg := range args {
		places[i] = arg
		if path, err := filepath.Abs(arg); err == nil && !strings.Contains(arg, "://") {
			places[i] = host + ":" + filepath.ToSlash(path)
		}
	}
	return strings.ToValidUTF8(strings.Join(places, " "), "\uFFFD")
}
