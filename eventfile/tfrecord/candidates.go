package tfrecord

import (
	"cmp"
	"slices"
)

// maxCandidates bounds the memory of a scan. Real files have one or two candidates at a
// time; thousands are seen only where someone put them.
const maxCandidates = 16 << 10

// candidate is an offset at which a header holds.
type candidate struct {
	off, end int64  // of the header; of the payload
	before   uint32 // the CRC of all bytes before the payload
	state    state
}

type state uint8

const (
	open state = iota // the payload's end has not been seen
	good
	bad
)

// candidates are those of a scan that can still be the answer to this search or a later
// one, by ascending offset, and a heap of those that are open, by the end of the payload.
type candidates struct {
	queue []candidate // from head on
	head  int
	ends  []ending // min-heap by end; may have some that are no longer in queue
}

type ending struct{ end, off int64 }

func (c *candidates) reset() {
	c.queue, c.head, c.ends = c.queue[:0], 0, c.ends[:0]
}

// first drops the candidates before from, as well as bad ones, and returns the first one
// that is left, valid until the next add, or nil.
func (c *candidates) first(from int64) *candidate {
	for ; c.head < len(c.queue); c.head++ {
		if f := &c.queue[c.head]; f.off >= from && f.state != bad {
			return f
		}
	}
	c.queue, c.head = c.queue[:0], 0
	return nil
}

// nextEnd returns the nearest end of a payload to be seen.
func (c *candidates) nextEnd() (end int64, ok bool) {
	if len(c.ends) == 0 {
		return 0, false
	}
	return c.ends[0].end, true
}

// full tells whether adding one more candidate takes thinning them out.
func (c *candidates) full() bool {
	return len(c.queue) >= maxCandidates
}

// add adds a candidate, whose offset is greater than those of all others.
func (c *candidates) add(off, end int64, before uint32) {
	if c.full() {
		c.thin()
	}
	c.queue = append(c.queue, candidate{off: off, end: end, before: before})
	c.push(ending{end, off})
}

// decide settles the candidates whose payload ends at end, given the CRC of all bytes
// before it and the footer that stands there.
func (c *candidates) decide(end int64, crc, footer uint32) {
	for len(c.ends) > 0 && c.ends[0].end == end {
		f := c.find(c.pop().off)
		if f == nil || f.state != open {
			continue
		}
		f.state = bad
		if mask(subtractCRC(crc, f.before, end-f.off-headerLen)) == footer {
			f.state = good
		}
	}
}

// find returns the candidate at off, if it is still there.
func (c *candidates) find(off int64) *candidate {
	q := c.queue[c.head:]
	i, ok := slices.BinarySearchFunc(q, off, func(f candidate, off int64) int {
		return cmp.Compare(f.off, off)
	})
	if !ok {
		return nil
	}
	return &q[i]
}

// thin makes room when there are too many candidates. If removing the bad ones is not
// enough, it drops
//
//   - half of the open ones, those with the farthest ends, if most are open;
//   - else all open ones that stand before the last good one. Then the first one left is
//     good, and no more are added until the good ones are used up: it takes a great many
//     good records inside the claim of an open one to get here, and these are proof
//     enough that the claim is false.
//
// Either way the candidates gone are a fair part of all, and so pay for the work.
func (c *candidates) thin() {
	c.compact()
	switch opens := len(c.ends); {
	case len(c.queue) <= maxCandidates/2:
		return
	case opens > len(c.queue)/2:
		for _, e := range c.ends[opens/2:] {
			c.find(e.off).state = bad
		}
	default:
		last := len(c.queue) - 1
		for c.queue[last].state != good {
			last--
		}
		for i := range c.queue[:last] {
			if f := &c.queue[i]; f.state == open {
				f.state = bad
			}
		}
	}
	c.compact()
}

// compact removes what is no longer needed from queue and ends, and sorts ends, which
// leaves it a heap.
func (c *candidates) compact() {
	live := c.queue[:0]
	c.ends = c.ends[:0]
	for _, f := range c.queue[c.head:] {
		if f.state == bad {
			continue
		}
		live = append(live, f)
		if f.state == open {
			c.ends = append(c.ends, ending{f.end, f.off})
		}
	}
	c.queue, c.head = live, 0
	slices.SortFunc(c.ends, func(a, b ending) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.off, b.off))
	})
}

// push adds e to the heap of ends.
func (c *candidates) push(e ending) {
	c.ends = append(c.ends, e)
	for i := len(c.ends) - 1; i > 0; {
		parent := (i - 1) / 2
		if c.ends[parent].end <= e.end {
			break
		}
		c.ends[i], c.ends[parent] = c.ends[parent], e
		i = parent
	}
}

// pop removes the nearest end from the heap of ends and returns it.
func (c *candidates) pop() ending {
	top, last := c.ends[0], len(c.ends)-1
	e := c.ends[last]
	c.ends = c.ends[:last]
	for i := 0; last > 0; {
		child := 2*i + 1
		if child+1 < last && c.ends[child+1].end < c.ends[child].end {
			child++
		}
		if child >= last || e.end <= c.ends[child].end {
			c.ends[i] = e
			break
		}
		c.ends[i] = c.ends[child]
		i = child
	}
	return top
}
