package main

import (
	"slices"

	"ward/desk"
	"ward/fault"
	"ward/witness"
)

type restoreCommand struct {
	workspace
	File         string   `arg:"" help:"The backup, ward-<time>.age." type:"path"`
	Identity     []string `help:"File with the key of an officer, or of whom it was sealed to; without, the workspace's passphrase opens it." type:"path" sep:"none" placeholder:"FILE"`
	Shares       bool     `help:"Unlock the workspace with two key shares instead of its passphrase."`
	Tombstones   string   `help:"List of what was erased since; without, the file tombstones beside the backup." type:"path" placeholder:"FILE"`
	NoTombstones bool     `help:"Restore although nobody can tell what was erased since."`
	Damaged      bool     `help:"Restore although records are not as they were journalled; each is named."`
	JSON         bool     `help:"Print as JSON." name:"json"`
}

func (c *restoreCommand) Run(con *console) error {
	if c.Data == "" {
		return fault.New(fault.Invalid, "no new directory was named").Keeping("nothing was restored").Do("name one with --data NEWDIR")
	}
	place, err := c.place(con)
	if err != nil {
		return err
	}
	opt := desk.RestoreOptions{File: c.File, Tombstones: c.Tombstones, NoTombstones: c.NoTombstones, Damaged: c.Damaged}
	for _, path := range c.Identity {
		id, err := con.identity(path)
		if err != nil {
			return err
		}
		opt.Identities = append(opt.Identities, id)
	}
	if c.Shares {
		opt.Shares = con.twoShares
	}
	line := newProgress(con.err)
	opt.Progress = line.step
	r, err := desk.Restore(con.ctx, con.who(), place, opt)
	line.done()
	if err != nil {
		return err
	}
	if r.Before {
		con.note("note: everything was in its place already, only the end had been broken off: see ward doctor\n")
		return nil
	}
	if c.JSON {
		return con.json(map[string]any{"at": r.At, "origin": r.Origin, "rows": r.Rows, "erased_again": r.Replayed, "rollback": r.Rollback, "checks": r.Checks})
	}
	tellRestored(con, c, r)
	return nil
}

func tellRestored(con *console, c *restoreCommand, r desk.Restored) {
	if r.Checks.Any(desk.Red) {
		con.note("note: not all of it is as it was journalled:\n")
		tellChecks(con, slices.DeleteFunc(slices.Clone(r.Checks), func(x desk.Check) bool { return x.Light != desk.Red }))
	}
	con.printf("Restored as of %s: %d reports, %d incidents, %d journal rows.\n", r.At.Format("2006-01-02 15:04 MST"), r.Rows["report"], r.Rows["incident"], r.Rows["journal"])
	switch {
	case r.Replayed > 0:
		con.printf("%d subjects that were erased since were erased again.\n", r.Replayed)
	case r.List == "":
		con.note("note: no newer list of tombstones was there; what was erased after the backup is back\n")
	default:
		con.printf("Nothing on the list of what was erased came back; the list is as new as the file that held it.\n")
	}
	for _, a := range r.Witnesses {
		switch a.Outcome {
		case witness.Cosigned:
			con.printf("Witness %s knows this log as it is here.\n", a.Name)
		case witness.RolledBack:
		default:
			con.note("note: witness %s: %s\n", a.Name, a.Err)
		}
	}
	if r.NewKey {
		con.note("note: this workspace witnesses other logs; it may have cosigned more than it knows of now, so it does so with a new key: ward witness prints it, for the keepers of those logs\n")
	}
	if r.Rollback == nil {
		con.printf("The workspace that this backup was made of must not be used any more: two that both write would show two histories of one log.\n")
		con.printf("Next: ward serve --data %s\n", c.Data)
		return
	}
	con.printf("The workspace is read-only: %s. What was done in between is not in this backup.\n", r.Rollback)
	con.printf("If a newer backup, or the old disk, can be had, restore that. If not, a person accepts the loss, which the log will say openly:\n  ward log accept-rollback --yes --data %s\n", c.Data)
}

type logAcceptCommand struct {
	workspace
	Yes bool `help:"Yes: nothing newer can be had, and the log shall say so."`
}

func (c *logAcceptCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	why, err := d.ReadOnly(con.ctx)
	if err != nil {
		return err
	}
	if why != "" && !c.Yes {
		return fault.New(fault.Undecided, "%s; what lies between is lost when this is accepted", why).Keeping("nothing was changed").
			Do("look for a newer backup first; when there is none, add --yes")
	}
	r, err := d.AcceptRollback(con.ctx, con.who())
	if err != nil {
		return err
	}
	con.printf("Accepted: the log says openly that it goes on from %d leaves, although %d were seen. The workspace takes writes again.\n", r.Size, r.Seen)
	con.note("note: a witness that saw more will not cosign this log again: it must not forget. Ask its keeper, and others, for a new start under a new name of the log\n")
	return nil
}
