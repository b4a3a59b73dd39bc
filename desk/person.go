package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/intake"
	"ward/person"
	"ward/store"
	"ward/when"
)

// NewPerson is somebody at risk on the way to the record. Where Reach says anything, it is sealed to two officers.
type NewPerson struct {
	Made     person.Made
	Names    []person.Name
	Reach    SourceContact
	Officers []string // by name; none where there are but two
}

// personSeries is the series under which the ways to reach somebody are kept.
func personSeries(personID string) string { return "person-" + strings.ToLower(personID) }

// AddPerson puts somebody at risk on record and returns their id.
func (d *Desk) AddPerson(ctx context.Context, who access.Actor, n NewPerson) (personID string, err error) {
	if err := who.MayOn(access.WorkCases, given(n.Made.Country)...); err != nil {
		return "", err
	}
	if err := d.onlyInvented(n.Made.Country); err != nil {
		return "", err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) (err error) {
		personID, err = addPerson(ctx, tx, n)
		return err
	})
	return personID, err
}

// addPerson puts somebody on record; whoever calls has asked whether it may be done.
func addPerson(ctx context.Context, tx *store.Tx, n NewPerson) (string, error) {
	var names []string
	for _, x := range n.Names {
		if err := x.Check(); err != nil {
			return "", err
		}
		names = append(names, x.Text)
	}
	if err := n.Made.Check(when.DayOf(tx.Now()), append(names, n.Reach.Name)...); err != nil {
		return "", err
	}
	personID := id.New(tx.Now())
	if _, err := person.Add(ctx, tx, person.KindMade, personID, n.Made); err != nil {
		return "", err
	}
	for _, x := range n.Names {
		if _, err := person.Add(ctx, tx, person.KindName, personID, x); err != nil {
			return "", err
		}
	}
	return personID, sealReach(ctx, tx, personID, n.Reach, n.Officers)
}

// sealReach seals the ways to reach somebody to two officers; nothing is done where none was said.
func sealReach(ctx context.Context, tx *store.Tx, personID string, reach SourceContact, named []string) error {
	if reach.Name == "" && reach.Reach == "" {
		return nil
	}
	all, err := tx.Officers(ctx)
	if err != nil {
		return err
	}
	officers, err := twoOf(all, named)
	if err != nil {
		return err
	}
	box, err := sealedContact(id.New(tx.Now()), personSeries(personID), reach, officers)
	if err != nil {
		return err
	}
	if err := intake.AddContact(ctx, tx, box); err != nil {
		return err
	}
	_, err = person.Add(ctx, tx, person.KindContact, personID, person.Contact{Box: box.ID})
	return err
}

// PersonFile is somebody at risk as their page needs them. The names stay covered, and what a correction of one says: PersonNames opens them.
type PersonFile struct {
	person.Person
	Scripts []string                      // codes of the scripts in which a name is held
	Taken   []entry.Entry[person.Outcome] // outcomes that were withdrawn, with the words that withdrew them
	Cases   []*CaseTop                    // that are about them or link them
	By      string                        // who put them on record
	At      time.Time
	Officer []string // to whose keys the contact is sealed

	Evaluations []ReportCase // of them: how each stands, nothing of what it says
	Referrals   []ReportCase // about them; Kind is the mechanism
}

// Person opens one person to whoever is on a case that links them. It shows no name.
func (d *Desk) Person(ctx context.Context, who access.Actor, personID string) (f PersonFile, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if f.Person, err = d.onPerson(ctx, tx, who, access.ReadCases, personID); err != nil {
			return err
		}
		return f.gather(ctx, tx, d)
	})
	if err != nil {
		return PersonFile{}, err
	}
	f.cover()
	return f, d.read(ctx, who, access.ReadCases, access.Page, personID)
}

// gather reads what stands beside the fold: the cases, who made the record, what was withdrawn, whose keys open the contact.
func (f *PersonFile) gather(ctx context.Context, tx *store.Tx, d *Desk) (err error) {
	if f.Cases, err = d.casesOfPerson(ctx, tx, f.ID); err != nil {
		return err
	}
	if err := f.ties(ctx, tx); err != nil {
		return err
	}
	made, err := entry.Of[person.Made](ctx, tx, person.KindMade, f.ID)
	if err != nil {
		return err
	}
	f.By, f.At = made[0].By, made[0].At
	all, err := entry.Of[person.Outcome](ctx, tx, person.KindOutcome, f.ID)
	for _, o := range all {
		stands := slices.ContainsFunc(f.Outcomes, func(e entry.Entry[person.Outcome]) bool { return e.ID == o.ID })
		if !stands {
			f.Taken = append(f.Taken, o)
		}
	}
	if err != nil || f.Box == "" {
		return err
	}
	box, err := intake.ContactByID(ctx, tx, f.Box)
	f.Officer = box.Officers
	if box.Erased || fault.Is(err, fault.NotFound) {
		f.Box, err = "", nil
	}
	return err
}

// ties reads what other work speaks of them.
func (f *PersonFile) ties(ctx context.Context, tx *store.Tx) error {
	evaluations, err := evaluationsOf(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	for _, e := range evaluations {
		f.Evaluations = append(f.Evaluations, ReportCase{e.ID, "evaluation", e.State, e.Since})
	}
	referrals, err := referralsAbout(ctx, tx, f.ID)
	for _, r := range referrals {
		f.Referrals = append(f.Referrals, ReportCase{r.ID, r.Mechanism, r.State, r.Begun})
	}
	return err
}

// cover takes the names away, and keeps in which scripts there are any.
func (f *PersonFile) cover() {
	for _, n := range f.Names {
		f.Scripts = append(f.Scripts, n.Body.Script)
	}
	f.Names = nil
	f.Corrections = slices.Clone(f.Corrections)
	for i := range f.Corrections {
		if c := &f.Corrections[i].Body; c.Field == fieldName {
			c.Asked = ""
		}
	}
}

// fieldName is the field of a correction that speaks of a name.
const fieldName = "name"

// PersonNaming is what somebody is and was called here, and what they asked to be corrected in it.
type PersonNaming struct {
	Names  []entry.Entry[person.Name]
	Asked  map[string]string // what a correction of a name asks, by its id
	Former []FormerName
}

// PersonNames opens the names of somebody; that they were read stands in the access log before anybody sees them.
func (d *Desk) PersonNames(ctx context.Context, who access.Actor, personID string) (n PersonNaming, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err := d.onPerson(ctx, tx, who, access.ReadCases, personID)
		if err != nil {
			return err
		}
		n = PersonNaming{Names: p.Names, Asked: map[string]string{}}
		for _, a := range p.Asked() {
			if a.Body.Field == fieldName {
				n.Asked[a.ID] = a.Body.Asked
			}
		}
		n.Former, err = formerNames(ctx, tx, personID)
		return err
	})
	if err == nil {
		err = d.read(ctx, who, access.ReadCases, access.Page, "names of "+personID)
	}
	if err != nil {
		return PersonNaming{}, err
	}
	return n, nil
}

// PersonLine is somebody in a list: never a name.
type PersonLine struct {
	ID, Pseudonym, Country, Profession string
	Hiding, Held, Dead                 bool
	Cases                              []*CaseTop
	At                                 time.Time // put on record
	Open                               int       // corrections that wait for a word
}

// Persons lists those whom the asker's cases are about or link, and those whom they put on record; the newest first.
func (d *Desk) Persons(ctx context.Context, who access.Actor) (out []PersonLine, err error) {
	if err := d.read(ctx, who, access.ReadCases, access.Page, "persons"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		made, err := entry.All[person.Made](ctx, tx, person.KindMade)
		if err != nil {
			return err
		}
		_, order := bySubject(made)
		for _, id := range slices.Backward(order) {
			p, err := d.onPerson(ctx, tx, who, access.ReadCases, id)
			if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Refused) {
				continue
			}
			if err != nil {
				return err
			}
			line, err := d.personLine(ctx, tx, who, p)
			if err != nil {
				return err
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}

func (d *Desk) personLine(ctx context.Context, tx *store.Tx, who access.Actor, p person.Person) (PersonLine, error) {
	line := PersonLine{ID: p.ID, Pseudonym: p.Pseudonym, Country: p.Country, Profession: p.Profession, Hiding: p.Hiding, Held: p.Held(), Dead: p.Dead()}
	line.At, _ = id.Time(p.ID)
	for _, a := range p.Asked() {
		if a.Open() {
			line.Open++
		}
	}
	cases, err := d.casesOfPerson(ctx, tx, p.ID)
	line.Cases = slices.DeleteFunc(cases, func(t *CaseTop) bool { return !t.seenBy(who) })
	return line, err
}

// StatePerson puts a further word about somebody on record: kind is one of package person, body its type.
func (d *Desk) StatePerson(ctx context.Context, who access.Actor, personID, kind string, body any) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		p, err := d.onPerson(ctx, tx, who, access.WorkCases, personID)
		if err != nil {
			return err
		}
		if err := d.checkPerson(p, kind, body, when.DayOf(tx.Now())); err != nil {
			return err
		}
		_, err = person.Add(ctx, tx, kind, personID, body)
		return err
	})
}

// checkPerson holds what is said about somebody to its rules.
func (d *Desk) checkPerson(p person.Person, kind string, body any, today when.Day) error {
	var of, country string
	var err error
	switch b := body.(type) {
	case person.Made:
		of, country, err = person.KindMade, b.Country, b.Check(today, p.NameTexts()...)
	case person.Name:
		if of, err = person.KindName, b.Check(); err == nil {
			err = p.Made.Check(today, b.Text)
		}
	case person.Outcome:
		of, country, err = person.KindOutcome, b.Country, b.Check(today, p)
	case person.Correction:
		of, err = person.KindCorrection, b.Check(p)
	}
	if of == "" || of != kind {
		return fault.New(fault.Internal, "a %T is no %s", body, kind)
	}
	if err == nil {
		err = d.onlyInvented(country)
	}
	return err
}

// PutReach seals ways to reach somebody to two officers; what was sealed before stays until it is erased.
func (d *Desk) PutReach(ctx context.Context, who access.Actor, personID string, reach SourceContact, officers []string) error {
	if reach.Name == "" && reach.Reach == "" {
		return fault.New(fault.Invalid, "neither a name nor a way to reach the person was given").Keeping("nothing was kept").Do("give one of them at least")
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if _, err := d.onPerson(ctx, tx, who, access.WorkCases, personID); err != nil {
			return err
		}
		return sealReach(ctx, tx, personID, reach, officers)
	})
}

// ReachOfficers lists those to two of whom ways to reach somebody are sealed.
func (d *Desk) ReachOfficers(ctx context.Context, who access.Actor) (out []string, err error) {
	if err := who.May(access.WorkCases); err != nil {
		return nil, err
	}
	all, err := d.officers(ctx)
	for _, o := range all {
		out = append(out, o.Name)
	}
	return out, err
}
