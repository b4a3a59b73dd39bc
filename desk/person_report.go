package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/person"
	"ward/store"
	"ward/when"
)

// Classes of what is held on somebody and not shown to them, because it would endanger somebody else (design.md 10.11).
const (
	WithheldSource = "source" // who reported, and what they said in confidence
	WithheldTeam   = "team"   // who of the association works on it, and the team's notes
	WithheldOthers = "others" // other people in the same cases
	WithheldSealed = "sealed" // ways to reach them: sealed to two officers, who alone can open it
)

// PersonReport is the answer to "what do you hold on me, who got it" (M12). Nobody else is named in it, nor who reported anything.
type PersonReport struct {
	Person     string          `json:"person"` // id
	Made       time.Time       `json:"made"`
	Since      time.Time       `json:"since"` // when the record was begun
	Pseudonym  string          `json:"pseudonym"`
	Names      []ReportName    `json:"names,omitempty"`
	Held       person.Made     `json:"held"`
	Outcomes   []ReportOutcome `json:"outcomes,omitempty"`
	Counts     []ReportCount   `json:"counts,omitempty"`
	Cases      []ReportCase    `json:"cases,omitempty"`
	Consents   []ReportConsent `json:"consents,omitempty"`
	Documents  []ReportCase    `json:"evaluations,omitempty"`
	Asked      []ReportAsked   `json:"corrections,omitempty"`
	Left       []ReportLeft    `json:"disclosures,omitempty"`
	Ledger     []ReportLine    `json:"ledger,omitempty"`
	Withheld   []ReportClass   `json:"withheld,omitempty"`
	Backups    int             `json:"backups"`                // copies made since, which hold it
	BackupsEnd *time.Time      `json:"backups_end,omitempty"`  // when the newest of them should be gone
	Former     []ReportName    `json:"former_names,omitempty"` // that were corrected
}

// ReportName is a name in a script.
type ReportName struct {
	Script string `json:"script"`
	Text   string `json:"text"`
}

// ReportOutcome is what became of them, without who said it.
type ReportOutcome struct {
	Code      string `json:"code"`
	When      string `json:"when,omitempty"`
	Country   string `json:"country,omitempty"`
	Place     string `json:"place,omitempty"`
	Authority string `json:"authority,omitempty"`
	Law       string `json:"law,omitempty"`
	Charge    string `json:"charge,omitempty"`
}

// ReportCount is how a register counts them.
type ReportCount struct {
	Register string           `json:"register"`
	Counted  []person.Counted `json:"counted,omitempty"`
}

// ReportCase is a case or an evaluation: its kind, how it stands, since when.
type ReportCase struct {
	ID    string    `json:"id"`
	Kind  string    `json:"kind"`
	State string    `json:"state"`
	Since time.Time `json:"since"`
}

// ReportConsent is an answer that they gave.
type ReportConsent struct {
	Answer     string   `json:"answer"`
	State      string   `json:"state"`
	Giver      string   `json:"giver"`
	Given      string   `json:"given"`
	Last       string   `json:"last_day,omitempty"`
	Purposes   []string `json:"purposes,omitempty"`
	Recipients []string `json:"recipients,omitempty"`
	Classes    []string `json:"classes,omitempty"`
}

// ReportAsked is a correction that they asked for.
type ReportAsked struct {
	Field   string    `json:"field"`
	Asked   string    `json:"asked"`
	At      time.Time `json:"at"`
	Settled string    `json:"settled,omitempty"`
	Why     string    `json:"why,omitempty"`
}

// ReportLeft is what left about them, to whom and until when.
type ReportLeft struct {
	ID       string   `json:"id"`
	Referral string   `json:"referral,omitempty"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Purpose  string   `json:"purpose"`
	Basis    []string `json:"basis,omitempty"`
	Fields   []string `json:"fields,omitempty"`
	Classes  []string `json:"classes,omitempty"`
	Until    string   `json:"until,omitempty"`
	Revoked  bool     `json:"revoked,omitempty"`
}

// ReportLine is a line of the ledger that names them.
type ReportLine struct {
	At   time.Time `json:"at"`
	Exit string    `json:"exit"`
	To   string    `json:"to,omitempty"`
	Why  string    `json:"why,omitempty"`
}

// ReportClass is what is held and withheld from them, and why.
type ReportClass struct {
	Class string `json:"class"`
	Count int    `json:"count,omitempty"`
}

// PersonReport gathers what is held on somebody for who works on their case; that it was read stands in the access log.
func (d *Desk) PersonReport(ctx context.Context, who access.Actor, personID string) (r PersonReport, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		r, err = d.personReport(ctx, tx, who, personID)
		return err
	})
	if err == nil {
		err = d.read(ctx, who, access.ReadCases, access.Page, "report on "+personID)
	}
	if err != nil {
		return PersonReport{}, err
	}
	return r, nil
}

// TakePersonReport is PersonReport on its way out: its line stands in the ledger before it leaves. To says who gets it: the person or who speaks for them.
func (d *Desk) TakePersonReport(ctx context.Context, who access.Actor, personID, to, format string) (r PersonReport, err error) {
	if r, err = d.PersonReport(ctx, who, personID); err != nil {
		return r, err
	}
	if to != person.Self && to != person.Proxy {
		return PersonReport{}, fault.New(fault.Invalid, "who gets it is missing").Keeping("nothing left").Do("say whether the person gets it, or somebody who speaks for them")
	}
	return r, d.disclose(ctx, who, access.OwnFile, store.Disclosure{Records: 1, To: to, What: "report per person " + format, Subjects: personID})
}

func (d *Desk) personReport(ctx context.Context, tx *store.Tx, who access.Actor, personID string) (r PersonReport, err error) {
	p, err := d.onPerson(ctx, tx, who, access.ReadCases, personID)
	if err != nil {
		return r, err
	}
	r = PersonReport{Person: personID, Made: tx.Now(), Pseudonym: p.Pseudonym, Held: p.Made}
	r.Since, _ = id.Time(personID)
	r.Held.Why = "" // the team's own words
	r.story(p)
	for _, part := range []func(context.Context, *store.Tx, *Desk) error{r.cases, r.consents, r.documents, r.exits, r.formerNames} {
		if err := part(ctx, tx, d); err != nil {
			return r, err
		}
	}
	var newest time.Time
	if r.Backups, newest, err = tx.Backups(ctx, r.Since); r.Backups > 0 {
		end := newest.Add(backupLife)
		r.BackupsEnd = &end
	}
	if p.Box != "" {
		r.Withheld = append(r.Withheld, ReportClass{WithheldSealed, 1})
	}
	return r, err
}

// story tells what the record itself says.
func (r *PersonReport) story(p person.Person) {
	sources := 0
	for _, n := range p.Names {
		r.Names = append(r.Names, ReportName{n.Body.Script, n.Body.Text})
	}
	for _, e := range p.Outcomes {
		o := e.Body
		r.Outcomes = append(r.Outcomes, ReportOutcome{o.Code, o.When, o.Country, o.Place, o.Authority, o.Law, o.Charge})
		if o.Source != "" {
			sources++
		}
	}
	for _, register := range person.Registers() {
		if counted := person.Counts(register, p.Outcomes); len(counted) > 0 {
			r.Counts = append(r.Counts, ReportCount{register, counted})
		}
	}
	for _, a := range p.Asked() {
		line := ReportAsked{Field: a.Body.Field, Asked: a.Body.Asked, At: a.At}
		if a.Settled != nil {
			line.Settled, line.Why = a.Settled.Body.Settled, a.Settled.Body.Why
		}
		r.Asked = append(r.Asked, line)
	}
	if sources > 0 {
		r.Withheld = append(r.Withheld, ReportClass{WithheldSource, sources})
	}
}

func (r *PersonReport) cases(ctx context.Context, tx *store.Tx, d *Desk) error {
	tops, err := d.casesOfPerson(ctx, tx, r.Person)
	others := 0
	for _, t := range tops {
		r.Cases = append(r.Cases, ReportCase{t.ID, t.Kind, t.State, t.Since})
		others += len(slices.DeleteFunc(slices.Clone(t.persons), func(p string) bool { return p == r.Person }))
	}
	if len(tops) > 0 {
		r.Withheld = append(r.Withheld, ReportClass{Class: WithheldTeam})
	}
	if others > 0 {
		r.Withheld = append(r.Withheld, ReportClass{WithheldOthers, others})
	}
	return err
}

func (r *PersonReport) consents(ctx context.Context, tx *store.Tx, _ *Desk) error {
	e, err := consentsOf(ctx, tx, r.Person)
	for _, s := range e.Standings(when.DayOf(tx.Now())) {
		b := s.Body
		r.Consents = append(r.Consents, ReportConsent{Answer: b.Answer, State: s.State, Giver: b.Giver, Given: b.Given, Last: s.Last, Purposes: b.Purposes, Recipients: b.Recipients, Classes: b.Classes})
	}
	return err
}

func (r *PersonReport) documents(ctx context.Context, tx *store.Tx, _ *Desk) error {
	list, err := evaluationsOf(ctx, tx, r.Person)
	for _, e := range list {
		r.Documents = append(r.Documents, ReportCase{ID: e.ID, Kind: "evaluation", State: e.State, Since: e.Since})
	}
	return err
}

// exits are the disclosures about them and the ledger's lines that name them.
func (r *PersonReport) exits(ctx context.Context, tx *store.Tx, _ *Desk) (err error) {
	if r.Left, err = leftAbout(ctx, tx, r.Person); err != nil {
		return err
	}
	const page = 1000
	for offset := 0; ; offset += page {
		lines, err := tx.Disclosures(ctx, offset, page)
		for _, l := range lines {
			if slices.Contains(strings.Fields(l.Subjects), r.Person) {
				r.Ledger = append(r.Ledger, ReportLine{At: l.At, Exit: l.Exit, To: l.To, Why: l.Why})
			}
		}
		if err != nil || len(lines) < page {
			return err
		}
	}
}

// leftAbout are the disclosures of referrals about somebody, the newest first.
func leftAbout(ctx context.Context, tx *store.Tx, personID string) (out []ReportLeft, err error) {
	all, err := referralsIn(ctx, tx, "")
	for _, r := range all {
		for _, e := range r.Disclosures {
			if b := e.Body; b.Person == personID || r.Person == personID {
				out = append(out, ReportLeft{e.ID, r.ID, b.From, b.To, b.Purpose, b.Basis, b.Fields, b.Classes, b.Until, b.Revoked != ""})
			}
		}
	}
	slices.SortFunc(out, func(a, b ReportLeft) int { return strings.Compare(b.ID, a.ID) })
	return out, err
}

// formerNames are the names that a later one in their script replaced.
func (r *PersonReport) formerNames(ctx context.Context, tx *store.Tx, _ *Desk) error {
	former, err := formerNames(ctx, tx, r.Person)
	for _, n := range former {
		r.Former = append(r.Former, ReportName{n.Script, n.Text})
	}
	return err
}

// FormerName is a name that was corrected, and who has it: recipients that can be told.
type FormerName struct {
	person.Name
	From, Until time.Time // it stood here
	By          string    // who corrected it
	Why         string
	Got         []ReportLeft // disclosures of the person's identity in that time
}

// formerNames finds names that a later one in the same script replaced by another text, the newest first.
func formerNames(ctx context.Context, tx *store.Tx, personID string) (out []FormerName, err error) {
	names, err := entry.Of[person.Name](ctx, tx, person.KindName, personID)
	if err != nil {
		return nil, err
	}
	left, err := leftAbout(ctx, tx, personID)
	for i, n := range names {
		at := slices.IndexFunc(names[i+1:], func(o entry.Entry[person.Name]) bool { return o.Body.Script == n.Body.Script })
		if at < 0 || names[i+1+at].Body.Text == n.Body.Text || n.Body.Text == "" {
			continue
		}
		next := names[i+1+at]
		f := FormerName{Name: n.Body, From: n.At, Until: next.At, By: next.By, Why: next.Body.Why}
		for _, l := range left {
			if made, ok := id.Time(l.ID); ok && slices.Contains(l.Classes, classIdentity) && !made.Before(n.At.Truncate(time.Millisecond)) && !made.After(next.At) {
				f.Got = append(f.Got, l)
			}
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b FormerName) int { return cmp.Compare(b.Until.UnixMicro(), a.Until.UnixMicro()) })
	return out, err
}

// classIdentity is the data class under which names leave (code list data_class).
const classIdentity = "identity"
