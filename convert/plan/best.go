package plan

import (
	"cmp"
	"math"
	"path"
	"slices"
)

// Best asks for the best values of series.
type Best struct {
	// Names chooses series by their tags, as they are or as Options.Changes has
	// them.
	Names func(name string) bool
	Max   bool // the best is the greatest, else the least
}

// record is a point that is better than all of lower steps.
type record struct {
	step  int64
	time  float64
	value float64
}

// records are those of a series, by step. Their last is the best of all; and
// those of a log that has grown begin with those that it had.
type records struct {
	max    bool
	points []record
}

// add takes a point in. Of equal values the first counts.
func (r *records) add(p record) {
	if math.IsNaN(p.value) {
		return
	}
	at, _ := slices.BinarySearchFunc(r.points, p.step,
		func(q record, step int64) int { return cmp.Compare(q.step, step) })
	if at > 0 && !r.better(p, r.points[at-1]) ||
		at < len(r.points) && r.points[at].step == p.step && !r.better(p, r.points[at]) {
		return
	}
	end := at
	for end < len(r.points) && !r.better(r.points[end], p) {
		end++
	}
	r.points = slices.Replace(r.points, at, end, p)
}

// records are what the best values of a tag are gathered in; nil: they are not
// asked for.
func (o *Options) records(run, tag string) *records {
	changed := o.Changes.apply(tag)
	prefixed := changed
	if base := path.Base(run); slices.Contains(o.Merge, base) {
		prefixed = base + "/" + changed
	}
	for _, b := range o.Best {
		if b.Names(tag) || b.Names(changed) || b.Names(prefixed) {
			return &records{max: b.Max}
		}
	}
	return nil
}

func (r *records) better(p, q record) bool {
	if r.max {
		return p.value > q.value
	}
	return p.value < q.value
}

// addBest adds the series of best values: best/NAME with each value that is
// better than all before it, and best_step/NAME with its steps. So their last
// values are the best of all.
func (r *Run) addBest(names *scope, rules *Rules) error {
	var made []*Series
	for _, s := range r.Series {
		if s.records == nil || len(s.records.points) == 0 {
			continue
		}
		for i, prefix := range []string{"best", "best_step"} {
			b := &Series{Source: s.Source, Tag: path.Join(prefix, s.Tag), BestOf: s, Tally: rules.tally(),
				made: new(Chunk)}
			var err error
			if b.Wanted, err = names.name("", prefix+"/"+s.Wanted, "of_"+s.Wanted); err != nil {
				return err
			}
			for _, p := range s.records.points {
				value := p.value
				if i == 1 {
					value = float64(p.step)
				}
				b.made.Steps, b.made.WallTimes = append(b.made.Steps, p.step), append(b.made.WallTimes, p.time)
				b.made.Values = append(b.made.Values, value)
			}
			b.made.Series = b
			b.Tally.Add(b.made.Steps, b.made.WallTimes, b.made.Values)
			b.Points = b.Tally.Points()
			made = append(made, b)
		}
	}
	r.Series = append(r.Series, made...)
	return nil
}
