// Package corpus tests the event files of other people that many tests read, and says which tests are left out where
// they are not there. It is the last package of go test ./..., which shows nothing of a package that passes but its
// line: there it says [no tests to run] in that case. Where there is a terminal the rest is written to it, with -v to
// standard output, too.
package corpus

import (
	"bytes"
	"crypto/sha1"
	"encoding/csv"
	"encoding/hex"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

// TestCorpus: the event files are those of the index.
func TestCorpus(t *testing.T) {
	dir := peers.Corpus(t)
	index, err := os.ReadFile(filepath.Join(dir, "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := csv.NewReader(bytes.NewReader(index))
	lines.Comma, lines.LazyQuotes = '\t', true
	rows, err := lines.ReadAll()
	if err != nil || len(rows) < 100 {
		t.Fatalf("INDEX.tsv has %d lines, %v", len(rows), err)
	}
	path, sum := slices.Index(rows[0], "path"), slices.Index(rows[0], "sha1")
	for _, row := range rows[1:] {
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(row[path])))
		if err != nil {
			t.Error(err)
			continue
		}
		hash := sha1.Sum(content)
		if !strings.HasPrefix(hex.EncodeToString(hash[:]), row[sum]) {
			t.Errorf("%s is not the file of the index", row[path])
		}
	}
}

// TestLeftOut: the search finds the tests that read the corpus, themselves or through others.
func TestLeftOut(t *testing.T) {
	found, err := callers(peers.Root(t), "peers", "Corpus")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tests/corpus.TestCorpus", "cmd/tbexport.TestOracle", "convert/mlflow.TestSQLite"} {
		if !slices.Contains(found, want) {
			t.Errorf("%s reads the corpus and is not found; found are %v", want, found)
		}
	}
	if slices.Contains(found, "tests/corpus.TestLeftOut") {
		t.Error("TestLeftOut itself is found")
	}
}

// TestMain says what is left out.
func TestMain(m *testing.M) {
	flag.Parse()
	if there() {
		os.Exit(m.Run())
	}
	fmt.Println("testing: warning: no tests to run") // what go test looks for
	dir, err := root()
	var left []string
	if err == nil {
		left, err = callers(dir, "peers", "Corpus")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	say(fmt.Sprintf("left out, wholly or the part with other people's event files: %d tests (%s); to run them, set $TBEXPORT_CORPUS "+
		"to a folder of event files with an INDEX.tsv\n", len(left), strings.Join(left, ", ")))
}

// there reports whether the tests run: the corpus is there, or its absence is an error.
func there() bool {
	dir, err := root()
	if err != nil || os.Getenv("TBEXPORT_CORPUS") != "" || peers.Required() {
		return true
	}
	_, err = os.Stat(filepath.Join(dir, "..", "shared", "corpus", "INDEX.tsv"))
	return err == nil
}

// root is the root of the repository: the tests of a package run in its folder.
func root() (string, error) { return filepath.Abs(filepath.Join("..", "..")) }

// say writes a line to standard output, and to the terminal of who runs the tests, if there is one.
func say(line string) {
	fmt.Print(line)
	terminal, err := os.OpenFile("/dev/tty", os.O_WRONLY, 0)
	if err != nil || testing.Verbose() {
		return
	}
	defer terminal.Close()
	_, _ = io.WriteString(terminal, line) // it went to standard output, too
}

// callers gives the tests of the repository that call a function of another package, as folder.Test: themselves, or
// through functions of their own package.
func callers(root, pkg, function string) ([]string, error) {
	calls := make(map[string]map[string][]string) // folder -> function -> what it mentions
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		if calls[folder] == nil {
			calls[folder] = make(map[string][]string)
		}
		return mentions(path, calls[folder])
	})
	if err != nil {
		return nil, err
	}
	var found []string
	for folder, functions := range calls {
		wanted := []string{pkg + "." + function}
		for i := 0; i < len(wanted); i++ {
			for name, mentioned := range functions {
				if slices.Contains(mentioned, wanted[i]) && !slices.Contains(wanted, name) {
					wanted = append(wanted, name)
				}
			}
		}
		for _, name := range wanted[1:] {
			if strings.HasPrefix(name, "Test") && name != "TestMain" {
				found = append(found, folder+"."+name)
			}
		}
	}
	slices.Sort(found)
	return found, nil
}

// mentions adds the functions of a file, each with the names in it: f, or package.F.
func mentions(path string, functions map[string][]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					functions[f.Name.Name] = append(functions[f.Name.Name], x.Name+"."+n.Sel.Name)
				}
			case *ast.Ident:
				functions[f.Name.Name] = append(functions[f.Name.Name], n.Name)
			}
			return true
		})
	}
	return nil
}
