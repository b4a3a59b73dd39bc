package facility

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"

	"ward/vocab"
	"ward/when"
)

// Bounds of what a person may state, in characters where nothing else is said.
const (
	MaxName   = 200
	MaxWords  = 4000
	maxItems  = 50                 // services, pieces of evidence, external ids
	maxAmount = 10_000_000_000_000 // units of a currency
)

var (
	incidentID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^WRD-[A-Z]{3}-(\d{4}|0000)-[0-9A-Z]{4,32}$`) })
	ulid       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`) })
)

// IsID reports whether a text is shaped like the id of a facility or of an entry.
func IsID(s string) bool { return ulid().MatchString(s) }

// Problem says what cannot stand in a facility; "" where all can.
func (f Facility) Problem() string {
	switch iso3, known := vocab.Country(f.State); {
	case !vocab.Has(TypeList, f.Type):
		return fmt.Sprintf("%.40q is no type of facility", f.Type)
	case f.Name == "":
		return "the facility has no name"
	case !known || iso3 != f.State || iso3 == "ZZZ":
		return fmt.Sprintf("%.40q is not a State's three-letter code", f.State)
	case !oneOf(YesNoList, f.Emblem) || !oneOf(YesNoList, f.Deconflicted):
		return "emblem and deconflicted are yes, no or unknown"
	case len(f.External) > maxItems:
		return fmt.Sprintf("it has more than %d ids elsewhere", maxItems)
	}
	for _, s := range append([]string{f.Name, f.Adm1, f.Place, f.Operator, f.PCode, f.Published}, f.External...) {
		if why := unfit(s, MaxName, false); why != "" {
			return why
		}
	}
	return ""
}

// Problem says what cannot stand in a damage entry that is stated on a day; "" where all can.
func (d Damage) Problem(today when.Day) string {
	date, err := when.Parse(d.Date)
	switch {
	case err != nil:
		return fmt.Sprintf("%.40q is not a date such as 2024-05-07, 2024-05 or 2024", d.Date)
	case date.From() > today:
		return "its date has not come yet"
	case d.Corrects != "" && !IsID(d.Corrects):
		return fmt.Sprintf("%.40q is not the id of an entry", d.Corrects)
	case !d.states() && d.Corrects == "":
		return "it states nothing: neither damage, function, access, services lost, a need, a cost nor compensation"
	case d.Withdrawn() && d.Note == "":
		return "an entry that only takes another back needs a note that says why"
	}
	for _, why := range []string{d.codes(), d.money(), d.words()} {
		if why != "" {
			return why
		}
	}
	return ""
}

// codes says which code is none, or which axis lacks its component.
func (d Damage) codes() string {
	for _, c := range [][2]string{{ComponentList, d.Component}, {DamageList, d.Damage}, {FunctionList, d.Functionality}, {AccessList, d.Access},
		{CompensationList, d.Compensation}, {CauseList, d.Cause}} {
		if !oneOf(c[0], c[1]) {
			return fmt.Sprintf("%.40q is not one of %s", c[1], strings.Join(codesOf(c[0]), ", "))
		}
	}
	switch {
	case d.Component == "" && d.Damage != "":
		return "damage is stated of a component: which one is missing"
	case d.Component == "" && d.Cost != nil:
		return "a cost is stated of a component: which one is missing"
	case d.Incident != "" && !incidentID().MatchString(d.Incident):
		return fmt.Sprintf("%.40q is not the public id of an incident, WRD-...", d.Incident)
	}
	return ""
}

// money says what cannot stand in the cost or the compensation.
func (d Damage) money() string {
	if c := d.Cost; c != nil {
		_, err := when.Parse(c.Priced)
		switch {
		case c.Low < 0 || c.High > maxAmount || c.Low > c.High || c.Best != nil && (*c.Best < c.Low || *c.Best > c.High):
			return fmt.Sprintf("a cost is low, best, high in this order, from 0 to %d", int64(maxAmount))
		case !isCurrency(c.Currency):
			return fmt.Sprintf("%.20q is not a currency's three-letter code", c.Currency)
		case err != nil:
			return "a cost needs the date of its prices, such as 2024-05 or 2024"
		}
	}
	switch m := d.Compensated; {
	case m == nil:
		return ""
	case d.Compensation == "" || d.Compensation == None:
		return "an amount of compensation needs to be claimed, or paid in part or in full"
	case m.Amount < 0 || m.Amount > maxAmount:
		return fmt.Sprintf("an amount is from 0 to %d", int64(maxAmount))
	case !isCurrency(m.Currency):
		return fmt.Sprintf("%.20q is not a currency's three-letter code", m.Currency)
	}
	return ""
}

// words says which text is too long or holds what is no text.
func (d Damage) words() string {
	if len(d.Services) > maxItems || len(d.Evidence) > maxItems {
		return fmt.Sprintf("it has more than %d services or pieces of evidence", maxItems)
	}
	for _, s := range slices.Concat(d.Services, d.Evidence, []string{d.Source}) {
		if why := unfit(s, MaxName*5, false); why != "" {
			return why
		}
	}
	for _, s := range []string{d.Need, d.Note} {
		if why := unfit(s, MaxWords, true); why != "" {
			return why
		}
	}
	return ""
}

// unfit says why a text cannot be kept.
func unfit(s string, most int, lines bool) string {
	switch {
	case !utf8.ValidString(s):
		return "a field is not text"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("a field is longer than %d characters", most)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !(lines && (r == '\n' || r == '\t')) }):
		return "a field holds control characters"
	}
	return ""
}

func oneOf(list, code string) bool { return code == "" || vocab.Has(list, code) }

func codesOf(list string) (out []string) {
	for _, c := range vocab.Codes(list) {
		out = append(out, c.Code)
	}
	return out
}

func isCurrency(s string) bool {
	unit, err := currency.ParseISO(s)
	return err == nil && unit.String() == s
}

// Corrects says why an entry cannot take the place of the one it names; "" where it can, or names none.
func (r Record) Corrects(d Damage) string {
	if d.Corrects == "" {
		return ""
	}
	i := slices.IndexFunc(r.Entries, func(e Entry) bool { return e.ID == d.Corrects })
	switch {
	case i < 0:
		return fmt.Sprintf("this facility has no entry %.40q", d.Corrects)
	case r.Entries[i].Corrected != "":
		return fmt.Sprintf("entry %s was corrected before: correct %s", d.Corrects, r.Entries[i].Corrected)
	}
	return ""
}
