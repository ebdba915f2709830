package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CollisionError says that two names would become one key.
type CollisionError struct {
	Key   string
	Names [2]string
}

func (e *CollisionError) Error() string {
	return fmt.Sprintf("%q and %q would both become the key %q", e.Names[0], e.Names[1], e.Key)
}

// scope holds the names of one run, of one kind, before they become keys.
type scope struct {
	changes *Changes
	taken   map[string]string // name -> what it was before the changes
}

// name gives what a tag of a source with a prefix is called in the run. Where
// two sources have the same name for different things, the later one's ends
// with its prefix, or with what sets its source apart. It fails where the
// changes made two names the same.
func (s *scope) name(prefix, tag, apart string) (string, error) {
	join := func(rest string) string {
		if prefix == "" {
			return rest
		}
		return prefix + "/" + rest
	}
	changed := s.changes.apply(tag)
	name, original := join(changed), join(tag)
	other, clash := s.taken[name]
	if clash && (other != name || changed != tag) {
		return "", &CollisionError{name, [2]string{other, original}}
	}
	if clash {
		name += "." + apart
		for _, again := s.taken[name]; again; _, again = s.taken[name] {
			name += "'"
		}
	}
	if s.taken == nil {
		s.taken = make(map[string]string)
	}
	s.taken[name] = original
	return name, nil
}

// names maps names to keys that the destination takes, the same for all runs
// of a plan, and never two names to one key.
type names struct {
	rules *Rules
	keys  map[string]string
}

func newNames(r *Rules) *names { return &names{r, make(map[string]string)} }

// add takes a name. Adding it again does nothing.
func (n *names) add(name string) {
	if _, ok := n.keys[name]; !ok {
		n.keys[name] = n.rules.key(name)
	}
}

// resolve settles the keys. Of the names that want one key, the one that is
// this key keeps it, and the others are marked with a hash of themselves.
func (n *names) resolve() error {
	wanted := make(map[string]int, len(n.keys))
	for _, key := range n.keys {
		wanted[key]++
	}
	for name, key := range n.keys {
		if wanted[key] > 1 && name != key {
			n.keys[name] = Marked(key, name, n.rules.LongestKey)
		}
	}
	seen := make(map[string]string, len(n.keys))
	for _, name := range slices.Sorted(maps.Keys(n.keys)) {
		key := n.keys[name]
		if other, ok := seen[key]; ok {
			return &CollisionError{key, [2]string{other, name}}
		}
		seen[key] = name
	}
	return nil
}

// sameButForCase lists the pairs of keys that are one where case does not
// count.
func (n *names) sameButForCase() (pairs [][2]string) {
	seen := make(map[string]string, len(n.keys))
	for _, key := range slices.Sorted(maps.Values(n.keys)) {
		folded := strings.ToLower(key)
		if other, ok := seen[folded]; ok {
			pairs = append(pairs, [2]string{other, key})
			continue
		}
		seen[folded] = key
	}
	return pairs
}

// nameAll turns the names of series and params into keys.
func (p *Planner) nameAll(plan *Plan) error {
	series, params := newNames(&p.rules), newNames(&p.rules)
	for _, r := range plan.Runs {
		for _, s := range r.Series {
			series.add(s.Key)
		}
		for _, q := range r.Params {
			params.add(q.Key)
		}
	}
	if err := series.resolve(); err != nil {
		return err
	}
	if err := params.resolve(); err != nil {
		return err
	}
	for _, r := range plan.Runs {
		for _, s := range r.Series {
			s.Key = series.keys[s.Key]
		}
		for i := range r.Params {
			r.Params[i].Key = params.keys[r.Params[i].Key]
		}
		slices.SortFunc(r.Series, func(a, b *Series) int { return strings.Compare(a.Key, b.Key) })
	}
	plan.Changed = plan.changed()
	plan.SameButForCase = append(series.sameButForCase(), params.sameButForCase()...)
	return nil
}

// changed lists the names whose keys are others.
func (p *Plan) changed() []Renamed {
	changed := make(map[Renamed]bool)
	for _, r := range p.Runs {
		for _, s := range r.Series {
			if original := s.Name(); s.Key != original {
				changed[Renamed{From: original, To: s.Key}] = true
			}
		}
		for _, q := range r.Params {
			if q.Key != q.HParam.Name {
				changed[Renamed{q.HParam.Name, q.Key, true}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(changed), func(a, b Renamed) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), strings.Compare(a.Kind(), b.Kind()))
	})
}

// MarkLength is the length of a mark, in bytes.
const MarkLength = 9

// Mark is what is put after a name that had to be changed: an underscore and
// eight digits of the hash of the original.
func Mark(original string) string {
	sum := sha256.Sum256([]byte(original))
	return "_" + hex.EncodeToString(sum[:4])
}

// Marked puts the mark of the original after a name, which is cut to make room
// for it among limit characters; 0: any number.
func Marked(name, original string, limit int) string {
	if limit > 0 {
		name = Cut(name, limit-MarkLength)
	}
	return name + Mark(original)
}

// Cut gives the first n characters of a text.
func Cut(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
