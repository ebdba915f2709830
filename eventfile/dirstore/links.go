package dirstore

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tbexport/eventfile"
)

var (
	errLoop    = errors.New("a link back to a directory above it, not followed")
	errNoEvent = errors.New("a link out of the logdir to what is no event file, not read")
)

// manyLinks is how many problems of links are told one by one.
const manyLinks = 3

// tellLinks adds the problems of links.
func (f *finder) tellLinks() {
	var again []eventfile.Problem
	holding := f.holding()
	for _, p := range f.again {
		if holding[p.spot()] {
			again = append(again,
				p.problem(p.path, fmt.Errorf("the same directory as %s, read once", f.seen[p.spot()])))
		}
	}
	f.problems = append(append(f.problems, few(again)...), few(f.loops)...)
}

// holding gives the directories that lead to a run, by whatever ways.
func (f *finder) holding() map[spot]bool {
	holding := make(map[spot]bool)
	lost := make(map[spot][]*place) // the ways to a directory that lost
	for _, p := range f.again {
		lost[p.spot()] = append(lost[p.spot()], p)
	}
	ways := slices.Clone(f.ends)
	for len(ways) > 0 {
		p := ways[len(ways)-1]
		ways = ways[:len(ways)-1]
		for ; p != nil && !holding[p.spot()]; p = p.up {
			holding[p.spot()] = true
			for _, q := range lost[p.spot()] {
				if q.up != nil {
					ways = append(ways, q.up)
				}
			}
		}
	}
	return holding
}

// few makes one problem of many of a kind.
func few(problems []eventfile.Problem) []eventfile.Problem {
	slices.SortFunc(problems, func(a, b eventfile.Problem) int { return strings.Compare(a.Path, b.Path) })
	if n := len(problems); n > manyLinks {
		problems[0].Err = fmt.Errorf("%w (and %d more like this)", problems[0].Err, n-1)
		return problems[:1]
	}
	return problems
}

// holdsEvent reports whether there is an event in a file, which is read to the
// first one.
func (f *finder) holdsEvent(path string) bool {
	file, err := open(path)
	if err != nil {
		return true // which whoever reads it is told
	}
	defer file.Close()
	reader := eventfile.NewReader(eventfile.ReaderOptions{})
	reader.Reset(f.ctx, path, file)
	for _, err := range reader.Events() {
		if err == nil || f.ctx.Err() != nil {
			return err == nil
		}
	}
	return false
}
