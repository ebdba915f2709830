// Package rewrite writes the readable part of a logdir: the same tree of event
// files with the same records, byte for byte, without what is damaged.
package rewrite

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"tbexport/convert/output"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/tfrecord"
)

// Options say what a repair does. Progress may be nil.
type Options struct {
	// Store opens the files; nil: that of the file system.
	Store eventfile.Store
	// SaveDamaged is a directory for what was left out; empty: for nothing. Of
	// the file a/b it gets the stretch that begins at offset N as a/b@N. Of an event
	// that is not written as it stands, that is the whole record.
	SaveDamaged string
	Progress    func(bytes int64)
	// SkipDataCRC trusts the bytes of a record whose length is good, and those of a
	// file whose framing is wrong throughout.
	SkipDataCRC bool
}

// Result is what a repair did.
type Result struct {
	Files    []*eventfile.FileStats // in the order of the runs and their files
	Repaired int                    // files that are not written as they are
	Records  int64                  // written
	Bytes    int64                  // written
	LeftOut  int64                  // bytes not written
	Spelled  int64                  // events whose texts were not UTF-8, and are written with U+FFFD
}

// Run repairs the runs of a logdir, or of one event file, into the directory
// out, which must be empty or not be there. Both out and the directory of what
// was left out must lie outside the logdir, which is not touched. They appear
// when all is written, or not at all.
func Run(ctx context.Context, logdir string, runs []eventfile.Run, out string, o Options) (*Result, error) {
	if o.Store == nil {
		o.Store = dirstore.New()
	}
	r := repairer{ctx: ctx, logdir: logdir, options: o, result: new(Result),
		events: eventfile.NewReader(eventfile.ReaderOptions{SkipDataCRC: o.SkipDataCRC, OtherRecords: true,
			CheckValues: true})}
	err := r.begin(out)
	if err == nil {
		err = r.runs(runs)
	}
	if err == nil {
		err = r.commit()
	}
	if err != nil {
		return r.result, errors.Join(err, r.abort())
	}
	return r.result, nil
}

type repairer struct {
	ctx          context.Context
	logdir       string
	options      Options
	events       *eventfile.Reader
	out, damaged *output.Dir // damaged is nil where nobody wants it
	result       *Result
}

func (r *repairer) begin(out string) (err error) {
	for _, dir := range []string{out, r.options.SaveDamaged} {
		if err := outside(dir, r.logdir); err != nil {
			return err
		}
	}
	if damaged := r.options.SaveDamaged; damaged != "" {
		if output.Inside(damaged, out) || output.Inside(out, damaged) {
			return fmt.Errorf("%s: what is left out needs a directory of its own, not in %s nor around it", damaged,
				out)
		}
	}
	o := output.DirOptions{NoManifest: true}
	if r.out, err = output.CreateDir(out, o); err != nil {
		return err
	}
	if r.options.SaveDamaged != "" {
		r.damaged, err = output.CreateDir(r.options.SaveDamaged, o)
	}
	return err
}

func (r *repairer) commit() error {
	if r.damaged != nil {
		if err := r.damaged.Commit(); err != nil {
			return err
		}
	}
	return r.out.Commit()
}

func (r *repairer) abort() (err error) {
	if r.out != nil {
		err = r.out.Abort()
	}
	if r.damaged != nil {
		err = errors.Join(err, r.damaged.Abort())
	}
	return err
}

func (r *repairer) runs(runs []eventfile.Run) error {
	for _, run := range runs {
		r.events.NextRun()
		for _, path := range run.Files {
			if err := r.file(path); err != nil {
				return err
			}
		}
		for _, path := range run.Markers {
			if err := r.marker(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// name is where a file of the logdir goes.
func (r *repairer) name(path string) (string, error) {
	rel, err := filepath.Rel(r.logdir, path)
	if rel == "." { // the logdir is the file
		rel = filepath.Base(path)
	}
	return filepath.ToSlash(rel), err
}

func (r *repairer) marker(path string) error {
	name, err := r.name(path)
	if err != nil {
		return err
	}
	file, err := r.out.File(name)
	if err != nil {
		return err
	}
	return file.Commit()
}

func (r *repairer) file(path string) error {
	name, err := r.name(path)
	if err != nil {
		return err
	}
	from, err := r.options.Store.Open(r.ctx, path)
	if err != nil {
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		r.result.Files = append(r.result.Files, &eventfile.FileStats{Path: path, Err: err})
		return nil // stands in the stats
	}
	defer from.Close()
	r.events.Reset(r.ctx, path, from)
	stats := r.events.Stats()
	r.result.Files = append(r.result.Files, stats)
	if stats.Err != nil {
		return nil // it is no file of records
	}
	file, err := r.out.File(name)
	if err != nil {
		return err
	}
	to := bufio.NewWriterSize(file, 256<<10)
	spelled := r.result.Spelled
	if err = r.copyRecords(to, source{from, name}); err == nil {
		err = to.Flush()
	}
	if err == nil {
		err = file.Commit()
	}
	if err != nil {
		return errors.Join(err, file.Abort())
	}
	if len(stats.Damage) > 0 || stats.Err != nil || stats.Framing != tfrecord.Sound || r.result.Spelled > spelled {
		r.result.Repaired++
	}
	return nil
}

// source is an open file, and where it goes.
type source struct {
	eventfile.File
	name string
}

// copyRecords copies the records. TensorBoard gives up on a file at the first
// event that does not decode wholly, so that what does not is left out of it.
func (r *repairer) copyRecords(to io.Writer, from source) error {
	records, stats := tfrecord.NewWriter(to), r.events.Stats()
	told := int64(0)
	for n := 1; ; n++ {
		known := len(stats.Damage)
		e, err := r.events.Next()
		var d *eventfile.Damage
		switch {
		case err == io.EOF:
			r.tell(stats.Bytes - told)
			return nil
		case errors.As(err, &d):
			err = nil
			if d.Cause != eventfile.CauseValue { // else it was left out of its event, below
				r.result.LeftOut += d.Bytes
				err = r.save(from, d.Offset, d.Bytes)
			}
		case err != nil:
			return r.ctx.Err() // else the rest of the file is unreadable, which stands in the stats
		default:
			err = r.event(records, from, e.Raw(), len(stats.Damage) > known)
		}
		if err == nil && n%4096 == 0 {
			r.tell(r.events.Offset() - told)
			told = r.events.Offset()
			err = r.ctx.Err()
		}
		if err != nil {
			return err
		}
	}
}

// frameBytes are those of a record beside its payload.
const frameBytes = 16

// event writes what is sound of an event.
func (r *repairer) event(to *tfrecord.Writer, from source, raw []byte, damaged bool) error {
	payload, err := r.events.Repaired()
	if err != nil {
		r.result.LeftOut += frameBytes + int64(len(raw))
		return r.save(from, r.events.Offset(), frameBytes+int64(len(raw)))
	}
	r.result.Records++
	r.result.Bytes += frameBytes + int64(len(payload))
	if damaged || !bytes.Equal(payload, raw) {
		if damaged {
			r.result.LeftOut += int64(max(len(raw)-len(payload), 0))
		} else {
			r.result.Spelled++
		}
		if err := r.save(from, r.events.Offset(), frameBytes+int64(len(raw))); err != nil {
			return err
		}
	}
	return to.Write(payload)
}

func (r *repairer) tell(bytes int64) {
	if r.options.Progress != nil {
		r.options.Progress(bytes)
	}
}

// save saves a stretch of a file, if asked to.
func (r *repairer) save(from source, offset, bytes int64) error {
	if r.damaged == nil {
		return nil
	}
	to, err := r.damaged.File(fmt.Sprintf("%s@%d", from.name, offset))
	if err != nil {
		return err
	}
	if _, err = io.Copy(to, io.NewSectionReader(from, offset, bytes)); err == nil {
		err = to.Commit()
	}
	if err != nil {
		return errors.Join(err, to.Abort())
	}
	return nil
}

// outside refuses a directory that is the logdir or lies in it, through
// whatever links.
func outside(dir, logdir string) error {
	if dir == "" {
		return nil
	}
	for _, path := range []string{dir, logdir} {
		if _, err := output.RealPath(path); err != nil {
			return err
		}
	}
	if output.Inside(dir, logdir) {
		return fmt.Errorf("%s: lies in %s, which is only read", dir, logdir)
	}
	return nil
}
