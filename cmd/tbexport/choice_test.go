package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestManyUnmet: of many globs that match nothing a few are named, and the rest is counted.
func TestManyUnmet(t *testing.T) {
	args := []string{"csv", testdata(t, "logs", "sample")}
	for i := range 1000 {
		args = append(args, "--tag", fmt.Sprintf("nope%d*", i))
	}
	o := call(args...)
	if want := "--tag nope9*, or any of 990 more"; o.status != statusFailed || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, want) {
		t.Errorf("status %d: %.300s", o.status, o.err)
	}
	o = mustCall(t, append(args, "--tag", "lr")...)
	if want := "tbexport: and 990 more --tag match nothing\n"; strings.Count(o.err, "matches nothing\n") != 10 || !strings.Contains(o.err, want) {
		t.Errorf("said %.300s", o.err)
	}
}
