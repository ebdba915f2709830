package match

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Nearest gives those of the names, at most so many, that are most similar to a
// name, glob or regular expression, the nearest first; none where none is similar.
func Nearest(to string, names []string, most int) []string {
	n := newNearest(to, most)
	for _, name := range names {
		n.add(name)
	}
	return n.names()
}

// nearest keeps the names that are most similar to one, whatever order they come
// in.
type nearest struct {
	to    string
	most  int
	found []near
}

// near is a name and how far it is.
type near struct {
	name string
	far  int
}

func newNearest(to string, most int) *nearest { return &nearest{to: plain(to), most: most} }

// plain is what a pattern has of a name.
func plain(pattern string) string {
	return strings.Trim(strings.ToLower(strings.NewReplacer("**/", "", "/**", "", "*", "", "?", "", `\`, "", "^", "",
		"$", "").Replace(pattern)), "/ ")
}

func (n *nearest) add(name string) {
	far, ok := distance(n.to, name)
	if !ok {
		return
	}
	i, found := slices.BinarySearchFunc(n.found, near{name, far}, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.name, b.name))
	})
	if found || i == n.most {
		return
	}
	n.found = slices.Insert(n.found, i, near{name, far})
	n.found = n.found[:min(len(n.found), n.most)]
}

func (n *nearest) names() (names []string) {
	for _, f := range n.found {
		names = append(names, f.name)
	}
	return names
}

// distance is how far a name is from what was typed, in lower case: how many signs
// have to be changed in the name or in the last part of its path, and few where
// one stands in the other. It is false for names that have little in common.
func distance(typed, name string) (far int, similar bool) {
	name = strings.ToLower(name)
	most := (utf8.RuneCountInString(typed) + 1) / 3
	if far = edits(typed, name, most); far <= most {
		return 2 * far, true
	}
	last := name[strings.LastIndexByte(name, '/')+1:]
	if far = edits(typed, last, most); far <= most {
		return 2*far + 1, true
	}
	switch {
	case len(typed) > 1 && strings.Contains(name, typed):
		return 2*most + 2 + min(len(name)-len(typed), 1<<10), true
	case len(last) > 2 && strings.HasSuffix(typed, "/"+last):
		return 2*most + 3 + 1<<10, true
	}
	return 0, false
}

// edits is how many signs must be put in, left out, replaced or exchanged with the
// next to make b of a, or more than most.
func edits(a, b string, most int) int {
	s, t := []rune(a), []rune(b)
	if d := len(s) - len(t); d > most || -d > most {
		return most + 1
	}
	before, row, next := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		next[0] = i + 1
		for j := range t {
			change := row[j]
			if s[i] != t[j] {
				change++
			}
			next[j+1] = min(change, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		if slices.Min(next) > most && slices.Min(row) > most {
			return most + 1
		}
		before, row, next = row, next, before
	}
	return row[len(t)]
}
