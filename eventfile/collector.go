package eventfile

import (
	"errors"
	"fmt"

	"tbexport/eventfile/event"
)

// A Collector takes what a walk over a run finds, in file order. Its errors end
// the walk, but for Undecodable.
type Collector interface {
	// Wants says whether the tag's points, values and restarts are to be given
	// to the collector. It is asked when the tag first appears, before anything
	// of it is given; again when a later value settles its Plugin; and at the
	// beginning of a walk that goes on from a State, for all tags that there are.
	// The Tag is the walk's: valid until the next walk, to be read only.
	Wants(t *Tag) bool
	// Point takes a point.
	Point(t *Tag, p Point) error
	// Value takes a value that is no point. It is valid until Value returns. For
	// a graph, run metadata or a log message, which have no tag, t is nil, and
	// every collector is given them.
	Value(t *Tag, v *Value) error
	// Restart says that the writer began again at a step: what it wrote of the
	// tag before, at that step or above, it disowns. t is nil for all tags of the
	// run, whether wanted or not.
	Restart(t *Tag, step int64) error
}

// Point is one number of a series.
type Point event.Point

// Value is something that an event holds and that is no point.
type Value struct {
	*event.Value      // nil for a Kind of events without a summary
	Kind         Kind // what it is counted as in RunStats.NotExported
	Event        *event.Event
	At           Place
}

// Place is where a value stands. It is enough to read the value again, see
// ValueReader.
type Place struct {
	Path    string // of the event file
	Offset  int64  // of the record
	Ordinal int    // index in the event's Values; 0 for an event without a summary
}

// Undecodable is what a Collector's Value fails with to say that so many bytes
// of the value do not decode: the walk counts them as damage and goes on.
type Undecodable int64

func (u Undecodable) Error() string {
	return fmt.Sprintf("%d bytes of the value do not decode", int64(u))
}

// undecodable gives the bytes of an Undecodable error.
func undecodable(err error) (bytes int64, ok bool) {
	if err == nil {
		return 0, false
	}
	var u Undecodable
	ok = errors.As(err, &u)
	return int64(u), ok
}
