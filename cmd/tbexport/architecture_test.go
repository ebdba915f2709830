package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

const module = "tbexport"

// goPackage is what "go list" says of a package. Tests do not count.
type goPackage struct {
	ImportPath, Name, Dir string
	Standard              bool
	Imports, Deps         []string
	GoFiles               []string
}

// list gives the packages of the module, and all that they need.
func list(t *testing.T) map[string]goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Dir,Standard,Imports,Deps,GoFiles", "./...")
	cmd.Dir = peers.Root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := make(map[string]goPackage)
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
	return packages
}

// in reports whether a package is one of those that the patterns name: a path below the module, or, with /... behind
// it, all packages at and below it.
func in(path string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		pattern = module + "/" + pattern
		if below, ok := strings.CutSuffix(pattern, "/..."); ok {
			return path == below || strings.HasPrefix(path, below+"/")
		}
		return path == pattern
	})
}

func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// The packages of one destination or format each: none of them knows another.
var destinations = []string{"convert/format/csv", "convert/format/jsonl", "convert/format/arrowipc", "convert/format/parquet", "convert/mlflow", "convert/wandb", "convert/trackio", "convert/postgres", "convert/sqlite", "convert/rewrite"}

// encoders may see Arrow's records.
var encoders = []string{"convert/table/...", "convert/format/..."}

// programs may do anything but what is left to the terminal kit.
var programs = []string{"cmd/..."}

// terminal is what knows terminals.
var terminal = []string{"internal/ui"}

// walked is what a walk over a run is made of: all that its collectors need.
var walked = []string{"eventfile", "eventfile/event", "eventfile/kinds", "eventfile/internal/wire", "eventfile/sniff", "eventfile/tensor", "eventfile/tfrecord", "proto"}

// allowed says which packages of the module each of them may import, itself or through others.
var allowed = []struct {
	who  string
	may  []string
	only bool // nothing from outside the standard library either
}{
	{"eventfile/tfrecord", nil, true},
	{"proto/...", []string{"proto/..."}, false},
	{"eventfile", walked, false},
	{"eventfile/event", []string{"eventfile/internal/wire", "eventfile/tensor", "proto"}, false},
	{"eventfile/internal/wire", nil, false},
	{"eventfile/series", walked, false},
	{"eventfile/inventory", walked, false},
	{"eventfile/hparams", walked, false},
	{"eventfile/sniff", nil, false},
	{"eventfile/eventfiletest", []string{"eventfile/tfrecord"}, false},
	{"eventfile/kinds", []string{"eventfile/tensor", "eventfile/internal/wire", "proto"}, false},
	{"eventfile/tensor", []string{"eventfile/internal/wire", "proto"}, false},
	{"eventfile/prototext", []string{"proto"}, false},
	{"eventfile/eventjson", []string{"eventfile/...", "proto"}, false},
	{"convert", []string{"eventfile/...", "proto", "convert/output"}, false},
	{"convert/output", nil, false},
	{"convert/extract", []string{"convert/output", "eventfile/...", "proto"}, false},
	{"convert/plan", []string{"convert", "internal/match", "eventfile/...", "proto"}, false},
	{"convert/plan/plantest", []string{"convert", "internal/match", "convert/plan", "eventfile/...", "proto", "convert/output"}, false},
	{"convert/rows", []string{"convert", "internal/match", "convert/plan", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/wandb", []string{"convert", "internal/match", "convert/plan", "convert/rows", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/trackio", []string{"convert", "internal/match", "convert/plan", "convert/rows", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/sqlmodel", []string{"convert", "internal/match", "convert/plan", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/postgres", []string{"convert", "internal/match", "convert/plan", "convert/sqlmodel", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/sqlite", []string{"convert", "internal/match", "convert/plan", "convert/sqlmodel", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/mlflow/rest", nil, false},
	{"convert/table", []string{"convert", "convert/extract", "convert/output", "eventfile/...", "proto"}, false},
	{"convert/format", []string{"convert/format/..."}, false},
	{"convert/format/rowtext", nil, false},
	{"convert/sinktest", []string{"convert", "convert/output", "eventfile/...", "proto"}, false},
	{"internal/peers", nil, false},
	{"internal/ui", nil, false},
	{"internal/chart", nil, false},
	{"internal/graphics", nil, false},
	{"internal/match", nil, false},
	{"internal/shell", nil, true},
}

// TestArrowsPointOneWay holds the packages to the layers of the design.
func TestArrowsPointOneWay(t *testing.T) {
	packages := list(t)
	for _, rule := range allowed {
		matched := false
		for path, p := range packages {
			if !in(path, rule.who) {
				continue
			}
			matched = true
			for _, dep := range p.Deps {
				if ours(dep) && !in(dep, rule.may...) {
					t.Errorf("%s depends on %s, which only layers above it may", path, dep)
				}
				if rule.only && !packages[dep].Standard {
					t.Errorf("%s depends on %s: only the standard library is allowed", path, dep)
				}
			}
		}
		if !matched {
			t.Errorf("there is no package %s: change the rule", rule.who)
		}
	}
	for path, p := range packages {
		if !ours(path) {
			continue
		}
		for _, destination := range destinations {
			if !in(path, destination+"/...") {
				continue
			}
			others := slices.DeleteFunc(slices.Clone(destinations), func(d string) bool { return d == destination })
			for _, dep := range p.Deps {
				if in(dep, others...) {
					t.Errorf("%s depends on %s: destinations do not know each other", path, dep)
				}
			}
		}
		for _, dep := range p.Deps {
			if in(dep, "cmd/...") && !in(path, "cmd/...") {
				t.Errorf("%s depends on %s: nothing imports a program", path, dep)
			}
			if in(dep, "internal/peers") && !strings.HasSuffix(path, "test") {
				t.Errorf("%s depends on %s, which is for tests", path, dep)
			}
		}
	}
}

// TestImports holds imports from outside the module to the packages that they belong to.
func TestImports(t *testing.T) {
	rules := []struct {
		imported string // and all below it
		by       []string
	}{
		{"github.com/apache/arrow", append(slices.Clone(encoders), programs...)},
		{"net/http", []string{"convert/mlflow/..."}},
		{"modernc.org/sqlite", []string{"convert/trackio", "convert/sqlite"}},
		{"github.com/jackc/pgx", []string{"convert/postgres"}},
		{"github.com/spf13", programs},
		{"github.com/schollz/progressbar", terminal},
		{"github.com/jedib0t/go-pretty", append(slices.Clone(terminal), "internal/chart")},
		{"golang.org/x/term", terminal},
		{"gonum.org/v1/plot", []string{"internal/chart"}},
		{"github.com/BourgeoisBear/rasterm", []string{"internal/graphics"}},
		{"github.com/hajimehoshi/bitmapfont", []string{"internal/chart"}},
		{"github.com/bmatcuk/doublestar", []string{"internal/match"}},
		{"os/signal", programs},
		{"log", nil},
	}
	seen := make(map[string]bool)
	for path, p := range list(t) {
		if !ours(path) {
			continue
		}
		for _, imported := range p.Imports {
			for _, rule := range rules {
				if imported != rule.imported && !strings.HasPrefix(imported, rule.imported+"/") {
					continue
				}
				seen[rule.imported] = true
				if !in(path, rule.by...) {
					t.Errorf("%s imports %s, which is left to %s", path, imported, strings.Join(rule.by, ", "))
				}
			}
		}
	}
	for _, rule := range rules {
		if rule.by != nil && rule.imported != "net/http" && !seen[rule.imported] {
			t.Errorf("nothing imports %s: drop the rule, or mend its name", rule.imported)
		}
	}
}

// TestLibrariesAreSilent: only programs print, write to the standard streams or exit.
func TestLibrariesAreSilent(t *testing.T) {
	forbidden := []string{"os.Exit", "os.Stdout", "os.Stderr", "fmt.Print", "fmt.Printf", "fmt.Println"}
	files := 0
	for path, p := range list(t) {
		if !ours(path) || p.Name == "main" {
			continue
		}
		for _, name := range p.GoFiles {
			files++
			for _, use := range uses(t, filepath.Join(p.Dir, name)) {
				if slices.Contains(forbidden, use.name) {
					t.Errorf("%s uses %s", use.at, use.name)
				}
			}
		}
	}
	if files < 30 {
		t.Errorf("looked at %d files only", files)
	}
	// What the search finds in the program itself shows that it can find anything.
	found := slices.ContainsFunc(uses(t, "main.go"), func(u use) bool { return u.name == "os.Exit" })
	if !found {
		t.Error("os.Exit was not found in main.go")
	}
}

func parse(t *testing.T, path string) (*ast.File, *token.FileSet) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file, set
}

// use is one mention of something in another package.
type use struct {
	name string // package.Name
	at   token.Position
}

func uses(t *testing.T, path string) (found []use) {
	t.Helper()
	file, set := parse(t, path)
	imported := make(map[string]string) // name in the file -> last element of the path
	for _, i := range file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := p[strings.LastIndex(p, "/")+1:]
		if i.Name != nil {
			imported[i.Name.Name] = name
		} else {
			imported[name] = name
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && imported[x.Name] != "" {
				found = append(found, use{imported[x.Name] + "." + s.Sel.Name, set.Position(s.Pos())})
			}
		}
		return true
	})
	return found
}

// TestNoGeneratedTypes: what a library offers names no generated type, so that these can change.
func TestNoGeneratedTypes(t *testing.T) {
	generated := 0
	for path, p := range list(t) {
		if !ours(path) || p.Name == "main" || in(path, "proto/...", "eventfile/internal/...") {
			continue
		}
		for _, name := range p.GoFiles {
			file, set := parse(t, filepath.Join(p.Dir, name))
			if !slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(module+"/proto") }) {
				continue
			}
			generated++
			if !ast.FileExports(file) {
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BlockStmt:
					return false // what a function does is its own business
				case *ast.ValueSpec:
					return false // nor what a constant is made of
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "pb" {
						t.Errorf("%s offers pb.%s", set.Position(n.Pos()), n.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if generated < 5 {
		t.Errorf("only %d files import the generated types", generated)
	}
}
