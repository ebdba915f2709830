package main

import (
	"slices"
	"testing"

	"github.com/spf13/pflag"
)

// What is kept of the flags is what a run becomes, and reads back as it was given.
func TestKeptFlags(t *testing.T) {
	parse := func(args ...string) (*mlflowFlags, *pflag.FlagSet) {
		m, f := new(mlflowFlags), pflag.NewFlagSet("", pflag.ContinueOnError)
		m.addCommon(f)
		if err := f.Parse(args); err != nil {
			t.Fatal(err)
		}
		return m, f
	}
	_, f := parse("--experiment", "e", "--run", "a*", "--nest", "--merge", "train,validation", "--rename", "a,b=c", "--rename", "d=", "--nonfinite", "keep", "-j", "2", "--tag", "x")
	text := keptFlags(f)
	if want := `{"merge":["train","validation"],"nest":["true"],"rename":["a,b=c","d="],"tag":["x"]}`; text != want {
		t.Fatalf("got %s\nwant %s", text, want)
	}
	m, f := parse("--rename", "mine=")
	words := setKept(f, decodeFlags([]string{"no JSON", text}))
	if !m.nest || !slices.Equal(m.merge, []string{"train", "validation"}) || !slices.Equal(m.renames, []string{"mine="}) {
		t.Errorf("nest %t, merge %q, rename %q", m.nest, m.merge, m.renames)
	}
	if line := shellLine(words); line != "--merge train,validation --nest --tag x" {
		t.Errorf("said %s", line)
	}
	if _, f := parse("--artifacts", "events"); keptFlags(f) != "" {
		t.Errorf("nothing is kept as %s", keptFlags(f))
	}
}
