package main

import (
	"strconv"

	"ward/commitment"
	"ward/desk"
	"ward/duty"
	"ward/statement"
	"ward/suitability"
)

// fillAssociation puts on record what an invented association did about its own duties, what it asked of others, what it said, and where
// it would not meet.
func fillAssociation(con *console, d *desk.Desk, state string, year int) error {
	for _, step := range []func(*console, *desk.Desk, string, int) error{assessDuties, gradeCommitments, issueStatement, decideOnEvent} {
		if err := step(con, d, state, year); err != nil {
			return err
		}
	}
	con.printf("  the association's own side: duties, commitments, a statement, a decision on an event\n")
	return nil
}

func assessDuties(con *console, d *desk.Desk, _ string, year int) error {
	var made []duty.Assessment
	for i, status := range []string{"met", "met", "partly", "not_met", "no_info"} {
		for _, y := range []int{year - 1, year} {
			one := duty.Assessment{Point: duty.Points()[i].ID, Year: y, Status: status, Owner: "ethics committee"}
			if status == "met" || status == "partly" {
				one.Proof = []string{"guideline of the association, edition of " + strconv.Itoa(year-1)}
			}
			if status == "partly" && y < year {
				one.Status = "not_met"
			}
			if status == "not_met" {
				one.Due = strconv.Itoa(year) + "-06-30"
			}
			made = append(made, one)
		}
	}
	_, err := d.Assess(con.ctx, con.who(), made...)
	return err
}

func gradeCommitments(con *console, d *desk.Desk, _ string, year int) error {
	for i, g := range []commitment.Grading{
		{Grade: "A", Evidence: []string{"https://association.example/guideline"}, Why: "adopted and taught", Review: strconv.Itoa(year+1) + "-10-01"},
		{Grade: "C", Evidence: []string{"https://association.example/draft"}, Why: "drafted, not adopted", Review: strconv.Itoa(year) + "-10-01"},
	} {
		if err := d.GradeCommitment(con.ctx, con.who(), "WMA-SOCIAL-2022:"+strconv.Itoa(i+1), "NMA", g); err != nil {
			return err
		}
	}
	return nil
}

func issueStatement(con *console, d *desk.Desk, state string, year int) error {
	number, err := d.BeginStatement(con.ctx, con.who(), statement.Draft{Kind: "letter", Title: "To the ministry of health of Arcadia", Lang: "en", Date: strconv.Itoa(year) + "-03-01",
		Text:       "The association has read the audit of " + strconv.Itoa(year-1) + ".\n\nIt asks the ministry to say what was done after the raid on a clinic that the audit counts, and to let independent monitors see the place.",
		Addressees: []string{"Ministry of health of Arcadia"}, Signatories: []string{"The president of the association"}, Clauses: []string{"WMA-ICOME-2022:40"}})
	if err != nil {
		return err
	}
	for _, step := range []statement.Step{{To: "review"}, {To: "approved"}, {To: "issued", Due: strconv.Itoa(year) + "-05-01"}} {
		if err := d.AdvanceStatement(con.ctx, con.who(), number, step); err != nil {
			return err
		}
	}
	return nil
}

func decideOnEvent(con *console, d *desk.Desk, state string, year int) error {
	_, err := d.DecideSuitability(con.ctx, con.who(), "", suitability.Decision{State: state, Event: "Congress of invented physicians", When: strconv.Itoa(year + 1), Decision: "hold_with_support",
		Date: strconv.Itoa(year) + "-04-01", Reasons: "Colleagues there ask that it be held, and that those in prison be named in its opening.", Support: []string{"a session on colleagues in detention"},
		Roles: []string{"board", "ethics committee"}})
	return err
}
