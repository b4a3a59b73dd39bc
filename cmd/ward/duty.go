package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ward/desk"
	"ward/duty"
	"ward/locale"
	"ward/paper"
)

type dutyCommand struct {
	List   dutyListCommand   `cmd:"" help:"How every duty of the association stands in a year."`
	Assess dutyAssessCommand `cmd:"" help:"Put on record how one duty stands."`
	Export dutyExportCommand `cmd:"" help:"Write the duties of a year as CSV, PDF or ODT."`
	Import dutyImportCommand `cmd:"" help:"Take assessments in from a CSV file (docs/duties-csv.md), all or none."`
}

// pointWords is what a duty asks.
func pointWords(lang locale.Lang) func(id string) string {
	c := locale.For(lang)
	return func(id string) string { return c.T("duty.point." + id) }
}

type dutyListCommand struct {
	workspace
	Year  int    `help:"Year; the current one when left out." placeholder:"YEAR"`
	With  int    `help:"Year to compare with." placeholder:"YEAR"`
	Group string `help:"Only this group: custody, memory, teaching, day, procedures, social or cyber." enum:",custody,memory,teaching,day,procedures,social,cyber" default:""`
	Lang  string `help:"Language of the words." default:"en"`
	JSON  bool   `help:"Print as JSON." name:"json"`
}

func (c *dutyListCommand) Run(con *console) error {
	lang, err := language(c.Lang)
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	duties, err := d.Duties(con.ctx, con.who(), c.Year, c.With)
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(dutiesAsData(duties, c.Group))
	}
	words, group := pointWords(lang), ""
	for _, l := range duties.Lines {
		if c.Group != "" && c.Group != l.Group {
			continue
		}
		if l.Group != group {
			group = l.Group
			con.printf("\n%s\n", locale.For(lang).T("duty.group."+group))
		}
		con.printf("  %-10s  %-8s  %s%s\n", l.ID, l.Status, words(l.ID), dutyRest(l))
	}
	for _, ch := range duties.Changes {
		con.printf("\n%d to %d: %s from %s to %s", duties.With, duties.Year, ch.ID, ch.From, ch.To)
	}
	con.printf("\n%d: %d points without information, %d overdue. Nothing is added up: no duty makes up for another.\n", duties.Year, duties.Unknown, duties.Overdue)
	return nil
}

// dutyRest is what follows a duty's words on its line.
func dutyRest(l duty.Line) string {
	var out []string
	if l.Now != nil && l.Now.Body.Due != "" {
		out = append(out, "due "+l.Now.Body.Due)
	}
	if l.Overdue {
		out = append(out, "OVERDUE")
	}
	if l.Now == nil && l.Before != nil {
		out = append(out, fmt.Sprintf("%d: %s", l.Before.Body.Year, l.Before.Body.Status))
	}
	if len(out) == 0 {
		return ""
	}
	return " [" + strings.Join(out, "; ") + "]"
}

// dutyData is one duty as data.
type dutyData struct {
	Point      string           `json:"point"`
	Group      string           `json:"group"`
	Clauses    []string         `json:"clauses"`
	Status     string           `json:"status"`
	Overdue    bool             `json:"overdue"`
	Assessment *duty.Assessment `json:"assessment"` // null where nobody assessed it
	By         string           `json:"by,omitempty"`
	At         string           `json:"at,omitempty"`
	Entry      string           `json:"entry,omitempty"` // id on record
}

func dutiesAsData(duties desk.Duties, group string) map[string]any {
	list := []dutyData{}
	for _, l := range duties.Lines {
		if group != "" && group != l.Group {
			continue
		}
		row := dutyData{Point: l.ID, Group: l.Group, Clauses: l.Clauses, Status: l.Status, Overdue: l.Overdue}
		if l.Now != nil {
			row.Assessment, row.By, row.At, row.Entry = &l.Now.Body, l.Now.By, l.Now.At.Format(time.RFC3339), l.Now.ID
		}
		list = append(list, row)
	}
	return map[string]any{"year": duties.Year, "duties": list}
}

type dutyAssessCommand struct {
	workspace
	Point    string   `arg:"" help:"Duty, as ward duty list names it: SOCIAL-2."`
	Status   string   `arg:"" help:"met, partly, not_met, no_info or n/a." enum:"met,partly,not_met,no_info,n/a"`
	Year     int      `help:"Year that is assessed." required:"" placeholder:"YEAR"`
	Proof    []string `help:"Link, or words that say where to look; any number of times." sep:"none" placeholder:"TEXT"`
	Owner    string   `help:"Role that sees to it; never a person's name." placeholder:"ROLE"`
	Due      string   `help:"Day by which it is to be met." placeholder:"2026-05-07"`
	Issued   string   `help:"Day on which members were told, or the event was held." placeholder:"2026-05-07"`
	Audience string   `help:"Whom that reached." placeholder:"TEXT"`
	Note     string   `help:"Note; says why where a duty does not apply." placeholder:"TEXT"`
}

func (c *dutyAssessCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	made := duty.Assessment{Point: strings.ToUpper(c.Point), Year: c.Year, Status: c.Status, Proof: c.Proof, Owner: c.Owner, Due: c.Due,
		Issued: c.Issued, Audience: c.Audience, Note: c.Note}
	added, err := d.Assess(con.ctx, con.who(), made)
	if err != nil {
		return err
	}
	if added == 0 {
		con.printf("the record says so already\n")
		return nil
	}
	con.printf("on record: %s in %d is %s\n", made.Point, made.Year, made.Status)
	return nil
}

type dutyExportCommand struct {
	workspace
	Year   int    `help:"Year; the current one when left out." placeholder:"YEAR"`
	Others bool   `help:"For others: without owners, days by which, notes and names."`
	Format string `help:"csv, pdf or odt." enum:"csv,pdf,odt" default:"csv"`
	Lang   string `help:"Language of the words." default:"en"`
	leaving
}

func (c *dutyExportCommand) Run(con *console) error {
	lang, err := language(c.Lang)
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	opt := desk.DutiesFile{Year: c.Year, Others: c.Others, Words: pointWords(lang), Recipient: c.Recipient, Why: c.Why}
	fill := func(w io.Writer) error { return d.WriteDuties(con.ctx, con.who(), w, opt) }
	if c.Format != "csv" {
		duties, err := d.TakeDuties(con.ctx, con.who(), opt, c.Format)
		if err != nil {
			return err
		}
		fill = func(w io.Writer) error { return paper.WriteDuties(w, duties, lang, c.Format) }
	}
	return c.write(con, fill)
}

type dutyImportCommand struct{ statedFile }

func (c *dutyImportCommand) Run(con *console) error {
	return importStated(con, c.statedFile, (*desk.Desk).ImportDuties)
}
