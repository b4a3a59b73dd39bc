// Package realdata finds real files for tests: publishers' data and policy texts. They lie beside the repository, never in it.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Path gives the path of a file or folder under shared/, such as "data/incidents/sind_lebanon.json" or "seeds". Without
// it the test is skipped, or fails where WARD_TEST_ALL=1.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		p := filepath.Join(dir, "shared", filepath.FromSlash(name))
		if _, err := os.Stat(p); err == nil {
			return p
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	if os.Getenv("WARD_TEST_ALL") == "1" {
		t.Fatalf("WARD_TEST_ALL=1 and shared/%s is not there: put the shared folder beside the repository", name)
	}
	t.Skipf("needs shared/%s: put the shared folder beside the repository", name)
	return ""
}
