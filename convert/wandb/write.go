package wandb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// Options say what is written, and where.
type Options struct {
	// Dir is the directory of the runs' directories. It is made where there is
	// none; the one above it must be there.
	Dir string
	// Project, Entity and Group are W&B's own; empty: none is named, and the
	// settings of who syncs count. Without Group a nested run's is its parent.
	Project, Entity, Group string
	// Logdir and Version, of the program, are said in the notes.
	Logdir, Version string
	Read            convert.ReadOptions
	// Progress is told of points that were written or compared; nil: nobody is.
	Progress func(points int64)
	// Waiting is called once where another process has been writing into Dir for two
	// seconds, and this one waits; nil: nobody is told.
	Waiting func()
}

// Write writes every run of a plan that is not there yet as it is in the logs.
// It fails where ctx ends, or where nothing can be written; what is wrong with
// one run is in its result. Of two processes at once one waits for the other.
func Write(ctx context.Context, p *plan.Plan, o Options) (*plan.Result, error) {
	w := &writer{plan: p, options: o}
	if err := CheckProject(o.Project); err != nil {
		return new(plan.Result), err
	}
	if err := makeDir(o.Dir); err != nil {
		return new(plan.Result), err
	}
	release, err := lock(ctx, o.Dir, o.Waiting)
	if err != nil {
		return new(plan.Result), err
	}
	defer release()
	if err := w.list(); err != nil {
		return new(plan.Result), err
	}
	return w.each(ctx, w.run)
}

// Measure gives what Write would write into an empty directory: rows, bytes and
// spreads of each run. It reads the logs, and writes nothing.
func Measure(ctx context.Context, p *plan.Plan, o Options) (*plan.Result, error) {
	w := &writer{plan: p, options: o}
	return w.each(ctx, func(ctx context.Context, r *plan.RunResult) error {
		r.Outcome = plan.Created
		return w.file(ctx, io.Discard, r, func(*mediaFile) error { return nil })
	})
}

// makeDir makes the directory of all runs.
func makeDir(dir string) error {
	err := os.Mkdir(dir, 0o777)
	if errors.Is(err, os.ErrExist) {
		var info os.FileInfo
		if info, err = os.Stat(dir); err == nil && !info.IsDir() {
			return fmt.Errorf("%s: not a directory", dir)
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s: there is no directory %s", dir, filepath.Dir(dir))
	}
	return err
}

// writer writes the runs of a plan.
type writer struct {
	plan    *plan.Plan
	options Options
	commits commits
	there   map[string]string // directories of runs by id
	looked  bool              // for what killed processes have left
}

// list finds the directories of runs that are there.
func (w *writer) list() error {
	w.there = make(map[string]string)
	entries, err := os.ReadDir(w.options.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if name, ok := strings.CutPrefix(e.Name(), prefix); ok {
			w.there[name[strings.LastIndexByte(name, '-')+1:]] = e.Name()
		}
	}
	return err
}

// prefix begins the names of runs' directories.
const prefix = "offline-run-"

// each does something with every run that is one at W&B: directories of runs
// are groups there.
func (w *writer) each(ctx context.Context, f func(context.Context, *plan.RunResult) error) (*plan.Result, error) {
	result := new(plan.Result)
	for _, r := range w.plan.Runs {
		if len(r.Sources) == 0 {
			continue
		}
		run := &plan.RunResult{Run: r}
		result.Runs = append(result.Runs, run)
		if err := f(ctx, run); err != nil {
			w.commits.failed(run, err)
		}
		if ctx.Err() != nil {
			w.commits.all.Wait()
			return result, context.Cause(ctx)
		}
		if w.commits.noRoom() != nil {
			break // the next would find none either
		}
	}
	w.commits.all.Wait()
	return result, w.commits.noRoom()
}

// commits are the ends of runs under way: each waits for the disk several times, and
// they do so side by side.
type commits struct {
	all   sync.WaitGroup
	room  chan struct{} // nil: there was none yet
	mutex sync.Mutex
	full  error
}

// mostCommits are under way at a time.
const mostCommits = 8

// add ends a run by f, sooner or later.
func (c *commits) add(r *plan.RunResult, f func() error) {
	if c.room == nil {
		c.room = make(chan struct{}, mostCommits)
	}
	c.room <- struct{}{}
	c.all.Go(func() {
		if err := f(); err != nil {
			c.failed(r, err)
		}
		<-c.room
	})
}

// failed says what is wrong with a run.
func (c *commits) failed(r *plan.RunResult, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	r.Outcome, r.Err = plan.Failed, err
	if c.full == nil && errors.As(err, new(*output.WriteError)) {
		c.full = err
	}
}

// noRoom is the error of a run that the disk did not take.
func (c *commits) noRoom() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.full
}

// ID is the id of a run at W&B.
func ID(r *plan.Run) string { return r.SourceID[:16] }

// place gives the directory of a run: the one of its id that is there, else a
// new one, of the time of its start.
func (w *writer) place(r *plan.Run) string {
	if name, ok := w.there[ID(r)]; ok {
		return filepath.Join(w.options.Dir, name)
	}
	start := time.UnixMicro(int64(r.Start * 1e6)).UTC()
	if y := start.Year(); y < 1970 || y > 9999 {
		start = time.Unix(0, 0).UTC()
	}
	return filepath.Join(w.options.Dir, prefix+start.Format("20060102_150405")+"-"+ID(r))
}

func fileName(r *plan.Run) string { return "run-" + ID(r) + ".wandb" }

// digest is that of a file: of the run, and of the options that show in it.
func (w *writer) digest(r *plan.Run) string {
	h := sha256.New()
	fmt.Fprintf(h, "2 %s %q %q %q %q", r.Digest, w.options.Project, w.options.Entity, w.group(r), w.options.Logdir)
	return hex.EncodeToString(h.Sum(nil))
}

func (w *writer) group(r *plan.Run) string {
	if w.options.Group == "" && r.Parent != nil {
		return r.Parent.Name
	}
	return w.options.Group
}

// run writes a run.
func (w *writer) run(ctx context.Context, r *plan.RunResult) error {
	r.Where = w.place(r.Run)
	r.Outcome = plan.Created
	switch found, err := w.find(r); {
	case err != nil:
		return err
	case found.digest == w.digest(r.Run) && output.Whole(r.Where):
		r.Outcome = plan.Skipped
		return nil
	case found.digest != "":
		r.Outcome = plan.Grown
	}
	// What "wandb sync" leaves: how far a run was uploaded, and what it makes of the
	// config and the summary.
	synced := func(_, name string) bool {
		return slices.Contains([]string{fileName(r.Run) + ".synced", fileName(r.Run) + ".syncstate",
			filesDir + "/config.yaml", filesDir + "/wandb-summary.json"}, name)
	}
	dir, err := output.CreateDir(r.Where, output.DirOptions{Overwrite: true, Signed: synced, LeaveLeftovers: w.looked})
	if err != nil {
		return err
	}
	w.looked = true
	file, err := dir.File(fileName(r.Run))
	if err != nil {
		return errors.Join(err, dir.Abort())
	}
	if err := w.file(ctx, file, r, func(f *mediaFile) error { return keep(dir, f) }); err != nil {
		return errors.Join(err, file.Abort(), dir.Abort())
	}
	w.commits.add(r, func() error {
		err := file.Commit()
		if err == nil {
			err = dir.Commit()
		}
		if err != nil {
			return errors.Join(err, file.Abort(), dir.Abort())
		}
		return nil
	})
	return nil
}

// keep writes a picture or a sound, unless it is there.
func keep(dir *output.Dir, f *mediaFile) error {
	file, err := dir.File(filesDir + "/" + f.path)
	if errors.Is(err, output.ErrExists) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := file.Write(f.Bytes); err != nil {
		return errors.Join(err, file.Abort())
	}
	return file.Commit()
}

// file writes the file of a run. keep is called for each picture and sound.
func (w *writer) file(ctx context.Context, to io.Writer, r *plan.RunResult, keep func(*mediaFile) error) error {
	log, err := newLogWriter(to)
	if err != nil {
		return err
	}
	h := history{log: log, counted: Counted(r.Run), start: r.Run.Start,
		keys: make(map[*plan.Series]*column, len(r.Run.Series))}
	h.media = newMedia(r, w.options.Read.TempDir, func(f *mediaFile) error { return errors.Join(keep(f), h.file(f)) })
	err = errors.Join(h.record(w.head(r.Run)), h.record(message(nil).message(recordRun, w.runRecord(r.Run))))
	if h.counted && err == nil {
		err = h.define()
	}
	if err == nil {
		err = h.rows(rows.Counted(w.rows(ctx, r.Run, h.media), r), w.options.Progress)
	}
	if err == nil {
		err = h.end(r.Run)
	}
	if err == nil {
		err = log.flush()
	}
	r.Bytes = log.size + r.Media.FileBytes
	return errors.Join(err, h.media.Close())
}

// rows are those of a run, with its media.
func (w *writer) rows(ctx context.Context, r *plan.Run, m *media) iter.Seq2[*rows.Row, error] {
	return rows.Of(ctx, w.plan, r, w.options.Read, func(add rows.Adder) error {
		if len(r.Media) == 0 {
			return nil
		}
		return m.add(w.plan.MediaValues(ctx, r, w.options.Read, rows.MediaForms()...), add)
	})
}

// producer begins the text by which a file of this package is known.
const producer = "tbexport"

// head is the first record: what wrote the file, of which run in which state.
func (w *writer) head(r *plan.Run) message {
	text := strings.Join([]string{producer, r.SourceID, w.digest(r)}, " ")
	return message(nil).message(recordHeader,
		message(nil).message(headerVersion, message(nil).text(versionProducer, text)))
}

// runRecord is the run with its config.
func (w *writer) runRecord(r *plan.Run) message {
	var params message
	for i := range r.Params {
		params = params.item(updateItem, r.Params[i].Key, config(r.Params[i].HParam))
	}
	m := message(nil).text(runID, ID(r)).text(runEntity, w.options.Entity).text(runProject, w.options.Project).
		message(runConfig, params).text(runGroup, w.group(r)).text(runName, r.Name).text(runNotes, w.notes(r)).
		text(runTags, "tensorboard")
	if r.Start > 0 {
		m = m.time(runStart, r.Start)
	}
	return m
}
