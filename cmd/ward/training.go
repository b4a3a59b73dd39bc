package main

import (
	"os"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/intake"
	"ward/simulate"
	"ward/when"
)

type trainingCommand struct {
	workspace
	Seed    uint64 `help:"Which invented world." default:"1"`
	Reports int    `help:"How many reports the invented organisations publish in all." default:"600"`
	Reset   bool   `help:"Throw the training space away first, with all that was practised in it, and build it anew."`
}

func (c *trainingCommand) Run(con *console) error {
	place, err := c.place(con)
	if err != nil {
		return err
	}
	if place.Training = true; c.Data == "" {
		return fault.New(fault.Refused, "a training space lies in a directory of its own").Keeping("nothing was made").Do("name one with --data DIR")
	}
	if c.Reset {
		if err := desk.DiscardTraining(con.ctx, place); err != nil {
			return err
		}
	}
	d, err := desk.Open(con.ctx, place)
	if err != nil {
		return err
	}
	defer d.Close()
	filled, err := d.HasAccounts(con.ctx)
	if err != nil {
		return err
	}
	if filled {
		return fault.New(fault.Refused, "this training space is built already").Keeping("it is as it was").Do("serve it with ward serve --data %q, or build it anew with --reset", c.Data)
	}
	dir, err := os.MkdirTemp("", "ward-training-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	world := demoCommand{Seed: c.Seed, Reports: c.Reports}
	if err := world.fill(con, d, dir); err != nil {
		return err
	}
	people, err := fillDesk(con, d)
	if err != nil {
		return err
	}
	con.printf("\nA training space is in %s. Everything in it is invented. Serve it with:\n  ward serve --data %q\n", c.Data, c.Data)
	return tellAccounts(con, d, people, "http://"+defaultListen+"/")
}

// takenDown is an invented report as somebody writes it down today.
func takenDown(l simulate.Letter, today when.Day) intake.Received {
	came := today - when.Day(l.Ago)
	r := intake.Received{Channel: l.Channel, Lang: l.Lang, Mode: l.Mode, Relation: l.Relation, Known: l.Known, Origin: l.Origin, Day: came.String(), Danger: l.Danger,
		Narrative: l.Narrative, What: l.What, Ongoing: l.Ongoing, Country: l.Country, Place: l.Place, Actor: l.Actor, ActorState: l.ActorState, ActorWords: l.ActorWords,
		Needs: l.Needs, Consent: l.Consent, Distressing: l.Distressing, Elsewhere: l.Elsewhere, Note: l.Note}
	if l.Before != nil {
		r.When = (came - when.Day(*l.Before)).String()
	}
	for _, h := range l.Harmed {
		r.Harmed = append(r.Harmed, intake.Harm{Who: h.Who, Kind: h.Kind, Count: h.Count})
	}
	return r
}

// linkLasts is how long the links that are printed can be used.
const linkLasts = 12 * time.Hour
