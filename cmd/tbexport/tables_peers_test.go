package main

import (
	"path/filepath"
	"testing"

	"tbexport/internal/peers"
)

// TestHParamsOracle: hparams and runs are what TensorBoard's own plugin reads, each directory of the made logs and the
// corpus being a logdir to it.
func TestHParamsOracle(t *testing.T) {
	for _, log := range []struct {
		name             string
		dir              func(testing.TB) string
		hparams, metrics string
	}{
		{"logs", made("logs", "hparams"), "1000", "80"},
		{"corpus", peers.Corpus, "400", "700"},
	} {
		t.Run(log.name, func(t *testing.T) {
			dir, out := log.dir(t), filepath.Join(t.TempDir(), "tables")
			// As TensorBoard has them: the first record of a run counts, and every run for itself.
			export(t, "parquet", dir, "-o", out+"/", "--hparams", "first")
			export(t, "parquet", dir, "--table", "hparams", "--hparams", "first", "--no-fold-hparams", "--overwrite",
				"-o", filepath.Join(out, "hparams.parquet"))
			t.Log(python(t, "", "oracle/check_hparams.py", dir, out, "--each", "--min-hparams", log.hparams, "--min-metrics", log.metrics))
		})
	}
}

// TestInspector: ls counts what TensorBoard's inspector counts.
func TestInspector(t *testing.T) {
	for _, log := range []struct {
		name string
		dir  func(testing.TB) string
		tags string
	}{
		{"logs", made("logs"), "400"},
		{"corpus", peers.Corpus, "900"},
	} {
		t.Run(log.name, func(t *testing.T) {
			o := call("ls", log.dir(t), "--json", "-q")
			if o.status != statusDone && o.status != statusLost {
				t.Fatalf("status %d\n%s", o.status, o.err)
			}
			file := filepath.Join(t.TempDir(), "ls.json")
			mustWrite(t, file, []byte(o.stdout))
			t.Log(python(t, "", "peers/inspector.py", file, "--min-tags", log.tags))
		})
	}
}
