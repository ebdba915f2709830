package match

import (
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	verbs := []string{"ls", "show", "runs", "dump", "parquet", "csv", "jsonl", "arrow", "mlflow", "verify", "repair"}
	for word, want := range map[string][]string{
		"shwo": {"show"}, "parket": {"parquet"}, "verfiy": {"verify"}, "run": {"runs"}, "json": {"jsonl"}, "xyz": nil, "": nil,
	} {
		if got := Nearest(word, verbs, 1); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
	tags := []string{"train/loss", "val/loss", "train/acc"}
	if got := Nearest("Loss", tags, 3); !slices.Equal(got, []string{"train/loss", "val/loss"}) {
		t.Errorf("Loss: got %q", got)
	}
}
