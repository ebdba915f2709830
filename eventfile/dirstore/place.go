package dirstore

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"tbexport/eventfile"
)

// place is a way to a directory.
type place struct {
	root *root
	up   *place // the way to the directory that this one stands in; nil for a logdir
	rel  string // below the logdir, with the system's separators
	path string // as it is opened
	real string // without links

	links    int    // 0: no link on the way; 1: only in the path of the logdir; 2: below that
	segments int    // of name
	name     string // of the run
}

func newPlace(r *root) *place {
	p := &place{root: r, rel: ".", path: filepath.Clean(r.Path), real: r.real, name: r.name(".")}
	if r.linked {
		p.links = 1
	}
	p.segments = segments(p.name)
	return p
}

// child is a way one directory further down.
func (p *place) child(base, real string, link bool) *place {
	rel := join(p.rel, base)
	c := &place{root: p.root, rel: rel, path: join(p.path, base), real: real, up: p, links: p.links,
		name: p.root.name(filepath.ToSlash(rel))}
	if link {
		c.links = 2
	}
	c.segments = segments(c.name)
	return c
}

// join is filepath.Join of a path and the name of an entry of it. All paths but
// those of logdirs are clean already.
func join(dir, base string) string {
	if dir == "" || dir[0] == '.' || os.IsPathSeparator(dir[len(dir)-1]) {
		return filepath.Join(dir, base)
	}
	return dir + string(filepath.Separator) + base
}

func (p *place) spot() spot { return spot{p.root.Name, p.real} }

// problem is one of the directory, or of something in it.
func (p *place) problem(path string, err error) eventfile.Problem {
	run := eventfile.Run{}
	run.SetName(p.name, "")
	return eventfile.Problem{Path: path, Err: err, Run: run.Name}
}

// at is the place for problems of an entry of the directory: an event file is of its
// run, and what else there is may be a directory.
func (p *place) at(base string) *place {
	if eventfile.IsEventFile(base) {
		return p
	}
	return p.child(base, "", true)
}

func segments(name string) int { return strings.Count(name, "/") }

// compare ranks ways: none is before the way to the directory it stands in.
func (p *place) compare(q *place) int {
	return cmp.Or(p.links-q.links, p.segments-q.segments, strings.Compare(p.name, q.name),
		// Of logdirs that lie in one another, the outer one.
		len(p.root.real)-len(q.root.real), strings.Compare(p.path, q.path))
}

// queue is a heap of ways, the next one first.
type queue []*place

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].compare(q[j]) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*place)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	p := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return p
}
