package main

import (
	"io"
	"os"

	"ward/audit"
	"ward/desk"
	"ward/fault"
	"ward/paper"
	"ward/policy"
	"ward/web"
)

type auditCommand struct {
	State      auditStateCommand `cmd:"" default:"withargs" help:"Audit one State."`
	All        auditAllCommand   `cmd:"" help:"Audit every State into a directory; afterwards only those that something touched."`
	Check      auditCheckCommand `cmd:"" help:"Rebuild every cell of an audit from its own extract."`
	Reply      auditReplyCommand `cmd:"" help:"Put on record what a State replied, or that it was asked, or did not reply."`
	Indicators struct {
		Import codingsImportCommand `cmd:"" help:"Import codings, steps, ratifications, visits, letters, information grades and replies (docs/indicators-csv.md), all or none."`
	} `cmd:"" help:"What people state for audits."`
}

type auditStateCommand struct {
	workspace
	State  string `arg:"" help:"Three-letter ISO code or name."`
	From   int    `help:"First year; the workspace's first when left out." placeholder:"YEAR"`
	To     int    `help:"Last year; the workspace's last when left out." placeholder:"YEAR"`
	Format string `help:"html, json or csv; pdf or odt for boards." enum:"html,json,csv,pdf,odt" default:"html"`
	Lang   string `help:"Language of the HTML, PDF or ODT: en, fa, fr, es, ar, uk or tr." default:"en"`
	leaving
}

func (c *auditStateCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	report, err := d.Audit(con.ctx, con.who(), c.State, desk.AuditOptions{From: c.From, To: c.To, Leaves: c.Format, Recipient: c.Recipient, Why: c.Why})
	if err != nil {
		return err
	}
	fill := func(w io.Writer) error { return writeAudit(w, report, d.Corpus(), c.Format, c.Lang) }
	return c.write(con, fill)
}

func writeAudit(w io.Writer, report *audit.Report, corpus *policy.Corpus, format, lang string) error {
	switch format {
	case "json":
		return report.WriteJSON(w)
	case "csv":
		return report.WriteCSV(w)
	case "pdf", "odt":
		return paper.WriteAudit(w, report, corpus, lang, format)
	}
	return web.WriteAudit(w, report, corpus, lang)
}

type auditReplyCommand struct {
	workspace
	State  string `arg:"" help:"Three-letter ISO code or name."`
	Value  string `help:"received, none, asked, or the reply's grade A to E." required:"" enum:"received,none,asked,A,B,C,D,E"`
	Date   string `help:"When it came, or when the State was asked." required:"" placeholder:"DATE"`
	Source string `help:"Where it can be read." placeholder:"TEXT"`
	Note   string `help:"What it says, in your words." placeholder:"TEXT"`
	Clause string `help:"Clause that it speaks of; all when left out." placeholder:"ID"`
	Year   int    `help:"Year that it speaks of; all when left out." placeholder:"YEAR"`
	JSON   bool   `help:"Print as JSON." name:"json"`
}

func (c *auditReplyCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	reply := audit.Row{State: c.State, Clause: c.Clause, Year: c.Year, Value: c.Value, Date: c.Date, Source: c.Source, Note: c.Note}
	added, err := d.EnterReply(con.ctx, con.who(), reply)
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(map[string]bool{"added": added})
	}
	con.printf("%s\n", map[bool]string{true: "On record. It stands beside the findings; it changes no count, no certainty and no level.", false: "This reply was on record already."}[added])
	return nil
}

type auditCheckCommand struct {
	File         string `arg:"" help:"Audit written with --format json." type:"path"`
	Policy       string `help:"Which log and which witnesses to believe: lines of log, witness, group and quorum." type:"path" placeholder:"FILE"`
	RequireProof bool   `help:"Fail unless every incident is proved."`
	JSON         bool   `help:"Print as JSON." name:"json"`
}

func (c *auditCheckCommand) Run(con *console) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "the file cannot be opened")
	}
	defer f.Close()
	result, err := audit.Check(f, policy.Load())
	if err != nil {
		return err
	}
	if c.JSON {
		if err := con.json(result); err != nil {
			return err
		}
	} else {
		tellCheck(con, result)
	}
	if !result.Same() {
		return fault.New(fault.Invalid, "the audit does not follow from its own extract, or its extract not from the log")
	}
	if c.RequireProof && result.Proven < result.Incidents {
		return fault.New(fault.Invalid, "%d of %d incidents are not proved", result.Incidents-result.Proven, result.Incidents)
	}
	return c.judge(result)
}

// judge asks the policy whether the audit's log is to be believed.
func (c *auditCheckCommand) judge(r audit.Result) error {
	policy, err := readPolicy(c.Policy)
	if err != nil || policy == nil {
		return err
	}
	if r.Checkpoint == "" {
		return fault.New(fault.Invalid, "the audit carries no proofs for the policy to judge")
	}
	verdict, err := policy.Judge([]byte(r.Checkpoint))
	if err == nil && !verdict.Quorum {
		err = fault.New(fault.Invalid, "too few witnesses cosigned the audit's checkpoint: the policy asks for %s", verdict.Needed)
	}
	return err
}

// tellCheck says "same", or which cells and parts differ.
func tellCheck(con *console, r audit.Result) {
	for _, version := range r.Versions {
		con.note("note: %s\n", version)
	}
	for _, n := range r.NotCompared {
		con.note("not compared: %s\n", n)
	}
	if r.Same() {
		con.printf("same: %d cells of %s %d-%d rebuilt from %d incidents; %d of %d incidents proved against the log\n",
			r.Cells, r.State, r.From, r.To, r.Incidents, r.Proven, r.Incidents)
		return
	}
	for _, d := range r.Differ {
		con.printf("%s\n", d)
	}
}

type codingsImportCommand struct{ statedFile }

func (c *codingsImportCommand) Run(con *console) error {
	return importStated(con, c.statedFile, (*desk.Desk).ImportCodings)
}
