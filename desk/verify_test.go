package desk_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/staff"
	"ward/store"
	"ward/store/storetest"
)

// employ makes accounts with the given names, all with every role, past the pages by which people are invited.
func employ(t testing.TB, target string, names ...string) (out []access.Actor) {
	t.Helper()
	db := storetest.At(t, target)
	defer db.Close()
	err := db.Write(ctx, "test", func(tx *store.Tx) error {
		var made []entry.New
		for _, name := range names {
			id := "account-" + name
			made = append(made, entry.New{Kind: staff.KindAccount, Subject: id, Body: staff.Made{Name: name}},
				entry.New{Kind: staff.KindRoles, Subject: id, Body: staff.Grant{Roles: []access.Role{access.CaseWorker, access.Verifier, access.Analyst, access.Publisher}}})
			out = append(out, access.Actor{Name: name, Account: id, Roles: []access.Role{access.CaseWorker, access.Verifier, access.Analyst, access.Publisher}})
		}
		_, err := entry.Add(ctx, tx, staff.Register, made...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// twoOrigins is an incident that its evidence lets people confirm: a nurse, and a court's paper. Somebody who verifies nothing put it down.
func twoOrigins(t testing.TB, d *desk.Desk, by access.Actor) string {
	t.Helper()
	var all []incident.Stated
	for _, source := range []incident.Stated{{Source: "a nurse", Reliability: "C", Credibility: "3"}, {Source: "a court paper", Reliability: "A", Credibility: "2", Direct: true}} {
		for field, value := range map[string]string{"date": "2026-03", "country": "XAA", "codes": "PER.ARR"} {
			s := source
			s.Move, s.Field, s.Value = incident.Assert, field, value
			all = append(all, s)
		}
	}
	id, err := d.NewIncident(ctx, by, all...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

var coder = access.Actor{Name: "Coder", Account: "account-Coder", Roles: []access.Role{access.CaseWorker}}

// finds is an opinion with the canary of whoever gives it as its reason.
func finds(level, canary string) incident.Opinion {
	return incident.Opinion{Certainty: level, Why: canary, Roots: []string{"a court paper"}}
}

func opine(t testing.TB, d *desk.Desk, who access.Actor, id string, o incident.Opinion) incident.Answer {
	t.Helper()
	a, err := d.Opine(ctx, who, id, o)
	if err != nil {
		t.Fatalf("%s: %v", who.Name, err)
	}
	return a
}

// wantHeld checks the certainty held, and whether it is marked as one person's.
func wantHeld(t testing.TB, d *desk.Desk, id, certainty string, onePerson bool) incident.Incident {
	t.Helper()
	file, err := d.Incident(ctx, access.Local(), id)
	if err != nil {
		t.Fatal(err)
	}
	if file.Certainty != certainty || file.OnePerson() != onePerson {
		t.Errorf("it is held as %s (one person %v), want %s (%v)", file.Certainty, file.OnePerson(), certainty, onePerson)
	}
	return file.Incident
}

// Two people, each at a process of their own, neither seeing the other's opinion: the second's makes the verdict in its own transaction.
func TestTwoPeopleWhoFindTheSameMakeAVerdict(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, other := open(t, target), open(t, target)
		people := employ(t, target, "Ana", "Ben")
		id := twoOrigins(t, d, coder)
		wantHeld(t, d, id, "rumour", false)
		if a := opine(t, d, people[0], id, finds("confirmed", "Qanarana")); a.Awaits != incident.AwaitsSecond || a.Verdict != nil {
			t.Errorf("after the first: %+v", a)
		}
		wantHeld(t, other, id, "rumour", false)
		theirs, err := other.Verify(ctx, people[1], id)
		if err != nil || len(theirs.Shown) != 0 || !slices.Equal(theirs.Spoke, []string{"Ana"}) || theirs.Ladder.Highest != "confirmed" {
			t.Fatalf("%+v, %v", theirs, err)
		}
		if a := opine(t, other, people[1], id, finds("confirmed", "Qanarben")); a.Verdict == nil || a.Awaits != "" {
			t.Errorf("after the second: %+v", a)
		}
		wantHeld(t, d, id, "confirmed", false)
		mine, err := d.Verify(ctx, people[0], id)
		if err != nil || len(mine.Past) != 1 || len(mine.Past[0].Opinions) != 2 || len(mine.Shown) != 0 || !slices.Equal(mine.Past[0].Verdict.Body.People, []string{"Ana", "Ben"}) {
			t.Errorf("%+v, %v", mine.Past, err)
		}
	})
}

// Both send at once: exactly one verdict comes of it, on both databases.
func TestTwoWhoSpeakAtOnceMakeOneVerdict(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, other := open(t, target), open(t, target)
		people := employ(t, target, "Ana", "Ben")
		id := twoOrigins(t, d, coder)
		var wait sync.WaitGroup
		for i, at := range []*desk.Desk{d, other} {
			wait.Go(func() {
				if _, err := at.Opine(ctx, people[i], id, finds("probable", "because")); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		wantHeld(t, d, id, "probable", false)
		if f, err := d.Verify(ctx, people[0], id); err != nil || len(f.Verdicts) != 1 {
			t.Errorf("%d verdicts, %v", len(f.Verdicts), err)
		}
	})
}

func TestDissentStandsUntilAThirdSpeaks(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	people := employ(t, target, "Ana", "Ben", "Cem")
	id := twoOrigins(t, d, coder)
	opine(t, d, people[0], id, finds("confirmed", "Qanarana"))
	if a := opine(t, d, people[1], id, finds("possible", "Qanarben")); a.Awaits != incident.AwaitsThird {
		t.Errorf("%+v", a)
	}
	wantHeld(t, d, id, "possible", false)
	if third, err := d.Verify(ctx, people[2], id); err != nil || len(third.Shown) != 0 {
		t.Errorf("the third sees %+v, %v", third.Shown, err)
	}
	if both, err := d.Verify(ctx, people[0], id); err != nil || len(both.Shown) != 2 || len(both.Dissent) != 1 {
		t.Errorf("who spoke sees %d, %v", len(both.Shown), err)
	}
	opine(t, d, people[2], id, finds("possible", "Qanarcem"))
	wantHeld(t, d, id, "possible", false)
	if f, _ := d.Verify(ctx, people[0], id); len(f.Past) != 1 || len(f.Past[0].Opinions) != 3 {
		t.Errorf("%+v", f.Past)
	}
}

// A reversal is a later verdict; the earlier one stays with its opinions.
func TestAReversalKeepsWhatWasFoundBefore(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	people := employ(t, target, "Ana", "Ben")
	id := twoOrigins(t, d, coder)
	for _, level := range []string{"confirmed", incident.Refuted} {
		for _, who := range people {
			opine(t, d, who, id, finds(level, level+" by "+who.Name))
		}
	}
	wantHeld(t, d, id, incident.Refuted, false)
	f, err := d.Verify(ctx, people[0], id)
	if err != nil || len(f.Past) != 2 || f.Past[0].Verdict.Body.Certainty != incident.Refuted || f.Past[1].Verdict.Body.Certainty != "confirmed" || len(f.Past[1].Opinions) != 2 {
		t.Errorf("%+v, %v", f.Past, err)
	}
}

// Design 10.10: one person alone proceeds, marked, and it reads as verified nowhere: not on the record, not in an audit.
func TestOnePersonAloneNeverReadsAsVerified(t *testing.T) {
	for name, people := range map[string][]string{"nobody has an account": nil, "one of two verifies": {"Ana"}} {
		t.Run(name, func(t *testing.T) {
			target := t.TempDir()
			d := open(t, target)
			who := access.Local()
			if people != nil {
				who = employ(t, target, people...)[0]
			}
			id := twoOrigins(t, d, coder)
			if err := d.StateIncident(ctx, coder, id, incident.Stated{Move: incident.Assert, Field: "actor.kind", Value: "state.police", Source: "a nurse"},
				incident.Stated{Move: incident.Assert, Field: "actor.state", Value: "XAA", Source: "a nurse"}); err != nil {
				t.Fatal(err)
			}
			if a := opine(t, d, who, id, finds("confirmed", "alone")); a.Verdict == nil || !a.Verdict.OnePerson || a.Verdict.Found != "confirmed" {
				t.Fatalf("%+v", a)
			}
			wantHeld(t, d, id, "possible", true)
			report, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
			if err != nil || len(report.Incidents) == 0 {
				t.Fatalf("%v", err)
			}
			for _, c := range report.Cells {
				if slices.Contains([]string{"F2", "F3", "F4"}, c.Proposed) || !c.Certainty["confirmed"].IsZero() || !c.Certainty["probable"].IsZero() {
					t.Errorf("%s %d: %s rests on one person's word", c.Clause, c.Year, c.Proposed)
				}
			}
		})
	}
}

func TestWhoStatedTheFactsDoesNotVerifyThemAlone(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	people := employ(t, target, "Ana", "Ben", "Cem")
	id := twoOrigins(t, d, people[0])
	if err := d.StateIncident(ctx, people[1], id, incident.Stated{Move: incident.Assert, Field: "weapon", Value: "baton", Source: "a nurse"}); err != nil {
		t.Fatal(err)
	}
	opine(t, d, people[0], id, finds("probable", "a"))
	if a := opine(t, d, people[1], id, finds("probable", "b")); a.Awaits != incident.AwaitsIndependent || a.Verdict != nil {
		t.Errorf("%+v", a)
	}
	wantHeld(t, d, id, "rumour", false)
	if a := opine(t, d, people[2], id, finds("probable", "c")); a.Verdict == nil || a.Verdict.OnePerson {
		t.Errorf("%+v", a)
	}
}

func TestAConflictOfInterestBarsVerification(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	people := employ(t, target, "Ana", "Ben")
	id := twoOrigins(t, d, coder)
	for _, barred := range []string{"XAA", id} {
		who := people[0]
		who.Barred = []string{barred}
		_, err := d.Opine(ctx, who, id, finds("probable", "x"))
		wantFault(t, err, fault.Refused, "conflict of interest")
		if page, err := d.Verification(ctx, who, desk.VerificationQuery{Limit: 10}); err != nil || page.Total != 0 {
			t.Errorf("it waits for somebody who is barred: %+v, %v", page.Waiting, err)
		}
	}
	_, err := d.Opine(ctx, access.Actor{Name: "T", Roles: []access.Role{access.Triage}}, id, finds("probable", "x"))
	wantFault(t, err, fault.Refused)
	_, err = d.Opine(ctx, people[0], "WRD-XAA-2026-NONE0000", finds("probable", "x"))
	wantFault(t, err, fault.NotFound)
	_, err = d.Opine(ctx, people[0], byHand(t, d), incident.Opinion{Certainty: "confirmed", Why: "I am sure", Roots: []string{"a nurse"}})
	wantFault(t, err, fault.Invalid, "does not carry")
}

func TestTheQueueShowsWhatWaitsForWhom(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	people := employ(t, target, "Ana", "Ben", "Cem")
	parts := func(who access.Actor) (out []string) {
		t.Helper()
		page, err := d.Verification(ctx, who, desk.VerificationQuery{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range page.Waiting {
			out = append(out, w.Part+" "+w.Highest)
		}
		return append(out, strings.Repeat("+", page.Parts[desk.WaitsOthers]))
	}
	want := func(who access.Actor, parted ...string) {
		t.Helper()
		if got := parts(who); !slices.Equal(got, parted) {
			t.Errorf("%s: %q, want %q", who.Name, got, parted)
		}
	}
	id := twoOrigins(t, d, coder)
	want(people[0], "first confirmed", "")
	if err := d.AskOpinion(ctx, people[0], id, incident.Asked{Whom: "Cem"}); err != nil {
		t.Fatal(err)
	}
	want(people[2], "asked confirmed", "")
	wantFault(t, d.AskOpinion(ctx, people[0], id, incident.Asked{Whom: "Nobody"}), fault.Invalid)
	opine(t, d, people[0], id, finds("confirmed", "a"))
	want(people[0], "+")
	want(people[1], "second confirmed", "")
	want(people[2], "asked confirmed", "")
	opine(t, d, people[2], id, finds("probable", "c"))
	want(people[1], "third confirmed", "")
	opine(t, d, people[1], id, finds("probable", "b"))
	for _, who := range people {
		want(who, "")
	}
}
