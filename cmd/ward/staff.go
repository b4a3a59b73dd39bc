package main

import (
	"strings"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/staff"
)

type staffCommand struct {
	List   staffListCommand   `cmd:"" help:"List accounts and invitations."`
	Invite staffInviteCommand `cmd:"" help:"Invite somebody: print the path of a page on which one person makes an account."`
	Revoke staffRevokeCommand `cmd:"" help:"Close an open invitation."`
	Link   staffLinkCommand   `cmd:"" help:"The way back in: print the path of a page that signs an account in once."`

	Restore staffRestoreCommand `cmd:"" help:"Lift a travel lock where there are not two colleagues who could; marked as done by one person only."`
}

type staffListCommand struct{ workspace }

func (c *staffListCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	people, err := d.Accounts(con.ctx, con.who())
	if err != nil {
		return err
	}
	for _, a := range people {
		standing := string(a.Standing)
		if a.Expired(d.Today()) {
			standing = "ended"
		}
		con.printf("%s  %-13s %-30s %s\n", a.ID, standing, a.Name, rolesOf(a.Roles))
	}
	if len(people) == 0 {
		con.printf("Nobody has an account here: everybody at this machine may do everything. Make one with ward staff invite.\n")
	}
	invited, err := d.Invitations(con.ctx, con.who())
	for _, i := range invited {
		con.printf("%s  invitation, %-8s until %s  %s  %s\n", i.ID, i.State(d.Now()), i.Until().Format(time.DateTime), rolesOf(i.Grant.Roles), i.Note)
	}
	return err
}

func rolesOf(roles []access.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

type staffInviteCommand struct {
	workspace
	Roles []string `help:"Roles: triage, caseworker, verifier, analyst, publisher, referrer, investigator, auditor, administrator; all but investigator when left out." name:"role" placeholder:"ROLE"`
	Only  []string `help:"For an investigator: the States to read about, by three letters." placeholder:"ISO3"`
	Until string   `help:"For an investigator: the last day, 2026-06-30." placeholder:"DAY"`
	Note  string   `help:"Whom it is for." placeholder:"TEXT"`
	Days  int      `help:"How many days it is open." default:"7"`
}

func (c *staffInviteCommand) grant() staff.Grant {
	if len(c.Roles) == 0 {
		return staff.First()
	}
	g := staff.Grant{Only: c.Only, Until: c.Until}
	for _, r := range c.Roles {
		g.Roles = append(g.Roles, access.Role(r))
	}
	return g
}

func (c *staffInviteCommand) Run(con *console) error {
	if c.Days < 1 || c.Days > 30 {
		return fault.New(fault.Invalid, "an invitation is open for 1 to 30 days").Keeping("nothing was written")
	}
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	token, err := d.Invite(con.ctx, con.who(), desk.Invite{Grant: c.grant(), Note: c.Note, For: time.Duration(c.Days) * 24 * time.Hour})
	if err != nil {
		return err
	}
	con.printf("/en/join/%s\n", token)
	con.note("Open this path where the workspace is served. It works once, and is not shown again.\n")
	return nil
}

type staffRevokeCommand struct {
	workspace
	ID string `arg:"" help:"Id of the invitation, as ward staff list shows it."`
}

func (c *staffRevokeCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.RevokeInvitation(con.ctx, con.who(), c.ID)
}

type staffLinkCommand struct {
	workspace
	Name string `arg:"" help:"Name of the account."`
}

func (c *staffLinkCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	a, err := named(con, d, c.Name)
	if err != nil {
		return err
	}
	token, err := d.SignInLink(con.ctx, con.who(), a.ID, d.Now().Add(time.Hour))
	if err != nil {
		return err
	}
	con.printf("/en/sign-in/link/%s\n", token)
	con.note("Open this path where the workspace is served, within an hour. It works once, and is not shown again.\n")
	return nil
}

// named finds an account by its name.
func named(con *console, d *desk.Desk, name string) (staff.Account, error) {
	people, err := d.Accounts(con.ctx, con.who())
	if err != nil {
		return staff.Account{}, err
	}
	a, ok := staff.Named(people, name)
	if !ok {
		return a, fault.New(fault.NotFound, "nobody here has this name").Keeping("nothing was changed").Do("look with ward staff list")
	}
	return a, nil
}
