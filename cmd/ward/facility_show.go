package main

import (
	"fmt"
	"io"
	"strings"

	"ward/desk"
	"ward/facility"
)

type facilityShowCommand struct {
	workspace
	facilityDay
	ID   string `arg:"" help:"Id of the facility."`
	JSON bool   `help:"Print as JSON." name:"json"`
}

func (c *facilityShowCommand) Run(con *console) error {
	day, err := c.day()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	s, err := d.Facility(con.ctx, con.who(), c.ID, day)
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(facilityAsData(s))
	}
	con.printf("%s  %s\n%s, %s %s\n", s.ID, s.Name, s.Type, s.State, strings.Join([]string{s.Adm1, s.Place}, " "))
	if s.Deconflicted != "" {
		con.printf("place notified to the parties: %s (leaves by no file)\n", s.Deconflicted)
	}
	con.printf("as of %s: works %s, reached %s, compensation %s", s.Day, said(s.Functionality), said(s.Access), said(s.Compensation))
	if s.Idle.High > 0 {
		con.printf(", %d-%d days without function", s.Idle.Low, s.Idle.High)
	}
	con.printf("\n")
	for _, p := range s.Parts {
		con.printf("  %-10s damage %-10s %s\n", p.Component, said(p.Damage), p.Need.Code)
	}
	for _, e := range s.Entries {
		con.printf("  %s  %s  %s\n", e.Body.Date, e.ID, damageLine(e))
	}
	return nil
}

// facilityAsData is a facility as data: what it is, and each entry with who stated it and when. Whether its place was notified is left out, as
// in every file.
func facilityAsData(s facility.Standing) map[string]any {
	s.Deconflicted = ""
	entries := []map[string]any{}
	for _, e := range s.Entries {
		entries = append(entries, map[string]any{"id": e.ID, "by": e.By, "at": e.At.Format("2006-01-02T15:04:05Z07:00"), "corrected_by": e.Corrected, "states": e.Body})
	}
	return map[string]any{"id": s.ID, "as_of": s.Day.String(), "facility": s.Facility, "functionality": s.Functionality.Code, "access": s.Access.Code,
		"compensation": s.Compensation.Code, "days_without_function": s.Idle, "entries": entries}
}

// damageLine is an entry in one line.
func damageLine(e facility.Entry) string {
	b := e.Body
	var out []string
	for _, x := range [][2]string{{b.Component + " damage", b.Damage}, {"works", b.Functionality}, {"reached", b.Access}, {"lost", strings.Join(b.Services, ", ")},
		{"cause", b.Cause}, {"incident", b.Incident}, {"need", b.Need}, {"compensation", b.Compensation}, {"source", b.Source}, {"corrects", b.Corrects}, {"CORRECTED by", e.Corrected}} {
		if x[1] != "" {
			out = append(out, x[0]+" "+x[1])
		}
	}
	if b.Cost != nil {
		out = append(out, fmt.Sprintf("cost %d-%d %s (prices of %s)", b.Cost.Low, b.Cost.High, b.Cost.Currency, b.Cost.Priced))
	}
	return strings.Join(out, "; ")
}

type facilityReportCommand struct {
	workspace
	facilityDay
	facilityLeaving
	State  string `arg:"" help:"Three-letter ISO code or name."`
	Format string `help:"csv or json: leaves, with a line in the ledger." enum:",csv,json" default:""`
}

func (c *facilityReportCommand) Run(con *console) error {
	day, err := c.day()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if c.Format == "" && c.Out != "" {
		c.Format = "csv"
	}
	if c.Format != "" {
		q := desk.FacilityQuery{State: c.State, On: day}
		return c.write(con, func(w io.Writer) error { return d.ExportFacilityReport(con.ctx, con.who(), w, q, c.file(c.Format)) })
	}
	r, err := d.FacilityReport(con.ctx, con.who(), c.State, day)
	if err == nil {
		tellFacilities(con, r)
	}
	return err
}

// tellFacilities prints a report for reading.
func tellFacilities(con *console, r facility.Report) {
	con.printf("%s as of %s: %d facilities. No score; nothing is inferred.\n", r.State, r.Day, r.Facilities)
	for _, a := range append(r.Axes, r.Compensate) {
		con.printf("  %-14s", a.Name)
		for _, s := range a.Shares {
			con.printf(" %s %d;", s.Code, s.Facilities)
		}
		con.printf(" unstated %d\n", a.Unstated)
	}
	con.printf("Cost of restoring, never added across currencies or dates of prices:\n")
	for _, c := range r.Costs {
		con.printf("  %s, prices of %s: %d to %d for %d components of %d facilities; best values of %d of them: %d\n", c.Currency, c.Priced, c.Low, c.High, c.Components, c.Facilities, c.BestOf, c.Best)
	}
	con.printf("  %d damaged components without a stated cost\n", r.Uncosted)
	for _, p := range r.Paid {
		con.printf("Compensation %s: %d %s for %d facilities\n", p.Status, p.Amount, p.Currency, p.Facilities)
	}
	for _, x := range r.Down {
		con.printf("Without function %d-%d days: %s\n", x.Low, x.High, x.Name)
	}
	for _, n := range r.Needs {
		con.printf("Need: %s %s: %s\n", n.Name, n.Component, n.Words)
	}
	for _, s := range r.Silent {
		since := "nothing was ever stated"
		if s.Since != "" {
			since = "nothing since " + s.Since
		}
		con.printf("Not known: %s (%s)\n", s.Name, since)
	}
}
