package shell

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	const breaks = " \t\n\"'@><=;|&(:"
	for _, c := range []struct {
		text string
		want Line
	}{
		{"tbexport ", Line{Words: []string{"tbexport"}}},
		{"tbexport ls lo", Line{Words: []string{"tbexport", "ls"}, Last: "lo"}},
		{`tbexport ls a\ b "c d" 'e'f`, Line{Words: []string{"tbexport", "ls", "a b", "c d"}, Last: "ef", Kept: 1}},
		{`t --tag \$\(touch\ x\)`, Line{Words: []string{"t", "--tag"}, Last: "$(touch x)"}},
		{`t --tag 'a b`, Line{Words: []string{"t", "--tag"}, Last: "a b", Quote: Single}},
		{`t --tag "a \"b\$ \x`, Line{Words: []string{"t", "--tag"}, Last: `a "b$ \x`, Quote: Double}},
		{"t --tag=lo", Line{Words: []string{"t"}, Last: "--tag=lo", Kept: 6}},
		{"t --tag='lo", Line{Words: []string{"t"}, Last: "--tag=lo", Quote: Single, Kept: 6}},
		{`t --tag a\=b:c`, Line{Words: []string{"t", "--tag"}, Last: "a=b:c", Kept: 4}},
		{"cd x; t ls", Line{Words: []string{"t"}, Last: "ls"}},
		{"t csv > fi", Line{Words: []string{"t", "csv"}, Last: "fi", Redirected: true}},
		{"t csv > file lo", Line{Words: []string{"t", "csv"}, Last: "lo"}},
		{`t ''`, Line{Words: []string{"t"}}},
		{`t '' `, Line{Words: []string{"t", ""}}},
		{`t a\`, Line{Words: []string{"t"}, Last: "a"}},
		{"t 損", Line{Words: []string{"t"}, Last: "損"}},
	} {
		got := Parse(c.text, breaks)
		if !slices.Equal(got.Words, c.want.Words) || got.Last != c.want.Last || got.Quote != c.want.Quote || got.Kept != c.want.Kept || got.Redirected != c.want.Redirected {
			t.Errorf("%s: got %+v, want %+v", c.text, got, c.want)
		}
	}
}

func TestInsert(t *testing.T) {
	for _, c := range []struct {
		line, whole, want string
	}{
		{"t --tag ", "$(touch x)", `\$\(touch\ x\)`},
		{"t --tag '", "$(touch x)", "$(touch x)"},
		{`t --tag "`, "$(touch x)`", "\\$(touch x)\\`"},
		{"t --tag '", "it's", "-"},
		{`t --tag "`, "a!b", "-"},
		{"t --tag ", "a!b", `a\!b`},
		{"t --tag=l", "--tag=loss;x", `loss\;x`},
		{"t --tag lr=", "lr=0.1", "0.1"},
		{"t --tag lo", "acc", "-"},
		{"t ", "~", `\~`},
		{"t ", "損 失", `損\ 失`},
		{"t ", "a\nb", "-"},
	} {
		line := Parse(c.line, "=:")
		got, ok := line.Insert(c.whole)
		if !ok {
			got = "-"
		}
		if got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.line, c.whole, got, c.want)
		}
	}
}

// FuzzInsert: bash gets from what is inserted the very name, and runs nothing.
func FuzzInsert(f *testing.F) {
	for _, name := range []string{"$(touch x)", "`touch x`", `a"b'c`, "a;b&c|d>e<f", "*?[]{}", "~#! \\", "損失", "-x", "%"} {
		f.Add(name)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("there is no bash")
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || strings.ContainsRune(name, 0) || !valid(name) {
			return
		}
		for _, quote := range []string{"", "'", `"`} {
			line := Parse("t "+quote, "")
			text, ok := line.Insert(name)
			if !ok {
				continue
			}
			script := "printf %s " + quote + text + quote
			out, err := exec.Command(bash, "-c", script).Output()
			if want := name; err != nil || string(out) != want {
				t.Errorf("%s: %q, %v, want %q", script, out, err, want)
			}
			if back := Parse("t "+quote+text, ""); back.Last != name {
				t.Errorf("%s is parsed as %q", text, back.Last)
			}
		}
	})
}

// valid reports whether a name is one that is ever offered: of graphic signs.
func valid(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd })
}
