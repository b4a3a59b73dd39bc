package desk

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/id"
	"ward/intake"
	"ward/seal"
	"ward/store"
)

// SourceContact is who a source is and how to reach them (T4). It is never stored, logged or quoted but sealed to officers.
type SourceContact struct {
	Name  string
	Reach string
	Note  string
}

// maxContact bounds what is read as a contact, in bytes, and contactStep is to whose multiple its plain text is filled up, so that the
// length of what is kept tells next to nothing.
const (
	maxContact  = 16 << 10
	contactStep = 512
)

// ReadContact reads lines "name: ...", "reach: ..." and "note: ...", each any number of times. Its errors quote nothing.
func ReadContact(r io.Reader) (SourceContact, error) {
	var s SourceContact
	text, err := io.ReadAll(io.LimitReader(r, maxContact+1))
	if err != nil {
		return s, err
	}
	if len(text) > maxContact {
		return s, fault.New(fault.Limit, "this is longer than %d KiB", maxContact>>10).Keeping("nothing was kept").Do("shorten the note")
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSpace(line); line != "" && !s.take(line) {
			return SourceContact{}, fault.New(fault.Invalid, "line %d is none of name:, reach: and note:", number).Keeping("nothing was kept").
				Do("begin each line with one of these words and a colon")
		}
	}
	return s, nil
}

// take reads one line.
func (s *SourceContact) take(line string) bool {
	field, value, found := strings.Cut(line, ":")
	into := map[string]*string{"name": &s.Name, "reach": &s.Reach, "note": &s.Note}[strings.ToLower(strings.TrimSpace(field))]
	if into == nil || !found {
		return false
	}
	*into = strings.TrimSpace(*into + "\n" + strings.TrimSpace(value))
	return true
}

// text is what is sealed: lines, and blanks up to the next step.
func (s SourceContact) text(series string) []byte {
	var b bytes.Buffer
	for _, line := range [][2]string{{"series", series}, {"name", s.Name}, {"reach", s.Reach}, {"note", s.Note}} {
		for part := range strings.SplitSeq(line[1], "\n") {
			if part != "" {
				b.WriteString(line[0] + ": " + part + "\n")
			}
		}
	}
	b.Write(bytes.Repeat([]byte(" "), (contactStep-b.Len()%contactStep)%contactStep))
	return b.Bytes()
}

// seriesName is a publisher's series as profiles name them: a word, and never a person.
var seriesName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// ContactOfficers finds the two officers for a contact, before anybody types it: those named, or the only two there are.
func (d *Desk) ContactOfficers(ctx context.Context, who access.Actor, named []string) ([]store.Officer, error) {
	if err := who.May(access.KeepContacts); err != nil {
		return nil, err
	}
	return d.officersFor(ctx, named)
}

func (d *Desk) officersFor(ctx context.Context, named []string) ([]store.Officer, error) {
	all, err := d.officers(ctx)
	if err != nil {
		return nil, err
	}
	return twoOf(all, named)
}

// twoOf takes the two officers who are named, or the only two there are.
func twoOf(all []store.Officer, named []string) ([]store.Officer, error) {
	if len(all) < fewestOfficers {
		return nil, fault.New(fault.Refused, "a contact is sealed to two officers, and %d is named", len(all)).Keeping("nothing was kept").
			Do("name them: ward init --officer NAME=age1pq..., or ward init --make-officer NAME=FILE")
	}
	if len(named) == 0 && len(all) > fewestOfficers {
		return nil, fault.New(fault.Undecided, "%d officers are named", len(all)).Keeping("nothing was kept").Do("say to which two with --officer, twice")
	}
	if len(named) == 0 {
		return all, nil
	}
	var out []store.Officer
	for _, o := range all {
		if slices.Contains(named, o.Name) {
			out = append(out, o)
		}
	}
	if len(out) != fewestOfficers || len(named) != fewestOfficers {
		return nil, fault.New(fault.Invalid, "these are not two officers of this workspace").Keeping("nothing was kept").Do("name two of those that ward init lists")
	}
	return out, nil
}

// PutContact seals who a source is to two officers, and keeps what nobody here can open. It returns the contact's id.
func (d *Desk) PutContact(ctx context.Context, who access.Actor, series string, s SourceContact, officers []store.Officer) (string, error) {
	if err := who.May(access.KeepContacts); err != nil {
		return "", err
	}
	if !seriesName.MatchString(series) {
		return "", fault.New(fault.Invalid, "this is no name of a series").Keeping("nothing was kept").Do("name the source's series as ward import does, such as sind")
	}
	c, err := sealedContact(id.New(d.db.Now()), series, s, officers)
	if err != nil {
		return "", err
	}
	return c.ID, d.db.Write(ctx, who.Name, func(tx *store.Tx) error { return intake.AddContact(ctx, tx, c) })
}

// sealedContact seals who a source is to two officers.
func sealedContact(contact, series string, s SourceContact, officers []store.Officer) (c intake.Contact, err error) {
	if s.Name == "" && s.Reach == "" {
		return c, fault.New(fault.Invalid, "neither a name nor a way to reach the source was given").Keeping("nothing was kept").Do("give one of them at least")
	}
	if len(officers) != fewestOfficers {
		return c, fault.New(fault.Refused, "a contact is sealed to two officers").Keeping("nothing was kept")
	}
	var file bytes.Buffer
	sealed, err := seal.SealTo(&file, officers[0].Recipient, officers[1].Recipient)
	if err != nil {
		return c, err
	}
	if _, err := sealed.Write(s.text(series)); err != nil {
		return c, err
	}
	if err := sealed.Close(); err != nil {
		return c, err
	}
	return intake.Contact{ID: contact, Series: series, File: file.Bytes(), Officers: []string{officers[0].Name, officers[1].Name}}, nil
}

// Contacts lists of whom there is a contact and whose keys open it; never what it says.
func (d *Desk) Contacts(ctx context.Context, who access.Actor) (out []intake.Contact, err error) {
	if err := d.read(ctx, who, access.KeepContacts, access.Page, "contacts"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = intake.Contacts(ctx, tx)
		return err
	})
	return out, err
}

// OpenContact opens a contact with an officer's own key. That this officer opened it stands in the ledger and in the log before the text
// is returned, where the other officer sees it.
func (d *Desk) OpenContact(ctx context.Context, who access.Actor, contact, identity string) (string, error) {
	if err := who.May(access.OpenContacts); err != nil {
		return "", err
	}
	var c intake.Contact
	var officer string
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if officer, err = officerOf(ctx, tx, identity); err != nil {
			return err
		}
		c, err = intake.ContactByID(ctx, tx, contact)
		return err
	})
	if err != nil {
		return "", err
	}
	if c.Erased {
		return "", erased(contact)
	}
	plain, err := seal.OpenWith(bytes.NewReader(c.File), identity)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return "", err
	}
	line := store.Disclosure{Records: 1, To: officer, What: "contact of a source", Subjects: contact}
	who.Name = officer
	if err := d.disclose(ctx, who, access.OfficerBox, line); err != nil {
		return "", err
	}
	return strings.TrimRight(string(text), " "), nil
}

// officerOf finds the officer whose key this is.
func officerOf(ctx context.Context, tx *store.Tx, identity string) (string, error) {
	recipient, err := seal.Recipient(identity)
	if err != nil {
		return "", err
	}
	officers, err := tx.Officers(ctx)
	if err != nil {
		return "", err
	}
	for _, o := range officers {
		if o.Recipient == recipient {
			return o.Name, nil
		}
	}
	return "", fault.New(fault.Refused, "this key belongs to no officer of this workspace").Keeping("nothing was opened").Do("use the key of an officer to whom the contact was sealed")
}
