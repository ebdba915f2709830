package match

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

func choice(t *testing.T, globs, expressions []string) *Choice {
	t.Helper()
	c, err := New(globs, expressions)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func chosen(c *Choice, names []string) []string {
	wanted := c.Among(names)
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !wanted(name) })
}

func TestChoice(t *testing.T) {
	all := []string{"loss", "train/loss", "train/acc", "val/loss"}
	patterns := []string{"layer[0]/w", "layer0/w", "top{5}", "top5", "a[", "!not"}
	deep := []string{"a/b/train_loss", "a/loss", "loss", "train/x/y"}
	for _, c := range []struct{ names, globs, expressions, want []string }{
		{all, []string{"*"}, nil, []string{"loss"}},
		{all, []string{"**/loss"}, nil, []string{"loss", "train/loss", "val/loss"}},
		{all, []string{"**/loss", "!val/**"}, nil, []string{"loss", "train/loss"}},
		{all, []string{"!loss"}, nil, []string{"train/loss", "train/acc", "val/loss"}},
		{all, nil, []string{"^train"}, []string{"train/loss", "train/acc"}},
		{all, nil, []string{"^val", "acc$"}, []string{"train/acc", "val/loss"}},
		{all, []string{"*/loss"}, []string{"^train"}, []string{"train/loss"}},
		// An exact name is that name; where there is none, it is a pattern.
		{patterns, []string{"layer[0]/w"}, nil, []string{"layer[0]/w"}},
		{patterns, []string{"top{5}"}, nil, []string{"top{5}"}},
		{patterns[:2], []string{`layer\[0]/w`}, nil, []string{"layer[0]/w"}},
		{[]string{"layer0/w", "top5"}, []string{"layer[0]/w", "top{5}"}, nil, []string{"layer0/w", "top5"}},
		{patterns, []string{"!top{5}", "top*"}, nil, []string{"top5"}},
		{patterns, []string{"a["}, nil, []string{"a["}},
		{all, []string{"a["}, nil, nil},
		// ** crosses slashes within a name, too.
		{deep, []string{"**loss"}, nil, []string{"a/b/train_loss", "a/loss", "loss"}},
		{deep, []string{"a**loss"}, nil, []string{"a/b/train_loss", "a/loss"}},
		{deep, []string{"t**"}, nil, []string{"train/x/y"}},
		{deep, []string{"**b/train**"}, nil, []string{"a/b/train_loss"}},
		{deep, []string{"{a/b,train}/**"}, nil, []string{"a/b/train_loss", "train/x/y"}},
		{deep, []string{"*loss"}, nil, []string{"loss"}},
	} {
		chooser := choice(t, c.globs, c.expressions)
		if got := chosen(chooser, c.names); !slices.Equal(got, c.want) {
			t.Errorf("%q and %q: got %q, want %q", c.globs, c.expressions, got, c.want)
		}
		for _, name := range c.want {
			if !chooser.Candidate(name) {
				t.Errorf("%q and %q: %q is no candidate", c.globs, c.expressions, name)
			}
		}
	}
	if c, err := New(nil, nil); c != nil || err != nil || !c.Candidate("x") || !c.Among(nil)("x") {
		t.Errorf("of nothing: %v", err)
	}
	var glob *GlobError
	if _, err := New([]string{"!a["}, nil); !errors.As(err, &glob) || glob.Glob != "!a[" {
		t.Errorf("!a[: %v", err)
	}
	var re *RegexpError
	if _, err := New(nil, []string{"("}); !errors.As(err, &re) || re.Regexp != "(" {
		t.Errorf("(: %v", err)
	}
}

func TestMet(t *testing.T) {
	m := NewMet(choice(t, []string{"loss", "los", "[", "!x"}, []string{"^train", "^l"}))
	m.Add([]string{"loss", "val/loss"})
	if !m.Any() {
		t.Error("nothing is met")
	}
	m.Add([]string{"x", "acc"})
	got := m.Unmet()
	if len(got) != 3 || got[0].Text != "los" || !slices.Equal(got[0].Nearest, []string{"loss", "val/loss"}) || !got[1].Invalid || !got[2].Expression {
		t.Errorf("%+v", got)
	}
	if first := m.First(); !slices.Equal(first, []string{"acc", "loss", "val/loss"}) {
		t.Error(first)
	}
	m = NewMet(choice(t, []string{"loss"}, []string{"acc"}))
	m.Add([]string{"loss", "acc"})
	if m.Any() || m.Unmet() != nil {
		t.Error("no name satisfies both")
	}
	if m = NewMet(choice(t, []string{"!**"}, nil)); !m.Any() {
		t.Error("exclusions alone meet all")
	}
}

func TestNearestOfPatterns(t *testing.T) {
	names := []string{"Loss/train", "Loss/val", "accuracy", "lr", "metrics/mAP", "rollout/ep_rew_mean"}
	for _, c := range []struct {
		to   string
		want []string
	}{
		{"loss/train", []string{"Loss/train"}},
		{"Loss", []string{"Loss/val", "Loss/train"}},
		{"acuracy", []string{"accuracy"}},
		{"**/ep_rew_maen", []string{"rollout/ep_rew_mean"}},
		{"map", []string{"metrics/mAP"}},
		{"train/accuracy", []string{"accuracy"}},
		{"nothing like it", nil},
		{"", nil},
	} {
		if got := Nearest(c.to, names, 3); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.to, got, c.want)
		}
	}
}

// FuzzLiteral: the glob of a name matches it.
func FuzzLiteral(f *testing.F) {
	for _, name := range []string{"a[0]", "!not", "glob*", "{a,b}", `\`, "損失"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !utf8.ValidString(name) {
			return // not UTF-8: such names are never typed
		}
		if c := choice(t, []string{Literal(name)}, nil); !slices.Equal(chosen(c, []string{name}), []string{name}) {
			t.Errorf("%q: %q does not match it", name, Literal(name))
		}
	})
}

// FuzzCrossing: what a glob matches without crossing slashes within a name, it
// matches with that, too; and it stays a valid one.
func FuzzCrossing(f *testing.F) {
	for _, seed := range [][2]string{{"**a", "b/a"}, {"a**/[**]x", "ab/*x"}, {"{a/**,b}", "a"}, {`\**`, "*a"}, {"***/x", "x"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, glob, name string) {
		if !doublestar.ValidatePattern(glob) || strings.Count(glob, "*") > 6 {
			return
		}
		if !doublestar.ValidatePattern(crossing(glob)) {
			t.Fatalf("%q became %q", glob, crossing(glob))
		}
		if g := newGlob(glob); doublestar.MatchUnvalidated(glob, name) && !g.match(name, nil) {
			t.Errorf("%q does not match %q", glob, name)
		}
	})
}
