package desk

import (
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/commitment"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// Period tells a board what a span of days brought. What stands open or overdue is told as of one day, from what was on record then; only
// the incidents under an audit's cells are those of today.
type Period struct {
	From  when.Day     `json:"-"`
	To    when.Day     `json:"-"` // included
	AsOf  when.Day     `json:"-"` // the last day of the period, or today while it runs
	Parts []PeriodPart `json:"parts"`
}

// PeriodPart is one of new, changed, open, overdue and asked; all five are there, and one without groups says that there is nothing.
type PeriodPart struct {
	Name   string        `json:"part"`
	Groups []PeriodGroup `json:"groups"`
}

// PeriodGroup is what is of one kind. Figures of registers are never added, so that such a group has a count of lines and no sum.
type PeriodGroup struct {
	Name  string       `json:"group"`
	Count int          `json:"count"` // of all its lines
	Lines []PeriodLine `json:"lines"` // the first of them
}

// periodLines is how many lines of a group are shown; the rest is counted.
const periodLines = 12

// PeriodLine is one thing, with the words that its kind has.
type PeriodLine struct {
	Path    []string      `json:"path,omitempty"`  // of its page, without the language
	State   string        `json:"state,omitempty"` // ISO3
	Clause  string        `json:"clause,omitempty"`
	Year    int           `json:"year,omitempty"`
	Name    string        `json:"name,omitempty"` // as on record: a register, a title, an addressee
	Code    string        `json:"code,omitempty"` // what became of it, in the codes of its register
	Day     string        `json:"day,omitempty"`  // ISO 8601
	Figures []PeriodCount `json:"figures,omitempty"`
}

// PeriodCount is one figure under its key.
type PeriodCount struct {
	Key string `json:"key"`
	N   int64  `json:"n"`
}

// PeriodFile says in which form a period's report leaves, to whom and what for; the last two stand in the ledger.
type PeriodFile struct{ Format, Recipient, Why string }

// Period reports on the days from one to another, both included. The fault is Invalid where they end before they begin.
func (d *Desk) Period(ctx context.Context, who access.Actor, from, to when.Day) (Period, error) {
	if err := mayReport(who); err != nil {
		return Period{}, err
	}
	if from > to {
		return Period{}, fault.New(fault.Invalid, "the period ends on %s, before it begins on %s", to, from).Do("name the earlier day first")
	}
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "period"); err != nil {
		return Period{}, err
	}
	p := period{Period: Period{From: from, To: to, AsOf: min(to, d.Today())}, d: d}
	err := d.db.Read(ctx, func(tx *store.Tx) error { return p.fill(ctx, tx) })
	return p.Period, err
}

// TakePeriod is Period for a file that leaves: its line stands in the ledger first.
func (d *Desk) TakePeriod(ctx context.Context, who access.Actor, from, to when.Day, file PeriodFile) (Period, error) {
	p, err := d.Period(ctx, who, from, to)
	if err != nil {
		return p, err
	}
	line := store.Disclosure{To: file.Recipient, Why: file.Why, What: "period " + from.String() + " " + to.String() + " " + file.Format}
	return p, d.disclose(ctx, who, access.AuditFile, line)
}

// mayReport holds to whoever asks all that a report tells of.
func mayReport(who access.Actor) error {
	for _, act := range []access.Act{access.ReadRegisters, access.ReadAudit, access.ReadIncidents} {
		if err := who.May(act); err != nil {
			return err
		}
	}
	return nil
}

// period is a report being put together.
type period struct {
	Period
	d *Desk
}

func (p *period) fill(ctx context.Context, tx *store.Tx) error {
	for _, name := range []string{"new", "changed", "open", "overdue", "asked"} {
		p.Parts = append(p.Parts, PeriodPart{Name: name, Groups: []PeriodGroup{}})
	}
	for _, step := range []func(context.Context, *store.Tx) error{p.imports, p.incidents, p.audits, p.commitments, p.duties, p.statements, p.events, p.facilities} {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// group adds a group to a part; one without lines is left out.
func (p *period) group(part, name string, lines []PeriodLine) {
	if len(lines) == 0 {
		return
	}
	at := slices.IndexFunc(p.Parts, func(x PeriodPart) bool { return x.Name == part })
	p.Parts[at].Groups = append(p.Parts[at].Groups, PeriodGroup{Name: name, Count: len(lines), Lines: lines[:min(len(lines), periodLines)]})
}

// within reports that a moment lies on a day of the period.
func (p *period) within(at time.Time) bool {
	day := when.DayOf(at.UTC())
	return day >= p.From && day <= p.To
}

// known keeps the entries that were on record as of the report's day.
func known[T any](entries []entry.Entry[T], asOf when.Day) []entry.Entry[T] {
	return slices.DeleteFunc(entries, func(e entry.Entry[T]) bool { return when.DayOf(e.At.UTC()) > asOf })
}

// imports lists the imports that were finished.
func (p *period) imports(ctx context.Context, tx *store.Tx) error {
	runs, err := intake.Runs(ctx, tx)
	var lines []PeriodLine
	for _, r := range runs {
		if !r.Finished.IsZero() && p.within(r.Finished) {
			lines = append(lines, PeriodLine{Name: r.Series, Day: dayOf(r.Finished), Figures: []PeriodCount{{"new", int64(r.Progress.New)}, {"changed", int64(r.Progress.Changed)}, {"gone", int64(r.Progress.Gone)}}})
		}
	}
	p.group("new", "imports", lines)
	return err
}

func dayOf(at time.Time) string { return when.DayOf(at.UTC()).String() }

// bound is the least id that can be made on a day or later.
func bound(day when.Day) string {
	const stamp = 10 // characters of a ULID that hold its moment
	return id.New(day.Time())[:stamp]
}

// incidents counts those whose first report came, and those that happened, in the period; one register beside the other.
func (p *period) incidents(ctx context.Context, tx *store.Tx) error {
	came, err := incident.Arrived(ctx, tx, bound(p.From), bound(p.To+1))
	if err != nil {
		return err
	}
	p.arrived(came)
	dated, err := incident.Dated(ctx, tx, p.From, p.To)
	var lines []PeriodLine
	for _, a := range dated {
		if n := len(lines); n == 0 || lines[n-1].Name != a.Namespace {
			lines = append(lines, PeriodLine{Name: a.Namespace, Path: []string{"incidents"}})
		}
		last := &lines[len(lines)-1]
		if a.Incidents > 0 {
			last.Figures = append(last.Figures, PeriodCount{a.Certainty, a.Incidents})
		}
		if a.Perhaps > 0 {
			last.Figures = perhaps(last.Figures, a.Perhaps)
		}
	}
	p.group("new", "dated", lines)
	return err
}

// perhaps adds incidents of the same register whose date only overlaps the period; their figure stands last.
func perhaps(figures []PeriodCount, n int64) []PeriodCount {
	at := slices.IndexFunc(figures, func(c PeriodCount) bool { return c.Key == "perhaps" })
	if at >= 0 {
		n += figures[at].N
		figures = slices.Delete(figures, at, at+1)
	}
	return append(figures, PeriodCount{"perhaps", n})
}

// topStates is how many States are named under each register.
const topStates = 5

// arrived lists each register, and under it the States of which most came.
func (p *period) arrived(came []incident.Arrivals) {
	var lines []PeriodLine
	for len(came) > 0 {
		register := came[0].Namespace
		end := slices.IndexFunc(came, func(a incident.Arrivals) bool { return a.Namespace != register })
		if end < 0 {
			end = len(came)
		}
		sum := int64(0)
		for _, a := range came[:end] {
			sum += a.Incidents
		}
		placed := slices.DeleteFunc(slices.Clone(came[:end]), func(a incident.Arrivals) bool { return a.Country == vocab.NoCountry })
		lines = append(lines, PeriodLine{Name: register, Path: []string{"incidents"}, Figures: []PeriodCount{{"incidents", sum}, {"states", int64(len(placed))}}})
		for _, a := range placed[:min(len(placed), topStates)] {
			lines = append(lines, PeriodLine{Name: register, State: a.Country, Path: []string{"states", a.Country}, Figures: []PeriodCount{{"incidents", a.Incidents}}})
		}
		came = came[end:]
	}
	p.group("new", "arrived", lines)
}

// commitments tells what was graded, what is open and what is past its day.
func (p *period) commitments(ctx context.Context, tx *store.Tx) error {
	all, _, err := p.d.commitmentsOn(ctx, tx, p.AsOf)
	if err != nil {
		return err
	}
	var graded, open, late, never []PeriodLine
	for _, c := range all {
		line := PeriodLine{Path: []string{"commitments", c.ID, c.Addressee}, Clause: c.ID, Name: c.Addressee, Code: c.Status, Day: c.Due}
		for _, s := range c.History {
			if g := s.Body.Grading; g != nil && p.within(s.At) {
				graded = append(graded, PeriodLine{Path: line.Path, Clause: c.ID, Name: c.Addressee, Code: g.Grade, Day: dayOf(s.At)})
			}
		}
		switch {
		case !c.Standing():
		case c.Overdue && c.Status == commitment.Open:
			never = append(never, line)
		case c.Overdue:
			late = append(late, line)
		}
		if c.Standing() && c.Status == commitment.Open {
			open = append(open, line)
		}
	}
	slices.SortStableFunc(open, dueFirst)
	p.group("changed", "graded", graded)
	p.group("open", "commitments", open)
	p.group("overdue", "commitments", late)
	p.group("asked", "ungraded", never)
	return nil
}

// dueFirst puts what has a day first, the earliest day leading.
func dueFirst(a, b PeriodLine) int {
	switch {
	case a.Day == b.Day:
		return 0
	case a.Day == "" || b.Day != "" && b.Day < a.Day:
		return 1
	}
	return -1
}
