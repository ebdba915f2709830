package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/output"
)

// TestDir writes what collides wherever names can, and reads the directory back.
func TestDir(t *testing.T) {
	target := filepath.Join(t.TempDir(), "files")
	out, err := output.CreateDir(target, output.DirOptions{ManyFiles: true})
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(out, []string{"run", "../run", "."}, []string{"text"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	item := func(run, tag string, step, index int64) Item {
		return Item{Table: "text", Run: run, Tag: tag, Step: step, Index: index}
	}
	var paths []string
	write := func(i Item, text string) {
		t.Helper()
		path, err := d.Write(i, Text([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	d.Begin("text", "run", []string{"a", "a/b", "B", "b"})
	write(item("run", "a", 5, 0), "1")
	write(item("run", "a", 5, 0), "2")
	write(item("run", "a", -5, 1), "3")
	write(item("run", "a/b", 5, 0), "4")
	write(item("run", "B", 0, 0), "5")
	write(item("run", "b", 0, 0), "6")
	d.Begin("text", "../run", []string{"../../x"})
	write(item("../run", "../../x", 0, 0), "7")
	d.Begin("text", ".", nil)
	for i, what := range []string{"graph_def", "meta_graph_def", "graph_def"} {
		noTag := item(".", "", 0, 0)
		noTag.What = what
		write(noTag, string(rune('8'+i)))
	}
	files, err := d.Commit()
	if err != nil || files["text"] != 10 {
		t.Fatalf("%v files, %v", files, err)
	}
	want := []string{
		"text/run/a/5_0.txt", "text/run/a/5_0~2.txt", "text/run/a/-5_1.txt", "text/run/a%2Fb/5_0.txt", "text/run/B~df7e70e5/0_0.txt", "text/run/b~3e23e816/0_0.txt",
		"text/..%2Frun/..%2F..%2Fx/0_0.txt", "text/%2E/%graph_def/0_0.txt", "text/%2E/%meta_graph_def/0_0.txt", "text/%2E/%graph_def/0_0~2.txt",
	}
	if got := strings.Join(paths, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("paths\n%s", got)
	}
	manifest, err := os.ReadFile(filepath.Join(target, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(manifest)), "\n")
	if lines[0] != "path,run,tag,step,index,sha256" || len(lines) != 11 ||
		lines[7] != "text/..%2Frun/..%2F..%2Fx/0_0.txt,../run,../../x,0,0,7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451" {
		t.Errorf("manifest\n%s", manifest)
	}
	for i, path := range paths {
		if text, err := os.ReadFile(filepath.Join(target, filepath.FromSlash(path))); err != nil || string(text) != string(rune('1'+i)) {
			t.Errorf("%s holds %q, %v", path, text, err)
		}
	}
}
