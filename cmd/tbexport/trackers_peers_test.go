package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"tbexport/internal/peers"
)

// TestTrackerOracle: what the own classes of W&B and of Trackio read of every log is what TensorBoard's classes have:
// every point with its step and its row's time, every picture, clip and histogram, every hparam.
func TestTrackerOracle(t *testing.T) {
	for _, log := range []struct {
		name                  string
		dir                   func(testing.TB) string
		points, media, params int
	}{
		{"logs", made("logs"), 7_500, 150, 1_000},
		{"corpus", peers.Corpus, 100_000, 5_000, 400},
	} {
		t.Run(log.name, func(t *testing.T) {
			dir, place := log.dir(t), t.TempDir()
			t.Setenv("TRACKIO_DIR", place)
			t.Setenv("HF_HOME", t.TempDir())
			export(t, "trackio", dir, "--project", "p", "--no-fold-hparams", "-q")
			export(t, "wandb", dir, "-o", filepath.Join(place, "wandb"), "--no-fold-hparams", "-q")
			for _, tracker := range []struct{ name, requirements, from string }{
				{"wandb", peers.Wandb, filepath.Join(place, "wandb")},
				{"trackio", peers.Trackio, "p"},
			} {
				read := pythonOf(t, tracker.requirements, "", "peers/"+tracker.name+"_rows.py", tracker.from)
				runs := filepath.Join(place, tracker.name+".jsonl")
				if err := os.WriteFile(runs, []byte(read), 0o666); err != nil {
					t.Fatal(err)
				}
				t.Log(python(t, "", "oracle/check_trackers.py", dir, runs, "--of", tracker.name, "--min-points", strconv.Itoa(log.points),
					"--min-media", strconv.Itoa(log.media), "--min-params", strconv.Itoa(log.params)))
			}
		})
	}
}
