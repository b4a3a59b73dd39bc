package audit

import "testing"

// A person may think again: the later word on the same incident and clause holds, that of another person stays.
func TestALaterDeclinedWithdrawsOnesOwnCitation(t *testing.T) {
	const clause = "WMA-ICOME-2022:40"
	say := func(value, coder, day string) Row {
		return Row{Kind: KindCitation, Clause: clause, Incident: "a", Value: value, Coder: coder, Date: day}
	}
	other := func(r Row, change func(*Row)) Row { change(&r); return r }
	cases := []struct {
		what   string
		rows   []Row
		counts bool
	}{
		{"cited", []Row{say("FAIL_PROTECT", "Ann", "2023-01-05")}, true},
		{"declined later", []Row{say("FAIL_PROTECT", "Ann", "2023-01-05"), say(Declined, "ann", "2023-01-06")}, false},
		{"declined later, written first", []Row{say(Declined, "Ann", "2023-01-06"), say("FAIL_PROTECT", "Ann", "2023-01-05")}, false},
		{"declined on the day, written last", []Row{say("FAIL_PROTECT", "Ann", "2023-01-05"), say(Declined, "Ann", "2023-01-05")}, false},
		{"cited again", []Row{say(Declined, "Ann", "2023-01-05"), say("FAIL_PROTECT", "Ann", "2023-01-06")}, true},
		{"declined by another", []Row{say("FAIL_PROTECT", "Ann", "2023-01-05"), say(Declined, "Ben", "2023-01-06")}, true},
		{"of another clause", []Row{say("FAIL_PROTECT", "Ann", "2023-01-05"), other(say(Declined, "Ann", "2023-01-06"), func(r *Row) { r.Clause = units })}, true},
		{"of another incident", []Row{say("FAIL_PROTECT", "Ann", "2023-01-05"), other(say(Declined, "Ann", "2023-01-06"), func(r *Row) { r.Incident = "b" })}, true},
	}
	for _, c := range cases {
		r := build(t, []Incident{attack(t, "a", "2022-03-01", by("nsag")), attack(t, "b", "2022-03-02", by("nsag"))}, c.rows...)
		if got := cellAt(t, r, clause, 2022).Floor.Best == 1; got != c.counts {
			t.Errorf("%s: counted %v, want %v; refused %+v", c.what, got, c.counts, r.Refused)
		}
	}
}

// A proposal that was declined and taken up again later by the same person does not stay off the list.
func TestALaterCitationTakesUpWhatWasDeclined(t *testing.T) {
	rows := []Row{
		{Incident: "a", Clause: units, Value: Declined, Coder: "Ann", Date: "2023-01-05"},
		{Incident: "a", Clause: units, Value: "ATTACK", Coder: "Ann", Date: "2023-01-06"},
		{Incident: "a", Clause: units, Value: "COMPEL", Coder: "Ann", Date: "2023-01-06"},
	}
	if got := citations(rows)["a"]; len(got) != 2 || got[0].Value != "ATTACK" || got[1].Value != "COMPEL" {
		t.Errorf("%+v", got)
	}
}
