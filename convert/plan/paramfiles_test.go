package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// texts reads a file of params of that name.
func texts(t *testing.T, name, content string) (map[string]string, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	params, err := readParams(file)
	all := make(map[string]string)
	for _, h := range params {
		all[h.Name] = h.String()
	}
	return all, err
}

func TestParamsOfFiles(t *testing.T) {
	for name, want := range map[string]map[string]string{
		"hparams.yaml": {
			"lr": "0.001", "eps": "1e-08", "big": "12345678901234567890", "on": "True", "none": "None", "opt.name": "adam", "opt.betas": "[0.9,0.999]",
			"run.name": "sgd", "run.betas": "[0.9,0.999]", "path": `["/","data"]`, "act": "torch.nn.ReLU", "dims": `[1,{"a":null}]`, "ns.a": "1",
			"empty": "{}", "1": "x", "text": "two\nlines\n",
		},
		"args.json": {"seed": "7", "x.y": `[1,{"z":null}]`, "face": "😀", "ok": "False"},
	} {
		got, err := texts(t, name, map[string]string{
			"hparams.yaml": `lr: 0.001
eps: 1e-8
big: 12345678901234567890
on: true
none: null
opt: &opt
  name: adam
  betas: [0.9, 0.999]
run:
  <<: *opt
  name: sgd
path: !!python/object/apply:pathlib.PosixPath
- /
- data
act: !!python/name:torch.nn.ReLU ''
dims: !!python/tuple [1, {a: null}]
ns: !!python/object:argparse.Namespace {a: 1}
empty: {}
1: x
text: |
  two
  lines
`,
			"args.json": "{\n\t\"seed\": 7, \"x\": {\"y\": [1, {\"z\": null}]}, \"face\": \"\\ud83d\\ude00\", \"ok\": false}",
		}[name])
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %v, %d params, want %d", name, err, len(got), len(want))
		}
		for key, value := range want {
			if got[key] != value {
				t.Errorf("%s: %s is %q, want %q", name, key, got[key], value)
			}
		}
	}
}

// What is no file of params is one clear line, however it is made.
func TestFilesThatAreNoParams(t *testing.T) {
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		one, next := string(rune('0'+i)), string(rune('1'+i))
		laughs += "a" + next + ": &a" + next + " [" + strings.TrimSuffix(strings.Repeat("*a"+one+",", 10), ",") + "]\n"
	}
	for content, want := range map[string]string{
		"a: [unclosed":                "not YAML: line 1: ",
		"- a\n- b\n":                  "holds no names with values",
		"just text":                   "holds no names with values",
		strings.Repeat("x", 2<<20):    "larger than 1 MiB",
		laughs:                        "no file of params",
		"a: &a {b: *a}":               "",
		strings.Repeat("{a: ", 60000): "",
		"\x00\x01":                    "not YAML",
	} {
		got, err := texts(t, "c.yaml", content)
		if want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.ContainsRune(err.Error(), '\n')) {
			t.Errorf("%.20q: %v, %d params", content, err, len(got))
		}
	}
	if got, err := texts(t, "c.yaml", ""); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %v, %v", got, err)
	}
	if _, err := texts(t, "c.json", "{"); err == nil || !strings.Contains(err.Error(), "not JSON") {
		t.Errorf("got %v", err)
	}
}

// FuzzParams: nothing that is in a file makes reading it fail to end, or takes
// more than it may.
func FuzzParams(f *testing.F) {
	for _, seed := range []string{"a: 1", "a: &a [*a]", "<<: {a: 1}", "a: !!python/name:x ''", "? [a]\n: b", "{\"a\": [1]}", "a: !!binary x", "--- a\n--- b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, read := range []func([]byte) (int, error){
			func(b []byte) (int, error) { p, err := yamlParams(b); return len(p), err },
			func(b []byte) (int, error) { p, err := jsonParams(b); return len(p), err },
		} {
			if n, err := read(text); err == nil && n > mostFileParams+1 {
				t.Errorf("%d params", n)
			}
		}
	})
}
