package paper_test

import (
	"strings"
	"testing"
	"time"

	"ward/desk"
	"ward/locale"
	"ward/paper"
	"ward/tally"
	"ward/when"
)

func sample() desk.Quote {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	return desk.Quote{Measure: "worker.killed", Count: tally.Count{Low: 5, Best: 5, High: 9}, Incidents: 12, Possible: 7, Unstated: 1, Newest: day, Made: day,
		Registers: []desk.RegisterCount{{Register: "SiND", Count: tally.Exact(5)}, {Register: "SSA", Count: tally.Exact(4)}},
		Query:     desk.IncidentQuery{Filters: map[string][]string{"country": {"XAA"}, "family": {"PER"}, "year": {"2021"}}}}
}

// A quotable sentence carries floor, range, date, link and caveat, in the reader's language.
func TestASentenceCarriesWhatItMust(t *testing.T) {
	got := paper.Quotable(sample(), locale.English, "http://127.0.0.1/en/incidents?x").String()
	for _, want := range []string{"at least 5 health workers killed", "5–9", "Arcadia", "2021", "Violence", "not all that happened", "largest register (SiND) alone",
		"7 of 12", "1 incident does not say", "SiND and SSA", "22 November 2026", "http://127.0.0.1/en/incidents?x"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q: %s", want, got)
		}
	}
	persian := paper.Quotable(sample(), locale.Persian, "").String()
	for _, want := range []string{"دست‌کم", "۵–۹", "آرکادیا", "۲۰۲۱"} {
		if !strings.Contains(persian, want) {
			t.Errorf("lacks %q: %s", want, persian)
		}
	}
}

// What is not cleared begins with the reason, so that nobody copies the number without it.
func TestAnUnclearedSentenceSaysSoFirst(t *testing.T) {
	q := sample()
	q.Withheld = []desk.QuoteBar{{Why: desk.BarTerms, Series: "awsd"}}
	s := paper.Quotable(q, locale.English, "")
	if s.Cleared || !strings.HasPrefix(s.String(), "Not for quoting") || !strings.Contains(s.String(), "awsd") {
		t.Errorf("%s", s)
	}
}

// Silence is said to be silence, never a nought that could be quoted.
func TestNothingRecordedIsNoNought(t *testing.T) {
	q := sample()
	q.Count, q.Registers, q.Withheld = tally.Count{}, nil, []desk.QuoteBar{{Why: desk.BarNone}}
	got := paper.Quotable(q, locale.English, "").String()
	if strings.Contains(got, "at least 0") || !strings.Contains(got, "does not mean that nothing happened") {
		t.Error(got)
	}
	// twelve incidents are recorded, none of them with somebody killed
	if strings.Contains(got, "No incident") || !strings.Contains(got, "Health workers killed (Violence") {
		t.Error(got)
	}
}

// The floor is the least that the sources state, never their best guess.
func TestTheFloorIsTheLeast(t *testing.T) {
	q := sample()
	q.Count = tally.Count{Low: 5, Best: 10, High: 20}
	if got := paper.Quotable(q, locale.English, "").Text; !strings.Contains(got, "at least 5 health workers killed (range 5–20)") {
		t.Error(got)
	}
}

// What is only proposed does not read as what a rule cites.
func TestAProposedClauseIsSaidToBeOne(t *testing.T) {
	q := sample()
	q.Query.Filters = map[string][]string{"proposed": {"UN-PME-1982:P3"}}
	if got := paper.Quotable(q, locale.English, "").Text; !strings.Contains(got, "may bear on: UN-PME-1982:P3") {
		t.Error(got)
	}
}

func TestThePeriodIsSaid(t *testing.T) {
	from, _ := when.Parse("2019-05")
	to, _ := when.Parse("2021")
	for want, q := range map[string]desk.IncidentQuery{
		"in all years on record":      {},
		"since May 2019":              {From: from},
		"until 2021":                  {To: to},
		"from May 2019 to 2021":       {From: from, To: to},
		"in 2020, since May 2019":     {From: from, Filters: map[string][]string{"year": {"2020"}}},
		"in 2020 and 2021":            {Filters: map[string][]string{"year": {"2020", "2021"}}},
		"in all States, in all years": {},
		"by Belmara":                  {Filters: map[string][]string{"actor_state": {"XAB"}}},
	} {
		one := sample()
		one.Query = q
		if got := paper.Quotable(one, locale.English, "").Text; !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
