package dirstore

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

func TestParseLogdir(t *testing.T) {
	t.Chdir(tree(t, "lr=0.1/", "x=y/z/"))
	for arg, want := range map[string]Logdir{
		"logs":      {Path: "logs"},
		"a=logs":    {Name: "a", Path: "logs"},
		"a=b=c":     {Name: "a", Path: "b=c"},
		"lr=0.1":    {Path: "lr=0.1"}, // is there as it is written
		"x=y/z":     {Path: "x=y/z"},
		"x=lr=0.1":  {Name: "x", Path: "lr=0.1"},
		"./lr=0.2":  {Path: "./lr=0.2"},
		"=logs":     {Path: "=logs"},
		"a=":        {Name: "a"},
		"/a/b=c/d":  {Path: "/a/b=c/d"},
		"a=/b/c=d/": {Name: "a", Path: "/b/c=d/"},
	} {
		if got := ParseLogdir(arg); got != want {
			t.Errorf("ParseLogdir(%q) = %+v, not %+v", arg, got, want)
		}
		if got := ParseLogdirs([]string{arg, arg}); !slices.Equal(got, []Logdir{want, want}) {
			t.Errorf("ParseLogdirs: %+v", got)
		}
	}
}

func TestSpelled(t *testing.T) {
	for path, want := range map[string]string{
		"a": "a", "a/": "a", "./a//b/.": "a/b", "a/../b": "b", "../a": "a", "../../a/b": "a/b", "/tmp/a": "tmp/a", "//a": "a",
		".": ".", "": ".", "..": ".", "../..": ".", "/": ".", "..a/b": "..a/b", "../..a": "..a", "a/..": ".",
	} {
		if got := spelled(path); got != want {
			t.Errorf("spelled(%q) = %q, not %q", path, got, want)
		}
	}
}

// TestNames asserts the names of runs and, behind "=", their paths, for arguments
// as a shell gives them. ROOT is where the files are.
func TestNames(t *testing.T) {
	root, err := filepath.EvalSymlinks(tree(t))
	if err != nil {
		t.Fatal(err)
	}
	curve := eventfiletest.Curve("loss", 1)
	eventfiletest.Write(t, root, eventfiletest.Tree{
		"logs/PPO_0/tfevents.0": curve, "logs/PPO_1/tfevents.1": curve, "logs/PPO_1/eval/tfevents.1": curve,
		"other/PPO_0/tfevents.0": curve, "other/PPO_0/tfevents.1": curve, "PPO_0/tfevents": curve,
	})
	if err := os.Symlink("PPO_1", filepath.Join(root, "logs", "latest")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("..", "other", "PPO_0"), filepath.Join(root, "logs", "linked")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cwd, args string
		want      string
	}{
		// One argument is the logdir, whatever it is called.
		{".", "logs/PPO_1", ".=. eval=eval"},
		{"logs", "PPO_1", ".=. eval=eval"},
		{"logs/PPO_1", ".", ".=. eval=eval"},
		{".", "x=logs/PPO_1", "x/.=. x/eval=eval"},
		{".", "logs/PPO_1/tfevents.1", ".=."},
		// Several begin as they were typed; what they are does not depend on that.
		{"logs", "PPO_0 PPO_1", "PPO_0=PPO_0 PPO_1=PPO_1 PPO_1/eval=PPO_1/eval"},
		{".", "logs/PPO_0 logs/PPO_1/", "logs/PPO_0=PPO_0 logs/PPO_1=PPO_1 logs/PPO_1/eval=PPO_1/eval"},
		{"other", "../logs/PPO_0 ../logs/./PPO_1", "logs/PPO_0=PPO_0 logs/PPO_1=PPO_1 logs/PPO_1/eval=PPO_1/eval"},
		{"logs/PPO_0", ". ../PPO_1", ".=PPO_0 PPO_1=PPO_1 PPO_1/eval=PPO_1/eval"},
		{"logs/PPO_1/eval", ".. ../../PPO_0", ".=PPO_1 PPO_0=PPO_0 eval=PPO_1/eval"},
		{".", "logs/PPO_0 b=other/PPO_0", "b/.=PPO_0 logs/PPO_0=PPO_0"},
		// Two trees with equal children, and files.
		{".", "logs other", "logs/PPO_0=logs/PPO_0 logs/PPO_1=logs/PPO_1 logs/PPO_1/eval=logs/PPO_1/eval other/PPO_0=other/PPO_0" +
			" logs/latest: the same directory as logs/PPO_1, read once logs/linked: the same directory as other/PPO_0, read once"},
		{".", "a=logs b=other", "a/PPO_0=logs/PPO_0 a/PPO_1=logs/PPO_1 a/PPO_1/eval=logs/PPO_1/eval a/linked=logs/linked b/PPO_0=other/PPO_0" +
			" logs/latest: the same directory as logs/PPO_1, read once"},
		{".", "other/PPO_0/tfevents.0 other/PPO_0/tfevents.1", "other/PPO_0/tfevents.0=tfevents.0 other/PPO_0/tfevents.1=tfevents.1"},
		{".", "a=other/PPO_0/tfevents.0 b=other/PPO_0/tfevents.1", "a/.=tfevents.0 b/.=tfevents.1"},
		// The same twice, a logdir in another, and a file of a run that is read.
		{".", "logs/PPO_0 logs/PPO_0", "logs/PPO_0=PPO_0"},
		{".", "logs/PPO_1/eval logs", "logs/PPO_0=logs/PPO_0 logs/PPO_1=logs/PPO_1 logs/PPO_1/eval=logs/PPO_1/eval logs/linked=logs/linked" +
			" logs/latest: the same directory as logs/PPO_1, read once"},
		{".", "logs/PPO_0 logs/PPO_0/tfevents.0", "logs/PPO_0=PPO_0"},
		{".", "other/PPO_0/tfevents.0 other/PPO_0/tfevents.0 other/PPO_0/tfevents.1", "other/PPO_0/tfevents.0=tfevents.0 other/PPO_0/tfevents.1=tfevents.1"},
		{".", "logs/PPO_0 ROOT/logs/PPO_0", "logs/PPO_0=PPO_0 ROOT/logs/PPO_0: the same directory as logs/PPO_0, read once"},
		{".", "other/PPO_0/tfevents.0 ROOT/other/PPO_0/tfevents.0",
			"other/PPO_0/tfevents.0=tfevents.0 ROOT/other/PPO_0/tfevents.0: the same file as other/PPO_0/tfevents.0, read once"},
		// A directory with two names was meant twice.
		{".", "a=logs/PPO_0 b=logs/PPO_0 logs/PPO_0", "a/.=PPO_0 b/.=PPO_0 logs/PPO_0=PPO_0"},
		{".", "a=logs/PPO_0 a=logs/PPO_0", "a/.=PPO_0"},
		{".", "a=logs/PPO_0 a=logs/PPO_1/eval", `two runs are named "a/." (logs/PPO_0 and logs/PPO_1/eval): give the logdirs names, as in a=DIR b=DIR`},
		// A link beside its target is the target; another is what it is called.
		{"logs", "latest PPO_0", "PPO_0=PPO_0 latest=PPO_1 latest/eval=PPO_1/eval"},
		{"logs", "PPO_0 PPO_1 latest", "PPO_0=PPO_0 PPO_1=PPO_1 PPO_1/eval=PPO_1/eval latest: the same directory as PPO_1, read once"},
		{"logs", "linked PPO_0", "PPO_0=PPO_0 linked=linked"},
		// Different ones that clean to the same name.
		{"other", "../PPO_0 PPO_0", `two runs are named "PPO_0" (../PPO_0 and PPO_0): give the logdirs names, as in a=DIR b=DIR`},
	} {
		t.Run(c.cwd+": "+c.args, func(t *testing.T) {
			t.Chdir(filepath.Join(root, c.cwd))
			args := strings.Fields(strings.ReplaceAll(c.args, "ROOT", root))
			runs, problems, err := New(ParseLogdirs(args)...).Find(t.Context())
			var got []string
			for _, r := range runs {
				got = append(got, r.Name+"="+r.Path)
			}
			for _, p := range problems {
				got = append(got, strings.ReplaceAll(p.Error(), root, "ROOT"))
				if p.Run == "" || strings.HasPrefix(p.Run, "/") {
					t.Errorf("%v is of run %q", p, p.Run)
				}
			}
			if err != nil {
				got = append(got, err.Error())
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got\n%s\nnot\n%s", strings.Join(got, " "), c.want)
			}
		})
	}
}
