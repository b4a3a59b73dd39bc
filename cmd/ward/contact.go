package main

import (
	"errors"
	"io"
	"strings"

	"ward/desk"
)

type contactCommand struct {
	Put  contactPutCommand  `cmd:"" help:"Seal who a source is, and how to reach them, to two officers."`
	List contactListCommand `cmd:"" help:"List of which series there is a contact, and whose keys open it."`

	Reseal contactResealCommand `cmd:"" help:"Seal anew what an officer who leaves could open, with the key of one who stays."`
}

type contactPutCommand struct {
	workspace
	Series  string   `arg:"" help:"The source's series, such as sind."`
	Officer []string `help:"To which two officers, where more are named." placeholder:"NAME" sep:"none"`
}

func (c *contactPutCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	officers, err := d.ContactOfficers(con.ctx, con.who(), c.Officer)
	if err != nil {
		return err
	}
	typed, err := con.contact()
	if err != nil {
		return err
	}
	id, err := d.PutContact(con.ctx, con.who(), c.Series, typed, officers)
	if err != nil {
		return err
	}
	con.printf("%s\n", id)
	con.note("Sealed to %s and %s; nobody else can open it, this workspace least of all.\n", officers[0].Name, officers[1].Name)
	return nil
}

// contact reads lines "name: ...", "reach: ..." and "note: ..."; at a terminal it asks for each, and for nothing else.
func (c *console) contact() (desk.SourceContact, error) {
	if !c.terminal() {
		return desk.ReadContact(c.in)
	}
	var lines strings.Builder
	for _, field := range []string{"name", "reach", "note"} {
		line, err := c.line(field + ": ")
		if err != nil && !errors.Is(err, io.EOF) {
			return desk.SourceContact{}, err
		}
		lines.WriteString(field + ": " + line + "\n")
	}
	return desk.ReadContact(strings.NewReader(lines.String()))
}

type contactListCommand struct {
	workspace
	JSON bool `help:"Print as JSON." name:"json"`
}

// contactRow is a contact as printed: nothing of what it says.
type contactRow struct {
	ID       string   `json:"id"`
	Series   string   `json:"series"`
	Day      string   `json:"day"`
	Officers []string `json:"officers"`
	Erased   bool     `json:"erased,omitempty"`
}

func (c *contactListCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	list, err := d.Contacts(con.ctx, con.who())
	if err != nil {
		return err
	}
	rows := []contactRow{}
	for _, x := range list {
		rows = append(rows, contactRow{x.ID, x.Series, x.At.Format("2006-01-02"), x.Officers, x.Erased})
	}
	if c.JSON {
		return con.json(rows)
	}
	for _, r := range rows {
		state := strings.Join(r.Officers, ", ")
		if r.Erased {
			state = "erased"
		}
		con.printf("%s  %s  %-12s %s\n", r.ID, r.Day, r.Series, state)
	}
	return nil
}
