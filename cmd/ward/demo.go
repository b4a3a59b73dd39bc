package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"

	"ward/audit"
	"ward/desk"
	"ward/seal"
	"ward/simulate"
)

type demoCommand struct {
	Once    bool   `help:"Do all but serve; print the audit's path and leave the directory."`
	Seed    uint64 `help:"Which invented world." default:"1"`
	Reports int    `help:"How many reports the invented organisations publish in all." default:"2000"`
	Listen  string `help:"Loopback address to serve at." default:"127.0.0.1:7766"`
	Open    bool   `help:"Open the browser."`
}

// demoStates are audited: an open State, one that admits nobody, and one whose province is held by others.
var demoStates = []string{"XAA", "XAD", "XAE"}

// demoGuess makes guessing a demo's passphrases cheap: what they keep is invented, and thrown away.
var demoGuess = seal.Cost{Time: 1, MemoryKiB: 8 << 10, Threads: 1}

func (c *demoCommand) Run(con *console) error {
	dir, err := os.MkdirTemp("", "ward-demo-")
	if err != nil {
		return err
	}
	secret := []byte(rand.Text()) // nobody needs to know it: the demo's workspace is thrown away
	d, err := desk.Open(con.ctx, desk.Workspace{Dir: filepath.Join(dir, "workspace"), Passphrase: func(bool) ([]byte, error) { return secret, nil }, Training: true, Cost: demoGuess})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := c.fill(con, d, filepath.Join(dir, "files")); err != nil {
		return err
	}
	people, err := fillDesk(con, d)
	if err != nil {
		return err
	}
	if err := fillFacilities(con, d, demoStates[0]); err != nil {
		return err
	}
	if _, err := d.FlushLog(con.ctx, con.who()); err != nil { // so that what follows can be proved without waiting an hour
		return err
	}
	var path string
	for _, state := range slices.Backward(demoStates) { // the first State's path is printed last
		if path, err = codeAndAudit(con, d, state, dir, c.Seed); err != nil {
			return err
		}
	}
	if err := fillAssociation(con, d, demoStates[0], simulate.LastYear+1); err != nil {
		return err
	}
	proof := filepath.Join(dir, "ward-bundle.zip")
	if err := bundleOf(con, d, demoStates[0], proof); err != nil {
		return err
	}
	if c.Once {
		if err := tellAccounts(con, d, people, "http://"+c.Listen+"/"); err != nil {
			return err
		}
	}
	con.printf("\nOne incident with its proof, for ward verify:\n%s\n", proof)
	con.printf("\nThe audit of an invented State, with the JSON to recheck it beside it:\n%s\n", path)
	if c.Once {
		return nil
	}
	return serve(con, d, c.Listen, func(address string) {
		if err := tellAccounts(con, d, people, address); err != nil {
			con.note("the accounts: %v\n", err)
		}
		con.printf("\nThe pages: %sen/  and in Persian: %sfa/\nStop with Ctrl-C; the directory %s may then be deleted.\n", address, address, dir)
		if c.Open {
			openBrowser(address)
		}
	})
}

// fill writes the invented world as publishers' files and imports them.
func (c *demoCommand) fill(con *console, d *desk.Desk, dir string) error {
	bar := newProgress(con.err)
	files, err := simulate.Write(con.ctx, dir, c.Seed, c.Reports, func(done, total int) { bar.show(int64(done), int64(total), done) })
	bar.done()
	if err != nil {
		return err
	}
	con.printf("An invented world: invented States, organisations and events.\n")
	for _, f := range files {
		if f.Layout == "" {
			continue // the truth and the explanation
		}
		r, err := d.Import(con.ctx, con.who(), filepath.Join(dir, f.Name), desk.ImportOptions{})
		if err != nil {
			return err
		}
		con.printf("  %-16s %5d rows: %d new, %d rejected, %d repeated, %d flagged\n", f.Name, r.Rows, r.New, r.Rejected, r.Duplicates, r.Flagged)
	}
	return nil
}

// codeAndAudit lets invented coders cite and code what was imported, and writes the audit that follows.
func codeAndAudit(con *console, d *desk.Desk, state, dir string, seed uint64) (string, error) {
	years := desk.AuditOptions{From: simulate.FirstYear, To: simulate.LastYear}
	report, err := d.Audit(con.ctx, con.who(), state, years)
	if err != nil {
		return "", err
	}
	if err := importRows(con.ctx, con, d, simulate.Citations(documented(report), seed)); err != nil {
		return "", err
	}
	if report, err = d.Audit(con.ctx, con.who(), state, years); err != nil {
		return "", err
	}
	if err := importRows(con.ctx, con, d, simulate.Codings(proposed(report), seed)); err != nil {
		return "", err
	}
	if report, err = d.Audit(con.ctx, con.who(), state, years); err != nil {
		return "", err
	}
	base := filepath.Join(dir, "TRAINING-ward-audit-"+state)
	for _, format := range []string{"json", "csv", "html"} {
		err := writeFile(base+"."+format, func(w io.Writer) error { return writeAudit(w, report, d.Corpus(), format, "en") })
		if err != nil {
			return "", err
		}
	}
	con.printf("  audit of %s: %d cells in force, %d coded by two people\n", state, report.Summary.InForce, report.Summary.Coded)
	return base + ".html", nil
}

// bundleOf writes the newest incident of a State with its proof.
func bundleOf(con *console, d *desk.Desk, state, path string) error {
	found, err := d.Incidents(con.ctx, con.who(), desk.IncidentQuery{Filters: map[string][]string{"country": {state}}, Desc: true, Limit: 1})
	if err != nil || len(found.Incidents) == 0 {
		return err
	}
	return writeFile(path, func(w io.Writer) error {
		return d.Bundle(con.ctx, con.who(), w, found.Incidents[0].PublicID, desk.BundleOptions{Files: true})
	})
}

func importRows(ctx context.Context, con *console, d *desk.Desk, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	_, err := d.ImportCodings(ctx, con.who(), &b)
	return err
}

// documented is what invented coders may cite: incidents on the State's territory or by its own actors.
func documented(r *audit.Report) (out []simulate.Documented) {
	for _, i := range r.Incidents {
		own := len(i.ActorState) == 1 && i.ActorState[0] == r.State
		if i.Country == r.State || own {
			out = append(out, simulate.Documented{ID: i.ID, State: i.Country, Year: i.Date.Year(), Codes: i.Codes, Certainty: i.Certainty,
				ActorKnown: i.ActorKind != "" && i.ActorKind != "unknown", Own: own})
		}
	}
	return out
}

func proposed(r *audit.Report) (out []simulate.ProposedCell) {
	for _, c := range r.Cells {
		out = append(out, simulate.ProposedCell{State: r.State, Clause: c.Clause, Year: c.Year, Proposed: c.Proposed,
			Open: c.Outcome != audit.NotInForce && c.Binds})
	}
	return out
}
