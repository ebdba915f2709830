package convert

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/tfrecord"
)

// TestDamageIsTheSame: who checks runs, who exports all values and who reads the events find the same damage, in what
// testdata has and in events of it with some bytes changed.
func TestDamageIsTheSame(t *testing.T) {
	const kinds = "../testdata/logs/kinds"
	tree := make(eventfiletest.Tree)
	random := rand.New(rand.NewPCG(16, 3))
	all := recordsOf(t, kinds)
	for run := range 200 {
		events := slices.Clone(all[random.IntN(len(all))])
		for range 1 + random.IntN(6) {
			e := &events[random.IntN(len(events))]
			*e = slices.Clone(*e)
			for range min(len(*e), 1+random.IntN(3)) {
				(*e)[random.IntN(len(*e))] = []byte{0, 1, 2, 8, 255, byte(random.Uint32())}[random.IntN(6)]
			}
		}
		tree[fmt.Sprintf("run%d/tfevents", run)] = eventfiletest.File(events...)
	}
	for _, dir := range []string{"../testdata/logs", eventfiletest.Logdir(t, tree)} {
		runs, _, err := dirstore.New(dirstore.Logdir{Path: dir}).Find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		verified, err := Verify(t.Context(), runs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Forms: []Form{
			FormText, FormHistograms, FormImages, FormAudio, FormPRCurves, FormMeshes, FormTensors, FormGraphs, FormLayouts,
			FormEvents, FormHParams,
		}}
		exported, err := Each(t.Context(), runs, o, pass)
		if err != nil {
			t.Fatal(err)
		}
		want := damages(verified)
		if len(want) < 30 {
			t.Errorf("%s: only %d damages", dir, len(want))
		}
		for who, got := range map[string][]string{"exported": damages(exported), "read": readDamages(t, runs)} {
			for _, d := range want {
				if !slices.Contains(got, d) {
					t.Errorf("not %s: %s", who, d)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s: %d damages %s, and %d verified", dir, len(got), who, len(want))
			}
		}
	}
}

// recordsOf gives the short records of each file below a directory, at most 60 of one.
func recordsOf(t *testing.T, dir string) (all [][][]byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		var records [][]byte
		r := tfrecord.NewReader(bytes.NewReader(b), int64(len(b)), tfrecord.Options{})
		for payload, err := r.Next(); err == nil && len(records) < 60; payload, err = r.Next() {
			if len(payload) < 3000 {
				records = append(records, bytes.Clone(payload))
			}
		}
		if len(records) > 0 {
			all = append(all, records)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func damages(r *Report) (all []string) {
	for _, run := range r.Runs {
		for _, f := range run.Files {
			for _, d := range f.Damage {
				all = append(all, d.Error())
			}
		}
	}
	return all
}

// readDamages are those that a Reader finds that checks values, as repair and dump have it.
func readDamages(t *testing.T, runs []eventfile.Run) (all []string) {
	t.Helper()
	r := eventfile.NewReader(eventfile.ReaderOptions{CheckValues: true})
	for _, run := range runs {
		r.NextRun()
		for _, path := range run.Files {
			f, err := dirstore.New().Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			r.Reset(t.Context(), path, f)
			for range r.Events() {
			}
			for _, d := range r.Stats().Damage {
				all = append(all, d.Error())
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}
