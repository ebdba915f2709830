package convert

import "tbexport/eventfile"

// tagList collects the tags of a run, and nothing of them.
type tagList struct{ tags []*eventfile.Tag }

// Wants keeps the tag, and wants nothing of it.
func (l *tagList) Wants(t *eventfile.Tag) bool {
	if t.ID < len(l.tags) {
		l.tags[t.ID] = t
	} else {
		l.tags = append(l.tags, t)
	}
	return false
}

// Point passes over a point.
func (l *tagList) Point(*eventfile.Tag, eventfile.Point) error { return nil }

// Value passes over a value.
func (l *tagList) Value(*eventfile.Tag, *eventfile.Value) error { return nil }

// Restart passes over a restart.
func (l *tagList) Restart(*eventfile.Tag, int64) error { return nil }
