package eventfile

import (
	"context"
	"errors"
	"io"

	"tbexport/eventfile/sniff"
	"tbexport/eventfile/tfrecord"
)

// NotEventFileError says that a file is something else.
type NotEventFileError struct {
	Path string
	What string // what it is, such as "a Parquet file"
}

func (e *NotEventFileError) Error() string { return e.Path + ": not an event file: " + e.What }

// FramingError says that a file's framing is wrong throughout, so that nothing
// proves the events that are read of it.
type FramingError struct {
	Path    string
	Framing tfrecord.Framing
}

func (e *FramingError) Error() string {
	return e.Path + ": the writer of this file framed every record wrongly: " + e.Framing.String()
}

// identify looks at the beginning of a file. What most begin with, an event, it
// leaves to next. Where there is something else, and no event in all of the file, it
// finds out whether the file is something else, or its framing is wrong throughout. An
// archive is one whatever stands in it: its events are those of several files.
func (r *Reader) identify() {
	payload, err := r.records.Next()
	r.hold(payload, err)
	if err == nil && r.options.SkipDataCRC {
		// Whether the first record is sound says something of the others.
		_, err = tfrecord.ReadAt(&r.source, r.stats.Bytes, 0, new([]byte))
	}
	if err == nil {
		if what := sniff.Payload(payload); what != "" {
			mindSpore := sniff.IsEvent(payload)
			if event, _ := r.search(); mindSpore || !event {
				r.otherRecords(what)
			}
			r.again()
		}
		return
	}
	if damage := (*tfrecord.Damage)(nil); !errors.As(err, &damage) && err != tfrecord.ErrCompressed {
		return
	}
	head := make([]byte, min(r.stats.Bytes, sniff.HeadBytes))
	if n, err := r.source.ReadAt(head, 0); err != nil && (err != io.EOF || n < len(head)) {
		return // Next will come to it
	}
	event, other := r.search()
	if what := sniff.File(head, r.stats.Bytes); what != "" && (!event || sniff.IsArchive(head)) {
		r.notEvents(what)
	} else if framing, ok := tfrecord.DetectFraming(&r.source, r.stats.Bytes, sniff.IsEvent); ok {
		r.stats.Framing, r.stats.Unproven = framing, !r.options.SkipDataCRC
	} else if other != "" && !event {
		r.otherRecords(other)
	}
	r.again()
}

// mostOthers is how many records that are no events make it certain that there is
// none.
const mostOthers = 10000

// search reports whether there is an event in what is left of the file, which is then
// to be read again. Up to there, other is what the first record that is none is.
func (r *Reader) search() (event bool, other string) {
	for others := 0; others < mostOthers; {
		payload, err := r.records.Next()
		switch damage := (*tfrecord.Damage)(nil); {
		case err == nil && sniff.MayBeEvent(payload):
			return true, other
		case err == nil && others == 0:
			other = sniff.Payload(payload)
			others++
		case err == nil:
			others++
		case !errors.As(err, &damage):
			return false, other
		}
	}
	return false, other
}

// again makes the reader begin at the first record.
func (r *Reader) again() {
	if r.other != nil {
		return
	}
	r.held = false
	r.records.Reset(&r.source, r.stats.Bytes)
	if r.stats.Framing != tfrecord.Sound {
		r.records.Reframe(r.stats.Framing)
	}
}

// otherRecords takes note that the file's records are no events.
func (r *Reader) otherRecords(what string) {
	if r.options.OtherRecords {
		r.stats.Other = what
	} else {
		r.notEvents(what)
	}
}

// notEvents makes next give nothing but the error from here on.
func (r *Reader) notEvents(what string) {
	r.other = &NotEventFileError{r.stats.Path, what}
	r.stats.Err = r.other
	r.hold(nil, r.other)
}

// Check reports, as a *NotEventFileError, that a file is something else. It reads no
// more than the beginning of an event file, and leaves every other error to who reads
// the file.
func Check(ctx context.Context, s Store, path string) error {
	f, err := s.Open(ctx, path)
	if err != nil {
		return nil
	}
	defer f.Close()
	r := NewReader(ReaderOptions{})
	if r.Reset(ctx, path, f); r.other != nil {
		return r.other
	}
	return nil
}
