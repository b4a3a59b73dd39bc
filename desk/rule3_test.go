package desk_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/casework"
	"ward/desk"
	"ward/incident"
	"ward/person"
)

// Design 10.3: what a State or a ministry denies stands beside what is on record, and by itself lowers nothing: no certainty, no count, no case,
// nobody's custody, no cell.
func TestRule3ADenialLowersNothing(t *testing.T) {
	d := open(t, t.TempDir())
	me, inc := access.Local(), byHand(t, d)
	id := openedCase(t, d, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA", Incidents: []string{inc}},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker"}, Country: "XAA"}},
		Facts:    []casework.Fact{{Section: "risk", Values: map[string]string{"level": "high"}}}})
	who := caseOf(t, d, me, id).Case.Person
	must(t, d.StatePerson(ctx, me, who, person.KindOutcome, person.Outcome{Code: "taken", When: "2026-03-02", Country: "XAA", Taker: "state"}))
	type standing struct {
		state, risk string
		open, held  bool
		certainty   string
		counted     string
		cells       string
	}
	look := func() (s standing) {
		t.Helper()
		c := caseOf(t, d, me, id).Case
		p, err := d.Person(ctx, me, who)
		must(t, err)
		f, err := d.Incident(ctx, me, inc)
		must(t, err)
		report, err := d.Audit(ctx, me, "XAA", desk.AuditOptions{})
		must(t, err)
		s = standing{state: c.State, risk: c.Value("risk", "level"), open: c.Open(), held: p.Held(), certainty: string(f.Certainty)}
		for _, register := range person.Registers() {
			for _, n := range person.Counts(register, p.Outcomes) {
				s.counted += register + " " + n.Column + " " + n.Count.String() + "; "
			}
		}
		s.counted += strconv.FormatInt(f.Counts["worker.arrested"].Best, 10) // what a ministry says of it widens the range, and stays beside it
		for i := range report.Cells {
			report.Cells[i].Reply, report.Cells[i].Standing = nil, nil // a reply moves the procedure
		}
		cells, err := json.Marshal(report.Cells)
		must(t, err)
		s.cells = string(cells)
		return s
	}
	before := look()
	const denial = "Nobody was arrested."
	_, err := d.EnterReply(ctx, me, audit.Row{State: "XAA", Value: "E", Date: "2026-04-01", Source: "https://ministry.example/1", Note: denial})
	must(t, err)
	_, err = d.RecordFact(ctx, me, id, casework.Fact{Section: "appeal", Values: map[string]string{"kind": "letter", "to": "Ministry", "reply": denial, "reply_on": "2026-04-01", "grade": "E"}})
	must(t, err)
	must(t, d.StatePerson(ctx, me, who, person.KindOutcome, person.Outcome{Code: "whereabouts_denied", When: "2026-04-01", Source: "Ministry"}))
	must(t, d.StateIncident(ctx, me, inc, incident.Stated{Move: incident.Assert, Field: "worker.arrested", Value: "0", Source: "Ministry", Reliability: "F", Credibility: "5"}))
	after := look()
	if !before.held || before.certainty == "" || before.counted == "" || before != after {
		t.Errorf("before the denial %+v, after it %+v", before, after)
	}
}
