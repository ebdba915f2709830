package peers

import (
	"os/exec"
	"testing"
)

// Program returns the path of the first of some programs, or of their paths, that is installed. Where none is, the test
// is left out with the name of the Debian package, unless [Required] says that nothing may be missing.
func Program(t testing.TB, debian string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if Required() {
		t.Fatalf("there is no %s: install %s", names[0], debian)
	}
	t.Skipf("left out: there is no %s; Debian's package is %s", names[0], debian)
	return ""
}
