package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
)

// many makes n invented events in 2021 and 2022, with some of everything: counts, repeated ids, rows without an id, bad dates.
func many(t testing.TB, n int) table {
	t.Helper()
	rows := make([]cells, n)
	for i := range rows {
		date := fmt.Sprintf("20%d-%02d-%02d", 21+i%2, 1+i/28%12, 1+i%28)
		rows[i] = event(fmt.Sprint(1000+i), date, "Health Workers Killed", fmt.Sprint(i%4), "Event Description", fmt.Sprintf("Invented event %d.", i))
		switch {
		case i%101 == 100:
			rows[i]["Date"] = "one day"
		case i%97 == 96:
			rows[i]["SiND Event ID"] = ""
		case i%89 == 88:
			rows[i]["SiND Event ID"] = fmt.Sprint(1000 + i - 1)
		case i%83 == 82:
			rows[i] = rows[i-1]
		}
	}
	return sind(t, rows...)
}

// stopAfter imports a file and cancels once rows are committed.
func stopAfter(t testing.TB, d *desk.Desk, path string, rows int) desk.ImportResult {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := d.Import(ctx, access.Local(), path, desk.ImportOptions{Progress: func(_, _ int64, done int) {
		if done >= rows {
			cancel()
		}
	}})
	wantFault(t, err, fault.Cancelled, fmt.Sprintf("first %d rows are kept", rows), "same command")
	return r
}

func TestAStoppedImportKeepsItsBatchesAndTheSameCallGoesOn(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		path := write(t, many(t, 2500).csv())
		d := open(t, target)
		stopped := stopAfter(t, d, path, 1000)
		if stopped.Rows != 1000 || stopped.Batches != 1 {
			t.Fatalf("%+v", stopped.Progress)
		}
		seen := rowsOf(t, target, "SELECT COUNT(*) n FROM report")[0]["n"].(int64) + rowsOf(t, target, "SELECT COUNT(*) n FROM report_rejected")[0]["n"].(int64)
		if seen != int64(1000-stopped.Duplicates) {
			t.Errorf("%d rows are kept of 1000", seen)
		}
		stopAfter(t, d, path, 2000)
		rest := take(t, d, path, desk.ImportOptions{})
		if rest.Resumed != 2000 || rest.Run != stopped.Run || rest.Rows != 2500 {
			t.Errorf("%+v", rest)
		}
		straight := t.TempDir()
		want := take(t, open(t, straight), path, desk.ImportOptions{})
		if fmt.Sprint(rest.Progress) != fmt.Sprint(want.Progress) {
			t.Errorf("\n got %+v\nwant %+v", rest.Progress, want.Progress)
		}
		wantSame(t, settled(t, target), settled(t, straight))
		again := take(t, d, path, desk.ImportOptions{})
		wantCounts(t, again, 0, 0, want.New, 0)
	})
}

// Between a stop and the next call another edition came in: going on would mix the two.
func TestAfterAnotherEditionAFileIsReadAnew(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		old := many(t, 1500)
		newer := old.clone()
		set(&newer, newer.rows[3], "Health Workers Killed", "77")
		path := write(t, old.csv())
		d := open(t, target)
		stopAfter(t, d, path, 1000)
		take(t, d, write(t, newer.csv()), desk.ImportOptions{})
		r := take(t, d, path, desk.ImportOptions{})
		if r.Resumed != 0 || r.Gone != 0 || r.Changed != 1 || r.Rows != 1500 {
			t.Errorf("%+v", r)
		}
		if gone := goneOnes(t, target); gone != nil {
			t.Errorf("%d incidents are gone, the file has them all", len(gone))
		}
	})
}

// Two programs import the same register at once: neither may take the other's rows for its own.
func TestConcurrentImportsDoNotMix(t *testing.T) {
	x := many(t, 2500)
	changed := x.clone()
	set(&changed, changed.rows[0], "Health Workers Killed", "50")
	path, other := write(t, x.csv()), write(t, changed.csv())
	straight := t.TempDir()
	alone := open(t, straight)
	take(t, alone, path, desk.ImportOptions{})
	take(t, alone, other, desk.ImportOptions{})
	want := settled(t, straight)
	for name, meanwhile := range map[string]func(t *testing.T, second *desk.Desk){
		"the same file to its end": func(t *testing.T, second *desk.Desk) { take(t, second, path, desk.ImportOptions{}) },
		"the same file in part":    func(t *testing.T, second *desk.Desk) { stopAfter(t, second, path, 2000) },
		"another edition in part":  func(t *testing.T, second *desk.Desk) { stopAfter(t, second, other, 1000) },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, target string) {
				first, second := open(t, target), open(t, target)
				r, err := first.Import(ctx, access.Local(), path, desk.ImportOptions{Progress: func(_, _ int64, done int) {
					if done == 1000 {
						meanwhile(t, second)
					}
				}})
				wantFault(t, err, fault.Conflict, "at the same time")
				if r.Rows != 1000 {
					t.Errorf("after the other's first batch this one went on to row %d", r.Rows)
				}
				take(t, first, path, desk.ImportOptions{})
				take(t, first, other, desk.ImportOptions{})
				wantSame(t, settled(t, target), want)
			})
		})
	}
}

func TestAFileThatBreaksOffKeepsWholeBatchesAndMendedGoesOn(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := many(t, 1700)
		broken := write(t, x.csv()+"\""+strings.Repeat("words without end\n", 200000))
		_, err := d.Import(ctx, access.Local(), broken, desk.ImportOptions{})
		wantFault(t, err, fault.Invalid, "after 1000 rows", "rows are kept")
		mended := take(t, d, write(t, x.csv()), desk.ImportOptions{})
		straight := t.TempDir()
		want := take(t, open(t, straight), write(t, x.csv()), desk.ImportOptions{})
		if mended.Gone != 0 || mended.New+mended.Unchanged != want.New {
			t.Errorf("%+v", mended.Progress)
		}
		wantSame(t, settled(t, target), settled(t, straight))
	})
}

// What a second program imports is found by a desk that was open before.
func TestASecondProcessImportIsFoundByAnOpenDesk(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		first, second := open(t, target), open(t, target)
		found := func(words string) int {
			page, err := first.Incidents(ctx, access.Local(), desk.IncidentQuery{Words: words, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return page.Total
		}
		if n := found("trampoline"); n != 0 {
			t.Fatalf("%d found in an empty workspace", n)
		}
		x := sind(t, event("1", "2021-01-10", "Event Description", "A trampoline."), event("2", "2021-01-11"))
		takeTable(t, second, x, 2, 0, 0, 0)
		if n := found("trampoline"); n != 1 {
			t.Errorf("%d found after the second program's import", n)
		}
		set(&x, x.rows[0], "Event Description", "A carousel.")
		takeTable(t, second, x, 0, 1, 1, 0)
		if found("trampoline") != 0 || found("carousel") != 1 {
			t.Error("the changed words are not followed")
		}
		o, err := first.Overview(ctx, access.Local())
		if err != nil || len(o.Tallies) != 1 || o.Tallies[0].Incidents != 2 || len(o.Runs) != 2 {
			t.Errorf("%v %+v", err, o)
		}
	})
}
