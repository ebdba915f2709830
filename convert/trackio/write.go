package trackio

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// Options say what is written, and where.
type Options struct {
	// Dir is the directory of the projects, and Project the name of one.
	Dir, Project string
	// Group is the runs' group; empty: none, and that of a nested run is its
	// parent.
	Group string
	// User, Logdir and Version, of the program, stand in the configs.
	User, Logdir, Version string
	Read                  convert.ReadOptions
	// Progress is told of points that were written or compared; nil: nobody is.
	Progress func(points int64)
	// Waiting is called where another process has held the project's lock for two
	// seconds, and this one waits; nil: nobody is told.
	Waiting func()
}

// Path is the file of the project.
func (o *Options) Path() string { return filepath.Join(o.Dir, o.Project+".db") }

// Write writes every run of a plan that is not there yet as it is in the logs.
// It fails where ctx ends, and at the first run that the database does not take.
// Trackio's lock is held for one run at a time.
func Write(ctx context.Context, p *plan.Plan, o Options) (result *plan.Result, err error) {
	result = new(plan.Result)
	if err := CheckProject(o.Project); err != nil {
		return result, err
	}
	if err := os.MkdirAll(o.Dir, 0o777); err != nil {
		return result, err
	}
	w, u := &writer{plan: p, options: o}, useOf(p)
	err = w.locked(ctx, func() (err error) {
		if w.database, err = open(ctx, o.Dir, o.Project, u); err != nil || atLeastRows(p) <= mostBareRows {
			return err
		}
		return w.database.failed(w.database.index(ctx))
	})
	if err != nil {
		return result, err
	}
	defer func() {
		if e := w.database.close(u); err == nil {
			err = e
		}
	}()
	for _, r := range p.Runs {
		if len(r.Sources) == 0 {
			continue
		}
		run := &plan.RunResult{Run: r, Where: RunID(r)}
		result.Runs = append(result.Runs, run)
		if run.Err = w.locked(ctx, func() error { return w.run(ctx, run) }); run.Err != nil {
			run.Outcome = plan.Failed
			return result, w.database.failed(cause(ctx, run.Err))
		}
	}
	err = w.locked(ctx, func() error { return w.database.index(ctx) })
	return result, w.database.failed(cause(ctx, err))
}

// What a plan must have for a write-ahead log not to be worth it: so few runs that
// waiting for the disk for each does not matter, or so many points in each that
// writing twice is more.
const (
	fewRuns    = 32
	manyPoints = 10_000
)

// mostBareRows are the rows that get their indexes together: of more, sorting
// them would need much of a disk that nobody has chosen.
const mostBareRows = 2_000_000

func useOf(p *plan.Plan) use {
	runs := int64(len(p.Runs))
	if runs <= fewRuns || p.Totals().Points >= runs*manyPoints {
		return toWriteFew
	}
	return toWrite
}

// atLeastRows is how many rows a plan has, where points of a step share one.
func atLeastRows(p *plan.Plan) (n int64) {
	for _, r := range p.Runs {
		most := int64(0)
		for _, s := range r.Series {
			most = max(most, s.Points)
		}
		n += most
	}
	return n
}

// locked does f under the project's lock.
func (w *writer) locked(ctx context.Context, f func() error) error {
	release, err := lock(ctx, filepath.Join(w.options.Dir, w.options.Project+".lock"), w.options.Waiting)
	if err != nil {
		return err
	}
	defer release()
	return f()
}

// cause is the end of the context where there is one.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Measure gives what Write would write of each run into an empty project. It
// reads the logs, and writes nothing.
func Measure(ctx context.Context, p *plan.Plan, o Options) (*plan.Result, error) {
	result, w := new(plan.Result), &writer{plan: p, options: o}
	for _, r := range p.Runs {
		if len(r.Sources) == 0 {
			continue
		}
		run := &plan.RunResult{Run: r, Outcome: plan.Created}
		result.Runs = append(result.Runs, run)
		if err := w.measure(ctx, run); err != nil {
			return result, err
		}
	}
	return result, nil
}

func (w *writer) measure(ctx context.Context, r *plan.RunResult) (err error) {
	m := newMedia(r, r.Run.Name, &w.options, func(*mediaFile) error { return nil })
	defer func() { err = errors.Join(err, m.Close()) }()
	e := newEncoder(r.Run, m.Get)
	for row, err := range rows.Counted(w.of(ctx, m), r) {
		var stored columns
		if err == nil {
			stored, err = e.row(row)
		}
		if err != nil {
			return err
		}
		r.Bytes += int64(rowBytes + len(r.Run.Name) + len(stored.metrics) + len(stored.logID))
		if stored.moved {
			r.BadTimes++
		}
	}
	r.Bytes += r.Media.FileBytes
	return nil
}

// of are the rows of a run, with its media.
func (w *writer) of(ctx context.Context, m *media) iter.Seq2[*rows.Row, error] {
	values := w.plan.MediaValues(ctx, m.run.Run, w.options.Read, rows.MediaForms()...)
	return rows.Of(ctx, w.plan, m.run.Run, w.options.Read, m.adder(values))
}

// rowBytes is what a row takes with its entries in three indexes, but for texts
// that depend on it.
const rowBytes = 230

// RunID is the id of a run in Trackio.
func RunID(r *plan.Run) string { return r.SourceID[:32] }

// writer writes the runs of a plan.
type writer struct {
	plan     *plan.Plan
	options  Options
	database *database
}

// provenanceKey is where a config says what this package needs to know.
const provenanceKey = "_tbexport"

// provenance says where a run comes from, and how far it was written.
type provenance struct {
	SourceID string `json:"source_id"`
	Digest   string `json:"digest"`
	Rows     int64  `json:"rows"`
	Run      string `json:"run"`
	Name     string `json:"name"` // that the run was given; it has another where somebody renamed it
	Logdir   string `json:"logdir"`
	Status   string `json:"status"`
	Version  string `json:"version"`
	// Of the files of pictures and sound.
	Files     int   `json:"files,omitempty"`
	FileBytes int64 `json:"file_bytes,omitempty"`
	// Added are the params that are somebody's.
	Added []string `json:"added,omitempty"`
}

// digest is that of a run and of the options that show in it.
func (w *writer) digest(r *plan.Run) string {
	h := sha256.New()
	fmt.Fprintf(h, "2 %s %q %q %q", r.Digest, w.group(r), w.options.User, w.options.Logdir)
	return hex.EncodeToString(h.Sum(nil))
}

func (w *writer) group(r *plan.Run) string {
	if w.options.Group == "" && r.Parent != nil {
		return r.Parent.Name
	}
	return w.options.Group
}

// run writes a run in one transaction.
func (w *writer) run(ctx context.Context, r *plan.RunResult) error {
	return w.database.transaction(ctx, func(tx *sql.Tx) error {
		there, err := w.there(ctx, tx, r)
		if err != nil {
			return err
		}
		before := there.from
		switch {
		case before != nil && before.Digest == w.digest(r.Run) && before.Rows == there.rows &&
			w.hasFiles(there.name, before):
			r.Outcome = plan.Skipped
			return nil
		case before != nil || there.rows > 0:
			r.Outcome = plan.Grown
		default:
			r.Outcome = plan.Created
		}
		if err := w.rows(ctx, tx, r, there); err != nil {
			return err
		}
		return w.config(ctx, tx, r, there)
	})
}

// there is what is there of a run: in a bare file nothing, as no run is written twice.
func (w *writer) there(ctx context.Context, tx *sql.Tx, r *plan.RunResult) (there standing, err error) {
	bare, err := w.database.stillBare(ctx, tx)
	if bare || err != nil {
		return standing{name: r.Run.Name}, err
	}
	if there, err = standingOf(ctx, tx, r.Run); err != nil {
		return there, err
	}
	if there.rows, err = count(ctx, tx, r); err != nil || there.from != nil && there.rows >= there.from.Rows {
		return there, err
	}
	n, err := w.claim(ctx, tx, r.Run, there.name)
	there.rows += n
	return there, err
}

// hasFiles reports whether the files of a run are there: as many and as large as they
// were, or more where others put some beside them.
func (w *writer) hasFiles(name string, p *provenance) bool {
	if p.Files == 0 {
		return true
	}
	n, bytes, err := w.files(name)
	return err == nil && n >= p.Files && bytes >= p.FileBytes
}

// filesDir is the directory of a run's files.
func (w *writer) filesDir(name string) string {
	return filepath.Join(w.options.Dir, mediaDir, filepath.FromSlash(runFiles(w.options.Project, name)))
}

// removeLeftovers removes what a killed process has left of files. The transaction
// keeps others from writing any.
func (w *writer) removeLeftovers(name string) {
	entries, err := os.ReadDir(w.filesDir(name))
	if err != nil {
		return // there is nothing, or writing says why not
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temporaryPrefix) {
			_ = os.Remove(filepath.Join(w.filesDir(name), e.Name()))
		}
	}
}

// files are those of the pictures and sound of a run.
func (w *writer) files(name string) (n int, bytes int64, err error) {
	entries, err := os.ReadDir(w.filesDir(name))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temporaryPrefix) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return n, bytes, err
		}
		n, bytes = n+1, bytes+info.Size()
	}
	return n, bytes, err
}

// count is how many rows of a run are there that this package wrote.
func count(ctx context.Context, tx *sql.Tx, r *plan.RunResult) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM metrics WHERE run_id = ? AND log_id LIKE 'tbexport-%'",
		RunID(r.Run)).Scan(&n)
	return n, err
}

// inFile is how many rows of a run are in the file: one without points where it has
// none.
func inFile(r *plan.RunResult) int64 { return max(r.Rows, 1) }

// rows writes the rows of a run, of which some may be there.
func (w *writer) rows(ctx context.Context, tx *sql.Tx, r *plan.RunResult, there standing) error {
	if err := w.insert(ctx, tx, r, there.name, there.rows > 0); err != nil || there.rows == 0 {
		return err
	}
	now, err := count(ctx, tx, r)
	if err != nil || now == inFile(r) {
		return err
	}
	// Others are of points that are not selected any more.
	if _, err := tx.ExecContext(ctx, "DELETE FROM metrics WHERE run_id = ? AND log_id LIKE 'tbexport-%'",
		RunID(r.Run)); err != nil {
		return err
	}
	*r = plan.RunResult{Run: r.Run, Where: r.Where, Outcome: r.Outcome}
	return w.insert(ctx, tx, r, there.name, false)
}

// insert writes the rows of a run under a name; mend: those that are there become
// what they are to be.
func (w *writer) insert(ctx context.Context, tx *sql.Tx, r *plan.RunResult, name string, mend bool) (err error) {
	w.removeLeftovers(name)
	b := newBatch(tx, RunID(r.Run), name, mend)
	defer func() { err = errors.Join(err, b.close()) }()
	m := newMedia(r, name, &w.options, func(f *mediaFile) error { return keepFile(w.options.Dir, f) })
	defer func() { err = errors.Join(err, m.Close()) }()
	e := newEncoder(r.Run, m.Get)
	for row, err := range w.all(ctx, m) {
		var c columns
		if err == nil {
			c, err = e.row(row)
		}
		if err != nil {
			return err
		}
		if c.moved {
			r.BadTimes++
		}
		if err := b.add(ctx, row.Step, &c); err != nil {
			return err
		}
		if w.options.Progress != nil {
			w.options.Progress(int64(len(row.Points)))
		}
	}
	return b.flush(ctx)
}

// all are the rows of a run. Trackio lists a run by its rows: one without any gets
// one without points.
func (w *writer) all(ctx context.Context, m *media) iter.Seq2[*rows.Row, error] {
	return func(yield func(*rows.Row, error) bool) {
		for row, err := range rows.Counted(w.of(ctx, m), m.run) {
			if !yield(row, err) || err != nil {
				return
			}
		}
		if m.run.Rows == 0 {
			yield(new(rows.Row), nil)
		}
	}
}

// config writes the config of a run.
func (w *writer) config(ctx context.Context, tx *sql.Tx, r *plan.RunResult, there standing) error {
	created, _ := timestamp(r.Run.Start)
	text, err := w.configText(r, there, created)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (run_id) DO UPDATE SET run_name = excluded.run_name, config = excluded.config`,
		RunID(r.Run), there.name, text, created)
	return err
}

func (w *writer) configText(r *plan.RunResult, there standing, created string) (string, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i := range r.Run.Params {
		p := &r.Run.Params[i]
		b.WriteString(quote(p.Key) + ":" + config(p.HParam) + ",")
	}
	theirs := there.theirs(r.Run)
	added := slices.Sorted(maps.Keys(theirs))
	for _, key := range added {
		b.WriteString(quote(key) + ":" + string(theirs[key]) + ",")
	}
	group := "null"
	if g := w.group(r.Run); g != "" {
		group = quote(g)
	}
	n, bytes, err := w.files(there.name)
	if err != nil {
		return "", err
	}
	from, err := json.Marshal(provenance{
		SourceID: r.Run.SourceID, Digest: w.digest(r.Run), Rows: inFile(r), Run: r.Run.Path, Name: r.Run.Name,
		Logdir: w.options.Logdir,
		Status: string(r.Run.Status.OrFinished()), Version: w.options.Version,
		Files: n, FileBytes: bytes, Added: added,
	})
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, `"_Username":%s,"_Created":%s,"_Group":%s,%q:%s}`,
		quote(w.options.User), quote(created), group, provenanceKey, from)
	return b.String(), nil
}
