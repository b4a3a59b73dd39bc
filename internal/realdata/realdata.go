// Package realdata finds publishers' real files for tests. They lie beside the repository, never in it.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Path gives the path of a file under shared/data, such as "incidents/sind_lebanon.json". Without it the test is skipped,
// or fails where WARD_TEST_ALL=1.
func Path(t testing.TB, name string) string { return find(t, filepath.Join("data", name)) }

// Seed gives the path of a policy text under shared/seeds.
func Seed(t testing.TB, name string) string { return find(t, filepath.Join("seeds", name)) }

func find(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		p := filepath.Join(dir, "shared", name)
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
		t.Fatalf("WARD_TEST_ALL=1 and %s is not there: put the shared folder beside the repository", name)
	}
	t.Skipf("needs %s: put the shared folder beside the repository", name)
	return ""
}
