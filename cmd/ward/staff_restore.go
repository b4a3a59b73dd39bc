package main

import (
	"ward/fault"
	"ward/staff"
)

type staffRestoreCommand struct {
	workspace
	Name string `arg:"" help:"Name of the account."`
}

// Run lifts a travel lock where there are not two colleagues who could: the record says that one person did it.
func (c *staffRestoreCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	a, err := named(con, d, c.Name)
	if err != nil {
		return err
	}
	if a.Standing != staff.TravelLocked {
		return fault.New(fault.NotFound, "nobody here of this name is travel-locked").Keeping("nothing was changed").Do("look with ward staff list")
	}
	token, err := d.RestoreColleague(con.ctx, con.who(), a.ID)
	if err != nil {
		return err
	}
	con.printf("/en/join/%s\n", token)
	con.note("Open this path where the workspace is served, within seven days. It works once, and is not shown again. The record says that one person only lifted the lock.\n")
	return nil
}
