package trackio

import (
	"path/filepath"
	"testing"
)

// TestDir: the directory is where Trackio's own client looks, and never one below wherever a user happens to be.
func TestDir(t *testing.T) {
	for _, c := range []struct {
		environment map[string]string
		home, want  string
	}{
		{map[string]string{"TRACKIO_DIR": "/t", "HF_HOME": "/hf"}, "/home/me", "/t"},
		{map[string]string{"HF_HOME": "/hf", "XDG_CACHE_HOME": "/xdg"}, "/home/me", "/hf/trackio"},
		{map[string]string{"XDG_CACHE_HOME": "/xdg"}, "", "/xdg/huggingface/trackio"},
		{nil, "/home/me", "/home/me/.cache/huggingface/trackio"},
		{nil, "", ""},
	} {
		if got := Dir(func(name string) string { return c.environment[name] }, c.home); got != filepath.FromSlash(c.want) {
			t.Errorf("%v, %q: %q, want %q", c.environment, c.home, got, c.want)
		}
	}
}
