package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/store/storetest"
)

// program is this test binary under the name ward: see TestMain.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pass := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(pass, []byte(storetest.Passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: append([]string{"ward"}, args...), Env: append(os.Environ(), "GORACE=halt_on_error=1", passphraseFile+"="+pass)}
}

// home is a workspace as the command line and as the store name it.
type home struct {
	dir, db string
}

// flags name the workspace on the command line.
func (p home) flags() []string {
	if p.db != "" {
		return []string{"--data=" + p.dir, "--db=" + p.db}
	}
	return []string{"--data=" + p.dir}
}

func (p home) target() string { return cmp.Or(p.db, p.dir) }

// big is an invented file of many rows: repeated ids, rows without an id, bad dates and all.
func big(t *testing.T, n int) string {
	t.Helper()
	lines := strings.SplitAfter(head+rows(n), "\n")
	for i := 1; i < n; i++ {
		switch {
		case i%211 == 210:
			lines[i] = lines[i-1]
		case i%199 == 198:
			lines[i] = fmt.Sprintf("%d,one day,XAA,1,Undated.,Arcadia,Police\n", i)
		case i%193 == 192:
			lines[i] = fmt.Sprintf(",2021-01-%02d,XAA,1,Without an id %d.,Arcadia,Police\n", 1+i%28, i)
		}
	}
	path := filepath.Join(t.TempDir(), "big.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// kept is what a database holds, as far as it must be the same by whichever way it came to be.
type kept struct {
	journal   int64
	reports   []string
	incidents []string
	rejected  int64
	progress  string
}

func look(t *testing.T, db *store.DB) (k kept) {
	t.Helper()
	ctx := context.Background()
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		if k.journal, err = tx.Last(ctx); err != nil {
			return err
		}
		if k.reports, err = reportLines(ctx, tx); err != nil {
			return err
		}
		if k.incidents, err = incidentLines(ctx, tx); err != nil {
			return err
		}
		if err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM report_rejected").Scan(&k.rejected); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT COALESCE(MAX(progress),'') FROM import_run").Scan(&k.progress)
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func reportLines(ctx context.Context, tx *store.Tx) (out []string, err error) {
	rows, err := tx.Query(ctx, "SELECT id FROM report")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	for chunk := range slices.Chunk(ids, 5000) {
		found, err := intake.ByID(ctx, tx, chunk)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			out = append(out, fmt.Sprint(r.ExternalID, " ", r.Occurrence, r.Row, r.Digest, r.Flags))
		}
	}
	slices.Sort(out)
	return out, rows.Err()
}

func incidentLines(ctx context.Context, tx *store.Tx) (out []string, err error) {
	err = incident.Each(ctx, tx, incident.Where{}, func(inc incident.Incident) error {
		out = append(out, fmt.Sprint(inc.ExternalID, " ", inc.Date, inc.Country, inc.Counts, inc.Flags, inc.Gone))
		return nil
	})
	slices.Sort(out)
	return out, err
}

// counted is how many rows the run's own record says it has taken in, and how many of them were repeated.
func (k kept) counted(t *testing.T) (rows, repeated int64) {
	t.Helper()
	if k.progress == "" {
		return 0, 0
	}
	var p struct{ Rows, Duplicates int64 }
	if err := json.Unmarshal([]byte(k.progress), &p); err != nil {
		t.Fatal(err)
	}
	return p.Rows, p.Duplicates
}

// A program killed at any moment loses nothing it has committed and leaves nothing in halves; the same command goes on.
func TestKilledImportsGoOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the signals of Unix: run it on Linux or macOS")
	}
	const n = 20000
	path := big(t, n)
	straight := t.TempDir()
	if out, err := program(t, "import", "--data="+straight, path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := look(t, storetest.At(t, straight))
	if len(want.incidents) < n*9/10 || want.rejected == 0 {
		t.Fatalf("%d incidents, %d rejected: the file is not what this test needs", len(want.incidents), want.rejected)
	}
	for name, target := range map[string]func(t *testing.T) home{
		"sqlite":   func(t *testing.T) home { return home{dir: t.TempDir()} },
		"postgres": func(t *testing.T) home { return home{dir: t.TempDir(), db: storetest.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			db := storetest.At(t, where.target())
			random := rand.New(rand.NewPCG(7, uint64(len(name))))
			for range 4 {
				killOnce(t, db, where, path, random)
			}
			out, err := program(t, append([]string{"import", "--json", path}, where.flags()...)...).Output()
			if err != nil || !bytes.Contains(out, []byte(fmt.Sprintf(`"rows": %d`, n))) {
				t.Fatalf("%v: %s", err, out)
			}
			wantKept(t, look(t, db), want)
		})
	}
}

func wantKept(t *testing.T, got, want kept) {
	t.Helper()
	if !slices.Equal(got.reports, want.reports) || !slices.Equal(got.incidents, want.incidents) || got.rejected != want.rejected {
		t.Errorf("%d reports, %d incidents, %d rejected; an undisturbed import gives %d, %d, %d", len(got.reports), len(got.incidents), got.rejected,
			len(want.reports), len(want.incidents), want.rejected)
	}
	if got.journal != want.journal || got.progress != want.progress {
		t.Errorf("journal %d, %s; undisturbed %d, %s", got.journal, got.progress, want.journal, want.progress)
	}
}

// killOnce starts an import, waits for two batches more than before, kills it within the time that a batch takes, and looks at what is
// left.
func killOnce(t *testing.T, db *store.DB, where home, path string, random *rand.Rand) {
	t.Helper()
	before := look(t, db)
	cmd := program(t, append([]string{"import", path}, where.flags()...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := advance(t, db, before.journal)
	begun := time.Now()
	acknowledged := advance(t, db, first)
	time.Sleep(time.Duration(random.Float64() * float64(time.Since(begun))))
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	left := look(t, db)
	rows, repeated := left.counted(t)
	t.Logf("killed after %d rows", rows)
	if held := int64(len(left.reports)) + left.rejected + repeated; held != rows {
		t.Errorf("the run counts %d rows, the database holds %d", rows, held)
	}
	if left.journal < acknowledged || !contains(left.reports, before.reports) {
		t.Error("something that was committed is lost")
	}
	if len(left.incidents) != len(left.reports) {
		t.Errorf("%d reports and %d incidents: a batch is in halves", len(left.reports), len(left.incidents))
	}
}

// advance waits until the journal is longer than it was and gives its length.
func advance(t *testing.T, db *store.DB, was int64) int64 {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if n := last(t, db); n > was {
			return n
		}
	}
	t.Fatal("the import committed nothing in 30 seconds")
	return 0
}

func last(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	ctx := context.Background()
	if err := db.Read(ctx, func(tx *store.Tx) (err error) { n, err = tx.Last(ctx); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

// contains reports that every line of some is among those of all; both are sorted.
func contains(all, some []string) bool {
	for _, s := range some {
		if _, ok := slices.BinarySearch(all, s); !ok {
			return false
		}
	}
	return true
}

// Ctrl-C ends with its own exit code and says what is kept.
func TestInterruptedImportSaysWhatIsKept(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the signals of Unix: run it on Linux or macOS")
	}
	path, dir := big(t, 20000), t.TempDir()
	db := storetest.At(t, dir)
	cmd := program(t, "import", "--data="+dir, path)
	var said bytes.Buffer
	cmd.Stderr = &said
	before := last(t, db)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	advance(t, db, before)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	rows, _ := look(t, db).counted(t)
	if code := cmd.ProcessState.ExitCode(); code != exitCancelled || rows == 0 || rows == 20000 {
		t.Errorf("exit code %d after %d rows: %s", code, rows, said.String())
	}
	if !strings.Contains(said.String(), fmt.Sprintf("The first %d rows are kept. Run the same command again", rows)) {
		t.Errorf("of %d rows it said: %s", rows, said.String())
	}
	out, err := program(t, "import", "--data="+dir, "--json", path).Output()
	if err != nil || !bytes.Contains(out, []byte(fmt.Sprintf(`"resumed_after": %d`, rows))) {
		t.Errorf("%v: %s", err, out)
	}
}
