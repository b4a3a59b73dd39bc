package staff

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ward/access"
	"ward/when"
)

// Bounds, in characters.
const (
	MaxName       = 60
	MaxEmail      = 200
	MaxReason     = 1000
	MinPassphrase = 12 // NIST SP 800-63B asks for 8 beside a second factor
	MaxPassphrase = 1000
	maxScope      = 300 // States
)

// Standing is how an account stands.
type Standing string

const (
	Active       Standing = "active"
	TravelLocked Standing = "travel_locked" // its holder locked it; two colleagues restore it
	Left         Standing = "left"          // its holder works here no more; for good
)

// Move is that an account came to another standing.
type Move struct {
	To  Standing `json:"to"`
	Why string   `json:"why,omitempty"`
}

// Moves are the standings to which an account may come from each.
func Moves() map[Standing][]Standing {
	return map[Standing][]Standing{
		Active:       {TravelLocked, Left},
		TravelLocked: {Active, Left},
		Left:         nil,
	}
}

// MayMove says why an account cannot come to a standing; "" where it can.
func (a Account) MayMove(to Standing) string {
	if slices.Contains(Moves()[a.Standing], to) {
		return ""
	}
	return fmt.Sprintf("an account that is %s cannot become %s", a.Standing, to)
}

// NameProblem says what is wrong with a name beside the accounts that are there; "" where it can stand. Nobody takes the name of
// another, not even of one who left, nor that of the command line: the journal would mix them up.
func NameProblem(name string, people []Account) string {
	switch {
	case Key(name) == "":
		return "the name has no letters"
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Sprintf("the name is longer than %d characters", MaxName)
	case name != strings.Join(strings.Fields(name), " "):
		return "the name has blanks in odd places"
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u200c' }):
		return "the name holds characters that cannot be printed"
	case Key(name) == Key(access.Local().Name):
		return "this name belongs to the command line"
	}
	if _, taken := Named(people, name); taken {
		return "somebody here has or had this name"
	}
	return ""
}

// PassphraseProblem says why a passphrase cannot be taken; "" where it can.
func PassphraseProblem(passphrase, name string) string {
	switch n := utf8.RuneCountInString(passphrase); {
	case n < MinPassphrase:
		return fmt.Sprintf("the passphrase is shorter than %d characters: take four or more words", MinPassphrase)
	case n > MaxPassphrase:
		return fmt.Sprintf("the passphrase is longer than %d characters", MaxPassphrase)
	case Key(passphrase) == Key(name) || few(passphrase):
		return "the passphrase can be guessed: take four or more words"
	}
	return ""
}

// few reports a text of fewer than five different letters.
func few(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 5
}

// EmailProblem says what is wrong with an address; "" where nothing is, or none was given.
func EmailProblem(address string) string {
	if address == "" {
		return ""
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > MaxEmail || strings.ContainsFunc(address, unicode.IsControl) {
		return "this is no e-mail address"
	}
	return ""
}

// Problem says why a grant cannot stand on a day; "" where it can. An investigator is limited to States and to a time, and is nothing
// else: with a second role the limit would be hollow.
func (g Grant) Problem(today when.Day, isState func(string) bool) string {
	investigates := slices.Contains(g.Roles, access.Investigator)
	switch {
	case len(g.Roles) == 0:
		return "no role was chosen"
	case slices.ContainsFunc(g.Roles, func(r access.Role) bool { return !slices.Contains(access.Roles(), r) }):
		return "this is no role that an account can hold"
	case investigates && len(g.Roles) > 1:
		return "an investigator holds no other role"
	case !investigates && (len(g.Only) > 0 || g.Until != ""):
		return "only an investigator is limited to States and to a day"
	case !investigates:
		return ""
	case len(g.Only) == 0 || len(g.Only) > maxScope:
		return "an investigator needs the States to read about"
	case slices.ContainsFunc(g.Only, func(s string) bool { return !isState(s) }):
		return "one of the States is none that Ward knows"
	}
	until, err := when.Parse(g.Until)
	if err != nil || until.From() != until.To() {
		return "an investigator needs a last day, as 2026-06-30"
	}
	if until.To() < today {
		return "the last day has passed"
	}
	return ""
}

// Orphans says why a change would leave nobody who keeps the accounts; "" where somebody remains. It is asked of the accounts as they
// would be.
func Orphans(people []Account, today when.Day) string {
	if len(people) == 0 || slices.ContainsFunc(people, func(a Account) bool { return a.Holds(access.Administrator, today) }) {
		return ""
	}
	return "nobody would be left who keeps the accounts"
}

// With is the accounts with one of them changed.
func With(people []Account, changed Account) []Account {
	people = slices.Clone(people)
	for i, a := range people {
		if a.ID == changed.ID {
			people[i] = changed
		}
	}
	return people
}

// First are the roles of the first account: all but the investigator's.
func First() Grant {
	return Grant{Roles: slices.DeleteFunc(access.Roles(), func(r access.Role) bool { return r == access.Investigator })}
}
