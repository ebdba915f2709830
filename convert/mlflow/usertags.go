package mlflow

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Tag is a tag that the user gives to runs, or to an experiment.
type Tag struct{ Key, Value string }

// longestValue is the most characters of a tag that MLflow keeps.
const longestValue = 8000

// ParseTag reads KEY=VALUE, and fails where MLflow would not take it.
func ParseTag(text string) (Tag, error) {
	key, value, ok := strings.Cut(text, "=")
	switch {
	case !ok || key == "":
		return Tag{}, fmt.Errorf("%q: want KEY=VALUE", text)
	case strings.HasPrefix(key, "tbexport.") || key == tagParent || key == tagNote || key == "mlflow.runName":
		return Tag{}, fmt.Errorf("%s: this tag is not for setting", key)
	case cleanName(key) != key || utf8.RuneCountInString(key) > longestKey:
		return Tag{},
			fmt.Errorf("%q: MLflow takes letters, digits and _ - . : / and spaces, at most %d", key, longestKey)
	case utf8.RuneCountInString(value) > longestValue || strings.ContainsRune(value, 0):
		return Tag{}, fmt.Errorf("%s: MLflow keeps at most %d characters of a tag", key, longestValue)
	}
	return Tag{key, value}, nil
}

// withUserTags puts the user's tags before those of this program, of which those
// with the same key are left out.
func withUserTags(user []Tag, own []pair) []pair {
	tags := make([]pair, 0, len(user)+len(own))
	add := func(p pair) {
		if !hasKey(tags, p.Key) {
			tags = append(tags, p)
		}
	}
	for _, t := range slices.Backward(user) { // of the same key, the last counts
		add(pair(t))
	}
	slices.Reverse(tags)
	for _, p := range own {
		add(p)
	}
	return tags
}

// missing are the user's tags that a run does not have, or has with the value of
// an earlier migration. One with another value was changed by somebody, and is
// theirs.
func (m *migration) missing(run *serverRun) (tags []pair) {
	w := readWrote(run.tag(tagWrote))
	for _, p := range withUserTags(m.options.Tags, nil) {
		value := run.tag(p.Key)
		if !hasKey(run.Data.Tags, p.Key) || value != p.Value && w.hasTag(pair{p.Key, value}) {
			tags = append(tags, p)
		}
	}
	return tags
}

// touchUp gives a run that is complete what was asked for since: tags, the
// description, the flags, and artifacts that the server refused.
func (m *migration) touchUp(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult) error {
	tags := m.missing(run)
	note := run.tag(tagNote)
	if d := m.options.Description; d != "" && !strings.HasPrefix(note, d+"\n\n") && m.options.ownDescription(run) {
		tags = append(tags, pair{tagNote, plan.Cut(m.describe(r), longestTag)})
	}
	w := readWrote(run.tag(tagWrote))
	if run.Info.Name == r.Name {
		w.add("name", r.Name)
	}
	if err := w.addPlan(m, r); err != nil {
		return err
	}
	if text := w.String(); text != run.tag(tagWrote) {
		tags = append(tags, pair{tagWrote, text})
	}
	switch f := m.options.Flags; {
	case f == run.tag(tagFlags):
	case f != "":
		tags = append(tags, pair{tagFlags, f})
	default:
		if err := m.server.deleteTag(ctx, run.Info.RunID, tagFlags); err != nil {
			return err
		}
	}
	if err := m.server.logPairs(ctx, run.Info.RunID, "tags", tags); err != nil {
		return err
	}
	return m.tryUnkept(ctx, r, run, result)
}

// tagExperiment gives the experiment the tags that it does not have.
func (m *migration) tagExperiment(ctx context.Context) error {
	for _, t := range withUserTags(m.options.ExperimentTags, nil) {
		if hasKey(m.experiment.tags, t.Key) {
			continue
		}
		body := map[string]string{"experiment_id": m.experiment.ID, "key": t.Key, "value": t.Value}
		err := m.server.Post(ctx, "experiments/set-experiment-tag", body, nil)
		if api := new(rest.APIError); errors.As(err, &api) && api.Status == http.StatusForbidden {
			return fmt.Errorf("the experiment %q could not be given the tag %s: %w", m.experiment.Name, t.Key, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// describe puts the user's description before what this program says of a run.
func (m *migration) describe(r *plan.Run) string {
	if m.options.Description == "" {
		return m.note(r)
	}
	return m.options.Description + "\n\n" + m.note(r)
}

// ownDescription says that nobody wrote into the description of a run.
func (o *Options) ownDescription(run *serverRun) bool {
	text := run.tag(tagNote)
	if at := strings.LastIndex(text, "\n\n"+noteBeginning); at >= 0 {
		w := readWrote(run.tag(tagWrote))
		if before := text[:at]; before == o.Description || w.has("description", before) {
			text = text[at+len("\n\n"):]
		}
	}
	return ownNote(text)
}
