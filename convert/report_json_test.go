package convert

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"tbexport/eventfile"
)

// TestReportJSON: what is promised to those who read the report.
func TestReportJSON(t *testing.T) {
	r := Report{
		Runs: []*RunStats{{
			Run: "a", Writer: "w", FileVersion: "brain.Event:2", Counts: Counts{Events: 3, Series: 1, Points: 2, Written: 2},
			Files: []*eventfile.FileStats{
				{Path: "f", Bytes: 90, RecordBytes: 60, Records: 3, Damage: []*eventfile.Damage{
					{Offset: 10, Bytes: 20, Cause: "c", Records: 1, Before: &eventfile.Position{Step: 4, WallTime: math.NaN()}},
					{Offset: 80, Bytes: 10, Cause: "t", Records: -1, Torn: true}}},
				{Path: "g", Err: errors.New("cannot be read")}},
		}},
		RenamedRuns: 1,
		Result:      Result{Folded: []FoldedRun{{Run: "a/t", Into: "a", Session: true}}},
	}
	got, err := json.MarshalIndent(r.JSON("tool 1", []eventfile.Problem{{Path: "p", Err: errors.New("no")}}), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const counts = `"events": 3,
  "series": 1,
  "points": 2,
  "written": 2,
  "unselected": 0,
  "dropped": 0,
  "sampled_out": 0,
  "superseded_by_step": 0,
  "superseded_by_session": 0,
  "repeated_steps": 0,
  "two_writers": 0,
  "inexact_integers": 0,
  "higher_rank": 0,
  "renamed_tags": 0,
  "not_exported": {},
  "values_found": 0,
  "undecodable_values": 0,
  "in_no_table": 0,
  "hparams": {
   "records": 0,
   "other_versions": 0,
   "misplaced": 0,
   "disagreeing": 0,
   "end_without_start": 0,
   "repeated_names": 0,
   "renamed": 0
  },`
	const want = `{
 "schema": 1,
 "tool": "tool 1",
 "totals": {
  "runs": 1,
  "files": 2,
  "bytes": 90,
  "records": 3,
  ` + counts + `
  "renamed_runs": 1,
  "torn_files": 1,
  "damaged_files": 1,
  "damaged_bytes": 20,
  "unreadable_files": 1
 },
 "problems": [
  {
   "path": "p",
   "error": "no"
  }
 ],
 "runs": [
  {
   "run": "a",
   `
	const rest = `
   "writer": "w",
   "file_version": "brain.Event:2",
   "files": [
    {
     "path": "f",
     "bytes": 90,
     "record_bytes": 60,
     "records": 3,
     "damage": [
      {
       "offset": 10,
       "bytes": 20,
       "cause": "c",
       "records_lost": 1,
       "torn": false,
       "before": {
        "step": 4,
        "wall_time": "NaN"
       }
      },
      {
       "offset": 80,
       "bytes": 10,
       "cause": "t",
       "records_lost": null,
       "torn": true
      }
     ]
    },
    {
     "path": "g",
     "bytes": 0,
     "record_bytes": 0,
     "records": 0,
     "error": "cannot be read"
    }
   ]
  }
 ],
 "folded": [
  {
   "run": "a/t",
   "into": "a",
   "session": true
  }
 ]
}`
	if whole := want + indented(counts) + rest; string(got) != whole {
		t.Errorf("got\n%s\nnot\n%s", got, whole)
	}
	empty, err := json.Marshal(new(Report).JSON("", nil))
	if err != nil {
		t.Fatal(err)
	}
	var back ReportJSON
	if err := json.Unmarshal(empty, &back); err != nil || back.Runs == nil || back.Problems == nil || back.Totals.NotExported == nil {
		t.Errorf("%v: lists and maps of nothing are null: %s", err, empty)
	}
}

// indented is text one level deeper.
func indented(text string) (deeper string) {
	for _, c := range text {
		deeper += string(c)
		if c == '\n' {
			deeper += " "
		}
	}
	return deeper
}

func TestFloat(t *testing.T) {
	for x, want := range map[float64]string{1.5: "1.5", 0: "0", 1e300: "1e+300", math.Inf(1): `"Infinity"`, math.Inf(-1): `"-Infinity"`, math.NaN(): `"NaN"`} {
		got, err := json.Marshal(Float(x))
		if err != nil || string(got) != want {
			t.Errorf("%v: %s, %v", x, got, err)
		}
		var back Float
		if err := json.Unmarshal(got, &back); err != nil || math.Float64bits(float64(back)) != math.Float64bits(x) {
			t.Errorf("%s comes back as %v, %v", got, back, err)
		}
	}
	var f Float
	if json.Unmarshal([]byte(`"nan"`), &f) == nil {
		t.Error("nan is read")
	}
}
