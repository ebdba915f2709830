package mlflow

import (
	"slices"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// Migrations with other flags, one after another, leave nothing that Verify takes
// for a difference or for somebody's work, and nothing that Undo keeps.
func TestFlagsOneAfterAnother(t *testing.T) {
	with := func(change func(*plan.Options)) plan.Options {
		o := everything
		change(&o)
		return o
	}
	basename, err := plan.ParseTemplate("x-{basename}", plan.FieldBasename)
	if err != nil {
		t.Fatal(err)
	}
	strip, err := plan.ParseRename("^train/=")
	if err != nil {
		t.Fatal(err)
	}
	plain := step{plan: everything}
	best := step{plan: with(func(o *plan.Options) { o.Best = []plan.Best{{Names: func(string) bool { return true }}} })}
	sample := step{plan: everything, read: convert.ReadOptions{Select: series.Selection{Sample: 2}}}
	some := step{plan: everything, read: convert.ReadOptions{Tags: func(tag string) bool { return tag == "train/loss" }}}
	named := step{plan: with(func(o *plan.Options) { o.RunName = basename }), notes: []string{StaysNamed}}
	stripped := step{plan: with(func(o *plan.Options) { o.Changes.Renames = []plan.Rename{strip} }), notes: []string{StaysKeyed}}
	tagged := step{plan: everything, options: func(o *Options) { o.Tags, o.Description = []Tag{{"team", "vision"}}, "Mine." }}
	files := step{plan: with(func(o *plan.Options) { o.Include = func(name string) bool { return name == "notes/n.txt" } })}
	for name, steps := range map[string][]step{
		"best": {best, plain}, "sample": {sample, plain, sample}, "all, then a sample": {plain, sample}, "some": {plain, some},
		"name": {plain, named}, "tag": {plain, tagged, plain}, "tag first": {tagged, plain}, "files": {files, plain},
		"chain": {plain, named, stripped, best, plain},
	} {
		t.Run(name, func(t *testing.T) {
			f, logdir := newFake(t), t.TempDir()
			for _, run := range []string{"a", "b"} {
				var events []*pb.Event
				for i := range int64(9) {
					events = append(events, scalar(1000+float64(i), i, "train/loss", float32(i)), scalar(1000+float64(i), i, "odd (name)", 1))
				}
				write(t, logdir, run, "1"+run, events...)
				eventfiletest.Write(t, logdir, eventfiletest.Tree{run + "/notes/n.txt": []byte("mine")})
			}
			var last step
			for i, s := range steps {
				p, err := tryPlan(logdir, s.plan, s.read)
				if err != nil {
					t.Fatal(err)
				}
				result, err := migrate(t, f.URL, p, func(o *Options) { s.set(o); o.Flags = string(rune('a' + i)) })
				if err != nil || !result.Good() || i > 0 && !slices.Equal(result.Runs[0].Notes, s.notes) {
					t.Fatalf("%d: %v, %v, %q", i, err, result.Runs[0].Differences, result.Runs[0].Notes)
				}
				kept, err := KeptFlags(t.Context(), f.client(t), []string{"e"}, "", "logs")
				if err != nil || !slices.Equal(kept, []string{string(rune('a' + i))}) {
					t.Errorf("%d: the flags are %q, %v", i, kept, err)
				}
				last = s
			}
			p, err := tryPlan(logdir, last.plan, last.read)
			if err != nil {
				t.Fatal(err)
			}
			o := Options{Experiment: "e"}
			last.set(&o)
			checked, err := Verify(t.Context(), f.client(t), p, o)
			if err != nil || !checked.Good() || len(checked.Runs[0].Theirs) > 0 {
				t.Errorf("%v, %v, theirs %v", err, checked.Runs[0].Differences, checked.Runs[0].Theirs)
			}
			undone, err := Undo(t.Context(), f.client(t), p, o, true)
			if err != nil || undone.Runs[0].Outcome != Removed || undone.Runs[1].Outcome != Removed {
				t.Errorf("%v, %s: %v", err, undone.Runs[0].Outcome, undone.Runs[0].Theirs)
			}
		})
	}
}

// step is one of several migrations of a logdir.
type step struct {
	plan    plan.Options
	read    convert.ReadOptions
	options func(*Options)
	notes   []string // on runs that are there
}

func (s *step) set(o *Options) {
	if o.Read = s.read; s.options != nil {
		s.options(o)
	}
}

// Of a run that is complete, a description and tags are what the last migration
// says; what somebody wrote stays.
func TestDescriptionOfARunThatIsThere(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	write(t, logdir, "b", "1", scalar(1001, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	result := mustMigrate(t, f.URL, p, Created)
	a, b := f.runs[result.Runs[0].RunID], f.runs[result.Runs[1].RunID]
	b.Data.Tags = append(slices.DeleteFunc(b.Data.Tags, func(p pair) bool { return p.Key == tagNote }), pair{tagNote, "mine"}, pair{"team", "mine"})
	for _, text := range []string{"One.", "Two."} {
		mustMigrate(t, f.URL, p, Skipped, func(o *Options) { o.Description, o.Tags = text, []Tag{{"team", text}} })
		if note := a.tag(tagNote); !strings.HasPrefix(note, text+"\n\nMigrated") || a.tag("team") != text || b.tag(tagNote) != "mine" || b.tag("team") != "mine" {
			t.Errorf("%q, %q, %q", note, a.Data.Tags, b.Data.Tags)
		}
	}
}

// A status that somebody set is theirs, and stays when the logs grow; so it is on
// a run of an earlier version, that does not tell what it was closed with.
func TestStatusOfTheirs(t *testing.T) {
	for _, earlier := range []bool{false, true} {
		f, logdir := newFake(t), t.TempDir()
		write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
		p := makePlan(t, logdir, everything)
		run := f.runs[mustMigrate(t, f.URL, p, Created).Runs[0].RunID]
		if earlier {
			run.Data.Tags = slices.DeleteFunc(run.Data.Tags, func(p pair) bool { return p.Key == tagWrote })
		}
		run.Info.Status, run.Info.End = "FAILED", 5000000
		theirs := func() {
			t.Helper()
			p := makePlan(t, logdir, everything)
			checked, err := Verify(t.Context(), f.client(t), p, Options{Experiment: "e"})
			if err != nil || !checked.Good() || len(checked.Runs[0].Theirs) != 2 || checked.Runs[0].Theirs[1].What != "status" {
				t.Errorf("%v, %v, %v", err, checked.Runs[0].Differences, checked.Runs[0].Theirs)
			}
			undone, err := Undo(t.Context(), f.client(t), p, Options{Experiment: "e"}, true)
			if err != nil || undone.Runs[0].Outcome != Kept {
				t.Errorf("%v, %s", err, undone.Runs[0].Outcome)
			}
		}
		theirs()
		mustMigrate(t, f.URL, p, Skipped)
		theirs()
		if earlier {
			continue
		}
		write(t, logdir, "a", "2", scalar(1001, 2, "loss", 1))
		mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
		theirs()
		if run.Info.Status != "FAILED" || run.Info.End != 5000000 {
			t.Errorf("%+v", run.Info)
		}
	}
}

// What has no room in the tag counts as somebody's.
func TestWroteIsBounded(t *testing.T) {
	var w wrote
	for i := range 2000 {
		w.add("metric", strings.Repeat("x", i+1))
	}
	if text := w.String(); len(text) > longestTag || readWrote(text) != w || !w.has("metric", "x") || w.has("metric", strings.Repeat("x", 2000)) {
		t.Errorf("%d characters", len(text))
	}
	for _, text := range []string{"", "FINISHED", "FINISHED x abcdef", "FINISHED 1 abc"} {
		if got := readWrote(text); got != (wrote{}) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
