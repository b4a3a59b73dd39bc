package main

import (
	"io"

	"ward/desk"
	"ward/fault"
	"ward/paper"
	"ward/when"
)

type periodCommand struct {
	workspace
	From   string `help:"First day, month or year." required:"" placeholder:"2026-10-01"`
	To     string `help:"Last day, month or year, included." required:"" placeholder:"2026-12-31"`
	Format string `help:"pdf, odt, html, txt or json." enum:"pdf,odt,html,txt,json" default:"txt"`
	Lang   string `help:"Language of the words." default:"en"`
	leaving
}

func (c *periodCommand) Run(con *console) error {
	lang, err := language(c.Lang)
	if err != nil {
		return err
	}
	from, err := when.Parse(c.From)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "--from is no date")
	}
	to, err := when.Parse(c.To)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "--to is no date")
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	period, err := d.TakePeriod(con.ctx, con.who(), from.From(), to.To(), desk.PeriodFile{Format: c.Format, Recipient: c.Recipient, Why: c.Why})
	if err != nil {
		return err
	}
	fill := func(w io.Writer) error { return paper.WritePeriod(w, period, lang, c.Format) }
	return c.write(con, fill)
}
