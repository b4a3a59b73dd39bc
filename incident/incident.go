// Package incident keeps what Ward holds to have happened: dated, placed, coded, with certainty.
//
// An incident is the fold over what its reports assert. Its key is (namespace, external id): two series that share a
// namespace speak of one incident. The id of Ward's own (WRD-...) tells no order of arrival and never makes a new one.
package incident

import (
	"cmp"
	"slices"
	"strings"

	"ward/assertion"
	"ward/tally"
	"ward/tlog"
	"ward/vocab"
	"ward/when"
)

// Incident is the current state. Fields with several values are sorted; "" means that nobody said.
type Incident struct {
	ID         string // ULID
	PublicID   string
	Namespace  string
	ExternalID string
	Series     []string // of the reports it rests on
	Date       when.Date
	Country    string // ISO3, ZZZ for none
	Adm1       string
	Place      string
	Point      string // "latitude,longitude" as published
	Precision  string // 1 exact ... 7 estimated at sea, or censored
	Certainty  string
	Scope      string // health, aid or civilian
	Context    string
	ActorKind  string
	ActorName  string
	ActorState []string // whose forces; empty when unknown
	ActorNote  string
	Codes      []string
	Counts     map[string]tally.Count // by field, what was stated
	Summary    string                 // the source's description
	Contested  []string               // fields on which the reports differ
	Flags      []string
	Gone       bool  // no current edition of any source has it any more
	Journal    int64 // the journal row that last changed it
	Leaf       int   // place of its digest in that row's batch
	Secret     tlog.Secret
	Erased     bool // by request: nothing but its existence is left

	fresh bool // it has no key yet
}

// New makes an incident that Save will give a key of its own.
func New(inc Incident) Incident {
	inc.fresh = true
	return inc
}

// FromFold makes the incident that a fold describes; key and ids are the caller's.
func FromFold(f map[string]assertion.Folded) Incident {
	text := func(field string) string { return f[field].Value }
	inc := Incident{
		Country: cmp.Or(text("country"), "ZZZ"), Adm1: text("adm1"), Place: text("place"), Point: text("point"),
		Precision: text("precision"), Certainty: cmp.Or(text("certainty"), "possible"), Scope: text("scope"),
		Context: cmp.Or(text("context"), "unknown"), ActorKind: cmp.Or(text("actor.kind"), "unknown"), ActorName: text("actor.name"),
		ActorState: strings.Fields(text("actor.state")), ActorNote: text("actor.note"),
		Codes: strings.Fields(text("codes")), Summary: text("description"), Counts: map[string]tally.Count{},
	}
	if d, err := when.Parse(text("date")); err == nil {
		inc.Date = d
	}
	for field, v := range f {
		if v.Contested {
			inc.Contested = append(inc.Contested, field)
		}
		if def, ok := vocab.FieldOf(field); ok && def.Kind == "count" {
			if _, err := tally.Parse(v.Value); err == nil {
				inc.Counts[field] = v.Count
			}
		}
	}
	slices.Sort(inc.Contested)
	return inc
}

// Count is the count of one field, zero when nobody stated it.
func (inc Incident) Count(field string) tally.Count { return inc.Counts[field] }

// certainties that count in any total; rumours are never public, and the rest was set aside by verification.
var counting = []string{"possible", "probable", "confirmed"}

// Counts reports a certainty that enters totals, maps and exports.
func Counts(certainty string) bool { return slices.Contains(counting, certainty) }

// Year is the calendar year it lies in, 0 when the date is unknown or spans years.
func (inc Incident) Year() int { return inc.Date.Year() }
