package rewrite

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/tfrecord"
)

// TestRunFramesAnew: a file whose framing is wrong throughout comes out as its writer
// should have written it, and a data set as it was.
func TestRunFramesAnew(t *testing.T) {
	curve := eventfiletest.Curve("loss", 20)
	wrong := bytes.Clone(curve)
	for at := 0; at < len(curve); {
		at += 16 + int(curve[at]) // its payloads are short
		wrong[at-1] ^= 0xff
	}
	example := []byte("\x0a\x0f\x0a\x0d\x0a\x01a\x12\x08\x12\x06\x0a\x04\x00\x00\x80\x3f")
	examples := eventfiletest.File(example, example, []byte("\xff\xff"))
	damaged := bytes.Clone(examples)
	damaged[14] ^= 1
	in := eventfiletest.Logdir(t, eventfiletest.Tree{"a/tfevents": wrong, "b/tfevents": examples, "c/tfevents": damaged})
	runs, _, err := dirstore.New(dirstore.Logdir{Path: in}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	result, err := Run(t.Context(), in, runs, out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"a": curve, "b": examples, "c": examples[len(examples)-18-33:]} {
		got, err := os.ReadFile(filepath.Join(out, name, "tfevents"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, not %d; %v", name, len(got), len(want), err)
		}
	}
	if f := result.Files[0]; result.Repaired != 2 || result.Records != 26 || f.Framing != tfrecord.WrongCRCs || !f.Unproven {
		t.Errorf("%+v, %+v", result, f)
	}
}
