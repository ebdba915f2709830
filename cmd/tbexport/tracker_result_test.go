package main

import (
	"bytes"
	"testing"

	"tbexport/convert/plan"
)

// What people added in a tracker is listed, and no difference.
func TestWordsOnAdditions(t *testing.T) {
	many := make([]plan.Difference, mostDifferences+2)
	for i := range many {
		many[i] = plan.Difference{What: "param", Key: "x", Got: "1"}
	}
	for _, c := range []struct {
		theirs []plan.Difference
		want   string
	}{
		{nil, ""},
		{[]plan.Difference{{What: "name", Expected: "a", Got: "my best"}}, "tbexport: run a: in Trackio: name was changed: my best\n"},
		{[]plan.Difference{{What: "metric", Key: "f1", Got: "step 1, value 0.9", NotHere: 1}},
			"tbexport: run a: in Trackio: metric \"f1\": step 1, value 0.9 was added\n"},
		{many, string(bytes.Repeat([]byte("tbexport: run a: in Trackio: param \"x\": 1 was added\n"), mostDifferences)) +
			"tbexport: run a: and 2 more additions in Trackio; --report lists them\n"},
	} {
		result := &plan.Result{Runs: []*plan.RunResult{{Run: &plan.Run{Path: "a"}, Outcome: plan.Verified, Theirs: c.theirs}}}
		var said bytes.Buffer
		(&trackerVerb{tracker: "Trackio"}).sayTheirs(console{err: &said}, result)
		if said.String() != c.want || !result.Good() {
			t.Errorf("said %q\nwant %q", &said, c.want)
		}
	}
}
