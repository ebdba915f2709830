package ui

import (
	"io"
	"strings"
	"testing"
)

func TestJSONArray(t *testing.T) {
	for _, c := range []struct {
		pieces []string
		want   string
	}{
		{nil, "[]\n"},
		{[]string{"{\"a\":1}\n"}, "[\n{\"a\":1}\n]\n"},
		{[]string{"{\"a\"", ":1}\n{\"a\":\"\u202e\"}", "\n"}, "[\n{\"a\":1},\n{\"a\":\"\\u202e\"}\n]\n"},
	} {
		var b strings.Builder
		w := &JSONArray{To: &b}
		for _, piece := range c.pieces {
			if _, err := io.WriteString(w, piece); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || b.String() != c.want {
			t.Errorf("%q: got %q, %v", c.pieces, b.String(), err)
		}
	}
	if _, err := (&JSONArray{To: brokenWriter{}}).Write([]byte("1\n")); err != errBroken {
		t.Errorf("got %v", err)
	}
}
