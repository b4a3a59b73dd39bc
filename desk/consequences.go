package desk

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"ward/audit"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
)

// Consequences is what an erasure does and leaves, told before it is done.
type Consequences struct {
	Kind string // KindIncident ...
	ID   string // ULID, or a coding's blind id
	Name string // by which people know it: an incident's public id, else ID

	Reports  int    // that go, each counted once
	Editions int    // of these reports
	Incident string // public id of the incident that a report tells of, or that an entry speaks of
	Emptied  bool   // that incident goes too, for nobody else tells of it; else it is folded anew from what remains

	Stated    int                // what people put on record about the incident, and goes with it
	Citing    []Citing           // assertions that rest on a report taken down here, and stay: each is erased by itself
	Files     int                // that came with a report taken down here, and go
	Handled   int                // entries about how it was handled, which go
	Boxes     int                // sealed contacts of a person or an interpreter, which go
	Contact   string             // id of the sealed contact of its source, which goes
	Rows      int                // of a run: reports that came with it and stay
	Codings   []audit.Stated     // that name the incident, and stay
	Left      []store.Disclosure // ledger lines in which it left by name: their recipients have it
	Lists     []store.Disclosure // ledger lines of whole lists in which it may have left
	Originals []intake.Run       // files that hold it as a row or may, and stay unless they are erased too
	Backups   int                // made since it came, which still hold its key
	Expire    time.Time          // when the newest of these should be gone; zero without any

	incident   incident.Incident
	reports    []intake.Report // whose keys go
	stated     []string        // ids of entries whose keys go
	received   *receivedGone   // what goes with a report that was taken down here
	person     *personGone     // what goes with a person
	cases      *caseGone       // what goes with a case
	evaluation *evaluationGone // what goes with an evaluation
	run        intake.Run
	file       string // blob that goes
}

// backupLife is for how long a backup is kept.
const backupLife = 35 * 24 * time.Hour

// codingID is the form of a coding's id.
var codingID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// consequences finds what an id means and what hangs on it; NotFound when there is no such thing, or none any more.
func consequences(ctx context.Context, tx *store.Tx, named string) (c Consequences, err error) {
	find := []func(context.Context, *store.Tx, string, *Consequences) error{ofIncident, ofReport, ofRun, ofContact, ofReceived, ofCase, ofPerson, ofEvaluation, ofEntry}
	if codingID.MatchString(named) {
		find = find[:0]
		find = append(find, ofCoding)
	}
	for _, of := range find {
		if err = of(ctx, tx, named, &c); err == nil || !fault.Is(err, fault.NotFound) || c.Kind != "" {
			break
		}
	}
	if c.Kind == "" && fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "there is nothing %.40q here that could be erased", named).Keeping("nothing was erased").
			Do("give an incident's public id, or the id of a report, a case, an evaluation, an import run, a coding, a contact or an entry")
	}
	if err != nil {
		return c, err
	}
	if err := c.exits(ctx, tx); err != nil {
		return c, err
	}
	if made, ok := id.Time(c.ID); ok {
		var newest time.Time
		if c.Backups, newest, err = tx.Backups(ctx, made); c.Backups > 0 {
			c.Expire = newest.Add(backupLife)
		}
	}
	return c, err
}

func ofIncident(ctx context.Context, tx *store.Tx, id string, c *Consequences) error {
	inc, err := incident.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	c.Kind, c.ID, c.Name = KindIncident, inc.ID, inc.PublicID
	if inc.Erased {
		return erased(inc.PublicID)
	}
	all, err := intake.Editions(ctx, tx, inc.ID)
	if err != nil {
		return err
	}
	c.takes(inc, all)
	if err := c.takesStated(ctx, tx); err != nil {
		return err
	}
	return c.stays(ctx, tx)
}

// takesStated notes what people put on record about the incident: it goes too.
func (c *Consequences) takesStated(ctx context.Context, tx *store.Tx) error {
	places, err := entry.Places(ctx, tx, c.incident.PublicID)
	c.stated = slices.Sorted(maps.Keys(places))
	c.Stated = len(c.stated)
	return err
}

func ofReport(ctx context.Context, tx *store.Tx, id string, c *Consequences) error {
	found, err := intake.ByID(ctx, tx, []string{id})
	if err != nil {
		return err
	}
	r, ok := found[id]
	if !ok {
		return fault.New(fault.NotFound, "there is no report %q here", id)
	}
	c.Kind, c.ID, c.Name = KindReport, id, id
	if r.Erased {
		return erased(id)
	}
	inc, err := incident.Get(ctx, tx, r.IncidentID)
	if err != nil {
		return err
	}
	editions, err := intake.SameRecord(ctx, tx, r)
	if err != nil {
		return err
	}
	c.takes(inc, editions)
	c.Incident = inc.PublicID
	others, err := intake.OfIncidents(ctx, tx, []string{inc.ID})
	if err != nil {
		return err
	}
	about, err := saidOf(ctx, tx, []incident.Incident{inc})
	if err != nil {
		return err
	}
	c.Emptied = !about[inc.ID].own() && !slices.ContainsFunc(others[inc.ID], func(o intake.Report) bool {
		return !slices.ContainsFunc(c.reports, func(gone intake.Report) bool { return gone.ID == o.ID })
	})
	if c.Emptied {
		if err := c.takesStated(ctx, tx); err != nil {
			return err
		}
	}
	return c.stays(ctx, tx)
}

// takes notes the reports that go; some may have gone before.
func (c *Consequences) takes(inc incident.Incident, editions []intake.Report) {
	c.incident = inc
	for _, r := range editions {
		if r.Erased {
			continue
		}
		c.reports = append(c.reports, r)
		if c.Editions++; !r.Retired {
			c.Reports++
		}
	}
}

// stays finds what else holds or names the reports that go.
func (c *Consequences) stays(ctx context.Context, tx *store.Tx) (err error) {
	if c.Kind == KindIncident || c.Emptied {
		if c.Codings, err = audit.Naming(ctx, tx, c.incident.PublicID); err != nil {
			return err
		}
	}
	runs, err := intake.Runs(ctx, tx)
	for _, run := range runs {
		holds := func(r intake.Report) bool { return r.Series == run.Series && r.RunID <= run.ID && run.ID <= r.SeenRun }
		if !run.Erased && run.Original.Blob != "" && slices.ContainsFunc(c.reports, holds) {
			c.Originals = append(c.Originals, run)
		}
	}
	return err
}

func ofRun(ctx context.Context, tx *store.Tx, id string, c *Consequences) error {
	run, err := intake.RunByID(ctx, tx, id)
	if err != nil {
		return err
	}
	c.Kind, c.ID, c.Name, c.run, c.file = KindRun, id, id, run, run.Original.Blob
	if run.Erased {
		return erased(id)
	}
	c.Rows = run.Progress.New + run.Progress.Changed
	return nil
}

func ofContact(ctx context.Context, tx *store.Tx, id string, c *Consequences) error {
	contact, err := intake.ContactByID(ctx, tx, id)
	if err != nil {
		return err
	}
	c.Kind, c.ID, c.Name = KindContact, id, id
	if contact.Erased {
		return erased(id)
	}
	return nil
}

func ofEntry(ctx context.Context, tx *store.Tx, id string, c *Consequences) error {
	found, err := entry.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	c.Kind, c.ID, c.Name = KindEntry, id, id
	if found.Erased {
		return erased(id)
	}
	if found.Kind != incident.KindStated && found.Kind != incident.KindVerdict {
		c.file, err = entry.FileOf(ctx, tx, found)
		return err
	}
	c.incident, err = incident.Get(ctx, tx, found.Subject)
	c.Incident = c.incident.PublicID
	return err
}

func ofCoding(ctx context.Context, tx *store.Tx, id string, c *Consequences) error {
	have, err := audit.Has(ctx, tx, id)
	if err != nil {
		return err
	}
	if !have {
		return fault.New(fault.NotFound, "there is no coding %q here", id)
	}
	c.Kind, c.ID, c.Name = KindCoding, id, id
	keys, err := tx.Keys(ctx, id)
	if _, ok := keys[id]; err == nil && !ok {
		err = erased(id)
	}
	return err
}

// exits finds the ledger lines in which the subject left, or may have.
func (c *Consequences) exits(ctx context.Context, tx *store.Tx) error {
	const page = 1000
	names := []string{c.ID, c.Name}
	for _, run := range c.Originals { // the file that holds it may have left, sealed or enclosed in another record's bundle
		names = append(names, run.ID)
	}
	if c.Incident != "" {
		names = append(names, c.Incident)
	}
	for offset := 0; ; offset += page {
		lines, err := tx.Disclosures(ctx, offset, page)
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, line := range lines {
			switch {
			case slices.ContainsFunc(strings.Fields(line.Subjects), func(s string) bool { return slices.Contains(names, s) }):
				c.Left = append(c.Left, line)
			case line.Subjects == "" && (c.Kind == KindIncident || c.Kind == KindReport) && c.there(line.At):
				c.Lists = append(c.Lists, line)
			}
		}
	}
}

// there reports whether the subject was in the workspace at a time.
func (c *Consequences) there(at time.Time) bool {
	made, ok := id.Time(c.ID)
	return !ok || !at.Before(made)
}
