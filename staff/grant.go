package staff

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ward/entry"
	"ward/when"
)

// Access lets an investigator read (M18). It is asked for with a purpose, scoped to States and a last day, approved by two people, and ends
// by itself; one person revokes it at once. The subject of its entries is its id.
const (
	KindAccessAsked = "staff.access.asked" // AccessAsked
	KindAccessScope = "staff.access.scope" // AccessScope; a later one replaces it, and asks for new approvals
	KindAccessVoice = "staff.access.voice" // AccessVoice
	KindAccessEnd   = "staff.access.end"   // AccessEnd
)

// Bounds of a grant of access: people who let somebody read, and days from the one on which its scope was set.
const (
	AccessVoices  = 2
	AccessLongest = 180
)

// AccessAsked is for whom somebody asks, and why.
type AccessAsked struct {
	Account string `json:"account"` // id of the investigator's account
	Purpose string `json:"purpose"`
}

// AccessScope is what may be read and until when.
type AccessScope struct {
	States []string `json:"states"` // ISO3
	Until  string   `json:"until"`  // the last day
}

// AccessVoice is one person's word for it.
type AccessVoice struct {
	Scope string `json:"scope"` // id of the entry of the scope to which it speaks
	Why   string `json:"why,omitempty"`
	Alone bool   `json:"alone,omitempty"` // nobody else here could have approved: one person only (design 10.10)
}

// AccessEnd is that somebody revoked it.
type AccessEnd struct {
	Why string `json:"why"`
}

// States of a grant of access (standards 10.4).
const (
	AccessRequested = "requested"
	AccessScoped    = "scoped"
	AccessApproved  = "approved" // by one of two
	AccessActive    = "active"
	AccessExpired   = "expired"
	AccessRevoked   = "revoked"
)

// Access is a grant of access as the entries tell of it.
type Access struct {
	ID string
	AccessAsked
	AccessScope
	By     string
	At     time.Time
	Voices []entry.Entry[AccessVoice] // for the scope that stands, each person's first
	Scopes []entry.Entry[AccessScope] // the oldest first
	End    *entry.Entry[AccessEnd]
}

// AccessRecord is every entry about grants of access.
type AccessRecord struct {
	Asked  []entry.Entry[AccessAsked]
	Scopes []entry.Entry[AccessScope]
	Voices []entry.Entry[AccessVoice]
	Ends   []entry.Entry[AccessEnd]
}

// Accesses folds the entries to grants, in the order in which they were asked for. A word for an earlier scope counts for nothing.
func Accesses(r AccessRecord) []Access {
	var out []Access
	at := map[string]int{}
	for _, e := range r.Asked {
		if _, known := at[e.Subject]; !known {
			at[e.Subject] = len(out)
			out = append(out, Access{ID: e.Subject, AccessAsked: e.Body, By: e.By, At: e.At})
		}
	}
	find := func(subject string) *Access {
		if i, known := at[subject]; known {
			return &out[i]
		}
		return nil
	}
	for _, e := range r.Scopes {
		if a := find(e.Subject); a != nil {
			a.AccessScope, a.Scopes = e.Body, append(a.Scopes, e)
		}
	}
	for _, e := range r.Voices {
		if a := find(e.Subject); a != nil && a.counts(e) {
			a.Voices = append(a.Voices, e)
		}
	}
	for _, e := range r.Ends {
		if a := find(e.Subject); a != nil && a.End == nil {
			a.End = &e
		}
	}
	return out
}

// counts reports a word for the newest scope by somebody who gave none.
func (a Access) counts(e entry.Entry[AccessVoice]) bool {
	return len(a.Scopes) > 0 && a.Scopes[len(a.Scopes)-1].ID == e.Body.Scope &&
		!slices.ContainsFunc(a.Voices, func(v entry.Entry[AccessVoice]) bool { return v.By == e.By })
}

// Alone reports that one person stood for two: it never reads as approved by two.
func (a Access) Alone() bool {
	return len(a.Voices) < AccessVoices && slices.ContainsFunc(a.Voices, func(v entry.Entry[AccessVoice]) bool { return v.Body.Alone })
}

// State is how it stands on a day.
func (a Access) State(today when.Day) string {
	until, err := when.Parse(a.Until)
	switch {
	case a.End != nil:
		return AccessRevoked
	case len(a.Scopes) == 0:
		return AccessRequested
	case err != nil || until.To() < today:
		return AccessExpired
	case len(a.Voices) >= AccessVoices || a.Alone():
		return AccessActive
	case len(a.Voices) > 0:
		return AccessApproved
	}
	return AccessScoped
}

// Open reports that it can still be scoped, approved or revoked.
func (a Access) Open(today when.Day) bool {
	state := a.State(today)
	return state != AccessExpired && state != AccessRevoked
}

// Problem says why access cannot be asked for; "" where it can.
func (a AccessAsked) Problem() string {
	if strings.TrimSpace(a.Purpose) == "" || utf8.RuneCountInString(a.Purpose) > MaxReason {
		return fmt.Sprintf("a purpose is missing, or longer than %d characters", MaxReason)
	}
	return ""
}

// Problem says why a scope cannot be set on a day for the holder of an account; "" where it can.
func (s AccessScope) Problem(today when.Day, holder Account, isState func(string) bool) string {
	until, err := when.Parse(s.Until)
	switch {
	case len(s.States) == 0 || len(s.States) > maxScope || slices.ContainsFunc(s.States, func(x string) bool { return !isState(x) }):
		return "the States are missing, or one is none that Ward knows"
	case slices.ContainsFunc(s.States, func(x string) bool { return !slices.Contains(holder.Only, x) }):
		return "one of the States is none of those that the account was given"
	case err != nil || until.From() != until.To():
		return "the last day is missing: write it as 2026-06-30"
	case until.To() < today:
		return "the last day has passed"
	case until.To() > today+AccessLongest:
		return fmt.Sprintf("access lasts %d days at most", AccessLongest)
	}
	return ""
}

// MayApprove says why somebody's word for it cannot be taken; "" where it can.
func (a Access) MayApprove(name string, holder Account, today when.Day) string {
	switch state := a.State(today); {
	case holder.Name == name:
		return "nobody lets themselves read"
	case state == AccessRequested:
		return "nobody has said yet what may be read, and until when"
	case state == AccessActive:
		return "it is approved already"
	case !a.Open(today):
		return "it has ended"
	case slices.ContainsFunc(a.Voices, func(v entry.Entry[AccessVoice]) bool { return v.By == name }):
		return "the second word must be somebody else's"
	}
	return ""
}

// reads are the States about which the holder may read on a day: those of the grants that are active, within what the account was given.
func (a Account) reads(today when.Day) []string {
	out := []string{}
	for _, g := range a.Access {
		if g.State(today) != AccessActive {
			continue
		}
		for _, s := range g.States {
			if slices.Contains(a.Only, s) && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}
