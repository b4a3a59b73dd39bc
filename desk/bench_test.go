package desk_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"ward/access"
	"ward/desk"
	"ward/incident"
	"ward/internal/realdata"
	"ward/simulate"
	"ward/store"
	"ward/store/storetest"
)

// The benchmarks are run by hand, alone on the machine; docs/performance.md has the commands and the results.

// BenchmarkImportSiND imports the real sheet into an empty workspace; the baseline is excelize reading the same cells and
// doing nothing with them.
func BenchmarkImportSiND(b *testing.B) {
	path := realdata.Path(b, "data/incidents/sind_global_2016-2023.xlsx")
	b.Run("ward", func(b *testing.B) {
		for b.Loop() {
			d := open(b, b.TempDir())
			take(b, d, path, desk.ImportOptions{})
			d.Close()
		}
		b.ReportMetric(storetest.PeakMB(b), "MB-peak")
	})
	b.Run("excelize-bare-read", func(b *testing.B) {
		for b.Loop() {
			bareRead(b, path)
		}
	})
}

func bareRead(b *testing.B, path string) {
	book, err := excelize.OpenFile(path)
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n < 8854 {
		b.Fatalf("%d rows", n)
	}
}

// million is a simulated table of a million rows, or of WARD_BENCH_ROWS.
var million = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ward-bench-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "big.csv")
	_, err = simulate.WriteBig(path, 1, benchRows())
	return path, err
})

func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("WARD_BENCH_ROWS")); err == nil {
		return n
	}
	return 1_000_000
}

// full is a workspace with the million rows, made once.
var full = sync.OnceValues(func() (string, error) {
	path, err := million()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(path), "workspace")
	d, err := desk.Open(ctx, desk.Workspace{Dir: dir, Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }, Cost: storetest.Cheap()})
	if err != nil {
		return "", err
	}
	defer d.Close()
	_, err = d.Import(ctx, access.Local(), path, desk.ImportOptions{})
	return dir, err
})

// BenchmarkImportMillion imports a million rows; the baseline is the sqlite3 shell's own .import of the file into one table
// of text.
func BenchmarkImportMillion(b *testing.B) {
	path, err := million()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ward", func(b *testing.B) {
		for b.Loop() {
			d := open(b, b.TempDir())
			r := take(b, d, path, desk.ImportOptions{})
			if r.Rows != benchRows() {
				b.Fatalf("%+v", r.Progress)
			}
			d.Close()
		}
		b.ReportMetric(float64(benchRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric(storetest.PeakMB(b), "MB-peak")
	})
	b.Run("sqlite3-shell-import", func(b *testing.B) {
		shell, err := exec.LookPath("sqlite3")
		if err != nil {
			b.Skip("needs the sqlite3 shell: install Debian's sqlite3")
		}
		for b.Loop() {
			file := filepath.Join(b.TempDir(), "x.db")
			out, err := exec.Command(shell, file, "-cmd", ".mode csv", ".import "+path+" t", "SELECT COUNT(*) FROM t").CombinedOutput()
			if err != nil || !strings.Contains(string(out), strconv.Itoa(benchRows())[:2]) {
				b.Fatalf("%s %v", out, err)
			}
		}
		b.ReportMetric(float64(benchRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkAuditMillion audits one of eight States over a workspace of a million incidents; the baseline counts the same
// incidents in SQL and does nothing else.
func BenchmarkAuditMillion(b *testing.B) {
	d := openFull(b)
	b.Run("ward", func(b *testing.B) {
		incidents := 0
		for b.Loop() {
			r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
			if err != nil {
				b.Fatal(err)
			}
			incidents = len(r.Incidents)
		}
		b.ReportMetric(float64(incidents), "incidents")
		b.ReportMetric(storetest.PeakMB(b), "MB-peak")
	})
	b.Run("sqlite3-shell-count", func(b *testing.B) {
		shell, err := exec.LookPath("sqlite3")
		if err != nil {
			b.Skip("needs the sqlite3 shell: install Debian's sqlite3")
		}
		dir, err := full()
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			out, err := exec.Command(shell, filepath.Join(dir, "ward.db"), `SELECT year, certainty, COUNT(*) FROM incident
				WHERE country='XAA' OR actor_state='XAA' GROUP BY 1,2`).CombinedOutput()
			if err != nil || len(out) == 0 {
				b.Fatalf("%s %v", out, err)
			}
		}
	})
}

// BenchmarkSearchMillion asks the index over a million incidents what the pages ask. search's own benchmark has the comparison
// with FTS5.
func BenchmarkSearchMillion(b *testing.B) {
	d := openFull(b)
	for name, q := range map[string]desk.IncidentQuery{
		"first-page":    {Limit: 50},
		"word-country":  {Limit: 50, Words: "hospital", Filters: map[string][]string{"country": {"XAA"}}},
		"codes-certain": {Limit: 50, Filters: map[string][]string{"code": {"PER.KIL"}, "certainty": {"possible"}}, Sort: "killed", Desc: true},
	} {
		ask(b, d, q)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask(b, d, q)
			}
		})
	}
}

func ask(b *testing.B, d *desk.Desk, q desk.IncidentQuery) {
	b.Helper()
	if _, err := d.Incidents(ctx, access.Local(), q); err != nil {
		b.Fatal(err)
	}
}

func openFull(b *testing.B) *desk.Desk {
	b.Helper()
	dir, err := full()
	if err != nil {
		b.Fatal(err)
	}
	return open(b, dir)
}

// BenchmarkStart opens a workspace and answers its first search: every incident is unsealed and entered into the index in memory. With
// WARD_BENCH_ROWS=100000 these are a hundred thousand sealed narratives. The baseline enters the same incidents, unsealed before,
// into an index of the same kind.
func BenchmarkStart(b *testing.B) {
	dir, err := full()
	if err != nil {
		b.Fatal(err)
	}
	first := func(b *testing.B, d *desk.Desk) {
		page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Words: "hospital", Limit: 1})
		if err != nil || page.Total == 0 {
			b.Fatalf("%d found: %v", page.Total, err)
		}
	}
	b.Run("ward", func(b *testing.B) {
		for b.Loop() {
			d := open(b, dir)
			first(b, d)
			d.Close()
		}
		b.ReportMetric(storetest.PeakMB(b), "MB-peak")
	})
	b.Run("index-alone", func(b *testing.B) {
		var list []incident.Incident
		reading(b, dir, func(tx *store.Tx) (err error) {
			list, err = incident.List(ctx, tx, incident.Where{})
			return err
		})
		b.ResetTimer()
		for b.Loop() {
			if err := desk.IndexAlone(list); err != nil {
				b.Fatal(err)
			}
		}
	})
}
