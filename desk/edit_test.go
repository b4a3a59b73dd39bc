package desk_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
)

func editor(name string, roles ...access.Role) access.Actor {
	return access.Actor{Name: name, Account: "01" + name, Roles: append(roles, access.CaseWorker)}
}

// Two people who opened the same page: the second to save the same field is told who came first; another field is no conflict.
func TestASaveOnAFieldThatChangedIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := byHand(t, d)
		drawn := opened(t, d, id).Journal
		say := func(who, field, value string) error {
			return d.EditIncident(ctx, editor(who), id, drawn, incident.Stated{Move: incident.Assert, Field: field, Value: value, Source: "a paper"})
		}
		if err := say("aisha", "date", "2026-03-04"); err != nil {
			t.Fatal(err)
		}
		wantFault(t, say("ben", "date", "2026-03-05"), fault.Conflict, "aisha", "Date")
		if err := say("ben", "adm1", "North"); err != nil {
			t.Errorf("another field: %v", err)
		}
		for _, a := range opened(t, d, id).Standing {
			if a.Value == "2026-03-05" {
				t.Error("what was in conflict was written")
			}
		}
	})
}

// A draft is for its writer alone, is no statement, and passes.
func TestADraftIsKeptForItsWriterUntilItPasses(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := byHand(t, d)
		before := opened(t, d, id).Journal
		if err := d.KeepDraft(ctx, editor("aisha"), id, "date=2026"); err != nil {
			t.Fatal(err)
		}
		if kept, ok, err := d.Draft(ctx, editor("aisha"), id); err != nil || !ok || kept.Form != "date=2026" || kept.At.IsZero() {
			t.Errorf("%+v %v %v", kept, ok, err)
		}
		if _, ok, _ := d.Draft(ctx, editor("ben"), id); ok {
			t.Error("somebody else reads the draft")
		}
		if got := opened(t, d, id); got.Journal != before {
			t.Error("a draft is in the journal")
		}
		if err := d.DropDraft(ctx, editor("aisha"), id); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := d.Draft(ctx, editor("aisha"), id); ok {
			t.Error("a dropped draft is there")
		}
		verifier := access.Actor{Name: "v", Account: "v", Roles: []access.Role{access.Verifier}}
		wantFault(t, d.KeepDraft(ctx, verifier, id, "x"), fault.Refused)
		wantFault(t, d.KeepDraft(ctx, editor("aisha"), "WRD-XAA-2026-NONE", "x"), fault.NotFound)
		wantFault(t, d.KeepDraft(ctx, editor("aisha"), id, strings.Repeat("x", 300_000)), fault.Limit)
	})
}

func TestTwoEditorsSeeEachOthersFields(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id, other := byHand(t, d), byHand(t, d)
		if _, err := d.Edits(ctx, editor("aisha"), id, "date"); err != nil {
			t.Fatal(err)
		}
		got, err := d.Edits(ctx, editor("ben"), id, "codes")
		if err != nil || !slices.Equal(got, []desk.Presence{{Name: "aisha", Field: "date"}}) {
			t.Errorf("%+v %v", got, err)
		}
		if got, _ := d.Edits(ctx, editor("ben"), other, ""); len(got) != 0 {
			t.Errorf("on another incident: %+v", got)
		}
	})
}

// The history tells each step with what was held before and after it, and where the log commits to it.
func TestTheHistoryTellsWhatEachStepChanged(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2021-03-07"))
		takeTable(t, d, x, 1, 0, 0, 0)
		x.rows[0][slices.Index(x.head, "Date")] = "2021-03-08"
		takeTable(t, d, x, 0, 1, 0, 0)
		inc := theIncident(t, target, "SiND:1")
		wrong := assertionOf(t, opened(t, d, inc.PublicID), "date", "2021-03-08")
		err := d.StateIncident(ctx, editor("aisha"), inc.PublicID, incident.Stated{Move: incident.Supersede, Field: "date", Value: "2021-03-06", Over: wrong.ID, Source: "=court", Why: "the paper says so"})
		if err != nil {
			t.Fatal(err)
		}
		steps, err := d.IncidentHistory(ctx, access.Local(), inc.PublicID)
		if err != nil || len(steps) != 3 {
			t.Fatalf("%+v %v", steps, err)
		}
		second, third := steps[1], steps[2]
		if !second.Newer || len(second.Changes) != 1 || second.Changes[0].From != "2021-03-07" || second.Changes[0].To != "2021-03-08" {
			t.Errorf("%+v", second)
		}
		if third.By != "aisha" || third.Over != "2021-03-08" || third.Changes[0].To != "2021-03-06" || third.Number <= second.Number || third.At.IsZero() {
			t.Errorf("%+v", third)
		}
		var b bytes.Buffer
		if err := d.ExportHistory(ctx, editor("aisha"), &b, inc.PublicID); err != nil || !strings.Contains(b.String(), "'=court") || !strings.Contains(b.String(), "2021-03-08,2021-03-06") {
			t.Errorf("%v\n%s", err, b.String())
		}
		if ledger, _ := d.Ledger(ctx, access.Local(), 0, 5); len(ledger) != 1 || ledger[0].Subjects != inc.PublicID {
			t.Errorf("the ledger says %+v", ledger)
		}
	})
}

// A proposal is no fact; accepted, it becomes an assertion by the person who accepted it, and what is decided is not asked again.
func TestASuggestionBecomesAnAssertionOnlyByAPerson(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := byHand(t, d)
		err := d.StateIncident(ctx, access.Local(), id, incident.Stated{Move: incident.Assert, Field: "description", Value: "Then came the arson, at night.", Source: "a nurse"})
		if err != nil {
			t.Fatal(err)
		}
		twin := byHand(t, d)
		s, err := d.Suggestions(ctx, access.Local(), id)
		if err != nil || len(s.Open) != 2 || s.Open[0].Value != "ATT.ARS" || s.Open[1].Value != twin {
			t.Fatalf("%+v %v", s, err)
		}
		if got := opened(t, d, id); slices.Contains(got.Codes, "ATT.ARS") {
			t.Error("a proposal counts")
		}
		if err := d.DecideSuggestion(ctx, editor("aisha"), id, incident.Decision{What: incident.SuggestCode, Value: "ATT.ARS", Accepted: true}); err != nil {
			t.Fatal(err)
		}
		if err := d.DecideSuggestion(ctx, editor("aisha"), id, incident.Decision{What: incident.SuggestDuplicate, Value: twin, Why: "another nurse"}); err != nil {
			t.Fatal(err)
		}
		f := opened(t, d, id)
		if a := assertionOf(t, f, "codes", "ATT.ARS PER.ARR"); a.By != "aisha" || a.Source != "a nurse" || !slices.Contains(f.Codes, "ATT.ARS") {
			t.Errorf("%+v", a)
		}
		if s, _ = d.Suggestions(ctx, access.Local(), id); len(s.Open) != 0 || len(s.Decided) != 2 {
			t.Errorf("%+v", s)
		}
		wantFault(t, d.DecideSuggestion(ctx, editor("ben"), id, incident.Decision{What: incident.SuggestCode, Value: "ATT.HVY", Accepted: true}), fault.Conflict)
	})
}

// Erasing an incident erases what people stated about it too.
func TestErasingAnOwnIncidentErasesWhatWasStated(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := byHand(t, d)
		if err := d.DecideSuggestion(ctx, access.Local(), id, incident.Decision{}); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, err := d.Erase(ctx, access.Local(), id, "consent_withdrawn"); err != nil {
			t.Fatal(err)
		}
		for _, row := range rowsOf(t, target, "SELECT sealed, subject FROM entry WHERE kind='incident.stated'") {
			if row["sealed"] != nil || row["subject"] != "" {
				t.Errorf("what was stated is still there: %v", row["subject"])
			}
		}
		wellAfter(t, d, target)
	})
}

// wellAfter closes the workspace and lets the doctor look at it.
func wellAfter(t *testing.T, d *desk.Desk, target string) {
	t.Helper()
	d.Close()
	wantNoRed(t, doctor(t, at(t, target), desk.DoctorOptions{}), "database") // a server for tests does without fsync
}

// One statement alone can be erased: the incident is folded anew without it, under a new key.
func TestErasingOneStatementFoldsTheIncidentAnew(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := byHand(t, d)
		err := d.StateIncident(ctx, access.Local(), id, incident.Stated{Move: incident.Assert, Field: "place", Value: "her own street", Source: "a nurse", Reliability: "A"})
		if err != nil {
			t.Fatal(err)
		}
		said := assertionOf(t, opened(t, d, id), "place", "her own street")
		c, err := d.Consequences(ctx, access.Local(), said.ID)
		if err != nil || c.Incident != id {
			t.Errorf("%+v %v", c, err)
		}
		if _, err := d.Erase(ctx, access.Local(), said.ID, "consent_withdrawn"); err != nil {
			t.Fatal(err)
		}
		if f := opened(t, d, id); f.Place != "" || f.Country != "XAA" {
			t.Errorf("%+v", f.Incident)
		}
		wellAfter(t, d, target)
	})
}
