package mlflow

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"tbexport/convert/plan"
)

// tagWrote is the wrote of a run.
const tagWrote = "tbexport.wrote"

// wrote is what migrations wrote to a run that other flags would not have, or that
// people change. So what people did is told from what earlier flags gave.
type wrote struct {
	status string // that the run was closed with; empty: not known
	end    int64  // milliseconds since 1970; 0: none
	// marks are markLength characters of each thing. What there is no room for
	// counts as somebody's.
	marks string
}

const (
	markLength = 6
	mostMarks  = (longestTag - 200) / markLength * markLength
)

// readWrote reads the tag. What is none is empty.
func readWrote(text string) (w wrote) {
	fields := strings.Split(text, " ")
	if len(fields) != 3 || len(fields[2])%markLength != 0 {
		return w
	}
	end, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return w
	}
	return wrote{strings.TrimPrefix(fields[0], notClosed), end, fields[2]}
}

func (w wrote) String() string {
	return fmt.Sprintf("%s %d %s", cmp.Or(w.status, notClosed), w.end, w.marks)
}

// notClosed stands for the status of a run that is being sent.
const notClosed = "-"

func wroteMark(what, key string) string {
	sum := sha256.Sum256([]byte(what + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:markLength]
}

// has says that a migration wrote a thing: a name, description, tag (with its
// value), metric, param, artifact or table.
func (w *wrote) has(what, key string) bool {
	mark := wroteMark(what, key)
	for i := 0; i+markLength <= len(w.marks); i += markLength {
		if w.marks[i:i+markLength] == mark {
			return true
		}
	}
	return false
}

func (w *wrote) add(what, key string) {
	if key != "" && len(w.marks) < mostMarks && !w.has(what, key) {
		w.marks += wroteMark(what, key)
	}
}

func (w *wrote) hasTag(tag pair) bool { return w.has("tag", tag.Key+"="+tag.Value) }

// addPlan adds what a run gets by a plan, but for its name, which only a run that
// is made gets.
func (w *wrote) addPlan(m *migration, r *plan.Run) error {
	w.add("description", m.options.Description)
	for _, tag := range withUserTags(m.options.Tags, nil) {
		w.add("tag", tag.Key+"="+tag.Value)
	}
	for _, p := range r.Params {
		w.add("param", p.Key)
	}
	all, err := uploads(r)
	if err != nil {
		return err
	}
	for _, u := range all {
		for name := u.name; name != "."; name = path.Dir(name) {
			w.add("artifact", name)
		}
	}
	for _, x := range r.Media {
		if isTable(x.Form) {
			w.add("table", tableName(x))
		}
	}
	series := slices.Clone(r.Series) // first those that flags alone make
	slices.SortStableFunc(series, func(a, b *plan.Series) int {
		return strings.Compare(strconv.FormatBool(a.BestOf == nil), strconv.FormatBool(b.BestOf == nil))
	})
	for _, s := range series {
		w.add("metric", s.Key)
	}
	return nil
}

// endedByOthers says that somebody gave a run another status, or another end, than
// it was closed with.
func (m *migration) endedByOthers(r *plan.Run, run *serverRun) (status, end bool) {
	if state := run.tag(tagState); state != stateComplete && state != stateSent {
		return false, false
	}
	w := readWrote(run.tag(tagWrote))
	switch {
	case w.status != "":
	case run.tag(tagDigest) != r.Digest:
		return false, false
	default: // of an earlier version
		if w.status = string(r.Status.OrFinished()); !r.FileTimes {
			w.end = milliseconds(r.End)
		}
	}
	return run.Info.Status != w.status, w.end != 0 && run.Info.End != w.end
}

// StaysNamed and StaysKeyed are notes on a run that is there: other flags change
// neither its name nor the keys of its metrics and params.
const (
	StaysNamed = "the name in MLflow stays as it was made"
	StaysKeyed = "metrics and params keep the names that they have in MLflow"
)

// noteNames notes what a run that is there keeps, though it is planned otherwise.
// What people called it is no note.
func noteNames(r *plan.Run, run *serverRun, result *RunResult) {
	w := readWrote(run.tag(tagWrote))
	if run.Info.Name != r.Name && w.has("name", run.Info.Name) {
		result.Notes = append(result.Notes, StaysNamed)
	}
}
