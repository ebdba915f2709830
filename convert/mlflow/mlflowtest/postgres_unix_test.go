//go:build unix

package mlflowtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A machine without PostgreSQL has that of a Python package, also for root.
func TestPackagedPostgres(t *testing.T) {
	dir, as := ownDir(t)
	programs, data := packagedPostgres(t, dir, as), filepath.Join(dir, "data")
	// initdb runs postgres, too.
	for _, args := range [][]string{{"initdb", "-D", data, "-U", "mlflow", "-A", "trust", "--no-sync"}, {"createdb", "--version"}} {
		command := exec.Command(filepath.Join(programs, args[0]), args[1:]...)
		command.SysProcAttr, command.Dir = as.attributes(), dir
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil {
		t.Error(err)
	}
}
