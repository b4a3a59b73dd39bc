package desk_test

import (
	"io"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/incident"
)

// imported takes in events and gives the public id of one.
func imported(t *testing.T, d *desk.Desk, rows ...cells) string {
	t.Helper()
	take(t, d, write(t, sind(t, rows...).csv()), desk.ImportOptions{})
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 5})
	if err != nil || len(page.Incidents) == 0 {
		t.Fatal(err)
	}
	return page.Incidents[0].PublicID
}

// A correction is not undone by an edition that repeats the mistake, and does not hide a publisher's new word.
func TestACorrectionOutlivesAnEditionThatSaysTheSame(t *testing.T) {
	d := open(t, t.TempDir())
	id := imported(t, d, event("1", "2021-01-06"))
	say := func(m incident.Stated) {
		t.Helper()
		if err := d.StateIncident(ctx, access.Local(), id, m); err != nil {
			t.Fatal(err)
		}
	}
	wrong := assertionOf(t, opened(t, d, id), "date", "2021-01-06")
	say(incident.Stated{Move: incident.Supersede, Field: "date", Value: "2021-01-07", Over: wrong.ID, Source: "court paper", Why: "the charge sheet has the day"})
	takeTable(t, d, sind(t, event("1", "2021-01-06", "Health Workers Killed", "3")), 0, 1, 0, 0)
	f := opened(t, d, id)
	if f.Date.String() != "2021-01-07" || f.Fold["date"].Contested || f.Counts["worker.killed"].Best != 3 || assertionOf(t, f, "date", "2021-01-06").State != incident.Superseded {
		t.Errorf("%s, %+v", f.Date, f.Fold["date"])
	}
	steps, err := d.IncidentHistory(ctx, access.Local(), id)
	if last := steps[len(steps)-1]; err != nil || len(last.Changes) != 1 || last.Changes[0].Field != "worker.killed" {
		t.Errorf("the history tells of another change: %+v, %v", last.Changes, err)
	}
	takeTable(t, d, sind(t, event("1", "2021-01-09", "Health Workers Killed", "3")), 0, 1, 0, 0)
	if f = opened(t, d, id); !f.Fold["date"].Contested || assertionOf(t, f, "date", "2021-01-09").State != incident.Active {
		t.Errorf("%s, %+v", f.Date, f.Fold["date"])
	}
}

func TestAnIncidentOfWhichNothingHoldsIsGone(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	for _, a := range opened(t, d, id).Standing {
		if f := opened(t, d, id); f.Gone {
			t.Fatalf("gone while %v still speaks", a)
		}
		if err := d.StateIncident(ctx, access.Local(), id, incident.Stated{Move: incident.Retract, Field: a.Field, Over: a.ID, Why: "it was another case"}); err != nil {
			t.Fatal(err)
		}
	}
	if f := opened(t, d, id); !f.Gone || f.Series[0] != incident.Own {
		t.Errorf("%+v", f.Incident)
	}
}

// What one source says of the actor is one actor, however sure it is of each part; what two people put down without a source is two.
func TestGradesDoNotTearAnActor(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	assert := func(by, field, value, source, credibility string) {
		t.Helper()
		who := access.Actor{Name: by, Roles: []access.Role{access.CaseWorker}}
		if err := d.StateIncident(ctx, who, id, incident.Stated{Move: incident.Assert, Field: field, Value: value, Source: source, Reliability: "C", Credibility: credibility}); err != nil {
			t.Fatal(err)
		}
	}
	assert("Aisha", "actor.kind", "state.police", "", "")
	assert("Bela", "actor.state", "XAB", "", "")
	if f := opened(t, d, id); len(f.ActorState) != 0 {
		t.Errorf("an actor that nobody named: %s of %v", f.ActorKind, f.ActorState)
	}
	assert("Aisha", "actor.kind", "state.military", "a guard", "2")
	assert("Aisha", "actor.state", "XAA", "a guard", "3")
	if f := opened(t, d, id); f.ActorKind != "state.military" || len(f.ActorState) != 1 || f.ActorState[0] != "XAA" {
		t.Errorf("%s of %v", f.ActorKind, f.ActorState)
	}
}

// An incident of our own is in no total while it is a rumour, in each once when it was verified, and in no file that leaves; the manifest says so.
func TestAnOwnIncidentCountsOnceAndLeavesInNoFile(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	query := desk.IncidentQuery{Filters: map[string][]string{"country": {"XAA"}, "code": {"PER.ARR"}}}
	totals := func() [4]int64 {
		t.Helper()
		o, err := d.Overview(ctx, access.Local())
		if err != nil {
			t.Fatal(err)
		}
		q, err := d.Quote(ctx, access.Local(), query, "worker.arrested")
		if err != nil {
			t.Fatal(err)
		}
		var out [4]int64
		for _, one := range o.Tallies {
			out[0], out[1] = out[0]+one.Incidents, out[1]+one.People.Arrested.Int64
		}
		out[2], out[3] = int64(q.Incidents), q.Count.Best
		return out
	}
	if got := totals(); got != [4]int64{} {
		t.Errorf("a rumour counts: %v", got)
	}
	if _, err := d.Opine(ctx, access.Local(), id, incident.Opinion{Certainty: "possible", Why: "w", Roots: []string{"a nurse"}}); err != nil {
		t.Fatal(err)
	}
	if got := totals(); got != [4]int64{1, 2, 1, 2} {
		t.Errorf("once possible it counts as %v", got)
	}
	m, err := d.Export(ctx, access.Local(), io.Discard, desk.ExportOptions{Format: "csv", Query: &query, To: "x", Why: "y"})
	if err != nil || m.Asked != 1 || m.Records != 0 || m.Withheld.Records != 1 || len(m.Sources) != 1 || m.Sources[0].Series != incident.Own || m.Sources[0].Asked != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}
