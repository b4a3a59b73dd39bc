// Package staff says who works here, what each is trusted with, and by what they prove who they are.
//
// Terms. An account is one person's; its id never changes, and its name, which stands in the journal, is given once and never to
// another. An authenticator is one thing by which its holder proves who they are: a passphrase, the secret of a code generator, a
// passkey, a set of recovery codes. Each is an entry of its own, so that the key of one that was taken away can be destroyed. An
// invitation lets one person make an account; whoever holds its token is meant. The standing of an account is active, travel_locked or
// left.
//
// Everything is a fold over entries of the register "staff" (People, Invitations): pure, without clock. What the day decides, such as an
// expiry, is asked with the day.
package staff

import (
	"encoding/json"
	"slices"
	"time"

	"ward/access"
	"ward/entry"
	"ward/text"
	"ward/when"
)

// Register is where all of it stands.
const Register = "staff"

// Kinds of entries; the subject is the account's id, of the last three an invitation's.
const (
	KindAccount       = "staff.account"       // Made
	KindAddress       = "staff.address"       // Address
	KindRoles         = "staff.roles"         // Grant
	KindConflict      = "staff.conflict"      // Conflict
	KindStanding      = "staff.standing"      // Move
	KindAuthenticator = "staff.authenticator" // Authenticator
	KindUsed          = "staff.used"          // Used
	KindInvitation    = "staff.invitation"    // Invitation
	KindInvited       = "staff.invited"       // InvitationEnd
)

// Made is that an account was made, and how its holder wishes to be spoken to; a later one changes the languages and never the name.
type Made struct {
	Name       string   `json:"name"`
	Langs      []string `json:"langs,omitempty"`
	Invitation string   `json:"invitation,omitempty"` // by which it was made
}

// Address is where the daily notice goes. The key of an earlier one is destroyed.
type Address struct {
	Email string `json:"email"`
}

// Grant is what an account is trusted with from now on, all of it.
type Grant struct {
	Roles []access.Role `json:"roles,omitempty"`
	Only  []string      `json:"only,omitempty"`  // States (ISO3) to which an investigator is limited
	Until string        `json:"until,omitempty"` // last day on which an investigator may read, 2026-06-30
}

// Conflict is that an interest of the holder's bars work on a State (ISO3) or a record (public id), or that it no longer does.
type Conflict struct {
	About  string `json:"about"`
	Why    string `json:"why"`
	Lifted bool   `json:"lifted,omitempty"`
}

// Types of authenticators.
const (
	Passphrase = "passphrase"
	TOTP       = "totp"
	Passkey    = "passkey"
	Recovery   = "recovery"
)

// Authenticator is one thing by which the holder proves who they are.
type Authenticator struct {
	Type       string          `json:"type"`
	Label      string          `json:"label,omitempty"`      // the holder's word for it
	Hash       string          `json:"hash,omitempty"`       // of a passphrase: Argon2id in its own notation
	Secret     string          `json:"secret,omitempty"`     // of a code generator, base32
	Credential json.RawMessage `json:"credential,omitempty"` // of a passkey
	Codes      []string        `json:"codes,omitempty"`      // SHA-256 of each recovery code, hex
}

// Used is that a recovery code was used up.
type Used struct {
	Set   string `json:"set"`   // id of the authenticator's entry
	Index int    `json:"index"` // of the code in it
}

// Account is a person as the entries tell of them.
type Account struct {
	ID    string
	Name  string
	Made  time.Time
	Email string // "" where none was given
	Langs []string
	Grant
	Conflicts      []Conflict // that stand
	Standing       Standing
	Since          time.Time // of the standing
	Authenticators []Held
	Access         []Access    // an investigator's grants of access, whatever their state
	UsedCodes      []time.Time // when recovery codes were used, the oldest first
	Invitation     string      // by which it was made; "" for the first
	addresses      []string    // entries that hold addresses
}

// Held is an authenticator with the entry that holds it.
type Held struct {
	Authenticator
	ID    string
	Added time.Time
	Used  []int // recovery codes that are used up
}

// Left is how many recovery codes of a set are not used up.
func (h Held) Left() int { return len(h.Codes) - len(h.Used) }

// Barred lists the States and records on which a conflict bars the holder from work.
func (a Account) Barred() (out []string) {
	for _, c := range a.Conflicts {
		out = append(out, c.About)
	}
	return out
}

// Of lists the authenticators of a type, the oldest first.
func (a Account) Of(kind string) (out []Held) {
	for _, h := range a.Authenticators {
		if h.Type == kind {
			out = append(out, h)
		}
	}
	return out
}

// AddressEntries are the ids of the entries that hold the holder's addresses.
func (a Account) AddressEntries() []string { return a.addresses }

// Expired reports that the grant has ended.
func (a Account) Expired(today when.Day) bool {
	if a.Until == "" {
		return false
	}
	until, err := when.Parse(a.Until)
	return err != nil || until.To() < today
}

// Actor is the holder as the table of access knows them: nobody where the account is not active or has expired. An investigator reads within
// the grants of access that are active, and keeps but their own account where none is.
func (a Account) Actor(today when.Day) access.Actor {
	if a.Standing != Active || a.Expired(today) || len(a.Roles) == 0 {
		return access.Nobody()
	}
	actor := access.Actor{Name: a.Name, Account: a.ID, Roles: a.Roles, Barred: a.Barred()}
	if slices.Contains(a.Roles, access.Investigator) {
		actor.Only = a.reads(today)
		actor.Waits = len(actor.Only) == 0
	}
	return actor
}

// Holds reports a role that the holder can use: an account that left, is locked or has expired holds none.
func (a Account) Holds(r access.Role, today when.Day) bool {
	return slices.Contains(a.Actor(today).Roles, r)
}

// Record is every entry about accounts.
type Record struct {
	Made           []entry.Entry[Made]
	Addresses      []entry.Entry[Address]
	Grants         []entry.Entry[Grant]
	Conflicts      []entry.Entry[Conflict]
	Moves          []entry.Entry[Move]
	Authenticators []entry.Entry[Authenticator]
	Used           []entry.Entry[Used]
	Access         AccessRecord
}

// People folds the entries to accounts, in the order in which they were made. What speaks of no account is passed over.
func People(r Record) []Account {
	var out []Account
	at := map[string]int{}
	for _, e := range r.Made {
		i, known := at[e.Subject]
		if !known {
			i, at[e.Subject] = len(out), len(out)
			out = append(out, Account{ID: e.Subject, Name: e.Body.Name, Made: e.At, Standing: Active, Since: e.At, Invitation: e.Body.Invitation})
		}
		out[i].Langs = e.Body.Langs
	}
	each(out, at, r.Addresses, func(a *Account, e entry.Entry[Address]) {
		a.Email, a.addresses = e.Body.Email, append(a.addresses, e.ID)
	})
	each(out, at, r.Grants, func(a *Account, e entry.Entry[Grant]) { a.Grant = e.Body })
	each(out, at, r.Conflicts, func(a *Account, e entry.Entry[Conflict]) { a.Conflicts = declared(a.Conflicts, e.Body) })
	each(out, at, r.Moves, func(a *Account, e entry.Entry[Move]) { a.Standing, a.Since = e.Body.To, e.At })
	each(out, at, r.Authenticators, func(a *Account, e entry.Entry[Authenticator]) {
		a.Authenticators = append(a.Authenticators, Held{Authenticator: e.Body, ID: e.ID, Added: e.At})
	})
	each(out, at, r.Used, func(a *Account, e entry.Entry[Used]) { a.use(e) })
	for _, g := range Accesses(r.Access) {
		if i, known := at[g.Account]; known {
			out[i].Access = append(out[i].Access, g)
		}
	}
	return out
}

// each brings entries to the accounts that they speak of.
func each[T any](people []Account, at map[string]int, entries []entry.Entry[T], bring func(*Account, entry.Entry[T])) {
	for _, e := range entries {
		if i, known := at[e.Subject]; known {
			bring(&people[i], e)
		}
	}
}

// declared is the list of conflicts after a further declaration; the last word about a State or record stands.
func declared(list []Conflict, c Conflict) []Conflict {
	list = slices.DeleteFunc(slices.Clone(list), func(old Conflict) bool { return old.About == c.About })
	if !c.Lifted {
		list = append(list, c)
	}
	return list
}

func (a *Account) use(e entry.Entry[Used]) {
	a.UsedCodes = append(a.UsedCodes, e.At)
	for i, h := range a.Authenticators {
		if h.ID == e.Body.Set && e.Body.Index >= 0 && e.Body.Index < len(h.Codes) && !slices.Contains(h.Used, e.Body.Index) {
			a.Authenticators[i].Used = append(h.Used, e.Body.Index)
		}
	}
}

// Key is the form under which two names are one: case, width and marks aside.
func Key(name string) string { return text.Key(name) }

// Find is the account of an id; ok is false where there is none.
func Find(people []Account, id string) (a Account, ok bool) {
	return first(people, func(a Account) bool { return a.ID == id })
}

// Named is the account of a name, however it is spelled; ok is false where there is none.
func Named(people []Account, name string) (a Account, ok bool) {
	key := Key(name)
	return first(people, func(a Account) bool { return key != "" && Key(a.Name) == key })
}

func first(people []Account, wanted func(Account) bool) (Account, bool) {
	i := slices.IndexFunc(people, wanted)
	if i < 0 {
		return Account{}, false
	}
	return people[i], true
}
