package output

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInside(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "there"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "there"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, other string
		want        bool
	}{
		{"there", "there", true}, {"there/a/b", "there", true}, {"link/a", "there", true}, {"there/a", "link", true},
		{"new/a/b", "new/", true}, {"new", "new/a", false}, {"newer", "new", false}, {"there/../new", "there", false}, {"..new", ".", true},
	} {
		if got := Inside(filepath.Join(dir, c.path), filepath.Join(dir, c.other)+string(filepath.Separator)); got != c.want {
			t.Errorf("%s inside %s: %v", c.path, c.other, got)
		}
	}
}
