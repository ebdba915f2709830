package trackio

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// standing is what is there of a run.
type standing struct {
	from   *provenance // nil: no config of this package
	config string      // empty: none at all
	name   string      // that of the plan, or the one that somebody gave the run in Trackio
	rows   int64       // of this package
}

// querier is a database, or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// standingOf is what the config of a run says. rows are not counted.
func standingOf(ctx context.Context, q querier, r *plan.Run) (standing, error) {
	there := standing{name: r.Name}
	var name string
	err := q.QueryRowContext(ctx, "SELECT run_name, config FROM configs WHERE run_id = ?", RunID(r)).
		Scan(&name, &there.config)
	if errors.Is(err, sql.ErrNoRows) {
		return there, nil
	}
	if err != nil {
		return there, err
	}
	var config struct {
		P *provenance `json:"_tbexport"`
	}
	given := r.Name
	if json.Unmarshal([]byte(there.config), &config) == nil && config.P != nil {
		there.from = config.P
		if config.P.Name != "" { // older versions did not say it
			given = config.P.Name
		}
	}
	if name != given {
		there.name = name
	}
	return there, nil
}

// theirs are the params of a run that somebody gave it, as JSON. Trackio replaces the
// config of a run that is resumed: then all that is there is theirs.
func (s *standing) theirs(r *plan.Run) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(s.config), &all) != nil {
		return nil
	}
	maps.DeleteFunc(all, func(key string, _ json.RawMessage) bool {
		return strings.HasPrefix(key, "_") || s.from != nil && !slices.Contains(s.from.Added, key) ||
			slices.ContainsFunc(r.Params, func(p plan.Param) bool { return p.Key == key })
	})
	return all
}

// claim gives rows of a run their log_ids again, and says how many: Trackio writes
// the rows of a run that is renamed anew, without them. A row of the logs claims one
// of its step that holds nothing else, of several one with its time.
func (w *writer) claim(ctx context.Context, tx *sql.Tx, r *plan.Run, name string) (n int64, err error) {
	const without = "FROM metrics WHERE run_id = ? AND log_id IS NULL"
	var some bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 "+without+")", RunID(r)).Scan(&some); err != nil || !some {
		return 0, err
	}
	find, err := tx.PrepareContext(ctx, "SELECT id, timestamp, metrics "+without+" AND step = ? ORDER BY id")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, find.Close()) }()
	m := newMedia(&plan.RunResult{Run: r}, name, &w.options, func(*mediaFile) error { return nil })
	defer func() { err = errors.Join(err, m.Close()) }()
	e := newEncoder(r, m.Get)
	for row, err := range w.all(ctx, m) {
		var c columns
		if err == nil {
			c, err = e.row(row)
		}
		var id int64
		if err == nil {
			id, err = claimed(ctx, find, RunID(r), row.Step, &c)
		}
		if err != nil {
			return n, err
		}
		if id == 0 {
			continue
		}
		// One that has this log_id already stays, and what it doubles is somebody's row.
		done, err := tx.ExecContext(ctx, "UPDATE OR IGNORE metrics SET log_id = ? WHERE id = ?", c.logID, id)
		if err != nil {
			return n, err
		}
		changed, err := done.RowsAffected()
		if err != nil {
			return n, err
		}
		n += changed
	}
	return n, nil
}

// claimed is the id of the row that a row of the logs claims; 0: there is none.
func claimed(ctx context.Context, find *sql.Stmt, run string, step int64, c *columns) (found int64, err error) {
	var wanted rows.Stored
	names := make(map[string]string)
	if err := parseRow(c.metrics, &wanted, names); err != nil {
		return 0, err
	}
	all, err := find.QueryContext(ctx, run, step)
	if err != nil {
		return 0, err
	}
	defer all.Close()
	for all.Next() {
		var id int64
		var time, metrics string
		if err := all.Scan(&id, &time, &metrics); err != nil {
			return 0, err
		}
		var stored rows.Stored
		if parseRow(metrics, &stored, names) != nil || !wanted.Holds(&stored) || holdsMore(metrics, &stored) {
			continue
		}
		if time == c.timestamp {
			return id, nil
		}
		if found == 0 {
			found = id
		}
	}
	return found, all.Err()
}

// holdsMore reports whether the metrics of a row are not all in what was parsed of them.
func holdsMore(metrics string, row *rows.Stored) bool {
	var all map[string]json.RawMessage
	return json.Unmarshal([]byte(metrics), &all) != nil || len(all) != len(row.Values)+len(row.Media)
}
