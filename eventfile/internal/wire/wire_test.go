package wire

import "testing"

func TestText(t *testing.T) {
	for in, want := range map[string]struct {
		text string
		bad  int
	}{
		"":             {"", 0},
		"plain":        {"plain", 0},
		"\ufffd":       {"\ufffd", 0}, // the replacement itself is good
		"a\xffb":       {"a\ufffdb", 1},
		"\xe2\x82":     {"\ufffd\ufffd", 2}, // a character cut short: each byte
		"\xed\xa0\x80": {"\ufffd\ufffd\ufffd", 3},
		"ü\xc0\xaf損":   {"ü\ufffd\ufffd損", 2},
	} {
		if text, bad := Text([]byte(in)); text != want.text || bad != want.bad {
			t.Errorf("Text(%q) = %q, %d, not %q, %d", in, text, bad, want.text, want.bad)
		}
	}
}
