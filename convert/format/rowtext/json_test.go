package rowtext

import (
	"bytes"
	"encoding/json"
	"strings"
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

// A long string gets exactly the room that it needs.
func TestJSONLength(t *testing.T) {
	for _, s := range []string{"", "plain", "\"\\\n\r\t", "\x00\x1f\x7f é€", "é\"é"} {
		if got, want := jsonLength(s), len(AppendJSONString(nil, s)); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
	long := strings.Repeat("a \"line\"\n", longString/8)
	if text := AppendJSONString([]byte("x"), long); len(text) != 1+jsonLength(long) {
		t.Error(len(text), jsonLength(long))
	}
}
