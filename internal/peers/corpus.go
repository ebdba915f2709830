package peers

import (
	"os"
	"path/filepath"
	"testing"
)

// Corpus is the folder of event files from public repositories: the one that $TBEXPORT_CORPUS names, or shared/corpus
// beside the repository. Where there is none the test is left out, unless [Required] or the variable says that it is
// there; package tests/corpus says which tests those are.
func Corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("TBEXPORT_CORPUS")
	named := dir != ""
	if !named {
		dir = filepath.Join(Root(t), "..", "shared", "corpus")
	}
	if _, err := os.Stat(filepath.Join(dir, "INDEX.tsv")); err != nil {
		if named || Required() {
			t.Fatalf("no corpus of event files: %v; $TBEXPORT_CORPUS names its folder", err)
		}
		t.Skip("left out: there is no corpus of event files; $TBEXPORT_CORPUS names its folder")
	}
	return dir
}

// Required reports whether nothing that a test is held against may be missing: $TBEXPORT_REQUIRE is all, as .ci/run
// sets it.
func Required() bool { return os.Getenv("TBEXPORT_REQUIRE") == "all" }
