package main

import (
	"bytes"
	endian "encoding/binary"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"tbexport/convert"
	"tbexport/eventfile/eventfiletest"
)

// TestMutatedValues: a logdir with a run for every third byte of some payloads, in which that byte is another, in records whose CRCs
// are right. verify, the exports and dump call the same values damaged, every record is in a table, and what repair
// writes is whole.
func TestMutatedValues(t *testing.T) {
	logs := eventfiletest.Tree{}
	for _, of := range []string{"dtypes/not-scalars", "kinds/odd-audio", "kinds/odd-rest"} {
		payloads := payloadsOf(mustRead(t, filepath.Join(testdata(t, "logs"), filepath.FromSlash(of), eventFileName)))
		for i, payload := range payloads {
			for at := i % 3; at < len(payload); at += 3 {
				mutated := append([][]byte(nil), payloads...)
				mutated[i] = bytes.Clone(payload)
				mutated[i][at] ^= 1
				logs[fmt.Sprintf("%s/%d-%d/tfevents", of, i, at)] = eventfiletest.File(mutated...)
			}
		}
	}
	logdir, out := eventfiletest.Logdir(t, logs), t.TempDir()

	var verified, exported convert.ReportJSON
	mustUnmarshal(t, []byte(call("verify", logdir, "--json").stdout), &verified)
	report := filepath.Join(out, "report.json")
	if o := call("jsonl", logdir, "--table", "all", "-o", filepath.Join(out, "tables")+"/", "--report", report, "-q"); o.status != statusLost {
		t.Fatalf("status %d: %s", o.status, o.err)
	}
	mustUnmarshal(t, mustRead(t, report), &exported)
	if n := exported.Totals.InNoTable; n != 0 {
		t.Errorf("%d in no table", n)
	}
	damaged := 0
	for i := range verified.Runs {
		v, e := damagesOf(verified.Runs[i].Files), damagesOf(exported.Runs[i].Files)
		if !reflect.DeepEqual(v, e) {
			t.Errorf("%s: verify says %v, the tables %v", verified.Runs[i].Run, v, e)
		}
		damaged += len(v)
	}
	if n := bytes.Count([]byte(call("dump", logdir).stdout), []byte(`"damage":`)); n != damaged || n == 0 {
		t.Errorf("%d damages, and %d in dump", damaged, n)
	}
	mustCall(t, "repair", logdir, "-o", filepath.Join(out, "repaired"), "-q")
	mustCall(t, "verify", filepath.Join(out, "repaired"))
	mustCall(t, "jsonl", filepath.Join(out, "repaired"), "--table", "all", "-o", filepath.Join(out, "tables-of-repaired")+"/", "-q")
}

// payloadsOf are those of a sound event file.
func payloadsOf(file []byte) (payloads [][]byte) {
	for len(file) > 0 {
		n := endian.LittleEndian.Uint64(file)
		payloads = append(payloads, file[12:12+n])
		file = file[16+n:]
	}
	return payloads
}

func damagesOf(files []convert.FileJSON) (damages []string) {
	for _, f := range files {
		for _, d := range f.Damage {
			damages = append(damages, fmt.Sprintf("%d: %d bytes, %s", d.Offset, d.Bytes, d.Cause))
		}
	}
	return damages
}

func mustUnmarshal(t *testing.T, text []byte, to any) {
	t.Helper()
	if err := json.Unmarshal(text, to); err != nil {
		t.Fatal(err)
	}
}
