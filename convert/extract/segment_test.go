package extract

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
)

func TestSegment(t *testing.T) {
	long := strings.Repeat("é", 80)
	for name, want := range map[string]string{
		"train/loss": "train%2Floss", "..": ".%2E", ".": "%2E", "": "%", "../../x": "..%2F..%2Fx", "/etc/passwd": "%2Fetc%2Fpasswd",
		"con": "%63on", "CON.txt": "%43ON.txt", "com1": "%63om1", "lpt²": "%6Cpt%C2%B2", "console": "console", "comx": "comx", "nul .a": "%6Eul .a",
		"a.": "a%2E", "a ": "a%20", "a b-c_d.e": "a b-c_d.e", "50%": "50%25", "a~b": "a%7Eb", "a:b\\c": "a%3Ab%5Cc",
		"e\u0301": "\u00e9", "損失": "損失", "\xff\x00": "%FF%00", "\x1b[31m": "%1B%5B31m", "💥": "%F0%9F%92%A5",
		long: strings.Repeat("é", 45) + "~e3cb5e0a",
	} {
		got := Segment(name)
		if name == long { // its hash is the library's
			got, want = got[:len(got)-hashDigits], want[:len(want)-hashDigits]
		}
		if got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestSegmentsApart(t *testing.T) {
	got := segments([]string{"a", "A", "b", "é", "e\u0301", "a/b", "straße", "STRASSE"})
	seen := make(map[string]string)
	for name, s := range got {
		if hashed := strings.Contains(s, "~"); hashed != (name != "b" && name != "a/b") {
			t.Errorf("%q becomes %q", name, s)
		}
		folded := cases.Fold().String(s)
		if other, ok := seen[folded]; ok {
			t.Errorf("%q and %q are both %q", name, other, s)
		}
		seen[folded] = name
	}
}

// TestSegmentsOfOneHash: names that begin alike, and whose hashes do, too.
func TestSegmentsOfOneHash(t *testing.T) {
	x := strings.Repeat("x", 100)
	one, other, third := x+"31985", x+"110629", x+"1"
	got := segments([]string{one, other, third})
	if Segment(one) != Segment(other) || got[one] == got[other] || len(got[one]) != longest || got[third] != Segment(third) {
		t.Errorf("%q", got)
	}
}

func FuzzSegment(f *testing.F) {
	for _, name := range []string{"", "..", "a/b", "\xff", strings.Repeat("%", 99), strings.Repeat("x", 92) + "é/é", "aux", "e\u0301 ."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		s := Segment(name)
		if s == "" || s == "." || s == ".." || len(s) > longest || !utf8.ValidString(s) || strings.ContainsAny(s, "/\\:*?\"<>|\x00") || path.Clean(s) != s {
			t.Errorf("%q becomes %q", name, s)
		}
		if last := s[len(s)-1]; last == '.' || last == ' ' || isDevice(s) {
			t.Errorf("%q becomes %q, which Windows does not take", name, s)
		}
		if h := hashed(name, hashDigits); len(h) > longest || !utf8.ValidString(h) {
			t.Errorf("%q becomes %q with its hash", name, h)
		}
	})
}
