package eventfile

import (
	"context"
	"errors"
	"fmt"

	"tbexport/eventfile/event"
	"tbexport/eventfile/sniff"
	"tbexport/eventfile/tfrecord"
)

// ValueReader reads values again from where they stand. It keeps the file read
// last open, so that places in order open each file once. It is not safe for
// concurrent use.
type ValueReader struct {
	// SkipDataCRC trusts the bytes of a record whose length is good, as
	// ReaderOptions.SkipDataCRC does.
	SkipDataCRC bool
	// Long has room for long records; nil: that is the reader's own.
	Long *tfrecord.Memory

	store Store
	path  string
	file  File   // nil: none
	buf   []byte // of the record read last
	event event.Event

	framing tfrecord.Framing // of the file, once a record was not sound
	asked   bool             // it was

	decoded bool // event is the one at
	offset  int64
}

// NewValueReader returns a reader of the store's files with none open.
func NewValueReader(s Store) *ValueReader { return &ValueReader{store: s} }

// Event gives the event in which a value stands, valid until the next call. It
// fails where the record is not there any more as it was written.
func (r *ValueReader) Event(ctx context.Context, at Place) (*event.Event, error) {
	if err := r.open(ctx, at.Path); err != nil {
		return nil, err
	}
	if r.decoded && r.offset == at.Offset {
		return &r.event, nil
	}
	r.decoded = false
	payload, err := r.record(ctx, at.Offset)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at.Path, err)
	}
	if err := event.Decode(payload, &r.event); err != nil {
		return nil, fmt.Errorf("%s: offset %d: %w", at.Path, at.Offset, err)
	}
	r.decoded, r.offset = true, at.Offset
	return &r.event, nil
}

// mostKept is how long a record may be, in bytes, whose memory serves the next one.
const mostKept = 16 << 20

// Keep lets the bytes of what was read last stay as they are until done is called, from
// whatever goroutine. The next record goes to other memory.
func (r *ValueReader) Keep() (done func()) {
	long, buf := r.Long, r.buf
	r.buf, r.decoded = nil, false
	return func() { long.Give(buf) }
}

// Free ends the validity of what was read last, and gives up its memory where that is much.
func (r *ValueReader) Free() {
	if r.buf == nil || cap(r.buf) > mostKept {
		r.Long.Give(r.buf)
		r.buf, r.event, r.decoded = nil, event.Event{}, false
	}
}

// record reads the record at an offset. Where that is not sound, the file may be of
// a writer that makes none.
func (r *ValueReader) record(ctx context.Context, offset int64) ([]byte, error) {
	payload, err := tfrecord.ReadAtAs(r.file, r.file.Size(), offset, r.framing, &r.buf, r.Long)
	damage := (*tfrecord.Damage)(nil)
	switch {
	case !errors.As(err, &damage):
	case r.SkipDataCRC && damage.Cause == tfrecord.DataCRC:
		return tfrecord.ReadAtAs(r.file, r.file.Size(), offset, tfrecord.WrongCRCs, &r.buf, r.Long)
	case !r.asked:
		r.asked = true
		if f, ok := tfrecord.DetectFraming(&contextReader{ctx, r.file}, r.file.Size(), sniff.IsEvent); ok {
			r.framing = f
			return r.record(ctx, offset)
		}
	}
	return payload, err
}

// Value gives a value, valid until the next call. It fails as Event does.
func (r *ValueReader) Value(ctx context.Context, at Place) (*event.Value, error) {
	e, err := r.Event(ctx, at)
	if err != nil {
		return nil, err
	}
	if at.Ordinal < 0 || at.Ordinal >= len(e.Values) {
		return nil, fmt.Errorf("%s: offset %d: there is no value %d", at.Path, at.Offset, at.Ordinal)
	}
	return &e.Values[at.Ordinal], nil
}

func (r *ValueReader) open(ctx context.Context, path string) error {
	if r.file != nil && r.path == path {
		return ctx.Err()
	}
	if err := r.Close(); err != nil {
		return err
	}
	f, err := r.store.Open(ctx, path)
	if err != nil {
		return err
	}
	r.file, r.path, r.framing, r.asked = f, path, tfrecord.Sound, false
	return nil
}

// Close closes the open file, if there is one.
func (r *ValueReader) Close() error {
	r.Free()
	r.decoded = false
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
