package eventfile

import (
	"errors"
	"fmt"
	"io"
	"os"

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
	// the first behind it; nil where there is none.
	Before, After *Position
}

func (d *Damage) Error() string {
	return fmt.Sprintf("%s: offset %d: %s, %d bytes unreadable", d.Path, d.Offset, d.Cause, d.Bytes)
}

// Reader reads the events of one file after another.
type Reader struct {
	file    *os.File
	records *tfrecord.Reader
	options tfrecord.Options
	event   Event
	last    Position
	damage  *Damage // to be given out by the next call
	stats   *FileStats
	open    int // damages at the end of stats that await their After

	// What next returns, if held.
	held    bool
	payload []byte
	err     error
}

// NewReader returns a Reader with no file open. It checks the CRC of the
// payloads unless told not to.
func NewReader(skipDataCRC bool) *Reader {
	return &Reader{options: tfrecord.Options{SkipDataCRC: skipDataCRC}}
}

// Open makes the reader begin at the first event of a file, as it is now: what
// a writer appends later is not read. Stats tells of the file also where Open
// fails. The file read before is closed.
func (r *Reader) Open(path string) error {
	closing := r.Close()
	r.begin(path)
	f, err := os.Open(path)
	if err == nil {
		r.file = f
		var info os.FileInfo
		if info, err = f.Stat(); err == nil {
			r.stats.Bytes = info.Size()
		}
	}
	if err != nil {
		if pe := (*os.PathError)(nil); errors.As(err, &pe) {
			err = pe.Err
		}
		r.stats.Err = fmt.Errorf("%s: %w", path, err)
		return r.stats.Err
	}
	r.reset(r.file)
	return closing
}

func (r *Reader) begin(path string) {
	r.stats = &FileStats{Path: path}
	r.last, r.damage, r.open, r.held = Position{}, nil, 0, false
}

func (r *Reader) reset(src io.ReaderAt) {
	if r.records == nil {
		r.records = tfrecord.NewReader(src, r.stats.Bytes, r.options)
	} else {
		r.records.Reset(src, r.stats.Bytes)
	}
}

// Close closes the file. Calling it again does nothing.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}

// Stats tells what was read of the file opened last. It is the caller's once
// another file is opened.
func (r *Reader) Stats() *FileStats { return r.stats }

// Offset is where the record of the last event or damage begins.
func (r *Reader) Offset() int64 { return r.records.Offset() }

// Next returns the next event, valid until the following call. It returns a
// *Damage once for each unreadable part, after which it may be called on, and
// io.EOF at the end. Other errors end the file: tfrecord.ErrCompressed and
// those of reading it; they name the path.
func (r *Reader) Next() (*Event, error) {
	if d := r.damage; d != nil {
		r.damage = nil
		return nil, d
	}
	payload, err := r.next()
	if err != nil {
		return nil, r.failure(err)
	}
	e := &r.event
	if decode(payload, e) != nil {
		return nil, r.lose(CauseEvent, frameBytes+int64(len(payload)), 1)
	}
	if r.open > 0 {
		r.closeDamage(e)
	}
	r.count(1, int64(len(payload)), Position{e.Step, e.WallTime})
	if e.Undecodable > 0 {
		r.damage = r.loseValue(e.UndecodableBytes)
	}
	return e, nil
}

// next gives what records.Next gives, or what is held.
func (r *Reader) next() ([]byte, error) {
	if r.held {
		r.held = false
		return r.payload, r.err
	}
	return r.records.Next()
}

// hold makes next give again what it gave last.
func (r *Reader) hold(payload []byte, err error) {
	r.held, r.payload, r.err = true, payload, err
}

// hasToTell says that the next call of Next has more to tell than an event.
func (r *Reader) hasToTell() bool { return r.damage != nil || r.open > 0 }

// frameBytes are those of a record beside its payload.
const frameBytes = 16

// count counts events as read, with payloads of so many bytes.
func (r *Reader) count(n, payloads int64, last Position) {
	r.stats.Records += n
	r.stats.RecordBytes += n*frameBytes + payloads
	r.last = last
}

func (r *Reader) failure(err error) error {
	var d *tfrecord.Damage
	switch {
	case err == io.EOF:
		return err
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
	if r.stats.Records > 0 {
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

// closeDamage tells the damages before e that e comes behind them.
func (r *Reader) closeDamage(e *Event) {
	for _, d := range r.stats.Damage[len(r.stats.Damage)-r.open:] {
		d.After = &Position{e.Step, e.WallTime}
	}
	r.open = 0
}
