package match

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest gives those of the names, at most n, that someone may have meant by
// word: those that differ in a few signs, the nearest first, and those that
// begin with it or hold it.
func Nearest(word string, names []string, n int) []string {
	type candidate struct {
		name     string
		distance int
	}
	var all []candidate
	folded := []rune(strings.ToLower(word))
	most := max(len(folded)/3, 1)
	for _, name := range names {
		other := []rune(strings.ToLower(name))
		d := distance(folded, other)
		if d > most && len(folded) > 2 && strings.Contains(string(other), string(folded)) {
			d = most
		}
		if d <= most {
			all = append(all, candidate{name, d})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var nearest []string
	for _, c := range all[:min(n, len(all))] {
		nearest = append(nearest, c.name)
	}
	return nearest
}

// distance is how many signs must be put in, left out, replaced or exchanged
// with the next to make b of a.
func distance(a, b []rune) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
