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

// key gives the key of a name, whatever other names there are: the name itself
// where the destination takes it, else what the rules make of it with the
// name's mark. So a key stays what it is when other runs and tags come.
func (r *Rules) key(name string) string {
	key := name
	if r.Key != nil {
		key = r.Key(name)
	}
	if key != name || r.LongestKey > 0 && Cut(key, r.LongestKey) != key {
		key = Marked(key, name, r.LongestKey)
	}
	return key
}

// fold gives what two keys have in common that are one to the destination.
func (r *Rules) fold(key string) string {
	if r.Fold == nil {
		return key
	}
	return r.Fold(key)
}

// keys gives the keys of all the names of one run, of one kind, but of those
// that have one in kept. Where two would be one, the name that needs no change
// and is what it folds to keeps it, and the others are marked.
func (r *Rules) keys(names []string, kept map[string]string) map[string]string {
	own, wanted := make(map[string]string, len(names)), make(map[string]int, len(names))
	for _, name := range names {
		own[name] = r.key(name)
		wanted[r.fold(own[name])]++
	}
	keys, taken := make(map[string]string, len(names)), make(map[string]bool, len(names))
	for name, key := range kept {
		keys[name] = key
		taken[r.fold(key)] = true
	}
	for _, changed := range []bool{false, true} {
		for _, name := range slices.Sorted(slices.Values(names)) {
			key := own[name]
			if _, ok := keys[name]; ok || (key != name) != changed {
				continue
			}
			if folded := r.fold(key); folded != key && wanted[folded] > 1 && !changed {
				key = Marked(key, name, r.LongestKey)
			}
			for original := name; taken[r.fold(key)]; {
				original += "'"
				key = Marked(own[name], original, r.LongestKey)
			}
			keys[name] = key
			taken[r.fold(key)] = true
		}
	}
	return keys
}

// sameButForCase lists the pairs of keys of one run that are one where case
// does not count.
func sameButForCase(keys map[string]string, add func(pair [2]string)) {
	seen := make(map[string]string, len(keys))
	for _, key := range slices.Sorted(maps.Values(keys)) {
		folded := strings.ToLower(key)
		if other, ok := seen[folded]; ok {
			add([2]string{other, key})
			continue
		}
		seen[folded] = key
	}
}

// NameBy gives some of the runs the keys of other rules than the plan's, as a place
// among its destinations was begun with. These differ in Key alone.
func (p *Plan) NameBy(rules Rules, some func(*Run) bool) {
	for _, r := range p.Runs {
		if some(r) {
			r.rules = &rules
		}
	}
	p.nameAll()
	for _, r := range p.Runs {
		r.Digest = r.digest()
	}
}

// nameAll turns the names of series and params into keys.
func (p *Plan) nameAll() {
	p.SameButForCase = nil
	seriesPairs, paramPairs := make(map[[2]string]bool), make(map[[2]string]bool)
	for _, r := range p.Runs {
		series, params := p.nameRun(r, Kept{})
		sameButForCase(series, func(pair [2]string) { seriesPairs[pair] = true })
		sameButForCase(params, func(pair [2]string) { paramPairs[pair] = true })
	}
	p.Changed = p.changed()
	for _, pairs := range []map[[2]string]bool{seriesPairs, paramPairs} {
		sorted := slices.SortedFunc(maps.Keys(pairs), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
		p.SameButForCase = append(p.SameButForCase, sorted...)
	}
}

// Kept are keys that a run has at the destination already, given by other rules
// or beside other names than those of today.
type Kept struct {
	Series map[*Series]string
	Params map[string]string // by Param.Wanted
}

// KeepKeys gives a run the keys that it has already, and the others keys that
// are none of these. The run's digest is what it is with them. It reports whether
// one of the keys became another.
func (p *Plan) KeepKeys(r *Run, k Kept) bool {
	before := r.keys()
	p.nameRun(r, k)
	r.Digest = r.digest()
	return !maps.Equal(before, r.keys())
}

// keys are those of a run's series and params, by what was wanted.
func (r *Run) keys() map[[2]string]string {
	keys := make(map[[2]string]string, len(r.Series)+len(r.Params))
	for _, s := range r.Series {
		keys[[2]string{"metric", s.Wanted}] = s.Key
	}
	for _, p := range r.Params {
		keys[[2]string{"param", p.Wanted}] = p.Key
	}
	return keys
}

// nameRun gives the series and params of a run their keys, and lists them by
// name.
func (p *Plan) nameRun(r *Run, k Kept) (series, params map[string]string) {
	rules, kept := cmp.Or(r.rules, &p.rules), make(map[string]string, len(k.Series))
	var names []string
	for _, s := range r.Series {
		names = append(names, s.Wanted)
		if key, ok := k.Series[s]; ok {
			kept[s.Wanted] = key
		}
	}
	series = rules.keys(names, kept)
	for _, s := range r.Series {
		s.Key = series[s.Wanted]
	}
	slices.SortFunc(r.Series, func(a, b *Series) int { return strings.Compare(a.Key, b.Key) })
	names = nil
	for _, q := range r.Params {
		names = append(names, q.Wanted)
	}
	params = rules.keys(names, k.Params)
	for i := range r.Params {
		r.Params[i].Key = params[r.Params[i].Wanted]
	}
	return series, params
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
