package plan

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tbexport/convert"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
)

// sourceIDs are those of the runs that arguments name, sorted.
func sourceIDs(t *testing.T, args ...string) (ids []string, err error) {
	t.Helper()
	runs, _, err := dirstore.New(dirstore.ParseLogdirs(args)...).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	planner := NewPlanner(Rules{}, Options{Fold: true, Merge: []string{"train", "validation"}, Nest: true})
	if _, err := convert.Export(context.Background(), runs, planner, convert.Options{}); err != nil {
		return nil, err
	}
	for _, r := range planner.Plan().Runs {
		if len(r.Sources) > 0 {
			ids = append(ids, r.SourceID)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// TestIdentityIsNotHowItIsTyped: what a run is in a destination depends on where it is below its logdir, and of several
// below their parents.
func TestIdentityIsNotHowItIsTyped(t *testing.T) {
	file := func(x float32) []byte {
		return eventfiletest.File(eventfiletest.Version(1.7e9+float64(x)), eventfiletest.Summary(1.7e9, 1, eventfiletest.Scalar("loss", x)))
	}
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"logs/a/train/tfevents": file(1), "logs/a/validation/tfevents": file(2), "logs/b/x/tfevents": file(3), "logs/b/tfevents": file(4),
		"copy/a/train/tfevents": file(1),
	})
	t.Chdir(filepath.Join(dir, "logs", "b"))
	below := func(args ...string) []string {
		for i := range args {
			args[i] = filepath.Join("..", "..", args[i])
		}
		return args
	}
	all, err := sourceIDs(t, below("logs")...)
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	same := func(name string, args ...string) {
		if got, err := sourceIDs(t, args...); err != nil || !slices.Equal(got, all) {
			t.Errorf("%s: %v, not %v; %v", name, got, all, err)
		}
	}
	same("with a slash", "../../logs/")
	same("absolute", filepath.Join(dir, "logs"))
	same("named", "n=../../logs")
	same("the children", below("logs/a", "logs/b")...)
	same("the children, named", "one=../../logs/a", "two=../../logs/b")
	if err := os.Chdir(".."); err != nil {
		t.Fatal(err)
	}
	same("from within", ".")
	same("the children from within", "a", "b/")

	for _, args := range [][]string{{"x=../logs", "y=../logs"}, {"x=a", "y=../copy/a"}} {
		_, err := sourceIDs(t, args...)
		if twice := (*SameRunError)(nil); !errors.As(err, &twice) || twice.One == twice.Other {
			t.Errorf("%s: %v", args, err)
		}
	}
}
