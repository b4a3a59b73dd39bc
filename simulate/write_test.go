package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"ward/exchange"
	"ward/fault"
	"ward/internal/realdata"
	"ward/vocab"
)

func write(t *testing.T, seed uint64, reports int) (dir string, files []File) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "made", "here")
	last := 0
	files, err := Write(context.Background(), dir, seed, reports, func(done, total int) {
		if done < last || done > total || total != reports {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != reports {
		t.Errorf("progress ended at %d of %d", last, reports)
	}
	return dir, files
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	a, files := write(t, 5, 400)
	b, _ := write(t, 5, 400)
	c, _ := write(t, 6, 400)
	for _, f := range files {
		one, err := os.ReadFile(filepath.Join(a, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		two, err := os.ReadFile(filepath.Join(b, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile(filepath.Join(c, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs between two runs", f.Name)
		}
		if bytes.Equal(one, other) {
			t.Errorf("%s does not depend on the seed", f.Name)
		}
	}
	left, err := os.ReadDir(a)
	if err != nil || len(left) != len(files) {
		t.Errorf("%d files in the folder, %d reported (%v)", len(left), len(files), err)
	}
}

// readAll reads a file back and counts rows and flags.
func readAll(t *testing.T, path string) (r *exchange.Reader, rows []exchange.Row, flags map[string]int) {
	t.Helper()
	r, err := exchange.Open(path, exchange.Options{})
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	t.Cleanup(func() { r.Close() })
	flags = map[string]int{}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r, rows, flags
		}
		if err != nil {
			t.Fatal(err)
		}
		if row.Reject != nil {
			flags[row.Reject.Code]++
			t.Errorf("%s: row %d is rejected: %v", filepath.Base(path), row.Number, *row.Reject)
		}
		for _, f := range row.Flags {
			flags[f.Code]++
		}
		rows = append(rows, row)
	}
}

func TestEveryFileReadsBackWithItsDirtSeen(t *testing.T) {
	dir, files := write(t, 7, 4000)
	reports := 0
	laid := map[string]int{}
	for _, f := range files {
		if f.Register == "" {
			continue
		}
		r, rows, flags := readAll(t, filepath.Join(dir, f.Name))
		reports += f.Rows - f.Dirt["row twice"]
		if r.Profile().Name != string(f.Register) || r.Layout() != f.Layout || len(rows) != f.Rows {
			t.Errorf("%s: read as %s %s with %d rows, want %s %s with %d", f.Name, r.Profile().Name, r.Layout(), len(rows), f.Register, f.Layout, f.Rows)
		}
		want := map[string]int{exchange.FlagCountRange: 0}
		for _, s := range stains() {
			laid[s.name] += f.Dirt[s.name]
			if s.flag != "" {
				want[s.flag] += f.Dirt[s.name]
			}
		}
		for flag, n := range want {
			if flags[flag] < n {
				t.Errorf("%s: %d rows flagged %s, want at least %d", f.Name, flags[flag], flag, n)
			}
		}
		for _, quiet := range []string{exchange.FlagActorContradicts, exchange.FlagCountryUnknown, exchange.FlagCountUnread} {
			if flags[quiet] > 0 {
				t.Errorf("%s: %d rows flagged %s", f.Name, flags[quiet], quiet)
			}
		}
		if f.Register == SiND && flags[exchange.FlagCountRange] == 0 {
			t.Errorf("%s: no ranges", f.Name)
		}
	}
	if reports != 4000 {
		t.Errorf("%d reports written, want 4000", reports)
	}
	for _, s := range stains() {
		if laid[s.name] == 0 {
			t.Errorf("the dirt %q is laid nowhere", s.name)
		}
	}
}

func TestTheTruthKnowsEveryRow(t *testing.T) {
	dir, files := write(t, 9, 1500)
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Seed   uint64
		States []stateTruth
		Events []happened
		Totals []total
		Files  []File
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	if truth.Seed != 9 || len(truth.States) != 8 || len(truth.Files) != len(layouts) {
		t.Errorf("seed %d, %d States, %d files", truth.Seed, len(truth.States), len(truth.Files))
	}
	rows := map[Register][]exchange.Row{}
	for _, f := range files {
		if f.Register != "" {
			_, rows[f.Register], _ = readAll(t, filepath.Join(dir, f.Name))
		}
	}
	events, reports := 0, 0
	for _, e := range truth.Events {
		for _, r := range e.Reports {
			reports++
			row := rows[r.Register][r.Row-1]
			if len(r.Dirt) == 0 && (row.ExternalID != r.ID || row.Get("date") != r.Date || row.Get("country") != e.State) {
				t.Fatalf("event %d: row %d of %s reads %s %s %s", e.Number, r.Row, r.Register, row.ExternalID, row.Get("date"), row.Get("country"))
			}
		}
	}
	for _, n := range truth.Totals {
		events += n.Events
	}
	if reports != 1500 || events != len(truth.Events) {
		t.Errorf("%d reports, totals over %d events of %d", reports, events, len(truth.Events))
	}
}

// cellsOf gives every cell and line that a reader of the files could meet.
func cellsOf(t *testing.T, path string) []string {
	t.Helper()
	if !strings.HasSuffix(path, ".xlsx") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(string(raw), "\n")
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var out []string
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			out = append(out, row...)
		}
	}
	return out
}

func TestNoRealCountryIsNamed(t *testing.T) {
	dir, files := write(t, 7, 1200)
	names, longest := realNames()
	for _, f := range files {
		for _, cell := range cellsOf(t, filepath.Join(dir, f.Name)) {
			if found := named(cell, names, longest); found != "" {
				t.Fatalf("%s names %q in %.200q", f.Name, found, cell)
			}
		}
		if f.Register == "" {
			continue
		}
		_, rows, _ := readAll(t, filepath.Join(dir, f.Name))
		for _, row := range rows {
			for _, state := range append(strings.Fields(row.Get("actor.state")), row.Get("country")) {
				if state != "ZZZ" && (len(state) != 3 || state < "XAA" || state > "XAH") {
					t.Errorf("%s: row %d has the State %q", f.Name, row.Number, state)
				}
			}
		}
	}
}

// realNames are the names of all real countries in all languages, and their codes; longest is their most words.
func realNames() (names map[string]bool, longest int) {
	names = map[string]bool{}
	for _, iso3 := range vocab.Countries() {
		names[iso3] = true
		for _, lang := range []string{"en", "fa", "ar", "es", "fr", "tr", "uk"} {
			words := wordsIn(vocab.CountryName(iso3, lang))
			names[strings.Join(words, " ")] = true
			longest = max(longest, len(words))
		}
	}
	return names, longest
}

// wordsIn divides at whatever is no letter; a dot joins, so that PER.KIL is one word.
func wordsIn(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' })
}

// named finds a real country in a cell.
func named(cell string, names map[string]bool, longest int) string {
	words := wordsIn(cell)
	for i := range words {
		for n := 1; n <= longest && i+n <= len(words); n++ {
			if s := strings.Trim(strings.Join(words[i:i+n], " "), "."); names[s] {
				return s
			}
		}
	}
	return ""
}

func TestTheScanFindsRealCountries(t *testing.T) {
	names, longest := realNames()
	for _, cell := range []string{"In Mali.", "the Côte d’Ivoire border", "a,b,SYR,c", "в Україна"} {
		if named(cell, names, longest) == "" {
			t.Errorf("nothing found in %q", cell)
		}
	}
	if found := named("PER.KIL in Arcadia", names, longest); found != "" {
		t.Errorf("%q found", found)
	}
}

func TestAStoppedWriteLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	_, err := Write(ctx, dir, 1, 5000, func(done, _ int) {
		if done > 1000 {
			stop()
		}
	})
	left, _ := os.ReadDir(dir)
	if !fault.Is(err, fault.Cancelled) || len(left) != 0 {
		t.Errorf("%v, %d files left", err, len(left))
	}
	if _, err := Write(ctx, dir, 1, 5000, nil); !fault.Is(err, fault.Cancelled) {
		t.Errorf("stopped before it began: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "taken"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(context.Background(), filepath.Join(dir, "taken"), 1, 50, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("a file where the folder should be: %v", err)
	}
}

func TestTheBigFileHasTheRowsAskedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.csv")
	f, err := WriteBig(path, 3, 5000)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, flags := readAll(t, path)
	if f.Rows != 5000 || len(rows) != 5000 || flags[exchange.FlagCountNegative] == 0 {
		t.Errorf("%d rows reported, %d read, flags %v", f.Rows, len(rows), flags)
	}
	if rows[0].Get("date")[:4] != "2016" || rows[4999].Get("date")[:4] != "2025" {
		t.Errorf("from %s to %s", rows[0].Get("date"), rows[4999].Get("date"))
	}
	if _, err := WriteBig(path, 3, 0); !fault.Is(err, fault.Invalid) {
		t.Errorf("no rows: %v", err)
	}
}

// TestTownsAreNotRealOnes compares the invented names with a gazetteer that stands beside the repository.
func TestTownsAreNotRealOnes(t *testing.T) {
	real := gazetteer(t)
	for _, s := range theGround().states {
		for _, town := range s.Towns {
			for _, name := range []string{town.Name, town.Province} {
				if real[strings.ToLower(name)] {
					t.Errorf("%s is a real place", name)
				}
			}
		}
	}
}

// gazetteer reads the names of real provinces and districts.
func gazetteer(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile(realdata.Path(t, "data/geo/geonames_admin1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var places []struct{ Name string }
	if err := json.Unmarshal(raw, &places); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, p := range places {
		out[strings.ToLower(p.Name)] = true
	}
	return out
}
