package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/store/storetest"
)

func actsAs(name string, roles ...access.Role) access.Actor {
	return access.Actor{Name: name, Account: "ACCOUNT-" + name, Roles: roles}
}

func sentIn(t testing.TB, d *desk.Desk, day, narrative string) string {
	t.Helper()
	id, err := d.TakeReport(ctx, access.Local(), intake.Received{Channel: "call", Mode: "anonymous", Danger: "no", Day: day, Country: "XAA", Narrative: narrative})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func looked(t testing.TB, d *desk.Desk, who access.Actor, kind, words string) desk.Found {
	t.Helper()
	f, err := d.Find(ctx, who, kind, desk.IncidentQuery{Words: words, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// kindsIn writes how much is found of each kind.
func kindsIn(f desk.Found) string {
	var out []string
	for _, k := range f.Kinds {
		out = append(out, fmt.Sprint(k.Value, " ", k.Docs))
	}
	return strings.Join(out, ", ")
}

// Design 4: permission is applied before matching, counting and completing; a hit count must not betray what one may not see.
func TestASearchTellsNothingOfReportsToWhoMayNotReadThem(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-04")), 1, 0, 0, 0)
		sentIn(t, d, "2024-05-03", "The qanarword clinic was searched.")
		if got := kindsIn(looked(t, d, actsAs("t", access.Triage), "", "qanarword")); got != "incident 0, report 1, facility 0, statement 0" {
			t.Errorf("triage finds %s", got)
		}
		for _, who := range []access.Actor{actsAs("a", access.Analyst), actsAs("p", access.Publisher), actsAs("i", access.Investigator)} {
			for _, kind := range []string{"", desk.FindReports} {
				f := looked(t, d, who, kind, "qanarword")
				if strings.Contains(kindsIn(f), "report") || f.Total != 0 || len(f.Papers) != 0 {
					t.Errorf("%s finds %+v", who.Name, f)
				}
			}
			if words, err := d.Suggest(ctx, who, desk.IncidentQuery{Words: "qanarwort"}, true); err != nil || slices.Contains(words, "qanarword") {
				t.Errorf("%s is offered %v %v", who.Name, words, err)
			}
		}
		if words, err := d.Suggest(ctx, actsAs("t", access.Triage), desk.IncidentQuery{Words: "qanarwort"}, true); err != nil || !slices.Contains(words, "qanarword") {
			t.Errorf("triage is offered %v %v", words, err)
		}
	})
}

func TestAnErasedReportIsNotCounted(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	id := sentIn(t, d, "2024-05-03", "The qanarword clinic was searched.")
	if f := looked(t, d, access.Local(), "", "qanarword"); f.Total != 1 || f.Papers[0].ID != id {
		t.Fatalf("%+v", f)
	}
	entryID := ""
	reading(t, dir, func(tx *store.Tx) error {
		return tx.QueryRow(ctx, "SELECT id FROM entry WHERE kind=$1", intake.KindReceived).Scan(&entryID)
	})
	if _, err := d.Erase(ctx, access.Local(), entryID, "consent_withdrawn"); err != nil {
		t.Fatal(err)
	}
	if f := looked(t, d, access.Local(), "", "qanarword"); f.Total != 0 || kindsIn(f) != "incident 0, report 0, facility 0, statement 0" {
		t.Errorf("%+v", f)
	}
}

func TestSpellingsOfEveryScriptFindEachOther(t *testing.T) {
	d := open(t, t.TempDir())
	sentIn(t, d, "2024-05-01", "پزشك ايراني بازداشت شد")                 // Arabic letters of kaf and yeh
	sentIn(t, d, "2024-05-02", "Санитар и врач: её увезли в Ярёмче")     // with ё
	sentIn(t, d, "2024-05-03", "ISTANBUL: İstasyon hastanesi kapatıldı") // both i's
	sentIn(t, d, "2024-05-04", "أُغلقت المستشفى")
	for words, want := range map[string]int{"پزشک ایرانی": 1, "ее увезли": 1, "яремче": 1, "istasyon": 1, "istanbul": 1, "kapatildi": 1, "اغلقت مستشفى": 1, `"врач санитар"`: 0, "hastanesi -kapatıldı": 0, "hasta*": 1} {
		if f := looked(t, d, access.Local(), desk.FindReports, words); f.Total != want {
			t.Errorf("%s finds %d, want %d", words, f.Total, want)
		}
	}
}

// What people state is found by their own words, and by what was held before it was superseded.
func TestPeoplesOwnWordsAreFound(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-04")), 1, 0, 0, 0)
		id := looked(t, d, access.Local(), "", "").Page.Incidents[0].PublicID
		state := func(s incident.Stated) {
			t.Helper()
			if err := d.StateIncident(ctx, access.Local(), id, s); err != nil {
				t.Fatal(err)
			}
		}
		state(incident.Stated{Move: incident.Assert, Field: "place", Value: "Qrossroads", Raw: "bij de qruising", Source: "aunt Qeth"})
		for _, word := range []string{"qrossroads", "qruising", "qeth"} {
			if f := looked(t, d, access.Local(), "", word); f.Total != 1 {
				t.Errorf("%s finds %d", word, f.Total)
			}
		}
		made, err := d.Incident(ctx, access.Local(), id)
		if err != nil {
			t.Fatal(err)
		}
		held := made.Standing[len(made.Standing)-1]
		state(incident.Stated{Move: incident.Supersede, Field: "place", Value: "Mill Lane", Over: held.ID, Why: "qmended"})
		for _, word := range []string{"mill", "qmended", "qrossroads"} {
			if f := looked(t, d, access.Local(), "", word); f.Total != 1 {
				t.Errorf("then %s finds %d", word, f.Total)
			}
		}
	})
}

func TestASavedSearchIsItsOwnersUntilShared(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ana, ben := open(t, target), actsAs("ana", access.Triage), actsAs("ben", access.Triage)
		id, err := d.SaveSearch(ctx, ana, "Arrests", false, desk.Search{Words: "nurse", Filters: map[string][]string{"code": {"PER.ARR"}}})
		if err != nil {
			t.Fatal(err)
		}
		listed := func(who access.Actor) (out string) {
			t.Helper()
			list, err := d.SavedSearches(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				out += s.Name + " of " + s.Owner + ";"
			}
			return out
		}
		_, err = d.SearchByID(ctx, ben, id)
		if !fault.Is(err, fault.NotFound) || listed(ben) != "" || listed(ana) != "Arrests of ana;" {
			t.Errorf("%v, ben %q, ana %q", err, listed(ben), listed(ana))
		}
		if err := d.ChangeSearch(ctx, ben, id, "Mine", true); !fault.Is(err, fault.NotFound) {
			t.Errorf("another's is changed: %v", err)
		}
		if err := d.ChangeSearch(ctx, ana, id, "Taken", true); err != nil {
			t.Fatal(err)
		}
		s, err := d.SearchByID(ctx, ben, id)
		if err != nil || s.Name != "Taken" || s.Words != "nurse" || s.Own || listed(ben) != "Taken of ana;" {
			t.Errorf("shared: %+v %v", s, err)
		}
		if err := d.RemoveSearch(ctx, ben, id); !fault.Is(err, fault.Refused) {
			t.Errorf("a shared one is removed by another: %v", err)
		}
		if err := d.RemoveSearch(ctx, ana, id); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SearchByID(ctx, ana, id); !fault.Is(err, fault.NotFound) || listed(ana)+listed(ben) != "" {
			t.Errorf("removed: %v, %q", err, listed(ana))
		}
		passing, err := d.KeepSearch(ctx, ana, desk.Search{Words: "nurse"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SearchByID(ctx, ben, passing); !fault.Is(err, fault.NotFound) {
			t.Errorf("what another looks for today: %v", err)
		}
	})
}

func TestASavedSearchCountsWhatIsNewToWhoLooks(t *testing.T) {
	d, ana, ben := open(t, t.TempDir()), actsAs("ana", access.Triage), actsAs("ben", access.Triage)
	takeTable(t, d, sind(t, event("1", "2021-03-04")), 1, 0, 0, 0)
	incidents, err := d.SaveSearch(ctx, ana, "A", true, desk.Search{Words: "arcadia"})
	if err != nil {
		t.Fatal(err)
	}
	reports, err := d.SaveSearch(ctx, ana, "B", true, desk.Search{Words: "arcadia", Kind: desk.FindReports})
	if err != nil {
		t.Fatal(err)
	}
	fresh := func(who access.Actor) (out []int) {
		t.Helper()
		list, err := d.SavedSearches(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			out = append(out, s.New)
		}
		return out
	}
	if got := fresh(ana); !slices.Equal(got, []int{-1, -1}) {
		t.Errorf("before any look: %v", got)
	}
	for _, id := range []string{incidents, reports} {
		if err := d.SawSearch(ctx, ana, id); err != nil {
			t.Fatal(err)
		}
	}
	takeTable(t, d, sind(t, event("2", "2021-03-05"), event("3", "2021-03-06")), 2, 0, 0, 0)
	sentIn(t, d, "2024-05-03", "A clinic again.")
	if got := fresh(ana); !slices.Equal(got, []int{2, 1}) {
		t.Errorf("then: %v", got)
	}
	if got := fresh(ben); !slices.Equal(got, []int{-1, -1}) {
		t.Errorf("to who never looked: %v", got)
	}
}

// List, map and timeline tell of the same incidents: what a figure cannot show is counted beside it.
func TestTheViewsOfASearchAgree(t *testing.T) {
	d := open(t, t.TempDir())
	there := func(id, date string, more ...string) cells {
		return event(id, date, append([]string{"Latitude", "4.5", "Longitude", "5.5", "Geo Precision", "(2) 25 km Precision"}, more...)...)
	}
	takeTable(t, d, sind(t, there("1", "2021-03-04"), there("2", "2021-05"), there("3", "2022"), there("4", "2019-12/2020-02"), there("5", "2021-03-09", "Country", "Belmara", "Country ISO", "XAB"),
		event("6", "2021-03-11")), 6, 0, 0, 0)
	if _, err := d.NewIncident(ctx, access.Local(), incident.Stated{Move: incident.Assert, Field: "country", Value: "XAA"}); err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]desk.IncidentQuery{"all": {}, "a State": {Filters: map[string][]string{"country": {"XAA"}}}, "possible": {Filters: map[string][]string{"certainty": {"possible"}}},
		"a year": {Filters: map[string][]string{"year": {"2021"}}}, "nothing": {Words: "nowhere"}} {
		page, err := d.Incidents(ctx, access.Local(), q)
		if err != nil {
			t.Fatal(err)
		}
		line, err := d.Timeline(ctx, access.Local(), q)
		if err != nil {
			t.Fatal(err)
		}
		drawn := line.Spans + line.Undated
		for _, s := range line.Slots {
			if drawn += s.Total(); s.Other < 0 {
				t.Errorf("%s: %+v", name, s)
			}
		}
		spread, err := d.Spread(ctx, access.Local(), q)
		if err != nil {
			t.Fatal(err)
		}
		placed := spread.Nowhere
		for _, n := range spread.Countries {
			placed += n.Docs
		}
		if page.Total != line.Total || drawn != page.Total || spread.Total != page.Total || placed != page.Total {
			t.Errorf("%s: %d listed, timeline %d (%d accounted for), map %d (%d accounted for)", name, page.Total, line.Total, drawn, spread.Total, placed)
		}
		within := spread.Unplaced + spread.Beyond
		for _, s := range spread.Spots {
			within += s.Incidents
		}
		if spread.State != "" && (within != page.Total || spread.Unplaced != 2) {
			t.Errorf("%s: %+v", name, spread)
		}
	}
	line, err := d.Timeline(ctx, access.Local(), desk.IncidentQuery{})
	if err != nil || !line.ByMonth || line.NoDay != 2 || line.Spans != 1 || line.Undated != 1 || line.Slots[len(line.Slots)-1].Name != "2022" {
		t.Errorf("%+v %v", line, err)
	}
}

// What is looked for may be of sealed text: it lies nowhere in the clear.
func TestNoWordOfASearchLiesOnDisk(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	if _, err := d.KeepSearch(ctx, access.Local(), desk.Search{Words: "Qanarpassing"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SaveSearch(ctx, access.Local(), "Qanarname", true, desk.Search{Words: "Qanarsaved"}); err != nil {
		t.Fatal(err)
	}
	d.Close()
	storetest.WantUnseen(t, dir, "entry.search", append(append(storetest.Spellings("Qanarpassing"), storetest.Spellings("Qanarsaved")...), storetest.Spellings("Qanarname")...)...)
}

func TestASearchThatIsTooLongIsRefused(t *testing.T) {
	d := open(t, t.TempDir())
	_, err := d.KeepSearch(ctx, access.Local(), desk.Search{Words: strings.Repeat("word ", 1000)})
	wantFault(t, err, fault.Limit, "too long")
	_, err = d.SaveSearch(ctx, access.Local(), "  ", false, desk.Search{})
	wantFault(t, err, fault.Invalid, "needs a name")
	_, err = d.SaveSearch(ctx, access.Local(), "A", false, desk.Search{From: "the third"})
	wantFault(t, err, fault.Invalid, "the third")
}
