package desk_test

import (
	"testing"
	"time"

	"ward/access"
	"ward/casework"
	"ward/desk"
)

// Today lists the open cases that one is on, what is late first, and nobody else's.
func TestADayShowsOnesOwnCasesTheLateFirst(t *testing.T) {
	d, now := watch(t, t.TempDir())
	day := func(days int) string { return now.AddDate(0, 0, days).Format(time.RFC3339) }
	opened := func(who access.Actor, name, due string) string {
		number := openedCase(t, d, who, desk.NewCase{Opened: casework.Opened{Kind: casework.Inquiry, Name: name, Country: "XAA"}})
		_, err := d.SetTask(ctx, who, number, casework.Task{Text: "call", State: casework.TaskOpen, Due: due})
		must(t, err)
		return number
	}
	later, soon := opened(evaluator, "Later", day(40)), opened(evaluator, "Soon", day(2))
	opened(outsider, "Theirs", day(1))
	*now = now.AddDate(0, 0, 4)
	a, err := d.Agenda(ctx, evaluator)
	must(t, err)
	if len(a.Cases) != 2 || a.Cases[0].ID != soon || !a.Cases[0].Next.Late || a.Cases[1].ID != later {
		t.Errorf("%+v", a.Cases)
	}
	for range 9 {
		opened(evaluator, "Another", day(50))
	}
	if a, err = d.Agenda(ctx, evaluator); err != nil || len(a.Cases) != 8 || a.Cases[0].ID != soon {
		t.Errorf("%d cases, %v", len(a.Cases), err)
	}
	if a, err = d.Agenda(ctx, access.Actor{Name: "Dr Alder", Roles: []access.Role{access.Auditor}}); err != nil || len(a.Cases) > 0 {
		t.Errorf("who reads no cases: %v %v", a.Cases, err)
	}
}

// A search finds a case by what was recorded on it for whoever is on it, and by its name alone for others.
func TestASearchFindsCasesOnlyByWhatTheReaderMayRead(t *testing.T) {
	d := open(t, t.TempDir())
	number := openedCase(t, d, evaluator, desk.NewCase{Opened: casework.Opened{Kind: casework.Inquiry, Name: "Kestrel", Country: "XAA", Summary: "the Qanary clinic"}})
	barred := evaluator
	barred.Barred = []string{number}
	auditor := access.Actor{Name: "Dr Alder", Roles: []access.Role{access.Auditor}}
	for _, c := range []struct {
		what  string
		who   access.Actor
		q     desk.IncidentQuery
		total int
	}{
		{"who is on it, by what it holds", evaluator, desk.IncidentQuery{Words: `"qanary clinic"`}, 1},
		{"by its name", outsider, desk.IncidentQuery{Words: "kestrel"}, 1},
		{"who is not, by what it holds", outsider, desk.IncidentQuery{Words: "qanary"}, 0},
		{"whom a conflict bars", barred, desk.IncidentQuery{Words: "qanary"}, 0},
		{"who reads no cases", auditor, desk.IncidentQuery{Words: "kestrel"}, 0},
		{"without words", evaluator, desk.IncidentQuery{}, 0},
		{"another country", evaluator, desk.IncidentQuery{Words: "kestrel", Filters: map[string][]string{"country": {"XAB"}}}, 0},
		{"what no case has", evaluator, desk.IncidentQuery{Words: "kestrel", Filters: map[string][]string{"code": {"ATT"}}}, 0},
	} {
		if found, total, err := d.FindCases(ctx, c.who, c.q); err != nil || total != c.total || len(found) != c.total {
			t.Errorf("%s: %d %v", c.what, total, err)
		}
	}
}
