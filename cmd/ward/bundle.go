package main

import (
	"io"

	"ward/desk"
)

type exportBundleCommand struct {
	workspace
	Incident string   `arg:"" help:"Public id of the incident, WRD-..." placeholder:"ID"`
	Show     []string `help:"Fields to show beyond what the public may see and its sources have published; needs --recipient and --why." placeholder:"FIELD"`
	Hide     []string `help:"Fields to leave out; the bundle proves that they exist." placeholder:"FIELD"`
	Files    bool     `help:"Enclose the sources' files as they came."`
	recipient
	Out string `help:"Archive to write." required:"" type:"path" placeholder:"FILE.zip"`
}

func (c *exportBundleCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	opt := desk.BundleOptions{Show: c.Show, Hide: c.Hide, Files: c.Files, To: c.Recipient, Why: c.Why}
	err = writeFile(c.Out, func(w io.Writer) error { return d.Bundle(con.ctx, con.who(), w, c.Incident, opt) })
	if err != nil {
		return err
	}
	con.printf("Written to %s. Anybody can check it with: ward verify %s\n", c.Out, c.Out)
	return nil
}
