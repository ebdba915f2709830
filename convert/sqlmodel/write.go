package sqlmodel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/hparams"
)

// Existing says what becomes of runs that are there already.
type Existing uint8

// The choices.
const (
	Complete Existing = iota // left alone where they are as in the logs, else replaced
	Replace
	Fail
)

// Options say what is written. The zero value keeps everything.
type Options struct {
	Existing Existing
	// Logdir, as it was typed, and Version, of the program, stand with the runs.
	Logdir, Version string
	Read            convert.ReadOptions
	// Files are what the rows of pictures and sound get their paths from. Runs that
	// are there with other paths, or with none, are written again.
	Files Files
	// Progress is told of points that were written or compared; nil: nobody is.
	Progress func(points int64)
}

// ExistsError says that a run is there already.
type ExistsError struct {
	Run string // its path
	ID  int64  // run_id
}

func (e *ExistsError) Error() string {
	return fmt.Sprintf("run %s is there already, with run_id %d", e.Run, e.ID)
}

// Write writes the runs of a plan that are not there yet as they are in the logs.
// It fails where ctx ends, and at the first run that the database does not take.
func Write(ctx context.Context, d Database, p *plan.Plan, o Options) (*plan.Result, error) {
	result, all, byRun := new(plan.Result), sessions(p), o.Files.byRun()
	for _, r := range p.Runs {
		run := &plan.RunResult{Run: r}
		result.Runs = append(result.Runs, run)
		run.Err = d.Transaction(ctx, r.SourceID, func(tx Tx) error {
			*run = plan.RunResult{Run: r}
			return (&writer{p, &o, tx, all[r], byRun}).run(ctx, run)
		})
		if run.Err != nil {
			run.Outcome = plan.Failed
			return result, cause(ctx, run.Err)
		}
	}
	return result, nil
}

// Measure gives what Write would write of each run into an empty database, where
// a point takes so many bytes. It reads the values that are no points.
func Measure(ctx context.Context, p *plan.Plan, bytesOfPoint int64, read convert.ReadOptions) (*plan.Result, error) {
	result := new(plan.Result)
	for _, r := range p.Runs {
		n := r.Points()
		files, _ := r.EventFiles()
		other := int64(1 + len(r.Params) + len(r.Series) + files)
		run := &plan.RunResult{Run: r, Outcome: plan.Created, Rows: n, Points: n,
			Bytes: n*bytesOfPoint + other*bytesOfOther}
		result.Runs = append(result.Runs, run)
		for _, t := range valueTables() {
			for row, err := range valueRows(ctx, func(x float64) any { return x }, run, t, read) {
				if err != nil {
					return nil, cause(ctx, err)
				}
				run.Bytes += bytesOfValue(row.columns)
			}
		}
	}
	return result, nil
}

// bytesOfOther is about what a row of a run, param, metric or file takes.
const bytesOfOther = 150

// bytesOfValue is about what a row of a value takes.
func bytesOfValue(row []any) (n int64) {
	for _, x := range row {
		if text, ok := x.(string); ok {
			n += int64(len(text))
		} else {
			n += 8
		}
	}
	return n
}

// cause is the end of the context where there is one.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// writer writes one run.
type writer struct {
	plan    *plan.Plan
	options *Options
	tx      Tx
	session session
	byRun   map[string][]File // nil: files were not extracted
}

// digest is that of a run, and of what its digest does not have. Where the logs
// are is no part of it.
func (w *writer) digest(r *plan.Run) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%d %s %q %q\n", Version, r.Digest, w.session.experiment, w.session.group)
	for _, s := range r.Sources {
		for _, f := range s.Stats.Files {
			fmt.Fprintf(h, "%q %d\n", filepath.Base(f.Path), f.Bytes)
		}
	}
	return h.Sum(nil)
}

func sourceID(r *plan.Run) []byte {
	id, err := hex.DecodeString(r.SourceID)
	if err != nil {
		return []byte(r.SourceID)
	}
	return id
}

// stored is what is there of a run.
type stored struct {
	id     int64
	digest []byte
}

// find gives what is there of a run; nil: nothing.
func find(ctx context.Context, tx Tx, r *plan.Run) (found *stored, err error) {
	err = tx.Query(ctx, func(scan func(...any) error) error {
		found = new(stored)
		return scan(&found.id, &found.digest)
	}, "SELECT run_id, digest FROM run WHERE source_id = $1", sourceID(r))
	return found, err
}

func (w *writer) run(ctx context.Context, r *plan.RunResult) error {
	before, err := find(ctx, w.tx, r.Run)
	if err != nil {
		return err
	}
	r.Outcome = plan.Created
	if before != nil {
		r.Where, r.Outcome = fmt.Sprint(before.id), plan.Grown
		switch {
		case w.options.Existing == Fail:
			return &ExistsError{r.Run.Path, before.id}
		case w.options.Existing == Complete && slices.Equal(before.digest, w.digest(r.Run)):
			same, err := w.hasFiles(ctx, before.id, r.Run)
			if err != nil {
				return err
			}
			if same {
				r.Outcome = plan.Skipped
				return nil
			}
		}
		if err := w.clear(ctx, before.id); err != nil {
			return err
		}
	}
	id, err := w.insertRun(ctx, r.Run)
	if err != nil {
		return err
	}
	r.Where = fmt.Sprint(id)
	for _, part := range []func(context.Context, int64, *plan.RunResult) error{w.params, w.files, w.metrics, w.values} {
		if err := part(ctx, id, r); err != nil {
			return err
		}
	}
	return nil
}

// clear removes all of a run but its own row.
func (w *writer) clear(ctx context.Context, id int64) error {
	for _, statement := range []string{
		"DELETE FROM point WHERE metric_id IN (SELECT metric_id FROM metric WHERE run_id = $1)",
		"DELETE FROM metric WHERE run_id = $1", "DELETE FROM param WHERE run_id = $1",
		"DELETE FROM source_file WHERE run_id = $1",
		"DELETE FROM text WHERE run_id = $1", "DELETE FROM histogram WHERE run_id = $1",
		"DELETE FROM media WHERE run_id = $1",
	} {
		if err := w.tx.Exec(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) insertRun(ctx context.Context, r *plan.Run) (id int64, err error) {
	var parent any
	if r.Parent != nil {
		parent = sourceID(r.Parent)
	}
	err = w.tx.Query(ctx, func(scan func(...any) error) error { return scan(&id) },
		`INSERT INTO run (source_id, name, path, parent_id, status, start_time, end_time, points, digest, logdir,
version, experiment, group_name)
VALUES ($1, $2, $3, (SELECT run_id FROM run WHERE source_id = $4), $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (source_id) DO UPDATE SET name = excluded.name, path = excluded.path, parent_id = excluded.parent_id,
status = excluded.status, experiment = excluded.experiment, group_name = excluded.group_name,
start_time = excluded.start_time, end_time = excluded.end_time, points = excluded.points, digest = excluded.digest,
logdir = excluded.logdir, version = excluded.version, imported_at = CURRENT_TIMESTAMP
RETURNING run_id`,
		sourceID(r), withoutNUL(r.Name), strings.ToValidUTF8(r.Path, "\uFFFD"), parent, orNull(string(r.Status)),
		w.tx.Time(r.Start), w.tx.Time(r.End), r.Points(), w.digest(r), w.options.Logdir, w.options.Version,
		orNull(w.session.experiment), orNull(w.session.group))
	return id, err
}

// orNull is a text as it is stored where there is one.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return withoutNUL(text)
}

// param is an hparam in the columns of its type.
func param(tx Tx, p *plan.Param) (text, number, boolean any) {
	switch h := p.HParam; h.Kind {
	case hparams.Number:
		return nil, tx.Number(h.Number), nil
	case hparams.Bool:
		return nil, nil, h.Bool
	case hparams.Null:
		return nil, nil, nil
	default:
		return withoutNUL(h.Text), nil, nil
	}
}

func (w *writer) params(ctx context.Context, id int64, r *plan.RunResult) error {
	if len(r.Run.Params) == 0 {
		return nil
	}
	rows := func(yield func([]any, error) bool) {
		for i := range r.Run.Params {
			p := &r.Run.Params[i]
			text, number, boolean := param(w.tx, p)
			if !yield([]any{id, p.Key, kindOf(p), text, number, boolean}, nil) {
				return
			}
		}
	}
	return w.tx.Insert(ctx, "param", []string{"run_id", "name", "kind", "text_value", "number_value", "bool_value"},
		rows)
}

// kindOf is the word for the type of a param.
func kindOf(p *plan.Param) string {
	return [...]string{"null", "number", "text", "bool", "list", "struct"}[p.HParam.Kind]
}

// sourceFiles are the event files of a run, each once.
func sourceFiles(r *plan.Run) (rows [][]any) {
	seen := make(map[string]bool)
	for _, s := range r.Sources {
		for _, f := range s.Stats.Files {
			path := f.Path
			if whole, err := filepath.Abs(path); err == nil {
				path = whole
			}
			path = withoutNUL(strings.ToValidUTF8(path, "\uFFFD"))
			if seen[path] {
				continue
			}
			seen[path] = true
			var host any
			if h := hostOf(path); h != "" {
				host = h
			}
			rows = append(rows, []any{path, f.Bytes, f.Records, host})
		}
	}
	return rows
}

// hostOf is the host in the name of an event file, events.out.tfevents.TIME.HOST
// and what a writer puts after it: numbers, and .v2. Empty: there is none.
func hostOf(path string) string {
	_, rest, ok := strings.Cut(filepath.Base(path), "tfevents.")
	if !ok {
		return ""
	}
	parts := strings.Split(rest, ".")[1:]
	for len(parts) > 0 && (parts[len(parts)-1] == "v2" || strings.Trim(parts[len(parts)-1], "0123456789") == "") {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, ".")
}

func (w *writer) files(ctx context.Context, id int64, r *plan.RunResult) error {
	rows := func(yield func([]any, error) bool) {
		for _, row := range sourceFiles(r.Run) {
			if !yield(append([]any{id}, row...), nil) {
				return
			}
		}
	}
	return w.tx.Insert(ctx, "source_file", []string{"run_id", "path", "bytes", "records", "host"}, rows)
}

// metrics writes the points, and then the metrics, which say what there is of them.
func (w *writer) metrics(ctx context.Context, id int64, r *plan.RunResult) error {
	if len(r.Run.Series) == 0 {
		return nil
	}
	ids, err := w.tx.MetricIDs(ctx, len(r.Run.Series))
	if err != nil {
		return err
	}
	series := make(map[*plan.Series]*written, len(ids))
	for i, s := range r.Run.Series {
		series[s] = &written{id: ids[i]}
	}
	if err := w.tx.InsertPoints(ctx, w.points(ctx, r, series)); err != nil {
		return err
	}
	rows := func(yield func([]any, error) bool) {
		for _, s := range r.Run.Series {
			row := []any{series[s].id, id, s.Key, withoutNUL(s.Tag), s.Points}
			if !yield(append(row, series[s].sums.row(w.tx.Number)...), nil) {
				return
			}
		}
	}
	return w.tx.Insert(ctx, "metric", append([]string{"metric_id", "run_id", "name", "tag", "points"}, sumColumns...),
		rows)
}

// written is a series on its way.
type written struct {
	id   int64
	sums sums
}

// points are the points of a run with their places in their metrics.
func (w *writer) points(ctx context.Context, r *plan.RunResult,
	series map[*plan.Series]*written) iter.Seq2[*Points, error] {
	return func(yield func(*Points, error) bool) {
		var points Points
		for chunk, err := range w.plan.Points(ctx, r.Run, w.options.Read) {
			if err != nil {
				yield(nil, err)
				return
			}
			s := series[chunk.Series]
			if s.id != points.MetricID {
				points.MetricID, points.First = s.id, 0
			}
			s.sums.add(chunk.Steps, chunk.Values)
			points.Steps, points.WallTimes, points.Values = chunk.Steps, chunk.WallTimes, chunk.Values
			if !yield(&points, nil) {
				return
			}
			n := int64(len(chunk.Steps))
			points.First += n
			r.Points += n
			r.Rows += n
			if w.options.Progress != nil {
				w.options.Progress(n)
			}
		}
	}
}
