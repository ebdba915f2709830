//go:build unix

package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
)

// TestNamesPlacesAndFiles migrates with all that names runs, places them and takes
// files along, into the real server behind an nginx with its default limit of a
// body, and reads it back with MLflow's own client.
func TestNamesPlacesAndFiles(t *testing.T) {
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}})
	proxy := mlflowtest.StartNginx(t, server.URL, "/ml", "1m")
	logs := filepath.Join(t.TempDir(), "logs")
	if err := os.CopyFS(logs, os.DirFS(testdata(t, "logs", "sample"))); err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(logs, "torch", "baseline")
	large := make([]byte, 3<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(large)
	for name, content := range map[string][]byte{
		"hparams.yaml":          []byte("act: !!python/name:torch.nn.ReLU ''\noptimizer: {lr: 0.1, betas: [0.9, 0.99]}\n"),
		"checkpoints/last.ckpt": large,
		"checkpoints/best.ckpt": large[:1000],
	} {
		file := filepath.Join(run, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, file, content)
	}
	place := []string{"--tracking-uri", proxy, "--experiment", "all-{top}"}
	flags := []string{"--run-name", "{basename}", "--params-from", "hparams.yaml", "--rename-param", "optimizer=opt",
		"--include", "*.ckpt", "--set-tag", "team=vision", "--experiment-tag", "owner=us", "--description", "From *2023*.", "--best", "metrics.Loss/val:min"}
	migrate := mustCall(t, append(append([]string{"mlflow", logs}, place...), flags...)...)
	for _, want := range []string{"1 file of 3.0 MiB is not kept: the server, or a proxy before it", "-> 4 experiments at " + proxy} {
		if !strings.Contains(migrate.err, want) {
			t.Errorf("no %q in:\n%s", want, migrate.err)
		}
	}
	// It tries again what was refused, and is done with the rest.
	again := mustCall(t, append(append([]string{"mlflow", logs}, place...), flags...)...)
	if !strings.Contains(again.err, "6 runs, 6 skipped; 0 points sent") || !strings.Contains(again.err, "1 file of 3.0 MiB is not kept") {
		t.Errorf("the second time:\n%s", again.err)
	}
	// In all of them, verify knows the flags that the runs keep.
	all := mustCall(t, append([]string{"mlflow", "verify", logs}, place...)...)
	if !strings.Contains(all.err, "with the flags of the migration: --run-name '{basename}' --rename-param optimizer=opt") || !strings.Contains(all.err, "6 runs, 6 verified in 4 experiments") {
		t.Errorf("verify of all says:\n%s", all.err)
	}
	// In one experiment, verify and undo know the flags; the command line has the place alone.
	one := []string{"--tracking-uri", server.URL, "--experiment", "all-torch"}
	verify := mustCall(t, append(append([]string{"mlflow", "verify", logs}, one...), "--run", "torch/*")...)
	if !strings.Contains(verify.err, "with the flags of the migration: --run-name '{basename}' --rename-param optimizer=opt") || !strings.Contains(verify.err, "2 runs, 2 verified") ||
		!strings.Contains(verify.err, "1 file was refused when the run was migrated") || strings.Contains(verify.err, "added") {
		t.Errorf("verify says:\n%s", verify.err)
	}
	got := readNames(t, server.URL, "all-torch")
	want := map[string]string{
		"name": "baseline", "opt.lr": "0.1", "opt.betas": "[0.9,0.99]", "act": "torch.nn.ReLU", "team": "vision", "owner": "us",
		"missing": "checkpoints/last.ckpt", "description": "From *2023*.", "artifacts": "checkpoints/best.ckpt",
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s is %q, want %q", key, got[key], value)
		}
	}
	if got["best"] == "" || got["best"] != got["least"] || got["best_step"] != got["least_step"] {
		t.Errorf("best values: %v", got)
	}
	// An hparam that changed since is listed, and MLflow keeps what it had.
	mustWrite(t, filepath.Join(run, "hparams.yaml"), []byte("act: !!python/name:torch.nn.ReLU ''\noptimizer: {lr: 0.2, betas: [0.9, 0.99]}\n"))
	for range 2 {
		verify = mustCall(t, append([]string{"mlflow", "verify", logs, "--run", "torch/*"}, one...)...)
		if !strings.Contains(verify.err, `run torch/baseline: param "opt.lr": in the logs 0.2, on the server 0.1; MLflow does not change it`) || !strings.Contains(verify.err, "2 runs, 2 verified") {
			t.Errorf("verify after a change says:\n%s", verify.err)
		}
		mustCall(t, append(append([]string{"mlflow", logs}, place...), flags...)...)
	}
	undo := mustCall(t, append([]string{"mlflow", "undo", logs, "--run", "torch/*"}, one...)...)
	if !strings.Contains(undo.err, "2 runs to be deleted, with --yes; 0 kept") {
		t.Errorf("undo says:\n%s", undo.err)
	}
}

// readNames reads the run called baseline with MLflow's client.
func readNames(t *testing.T, uri, experiment string) (got map[string]string) {
	t.Helper()
	cmd := exec.Command(mlflowtest.Python(t), "-P", testdata(t, "peers", "mlflow_names.py"), experiment)
	cmd.Env = append(os.Environ(), "MLFLOW_TRACKING_URI="+uri)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	return got
}
