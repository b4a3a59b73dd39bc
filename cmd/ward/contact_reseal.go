package main

import (
	"strings"

	"ward/fault"
)

type contactResealCommand struct {
	workspace
	Leaver   string `help:"The officer who leaves." required:"" placeholder:"NAME"`
	Identity string `help:"File with the own key of an officer who stays." aliases:"key" required:"" type:"path" placeholder:"FILE"`
	Officer  string `help:"With which other officer it is shared, where more than one stays." placeholder:"NAME"`
}

func (c *contactResealCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	identity, err := con.identity(c.Identity)
	if err != nil {
		return err
	}
	done, err := d.ResealContacts(con.ctx, con.who(), identity, c.Leaver, c.Officer)
	if err != nil {
		return err
	}
	con.printf("%d contacts are sealed anew; %s opens none of them here any more.\n", done.Done, c.Leaver)
	con.note("note: each opening stands in the ledger, where the other officer sees it; backups made before still hold them as they were until they expire\n")
	if done.Left > 0 {
		return fault.New(fault.Undecided, "%d contacts are still sealed to %s and to %s", done.Left, c.Leaver, strings.Join(done.Keys, ", ")).
			Keeping("what was sealed anew stays so").Do("run this again with their keys")
	}
	return nil
}
