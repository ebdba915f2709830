package trackio

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// MissingError says that there is no such project. It is fs.ErrNotExist.
type MissingError struct{ Project, Dir string }

func (e *MissingError) Error() string { return "no such project: " + e.Project + " in " + e.Dir }

// Is reports whether other is fs.ErrNotExist.
func (e *MissingError) Is(other error) bool { return other == fs.ErrNotExist }

// Verify reads the project, and compares it with the logs: names, configs, and
// every point with its step and the time of its row. What people added or changed in
// Trackio is no difference. It fails where ctx ends, or where the project is not
// there or cannot be read; what is wrong with one run is in its result.
func Verify(ctx context.Context, p *plan.Plan, o Options) (result *plan.Result, err error) {
	result = new(plan.Result)
	if err := CheckProject(o.Project); err != nil {
		return result, err
	}
	d, err := open(ctx, o.Dir, o.Project, toRead)
	if errors.Is(err, fs.ErrNotExist) {
		return result, &MissingError{o.Project, o.Dir}
	}
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, d.close(toRead)) }()
	w := &writer{plan: p, options: o, database: d}
	for _, r := range p.Runs {
		if len(r.Sources) == 0 {
			continue
		}
		run := &plan.RunResult{Run: r, Where: RunID(r), Outcome: plan.Missing}
		result.Runs = append(result.Runs, run)
		if err := w.verify(ctx, run); err != nil {
			run.Outcome, run.Err = plan.Failed, err
			return result, d.failed(cause(ctx, err))
		}
	}
	return result, nil
}

func (w *writer) verify(ctx context.Context, r *plan.RunResult) error {
	there, err := standingOf(ctx, w.database.db, r.Run)
	if err != nil || there.config == "" {
		return err
	}
	form := rows.Form{Time: func(row *rows.Row) string {
		text, _ := timestamp(row.Time())
		return text
	}}
	var files []plan.Difference
	m := newMedia(r, there.name, &w.options, func(f *mediaFile) error {
		files = append(files, f.Compare(f.path, filepath.Join(w.options.Dir, mediaDir, filepath.FromSlash(f.path)))...)
		return nil
	})
	form.Media = m.texts
	compared, err := rows.Compare(w.watched(w.of(ctx, m)), w.stored(ctx, r.Run), form)
	if err = errors.Join(err, m.Close()); err != nil {
		return err
	}
	r.Outcome, r.Rows, r.Points = plan.Verified, compared.Rows, compared.Points
	differences, added := compareConfig(r.Run, there.config)
	r.Differences = slices.Concat(differences, compared.Differences, files)
	if there.name != r.Run.Name {
		r.Theirs = []plan.Difference{{What: "name", Expected: r.Run.Name, Got: there.name}}
	}
	r.Theirs = slices.Concat(r.Theirs, added, compared.Theirs)
	return nil
}

// watched gives rows on, and tells of their points.
func (w *writer) watched(all iter.Seq2[*rows.Row, error]) iter.Seq2[*rows.Row, error] {
	return func(yield func(*rows.Row, error) bool) {
		for row, err := range all {
			if err == nil && w.options.Progress != nil {
				w.options.Progress(int64(len(row.Points)))
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// stored are the rows of a run that hold anything, by step.
func (w *writer) stored(ctx context.Context, r *plan.Run) iter.Seq2[*rows.Stored, error] {
	return func(yield func(*rows.Stored, error) bool) {
		// Those of this package first: others may have been there before logs grew.
		const byStep = "SELECT step, timestamp, metrics, ifnull(log_id, '') NOT LIKE 'tbexport-%' AS theirs FROM metrics " +
			"WHERE run_id = ? ORDER BY step, theirs, id"
		all, err := w.database.db.QueryContext(ctx, byStep, RunID(r))
		if err != nil {
			yield(nil, err)
			return
		}
		defer all.Close()
		var row rows.Stored
		var metrics string
		names := make(map[string]string)
		for all.Next() {
			err := all.Scan(&row.Step, &row.Time, &metrics, &row.Theirs)
			if err == nil {
				err = parseRow(metrics, &row, names)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(row.Values)+len(row.Media) > 0 && !yield(&row, nil) {
				return
			}
		}
		if err := all.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// compareConfig compares the params of a run with its config. added are those that
// only the config has.
func compareConfig(r *plan.Run, text string) (all, added []plan.Difference) {
	var stored map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return []plan.Difference{{What: "config", Got: err.Error()}}, nil
	}
	for i := range r.Params {
		p := &r.Params[i]
		if expected, got := config(p.HParam), string(stored[p.Key]); !sameJSON(expected, got) {
			all = append(all, plan.Difference{What: "param", Key: p.Key, Expected: expected, Got: got})
		}
		delete(stored, p.Key)
	}
	for key, value := range stored {
		if !strings.HasPrefix(key, "_") {
			added = append(added, plan.Difference{What: "param", Key: key, Got: string(value)})
		}
	}
	slices.SortFunc(added, func(a, b plan.Difference) int { return strings.Compare(a.Key, b.Key) })
	return all, added
}

// sameJSON takes two ways to write one value for the same.
func sameJSON(a, b string) bool {
	if a == b {
		return true
	}
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	one, err := json.Marshal(x)
	other, err2 := json.Marshal(y)
	return err == nil && err2 == nil && string(one) == string(other)
}
