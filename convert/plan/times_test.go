package plan

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"tbexport/convert"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

func TestNameTime(t *testing.T) {
	for name, want := range map[string]float64{
		"events.out.tfevents.1700000000.host.1.0": 1700000000, "a/events.out.tfevents.1700000000": 1700000000,
		"x.tfevents.1700000000.v2": 1700000000, "events.out.tfevents.12.host": 0, "events.out.tfevents.x": 0,
		"1700000000.tfevents": 0, "events.out.tfevents.-1700000000.h": 0, "events.out.tfevents.99999999999999999999.h": 0,
	} {
		if got := nameTime(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// The times of a run are those of all its events, whatever is selected; else
// those of its files' names, and else the files' own.
func TestTimes(t *testing.T) {
	event := func(wallTime float64, tag string) *pb.Event {
		return &pb.Event{WallTime: wallTime, What: &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{
			{Tag: []byte(tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: 1}}}}}}
	}
	version := &pb.Event{WallTime: 900, What: &pb.Event_FileVersion{FileVersion: []byte("brain.Event:2")}}
	for name, c := range map[string]struct {
		file       string
		events     []*pb.Event
		start, end float64
		guessed    bool
	}{
		"events": {"events.out.tfevents.1700000000.h", []*pb.Event{version, event(1000, "a"), event(2000, "b")}, 900, 2000, false},
		"name":   {"events.out.tfevents.1700000000.h", []*pb.Event{event(0, "a")}, 1700000000, 1700000000, false},
		"file":   {"events.out.tfevents.1.h", []*pb.Event{event(0, "a")}, 1600000000, 1600000000, true},
	} {
		logdir := t.TempDir()
		eventfiletest.Write(t, logdir, eventfiletest.Tree{c.file: eventfiletest.File(eventfiletest.Protos(c.events...)...)})
		at := time.Unix(1600000000, 0)
		if err := os.Chtimes(filepath.Join(logdir, c.file), at, at); err != nil {
			t.Fatal(err)
		}
		runs, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, tags := range []func(string) bool{nil, func(tag string) bool { return tag == "a" }} {
			planner := NewPlanner(Rules{}, Options{})
			if _, err := convert.Export(t.Context(), runs, planner, convert.Options{Read: convert.ReadOptions{Tags: tags}}); err != nil {
				t.Fatal(err)
			}
			r := planner.Plan().Runs[0]
			if r.Start != c.start || r.End != c.end || r.FileTimes != c.guessed {
				t.Errorf("%s: %v to %v, %v", name, r.Start, r.End, r.FileTimes)
			}
		}
	}
}
