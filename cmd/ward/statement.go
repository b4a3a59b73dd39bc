package main

import (
	"io"
	"os"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/paper"
	"ward/statement"
)

type statementCommand struct {
	List       statementListCommand       `cmd:"" help:"The register, what waits longest for an answer first."`
	New        statementNewCommand        `cmd:"" help:"Begin a statement from a text file or a template."`
	Revise     statementReviseCommand     `cmd:"" help:"Put a further draft on record beside the earlier ones."`
	Advance    statementAdvanceCommand    `cmd:"" help:"Take a statement further: review, approved, issued, unanswered, closed, withdrawn, or back to draft."`
	Reply      statementReplyCommand      `cmd:"" help:"Keep what an addressee answered."`
	Letterhead statementLetterheadCommand `cmd:"" help:"Set what stands over and under what is printed."`
	Export     statementExportCommand     `cmd:"" help:"Write a statement as a file; without --recipient the ledger names its addressees."`
}

type statementListCommand struct {
	workspace
	Kind    string `help:"statement, letter, appeal or circular." enum:",statement,letter,appeal,circular" default:""`
	State   string `help:"Only those in this state." enum:",draft,review,approved,issued,answered,unanswered,closed,withdrawn" default:""`
	About   string `help:"Only those that cite a finding on this State, by its three letters." placeholder:"ISO3"`
	Words   string `help:"Only those with these words." placeholder:"TEXT"`
	Overdue bool   `help:"Only those that wait beyond their day."`
	JSON    bool   `help:"Print as JSON." name:"json"`
}

// statementData is one statement as data.
type statementData struct {
	ID          string            `json:"id"`
	State       string            `json:"state"`
	Issued      string            `json:"issued,omitempty"`
	Due         string            `json:"due,omitempty"`
	Overdue     bool              `json:"overdue"`
	OnePerson   bool              `json:"one_person_only"`
	CorrectedBy []string          `json:"corrected_by,omitempty"`
	Draft       statement.Draft   `json:"draft"`
	Cited       []statement.Cited `json:"cited,omitempty"`
	Replies     []statement.Reply `json:"replies,omitempty"`
	Entries     []string          `json:"entries"` // ids of everything on record about it, as ward erase takes them
}

func (c *statementListCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	list, err := d.Statements(con.ctx, con.who(), desk.StatementQuery{Kind: c.Kind, State: c.State, About: strings.ToUpper(c.About), Words: c.Words, Overdue: c.Overdue})
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(statementsAsData(list, d))
	}
	for _, s := range list {
		rest := ""
		if s.Due != "" {
			rest = " [answer by " + s.Due + "]"
		}
		if s.Overdue(d.Today()) {
			rest += " OVERDUE"
		}
		if s.Alone {
			rest += " (one person only)"
		}
		con.printf("%s  %-10s %-9s %s%s\n", s.ID, s.State, s.Draft.Kind, s.Draft.Title, rest)
	}
	con.note("%d statements and letters\n", len(list))
	return nil
}

func statementsAsData(list []statement.Statement, d *desk.Desk) []statementData {
	out := []statementData{}
	for _, s := range list {
		row := statementData{ID: s.ID, State: s.State, Issued: s.Issued(), Due: s.Due, Overdue: s.Overdue(d.Today()), OnePerson: s.Alone, CorrectedBy: s.CorrectedBy, Draft: s.Draft, Cited: s.Cited()}
		for _, r := range s.Replies {
			row.Replies, row.Entries = append(row.Replies, r.Body), append(row.Entries, r.ID)
		}
		for _, e := range s.Drafts {
			row.Entries = append(row.Entries, e.ID)
		}
		for _, e := range s.Steps {
			row.Entries = append(row.Entries, e.ID)
		}
		out = append(out, row)
	}
	return out
}

// draftFlags are the parts of a draft beside its text.
type draftFlags struct {
	Kind     string   `help:"statement, letter, appeal or circular; the template's when left out." enum:",statement,letter,appeal,circular" default:""`
	Title    string   `help:"Title." placeholder:"TEXT"`
	Lang     string   `help:"Language of the text." default:"" placeholder:"CODE"`
	Text     string   `help:"File with the text: plain paragraphs, an empty line between them." type:"path" placeholder:"FILE"`
	Date     string   `help:"Date on it." placeholder:"2026-05-07"`
	To       []string `help:"Addressee; any number of times." sep:"none" placeholder:"NAME"`
	Signed   []string `help:"Signatory; any number of times." sep:"none" placeholder:"NAME"`
	Finding  []string `help:"Finding it cites, as XAA|WMA-ICOME-2022:40|2024; any number of times." sep:"none" placeholder:"CELL"`
	Clause   []string `help:"Clause it rests on; any number of times." sep:"none" placeholder:"CLAUSE"`
	Corrects string   `help:"Id of the issued statement that it corrects." placeholder:"ID"`
}

// maxText is more than any statement holds, in bytes.
const maxText = 1 << 20

// over lays what was given over a draft; a list that is given replaces the one there.
func (f draftFlags) over(d statement.Draft) (statement.Draft, error) {
	for into, value := range map[*string]string{&d.Kind: f.Kind, &d.Title: f.Title, &d.Lang: f.Lang, &d.Date: f.Date, &d.Corrects: f.Corrects} {
		if value != "" {
			*into = value
		}
	}
	for into, list := range map[*[]string][]string{&d.Addressees: f.To, &d.Signatories: f.Signed, &d.Findings: f.Finding, &d.Clauses: f.Clause} {
		if len(list) > 0 {
			*into = list
		}
	}
	if f.Text == "" {
		return d, nil
	}
	file, err := os.Open(f.Text)
	if err != nil {
		return d, fault.Wrap(err, fault.NotFound, "the text cannot be opened")
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxText))
	d.Text = strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
	return d, err
}

type statementNewCommand struct {
	workspace
	Template string `help:"Begin from a template: detained, attack, ministry, rapporteur, solidarity or prohibition." enum:",detained,attack,ministry,rapporteur,solidarity,prohibition" default:""`
	draftFlags
}

func (c *statementNewCommand) Run(con *console) error {
	lang := c.Lang
	if lang == "" {
		lang = "en"
	}
	draft, err := c.over(statement.Begin(c.Template, lang))
	if err != nil {
		return err
	}
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	number, err := d.BeginStatement(con.ctx, con.who(), draft)
	if err != nil {
		return err
	}
	con.printf("%s\n", number)
	if open := draft.Places(); len(open) > 0 {
		con.note("still to be filled in: %s\n", strings.Join(open, "; "))
	}
	return nil
}

type statementReviseCommand struct {
	workspace
	ID string `arg:"" help:"Statement, as ward statement list names it."`
	draftFlags
}

func (c *statementReviseCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	s, err := d.Statement(con.ctx, con.who(), c.ID)
	if err != nil {
		return err
	}
	draft, err := c.over(s.Draft)
	if err != nil {
		return err
	}
	if err := d.ReviseStatement(con.ctx, con.who(), c.ID, draft); err != nil {
		return err
	}
	con.printf("draft %d of %s is on record\n", len(s.Drafts)+1, c.ID)
	return nil
}

type statementAdvanceCommand struct {
	workspace
	ID   string `arg:"" help:"Statement, as ward statement list names it."`
	To   string `arg:"" help:"State it comes to." enum:"draft,review,approved,issued,unanswered,closed,withdrawn"`
	Due  string `help:"With issued: day by which an answer is hoped for." placeholder:"2026-05-07"`
	Note string `help:"Why; a withdrawal needs it." placeholder:"TEXT"`
}

func (c *statementAdvanceCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.AdvanceStatement(con.ctx, con.who(), c.ID, statement.Step{To: c.To, Due: c.Due, Note: c.Note}); err != nil {
		return err
	}
	return tellStatement(con, d, c.ID)
}

// tellStatement says where a statement stands.
func tellStatement(con *console, d *desk.Desk, number string) error {
	s, err := d.Statement(con.ctx, con.who(), number)
	if err != nil {
		return err
	}
	con.printf("%s is in the state %s\n", s.ID, s.State)
	if s.Alone {
		con.note("one person only: whoever approved it also wrote it\n")
	}
	return nil
}

type statementReplyCommand struct {
	workspace
	ID     string `arg:"" help:"Statement, as ward statement list names it."`
	Date   string `help:"Day of the reply." required:"" placeholder:"2026-05-07"`
	From   string `help:"Who replied." required:"" placeholder:"NAME"`
	Grade  string `help:"A largely does what was asked, B in part, C answers and does not, D does not cooperate, E does the contrary." enum:"A,B,C,D,E" required:""`
	Text   string `help:"What it says." placeholder:"TEXT"`
	Source string `help:"Where it can be read." placeholder:"TEXT"`
}

func (c *statementReplyCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	reply := statement.Reply{Date: c.Date, From: c.From, Grade: c.Grade, Text: c.Text, Source: c.Source}
	if err := d.KeepReply(con.ctx, con.who(), c.ID, reply); err != nil {
		return err
	}
	return tellStatement(con, d, c.ID)
}

type statementLetterheadCommand struct {
	workspace
	Name    string   `help:"The association's name." required:"" placeholder:"NAME"`
	Written string   `help:"The name in its other script." placeholder:"NAME"`
	Line    []string `help:"Line of the address; any number of times." sep:"none" placeholder:"TEXT"`
	Foot    []string `help:"Line of the registration; any number of times." sep:"none" placeholder:"TEXT"`
}

func (c *statementLetterheadCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.SetLetterhead(con.ctx, con.who(), statement.Letterhead{Name: c.Name, Written: c.Written, Lines: c.Line, Foot: c.Foot}); err != nil {
		return err
	}
	con.printf("the letterhead is on record\n")
	return nil
}

type statementExportCommand struct {
	workspace
	ID     string `arg:"" help:"Statement, as ward statement list names it."`
	Format string `help:"pdf, odt, html or txt." enum:"pdf,odt,html,txt" default:"pdf"`
	leaving
}

func (c *statementExportCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	file, err := d.TakeStatement(con.ctx, con.who(), c.ID, c.Format, c.Recipient, c.Why)
	if err != nil {
		return err
	}
	fill := func(w io.Writer) error { return paper.WriteLetter(w, file, d.Corpus(), c.Format) }
	return c.write(con, fill)
}
