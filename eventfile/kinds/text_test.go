package kinds_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/kinds"
)

// A raw text is the text, whether its bytes had to be mended or not, and leaves the tensor as it is.
func TestRawText(t *testing.T) {
	for _, texts := range [][]string{{""}, {"plain"}, {"é", "b"}, {"a", "\xff", "é\xc3", "z"}} {
		b := []byte{1 << 3, 7} // DT_STRING
		for _, s := range texts {
			b = protowire.AppendBytes(protowire.AppendTag(b, 8, protowire.BytesType), []byte(s))
		}
		before := slices.Clone(b)
		want, err := kinds.DecodeText(b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := kinds.DecodeRawText(b)
		if err != nil {
			t.Fatal(err)
		}
		same := slices.EqualFunc(got.Texts, want.Texts, func(a []byte, b string) bool { return string(a) == b })
		if !same || !slices.Equal(got.Shape, want.Shape) || !slices.Equal(b, before) {
			t.Errorf("%q: %q of %v, want %q of %v", texts, got.Texts, got.Shape, want.Texts, want.Shape)
		}
	}
}
