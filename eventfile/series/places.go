package series

import (
	"iter"
	"slices"
	"sort"

	"tbexport/eventfile"
)

// PlacesOptions say which values are collected.
type PlacesOptions struct {
	Options
	// Kinds says whether values of a kind are wanted; nil: all are.
	Kinds func(eventfile.Kind) bool
}

// Place is where a value of a series stands.
type Place struct {
	Tag      string // "" for what has none: graphs, run metadata, log messages
	Step     int64
	WallTime float64 // seconds since the Unix epoch
	eventfile.Place
}

// Places collects where the values of a run stand that are no points: a series
// is all values of one tag and kind. It takes the memory that as many points
// would, whatever the size of the values; eventfile.ValueReader reads them. Like
// Collector it is for one run after another, can go on, and is not safe for
// concurrent use.
type Places struct {
	collection
	kinds  func(eventfile.Kind) bool
	series []eventfile.Kind // by number
	byTag  [][]int32        // the series of the tags, by ID
	others []int32          // the series of what has no tag
	files  []placeFile
	next   uint64            // the first address that no record has
	far    []eventfile.Place // what a payload has no bits for
	counts map[eventfile.Kind]Counts
}

// placeFile gives the records of a file, from one on, addresses in the run.
type placeFile struct {
	path    string
	from    int64 // offset of the first record
	address uint64
}

// A payload is the address of a record, with the ordinal below it; or, with the
// highest bit set, an index of far: for more than 128 TiB of files, and events of
// more than 65,536 values.
const (
	ordinalBits = 16
	maxOrdinal  = 1<<ordinalBits - 1
	maxAddress  = 1 << (63 - ordinalBits)
	isFar       = 1 << 63
)

// NewPlaces returns a collector without places. It is to be closed.
func NewPlaces(o PlacesOptions) *Places {
	p := &Places{kinds: o.Kinds, counts: make(map[eventfile.Kind]Counts)}
	p.init(o.Options)
	return p
}

// Wants says whether the options want the tag.
func (p *Places) Wants(t *eventfile.Tag) bool { return p.options.Tags == nil || p.options.Tags(t.Name) }

// Point passes over a point.
func (p *Places) Point(*eventfile.Tag, eventfile.Point) error { return nil }

// Value takes a value. It fails where the temporary file does.
func (p *Places) Value(t *eventfile.Tag, v *eventfile.Value) error {
	if p.kinds != nil && !p.kinds(v.Kind) {
		return nil
	}
	id := p.find(t, v.Kind)
	return p.add(id, v.Event.Step, v.Event.WallTime, p.pack(v.At))
}

// Restart takes a restart. It fails where the temporary file does.
func (p *Places) Restart(t *eventfile.Tag, step int64) error {
	if t == nil {
		return p.restart(step)
	}
	if t.ID >= len(p.byTag) {
		return nil
	}
	for _, id := range p.byTag[t.ID] {
		if err := p.restartSeries(id, step); err != nil {
			return err
		}
	}
	return nil
}

// find gives the number of a series.
func (p *Places) find(t *eventfile.Tag, kind eventfile.Kind) int32 {
	ids, name := &p.others, ""
	if t != nil {
		if t.ID >= len(p.byTag) {
			p.byTag = append(p.byTag, make([][]int32, t.ID+1-len(p.byTag))...)
		}
		ids, name = &p.byTag[t.ID], t.Name
	}
	i := slices.IndexFunc(*ids, func(id int32) bool { return p.series[id] == kind })
	if i < 0 {
		i = len(*ids)
		*ids = append(*ids, int32(len(p.series)))
		p.series, p.names = append(p.series, kind), append(p.names, name)
	}
	return (*ids)[i]
}

// pack makes a payload of a place. Places come in the order of the files, and in
// each in the order of the offsets.
func (p *Places) pack(at eventfile.Place) uint64 {
	if n := len(p.files); n == 0 || p.files[n-1].path != at.Path || at.Offset < p.files[n-1].from {
		p.files = append(p.files, placeFile{path: at.Path, from: at.Offset, address: p.next})
	}
	f := &p.files[len(p.files)-1]
	address := f.address + uint64(at.Offset-f.from)
	if address >= maxAddress || at.Ordinal > maxOrdinal {
		p.far = append(p.far, at)
		return isFar | uint64(len(p.far)-1)
	}
	p.next = max(p.next, address+1)
	return address<<ordinalBits | uint64(at.Ordinal)
}

// Tags are those of the values of a kind, in byte order, but for what has none.
func (p *Places) Tags(kind eventfile.Kind) (tags []string) {
	for id, name := range p.names {
		if p.series[id] == kind && !slices.Contains(p.others, int32(id)) {
			tags = append(tags, name)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// Of gives the places of the values of a kind, series by series in the order of
// the tags, in file order. An error, which is one of the temporary file, is the
// last that comes. Of can be called again, also after more values.
func (p *Places) Of(kind eventfile.Kind) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		var counts Counts
		defer func() { p.counts[kind] = counts }()
		wanted := func(id int32) bool { return p.series[id] == kind }
		err := p.give(&counts, wanted, func(id int32, seg *segment) bool {
			for i, payload := range seg.payloads {
				place := Place{Tag: p.names[id], Step: seg.steps[i], WallTime: seg.wallTimes[i],
					Place: p.unpack(payload)}
				if !yield(place, nil) {
					return false
				}
			}
			return true
		})
		if err != nil {
			yield(Place{}, err)
		}
	}
}

// Counts says what became of the values of a kind that Of was last called for;
// all of them once it gave its last place. Values of tags that are not wanted
// are not counted.
func (p *Places) Counts(kind eventfile.Kind) Counts { return p.counts[kind] }

func (p *Places) unpack(payload uint64) eventfile.Place {
	if payload&isFar != 0 {
		return p.far[payload&^isFar]
	}
	address := payload >> ordinalBits
	i := sort.Search(len(p.files), func(i int) bool { return p.files[i].address > address }) - 1
	f := &p.files[i]
	return eventfile.Place{Path: f.path, Offset: f.from + int64(address-f.address), Ordinal: int(payload & maxOrdinal)}
}

// Reset forgets all places, for another run. It fails where the temporary file
// cannot be removed.
func (p *Places) Reset() error {
	p.series, p.byTag, p.others, p.files, p.next, p.far = nil, nil, nil, nil, 0, nil
	clear(p.counts)
	return p.reset()
}

// Close removes the temporary file, if there is one.
func (p *Places) Close() error { return p.Reset() }
