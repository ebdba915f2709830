package plan

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// narrow takes lower case letters and slashes, and keys of 20 characters.
var narrow = Rules{LongestKey: 20, Key: func(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r == '/' || r == '_' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}}

func FuzzKeys(f *testing.F) {
	f.Add("a#b", "a_b", "a@b", true)
	f.Add("", "_", "/", false)
	f.Add(strings.Repeat("x", 30), strings.Repeat("x", 31), "a/../b", true)
	f.Add("LOSS", "loss", "Loss", true)
	f.Add("a#", Mark("a#"), "a_"+Mark("a#"), false)
	f.Fuzz(func(t *testing.T, a, b, c string, ignoresCase bool) {
		rules := narrow
		if ignoresCase {
			rules.Fold = strings.ToLower
		}
		names := []string{strings.ToValidUTF8(a, "\uFFFD")}
		for _, name := range []string{b, c} {
			if name = strings.ToValidUTF8(name, "\uFFFD"); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		keys, seen := rules.keys(names, nil), make(map[string]string)
		for name, key := range keys {
			if Cut(key, 20) != key {
				t.Errorf("%q became %q, which is too long", name, key)
			}
			if other, ok := seen[rules.fold(key)]; ok {
				t.Errorf("%q and %q both became %q", other, name, key)
			}
			seen[rules.fold(key)] = name
			if want := rules.key(name); !ignoresCase && key != want && !slices.Contains(names, want) {
				t.Errorf("%q became %q, beside others, and %q alone", name, key, want)
			}
		}
		slices.Reverse(names)
		if again := rules.keys(names, nil); !maps.Equal(keys, again) {
			t.Errorf("in another order %q became %q", keys, again)
		}
		if again := rules.keys(names, keys); !maps.Equal(keys, again) {
			t.Errorf("kept, %q became %q", keys, again)
		}
	})
}

// A key depends on its name alone, and says so where it is another.
func TestKeys(t *testing.T) {
	for name, want := range map[string]string{
		"a_b": "a_b", "a#b": "a_b" + Mark("a#b"), strings.Repeat("x", 21): strings.Repeat("x", 11) + Mark(strings.Repeat("x", 21)),
	} {
		if got := narrow.key(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// Keys that a run has stay, and no other name gets one of them.
func TestKeysAreKept(t *testing.T) {
	keys := narrow.keys([]string{"a#b", "a_b", "c"}, map[string]string{"a#b": "a_b"})
	if want := map[string]string{"a#b": "a_b", "a_b": "a_b" + Mark("a_b'"), "c": "c"}; !maps.Equal(keys, want) {
		t.Errorf("got %q, want %q", keys, want)
	}
}

func TestKeysWhereCaseDoesNotCount(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  map[string]string
	}{
		{[]string{"Loss"}, map[string]string{"Loss": "Loss"}},
		{[]string{"Loss", "loss", "acc"}, map[string]string{"Loss": "Loss" + Mark("Loss"), "loss": "loss", "acc": "acc"}},
		{[]string{"Loss", "LOSS"}, map[string]string{"Loss": "Loss" + Mark("Loss"), "LOSS": "LOSS" + Mark("LOSS")}},
	} {
		rules := Rules{Fold: strings.ToLower}
		if got := rules.keys(c.names, nil); !maps.Equal(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestSameButForCase(t *testing.T) {
	var got [][2]string
	sameButForCase(map[string]string{"a": "Loss", "b": "loss", "c": "acc", "d": "LOSS"}, func(pair [2]string) { got = append(got, pair) })
	if len(got) != 2 || got[0] != [2]string{"LOSS", "Loss"} {
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

// Runs that go to a place with other rules have other keys, and another digest.
func TestNameBy(t *testing.T) {
	series := func() []*Series {
		return []*Series{{Source: new(Source), Tag: "a:b", Wanted: "a:b", Tally: new(exactTally)}}
	}
	p := &Plan{Runs: []*Run{{Path: "here", Series: series()}, {Path: "there", Series: series()}}}
	p.NameBy(Rules{Key: func(name string) string { return strings.ReplaceAll(name, ":", "_") }}, func(r *Run) bool { return r.Path == "there" })
	here, there := p.Runs[0], p.Runs[1]
	if here.Series[0].Key != "a:b" || there.Series[0].Key != "a_b"+Mark("a:b") || here.Digest == there.Digest || len(p.Changed) != 1 {
		t.Errorf("%q, %q, %v", here.Series[0].Key, there.Series[0].Key, p.Changed)
	}
	// They keep them when a run is named again.
	p.Subset(func(r *Run) bool { return r == there }).KeepKeys(there, Kept{})
	if there.Series[0].Key != "a_b"+Mark("a:b") {
		t.Errorf("%q", there.Series[0].Key)
	}
}
