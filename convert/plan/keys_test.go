package plan

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// narrow takes lower case letters and slashes, and keys of 20 characters.
var narrow = Rules{LongestKey: 20, Key: func(name string) string {
	key := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r == '/' || r == '_' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	if Cut(key, 20) != key {
		key = Marked(key, name, 20)
	}
	return key
}}

func FuzzNames(f *testing.F) {
	f.Add("a#b", "a_b", "a@b")
	f.Add("", "_", "/")
	f.Add(strings.Repeat("x", 30), strings.Repeat("x", 31), "a/../b")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		n := newNames(&narrow)
		for _, name := range []string{a, b, c} {
			n.add(strings.ToValidUTF8(name, "\uFFFD"))
		}
		if err := n.resolve(); err != nil {
			t.Fatal(err)
		}
		seen := make(map[string]string)
		for name, key := range n.keys {
			if Cut(key, 20) != key {
				t.Errorf("%q became %q, which is too long", name, key)
			}
			if other, ok := seen[key]; ok {
				t.Errorf("%q and %q both became %q", other, name, key)
			}
			seen[key] = name
		}
	})
}

func TestNamesDoNotDependOnTheirOrder(t *testing.T) {
	all := []string{"a#b", "a_b", "a@b", "x"}
	forward, backward := newNames(&narrow), newNames(&narrow)
	for i := range all {
		forward.add(all[i])
		backward.add(all[len(all)-1-i])
	}
	if err := errors.Join(forward.resolve(), backward.resolve()); err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		if forward.keys[name] != backward.keys[name] {
			t.Errorf("%q is %q or %q", name, forward.keys[name], backward.keys[name])
		}
	}
	if got := forward.keys["a_b"]; got != "a_b" {
		t.Errorf("a_b lost its name to another: %q", got)
	}
}

func TestSameButForCase(t *testing.T) {
	n := newNames(new(Rules))
	for _, name := range []string{"Loss", "loss", "acc", "LOSS"} {
		n.add(name)
	}
	if err := n.resolve(); err != nil {
		t.Fatal(err)
	}
	if got := n.sameButForCase(); len(got) != 2 || got[0] != [2]string{"LOSS", "Loss"} {
		t.Errorf("got %q", got)
	}
}

func TestScope(t *testing.T) {
	s := scope{changes: new(Changes)}
	for _, c := range []struct{ prefix, tag, want string }{
		{"", "loss", "loss"},
		{"train", "loss", "train/loss"},
		{"", "train/loss", "train/loss.child"},
		{"", "loss", "loss.child"},
		{"", "loss", "loss.child'"},
	} {
		if got, err := s.name(c.prefix, c.tag, "child"); err != nil || got != c.want {
			t.Errorf("%q with prefix %q is %q, %v; want %q", c.tag, c.prefix, got, err, c.want)
		}
	}
}

func TestChanges(t *testing.T) {
	rename, err := ParseRename(`^worker(\d+)/(.*)=$2/$1`)
	if err != nil {
		t.Fatal(err)
	}
	changes := Changes{StripPrefixes: []string{"model/", "m"}, Renames: []Rename{rename}}
	for tag, want := range map[string]string{"model/loss": "loss", "worker3/loss": "loss/3", "model/worker3/x": "x/3", "model/": "odel/", "x": "x"} {
		if got := changes.apply(tag); got != want {
			t.Errorf("%q became %q, want %q", tag, got, want)
		}
	}
	for _, bad := range []string{"abc", "=x", "(=x"} {
		if _, err := ParseRename(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestChangesThatMakeTwoNamesOneAreAnError(t *testing.T) {
	s := scope{changes: &Changes{Renames: []Rename{{regexp.MustCompile("^[ab]$"), "same"}}}}
	if _, err := s.name("", "a", "x"); err != nil {
		t.Fatal(err)
	}
	_, err := s.name("", "b", "x")
	var collision *CollisionError
	if !errors.As(err, &collision) {
		t.Fatalf("got %v", err)
	}
	want := `"a" and "b" would both become the key "same"`
	if err.Error() != want {
		t.Errorf("got %s\nwant %s", err, want)
	}
}
