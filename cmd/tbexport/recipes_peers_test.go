package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

// recipes runs the Python and the SQL of the document, and looks at what they made.
const recipes = `
import re, sys, json, duckdb
for language, text in re.findall(r"` + "```(python|sql)\\n(.*?)```" + `", open(sys.argv[1]).read(), re.S):
    exec(text, {}) if language == "python" else duckdb.connect().execute(text)
assert json.load(open("dvc/run-0/train/params.yaml"))["lr"] == 0.1
assert abs(json.load(open("dvc/run-0/train/metrics.json"))["epoch_loss"] - 0.1115657) < 1e-6
assert [p["step"] for p in json.load(open("dvc/run-0/train/plots/epoch_loss.json"))] == [0, 1]
rows = duckdb.connect().execute("SELECT count(*), count(DISTINCT run_id), min(epoch_ms(timestamp)) FROM 'run_part_0.parquet'").fetchall()
assert rows[0][:2] == (20, 6) and rows[0][2] > 1e12, rows
`

func TestRecipes(t *testing.T) {
	python, root, dir := peers.Python(t, peers.Readers), peers.Root(t), t.TempDir()
	run := exec.Command("go", "run", "./cmd/tbexport", "parquet", "testdata/logs/hparams/keras-callback", "-o", filepath.Join(dir, "tables")+"/", "-q")
	run.Dir = root
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	script := filepath.Join(dir, "recipes.py")
	if err := os.WriteFile(script, []byte(strings.TrimSpace(recipes)), 0o666); err != nil {
		t.Fatal(err)
	}
	run = exec.Command(python, script, filepath.Join(root, "docs", "recipes.md"))
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
