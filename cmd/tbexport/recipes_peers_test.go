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
import decimal, glob, re, sys, json, pyarrow as pa, pyarrow.parquet as pq
for text in re.findall(r"` + "```python\\n(.*?)```" + `", open(sys.argv[1]).read(), re.S):
    exec(text, {})
assert json.load(open("dvc/run-0/train/params.yaml"))["lr"] == 0.1
assert abs(json.load(open("dvc/run-0/train/metrics.json"))["epoch_loss"] - 0.1115657) < 1e-6
assert [p["step"] for p in json.load(open("dvc/run-0/train/plots/epoch_loss.json"))] == [0, 1]
# The schema that neptune-exporter reads with, see its model.py; times are cut to milliseconds or it fails.
MOMENT = pa.timestamp("ms", tz="UTC")
SCHEMA = pa.schema({"project_id": pa.string(), "run_id": pa.string(), "attribute_path": pa.string(), "attribute_type": pa.string(),
    "step": pa.decimal128(18, 6), "timestamp": MOMENT, "int_value": pa.int64(), "float_value": pa.float64(), "string_value": pa.string(),
    "bool_value": pa.bool_(), "datetime_value": MOMENT, "string_set_value": pa.list_(pa.string()),
    "file_value": pa.struct({"path": pa.string()}),
    "histogram_value": pa.struct({"type": pa.string(), "edges": pa.list_(pa.float64()), "values": pa.list_(pa.float64())})})
runs = {}
for path in sorted(glob.glob("data/me_project/*_part_0.parquet")):
    rows = pq.read_table(path, schema=SCHEMA).to_pylist()
    assert len({row["run_id"] for row in rows}) == 1 and all(row["project_id"] == "me/project" for row in rows), path
    runs[rows[0]["run_id"]] = rows
def values(run, path, column):
    return [row[column] for row in runs[run] if row["attribute_path"] == path]
series = [row for rows in runs.values() for row in rows if row["attribute_type"] == "float_series"]
assert len(series) == 20 and len({row["run_id"] for row in series}) == 6 and all(row["timestamp"] for row in series), series
assert values("run-0/train", "epoch_loss", "step") == [decimal.Decimal(0), decimal.Decimal(1)]
assert values("run-0/train", "params/lr", "float_value") == [0.1] and values("run-0/train", "sys/custom_run_id", "string_value") == ["run-0/train"]
texts = [row for row in runs["kinds"] if row["attribute_type"] == "string_series"]
histograms = [row["histogram_value"] for row in runs["kinds"] if row["attribute_type"] == "histogram_series"]
assert any("# step 1" in row["string_value"] for row in texts) and len(histograms) > 1, (texts, histograms)
assert all(len(h["edges"]) == len(h["values"]) + 1 for h in histograms if h["values"]), histograms
`

func TestRecipes(t *testing.T) {
	interpreter, dir := peers.Python(t, peers.Readers), t.TempDir()
	document := testdata(t, "..", "docs", "recipes.md")
	logs := filepath.Join(dir, "logs")
	for to, from := range map[string]string{logs: "hparams/keras-callback", filepath.Join(logs, "kinds"): "kinds/torch"} {
		if err := os.CopyFS(to, os.DirFS(testdata(t, "logs", filepath.FromSlash(from)))); err != nil {
			t.Fatal(err)
		}
	}
	commands := 0
	for _, line := range strings.Split(string(mustRead(t, document)), "\n") {
		if args := strings.Fields(line); len(args) > 2 && args[0] == "tbexport" {
			commands++
			for i, arg := range args {
				if arg == "logs" || arg == "tables/" {
					args[i] = dir + "/" + arg
				}
			}
			export(t, append(args[1:], "-q")...)
		}
	}
	if commands != 2 {
		t.Errorf("%d commands, not 2", commands)
	}
	script := filepath.Join(dir, "recipes.py")
	mustWrite(t, script, []byte(strings.TrimSpace(recipes)))
	run := exec.Command(interpreter, script, document)
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
