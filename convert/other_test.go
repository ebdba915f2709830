package convert

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
)

// exampleRecords is a data set.
func exampleRecords() []byte {
	example := []byte("\x0a\x0f\x0a\x0d\x0a\x01a\x12\x08\x12\x06\x0a\x04\x00\x00\x80\x3f")
	return eventfiletest.File(example, example, example)
}

// withoutDataCRCs is a file of points whose data CRCs are all zero.
func withoutDataCRCs(n int) []byte {
	sound := eventfiletest.Curve("loss", n)
	file := bytes.Clone(sound)
	for at := 0; at < len(sound); {
		at += 16 + int(sound[at]) // its payloads are short
		clear(file[at-4 : at])
	}
	return file
}

// TestOtherFiles: what is no event file ends no run and counts as lost, for exports;
// Verify reads the records of data sets.
func TestOtherFiles(t *testing.T) {
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"a/tfevents.0": []byte("\x1f\x8b\x08\x00 and what else gzip writes"), "a/tfevents.1": eventfiletest.Curve("loss", 3),
		"b/tfevents.0": exampleRecords(), "b/tfevents.1": eventfiletest.Curve("loss", 4), "c/tfevents": withoutDataCRCs(5),
	})
	runs, _, err := dirstore.New(dirstore.Logdir{Path: dir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                 string
		read                 func() (*Report, error)
		records              int64
		points               int64
		unreadable, unproven int
		lost                 bool
		json, notJSON        string
	}{
		{"export", func() (*Report, error) { return Export(t.Context(), runs, new(recorder), Options{}) }, 15, 12, 2, 1, true,
			`"framing":"zeros in place of its CRCs"`, `"other"`},
		{"export without CRCs", func() (*Report, error) {
			return Export(t.Context(), runs[2:], new(recorder), Options{Read: ReadOptions{SkipDataCRC: true}})
		}, 6, 5, 0, 0, false, `"framing":"zeros in place of its CRCs"`, `"unproven_files"`},
		{"verify", func() (*Report, error) { return Verify(t.Context(), runs, Options{}) }, 18, 12, 1, 1, true,
			`"other":"a TFRecord data set of tf.train.Examples"`, "nothing"},
	} {
		report, err := c.read()
		if err != nil {
			t.Fatal(err)
		}
		totals := report.Totals()
		if totals.Records != c.records || totals.Points != c.points || totals.Unreadable != c.unreadable || totals.Unproven != c.unproven || totals.Lost() != c.lost {
			t.Errorf("%s: %+v", c.name, totals)
		}
		text, err := json.Marshal(report.JSON("tool", nil))
		if err != nil || !strings.Contains(string(text), c.json) || strings.Contains(string(text), c.notJSON) {
			t.Errorf("%s: %s, %v", c.name, text, err)
		}
	}
}
