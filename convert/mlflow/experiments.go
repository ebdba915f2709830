package mlflow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Experiment is an experiment of a server.
type Experiment struct {
	ID    string `json:"experiment_id"`
	Name  string `json:"name"`
	Stage string `json:"lifecycle_stage"` // active or deleted
	tags  []pair
	rules string // those that its keys were begun with; empty: not recorded
}

// ExperimentPage is the address of an experiment's runs in MLflow's pages.
// Without the type, MLflow 3.17 shows the traces of agents, of which there are
// none.
func ExperimentPage(c *rest.Client, e Experiment) string {
	query := url.Values{"workflowType": {"machine_learning"}}
	if c.Workspace() != "" {
		query.Set("workspace", c.Workspace())
	}
	return c.Server() + "/#/experiments/" + url.PathEscape(e.ID) + "?" + query.Encode()
}

// DeletedExperimentError says that the experiment of that name is deleted.
type DeletedExperimentError struct {
	Name, ID string
}

func (e *DeletedExperimentError) Error() string {
	return fmt.Sprintf("the experiment %q (id %s) is deleted", e.Name, e.ID)
}

// RulesError says that a plan gives keys that those of the experiment are not:
// it was not made with the Limits that Ask gives.
type RulesError struct{ Experiment string }

func (e *RulesError) Error() string {
	return fmt.Sprintf("the keys of the experiment %q have no colons, and those of the plan do", e.Experiment)
}

// OtherNameError says that the server's database takes the name of an experiment
// for that of another one, as MySQL does with names that differ in case only.
type OtherNameError struct{ Name, Other string }

func (e *OtherNameError) Error() string {
	return fmt.Sprintf("the server's database takes the name of the experiment %q for that of %q, which is there",
		e.Name, e.Other)
}

// named is an error where an experiment that was found by a name has another one.
func (l Limits) named(e *Experiment, name string) error {
	if !l.IgnoresCase || e == nil || name == "" || e.Name == name {
		return nil
	}
	return &OtherNameError{name, e.Name}
}

// OtherNames gives those of the names of experiments, which are sorted, that the
// server's database takes for that of another one, which is there or comes before;
// and for each the name to use in its place, with a mark.
func OtherNames(ctx context.Context, client *rest.Client, experiments []string) (map[string]string, error) {
	c := &server{client}
	if ignores, err := c.ignoresCase(ctx); err != nil || !ignores {
		return nil, err
	}
	others, taken := make(map[string]string), make(map[string]bool)
	for _, name := range experiments {
		e, err := c.findExperiment(ctx, name, "")
		if err != nil {
			return nil, err
		}
		same := foldKey(name)
		if e != nil && e.Name != name || e == nil && taken[same] {
			others[name] = plan.Marked(name, name, longestExperiment)
			continue
		}
		taken[same] = true
	}
	return others, nil
}

// Ping asks the server for an experiment, so that a wrong address or a wrong
// password shows before any work is done. It gives up soon.
func Ping(ctx context.Context, c *rest.Client) error {
	err := c.Do(ctx, &rest.Call{
		Method: http.MethodGet, Path: rest.API + "experiments/get-by-name",
		Query: url.Values{"experiment_name": {"Default"}}, Into: new(experimentAnswer).read, Tries: 3,
	})
	if isCode(err, "RESOURCE_DOES_NOT_EXIST") {
		return nil
	}
	return err
}

// experimentAnswer is what the server says of an experiment.
type experimentAnswer struct {
	Experiment struct {
		Experiment
		Tags []pair `json:"tags"`
	}
}

// read reads an answer, which has to name an experiment.
func (a *experimentAnswer) read(body io.Reader) error {
	*a = experimentAnswer{} // of a call whose answer broke off
	err := rest.JSON(a)(body)
	if err == nil && a.Experiment.ID == "" {
		err = rest.ErrForeign
	}
	return err
}

// findExperiment gives the experiment of that name, or of that ID where the
// name is empty; nil: there is none.
func (c *server) findExperiment(ctx context.Context, name, id string) (*Experiment, error) {
	var answer experimentAnswer
	path, query := "experiments/get-by-name", url.Values{"experiment_name": {name}}
	if name == "" {
		path, query = "experiments/get", url.Values{"experiment_id": {id}}
	}
	err := c.Do(ctx, &rest.Call{Method: http.MethodGet, Path: rest.API + path, Query: query, Into: answer.read})
	if isCode(err, "RESOURCE_DOES_NOT_EXIST") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e := answer.Experiment.Experiment
	e.tags, e.rules = answer.Experiment.Tags, find(answer.Experiment.Tags, tagRules)
	return &e, nil
}

// openExperiment gives the experiment of that name or ID. One that is not
// there is made, if it has a name; a deleted one is restored, if that is
// wanted. One without the tag of the rules gets it.
func (c *server) openExperiment(ctx context.Context, name, id string, restore bool, l Limits) (*Experiment, error) {
	e, err := c.findExperiment(ctx, name, id)
	if err == nil {
		err = l.named(e, name)
	}
	if err != nil {
		return nil, err
	}
	rules := l.rules()
	switch {
	case e == nil && name == "":
		return nil, fmt.Errorf("there is no experiment with the id %s", id)
	case e == nil:
		if e, err = c.createExperiment(ctx, name, rules); err == nil {
			err = l.named(e, name)
		}
	case e.Stage == "deleted" && !restore:
		return nil, &DeletedExperimentError{e.Name, e.ID}
	case e.Stage == "deleted":
		if err := c.Post(ctx, "experiments/restore", map[string]string{"experiment_id": e.ID}, nil); err != nil {
			return nil, err
		}
		e.Stage = "active"
	}
	if err == nil && e == nil {
		err = fmt.Errorf("the experiment %q is there and is not found", name)
	}
	if err == nil && e.rules == rulesWithoutColon && rules == rulesWithColon {
		err = &RulesError{e.Name}
	}
	if err != nil || e.rules != "" {
		return e, err
	}
	err = c.Post(ctx, "experiments/set-experiment-tag",
		map[string]string{"experiment_id": e.ID, "key": tagRules, "value": rules}, nil)
	if api := new(rest.APIError); errors.As(err, &api) && api.Status == http.StatusForbidden {
		err = nil // somebody else's experiment, in which this user may make runs
	}
	return e, err
}

// createExperiment makes an experiment. That it exists is no error: an earlier
// attempt whose answer was lost may have made it, or somebody else.
func (c *server) createExperiment(ctx context.Context, name, rules string) (*Experiment, error) {
	var answer struct {
		ID string `json:"experiment_id"`
	}
	err := c.Post(ctx, "experiments/create", map[string]any{"name": name, "tags": []pair{{tagRules, rules}}}, &answer)
	if isCode(err, "RESOURCE_ALREADY_EXISTS") {
		return c.findExperiment(ctx, name, "")
	}
	if err != nil {
		return nil, err
	}
	return &Experiment{ID: answer.ID, Name: name, Stage: "active", rules: rules}, nil
}

func isCode(err error, code string) bool {
	var api *rest.APIError
	return errors.As(err, &api) && api.Code == code
}
