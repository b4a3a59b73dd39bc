package arch

import (
	"go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// packages finds every folder of the module that holds Go code, generators and test helpers left out.
func packages(t *testing.T) map[string]*build.Package {
	t.Helper()
	found := map[string]*build.Package{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(p, root), string(filepath.Separator)))
		if rel != "" && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil && rel != "" {
			return fs.SkipDir // a module of its own, such as bench
		}
		pkg, err := build.Default.ImportDir(p, 0)
		if err == nil && pkg.Name != "" && rel != "" {
			found[rel] = pkg
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// standing gives the step of a package; a folder below a package (storetest) stands with it.
func standing(name string) (step int, home string, ok bool) {
	for p := name; p != "."; p = path.Dir(p) {
		for i, f := range Floors() {
			if slices.Contains(f.Packages, p) {
				return i, p, true
			}
		}
	}
	return 0, "", false
}

func TestEveryPackageStandsOnAFloorAndImportsOnlyDownward(t *testing.T) {
	pkgs := packages(t)
	if len(pkgs) < 10 {
		t.Fatalf("only %d packages found: the test looks in the wrong place", len(pkgs))
	}
	for name, pkg := range pkgs {
		if name == "internal/arch" {
			continue
		}
		step, home, ok := standing(name)
		if !ok {
			t.Errorf("%s stands on no floor: give it one in internal/arch", name)
			continue
		}
		for _, imp := range pkg.Imports {
			if problem := judge(step, home, imp); problem != "" {
				t.Errorf("%s imports %s: %s", name, imp, problem)
			}
		}
	}
}

// judge says what is wrong with an import by a package on a step; "" when nothing is.
func judge(step int, home, imp string) string {
	if home != "store" && slices.Contains(Never()["*"], imp) {
		return "only store may import a database driver"
	}
	if slices.Contains(Never()[home], imp) {
		return home + " must never touch it"
	}
	inner, ours := strings.CutPrefix(imp, "ward/")
	if !ours {
		return ""
	}
	below, other, ok := standing(inner)
	switch {
	case !ok:
		return "it stands on no floor"
	case below > step:
		return "it stands above"
	case below == step && other != home && !Floors()[step].Neighbours:
		return "neighbours on this floor do not import each other"
	}
	return ""
}

// The judge must be able to refuse.
func TestJudgeRefusesUpwardNeighbourlyAndForbiddenImports(t *testing.T) {
	at := func(name string) int { s, _, _ := standing(name); return s }
	for _, c := range []struct{ who, what string }{
		{"vocab", "ward/policy"}, {"incident", "ward/audit"}, {"web", "ward/store"}, {"incident", "ward/web"},
		{"policy", "ward/exchange"}, {"desk", "modernc.org/sqlite"}, {"fault", "ward/nowhere"},
	} {
		if judge(at(c.who), c.who, c.what) == "" {
			t.Errorf("%s may import %s", c.who, c.what)
		}
	}
	if got := judge(at("desk"), "desk", "ward/store"); got != "" {
		t.Errorf("desk may not import store: %s", got)
	}
}

func TestFilesStayUnderSixHundredLines(t *testing.T) {
	for name := range packages(t) {
		files, err := filepath.Glob(filepath.Join(root, name, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n > 600 {
				t.Errorf("%s has %d lines", f, n)
			}
		}
	}
}
