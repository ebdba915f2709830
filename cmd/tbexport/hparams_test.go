package main

import (
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// session is an event with a session's start, of numbers by name.
func session(wallTime float64, params map[string]float64) eventfiletest.Event {
	start := new(pb.SessionStartInfo)
	for name, x := range params {
		start.Hparams = append(start.Hparams, &pb.HParam{Name: []byte(name), Value: &pb.Value{Kind: &pb.Value_NumberValue{NumberValue: x}}})
	}
	content := eventfiletest.Encode(&pb.HParamsPluginData{Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: start}})
	return eventfiletest.Summary(wallTime, 0, eventfiletest.HParams("_hparams_/session_start_info", content))
}

// sessionFile is an event file with a session's start, and scalars of step 0.
func sessionFile(wallTime float64, params map[string]float64, scalars ...eventfiletest.Value) []byte {
	return eventfiletest.File(eventfiletest.Version(wallTime), session(wallTime, params), eventfiletest.Summary(wallTime, 0, scalars...))
}

// TestHParamsTwice: of hparams that a run logs twice, all names are there, with the
// values that were logged last; each other value is told with its run.
func TestHParamsTwice(t *testing.T) {
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"more/events.out.tfevents.1":  sessionFile(1.7e9, map[string]float64{"lr": .1}),
		"more/events.out.tfevents.2":  sessionFile(1.7e9+50, map[string]float64{"lr": .1, "wd": 1e-4, "best": 3}),
		"other/events.out.tfevents.1": sessionFile(1.7e9, map[string]float64{"lr": .1}),
		"other/events.out.tfevents.2": sessionFile(1.7e9+50, map[string]float64{"lr": .01}),
	})
	const (
		last  = "tbexport: run other: hparam lr was logged as 0.1 and later as 0.01: the last is used (--hparams first takes the first)\n"
		first = "tbexport: run other: hparam lr was logged as 0.1 and later as 0.01: the first is used (--hparams first)\n"
		left  = "tbexport: run more: hparam wd was logged later, as 0.0001: left out (--hparams first)\n"
	)
	for _, c := range []struct {
		args, stdout string
		stderr       []string
	}{
		{"csv --table hparams", "run,name,type,value,number,bool\nmore,best,number,3,3.0,\nmore,lr,number,0.1,0.1,\nmore,wd,number,0.0001,0.0001,\nother,lr,number,0.01,0.01,\n", []string{last}},
		{"csv --table hparams --hparams first", "run,name,type,value,number,bool\nmore,lr,number,0.1,0.1,\nother,lr,number,0.1,0.1,\n", []string{first, left}},
		{"csv", "run,tag,step,wall_time,value\n", []string{last}},
		{"runs --csv --columns run,params.*", "run,params.best,params.lr,params.wd\nmore,3.0,0.1,0.0001\nother,,0.01,\n", []string{last}},
		{"mlflow --dry-run", "more", []string{last}},
		{"mlflow --dry-run --json", `"hparams_changes": [
        {
          "run": "other",
          "name": "lr",
          "param": true,
          "first": "0.1",
          "last": "0.01"
        }
      ]`, []string{last}},
	} {
		o := mustCall(t, append(strings.Fields(c.args), dir)...)
		if !strings.Contains(o.stdout, c.stdout) {
			t.Errorf("%s: %s", c.args, o.stdout)
		}
		for _, line := range c.stderr {
			if !strings.Contains(o.err, line) {
				t.Errorf("%s: %s", c.args, o.err)
			}
		}
		if strings.Count(o.err, "hparam lr") != 1 {
			t.Errorf("%s: %s", c.args, o.err)
		}
	}
}
