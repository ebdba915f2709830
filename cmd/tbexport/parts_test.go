package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

// addHParams is the file that add_hparams writes.
func addHParams(lr float64) []byte {
	return sessionFile(1.7e9, map[string]float64{"lr": lr}, eventfiletest.Scalar("hparam/acc", .5))
}

// TestParts: what add_hparams wrote is a part of the run above it, whatever it is
// called, and of an empty one if it is named after a time; a run that is chosen
// brings it, where it is a part, and not in the scalars table.
func TestParts(t *testing.T) {
	const file = "/events.out.tfevents.1"
	empty := eventfiletest.File(eventfiletest.Version(1.7e9))
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"a" + file: eventfiletest.Curve("loss", 5), "a/hparams" + file: addHParams(.1),
		"empty" + file: empty, "empty/1700000000.5" + file: addHParams(.2),
		// A sole trial with a curve stays a run.
		"b" + file: eventfiletest.Curve("loss", 2), "b/trial" + file: sessionFile(1.7e9, map[string]float64{"lr": .3},
			eventfiletest.Scalar("acc", 1), eventfiletest.Scalar("acc", 2)),
	})
	for _, c := range []struct{ args, want string }{
		{"runs --csv --columns run,params.lr,files", "run,params.lr,files\na,0.1,2\nb,,1\nb/trial,0.3,1\nempty,0.2,2\n"},
		{"runs --csv --columns run,params.lr,files --no-fold-hparams", "run,params.lr,files\na,,1\na/hparams,0.1,1\nb,,1\nb/trial,0.3,1\nempty,,1\nempty/1700000000.5,0.2,1\n"},
		{"runs --csv --columns run,params.lr --run a", "run,params.lr\na,0.1\n"},
		{"runs --csv --columns run,params.lr --tag loss", "run,params.lr\na,0.1\nb,\nb/trial,0.3\nempty,0.2\n"},
		{"runs --csv --columns run --run b", "run\nb\n"},
		{"runs --csv --columns run --run a/hparams", "run\na/hparams\n"},
		{"runs --csv --columns run,points --run a --run !a/hparams", "run,points\na,5\n"},
		{"csv --table hparams", "run,name,type,value,number,bool\na,lr,number,0.1,0.1,\nb/trial,lr,number,0.3,0.3,\nempty,lr,number,0.2,0.2,\n"},
		{"csv --table hparams --run empty", "run,name,type,value,number,bool\nempty,lr,number,0.2,0.2,\n"},
		{"csv --table hparams --no-fold-hparams --run a*/*", "run,name,type,value,number,bool\na/hparams,lr,number,0.1,0.1,\n"},
		{"csv --table runs --columns run,params.lr --run {a,b}", "run,params.lr\na,0.1\nb,\n"},
		{"csv --run empty", "run,tag,step,wall_time,value\n"},
		{"csv --run a --steps 0:0", "run,tag,step,wall_time,value\na,loss,0,1700000000.0,1.0\n"},
		{"mlflow --dry-run --run a", "a  2023-11-14 22:13:20Z  6 points, 2 metrics, 1 param\n"},
		{"mlflow --dry-run --run {empty,b}", "b      2023-11-14 22:13:20Z  2 points, 1 metric, 0 params\nempty  2023-11-14 22:13:20Z  1 point, 1 metric, 1 param\n"},
	} {
		if o := mustCall(t, append(strings.Fields(c.args), dir)...); o.stdout != c.want {
			t.Errorf("%s: %s%s", c.args, o.stdout, o.err)
		}
	}
	out := filepath.Join(t.TempDir(), "all")
	if o := mustCall(t, "csv", dir, "--run", "a", "-o", out+"/"); !strings.Contains(o.err, "5 points, 1 hparam and 1 row of 2 runs") {
		t.Errorf("all tables: %s", o.err)
	}
	if scalars := string(mustRead(t, filepath.Join(out, "scalars.csv"))); strings.Contains(scalars, "hparam") {
		t.Errorf("scalars of a: %s", scalars)
	}
	// What is not a part of it is as if it had not been read.
	mustWrite(t, filepath.Join(dir, "b", "broken", "events.out.tfevents.1"), []byte(strings.Repeat("no record", 9)))
	if o := mustCall(t, "runs", dir, "--run", "b"); strings.Contains(o.err, "warning") {
		t.Errorf("a damaged run that was not chosen: %s", o.err)
	}
}

// TestExperimentIsNoRun: a directory with nothing but an experiment has no row.
func TestExperimentIsNoRun(t *testing.T) {
	logs := testdata(t, "logs", "hparams", "keras-callback")
	if o := mustCall(t, "runs", logs, "--csv", "--columns", "run"); o.stdout != "run\nrun-0\nrun-1\nrun-2\n" {
		t.Error(o.stdout)
	}
	if o := mustCall(t, "mlflow", logs, "--dry-run"); strings.Count(o.stdout, "\n") != 3 || !strings.Contains(o.err, "1 run holds nothing") {
		t.Errorf("%s%s", o.stdout, o.err)
	}
}
