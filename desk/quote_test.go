package desk_test

import (
	"slices"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/tally"
)

func quoted(t *testing.T, d *desk.Desk, measure string, filters map[string][]string, words string) desk.Quote {
	t.Helper()
	q, err := d.Quote(ctx, access.Local(), desk.IncidentQuery{Filters: filters, Words: words}, measure)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func why(q desk.Quote) (out []string) {
	for _, b := range q.Withheld {
		out = append(out, b.Why)
	}
	return out
}

// Design.md 10.9: a total is never a sum over sources that were not linked. Low and best are the largest register, high is all.
func TestAQuoteNeverAddsRegisters(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-04", "Country", "Arcadia", "Health Workers Killed", "3"), event("2", "2021-03-05", "Country", "Arcadia", "Health Workers Killed", "2"),
		event("3", "2021-03-06", "Country", "Arcadia", "Health Workers Killed", "")), 3, 0, 0, 0)
	aid := file(t, "awsd", "awsd-2020", cells{"Incident ID": "9", "Year": "2021", "Month": "3", "Day": "4", "Country": "Arcadia", "Total killed": "4", "Nationals killed": "4", "Actor type": "Unknown", "Verified": "Yes"})
	takeTable(t, d, aid, 1, 0, 0, 0)
	q := quoted(t, d, "incidents", map[string][]string{"country": {"XAA"}, "scope": {"health", "aid"}}, "")
	if want := (tally.Count{Low: 3, Best: 3, High: 4}); q.Count != want || len(q.Registers) != 2 {
		t.Errorf("incidents: %+v, want %+v", q, want)
	}
	q = quoted(t, d, "worker.killed", map[string][]string{"country": {"XAA"}}, "")
	if want := tally.Exact(5); q.Count != want || q.Unstated != 1 || q.Incidents != 3 || q.Possible != 3 {
		t.Errorf("killed, health alone: %+v, want %+v", q, want)
	}
}

// What stands against quoting is said, each by its reason; a count of which nothing is said is cleared.
func TestAQuoteSaysWhatStandsAgainstIt(t *testing.T) {
	d := open(t, t.TempDir())
	aid := file(t, "awsd", "awsd-2020", cells{"Incident ID": "9", "Year": "2021", "Month": "3", "Day": "4", "Country": "Arcadia", "Total killed": "4", "Nationals killed": "4", "Actor type": "Unknown", "Verified": "Yes"})
	takeTable(t, d, aid, 1, 0, 0, 0)
	takeTable(t, d, sind(t, event("1", "2021-03-04", in("Belmara")...), event("2", "2021-03-04", "Country", "International Waters", "Country ISO", "")), 2, 0, 0, 0)
	for name, c := range map[string]struct {
		filters map[string][]string
		words   string
		want    []string
	}{
		"nothing":     {map[string][]string{"country": {"XAC"}}, "", []string{desk.BarNone}},
		"no leave":    {map[string][]string{"country": {"XAA"}, "scope": {"aid"}}, "", []string{desk.BarInvented, desk.BarTerms, desk.BarFew}},
		"invented":    {map[string][]string{"country": {"XAB"}}, "", []string{desk.BarInvented}},
		"only health": {map[string][]string{"country": {"XAA"}}, "", []string{desk.BarNone}},
		"part of it":  {map[string][]string{"country": {"XAB", "ZZZ"}}, "", []string{desk.BarInvented}},
		"words":       {map[string][]string{"country": {"XAB"}}, "belmara", []string{desk.BarInvented, desk.BarWords}},
	} {
		q := quoted(t, d, "incidents", c.filters, c.words)
		if !slices.Equal(why(q), c.want) || q.Cleared() {
			t.Errorf("%s: %v, want %v", name, why(q), c.want)
		}
	}
	if _, err := d.Quote(ctx, access.Local(), desk.IncidentQuery{}, "worker.names"); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}

// A filter by what no code list has is refused: misspelt, it would look as if nothing were recorded. What the page offers is taken.
func TestAMisspeltFilterIsRefused(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-04"), event("2", "2021-03-05", "Reported Perpetrator", "No Information", "Country", "Unspecified", "Country ISO", "")), 2, 0, 0, 0)
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	for column, values := range page.Facets {
		for _, v := range values {
			if _, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Filters: map[string][]string{column: {v.Value}}}); v.Value != "" && err != nil {
				t.Errorf("%s=%s is offered and refused: %v", column, v.Value, err)
			}
		}
		_, err := d.Quote(ctx, access.Local(), desk.IncidentQuery{Filters: map[string][]string{column: {"XYZZY"}}}, "incidents")
		if free := column == "register" || column == "standing"; !free && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s=XYZZY: %v", column, err)
		}
	}
}

// A register that never states the measure is named, and lends the count neither incidents nor doubt.
func TestASilentRegisterIsNoNought(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-04", "Health Workers Killed", "3")), 1, 0, 0, 0)
	takeTable(t, d, file(t, "who-ssa", "who-ssa", attack("7", "2021-03-04")), 1, 0, 0, 0)
	q := quoted(t, d, "worker.killed", nil, "")
	if len(q.Registers) != 1 || q.Incidents != 1 || len(q.Silent) != 1 || q.Unstated != 0 {
		t.Errorf("%+v", q)
	}
}
