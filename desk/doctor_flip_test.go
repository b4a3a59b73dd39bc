package desk_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ward/desk"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/store/storetest"
)

// security.md row R5. A single bit is turned at random places of the database, the stored files and the log's static files. Either the
// workspace is refused, or a doctor is red, or the bit belongs to nothing that anybody reads (free space of the database file), or to
// one of the columns for which nobody vouches. And nothing that was sealed is ever shown otherwise than it was sealed.
func TestAFlippedBitIsFound(t *testing.T) {
	samples := 300
	if os.Getenv("WARD_TEST_ALL") == "1" {
		samples = 600
	}
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("WARD_TEST_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 5))
	w := sick(t)
	fillPages(t, w)
	f := flipper{t: t, w: w, want: contentOf(t, w), sealed: sealedOf(t, w)}
	f.tidy()
	paths := f.paths()
	counts := map[string]int{}
	for range samples {
		path := paths[random.IntN(len(paths))]
		if random.IntN(10) < 6 {
			path = filepath.Join(w.Dir, store.FileName)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		at, bit := random.Int64N(info.Size()), uint(random.IntN(8))
		flip(t, path, at, bit)
		what := f.judge()
		flip(t, path, at, bit)
		f.tidy()
		counts[what]++
		if strings.HasPrefix(what, "unnoticed") {
			t.Errorf("%s, byte %d, bit %d: %s", strings.TrimPrefix(path, w.Dir), at, bit, what)
		}
	}
	t.Logf("%d bits: %v", samples, counts)
	if counts["found"]+counts["refused"] < samples/2 {
		t.Error("most bits belonged to nothing: the test looks in the wrong place")
	}
	wantNoRed(t, doctor(t, w, desk.DoctorOptions{}))
}

// fillPages imports enough that most pages of the database hold something.
func fillPages(t *testing.T, w desk.Workspace) {
	t.Helper()
	d := open(t, w.Dir)
	defer d.Close()
	var more []cells
	for i := range 80 {
		more = append(more, event(strconv.Itoa(100+i), fmt.Sprintf("2021-%02d-03", i%12+1)))
	}
	take(t, d, write(t, sind(t, more...).csv()), desk.ImportOptions{})
}

type flipper struct {
	t      *testing.T
	w      desk.Workspace
	want   map[string][]string // table -> rows
	sealed map[string]any      // record -> what was sealed of it
}

// paths are the files of which something may depend.
func (f flipper) paths() (out []string) {
	for name := range model.files {
		if name == store.FileName || strings.HasPrefix(name, "files"+string(filepath.Separator)) || strings.HasPrefix(name, "log"+string(filepath.Separator)) {
			out = append(out, filepath.Join(f.w.Dir, name))
		}
	}
	slices.Sort(out)
	return out
}

// tidy removes what SQLite lays beside a database that is only read.
func (f flipper) tidy() {
	for _, ending := range []string{"-wal", "-shm"} {
		os.Remove(filepath.Join(f.w.Dir, store.FileName+ending))
	}
}

// judge says what became of a flipped bit.
func (f flipper) judge() string {
	checks, err := desk.Doctor(ctx, who, f.w, desk.DoctorOptions{})
	found := noticed(checks)
	f.wantSealed()
	db, failed := store.Examine(ctx, f.w.Dir)
	if failed == nil {
		defer db.Close()
	}
	switch {
	case err != nil:
		return "refused"
	case found:
		return "found"
	case failed != nil:
		return "unnoticed, and it does not open"
	}
	got, err := content(db)
	if err != nil {
		return "unnoticed, and it cannot be read: " + err.Error()
	}
	return difference(f.want, got)
}

// difference compares two databases row by row.
func difference(want, got map[string][]string) string {
	for table, rows := range want {
		if slices.Equal(rows, got[table]) {
			continue
		}
		was := slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return slices.Contains(got[table], r) })
		is := slices.DeleteFunc(slices.Clone(got[table]), func(r string) bool { return slices.Contains(rows, r) })
		if len(was) != 1 || len(is) != 1 {
			return fmt.Sprintf("unnoticed: %d rows of %s for %d", len(is), table, len(was))
		}
		a, b := strings.Split(was[0], "\x1f"), strings.Split(is[0], "\x1f")
		for i := range a {
			column, _, _ := strings.Cut(a[i], "=")
			if a[i] != b[i] && !excused(table, column, was[0]) {
				return "unnoticed: " + table + "." + column
			}
		}
		return "nobody vouches for it"
	}
	return "belongs to nothing"
}

// excused reports a column for which nobody vouches, in this row.
func excused(table, column, row string) bool {
	_, always := unvouched[table+"."+column]
	_, erased := unvouched[table+"."+column+" sealed IS NULL"]
	return always || erased && strings.Contains(row, "sealed=NULL")
}

func contentOf(t *testing.T, w desk.Workspace) map[string][]string {
	t.Helper()
	db, err := store.Examine(ctx, w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out, err := content(db)
	if err != nil || len(out) < 20 {
		t.Fatalf("%d tables: %v", len(out), err)
	}
	return out
}

// content is everything in a database, by table, a line for each row.
func content(db *store.DB) (map[string][]string, error) {
	out := map[string][]string{}
	return out, db.Read(ctx, func(tx *store.Tx) error {
		counts, err := tx.Rows(ctx)
		if err != nil {
			return err
		}
		counts["schema_version"] = 0
		for table := range counts {
			if out[table], err = rowsIn(tx, table); err != nil {
				return err
			}
		}
		return nil
	})
}

func rowsIn(tx *store.Tx, table string) (out []string, err error) {
	rows, err := tx.Query(ctx, "SELECT * FROM "+table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		line := make([]string, len(names))
		for i, v := range values {
			if line[i] = fmt.Sprintf("%s=%q", names[i], v); v == nil {
				line[i] = names[i] + "=NULL"
			}
		}
		out = append(out, strings.Join(line, "\x1f"))
	}
	slices.Sort(out)
	return out, rows.Err()
}

// sealedOf is what was sealed of every record, as a reader gets it; a record that is refused is left out.
func sealedOf(t *testing.T, w desk.Workspace) map[string]any {
	t.Helper()
	out, err := readSealed(w)
	if err != nil || len(out) < 8 {
		t.Fatalf("%d records: %v", len(out), err)
	}
	return out
}

// wantSealed reads every record as a page would and compares what was sealed of it.
func (f flipper) wantSealed() {
	got, err := readSealed(f.w)
	if err != nil {
		return // all of it is refused
	}
	for id, words := range got {
		if !reflect.DeepEqual(words, f.sealed[id]) {
			f.t.Errorf("%s shows another text than was sealed: %q, not %q", id, words, f.sealed[id])
		}
	}
}

func readSealed(w desk.Workspace) (map[string]any, error) {
	db, err := store.Examine(ctx, w.Dir)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := storetest.Unlock(ctx, db); err != nil {
		return nil, err
	}
	out := map[string]any{}
	return out, db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT id FROM incident WHERE sealed IS NOT NULL UNION SELECT id FROM report WHERE sealed IS NOT NULL")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			list, err := incident.List(ctx, tx, incident.Where{IDs: []string{id}})
			if err == nil && len(list) == 1 && !list[0].Erased {
				x := list[0]
				out[x.ID] = []any{x.ExternalID, x.Adm1, x.Place, x.Point, x.ActorName, x.ActorNote, x.Codes, x.Counts, x.Summary, x.Secret}
			}
			reports, err := intake.ByID(ctx, tx, []string{id})
			for _, x := range reports {
				if err == nil && !x.Erased {
					out[x.ID] = []any{x.ExternalID, x.Assertions, x.Raw, x.Flags, x.Secret}
				}
			}
		}
		return rows.Err()
	})
}
