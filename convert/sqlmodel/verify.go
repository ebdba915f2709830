package sqlmodel

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"

	"tbexport/convert/plan"
)

// Verify compares every row of every run with the logs, and the files that media
// names with their rows. It fails where ctx ends,
// or where the database cannot be read; what is other in a run is in its result.
func Verify(ctx context.Context, d Database, p *plan.Plan, o Options) (*plan.Result, error) {
	result, all := new(plan.Result), sessions(p)
	for _, r := range p.Runs {
		run := &plan.RunResult{Run: r, Outcome: plan.Missing}
		result.Runs = append(result.Runs, run)
		err := d.Transaction(ctx, r.SourceID, func(tx Tx) error {
			*run = plan.RunResult{Run: r, Outcome: plan.Missing}
			return (&verifier{p, &o, tx, run, all[r]}).run(ctx)
		})
		if err != nil {
			run.Outcome, run.Err = plan.Failed, err
			return result, cause(ctx, err)
		}
	}
	return result, nil
}

// verifier compares one run.
type verifier struct {
	plan    *plan.Plan
	options *Options
	tx      Tx
	result  *plan.RunResult
	session session
}

func (v *verifier) differs(what, key, expected, got string) {
	v.result.Differences = append(v.result.Differences,
		plan.Difference{What: what, Key: key, Expected: expected, Got: got})
}

func (v *verifier) run(ctx context.Context) error {
	there, err := find(ctx, v.tx, v.result.Run)
	if err != nil || there == nil {
		return err
	}
	v.result.Outcome, v.result.Where = plan.Verified, fmt.Sprint(there.id)
	for _, part := range []func(context.Context, int64) error{v.itself, v.params, v.files, v.metrics,
		v.values, v.extracted} {
		if err := part(ctx, there.id); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) itself(ctx context.Context, id int64) error {
	r := v.result.Run
	var name, path, status, experiment, group string
	var points int64
	var start, end bool
	err := v.tx.Query(ctx, func(scan func(...any) error) error {
		return scan(&name, &path, &status, &experiment, &group, &points, &start, &end)
	},
		`SELECT name, path, coalesce(status, ''), coalesce(experiment, ''), coalesce(group_name, ''), points,
	start_time IS NOT DISTINCT FROM $2, end_time IS NOT DISTINCT FROM $3
FROM run WHERE run_id = $1`, id, v.tx.Time(r.Start), v.tx.Time(r.End))
	if err != nil {
		return err
	}
	for _, x := range [][3]string{
		{"name", withoutNUL(r.Name), name}, {"path", strings.ToValidUTF8(r.Path, "\uFFFD"), path},
		{"status", string(r.Status), status},
		{"experiment", withoutNUL(v.session.experiment), experiment}, {"group", withoutNUL(v.session.group), group},
		{"points", fmt.Sprint(r.Points()), fmt.Sprint(points)},
		{"start time", "the same", map[bool]string{true: "the same", false: "another"}[start]},
		{"end time", "the same", map[bool]string{true: "the same", false: "another"}[end]},
	} {
		if x[1] != x[2] {
			v.differs(x[0], "", x[1], x[2])
		}
	}
	return nil
}

// compare compares rows, which are texts by a key, with those that a query gives.
func (v *verifier) compare(ctx context.Context, what string, expected map[string]string, id int64, query string,
	columns int) error {
	err := v.tx.Query(ctx, func(scan func(...any) error) error {
		var key string
		values := make([]any, columns)
		into := []any{&key}
		for i := range values {
			into = append(into, &values[i])
		}
		if err := scan(into...); err != nil {
			return err
		}
		got := shown(values)
		if want, ok := expected[key]; !ok || want != got {
			v.differs(what, key, want, got)
		}
		delete(expected, key)
		return nil
	}, query, id)
	for key, want := range expected {
		v.differs(what, key, want, "")
	}
	return err
}

// shown is a row as a text that is another for every other row.
func shown(values []any) (text string) {
	for _, x := range values {
		switch x := x.(type) {
		case float64:
			text += fmt.Sprintf("%x;", bitsOf(x))
		case bool:
			text += map[bool]string{true: "1;", false: "0;"}[x] // SQLite's
		case []byte:
			text += fmt.Sprintf("%q;", x)
		case string:
			text += fmt.Sprintf("%q;", x)
		default:
			text += fmt.Sprintf("%v;", x)
		}
	}
	return text
}

func (v *verifier) params(ctx context.Context, id int64) error {
	expected := make(map[string]string)
	for i := range v.result.Run.Params {
		p := &v.result.Run.Params[i]
		text, number, boolean := param(v.tx, p)
		expected[p.Key] = shown([]any{kindOf(p), text, number, boolean})
	}
	return v.compare(ctx, "param", expected, id,
		"SELECT name, kind, text_value, number_value, bool_value FROM param WHERE run_id = $1", 4)
}

// files compares the source files, whatever directory they are in: logs may have
// moved since.
func (v *verifier) files(ctx context.Context, id int64) error {
	var here, there rowSum
	for _, row := range sourceFiles(v.result.Run) {
		here.add(shown(append([]any{filepath.Base(row[0].(string))}, row[1:]...)))
	}
	err := v.tx.Query(ctx, func(scan func(...any) error) error {
		var path string
		row := make([]any, 4)
		if err := scan(&path, &row[1], &row[2], &row[3]); err != nil {
			return err
		}
		row[0] = filepath.Base(path)
		there.add(shown(row))
		return nil
	}, "SELECT path, bytes, records, host FROM source_file WHERE run_id = $1", id)
	if err == nil && here != there {
		v.differs("source files", "", fmt.Sprintf("%d files", here.rows),
			fmt.Sprintf("%d files, not the same", there.rows))
	}
	return err
}

// metrics compares metrics and all their points.
func (v *verifier) metrics(ctx context.Context, id int64) error {
	there, err := v.storedMetrics(ctx, id)
	if err != nil {
		return err
	}
	c := comparison{verifier: v}
	defer c.stop()
	for chunk, err := range v.plan.Points(ctx, v.result.Run, v.options.Read) {
		if err != nil {
			return err
		}
		if chunk.Series != c.series {
			if err := c.end(); err != nil {
				return err
			}
			c.begin(ctx, chunk.Series, there[chunk.Series.Key])
			delete(there, chunk.Series.Key)
		}
		if err := c.add(chunk); err != nil {
			return err
		}
		if v.options.Progress != nil {
			v.options.Progress(int64(len(chunk.Steps)))
		}
	}
	if err := c.end(); err != nil {
		return err
	}
	for _, s := range v.result.Run.Series {
		if _, ok := there[s.Key]; ok && s.Points == 0 {
			delete(there, s.Key)
		}
	}
	for name := range there {
		v.differs("metric", name, "", "a metric")
	}
	return nil
}

// storedMetric is a row of the table metric: its id, and what it says of its points.
type storedMetric struct {
	id   int64
	sums []any
}

// storedMetrics are those of a run by name.
func (v *verifier) storedMetrics(ctx context.Context, id int64) (map[string]*storedMetric, error) {
	there := make(map[string]*storedMetric)
	err := v.tx.Query(ctx, func(scan func(...any) error) error {
		var name string
		m := &storedMetric{sums: make([]any, len(sumColumns))}
		into := []any{&name, &m.id}
		for i := range m.sums {
			into = append(into, &m.sums[i])
		}
		err := scan(into...)
		there[name] = m
		return err
	}, "SELECT name, metric_id, "+strings.Join(sumColumns, ", ")+" FROM metric WHERE run_id = $1", id)
	return there, err
}

// rowSum tells sets of rows apart, whatever their order.
type rowSum struct {
	rows int64
	sums [4]uint64
}

func (s *rowSum) add(row string) {
	s.rows++
	h := sha256.Sum256([]byte(row))
	for i := range s.sums {
		s.sums[i] += binary.LittleEndian.Uint64(h[8*i:])
	}
}

// values compares the rows of texts and histograms.
func (v *verifier) values(ctx context.Context, id int64) error {
	for _, t := range valueTables() {
		if err := v.compareValues(ctx, id, t); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) compareValues(ctx context.Context, id int64, t valueTable) error {
	var here, there rowSum
	for row, err := range valueRows(ctx, v.tx.Number, v.result, t, v.options.Read) {
		if err != nil {
			return err
		}
		here.add(shown(row.columns))
	}
	query := "SELECT " + strings.Join(t.columns, ", ") + " FROM " + t.name + " WHERE run_id = $1"
	if t.kind != "" {
		query += " AND kind = '" + t.kind + "'"
	}
	err := v.tx.Query(ctx, func(scan func(...any) error) error {
		values := make([]any, len(t.columns))
		into := make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		if err := scan(into...); err != nil {
			return err
		}
		there.add(shown(values))
		return nil
	}, query, id)
	if err == nil && here != there {
		v.differs(string(t.form), "", fmt.Sprintf("%d rows", here.rows),
			fmt.Sprintf("%d rows, not the same", there.rows))
	}
	return err
}
