package desk_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"ward/access"
	"ward/assertion"
	"ward/desk"
	"ward/fault"
	"ward/intake"
	"ward/store"
	"ward/tally"
)

func TestTheSameFileTwiceIsUnchangedAndWritesNothingToIncidents(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2021-03-07"), event("2", "2021-04-01"), event("3", "2022-01-31"))
		takeTable(t, d, x, 3, 0, 0, 0)
		before := incidents(t, target)
		r := takeTable(t, d, x, 0, 0, 3, 0)
		if r.Run == "" || r.Resumed != 0 {
			t.Errorf("%+v", r)
		}
		for key, inc := range incidents(t, target) {
			if inc.Journal != before[key].Journal || inc.ID != before[key].ID {
				t.Errorf("%s was written again", key)
			}
		}
	})
}

// Spelling, the order of columns, trailing blanks and new empty columns never make a change.
func TestFormNeverCountsAsChange(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		first := sind(t, event("1", "2021-03-07", "Health Workers Killed", "2"), event("2", "2021-04-01", "Access Denied or Obstructed", ""))
		takeTable(t, d, first, 2, 0, 0, 0)
		for name, change := range map[string]func(*table){
			"columns in reverse": func(x *table) {
				slices.Reverse(x.head)
				for _, r := range x.rows {
					slices.Reverse(r)
				}
			},
			"trailing blanks": func(x *table) {
				for _, r := range x.rows {
					for i := range r {
						r[i] += "  "
					}
				}
			},
			"other spellings": func(x *table) {
				for _, r := range x.rows {
					set(x, r, "Country", "ARCADIA")
					set(x, r, "Reported Perpetrator", "police")
					set(x, r, "Weapon Carried/Used", "FIREARMS")
				}
			},
			"numbers as floats": func(x *table) {
				for _, r := range x.rows {
					r[slices.Index(x.head, "SiND Event ID")] += ".0"
					r[slices.Index(x.head, "Health Workers Killed")] += ".0"
				}
			},
			"new columns without content": func(x *table) {
				x.head = append(x.head, "Region of Origin", "")
				for i := range x.rows {
					x.rows[i] = append(x.rows[i], "", " ")
				}
			},
			"rows in reverse": func(x *table) { slices.Reverse(x.rows) },
			"headers in capitals": func(x *table) {
				for i := range x.head {
					x.head[i] = strings.ToUpper(x.head[i]) + " "
				}
			},
		} {
			t.Run(name, func(t *testing.T) {
				x := first.clone()
				change(&x)
				if x.csv() == first.csv() {
					t.Fatal("the edition is the same file")
				}
				takeTable(t, d, x, 0, 0, 2, 0)
			})
		}
	})
}

func set(x *table, row []string, label, value string) { row[slices.Index(x.head, label)] = value }

func TestANewerEditionListsEachChangedField(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2021-04-01"), event("3", "2021-05-01")), 3, 0, 0, 0)
		held := theIncident(t, target, "SiND:2")
		r := takeTable(t, d, sind(t,
			event("1", "2021-03-07"),
			event("2", "2021-04-02", "Health Workers Killed", "3", "Admin 1", ""),
			event("3", "2021-05-01"),
			event("4", "2021-05-02")), 1, 1, 2, 0)
		var changes []desk.ReportChange
		err := d.Changes(ctx, access.Local(), r.Run, func(c desk.ReportChange) error { changes = append(changes, c); return nil })
		if err != nil || len(changes) != 1 || changes[0].ExternalID != "2" {
			t.Fatalf("%v %+v", err, changes)
		}
		want := []assertion.Change{{Field: "adm1", From: "North", To: ""}, {Field: "date", From: "2021-04-01", To: "2021-04-02"},
			{Field: "worker.killed", From: "1", To: "3"}}
		if !slices.Equal(changes[0].Fields, want) {
			t.Errorf("%v", changes[0].Fields)
		}
		now := theIncident(t, target, "SiND:2")
		if now.ID != held.ID || now.PublicID != held.PublicID || now.Count("worker.killed") != tally.Exact(3) || now.Adm1 != "" || now.Date.String() != "2021-04-02" {
			t.Errorf("%+v", now)
		}
		page, err := d.Incident(ctx, access.Local(), held.PublicID)
		if err != nil || len(page.Reports) != 1 || len(page.Earlier) != 1 || page.Earlier[0].Assertions.Get("worker.killed") != "1" {
			t.Errorf("the earlier edition was not kept: %v %+v", err, page)
		}
	})
}

func TestGoneIsJudgedOnlyWithinTheFilesOwnScope(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-02-10"), event("3", "2021-03-10"),
			event("4", "2021-02-15", "Country", "Belmara", "Country ISO", "XAB"), event("5", "2022-02-10")), 5, 0, 0, 0)
		takeTable(t, d, file(t, "who-ssa", "who-ssa", attack("w1", "2/10/21 12:00 AM")), 1, 0, 0, 0)
		// Arcadia, January to March 2021, without event 2: another State, a later year and another series are outside.
		r := takeTable(t, d, sind(t, event("1", "2021-01-10"), event("3", "2021-03-10")), 0, 0, 2, 1)
		if got := goneOnes(t, target); !slices.Equal(got, []string{"SiND:2"}) {
			t.Errorf("gone: %v", got)
		}
		if again := takeTable(t, d, sind(t, event("1", "2021-01-10"), event("3", "2021-03-10")), 0, 0, 2, 0); again.Run == r.Run {
			t.Error("a finished run was written again")
		}
		if sum := len(incidents(t, target)); sum != 6 {
			t.Errorf("%d incidents, gone must not delete", sum)
		}
	})
}

func goneOnes(t *testing.T, target string) []string {
	t.Helper()
	var out []string
	for key, inc := range incidents(t, target) {
		if inc.Gone {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

func TestWhatWasGoneComesBack(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		all := []cells{event("1", "2021-01-10"), event("2", "2021-02-10"), event("3", "2021-02-20"), event("4", "2021-03-10")}
		takeTable(t, d, sind(t, all...), 4, 0, 0, 0)
		takeTable(t, d, sind(t, all[0], all[3]), 0, 0, 2, 2)
		all[2] = event("3", "2021-02-20", "Health Workers Killed", "7")
		takeTable(t, d, sind(t, all...), 0, 1, 3, 0)
		if got := goneOnes(t, target); got != nil {
			t.Errorf("still gone: %v", got)
		}
	})
}

func TestTheSameIDTwiceInOneFile(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2021-01-10"), event("1", "2021-01-10"), event("2", "2021-02-10"), event("2", "2021-02-10", "Health Workers Killed", "4"))
		r := takeTable(t, d, x, 3, 0, 0, 0)
		if r.Duplicates != 1 || r.Flagged != 2 {
			t.Errorf("%d repeated, %d flagged", r.Duplicates, r.Flagged)
		}
		if got := len(incidents(t, target)); got != 3 {
			t.Fatalf("%d incidents", got)
		}
		second := theIncident(t, target, "SiND:2#2")
		if !slices.Contains(second.Flags, "id-repeated") || second.Count("worker.killed") != tally.Exact(4) {
			t.Errorf("%+v", second)
		}
		if first := theIncident(t, target, "SiND:2"); first.Count("worker.killed") != tally.Exact(1) {
			t.Errorf("%+v", first)
		}
		slices.Reverse(x.rows)
		takeTable(t, d, x, 0, 0, 3, 0)
		// one of the two changes, in either order: the other stays what it was
		newer := sind(t, event("2", "2021-02-10", "Health Workers Killed", "9"), event("1", "2021-01-10"), event("2", "2021-02-10"))
		takeTable(t, d, newer, 0, 1, 2, 0)
		if got := theIncident(t, target, "SiND:2#2").Count("worker.killed"); got != tally.Exact(9) {
			t.Errorf("the second row is now %v", got)
		}
		reading(t, target, func(tx *store.Tx) error {
			two, err := intake.Current(ctx, tx, "SiND", []string{"2"})
			if err != nil || len(two) != 2 {
				t.Errorf("%v, %d current reports under the id", err, len(two))
			}
			for _, r := range two {
				if want := map[bool]int{true: 2, false: 1}[r.IncidentID == second.ID]; r.Occurrence != want {
					t.Errorf("the report of incident %s is occurrence %d, want %d", r.IncidentID, r.Occurrence, want)
				}
			}
			return nil
		})
	})
}

func TestRowsWithoutAnIDAreKnownByWhatTheySay(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		said := func(words string) cells { return event("", "2021-01-10", "Event Description", words) }
		x := sind(t, said("The first."), said("The second."), event("", "2021-01-10", "Health Workers Killed", "2"), event("8", "2021-02-10"))
		r := takeTable(t, d, x, 4, 0, 0, 0)
		if r.Flagged != 3 || r.Duplicates != 0 {
			t.Errorf("%d flagged, %d repeated", r.Flagged, r.Duplicates)
		}
		numbered := 0
		for key, inc := range incidents(t, target) {
			if strings.HasPrefix(key, "SiND:~") != slices.Contains(inc.Flags, "id-missing") {
				t.Errorf("%s has the flags %v", key, inc.Flags)
			}
			if strings.HasSuffix(key, "#2") {
				numbered++
			}
		}
		if numbered != 1 {
			t.Errorf("%d incidents are a second occurrence", numbered)
		}
		takeTable(t, d, x, 0, 0, 4, 0)
		// a row that newly stands before its likes is the new one
		takeTable(t, d, sind(t, said("Earlier than both."), said("The first."), said("The second."),
			event("", "2021-01-10", "Health Workers Killed", "2"), event("8", "2021-02-10")), 1, 0, 4, 0)
	})
}

func TestANegativeCountIsSetAsideAndItsRowKept(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		r := takeTable(t, d, sind(t, event("1", "2021-01-10", "Health Workers Killed", "-2"), event("2", "2021-01-11", "Health Workers Killed", ""),
			event("3", "2021-01-12", "Health Workers Killed", "0")), 3, 0, 0, 0)
		if r.Rejected != 0 || r.Flagged != 1 {
			t.Errorf("%+v", r)
		}
		negative, blank, zero := theIncident(t, target, "SiND:1"), theIncident(t, target, "SiND:2"), theIncident(t, target, "SiND:3")
		if _, stated := negative.Counts["worker.killed"]; stated || !slices.Contains(negative.Flags, "count-negative") {
			t.Errorf("%+v", negative)
		}
		if _, stated := blank.Counts["worker.killed"]; stated {
			t.Error("a blank cell became a count")
		}
		if n, stated := zero.Counts["worker.killed"]; !stated || !n.IsZero() {
			t.Error("a stated zero was lost")
		}
		page, err := d.Incident(ctx, access.Local(), negative.PublicID)
		if err != nil || !slices.Contains(page.Reports[0].Raw, "-2") {
			t.Errorf("the row is not kept verbatim: %v", err)
		}
	})
}

func TestRejectedRowsAreKeptVerbatimWithTheReason(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2021-01-10"), event("2", "soon", "Event Description", "Words, \"quoted\"\nand broken."), event("3", ""), event("4", "2921-01-10"))
		for _, dry := range []bool{true, false} {
			r := take(t, d, write(t, x.csv()), desk.ImportOptions{DryRun: dry})
			wantCounts(t, r, 1, 0, 0, 0)
			var got []desk.RejectedRow
			err := d.Rejected(ctx, access.Local(), r, func(x desk.RejectedRow) error { got = append(got, x); return nil })
			if err != nil || r.Rejected != 3 || len(got) != 4 {
				t.Fatalf("dry %v: %v, %d rejected, %d listed", dry, err, r.Rejected, len(got))
			}
			if !slices.Equal(got[0].Cells, x.head) {
				t.Errorf("header %v", got[0].Cells)
			}
			for i, why := range []string{"date-unread", "date-missing", "date-impossible"} {
				row := got[i+1]
				if !strings.HasPrefix(row.Reason, why) || row.Row != string(rune('2'+i)) || !slices.Equal(row.Cells, x.rows[i+1]) {
					t.Errorf("dry %v: %+v", dry, row)
				}
			}
		}
	})
}

// A row that a newer edition spoils is still in the file: what an earlier edition said stands.
func TestARejectedRowIsNotGone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-01-11"), event("3", "2021-01-12")), 3, 0, 0, 0)
		r := takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "01-11-soon"), event("3", "2021-01-12")), 0, 0, 2, 0)
		if r.Rejected != 1 || goneOnes(t, target) != nil {
			t.Errorf("%d rejected, gone %v", r.Rejected, goneOnes(t, target))
		}
	})
}

func TestTwoSeriesOfOneNamespaceAreOneIncidentWhateverTheOrder(t *testing.T) {
	other := []cells{event("1", "2021-01-10", "Health Workers Killed", "3"), event("9", "2021-01-11")}
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-02-10")), 2, 0, 0, 0)
		takeTable(t, d, shcc(t, other...), 2, 0, 0, 0)
		forward := settled(t, target)
		inc := theIncident(t, target, "SiND:1")
		if want := (tally.Count{Low: 1, Best: 1, High: 3}); inc.Count("worker.killed") != want || !slices.Contains(inc.Contested, "worker.killed") {
			t.Errorf("%v, contested %v", inc.Count("worker.killed"), inc.Contested)
		}
		if !slices.Equal(inc.Series, []string{"SHCC", "SiND"}) || len(incidents(t, target)) != 3 {
			t.Errorf("%v, %d incidents", inc.Series, len(incidents(t, target)))
		}
		reverse := t.TempDir()
		back := open(t, reverse)
		takeTable(t, back, shcc(t, other...), 2, 0, 0, 0)
		takeTable(t, back, sind(t, event("1", "2021-01-10"), event("2", "2021-02-10")), 2, 0, 0, 0)
		wantSame(t, settled(t, reverse), forward)
	})
}

// Only when both series have lost it is an incident of two series gone.
func TestAnIncidentIsGoneWhenAllItsReportsAre(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		three := []cells{event("1", "2021-01-10"), event("2", "2021-01-11"), event("3", "2021-01-12")}
		takeTable(t, d, sind(t, three...), 3, 0, 0, 0)
		takeTable(t, d, shcc(t, three...), 3, 0, 0, 0)
		takeTable(t, d, sind(t, three[0], three[2]), 0, 0, 2, 1)
		if got := goneOnes(t, target); got != nil {
			t.Errorf("gone: %v", got)
		}
		takeTable(t, d, shcc(t, three[0], three[2]), 0, 0, 2, 1)
		if got := goneOnes(t, target); !slices.Equal(got, []string{"SiND:2"}) {
			t.Errorf("gone: %v", got)
		}
	})
}

func TestADryRunWritesNothingAndCountsTheSame(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-01-11"), event("3", "2021-01-12")), 3, 0, 0, 0)
		path := write(t, sind(t, event("1", "2021-01-10"), event("3", "2021-01-12", "Health Workers Killed", "9"), event("4", "2021-01-11"), event("5", "never")).csv())
		before := whole(t, target)
		dry := take(t, d, path, desk.ImportOptions{DryRun: true})
		wantSame(t, whole(t, target), before)
		if dry.Run != "" {
			t.Errorf("a dry run has the id %s", dry.Run)
		}
		wet := take(t, d, path, desk.ImportOptions{})
		wantCounts(t, wet, 1, 1, 1, 1)
		wantCounts(t, dry, 1, 1, 1, 1)
		if dry.Rejected != wet.Rejected || dry.Flagged != wet.Flagged || dry.Rows != wet.Rows {
			t.Errorf("dry %+v, wet %+v", dry.Progress, wet.Progress)
		}
	})
}

// A shifted column puts a whole text where the id stood, or a place is a page long: no database may choke on it.
func TestLongIDsAndKeysStandByTheirDigest(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		var words strings.Builder // words that do not compress
		for i := range 3000 {
			words.WriteString(strconv.FormatInt(int64(i)*7919%100003, 36) + " ")
		}
		x := sind(t, event(words.String(), "2021-01-10"), event(words.String()+"more", "2021-01-10"), event("", "2021-01-11", "Admin 1", words.String()),
			event("1", "2021-01-12"))
		r := takeTable(t, d, x, 4, 0, 0, 0)
		if r.Rejected != 0 || r.Flagged != 3 {
			t.Errorf("%+v", r.Progress)
		}
		takeTable(t, d, x, 0, 0, 4, 0)
		long := 0
		for key, inc := range incidents(t, target) {
			if len(key) > 100 {
				t.Errorf("a key of %d bytes", len(key))
			}
			if slices.Contains(inc.Flags, "id-too-long") {
				long++
			}
		}
		if long != 2 {
			t.Errorf("%d incidents are flagged", long)
		}
	})
}

func TestARefusedFileLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		before := whole(t, target)
		x := sind(t, event("1", "2021-01-10"), event("2", "2021-01-11"))
		for name, c := range map[string]struct {
			content string
			kind    fault.Kind
		}{
			"another table":    {"a,b\n1,2\n", fault.Invalid},
			"endless line":     {x.csv() + strings.Repeat("x", 20<<20), fault.Limit},
			"endless later":    {many(t, 900).csv() + strings.Repeat("x", 20<<20), fault.Limit},
			"endless quote":    {x.csv() + "\"" + strings.Repeat("words without end\n", 200000), fault.Invalid},
			"too many columns": {strings.Repeat("a,", 10000) + "\n", fault.Limit},
		} {
			_, err := d.Import(ctx, access.Local(), write(t, c.content), desk.ImportOptions{})
			if fault.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantSame(t, whole(t, target), before)
	})
}
