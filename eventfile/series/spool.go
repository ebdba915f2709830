package series

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"weak"
)

// spool takes the points of one run in file order and gives them back series
// by series. It holds at most max points; what is more goes, grouped by
// series, to a temporary file, a block each time the memory is full.
type spool struct {
	max int
	dir string // of the temporary file

	memory
	idle     weak.Pointer[memory] // what was in use before reset, unless it is wanted for something else
	marks    []mark
	runMarks []cut // restarts of the whole run; steps ascend, see restart

	start []int // of the series in the grouped block, and where the last one ends
	cuts  map[int32][]cut

	file   *blockFile    // nil while everything is in memory
	blocks []*block      // of file, in the order they were written
	whole  [1]segmentRef // the one of a series that is in memory
}

// memory is that of the points of a spool.
type memory struct {
	// The block being filled, in file order.
	ids    []int32
	points []point
	// The block grouped by series: series id has the points from start[id] to
	// start[id+1], and what stands in cuts.
	grouped segment
}

// point is one point of a series. What its payload is, only the one knows who
// put it there.
type point struct {
	step     int64
	wallTime float64
	payload  uint64
}

// mark is a restart of one series in the block being filled: its points
// before index at with a step at or above step are superseded.
type mark struct {
	at   int
	id   int32
	step int64
}

// mostKept is how many points the memory is of, at most, that the spool keeps for the
// next run in any case.
const mostKept = 16 << 10

// reset empties the spool for another run, and gives up its memory, which wake gets back
// unless something else has got it.
func (s *spool) reset() error {
	s.clear()
	if max(cap(s.points), cap(s.grouped.steps)) > mostKept {
		idle := s.memory
		s.memory, s.idle = memory{}, weak.Make(&idle)
	}
	s.blocks = nil
	if s.file == nil {
		return nil
	}
	err := s.file.close()
	s.file = nil
	return err
}

// wake gets back the memory that reset gave up.
func (s *spool) wake() {
	if idle := s.idle.Value(); idle != nil && s.points == nil {
		s.memory = *idle
	}
	s.idle = weak.Pointer[memory]{}
}

// clear empties the block being filled.
func (s *spool) clear() {
	s.ids, s.points = s.ids[:0], s.points[:0]
	s.marks, s.runMarks, s.cuts = s.marks[:0], s.runMarks[:0], nil
}

func (s *spool) full() bool {
	return len(s.ids) >= s.max || len(s.marks) >= s.max || len(s.runMarks) >= s.max
}

// restartSeries marks a restart of one series at step.
func (s *spool) restartSeries(id int32, step int64) {
	s.marks = append(s.marks, mark{len(s.ids), id, step})
}

// restart marks a restart of the run at step. An earlier one at or above that
// step says nothing beside it, so only ascending steps are kept.
func (s *spool) restart(step int64) {
	for n := len(s.runMarks); n > 0 && s.runMarks[n-1].step >= step; n-- {
		s.runMarks = s.runMarks[:n-1]
	}
	s.runMarks = append(s.runMarks, cut{int64(len(s.ids)), step})
}

// group sorts the block by series, of which there are n.
func (s *spool) group(n int) {
	s.start = resize(s.start, n+1)
	clear(s.start)
	for _, id := range s.ids {
		s.start[id+1]++
	}
	for i := 1; i <= n; i++ {
		s.start[i] += s.start[i-1]
	}
	g := &s.grouped
	g.steps = resize(g.steps, len(s.ids))
	g.wallTimes = resize(g.wallTimes, len(s.ids))
	g.payloads = resize(g.payloads, len(s.ids))
	if len(s.marks) > 0 || len(s.runMarks) > 0 {
		s.groupCuts(n)
	}
	// start[id] runs ahead as series id fills, and ends where id+1 begins.
	for i, id := range s.ids {
		at := s.start[id]
		s.start[id]++
		p := &s.points[i]
		g.steps[at], g.wallTimes[at], g.payloads[at] = p.step, p.wallTime, p.payload
	}
	copy(s.start[1:], s.start[:n])
	s.start[0] = 0
}

// groupCuts turns the restarts of the block into cuts of its series. Of the
// run's restarts since a point, the first has the lowest step.
func (s *spool) groupCuts(n int) {
	s.cuts = make(map[int32][]cut)
	filled := make([]int64, n)
	seen := make([]int, n) // restarts of the run that the series knows of
	catchUp := func(id int32, upTo int) {
		if seen[id] < upTo {
			s.addCut(id, cut{filled[id], s.runMarks[seen[id]].step})
			seen[id] = upTo
		}
	}
	next, run := 0, 0
	own := func(upTo int) {
		for next < len(s.marks) && s.marks[next].at <= upTo {
			m := s.marks[next]
			s.addCut(m.id, cut{filled[m.id], m.step})
			next++
		}
	}
	for i, id := range s.ids {
		own(i)
		for run < len(s.runMarks) && s.runMarks[run].at <= int64(i) {
			run++
		}
		catchUp(id, run)
		filled[id]++
	}
	own(len(s.ids))
	for id := range int32(n) {
		if filled[id] > 0 {
			catchUp(id, len(s.runMarks))
		}
	}
}

// addCut appends c to the cuts of a series; one at the same place, with a
// step at or above, says nothing beside it.
func (s *spool) addCut(id int32, c cut) {
	cuts := s.cuts[id]
	if n := len(cuts); n > 0 && cuts[n-1].at == c.at {
		if cuts[n-1].step > c.step {
			cuts[n-1].step = c.step
		}
		return
	}
	s.cuts[id] = append(cuts, c)
}

// lowestRestart is the lowest step of the block's restarts of the whole run.
func (s *spool) lowestRestart() limit {
	if len(s.runMarks) == 0 {
		return limit{}
	}
	return limit{s.runMarks[0].step, true}
}

// spill writes the block to the temporary file. names are those of the series.
func (s *spool) spill(names []string) error {
	if err := s.write(names); err != nil {
		return err
	}
	s.clear()
	return nil
}

func (s *spool) write(names []string) error {
	if s.file == nil {
		file, err := newBlockFile(s.dir)
		if err != nil {
			return err
		}
		s.file = file
	}
	s.group(len(names))
	b, err := s.file.write(s, byName(names))
	if err != nil {
		return err
	}
	s.blocks = append(s.blocks, b)
	return nil
}

// finish ends the filling, unless resume begins it again, and returns the series
// in the order in which they are to be read: by name.
func (s *spool) finish(names []string) ([]int32, error) {
	order := byName(names)
	if s.file == nil {
		s.group(len(names))
		return order, nil
	}
	if err := s.write(names); err != nil {
		return nil, err
	}
	return order, s.file.rewind(s.blocks)
}

// resume undoes finish: the block that was being filled, which is in memory as
// it was, is filled on.
func (s *spool) resume() {
	if n := len(s.blocks) - 1; n >= 0 {
		s.file.drop(s.blocks[n])
		s.blocks = s.blocks[:n]
	}
}

// series returns the segments of a series in file order, each without its
// points, valid until the next one's. Series must be asked for in the order that
// finish gave, each once.
func (s *spool) series(id int32) ([]segmentRef, error) {
	if s.file == nil {
		if s.start[id] == s.start[id+1] {
			return nil, nil
		}
		s.whole[0] = segmentRef{from: int64(s.start[id]), n: int64(s.start[id+1] - s.start[id]), cuts: s.cuts[id]}
		return s.whole[:], nil
	}
	return s.file.series(id, s.blocks)
}

// segmentRef is where the points of a segment are.
type segmentRef struct {
	block        *block // of the temporary file; nil in memory
	from, n      int64  // index in memory, or offset in the temporary file; number of points
	cuts         []cut
	laterStep    limit
	laterSession limit
}

// load reads a segment's points into memory that is valid, and the caller's to
// change, until the next load. In memory they are the only copy.
func (s *spool) load(ref segmentRef) (segment, error) {
	seg := segment{cuts: ref.cuts, laterStep: ref.laterStep, laterSession: ref.laterSession}
	if s.file == nil {
		g, end := &s.grouped, ref.from+ref.n
		seg.steps, seg.wallTimes, seg.payloads = g.steps[ref.from:end], g.wallTimes[ref.from:end],
			g.payloads[ref.from:end]
		return seg, nil
	}
	g := &s.grouped
	g.steps, g.wallTimes, g.payloads = resize(g.steps, int(ref.n)), resize(g.wallTimes, int(ref.n)),
		resize(g.payloads, int(ref.n))
	seg.steps, seg.wallTimes, seg.payloads = g.steps, g.wallTimes, g.payloads
	return seg, s.file.load(ref.block, ref.from, &seg)
}

// byName gives the indices of names in the order of the names.
func byName(names []string) []int32 {
	order := make([]int32, len(names))
	for i := range order {
		order[i] = int32(i)
	}
	if !sort.StringsAreSorted(names) {
		slices.SortFunc(order, func(a, b int32) int {
			if c := strings.Compare(names[a], names[b]); c != 0 {
				return c
			}
			return cmp.Compare(a, b)
		})
	}
	return order
}

// resize gives s with length n, in new memory only if it must.
func resize[T any](s []T, n int) []T {
	if n <= cap(s) {
		return s[:n]
	}
	return make([]T, n, n+n/4)
}
