package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/locale"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// registerSuggestion is the register under which decisions on proposals are journalled.
const registerSuggestion = "suggestion"

// Suggestions are what the program proposes about an incident and nobody has decided, and what was decided.
type Suggestions struct {
	Open    []incident.Suggestion
	Decided []entry.Entry[incident.Decision] // the oldest first
}

// Suggestions proposes codes and incidents that may be the same event. It changes nothing, and nothing of it is a fact.
func (d *Desk) Suggestions(ctx context.Context, who access.Actor, publicID string) (s Suggestions, err error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil {
		return s, err
	}
	var inc incident.Incident
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if inc, err = seen(ctx, tx, who, publicID); err != nil {
			return err
		}
		s.Decided, err = entry.Of[incident.Decision](ctx, tx, incident.KindDecided, publicID)
		return err
	})
	if err != nil || inc.Erased {
		return s, err
	}
	made := suggestCodes(inc)
	same, err := d.maybeSame(ctx, who, inc)
	s.Open = incident.Undecided(append(made, same...), s.Decided)
	return s, err
}

func suggestCodes(inc incident.Incident) []incident.Suggestion {
	var langs []string
	for _, l := range locale.Langs() {
		langs = append(langs, string(l))
	}
	return incident.SuggestCodes(inc.Summary, inc.Codes, langs)
}

// mostAlike is how many incidents of the same days are looked at.
const mostAlike = 50

// maybeSame looks for incidents of the same country, days and codes, within what the asker may see.
func (d *Desk) maybeSame(ctx context.Context, who access.Actor, inc incident.Incident) (out []incident.Suggestion, err error) {
	if inc.Date.IsZero() || len(inc.Codes) == 0 {
		return nil, nil
	}
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	q := IncidentQuery{Filters: map[string][]string{"country": {inc.Country}, "code": inc.Codes}, From: when.On(inc.Date.From()), To: when.On(inc.Date.To()), Limit: mostAlike}
	found, err := x.Search(searchQuery(who, q, nil))
	if err != nil {
		return nil, err
	}
	list, err := d.byPublicID(ctx, found.IDs)
	for _, other := range list {
		if s, ok := incident.MayBeSame(inc, other); ok {
			out = append(out, s)
		}
	}
	return out, err
}

// DecideSuggestion puts on record what somebody made of a proposal; a code that is accepted becomes their assertion.
func (d *Desk) DecideSuggestion(ctx context.Context, who access.Actor, publicID string, made incident.Decision) error {
	if err := made.Check(); err != nil {
		return err
	}
	open, err := d.Suggestions(ctx, who, publicID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(open.Open, func(s incident.Suggestion) bool { return s.What == made.What && s.Value == made.Value })
	if at < 0 {
		return fault.New(fault.Conflict, "this suggestion is not open any more").Keeping("nothing was written").Do("look at the incident anew")
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		inc, about, err := d.heard(ctx, tx, who, access.EditIncidents, publicID)
		if err != nil {
			return err
		}
		_, err = entry.Add(ctx, tx, registerSuggestion, entry.New{Kind: incident.KindSuggested, Subject: publicID, Body: open.Open[at]},
			entry.New{Kind: incident.KindDecided, Subject: publicID, Body: made})
		if err != nil || !made.Accepted || made.What != incident.SuggestCode {
			return err
		}
		sources, err := sourcesBySeries(ctx, tx)
		if err != nil {
			return err
		}
		return d.stateMoves(ctx, tx, inc, about, []incident.Stated{acceptCode(about.standing(sources), inc, made, open.Open[at])})
	})
}

// acceptCode is the move by which a person makes a proposed code their own: in the place of the codes held, with the same source, whose
// description it was read from; a value of their own where nobody stated codes.
func acceptCode(standing []incident.Assertion, inc incident.Incident, made incident.Decision, proposed incident.Suggestion) incident.Stated {
	codes := append(slices.Clone(inc.Codes), made.Value)
	slices.Sort(codes)
	words := "read from the description: " + strings.Join(proposed.Why, ", ")
	if made.Why != "" {
		words = made.Why
	}
	out := incident.Stated{Move: incident.Assert, Field: "codes", Value: strings.Join(codes, " "), Why: words}
	var held, described incident.Assertion
	for _, a := range standing {
		if a.Speaks() && a.Field == "codes" && a.Value == strings.Join(inc.Codes, " ") && held.ID == "" {
			held = a
		}
		if a.Speaks() && a.Field == "description" && described.ID == "" {
			described = a
		}
	}
	if held.ID != "" {
		out.Move, out.Over, described = incident.Supersede, held.ID, held
	}
	out.Source, out.Reliability, out.Credibility, out.Root = described.Source, described.Reliability, described.Credibility, described.Root
	if out.Source == "" {
		out.Source = vocab.Label("field", "description", "en")
	}
	return out
}
