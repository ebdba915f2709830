package mlflow

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// ownTag says that a tag is for this program alone to write.
func ownTag(key string) bool { return strings.HasPrefix(key, "tbexport.") || key == tagParent }

// firstTags are those that a run is made with, or that MLflow gives it, and that
// are for people to change.
var firstTags = []string{tagNote, tagUser, tagSourceName, tagSourceType, "mlflow.runName", tagImages, tagTables}

// noteBeginning is how what this program says of a run begins.
const noteBeginning = "Migrated from TensorBoard by tbexport "

// noteWords are what migration.note writes, to its last letter.
var noteWords = regexp.MustCompile("^" + noteBeginning + "[^\n]* on \\d{4}-\\d\\d-\\d\\d: run `[^\n" +
	"]*\\.\n(\n\\* [^\n]*: \\d+)*\n?$")

// ownNote says that nobody wrote into a description.
func ownNote(note string) bool { return noteWords.MatchString(note) }

// Added tells of a difference that is somebody's work in MLflow.
func (d Difference) Added() string {
	text := d.What
	if d.Key != "" {
		text += " " + strconv.Quote(d.Key)
	}
	switch {
	case d.NotHere > 0:
		return fmt.Sprintf("%s has %s more; the first: %s", text, several(d.NotHere, "point"), d.Got)
	case d.Got == "":
		return text + " was taken away"
	case d.Expected == "":
		return text + " was added: " + d.Got
	}
	return text + " was changed: " + d.Got
}

// theirs lists what of a run on the server is somebody's work there, but for
// points and artifacts.
func (m *migration) theirs(r *plan.Run, run *serverRun) (added []Difference) {
	add := func(what, key, expected, got string) {
		if expected != got {
			added = append(added,
				Difference{What: what, Key: key, Expected: rest.OneLine(expected), Got: rest.OneLine(got)})
		}
	}
	w := readWrote(run.tag(tagWrote))
	if !w.has("name", run.Info.Name) {
		add("name", "", r.Name, run.Info.Name)
	}
	if !m.options.ownDescription(run) {
		added = append(added,
			Difference{What: "description", Expected: "that of tbexport", Got: rest.OneLine(run.tag(tagNote))})
	}
	status, end := m.endedByOthers(r, run)
	if status {
		add("status", "", string(r.Status.OrFinished()), run.Info.Status)
	}
	if end {
		add("end", "", endClock(milliseconds(r.End)), endClock(run.Info.End))
	}
	if run.Info.User != "" {
		add("user", "", run.Info.User, run.tag(tagUser))
	}
	user := withUserTags(m.options.Tags, nil)
	for _, tag := range run.Data.Tags {
		if w.hasTag(tag) {
			continue
		}
		if hasKey(user, tag.Key) {
			add("tag", tag.Key, find(user, tag.Key), cmp.Or(tag.Value, `""`))
			continue
		}
		if !ownTag(tag.Key) && !slices.Contains(firstTags, tag.Key) {
			add("tag", tag.Key, "", cmp.Or(tag.Value, `""`))
		}
	}
	for _, name := range loggedTables(run.tag(tagTables)) {
		planned := func(x *plan.Media) bool { return isTable(x.Form) && tableName(x) == name }
		if !w.has("table", name) && !slices.ContainsFunc(r.Media, planned) {
			add("table", name, "", "listed")
		}
	}
	for _, p := range run.Data.Params {
		if !w.has("param", p.Key) && !slices.ContainsFunc(r.Params, func(q plan.Param) bool { return q.Key == p.Key }) {
			add("param", p.Key, "", cmp.Or(p.Value, `""`))
		}
	}
	return added
}

// addedArtifacts lists the files of a run's artifacts, and the directories at
// their top, that this program did not put there.
func (m *migration) addedArtifacts(ctx context.Context, run *serverRun, uploads []upload,
	media map[string]bool) (added []Difference, err error) {
	const old = "tbexport" // where an earlier version kept keys.json
	names := slices.Collect(maps.Keys(media))
	for _, u := range uploads {
		names = append(names, u.name)
	}
	w := readWrote(run.tag(tagWrote))
	own, tops := map[string]bool{old: true, keysArtifact: true}, map[string]bool{"": true}
	for _, name := range names {
		own[name] = true
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			own[dir], tops[dir] = true, true
		}
	}
	for dirs := slices.Sorted(maps.Keys(tops)); len(dirs) > 0; dirs = dirs[1:] {
		there, err := m.server.listArtifacts(ctx, run.Info.RunID, dirs[0])
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(there)) {
			if name == old && !tops[old] {
				dirs = append(dirs, old)
			}
			wrote := w.has("artifact", name)
			if wrote && !own[name] && there[name] < 0 {
				dirs = append(dirs, name)
			}
			if own[name] || wrote {
				continue
			}
			what := "a directory"
			if bytes := there[name]; bytes >= 0 {
				what = several(bytes, "byte")
			}
			added = append(added, Difference{What: "artifact", Key: name, Got: what})
		}
	}
	return added, nil
}
