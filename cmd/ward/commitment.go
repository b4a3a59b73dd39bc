package main

import (
	"cmp"
	"fmt"
	"io"

	"ward/commitment"
	"ward/desk"
	"ward/paper"
	"ward/when"
)

type commitmentCommand struct {
	List   commitmentListCommand   `cmd:"" help:"List what is asked of whom, and what became of it."`
	Show   commitmentShowCommand   `cmd:"" help:"Show one commitment with its history."`
	Open   commitmentOpenCommand   `cmd:"" help:"Put a commitment under somebody's eyes: who answers, by when."`
	Grade  commitmentGradeCommand  `cmd:"" help:"Say what became of a commitment: A to E, or no_info."`
	Import commitmentImportCommand `cmd:"" help:"Import openings and gradings (docs/commitments-csv.md), all or none."`
	Export commitmentExportCommand `cmd:"" help:"Write commitments to a file that leaves."`
}

// commitmentChoice says which commitments.
type commitmentChoice struct {
	Addressee string `help:"Only those of one addressee: a code such as NMA, WHO, State or State:XAA." placeholder:"CODE"`
	Text      string `help:"Only those of one norm, such as WMA-GAZA-2025, or of a kept text." placeholder:"NORM"`
	Status    string `help:"Only those that are open, or graded A, B, C, D, E or no_info." placeholder:"STATUS"`
	Overdue   bool   `help:"Only those whose day has passed without a later grade."`
	AsOf      string `help:"As they stood on a day, 2026-06-30; today when left out." name:"as-of" placeholder:"DAY"`
}

func (c commitmentChoice) query() (desk.CommitmentQuery, error) {
	q := desk.CommitmentQuery{Addressee: c.Addressee, Text: c.Text, Status: c.Status, Overdue: c.Overdue}
	if c.AsOf == "" {
		return q, nil
	}
	day, err := when.Parse(c.AsOf)
	q.On = day.To()
	return q, err
}

type commitmentListCommand struct {
	workspace
	commitmentChoice
	recipient
	JSON bool `help:"Print as JSON, with histories; a line in the ledger." name:"json" xor:"form"`
	CSV  bool `help:"Print as CSV; a line in the ledger." name:"csv" xor:"form"`
}

func (c *commitmentListCommand) Run(con *console) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if c.JSON || c.CSV {
		format := map[bool]string{true: "json", false: "csv"}[c.JSON]
		return d.ExportCommitments(con.ctx, con.who(), con.out, q, desk.CommitmentFile{Format: format, To: c.Recipient, Why: c.Why})
	}
	list, err := d.Commitments(con.ctx, con.who(), q)
	if err != nil {
		return err
	}
	for _, x := range list {
		con.printf("%-34s %-16s %-8s %-11s %s\n", x.ID, x.Addressee, x.Status, x.Due, commitmentMark(x))
	}
	n := commitment.Count(list)
	con.printf("%d asked: %d graded A or B, %d C to E, %d no_info, %d open; %d overdue; %d no longer asked\n", n.Asked, n.Done, n.NotDone, n.NoInfo, n.Open, n.Overdue, n.Ended)
	return nil
}

// commitmentMark says what a line must not hide.
func commitmentMark(c commitment.Commitment) string {
	switch {
	case !c.Standing():
		return "no longer asked since " + c.Ended.String()
	case c.Overdue:
		return "overdue"
	}
	return ""
}

// commitmentName names one commitment.
type commitmentName struct {
	ID        string `arg:"" help:"Id of the recommendation, such as WMA-GAZA-2025:4."`
	Addressee string `help:"Whose commitment: a code such as NMA, NMA:XAA, WHO or State:XAA." required:"" placeholder:"CODE"`
}

type commitmentShowCommand struct {
	workspace
	commitmentName
}

func (c *commitmentShowCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	x, err := d.Commitment(con.ctx, con.who(), c.ID, c.Addressee)
	if err != nil {
		return err
	}
	con.printf("%s  %s\n%s\n%s %s: %s\n", x.ID, x.Addressee, x.Title, x.Strength, x.Basis, x.Summary)
	con.printf("status %s  due %s  answers %s  %s\n", x.Status, x.Due, x.Answers, commitmentMark(x))
	for _, s := range x.History {
		con.printf("  %s  %s  %s\n", s.At.Format("2006-01-02"), s.By, told(s))
	}
	return nil
}

func told(s commitment.Step) string {
	if g := s.Body.Grading; g != nil {
		return fmt.Sprintf("graded %s on %v: %s; review %s", g.Grade, g.Evidence, g.Why, g.Review)
	}
	o := s.Body.Opening
	return fmt.Sprintf("opened: answers %s, due %s; %s", o.Answers, o.Due, o.Why)
}

type commitmentOpenCommand struct {
	workspace
	commitmentName
	Answers string `help:"Who answers for the addressee." placeholder:"NAME"`
	Due     string `help:"Day by which it is to be graded." placeholder:"DAY"`
	Why     string `help:"Why it is opened." placeholder:"TEXT"`
}

func (c *commitmentOpenCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.OpenCommitment(con.ctx, con.who(), c.ID, c.Addressee, commitment.Opening{Answers: c.Answers, Due: c.Due, Why: c.Why})
	if err == nil {
		con.note("%s is open for %s\n", c.ID, c.Addressee)
	}
	return err
}

type commitmentGradeCommand struct {
	workspace
	commitmentName
	Grade    string   `help:"A largely satisfactory, B partial, C not satisfactory, D no cooperation, E contrary, no_info." required:"" placeholder:"GRADE"`
	Evidence []string `help:"A link, WRD-..., cell:STATE/CLAUSE/YEAR or statement:ID; several times for several." placeholder:"REFERENCE" sep:"none"`
	Why      string   `help:"The reason." required:"" placeholder:"TEXT"`
	Review   string   `help:"Day by which to grade it anew." placeholder:"DAY"`
}

func (c *commitmentGradeCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.GradeCommitment(con.ctx, con.who(), c.ID, c.Addressee, commitment.Grading{Grade: c.Grade, Evidence: c.Evidence, Why: c.Why, Review: c.Review})
	if err == nil {
		con.note("%s is graded %s for %s\n", c.ID, c.Grade, c.Addressee)
	}
	return err
}

type commitmentImportCommand struct{ statedFile }

func (c *commitmentImportCommand) Run(con *console) error {
	return importStated(con, c.statedFile, (*desk.Desk).ImportCommitments)
}

type commitmentExportCommand struct {
	workspace
	commitmentChoice
	leaving
	Format string `help:"csv, json, pdf or odt; json holds the histories." enum:"csv,json,pdf,odt" default:"csv"`
	Lang   string `help:"Language of a PDF or ODT." default:"en"`
}

func (c *commitmentExportCommand) Run(con *console) error {
	lang, err := language(c.Lang)
	if err != nil {
		return err
	}
	q, err := c.query()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	file := desk.CommitmentFile{Format: c.Format, To: c.Recipient, Why: c.Why}
	fill := func(w io.Writer) error { return d.ExportCommitments(con.ctx, con.who(), w, q, file) }
	if c.Format == "pdf" || c.Format == "odt" {
		list, err := d.TakeCommitments(con.ctx, con.who(), q, file)
		if err != nil {
			return err
		}
		fill = func(w io.Writer) error {
			return paper.WriteCommitments(w, list, cmp.Or(q.On, d.Today()), lang, c.Format)
		}
	}
	return c.write(con, fill)
}
