package main

import (
	"strings"

	"ward/desk"
	"ward/suitability"
)

type suitabilityCommand struct {
	Show   suitabilityShowCommand   `cmd:"" help:"What is found in a State on the persecution of those who give care, what is not known, and what was decided."`
	Decide suitabilityDecideCommand `cmd:"" help:"Put a decision on an event on record."`
	List   suitabilityListCommand   `cmd:"" help:"Every event with the last word on it."`
}

type suitabilityShowCommand struct {
	workspace
	State string `arg:"" help:"Three-letter ISO code or name."`
	JSON  bool   `help:"Print as JSON." name:"json"`
}

func (c *suitabilityShowCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	got, err := d.Suitability(con.ctx, con.who(), c.State)
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(map[string]any{"state": got.State, "from": got.From, "to": got.To, "found": basisOf(got), "not_known": got.Unknown, "environment": got.Environment, "events": eventsAsData(got.Events)})
	}
	con.printf("%s %d-%d. No score: people decide.\nFound:\n", got.State, got.From, got.To)
	for _, m := range got.Matters {
		con.printf("  %d %s %s (from incidents alone: %s), %d-%d incidents, %d to be decided by people\n", m.Year, m.Clause, m.Outcome, m.Proposed, m.Floor.Low, m.Floor.High, m.ToDecide)
	}
	if len(got.Matters) == 0 {
		con.printf("  nothing; that is not a clean bill\n")
	}
	con.printf("Not known:\n")
	for _, u := range got.Unknown {
		con.printf("  %s in %d of the years\n", u.Clause, len(u.Years))
	}
	if got.Environment == "" {
		con.printf("  how open the State is to those who look\n")
	}
	tellEvents(con, got.Events)
	return nil
}

func basisOf(got desk.Suitability) []suitability.Basis {
	if basis := got.Basis(); basis != nil {
		return basis
	}
	return []suitability.Basis{}
}

func tellEvents(con *console, events []suitability.Event) {
	for _, e := range events {
		b, mark := e.Last.Body, ""
		if b.Alone() {
			mark = " (one person only)"
		}
		con.printf("%s  %s %s: %s%s; %d words on record\n", e.ID, b.State, b.Event, b.Decision, mark, len(e.Words))
	}
}

// eventData is one event as data.
type eventData struct {
	ID    string                 `json:"id"`
	Words []suitability.Decision `json:"words"` // the oldest first
}

func eventsAsData(events []suitability.Event) []eventData {
	out := []eventData{}
	for _, e := range events {
		row := eventData{ID: e.ID}
		for _, w := range e.Words {
			row.Words = append(row.Words, w.Body)
		}
		out = append(out, row)
	}
	return out
}

type suitabilityDecideCommand struct {
	workspace
	State    string   `arg:"" help:"State in which the event is to be held, by its three letters."`
	Decision string   `arg:"" help:"refrain, hold_with_support, hold or undecided." enum:"refrain,hold_with_support,hold,undecided"`
	Event    string   `help:"Name of the event." required:"" placeholder:"NAME"`
	ID       string   `help:"Id of an event on record, for a further word on it." name:"id" placeholder:"ID"`
	When     string   `help:"When it is to be held." placeholder:"2027-05"`
	Date     string   `help:"Day of the decision." placeholder:"2026-05-07"`
	Reasons  string   `help:"Reasons." placeholder:"TEXT"`
	Support  []string `help:"Support to colleagues there; any number of times." sep:"none" placeholder:"TEXT"`
	Role     []string `help:"Role that decided, never a person's name; any number of times." sep:"none" placeholder:"ROLE"`
}

func (c *suitabilityDecideCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	made := suitability.Decision{State: strings.ToUpper(c.State), Event: c.Event, When: c.When, Decision: c.Decision, Date: c.Date, Reasons: c.Reasons, Support: c.Support, Roles: c.Role}
	event, err := d.DecideSuitability(con.ctx, con.who(), c.ID, made)
	if err != nil {
		return err
	}
	con.printf("%s\n", event)
	if made.Alone() {
		con.note("one person only: fewer than two roles decided\n")
	}
	return nil
}

type suitabilityListCommand struct {
	workspace
	State string `help:"Only this State, by its three letters." placeholder:"ISO3"`
	JSON  bool   `help:"Print as JSON." name:"json"`
}

func (c *suitabilityListCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	events, err := d.SuitabilityEvents(con.ctx, con.who(), strings.ToUpper(c.State))
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(eventsAsData(events))
	}
	tellEvents(con, events)
	con.note("%d events\n", len(events))
	return nil
}
