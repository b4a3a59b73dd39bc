package main

import (
	"os"

	"ward/desk"
)

type doctorCommand struct {
	workspace
	JSON  bool `help:"Print as JSON." name:"json"`
	Clear bool `help:"When nothing is red: open a workspace again that stopped because its disk failed, and delete what a crash left."`
}

func (c *doctorCommand) Run(con *console) error {
	place, err := c.place(con)
	if err != nil {
		return err
	}
	line := newProgress(con.err)
	checks, err := desk.Doctor(con.ctx, con.who(), place, desk.DoctorOptions{PassphraseFile: os.Getenv(passphraseFile), Clear: c.Clear, Progress: line.step})
	line.done()
	if err != nil {
		return err
	}
	if c.JSON {
		err = con.json(struct {
			Checks desk.Checks `json:"checks"`
		}{checks})
	} else {
		tellChecks(con, checks)
	}
	if err == nil && checks.Any(desk.Red) {
		err = verified(exitFailed)
	}
	return err
}

// tellChecks prints a line for each check, and under it what to do.
func tellChecks(con *console, checks desk.Checks) {
	for _, c := range checks {
		con.printf("%-9s  %-12s  %s\n", c.Light, c.Name, c.Says)
		if len(c.Found) > 1 {
			for _, f := range c.Found[1:] {
				con.printf("%-9s  %-12s  - %s\n", "", "", f)
			}
		}
		if c.Do != "" {
			con.printf("%-9s  %-12s  To do: %s\n", "", "", c.Do)
		}
	}
}
