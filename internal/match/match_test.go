package match

import (
	"errors"
	"slices"
	"testing"
	"unicode/utf8"
)

func TestNames(t *testing.T) {
	all := []string{"loss", "train/loss", "train/acc", "val/loss"}
	for _, c := range []struct{ globs, expressions, want []string }{
		{[]string{"*"}, nil, []string{"loss"}},
		{[]string{"**/loss"}, nil, []string{"loss", "train/loss", "val/loss"}},
		{[]string{"**/loss", "!val/**"}, nil, []string{"loss", "train/loss"}},
		{[]string{"!loss"}, nil, []string{"train/loss", "train/acc", "val/loss"}},
		{nil, []string{"^train"}, []string{"train/loss", "train/acc"}},
		{nil, []string{"^val", "acc$"}, []string{"train/acc", "val/loss"}},
		{[]string{"*/loss"}, []string{"^train"}, []string{"train/loss"}},
	} {
		chosen, err := Names(c.globs, c.expressions)
		if err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !chosen(name) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%q and %q: got %q, want %q", c.globs, c.expressions, got, c.want)
		}
	}
	if chosen, err := Names(nil, nil); chosen != nil || err != nil {
		t.Errorf("of nothing: %v", err)
	}
	var glob *GlobError
	if _, err := Names([]string{"!a["}, nil); !errors.As(err, &glob) || glob.Glob != "!a[" {
		t.Errorf("a[: %v", err)
	}
	var re *RegexpError
	if _, err := Names(nil, []string{"("}); !errors.As(err, &re) || re.Regexp != "(" {
		t.Errorf("(: %v", err)
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
		chosen, err := Names([]string{Literal(name)}, nil)
		if err != nil || !chosen(name) {
			t.Errorf("%q: %q does not match it, %v", name, Literal(name), err)
		}
	})
}
