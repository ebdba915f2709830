package ui

import (
	"encoding/json"
	"testing"
	"unicode"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ text, want, ascii string }{
		{"train/loss", "train/loss", "train/loss"},
		{"損失 ünï 🙂", "損失 ünï 🙂", `\u640d\u5931 \u00fcn\u00ef \U0001f642`},
		{"e\u0301", "e\u0301", `e\u0301`}, // a combining accent
		{"\x1b[2J\x1b]0;title\a", `\x1b[2J\x1b]0;title\a`, `\x1b[2J\x1b]0;title\a`},
		{"a\tb\nc\rd\x00\x7f", `a\tb\nc\rd\x00\x7f`, `a\tb\nc\rd\x00\x7f`},
		{"\u009b2J", `\u009b2J`, `\u009b2J`},                                  // CSI in one sign
		{"\u202egnp.exe\u2066", `\u202egnp.exe\u2066`, `\u202egnp.exe\u2066`}, // turns the direction round
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`, `zero\u200bwidth\ufeff`},
		{"line\u2028break", `line\u2028break`, `line\u2028break`},
		{"\xff\xfe", `\xff\xfe`, `\xff\xfe`},
		{`C:\logs`, `C:\logs`, `C:\logs`},
		{"\U000e0001", `\U000e0001`, `\U000e0001`},
		{"", "", ""},
	} {
		if got := Visible(c.text); got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
		if got := VisibleASCII(c.text); got != c.ascii {
			t.Errorf("%q in ASCII: got %s, want %s", c.text, got, c.ascii)
		}
	}
}

// TestVisibleIsSafe: nothing that moves a cursor is left of any sign.
func TestVisibleIsSafe(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		for _, shown := range Visible(string(r)) {
			if unicode.IsControl(shown) || unicode.Is(unicode.Cf, shown) {
				t.Fatalf("%U is shown as %q", r, Visible(string(r)))
			}
		}
	}
}

func TestVisibleJSON(t *testing.T) {
	for _, text := range []string{"train/loss", "\u009b2J \u202e \x7f \U000e0001 損失\n", "\x1b", ""} {
		plain, err := json.MarshalIndent(map[string]string{"tag": text}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		safe := VisibleJSON(plain)
		for _, r := range string(safe) {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%q stands raw in %q", r, safe)
			}
		}
		var back map[string]string
		if err := json.Unmarshal(safe, &back); err != nil || back["tag"] != text {
			t.Errorf("%q became %q, %v", text, back["tag"], err)
		}
	}
}

// FuzzVisible: what is shown is UTF-8 without controls, whatever the bytes.
func FuzzVisible(f *testing.F) {
	f.Add("\x1b[2J")
	f.Add("\xff損")
	f.Fuzz(func(t *testing.T, text string) {
		for _, shown := range []string{Visible(text), VisibleASCII(text)} {
			for _, r := range shown {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
					t.Errorf("%q is shown as %q", text, shown)
				}
			}
		}
	})
}
