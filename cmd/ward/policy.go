package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ward/fault"
	"ward/policy"
	"ward/when"
)

type policyCommand struct {
	List   policyListCommand   `cmd:"" help:"List the norms as they stood on a day."`
	Show   policyShowCommand   `cmd:"" help:"Show one norm: its life and its clauses."`
	Import policyImportCommand `cmd:"" help:"Read texts of norms: lives, clauses, recommendations."`
}

type policyListCommand struct {
	workspace
	Kept bool   `help:"List the texts that this workspace keeps instead of the corpus."`
	AsOf string `help:"Day, 2017-06-01; today when left out." name:"as-of" placeholder:"DAY"`
	JSON bool   `help:"Print as JSON." name:"json"`
}

// standingRow is one norm on one day, as printed.
type standingRow struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	State   string `json:"state"`
	Since   string `json:"since"`
	Last    string `json:"last_event"`
	Earlier bool   `json:"earlier_wording"`
	Clauses int    `json:"clauses"`
}

func (c *policyListCommand) Run(con *console) error {
	if c.Kept {
		return c.kept(con)
	}
	day := when.DayOf(time.Now().UTC()) // records are dated in UTC
	if c.AsOf != "" {
		d, err := when.Parse(c.AsOf)
		if err != nil {
			return err
		}
		day = d.To()
	}
	rows := []standingRow{}
	for _, s := range policy.Load().AsOf(day) {
		rows = append(rows, standingRow{s.Norm.ID, s.Title, s.State, s.Since.String(), s.Last.Event, s.Earlier, len(s.Norm.Clauses)})
	}
	if c.JSON {
		return con.json(rows)
	}
	con.printf("Norms as of %s\n", day)
	for _, r := range rows {
		con.printf("%-10s %-10s %-24s %s\n", r.State, r.Since, r.ID, r.Title)
	}
	return nil
}

func (c *policyListCommand) kept(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	kept, err := d.Texts(con.ctx, con.who())
	if err != nil {
		return err
	}
	texts := make([]policy.Text, len(kept))
	for i, k := range kept {
		texts[i] = k.Text
	}
	return tellTexts(con, texts, c.JSON)
}

type policyShowCommand struct {
	Norm string `arg:"" help:"Id of a norm or clause, such as WMA-TOKYO-2016 or CIHL:R28."`
	JSON bool   `help:"Print as JSON." name:"json"`
}

func (c *policyShowCommand) Run(con *console) error {
	corpus := policy.Load()
	norm, ok := corpus.Norm(c.Norm)
	if clause, isClause := corpus.Clause(c.Norm); !ok && isClause {
		norm, ok = corpus.Norm(clause.Norm)
		norm.Clauses = []policy.Clause{clause}
	}
	if !ok {
		return fault.New(fault.NotFound, "the corpus has no norm %q", c.Norm).Do("find its id with ward policy list")
	}
	if c.JSON {
		return con.json(norm)
	}
	con.printf("%s  %s\n%s, %s; speaks to: %s\n", norm.ID, norm.Title, norm.Issuer, norm.Force, norm.Addressee)
	for _, e := range norm.Events {
		con.printf("  %s %s\n", eventDate(e), strings.TrimSpace(e.Event+" "+e.As+" "+e.Place))
	}
	for _, cl := range norm.Clauses {
		mark := ""
		if !cl.Confirmed {
			mark = " (from memory: confirm against the instrument)"
		}
		con.printf("  %s since %d%s\n    %s\n", cl.ID, cl.Since, mark, cl.Summary)
	}
	return nil
}

func eventDate(e policy.Event) string {
	if e.Month == 0 {
		return fmt.Sprintf("%04d   ", e.Year)
	}
	return fmt.Sprintf("%04d-%02d", e.Year, e.Month)
}

type policyImportCommand struct {
	workspace
	Files []string `arg:"" help:"Text files, each with one text or several." type:"path"`
	Keep  bool     `help:"Keep lives, clause hashes and recommendations in the workspace; never the words."`
	JSON  bool     `help:"Print as JSON." name:"json"`
}

func (c *policyImportCommand) Run(con *console) error {
	all := []policy.Text{}
	for _, path := range c.Files {
		texts, err := readTexts(path)
		if err != nil {
			return err
		}
		all = append(all, texts...)
	}
	if c.Keep {
		if err := c.keep(con, all); err != nil {
			return err
		}
	}
	return tellTexts(con, all, c.JSON)
}

func tellTexts(con *console, texts []policy.Text, asJSON bool) error {
	if asJSON {
		return con.json(texts)
	}
	for _, t := range texts {
		con.printf("%s #%d  %s\n  %d steps of life, %d clauses, %d recommendations, %d passages unread\n", t.File, t.Index, t.TitleGuess,
			len(t.Life), len(t.Clauses), len(t.Recommendations), len(t.Unread))
	}
	return nil
}

func readTexts(path string) ([]policy.Text, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "the file cannot be opened")
	}
	defer f.Close()
	return policy.Import(filepath.Base(path), io.Reader(f))
}

func (c *policyImportCommand) keep(con *console, all []policy.Text) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	added, err := d.KeepTexts(con.ctx, con.who(), all)
	if err == nil {
		con.note("%d texts kept, %d were there already\n", added, len(all)-added)
	}
	return err
}
