package eventfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"tbexport/eventfile/event"
	"tbexport/eventfile/tfrecord"
)

// Position is where in its training an event stands.
type Position struct {
	Step     int64
	WallTime float64
}

// Causes of damage beside those of package tfrecord.
const (
	CauseEvent = "undecodable event" // the record is whole, its payload is no event
	CauseValue = "undecodable value" // the event is one, a part of it does not decode
)

// Damage is one unreadable part of an event file. Reading goes on after it.
type Damage struct {
	Path   string
	Offset int64 // of its first byte; for CauseValue, of the record it is in
	Bytes  int64
	Cause  string // a tfrecord.Cause in words, CauseEvent or CauseValue
	// Records is how many records were lost, or -1: that cannot be known. An
	// undecodable value counts as none.
	Records int64
	// Torn says that the file just ends too early, as a live or killed writer
	// leaves it. Any other damage is data lost to corruption.
	Torn bool
	// Before and After are the last event of the file before the damage and
	// the first after it; nil where there is none.
	Before, After *Position
}

func (d *Damage) Error() string {
	bytes := "bytes"
	if d.Bytes == 1 {
		bytes = "byte"
	}
	return fmt.Sprintf("%s: offset %d: %s, %d %s unreadable", d.Path, d.Offset, d.Cause, d.Bytes, bytes)
}

// ReaderOptions say how event files are read. The zero value is the safe default.
type ReaderOptions struct {
	// SkipDataCRC trusts the bytes of a record whose length is good, and those of a
	// file whose framing is wrong throughout.
	SkipDataCRC bool
	// OtherRecords reads files of whole records that are no events, such as TFRecord
	// data sets, too: each record is an event of nothing but its Raw bytes.
	OtherRecords bool
	// CheckValues decodes every value, as what its tag shows, to find damage in it.
	CheckValues bool
	// Long has room for long records; nil: that is the reader's own.
	Long *tfrecord.Memory
	// WallTimeUnit is that of the wall times in the files. All that is given out is
	// in seconds, but for Raw bytes.
	WallTimeUnit TimeUnit
}

// Reader reads the events of one file after another. It is not safe for
// concurrent use.
type Reader struct {
	options ReaderOptions
	source  contextReader // the file
	records *tfrecord.Reader
	event   event.Event
	last    Position
	damage  []*Damage // to be given out by the next calls
	tags    tagTable  // of CheckValues
	stats   *FileStats
	open    int // damages at the end of stats that await their After

	// What next returns, if held.
	held    bool
	payload []byte
	err     error
	other   *NotEventFileError // it is held for ever
}

// NewReader returns a Reader of no file: Reset gives it one.
func NewReader(o ReaderOptions) *Reader {
	none := strings.NewReader("")
	records := tfrecord.NewReader(none, 0, tfrecord.Options{SkipDataCRC: o.SkipDataCRC, Long: o.Long})
	r := &Reader{options: o, records: records, stats: new(FileStats)}
	r.NextRun()
	return r
}

// NextRun says that the files to come are of another run, in which a tag may be
// something else. It matters where values are checked.
func (r *Reader) NextRun() { r.tags.reset(nil) }

// Reset makes the reader begin at the first event of a file, as long as it was
// when it was opened: what a writer appends later is not read. The path is for
// messages. The file stays the caller's to close. Once ctx ends, so does the file, with
// its error: of one that begins with something else than an event, Reset looks for
// others all through it.
func (r *Reader) Reset(ctx context.Context, path string, f File) {
	r.resume(ctx, f, &fileState{stats: FileStats{Path: path}})
}

// resume makes the reader go on where it stopped in a file.
func (r *Reader) resume(ctx context.Context, f File, from *fileState) {
	stats := from.stats
	stats.Bytes = f.Size()
	r.stats, r.last, r.open = &stats, from.last, from.open
	r.damage, r.held, r.other = r.damage[:0], false, nil
	r.source = contextReader{ctx, f}
	r.records.Reset(&r.source, stats.Bytes)
	if stats.Framing != tfrecord.Sound {
		r.records.Reframe(stats.Framing)
	}
	if r.records.StartAt(from.end); from.end == 0 {
		r.identify()
		if err := ctx.Err(); err != nil { // it may have ended halfway
			r.other, stats.Other, stats.Err = nil, "", nil
			r.hold(nil, err)
		}
	}
}

// Stats tells what was read of the file so far. It is the caller's once another
// file is read.
func (r *Reader) Stats() *FileStats { return r.stats }

// Events gives the file's events, each valid until the next one. A *Damage comes
// with a nil event, once for each unreadable part, and the events after it
// follow; any other error is the last of what comes.
func (r *Reader) Events() iter.Seq2[*event.Event, error] {
	return func(yield func(*event.Event, error) bool) {
		for {
			e, err := r.Next()
			if err == io.EOF || !yield(e, err) {
				return
			}
			if d := (*Damage)(nil); err != nil && !errors.As(err, &d) {
				return
			}
		}
	}
}

// Offset is where the record of the last event or damage begins.
func (r *Reader) Offset() int64 { return r.records.Offset() }

// Next returns the next event, valid until the following call. It returns a
// *Damage once for each unreadable part, after which it may be called on, and
// io.EOF at the end. Other errors end the file: a *NotEventFileError, those of
// reading it, and that of the context; they name the path. Events is the same in a loop.
func (r *Reader) Next() (*event.Event, error) {
	if len(r.damage) > 0 {
		d := r.damage[0]
		r.damage = r.damage[1:]
		return nil, d
	}
	payload, err := r.next()
	if err != nil {
		return nil, r.failure(err)
	}
	e, length := &r.event, r.records.Length()
	if r.stats.Other != "" {
		e.SetRaw(payload)
	} else if event.Decode(payload, e) != nil {
		return nil, r.lose(CauseEvent, length, 1)
	}
	e.WallTime = r.options.WallTimeUnit.seconds(e.WallTime)
	if r.open > 0 {
		r.closeDamage(e)
	}
	r.count(1, length-frameBytes, Position{e.Step, e.WallTime})
	if e.Undecodable > 0 {
		r.damage = append(r.damage[:0], r.loseValue(e.UndecodableBytes))
	}
	if r.options.CheckValues {
		for i := range e.Values {
			if bytes, sound := r.check(&e.Values[i]); !sound {
				r.damage = append(r.damage, r.loseValue(bytes))
			}
		}
	}
	return e, nil
}

// check looks whether a value decodes as what its tag shows.
func (r *Reader) check(v *event.Value) (bytes int64, sound bool) {
	t := r.tags.lookup(v)
	if !t.ruled {
		t.rule(v)
	}
	return t.Check(v)
}

// Repaired gives the event read last, encoded as TensorBoard reads it, see
// event.Rewrite; it is called once for an event, and for all of a run. The values that
// are left out are those that the damages after the event count, which with
// CheckValues are all that TensorBoard cannot show. What such a value said of its tag
// is put to the next one of the tag that is kept.
func (r *Reader) Repaired() ([]byte, error) {
	if r.stats.Other != "" {
		return r.event.Raw(), nil
	}
	return event.Rewrite(r.event.Raw(), func(v *event.Value) []byte {
		if !r.options.CheckValues {
			return v.Raw()
		}
		return r.tags.lookup(v).repaired(v)
	})
}

// repaired gives a value as it is kept, or nil. The value ruled the tag already.
func (t *Tag) repaired(v *event.Value) []byte {
	_, sound := t.Check(v)
	switch {
	case !sound && v.HasMetadata && !t.written && t.orphan == nil:
		t.orphan = v.BareMetadata()
		if _, sound := t.checkContent(v); sound {
			t.orphan = v.Metadata()
		}
	case sound && t.ruled && !t.written:
		t.written = true
		if t.orphan != nil && (!v.HasMetadata || string(v.Plugin) != t.Plugin) {
			return v.WithMetadata(t.orphan)
		}
	}
	if !sound {
		return nil
	}
	return v.Raw()
}

// next gives what records.Next gives, or what is held.
func (r *Reader) next() ([]byte, error) {
	if r.held {
		r.held = r.other != nil
		return r.payload, r.err
	}
	return r.records.Next()
}

// hold makes next give again what it gave last.
func (r *Reader) hold(payload []byte, err error) {
	r.held, r.payload, r.err = true, payload, err
}

// hasToTell says that Next has more to do than to give the next event of a sound
// file.
func (r *Reader) hasToTell() bool {
	return len(r.damage) > 0 || r.open > 0 || r.stats.Framing != tfrecord.Sound || r.stats.Other != ""
}

// frameBytes are those of a record beside its payload.
const frameBytes = 16

// count counts events as read, of so many bytes beside those of their frames.
func (r *Reader) count(n, payloads int64, last Position) {
	r.stats.Records += n
	r.stats.RecordBytes += n*frameBytes + payloads
	r.last = last
}

func (r *Reader) failure(err error) error {
	if err == io.EOF { // as of every file
		return err
	}
	var d *tfrecord.Damage
	switch {
	case r.other != nil:
		return r.other
	case errors.As(err, &d):
		damage := r.lose(d.Cause.String(), d.Bytes, d.Records)
		damage.Offset = d.Offset
		damage.Torn = errors.Is(d, tfrecord.ErrTruncated)
		return damage
	}
	r.stats.Err = fmt.Errorf("%s: %w", r.stats.Path, err)
	return r.stats.Err
}

// lose adds a damage to the stats.
func (r *Reader) lose(cause string, bytes, records int64) *Damage {
	d := &Damage{Path: r.stats.Path, Offset: r.records.Offset(), Bytes: bytes, Cause: cause, Records: records}
	if r.stats.Records > 0 && r.stats.Other == "" {
		before := r.last
		d.Before = &before
	}
	r.stats.Damage = append(r.stats.Damage, d)
	r.open++
	return d
}

// loseValue adds a damage within the event just read.
func (r *Reader) loseValue(bytes int64) *Damage {
	r.stats.RecordBytes -= bytes
	return r.lose(CauseValue, bytes, 0)
}

// closeDamage tells the damages before e that e comes after them.
func (r *Reader) closeDamage(e *event.Event) {
	for _, d := range r.stats.Damage[len(r.stats.Damage)-r.open:] {
		if r.stats.Other == "" {
			d.After = &Position{e.Step, e.WallTime}
		}
	}
	r.open = 0
}
