package mlflow

import (
	"strings"
	"testing"

	"tbexport/convert/plan"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"loss": "loss", "train/loss": "train/loss", "a b": "a b", " a": " a", "損失": "損失", "a:b-c.d_e": "a:b-c.d_e", "²": "²",
		"Loss/train (smoothed)": "Loss/train _smoothed_", "GPU #0": "GPU _0", "acc@1": "acc_1", "grad_norm%": "grad_norm_",
		"/a": "a", "a/": "a", "a//b": "a/b", "./a": "a", "a/../b": "a/b", "..": "_", ".": "_", "": "_", "/": "_",
		"..a": "_.a", "../..b": "_.b", "e\u0301": "é", "a\nb": "a_b", "a\x00b": "a_b", "😀": "_", "ก็": "ก_",
		strings.Repeat("損", 300): strings.Repeat("損", 300),
	} {
		got := cleanName(name)
		if got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, name := range []string{"a#b", "", "/", "a/../b", "e\u0301", "..", strings.Repeat("x", 300)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = strings.ToValidUTF8(name, "\uFFFD")
		key := cleanName(name)
		if !validKey(key) {
			t.Errorf("%q became %q, which MLflow refuses", name, key)
		}
		if validKey(name) && key != name {
			t.Errorf("%q became %q for no reason", name, key)
		}
		if marked := plan.Marked(key, name, longestKey); !validKey(marked) {
			t.Errorf("%q is marked as %q, which MLflow refuses", name, marked)
		}
	})
}
