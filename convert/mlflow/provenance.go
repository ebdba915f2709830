package mlflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tbexport/convert/plan"
)

// The tags that say where a run comes from. Numbers for people are in the run's
// description.
const (
	tagSourceID = "tbexport.source_id"
	tagState    = "tbexport.state"
	tagDigest   = "tbexport.digest"
	tagRun      = "tbexport.run"
	tagLogdir   = "tbexport.logdir"
	tagContent  = "tbexport.content" // see content
	// These only where there is something to say.
	tagGroup  = "tbexport.hparams_group"
	tagUnkept = "tbexport.artifacts_missing" // names of those that the server refused, one a line
	tagParams = "tbexport.params_changed"    // see changedKeys

	tagNote       = "mlflow.note.content"
	tagUser       = "mlflow.user"
	tagSourceName = "mlflow.source.name"
	tagSourceType = "mlflow.source.type"
	tagParent     = "mlflow.parentRunId"
)

// Tags of runs that an earlier version made. What they say may be no more so: a
// run that is completed loses them.
const (
	oldFiles  = "tbexport.files" // with oldBytes, the size of the content
	oldBytes  = "tbexport.bytes"
	oldCopies = "tbexport.copies"
)

var oldTags = []string{oldFiles, oldBytes, oldCopies, "tbexport.points", "tbexport.version", "tbexport.sampled_out",
	"tbexport.max_points_per_tag"}

// The values of tagState.
const (
	stateImporting = "importing"
	stateSent      = "sent"     // with --verify none
	stateComplete  = "complete" // and verified
	stateRemoved   = "removed"  // about to be deleted by this program
)

// tags are those of a run while it is being sent.
func (m *migration) tags(ctx context.Context, r *plan.Run, parent string) ([]pair, error) {
	content, err := m.contentOf(ctx, r)
	if err != nil {
		return nil, err
	}
	tags := []pair{
		{tagSourceID, r.SourceID},
		{tagState, stateImporting},
		{tagRun, r.Path},
		{tagLogdir, m.options.Logdir},
		{tagSourceName, m.options.Logdir},
		{tagSourceType, "LOCAL"},
		{tagNote, m.describe(r)},
	}
	if m.options.Flags != "" {
		tags = append(tags, pair{tagFlags, m.options.Flags})
	}
	if content != "" {
		tags = append(tags, pair{tagContent, m.contentTag(r, content)})
	}
	if m.options.User != "" {
		tags = append(tags, pair{tagUser, m.options.User})
	}
	if parent != "" {
		tags = append(tags, pair{tagParent, parent})
	}
	for _, s := range r.Sources {
		if s.HParams != nil && s.HParams.Start != nil && s.HParams.Start.Group != "" && find(tags, tagGroup) == "" {
			tags = append(tags, pair{tagGroup, s.HParams.Start.Group})
		}
	}
	for i := range tags {
		tags[i].Value = plan.Cut(strings.ReplaceAll(tags[i].Value, "\x00", ""), longestTag)
	}
	return withUserTags(m.options.Tags, tags), nil
}

// withState gives tags with another state.
func withState(tags []pair, state string) []pair {
	tags = slices.Clone(tags)
	for i := range tags {
		if tags[i].Key == tagState {
			tags[i].Value = state
		}
	}
	return tags
}

// longestTag is the most characters that every backend keeps of a tag.
const longestTag = 5000

// note is the run's description, in Markdown.
func (m *migration) note(r *plan.Run) string {
	var b strings.Builder
	files, bytes := r.EventFiles()
	fmt.Fprintf(&b, noteBeginning+"%s on %s: run %s of %s, %s, %s, %s (%s).\n",
		m.options.Version, m.options.Time.UTC().Format(time.DateOnly), code(r.Path), code(m.options.Logdir),
		several(len(r.Series), "metric"),
		several(r.Points(), "point"), several(files, "event file"), several(bytes, "byte"))
	add := func(what string, n int64) {
		if n > 0 {
			fmt.Fprintf(&b, "\n* %s: %d", what, n)
		}
	}
	t := totalsOf(r)
	changed := int64(0)
	for _, s := range r.Series {
		if s.Key != s.Name() {
			changed++
		}
	}
	add("metrics with another name than their tag (`"+keysArtifact+"` has both)", changed)
	add("values that are NaN", t.NaN)
	add("metrics whose last value is NaN, which MLflow does not show here but in the experiment's charts",
		int64(t.LastNaN))
	add("infinite values, which MLflow shows as ±1.7976931348623157e308", t.Infinite)
	add("values left out as they are not finite", t.Skipped)
	add(fmt.Sprintf("points left out to keep at most %d of a metric", m.options.Read.Select.Sample), t.SampledOut)
	add("points that equal another one to the millisecond and are there once", t.Duplicates)
	add("points with a time that MLflow does not take and that became the nearest", t.BadTimes)
	add("parameters longer than MLflow keeps", int64(t.CutParams+t.OmittedParams))
	return b.String()
}

// code is a text as Markdown shows it letter by letter.
func code(text string) string { return "`" + strings.ReplaceAll(text, "`", "'") + "`" }

// several is a number of things in words.
func several[N int | int64](n N, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
