package mlflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// names maps names to keys that MLflow takes, the same for all runs of a plan,
// and never two names to one key.
type names struct {
	keys map[string]string
}

// add tells of a name. Adding it again does nothing.
func (n *names) add(name string) {
	if n.keys == nil {
		n.keys = make(map[string]string)
	}
	if _, ok := n.keys[name]; !ok {
		n.keys[name] = cleanName(name)
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
			n.keys[name] = markedName(key, name)
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

// key is the key of a name that was added.
func (n *names) key(name string) string { return n.keys[name] }

// sameButForCase lists the pairs of keys that a database which ignores case
// takes for one, as MySQL and SQL Server do.
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

// CollisionError says that two names would become one key.
type CollisionError struct {
	Key   string
	Names [2]string
}

func (e *CollisionError) Error() string {
	return fmt.Sprintf("%q and %q would both become the key %q: change --rename or --strip-prefix", e.Names[0], e.Names[1], e.Key)
}

// scope holds the names of one run, of one kind, before they become keys.
type scope struct {
	rules *Rules
	taken map[string]string // name -> what it was before the rules
}

// name gives what a tag of a source with a prefix is called in the run. Where
// two sources have the same name for different things, the later one's ends
// with its prefix, or with what sets its source apart. It fails where the
// rules made two names the same.
func (s *scope) name(prefix, tag, apart string) (string, error) {
	join := func(rest string) string {
		if prefix == "" {
			return rest
		}
		return prefix + "/" + rest
	}
	ruled := s.rules.apply(tag)
	name, original := join(ruled), join(tag)
	other, clash := s.taken[name]
	if clash && (other != name || ruled != tag) {
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
