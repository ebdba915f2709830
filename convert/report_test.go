package convert

import (
	"errors"
	"reflect"
	"testing"

	"tbexport/eventfile"
)

func TestTotals(t *testing.T) {
	torn := &eventfile.Damage{Bytes: 1, Torn: true}
	corrupt := &eventfile.Damage{Bytes: 10}
	r := Report{Runs: []*RunStats{
		{Counts: Counts{Events: 5, Series: 2, Points: 100, Unselected: 1, Dropped: 2, SampledOut: 3, Written: 94, SupersededByStep: 4, SupersededBySession: 5,
			InexactIntegers: 6, HigherRank: 7, RenamedTags: 8, OtherVersions: 9, NotExported: map[string]int64{"images": 1, "text": 2}},
			Files: []*eventfile.FileStats{
				{Bytes: 50, Records: 3, Damage: []*eventfile.Damage{corrupt, corrupt, torn}},
				{Bytes: 60, Records: 2, Err: errors.New("cannot be read")}}},
		{Counts: Counts{Events: 1, Series: 1, Points: 10, Written: 10, NotExported: map[string]int64{"images": 10}},
			Files: []*eventfile.FileStats{{Bytes: 7, Records: 1, Damage: []*eventfile.Damage{torn}}, {Bytes: 9, Damage: []*eventfile.Damage{corrupt}}}},
	}}
	got := r.Totals()
	for _, f := range []struct {
		name      string
		got, want any
	}{
		{"Runs", got.Runs, 2}, {"Files", got.Files, 4}, {"Series", got.Series, 3}, {"Bytes", got.Bytes, int64(126)},
		{"Records", got.Records, int64(6)}, {"Events", got.Events, int64(6)}, {"Points", got.Points, int64(110)},
		{"Written", got.Written, int64(104)}, {"Unselected", got.Unselected, int64(1)}, {"Dropped", got.Dropped, int64(2)},
		{"SampledOut", got.SampledOut, int64(3)}, {"SupersededByStep", got.SupersededByStep, int64(4)},
		{"SupersededBySession", got.SupersededBySession, int64(5)}, {"InexactIntegers", got.InexactIntegers, int64(6)},
		{"HigherRank", got.HigherRank, int64(7)}, {"RenamedTags", got.RenamedTags, 8}, {"OtherVersions", got.OtherVersions, 9},
		{"NotExported", got.NotExported, map[string]int64{"images": 11, "text": 2}},
		{"Torn", got.Torn, 2}, {"Damaged", got.Damaged, 2}, {"DamagedBytes", got.DamagedBytes, int64(30)}, {"Unreadable", got.Unreadable, 1},
		{"Lost", got.Lost(), true},
	} {
		if !reflect.DeepEqual(f.got, f.want) {
			t.Errorf("%s: %v, not %v", f.name, f.got, f.want)
		}
	}
}

func TestLost(t *testing.T) {
	for _, c := range []struct {
		file eventfile.FileStats
		want bool
	}{
		{eventfile.FileStats{}, false},
		{eventfile.FileStats{Damage: []*eventfile.Damage{{Torn: true}}}, false},
		{eventfile.FileStats{Damage: []*eventfile.Damage{{}}}, true},
		{eventfile.FileStats{Err: errors.New("e")}, true},
	} {
		r := Report{Runs: []*RunStats{{Files: []*eventfile.FileStats{&c.file}}}}
		if totals := r.Totals(); totals.Lost() != c.want || c.file.Lost() != c.want {
			t.Errorf("%+v: %v, of the file: %v", c.file, totals.Lost(), c.file.Lost())
		}
	}
}

func TestRenamedRuns(t *testing.T) {
	var r Report
	r.add(eventfile.Run{Name: "a\ufffd\ufffd", BadBytes: 2}, &RunStats{})
	r.add(eventfile.Run{Name: "b"}, &RunStats{})
	if r.RenamedRuns != 1 || len(r.Runs) != 2 {
		t.Errorf("%d of %d runs renamed", r.RenamedRuns, len(r.Runs))
	}
}
