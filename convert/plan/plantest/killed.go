package plantest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/dirstore"
)

// The environment of a program that is to be killed.
const (
	logdirVariable = "TBEXPORT_TEST_LOGDIR"
	placeVariable  = "TBEXPORT_TEST_PLACE"
)

// Main is what TestMain does in a package whose test's own program is one to be
// killed: where KillAndRunAgain has started it, it writes a logdir to a place, and
// else it runs the tests. Its result is the exit status; why a write failed goes to said.
func Main(m *testing.M, said io.Writer, write func(logdir, place string) error) int {
	logdir, place := os.Getenv(logdirVariable), os.Getenv(placeVariable)
	if place == "" {
		return m.Run()
	}
	if err := write(logdir, place); err != nil {
		fmt.Fprintln(said, err)
		return 1
	}
	return 0
}

// PlanOf plans the runs of a logdir outside of a test.
func PlanOf(logdir string, r plan.Rules, o plan.Options) (*plan.Plan, error) {
	runs, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(context.Background())
	if err != nil {
		return nil, err
	}
	planner := plan.NewPlanner(r, o)
	_, err = convert.Export(context.Background(), runs, planner, convert.Options{Forms: plan.Forms(r, o)})
	return planner.Plan(), err
}

// KillAndRunAgain starts the test's program and kills it, so many times,
// each at another moment, and then runs it until it ends well.
func KillAndRunAgain(t *testing.T, logdir, place string, times int) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := func() *exec.Cmd {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), logdirVariable+"="+logdir, placeVariable+"="+place)
		return cmd
	}
	// How long it takes is not known before: each time it gets longer, or less where it came to its end.
	longest, killed := 60*time.Millisecond, 0
	for range 4 * times {
		if killed == times {
			break
		}
		cmd := start()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(longest))))
		_ = cmd.Process.Kill()
		if err := cmd.Wait(); err == nil {
			longest /= 2
			continue
		}
		killed++
		longest += longest / 2
	}
	t.Logf("killed %d times", killed)
	if out, err := start().CombinedOutput(); err != nil {
		t.Fatalf("run again: %v\n%s", err, out)
	}
}
