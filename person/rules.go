package person

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"ward/fault"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Code lists.
const (
	RoleList       = "person_role"
	SexList        = "sex"
	ScriptList     = "script"
	ProfessionList = "profession"
	OutcomeList    = "outcome"
	AnswerList     = "yesno"
)

// Bounds, in characters.
const (
	maxPseudonym = 60
	maxLine      = 200
	maxNote      = 4000
	maxRoles     = 7
)

// Who asks for a correction, and how it is settled.
const (
	Self    = "self"
	Proxy   = "proxy"
	Done    = "done"
	Refused = "refused"
)

// Fields are what a correction can speak of, in the order in which people read them.
func Fields() []string {
	return []string{"name", "sex", "born", "profession", "employer", "country", "role", "outcome", "other"}
}

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

// Check holds who somebody is to the code lists, to bounds, and to the names on record, which the pseudonym must not betray. Its errors quote
// no name.
func (m Made) Check(today when.Day, names ...string) error {
	switch {
	case !line(m.Pseudonym, 1, maxPseudonym):
		return invalid("the pseudonym is missing, longer than %d characters or more than one line", maxPseudonym)
	case Betrays(m.Pseudonym, names...):
		return invalid("the pseudonym holds a part of a name").Do("take a word that tells nothing of the person: a river, a tree, a colour")
	case len(m.Roles) > maxRoles || slices.ContainsFunc(m.Roles, func(r string) bool { return !vocab.Has(RoleList, r) }):
		return invalid("one of the roles is none of the list %s", RoleList)
	case m.Country != "" && !state(m.Country):
		return invalid("%.8q is no State that Ward knows", m.Country).Do("take its three letters")
	case m.ISCO != "" && !isco.MatchString(m.ISCO):
		return invalid("an ISCO-08 unit group has four digits")
	case !line(m.Speciality, 0, maxLine) || !line(m.Employer, 0, maxLine) || utf8.RuneCountInString(m.Why) > maxNote:
		return invalid("a field is longer than %d characters, or more than one line", maxLine)
	}
	for list, code := range map[string]string{SexList: m.Sex, ProfessionList: m.Profession, AnswerList: m.Member} {
		if code != "" && !vocab.Has(list, code) {
			return invalid("%.40q is none of the list %s", code, list)
		}
	}
	if decade.MatchString(m.Born) {
		return nil
	}
	return past("the date of birth", m.Born, today)
}

// decade is how a date of birth is kept as a rule (EDTF level 1: an unspecified digit).
var decade = regexp.MustCompile(`^(19|20)[0-9]X$`)

var isco = regexp.MustCompile(`^[0-9]{4}$`)

// Betrays reports that a pseudonym holds a word of a name, or a name its letters: whatever the case, the marks and the blanks.
func Betrays(pseudonym string, names ...string) bool {
	words, all := text.Tokens(pseudonym), text.Key(pseudonym)
	for _, n := range names {
		for _, part := range append(text.Tokens(n), text.Key(n)) {
			length := utf8.RuneCountInString(part)
			if length >= 2 && slices.Contains(words, part) || length >= 4 && strings.Contains(all, part) {
				return true
			}
		}
	}
	return false
}

// Check holds a name to its script's code and to bounds. A text "" takes the name in this script back. Its errors quote no name.
func (n Name) Check() error {
	switch {
	case !vocab.Has(ScriptList, n.Script):
		return invalid("%.8q is no script of the list", n.Script).Do("take its four letters, such as Latn or Arab")
	case !line(n.Text, 0, maxLine):
		return invalid("the name is longer than %d characters, or more than one line", maxLine)
	case utf8.RuneCountInString(n.Why) > maxNote:
		return invalid("the reason is longer than %d characters", maxNote)
	}
	return nil
}

// Check holds an outcome to the code list, to what stands and to the day on which it is put on record: nothing that has yet to happen became
// of anybody.
func (o Outcome) Check(today when.Day, p Person) error {
	if o.Withdraws != "" {
		return o.checkWithdrawal(p)
	}
	switch {
	case !vocab.Has(OutcomeList, o.Code):
		return invalid("%.40q is no outcome of the list", o.Code)
	case o.Country != "" && !state(o.Country):
		return invalid("%.8q is no State that Ward knows", o.Country).Do("take its three letters")
	case o.Taker != "" && !slices.Contains(Takers(), o.Taker):
		return invalid("%.40q does not say who took the person", o.Taker).Do("take one of %s", strings.Join(Takers(), ", "))
	case utf8.RuneCountInString(o.Note) > maxNote || utf8.RuneCountInString(o.Why) > maxNote:
		return invalid("the note is longer than %d characters", maxNote)
	case o.Incident != "" && !incident.MatchString(o.Incident):
		return invalid("%.40q is no id of an incident", o.Incident).Do("take one such as WRD-XAA-2026-ABCDEFGH")
	}
	for _, s := range []string{o.Place, o.Authority, o.Law, o.Charge, o.Source} {
		if !line(s, 0, maxLine) {
			return invalid("a field is longer than %d characters, or more than one line", maxLine)
		}
	}
	return past("the date", o.When, today)
}

func (o Outcome) checkWithdrawal(p Person) error {
	if strings.TrimSpace(o.Why) == "" || utf8.RuneCountInString(o.Why) > maxNote {
		return invalid("a reason is missing, or longer than %d characters", maxNote).Do("say why it was recorded in error")
	}
	for _, e := range p.Outcomes {
		if e.ID == o.Withdraws {
			return nil
		}
	}
	return fault.New(fault.Conflict, "this does not stand any more").Keeping("nothing was written").Do("look at the page again")
}

var incident = regexp.MustCompile(`^WRD-[A-Z]{3}-[0-9]{4}-[0-9A-Z]{8}$`)

// Check holds a correction to bounds, and one that settles to one that is open.
func (c Correction) Check(p Person) error {
	if utf8.RuneCountInString(c.Asked) > maxNote || utf8.RuneCountInString(c.Why) > maxNote {
		return invalid("a text is longer than %d characters", maxNote)
	}
	if c.Of != "" {
		return c.checkSettled(p)
	}
	switch {
	case !slices.Contains(Fields(), c.Field):
		return invalid("%.40q is nothing that can be corrected", c.Field)
	case strings.TrimSpace(c.Asked) == "":
		return invalid("what was asked is missing")
	case c.By != Self && c.By != Proxy:
		return invalid("who asked is missing").Do("say whether the person asked, or somebody who speaks for them")
	case c.Settled != "":
		return invalid("what is asked is not settled yet")
	}
	return nil
}

func (c Correction) checkSettled(p Person) error {
	switch {
	case c.Settled != Done && c.Settled != Refused:
		return invalid("it is neither done nor refused")
	case strings.TrimSpace(c.Why) == "":
		return invalid("a reason is missing").Do("say what was changed, or why nothing was: the person is told")
	}
	for _, a := range p.Asked() {
		if a.ID == c.Of && a.Open() {
			return nil
		}
	}
	return fault.New(fault.Conflict, "this correction is settled, or was never asked").Keeping("nothing was written").Do("look at the page again")
}

// line reports a text of one line whose length lies within bounds, all of it to be read.
func line(s string, least, most int) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	return n >= least && utf8.RuneCountInString(s) <= most && !text.Hidden(s)
}

func state(iso3 string) bool {
	known, ok := vocab.Country(iso3)
	return ok && known == iso3
}

// past holds a date to EDTF and to the days that have begun; "" is not known.
func past(what, date string, today when.Day) error {
	if date == "" {
		return nil
	}
	d, err := when.Parse(date)
	switch {
	case err != nil:
		return invalid("%s cannot be read", what).Do("write it as 2026-05-07, 2026-05, 2026 or 198X")
	case d.From() > today:
		return invalid("%s has yet to come", what)
	}
	return nil
}
