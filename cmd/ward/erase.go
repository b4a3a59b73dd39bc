package main

import (
	"errors"
	"fmt"
	"io"

	"ward/desk"
	"ward/fault"
	"ward/store"
)

type eraseCommand struct {
	workspace
	Subject string `arg:"" help:"An incident's public id, or the id of a report, a person, a case, an evaluation, an import run, a coding or a contact." placeholder:"SUBJECT"`
	Reason  string `help:"Class of reason, which the log shows to everybody: consent_withdrawn, error, court_order or other." enum:"consent_withdrawn,error,court_order,other" default:"other" placeholder:"CLASS"`
	Yes     bool   `help:"Do it without asking to type the id again."`
}

func (c *eraseCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	will, err := d.Consequences(con.ctx, con.who(), c.Subject)
	if err != nil {
		return err
	}
	tellConsequences(con, will)
	if !c.Yes {
		if err := con.again(will.Name); err != nil {
			return err
		}
	}
	done, err := d.Erase(con.ctx, con.who(), c.Subject, c.Reason)
	if err != nil {
		return err
	}
	tellLevels(con, done)
	return nil
}

// again asks for a name to be typed once more.
func (c *console) again(name string) error {
	typed, err := c.line(fmt.Sprintf("This cannot be undone. Type %s to erase it: ", name))
	switch {
	case errors.Is(err, io.EOF):
		return fault.New(fault.Undecided, "nobody typed the id again").Keeping("nothing was erased").Do("type it, or give --yes")
	case err == nil && typed != name:
		return fault.New(fault.Undecided, "what was typed is not the id").Keeping("nothing was erased").Do("run the command again")
	}
	return err
}

// tellConsequences says everything that an erasure does and leaves, before it is done.
func tellConsequences(con *console, c desk.Consequences) {
	con.printf("Erasing %s %s destroys:\n", c.Kind, c.Name)
	switch c.Kind {
	case desk.KindIncident:
		con.printf("  the incident and its reports (%d, in %d editions)\n", c.Reports, c.Editions)
	case desk.KindReport:
		con.printf("  the report in every edition (%d)\n", c.Editions)
		if c.Emptied {
			con.printf("  its incident %s as well, of which no other report tells\n", c.Incident)
		} else {
			con.printf("  what incident %s had from it: the incident is folded anew from its other reports\n", c.Incident)
		}
	case desk.KindRun:
		con.printf("  the original file, and the rows of it that were rejected\n")
	case desk.KindCoding:
		con.printf("  the coding\n")
	case desk.KindContact:
		con.printf("  the contact; no officer can open it any more\n")
	case desk.KindReceived:
		con.printf("  the report as it was taken down, what was done with it (%d entries) and its files (%d)\n", c.Handled, c.Files)
		if c.Contact != "" {
			con.printf("  the sealed contact of its source\n")
		}
	case desk.KindCase:
		con.printf("  the case with everything recorded on it (%d entries) and its files (%d); the people whom it is about stay\n", c.Handled, c.Files)
	case desk.KindPerson:
		con.printf("  the person with names, story, consent, evaluations and packages (%d entries), their files (%d) and sealed contacts (%d); the cases and referrals about them stay\n", c.Handled, c.Files, c.Boxes)
	case desk.KindEvaluation:
		con.printf("  the evaluation with everything recorded in it (%d entries), its photographs (%d) and the sealed names of interpreters (%d); the person stays\n", c.Handled, c.Files, c.Boxes)
	case desk.KindEntry:
		con.printf("  the entry; what its register says without it follows from the others\n")
	}
	con.printf("It leaves:\n")
	tellRemaining(con, c)
	con.printf("  in the log a leaf that nobody can open, and one that tells everybody the day and the class of reason\n")
}

func tellRemaining(con *console, c desk.Consequences) {
	if c.Rows > 0 {
		con.printf("  %d reports that came with the file: each is erased by itself\n", c.Rows)
	}
	for _, x := range c.Citing {
		con.printf("  what incident %s has from it about %s: ward erase %s\n", x.Incident, x.Field, x.Entry)
	}
	for _, x := range c.Codings {
		con.printf("  coding %s (%s %s %s %d), which names it\n", x.ID, x.Kind, x.State, x.Clause, x.Year)
	}
	for _, x := range c.Originals {
		con.printf("  the original file of import %s of %s, which holds it as a row or may: ward erase %s\n", x.ID, x.Started.Format("2006-01-02"), x.ID)
	}
	for _, x := range c.Left {
		con.printf("  what left on %s: %s\n", x.At.Format("2006-01-02"), exitWords(x))
	}
	for _, x := range c.Lists {
		con.printf("  what may have left in a list on %s: %s\n", x.At.Format("2006-01-02"), exitWords(x))
	}
	if c.Backups > 0 {
		con.printf("  %d backups that still hold its key, the newest until about %s\n", c.Backups, c.Expire.Format("2006-01-02"))
	}
}

// exitWords tells by which way something left and to whom, so that they can be asked to destroy it too.
func exitWords(x store.Disclosure) string {
	to := x.To
	if to == "" {
		to = "nobody named"
	}
	return fmt.Sprintf("%s (%s), to %s, by %s", x.Exit, x.What, to, x.Who)
}

// tellLevels says how far the erasure reaches.
func tellLevels(con *console, e desk.Erased) {
	con.printf("Erased: %s %s.\n", e.Kind, e.Name)
	remains(con, e.Left)
	con.printf("Level 1, now: its keys are destroyed in this workspace; pages, searches, exports and imports know it no more.\n")
	if e.Backups > 0 {
		con.printf("Level 2, by about %s: the backups that hold its keys expire. Until then, restoring one erases it again before anybody works.\n", e.Expire.Format("2006-01-02"))
	} else {
		con.printf("Level 2: no backup is known that holds its keys. Copies of the disk that somebody made by other means are not known here.\n")
	}
	con.printf("Level 3, when you will: whoever has an old copy and the passphrase or shares of that time still opens it. Replace them: ward key rotate --passphrase, then ward key share\n")
}
