package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVersionOfTheLinker: a packager's version is what the program says.
func TestVersionOfTheLinker(t *testing.T) {
	if testing.Short() {
		t.Skip("links the program once more")
	}
	name := filepath.Join(t.TempDir(), "tbexport")
	if out, err := exec.Command("go", "build", "-ldflags", "-X main.version=1.2.3-test", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	out, err := exec.Command(name, "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "tbexport 1.2.3-test (go") {
		t.Errorf("said %q, %v", out, err)
	}
}
