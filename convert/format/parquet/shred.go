package parquet

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// A shredder takes a nested column apart into the levels and values of one leaf. Levels are those of Parquet: there is
// a pair for every value, and for every null or empty list in its place. The definition level says how many of the
// fields on the way that may be absent are there, the repetition level at which list a value goes on: 0 begins a row.
type shredder struct {
	leaf *leaf
	def  []uint8
	rep  []uint8 // as long as def; empty for a leaf in no list

	values arrow.Array // which has the leaf's values
	spans  []span      // of those that are there
}

// A span is the values in [from, to).
type span struct{ from, to int }

// shred takes a column apart. What it finds is valid until the next call, and as long as the column.
func (s *shredder) shred(column arrow.Array, l *leaf) error {
	s.leaf, s.def, s.rep, s.spans = l, s.def[:0], s.rep[:0], s.spans[:0]
	s.values = innermost(column, l)
	return s.walk(0, column, span{0, column.Len()}, place{})
}

// innermost returns the array of the leaf's values.
func innermost(column arrow.Array, l *leaf) arrow.Array {
	for _, step := range l.path {
		switch step.nesting {
		case list:
			column = column.(*array.List).ListValues()
		case group:
			column = column.(*array.Struct).Field(step.child)
		}
	}
	return column
}

// A place is where a span stands: the levels of its first value so far, and the number of lists around it.
type place struct{ def, rep, lists uint8 }

// following is the place of what comes after the first value.
func (p place) following() place { return place{p.def, p.lists, p.lists} }

// walk appends the levels of a span of the field at a step.
func (s *shredder) walk(k int, field arrow.Array, in span, at place) error {
	step := s.leaf.path[k]
	if !step.nullable || field.NullN() == 0 {
		if field.NullN() > 0 {
			for i := in.from; i < in.to; i++ {
				if field.IsNull(i) {
					return fmt.Errorf("a null where the schema allows none")
				}
			}
		}
		if step.nullable {
			at.def++
		}
		return s.enter(k, field, in, at)
	}
	for from := in.from; from < in.to; {
		to := from
		for to < in.to && field.IsValid(to) {
			to++
		}
		if to > from {
			valid := at
			valid.def++
			if err := s.enter(k, field, span{from, to}, valid); err != nil {
				return err
			}
			at = at.following()
		}
		for from = to; from < in.to && field.IsNull(from); from++ {
			s.absent(at)
			at = at.following()
		}
	}
	return nil
}

// enter appends the levels of a span without nulls.
func (s *shredder) enter(k int, field arrow.Array, in span, at place) error {
	switch s.leaf.path[k].nesting {
	case list:
		lists := field.(*array.List)
		for i := in.from; i < in.to; i++ {
			from, to := lists.ValueOffsets(i)
			elements, inside := span{int(from), int(to)}, place{at.def + 1, at.rep, at.lists + 1}
			if from == to {
				s.absent(at)
			} else if err := s.walk(k+1, lists.ListValues(), elements, inside); err != nil {
				return err
			}
			at = at.following()
		}
		return nil
	case group:
		return s.walk(k+1, field.(*array.Struct).Field(s.leaf.path[k].child), in, at)
	}
	s.present(in, at)
	return nil
}

// absent appends the levels of one place without a value.
func (s *shredder) absent(at place) {
	s.def = append(s.def, at.def)
	if s.leaf.maxRep > 0 {
		s.rep = append(s.rep, at.rep)
	}
}

// present appends the levels of values.
func (s *shredder) present(in span, at place) {
	if in.from == in.to {
		return
	}
	s.def = repeat(s.def, at.def, in.to-in.from)
	if s.leaf.maxRep > 0 {
		first := len(s.rep)
		s.rep = repeat(s.rep, at.lists, in.to-in.from)
		s.rep[first] = at.rep
	}
	if last := len(s.spans) - 1; last >= 0 && s.spans[last].to == in.from {
		s.spans[last].to = in.to
	} else {
		s.spans = append(s.spans, in)
	}
}

// repeat appends n times v.
func repeat(dst []uint8, v uint8, n int) []uint8 {
	start := len(dst)
	dst = slices.Grow(dst, n)[:start+n]
	for i := range dst[start:] {
		dst[start+i] = v
	}
	return dst
}

// count returns how many values are there.
func (s *shredder) count() (n int) {
	for _, span := range s.spans {
		n += span.to - span.from
	}
	return n
}

// pageEnd returns where a page ends that begins at a level: before the first row that finds limit values in it, or
// pageRows levels. It also returns how many values the page has.
func (s *shredder) pageEnd(from, limit int) (to, present int) {
	for to = from; to < len(s.def); to++ {
		full := present >= limit || to-from >= pageRows
		if full && to > from && (s.leaf.maxRep == 0 || s.rep[to] == 0) {
			break
		}
		if s.def[to] == s.leaf.maxDef {
			present++
		}
	}
	return to, present
}
