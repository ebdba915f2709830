package wandb

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// MissingError says that there is no directory to read. It is fs.ErrNotExist.
type MissingError struct{ Dir string }

func (e *MissingError) Error() string { return "no such directory: " + e.Dir }

// Is reports whether other is fs.ErrNotExist.
func (e *MissingError) Is(other error) bool { return other == fs.ErrNotExist }

// Verify reads the files of a plan's runs, and compares them with the options, which
// name the project, the entity and the group, and with the logs: name, config,
// summary, end and every point with its step and the time of its row. It fails where
// ctx ends, and with a MissingError; what is wrong with one run is in its result.
func Verify(ctx context.Context, p *plan.Plan, o Options) (*plan.Result, error) {
	w := &writer{plan: p, options: o}
	if _, err := os.Stat(o.Dir); errors.Is(err, fs.ErrNotExist) {
		return new(plan.Result), &MissingError{o.Dir}
	}
	if err := w.list(); err != nil {
		return new(plan.Result), err
	}
	return w.each(ctx, w.verify)
}

func (w *writer) verify(ctx context.Context, r *plan.RunResult) error {
	r.Where = w.place(r.Run)
	file, err := os.Open(filepath.Join(r.Where, fileName(r.Run)))
	if errors.Is(err, os.ErrNotExist) {
		r.Outcome = plan.Missing
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	log, err := newLogReader(file)
	if err != nil {
		return &os.PathError{Op: "read", Path: file.Name(), Err: err}
	}
	var s stored
	last := make(map[*plan.Series]float64, len(r.Run.Series))
	var files []plan.Difference
	m := newMedia(r, w.options.Read.TempDir, func(f *mediaFile) error {
		files = append(files, f.Compare(f.path, filepath.Join(r.Where, filesDir, filepath.FromSlash(f.path)))...)
		return nil
	})
	form := rows.Form{
		Time:  func(row *rows.Row) string { return timeText(row.Time()) },
		Media: m.texts,
	}
	compared, err := rows.Compare(w.watched(w.rows(ctx, r.Run, m), last), s.history(log), form)
	if err = errors.Join(err, m.Close()); err != nil {
		return &os.PathError{Op: "read", Path: file.Name(), Err: err}
	}
	r.Outcome, r.Rows, r.Points = plan.Verified, compared.Rows, compared.Points
	r.Differences = slices.Concat(w.compareOptions(r.Run, &s), s.differences(r.Run, last), compared.Differences, files)
	return nil
}

// texts are what a row is to say of its media.
func (m *media) texts(row *rows.Row) (texts []rows.Text, err error) {
	for i := range row.Media {
		items, err := m.Get(row.Media[i].At)
		if err == nil {
			err = fields(items, func(_ protowire.Number, v field) error {
				key, below, value, err := item(v.bytes)
				texts = addText(texts, key, below, value)
				return err
			})
		}
		if err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// watched gives rows on, keeps the last value of each key, and tells of points.
func (w *writer) watched(all iter.Seq2[*rows.Row, error], last map[*plan.Series]float64) iter.Seq2[*rows.Row, error] {
	return func(yield func(*rows.Row, error) bool) {
		for row, err := range all {
			if err == nil {
				for i := range row.Points {
					last[row.Points[i].Series] = row.Points[i].Value
				}
				if w.options.Progress != nil {
					w.options.Progress(int64(len(row.Points)))
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// differences compares what is no history.
func (s *stored) differences(r *plan.Run, last map[*plan.Series]float64) (all []plan.Difference) {
	add := func(what, key, expected, got string) {
		if expected != got {
			all = append(all, plan.Difference{What: what, Key: key, Expected: expected, Got: got})
		}
	}
	add("id", "", ID(r), s.id)
	add("name", "", r.Name, s.name)
	add("steps", "", stepsText(Counted(r)), stepsText(s.counted))
	end := "none"
	if s.ended {
		end = strconv.FormatInt(s.exit, 10)
	}
	add("exit status", "", strconv.FormatInt(code(r), 10), end)
	for i := range r.Params {
		p := &r.Params[i]
		add("param", p.Key, string(config(p.HParam)), s.config[p.Key])
		delete(s.config, p.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(s.config)) {
		add("param", key, "", s.config[key])
	}
	for _, series := range r.Series {
		if value, ok := last[series]; ok {
			add("summary", series.Key, string(appendJSON(nil, value)), s.summary[series.Key])
		}
	}
	return all
}

// stepsText says why rows are counted, or not.
func stepsText(counted bool) string {
	if counted {
		return "they repeat, go back or are negative"
	}
	return "they grow"
}

// compareOptions compares what the options say of a run.
func (w *writer) compareOptions(r *plan.Run, s *stored) (all []plan.Difference) {
	for _, o := range []plan.Difference{
		{What: "project", Expected: w.options.Project, Got: s.place.Project},
		{What: "entity", Expected: w.options.Entity, Got: s.place.Entity},
		{What: "group", Expected: w.group(r), Got: s.group},
	} {
		if o.Asked = true; o.Expected != o.Got {
			all = append(all, o)
		}
	}
	return all
}
