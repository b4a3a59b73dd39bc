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
