package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/internal/ui"

	"github.com/bmatcuk/doublestar/v4"
)

// completed is what the shell is offered for a command line.
func completed(t *testing.T, args ...string) []string {
	t.Helper()
	o := mustCall(t, append([]string{"__words", "zsh"}, args...)...)
	lines := strings.Split(strings.TrimSuffix(o.stdout, "\n"), "\n")
	return lines[1:] // the first says what else there is
}

func TestCompletion(t *testing.T) {
	sample, hparams := testdata(t, "logs", "sample"), testdata(t, "logs", "hparams")
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"ls", sample, "--tag", "Lo"}, []string{"Loss/train", "Loss/val"}},
		{[]string{"csv", sample, "--run", "torch/"}, []string{"torch/baseline", "torch/high-lr"}},
		{[]string{"mlflow", "verify", sample, "--run", "tf"}, []string{"tf1/estimator"}},
		{[]string{"show", sample, "--run", "x"}, nil},
		{[]string{"ls", sample, "--tag", "dig"}, []string{"digits"}}, // images
		{[]string{"csv", sample, "--tag", "dig"}, nil},
		{[]string{"csv", sample, "--table", "images", "--tag", "dig"}, []string{"digits"}},
		{[]string{"csv", sample, "--table", ""}, append(tableNames(), tableAll)},
		{[]string{"csv", sample, "--time", ""}, []string{"seconds", "timestamp"}},
		{[]string{"csv", sample, "--tag=Loss/v"}, []string{"Loss/val"}},
		{[]string{"runs", hparams, "--sort", "params.l"}, []string{"params.layers", "params.list", "params.lr"}},
		{[]string{"runs", hparams, "--columns", "run,params.lr"}, []string{"run,params.lr"}},
		{[]string{"runs", hparams, "--filter", "params.lr > 0.1 and metrics.hparam/a"}, []string{"params.lr > 0.1 and metrics.hparam/accuracy"}},
		{[]string{"parquet", hparams, "--table", "runs", "--sort", "params.l"}, []string{"params.layers", "params.list", "params.lr"}},
		{[]string{"csv", hparams, "--table", "runs", "--columns", "run,params.lr"}, []string{"run,params.lr"}},
		{[]string{"csv", sample, "--table", "runs,im"}, []string{"runs,images"}},
		{[]string{"csv", sample, "--metric-summary", "min,b"}, []string{"min,best_step"}},
		{[]string{"parquet", sample, "--partition-by", ""}, []string{"run"}},
		{[]string{"parquet", sample, "--compression", ""}, []string{"zstd", "snappy", "gzip", "none"}},
		{[]string{"mlflow", sample, "--best", "metrics.Loss/v"}, []string{"metrics.Loss/val:min", "metrics.Loss/val:max"}},
		{[]string{"mlflow", sample, "--best", "Loss/v"}, []string{"Loss/val:min", "Loss/val:max"}},
		{[]string{"help", "mlflow", "u"}, []string{"undo\tDelete what a migration made and nobody touched since"}},
		{[]string{"show", "--tag", ""}, nil},
		{[]string{"show", "nothing-here", "--tag", ""}, nil},
		{[]string{"show", "nothing-here", "--run", ""}, nil},
	} {
		if got := completed(t, c.args...); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.args, got, c.want)
		}
	}
	for _, args := range [][]string{
		{"ls", "--sort"}, {"show", "--restarts"}, {"runs", "--restarts"}, {"csv", "--restarts"}, {"ls", "--color"},
		{"mlflow", "--dry-run", "--nonfinite"}, {"mlflow", "--dry-run", "--long-params"}, {"mlflow", "--dry-run", "--artifacts"},
		{"mlflow", "--dry-run", "--verify"}, {"mlflow", "--dry-run", "--on-existing"}, {"mlflow", "--dry-run", "--deleted"},
		{"mlflow", "--dry-run", "--duplicates"}, {"csv", "--hparams"}, {"csv", "--progress"}, {"csv", "--wall-time-unit"},
	} {
		words := completed(t, append(args, "")...)
		if len(words) < 2 {
			t.Errorf("%q: got %q", args, words)
		}
		for _, word := range words { // each must be one that the verb takes
			mustCall(t, append(append([]string{args[0], sample}, args[1:]...), word)...)
		}
	}
	if got := completed(t, "sho"); len(got) != 1 || !strings.HasPrefix(got[0], "show\t") {
		t.Errorf("sho: %q", got)
	}
}

// TestCompletionIsSafe: what a shell would not take as text is not offered,
// and what is offered selects just that.
func TestCompletionIsSafe(t *testing.T) {
	dir := t.TempDir()
	tags := append(hostile(), "a[0]", "!not", "glob*", "{a,b}")
	mustWriteLog(t, filepath.Join(dir, eventFileName), steps(1, tags...))
	offered := completed(t, "ls", dir, "--tag", "")
	for _, want := range []string{`a\[0\]`, `\!not`, `glob\*`, `\{a,b\}`} {
		if !slices.Contains(offered, want) {
			t.Errorf("%s is not among %q", want, offered)
		}
	}
	for _, glob := range offered {
		if ui.Visible(glob) != glob {
			t.Errorf("%q is offered", glob)
		}
		if n := len(slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return !doublestar.MatchUnvalidated(glob, tag) })); n != 1 {
			t.Errorf("%s selects %d tags", glob, n)
		}
	}
}

// TestCompletionOfPowerShell: its script takes words as they are, and puts them
// on the line without quotes.
func TestCompletionOfPowerShell(t *testing.T) {
	dir := t.TempDir()
	tags := append(hostile()[:3], "plain/tag-1", "it’s", "a,b", "@splat", "a%b", "two words", "a;b", "$(x)", "a`b", "a'b")
	mustWriteLog(t, filepath.Join(dir, eventFileName), steps(1, tags...))
	if got, want := mustCall(t, "__complete", "csv", dir, "--tag", "").stdout, "plain/tag-1\n:4\n"; got != want {
		t.Errorf("offered: %q, want %q", got, want)
	}
	script := mustCall(t, "completion", "powershell").stdout
	for _, want := range []string{"Register-ArgumentCompleter -CommandName 'tbexport'", "$Program __complete $Arguments"} {
		if !strings.Contains(script, want) {
			t.Errorf("the script has no %q", want)
		}
	}
}
