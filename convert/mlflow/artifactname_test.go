package mlflow

import (
	"strings"
	"testing"
)

func TestArtifactName(t *testing.T) {
	for original, want := range map[string]string{
		"tensorboard_logs/a b/events ü?": "tensorboard_logs/a b/events ü?",
		"tensorboard_logs/a#b\n/../x":    "tensorboard_logs/a_b_/__/x",
		"gpu%2Fevents":                   "gpu_2Fevents",
		"100%":                           "100_",
		"\xff/x":                         "_/x",
	} {
		if got := artifactName(original); got != want {
			t.Errorf("%q: got %q, want %q", original, got, want)
		}
	}
	long := artifactName("params/" + strings.Repeat("損", 250) + ".txt")
	if dir, base, _ := strings.Cut(long, "/"); dir != "params" || len(base) > longestPart || !strings.HasPrefix(base, "損損") {
		t.Errorf("got %q", long)
	}
}

func TestArtifactNamesAreNeverTheSame(t *testing.T) {
	names, seen := make(artifactNames), make(map[string]bool)
	originals := []string{"d/a_b", "d/a#b", "d/a%b", "d/a%b", "d/" + strings.Repeat("x", 254) + "#", "d/" + strings.Repeat("x", 254) + "%"}
	for _, original := range originals {
		name := names.take(original)
		if seen[name] || !strings.HasPrefix(name, "d/") || len(name) > len("d/")+longestPart {
			t.Errorf("%q became %q", original, name)
		}
		seen[name] = true
	}
	if !seen["d/a_b"] {
		t.Errorf("the name that needs no change has another: %v", seen)
	}
}
