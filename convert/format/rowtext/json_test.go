package rowtext

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func FuzzAppendJSONString(f *testing.F) {
	for _, s := range []string{"", "plain", `"\/`, "\x00\x1f\x7f\b\f\n\r\t", "é日本\U0001f600", "\xff", "a\xc3", "\xed\xa0\x80z", "\u2028", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := AppendJSONString([]byte("before"), s)[len("before"):]
		var back string
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%q: %s: %v", s, text, err)
		}
		if want := string([]rune(s)); back != want { // as Go replaces what is not UTF-8, byte by byte
			t.Errorf("%q reads back as %q, want %q", s, back, want)
		}
		if !utf8.Valid(text) || bytes.ContainsAny(text, "\n\r") {
			t.Errorf("%q breaks the line: %q", s, text)
		}
	})
}
