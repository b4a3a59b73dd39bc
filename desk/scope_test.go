package desk_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/commitment"
	"ward/desk"
	"ward/duty"
	"ward/facility"
	"ward/fault"
	"ward/incident"
	"ward/statement"
)

// scoped is a workspace with two incidents in Arcadia, one elsewhere, and one elsewhere by an actor of Arcadia; and an investigator of Arcadia.
func scoped(t *testing.T) (d *desk.Desk, who access.Actor, inside, outside []string) {
	t.Helper()
	d = open(t, t.TempDir())
	state := func(country, actorState, words string) string {
		made := []incident.Stated{}
		for field, value := range map[string]string{"date": "2026-03", "country": country, "actor.state": actorState, "description": words, "codes": "PER.ARR", "worker.arrested": "1"} {
			if value != "" {
				made = append(made, incident.Stated{Move: incident.Assert, Field: field, Value: value, Source: "a nurse", Reliability: "C", Credibility: "3"})
			}
		}
		id, err := d.NewIncident(ctx, access.Local(), made...)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	inside = []string{state("XAA", "", "an ambulance"), state("XAA", "XAA", "a ward"), state("XAB", "XAA", "a border post")}
	outside = []string{state("XAB", "XAB", "a zoologist"), state("XAB", "", "an ambulance zone")}
	who = access.Actor{Name: "ines", Account: "1", Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}}
	return d, who, inside, outside
}

// Permission stands before matching, counting and completing: no number tells of what lies outside (design.md 4).
func TestNoCountTellsAnInvestigatorOfWhatLiesOutsideTheirScope(t *testing.T) {
	d, who, inside, outside := scoped(t)
	page, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 10})
	if err != nil || page.Total != len(inside) || len(page.Incidents) != len(inside) {
		t.Fatalf("%d of %d: %v", page.Total, len(inside), err)
	}
	for _, inc := range page.Incidents {
		if slices.Contains(outside, inc.PublicID) {
			t.Errorf("%s is listed", inc.PublicID)
		}
	}
	for column, counts := range page.Facets {
		for _, c := range counts {
			if c.Docs > len(inside) || column == "country" && c.Value == "XAB" && c.Docs != 1 {
				t.Errorf("%s counts %d of %s", column, c.Docs, c.Value)
			}
		}
	}
	for words, want := range map[string]int{"zoologist": 0, "ambulance": 1, "zone": 0, outside[0]: 0, inside[2]: 1} {
		found, err := d.Incidents(ctx, who, desk.IncidentQuery{Words: words, Limit: 10})
		if err != nil || found.Total != want {
			t.Errorf("%s: %d found, want %d (%v)", words, found.Total, want, err)
		}
	}
	for typed, want := range map[string]int{"zo": 0, "ambu": 1} {
		words, err := d.CompleteWords(ctx, who, desk.IncidentQuery{Words: typed}, 10)
		if err != nil || len(words) != want || want == 1 && words[0].Docs != 1 {
			t.Errorf("%s is continued to %v, %v", typed, words, err)
		}
	}
	if q, err := d.Quote(ctx, who, desk.IncidentQuery{}, "incidents"); err != nil || q.Count.Best > int64(len(inside)) {
		t.Errorf("a quote counts %+v, %v", q.Count, err)
	}
	who.Only = []string{}
	if page, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 10}); err != nil || page.Total != 0 {
		t.Errorf("without any State %d are seen, %v", page.Total, err)
	}
}

func TestWhatLiesOutsideAScopeIsAnsweredAsIfItWereNotThere(t *testing.T) {
	d, who, inside, outside := scoped(t)
	for _, id := range inside {
		if _, err := d.Incident(ctx, who, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	ways := map[string]func(id string) error{
		"the incident":  func(id string) error { _, err := d.Incident(ctx, who, id); return err },
		"its proof":     func(id string) error { _, err := d.Proof(ctx, who, id); return err },
		"what remains":  func(id string) error { _, err := d.Remains(ctx, who, id); return err },
		"a bundle":      func(id string) error { return d.Bundle(ctx, with2(who), io.Discard, id, desk.BundleOptions{}) },
		"work on it":    func(id string) error { return d.StateIncident(ctx, with2(who), id, take2()) },
		"its tombstone": func(id string) error { _, err := d.Remains(ctx, who, id); return err },
	}
	const unknown = "WRD-XAB-2026-AAAAAAAA"
	ask := func(state string) {
		for name, way := range ways {
			none := way(unknown)
			for _, id := range outside {
				err := way(id)
				if !fault.Is(err, fault.NotFound) || strings.ReplaceAll(err.Error(), id, unknown) != none.Error() {
					t.Errorf("%s, %s: %v; of one that is not there: %v", state, name, err, none)
				}
			}
		}
	}
	ask("there")
	if list, err := d.IncidentsByID(ctx, who, append(slices.Clone(outside), inside...)); err != nil || len(list) != len(inside) {
		t.Errorf("%d by their ids, %v", len(list), err)
	}
	for _, id := range outside {
		if _, err := d.Erase(ctx, access.Local(), id, "error"); err != nil {
			t.Fatal(err)
		}
	}
	ask("erased")
	o, err := d.Overview(ctx, who)
	if err != nil || len(o.Runs) > 0 {
		t.Errorf("imports are listed: %v %v", o.Runs, err)
	}
	for _, tally := range o.Tallies {
		if tally.Country != "XAA" {
			t.Errorf("the overview tells of %s", tally.Country)
		}
	}
	places, err := d.Places(ctx, who, "XAB", desk.AuditOptions{})
	if err != nil || len(places) != 1 || len(places[0].Incidents) > 1 {
		t.Errorf("%+v %v", places, err)
	}
	var b bytes.Buffer
	if m, err := d.Export(ctx, with2(who), &b, desk.ExportOptions{Format: "csv"}); err != nil || m.Asked != len(inside) {
		t.Errorf("an export asks for %d, %v", m.Asked, err)
	}
}

// with2 gives the scope to somebody who may do more than read.
func with2(who access.Actor) access.Actor {
	who.Roles = append(slices.Clone(who.Roles), access.CaseWorker)
	return who
}

func take2() incident.Stated {
	return incident.Stated{Move: incident.Assert, Field: "description", Value: "another word", Source: "a nurse", Reliability: "C", Credibility: "3"}
}

// Whoever declared a conflict of interest decides nothing there, and reads as before.
func TestAConflictOfInterestBarsEveryDecisionOnAState(t *testing.T) {
	d := open(t, t.TempDir())
	theirs := putFacility(t, d, clinic)
	draft := statement.Draft{Kind: statement.Appeal, Title: "A word", Lang: "en", Text: "A word.", Findings: []string{"XAA|WMA-ICOME-2022:40|2021"}}
	number, err := d.BeginStatement(ctx, access.Local(), draft)
	if err != nil {
		t.Fatal(err)
	}
	who := access.Actor{Name: "mina", Account: "1", Roles: access.Roles(), Barred: []string{"XAA", "WRD-XAB-2026-AAAAAAAA"}}
	last := lastAct(t, d)
	for name, try := range map[string]func() error{
		"codings": func() error { _, err := d.ImportCodings(ctx, who, strings.NewReader(coded)); return err },
		"a reply": func() error {
			_, err := d.EnterReply(ctx, who, audit.Row{State: "XAA", Year: 2021, Note: "x"})
			return err
		},
		"a grade": func() error {
			return d.GradeCommitment(ctx, who, asksState, "State:XAA", commitment.Grading{Grade: "C", Evidence: []string{"https://example.org/a"}, Why: "w"})
		},
		"an event": func() error { _, err := d.DecideSuitability(ctx, who, "", congress); return err },
		"a facility": func() error {
			_, err := d.PutFacility(ctx, who, "", elsewhere("XAA"))
			return err
		},
		"a move of it away": func() error {
			_, err := d.PutFacility(ctx, who, theirs, elsewhere("XAB"))
			return err
		},
		"a statement": func() error { _, err := d.BeginStatement(ctx, who, draft); return err },
		"a step":      func() error { return d.AdvanceStatement(ctx, who, number, statement.Step{To: statement.Issued}) },
	} {
		if err := try(); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "conflict of interest") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := lastAct(t, d); got != last {
		t.Errorf("%d acts were journalled", got-last)
	}
	if _, err := d.Facility(ctx, who, theirs, 0); err != nil {
		t.Errorf("who has a conflict may not read: %v", err)
	}
	if _, err := d.Assess(ctx, who, duty.Assessment{}); fault.Is(err, fault.Refused) {
		t.Errorf("the association's own duties concern no State: %v", err)
	}
}

// lastAct is how many acts the journal holds.
func lastAct(t *testing.T, d *desk.Desk) int64 {
	t.Helper()
	head, err := d.LogHead(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	return head.Last
}

// elsewhere is a clinic that is said to stand in a State.
func elsewhere(state string) facility.Facility {
	f := clinic
	f.Name, f.State = "another", state
	return f
}

const coded = "kind,state,year,coder,value,date\ninformation,XAA,2021,coder 4,I3,2022-01-01\n"
