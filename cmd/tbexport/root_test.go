package main

import (
	"bytes"
	"testing"
)

// TestVerbAlone: a verb that is made without the others has the help that it has among them.
func TestVerbAlone(t *testing.T) {
	c := console{out: new(bytes.Buffer), err: new(bytes.Buffer)}
	all := newRoot(c)
	for _, v := range allVerbs() {
		among, _, err := all.Find([]string{v.name})
		if err != nil || among.Name() != v.name {
			t.Fatalf("%s is %v, %v", v.name, among.Name(), err)
		}
		root := newRootFor(c, []string{v.name, "LOGDIR"})
		alone, _, err := root.Find([]string{v.name})
		if err != nil || helpText(alone) != helpText(among) {
			t.Errorf("%s alone, %v:\n%s\namong the others:\n%s", v.name, err, helpText(alone), helpText(among))
		}
		if one := len(root.Commands()) == 1; one != (v.name != nameCompletion && v.name != nameWords) {
			t.Errorf("%s: %d commands", v.name, len(root.Commands()))
		}
	}
}
