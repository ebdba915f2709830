package peers

import (
	"os"
	"path/filepath"
	"testing"
)

// Corpus is the folder of event files from public repositories: the one that $TBEXPORT_CORPUS names, or shared/corpus
// beside the repository.
func Corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("TBEXPORT_CORPUS")
	if dir == "" {
		dir = filepath.Join(Root(t), "..", "shared", "corpus")
	}
	if _, err := os.Stat(filepath.Join(dir, "INDEX.tsv")); err != nil {
		t.Fatalf("no corpus of event files: %v; $TBEXPORT_CORPUS may name it", err)
	}
	return dir
}
