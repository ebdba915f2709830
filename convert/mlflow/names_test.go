package mlflow

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"loss": "loss", "train/loss": "train/loss", "a b": "a b", " a": " a", "損失": "損失", "a:b-c.d_e": "a:b-c.d_e", "²": "²",
		"Loss/train (smoothed)": "Loss/train _smoothed_", "GPU #0": "GPU _0", "acc@1": "acc_1", "grad_norm%": "grad_norm_",
		"/a": "a", "a/": "a", "a//b": "a/b", "./a": "a", "a/../b": "a/b", "..": "_", ".": "_", "": "_", "/": "_",
		"..a": "_.a", "../..b": "_.b", "e\u0301": "é", "a\nb": "a_b", "a\x00b": "a_b", "😀": "_", "ก็": "ก_",
		strings.Repeat("損", 250): strings.Repeat("損", 250),
	} {
		got := cleanName(name)
		if got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

func TestLongNamesAreCutAndMarked(t *testing.T) {
	a, b := cleanName(strings.Repeat("a", 251)), cleanName(strings.Repeat("a", 252))
	if a == b || utf8.RuneCountInString(a) != 250 || !strings.HasPrefix(a, strings.Repeat("a", 241)+"_") {
		t.Errorf("%q and %q", a, b)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("a#b", "a_b", "a@b")
	f.Add("", "_", "/")
	f.Add(strings.Repeat("x", 300), strings.Repeat("x", 301), "a/../b")
	f.Add("e\u0301", "é", "É")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var n names
		for _, name := range []string{a, b, c} {
			n.add(strings.ToValidUTF8(name, "\uFFFD"))
		}
		if err := n.resolve(); err != nil {
			t.Fatal(err)
		}
		seen := make(map[string]string)
		for name, key := range n.keys {
			if !validName(key) {
				t.Errorf("%q became %q, which MLflow refuses", name, key)
			}
			if validName(name) && key != name {
				t.Errorf("%q became %q for no reason", name, key)
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
	var forward, backward names
	for i := range all {
		forward.add(all[i])
		backward.add(all[len(all)-1-i])
	}
	if err := errors.Join(forward.resolve(), backward.resolve()); err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		if forward.key(name) != backward.key(name) {
			t.Errorf("%q is %q or %q", name, forward.key(name), backward.key(name))
		}
	}
	if got := forward.key("a_b"); got != "a_b" {
		t.Errorf("a_b lost its name to another: %q", got)
	}
}

func TestSameButForCase(t *testing.T) {
	var n names
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
	s := scope{rules: new(Rules)}
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

func TestRules(t *testing.T) {
	rename, err := ParseRename(`^worker(\d+)/(.*)=$2/$1`)
	if err != nil {
		t.Fatal(err)
	}
	rules := Rules{StripPrefixes: []string{"model/", "m"}, Renames: []Rename{rename}}
	for tag, want := range map[string]string{"model/loss": "loss", "worker3/loss": "loss/3", "model/worker3/x": "x/3", "model/": "odel/", "x": "x"} {
		if got := rules.apply(tag); got != want {
			t.Errorf("%q became %q, want %q", tag, got, want)
		}
	}
	for _, bad := range []string{"abc", "=x", "(=x"} {
		if _, err := ParseRename(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestRulesThatMakeTwoNamesOneAreAnError(t *testing.T) {
	s := scope{rules: &Rules{Renames: []Rename{{regexp.MustCompile("^[ab]$"), "same"}}}}
	if _, err := s.name("", "a", "x"); err != nil {
		t.Fatal(err)
	}
	_, err := s.name("", "b", "x")
	var collision *CollisionError
	if !errors.As(err, &collision) {
		t.Fatalf("got %v", err)
	}
	want := `"a" and "b" would both become the key "same": change --rename or --strip-prefix`
	if err.Error() != want {
		t.Errorf("got %s\nwant %s", err, want)
	}
}
