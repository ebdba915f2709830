package match

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Met remembers which parts of a choice have met a name to choose, and of the
// others which names come nearest. Its methods may be called from several
// goroutines at once; what it tells does not depend on the order of the names.
type Met struct {
	choice *Choice
	done   atomic.Bool // every part has met a name, and so has the whole
	mutex  sync.Mutex
	whole  bool
	parts  []*part
	first  []string // the names that come first in byte order
}

// mostNear is how many names are offered for one that is not there.
const mostNear = 3

// part is one glob or regular expression.
type part struct {
	text    string
	match   func(name string, exact map[string]bool) bool
	met     bool
	nearest *nearest
}

// Unmet is a part of a choice that no name satisfies.
type Unmet struct {
	// Text is the glob or the regular expression, and Expression says that it is
	// the latter. Invalid says that it is a glob that matches nothing but its own
	// name.
	Text                string
	Expression, Invalid bool
	Nearest             []string // names that are similar, if any are
}

// NewMet returns what has met no name, of a choice that is not nil.
func NewMet(c *Choice) *Met {
	m := &Met{choice: c}
	for i := range c.wanted {
		g := &c.wanted[i]
		m.parts = append(m.parts, &part{text: g.text, match: g.match, nearest: newNearest(g.text, mostNear)})
	}
	for _, re := range c.expressions {
		m.parts = append(m.parts, &part{text: re.String(), nearest: newNearest(re.String(), mostNear),
			match: func(name string, _ map[string]bool) bool { return re.MatchString(name) }})
	}
	m.whole = len(m.parts) == 0 // nothing but exclusions
	m.done.Store(m.whole)
	return m
}

// Add takes in names that there are to choose from at a time.
func (m *Met) Add(names []string) {
	if m.done.Load() {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	exact := m.choice.exact(names)
	for _, name := range names {
		m.add(name, exact)
		if m.done.Load() {
			return
		}
	}
}

func (m *Met) add(name string, exact map[string]bool) {
	done := true
	for _, p := range m.parts {
		if !p.met {
			if p.met = p.match(name, exact); !p.met {
				p.nearest.add(name)
			}
		}
		done = done && p.met
	}
	m.whole = m.whole || m.choice.positive(name, exact)
	m.done.Store(done && m.whole)
	if i, found := slices.BinarySearch(m.first, name); !found && i < mostNear {
		m.first = slices.Insert(m.first, i, name)
		m.first = m.first[:min(len(m.first), mostNear)]
	}
}

// Any says whether a name satisfies the choice, but for what it excludes.
func (m *Met) Any() bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.whole
}

// Unmet gives the parts that no name satisfies.
func (m *Met) Unmet() (unmet []Unmet) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for i, p := range m.parts {
		if p.met {
			continue
		}
		u := Unmet{Text: p.text, Expression: i >= len(m.choice.wanted), Nearest: p.nearest.names()}
		u.Invalid = !u.Expression && m.choice.wanted[i].patterns == nil
		unmet = append(unmet, u)
	}
	return unmet
}

// First gives the names that come first, three at most: where no name is similar,
// they show what there is.
func (m *Met) First() []string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return slices.Clone(m.first)
}
