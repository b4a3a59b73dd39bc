package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
	"ward/when"
)

// Proposed is what the answers of a report suggest: values, their grade, and the clauses that the codes among them would bear on.
// Nothing of it is held before somebody takes it over.
type Proposed struct {
	Offers  []intake.Offer
	Grade   intake.Grade
	Clauses []CitedClause
}

// Propose works out what a report suggests.
func (d *Desk) Propose(r intake.Received) Proposed {
	inc := incident.Incident{Codes: r.Codes(), ActorKind: r.Actor}
	return Proposed{Offers: r.Offers(), Grade: r.Grade(), Clauses: d.cite(inc)}
}

// Taking is what somebody decided about the offers of a report.
type Taking struct {
	Keys     []string // of the offers that are taken over; the others are refused
	Grade    intake.Grade
	Root     string // origin that the report shares with others; "" is as the report says
	Incident string // public id of the incident to which they are added; "" makes one
	Seen     string // id of the newest entry about the report that was before their eyes; "" looks at whatever stands
}

// sourceOfReport names a report as the source of an assertion.
func sourceOfReport(report string) string { return "report:" + report }

// stated turns what is taken over into assertions; the codes are one.
func (t Taking) stated(report string, r intake.Received) (out []incident.Stated) {
	var codes []string
	say := func(field, value string) {
		out = append(out, incident.Stated{Move: incident.Assert, Field: field, Value: value, Source: sourceOfReport(report),
			Reliability: t.Grade.Reliability, Credibility: t.Grade.Credibility, Root: cmp.Or(t.Root, r.Root()), Direct: r.Direct()})
	}
	for _, o := range r.Offers() {
		switch {
		case !slices.Contains(t.Keys, o.Key):
		case o.Field == "codes":
			codes = append(codes, o.Value)
		default:
			say(o.Field, o.Value)
		}
	}
	if len(codes) > 0 {
		say("codes", strings.Join(codes, " "))
	}
	return out
}

// decided notes which offers were taken over and which were not.
func (t Taking) decided(publicID string, r intake.Received) intake.Decided {
	out := intake.Decided{Incident: publicID}
	for _, o := range r.Offers() {
		if slices.Contains(t.Keys, o.Key) {
			out.Taken = append(out.Taken, o.Key)
		} else {
			out.Refused = append(out.Refused, o.Key)
		}
	}
	return out
}

// IncidentOfReport puts what is taken over from a report on record about an incident, a new one or one that is there, and links the report
// to it, all or none. It returns the incident's public id.
func (d *Desk) IncidentOfReport(ctx context.Context, who access.Actor, report string, t Taking) (publicID string, err error) {
	if err := who.May(access.EditIncidents); err != nil {
		return "", err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		cases, err := casesOf(ctx, tx, []Seen{{report, t.Seen}})
		if err != nil {
			return err
		}
		if err := who.MayOn(access.EditIncidents, cases[0].about()...); err != nil {
			return err
		}
		f, err := receivedIn(ctx, tx, who, report)
		if err != nil {
			return err
		}
		if publicID, err = d.state(ctx, tx, who, t, t.stated(report, f.Received)); err != nil {
			return err
		}
		if err := putMoves(ctx, tx, cases, []intake.Handling{{Move: intake.Link, Incident: publicID}}); err != nil {
			return err
		}
		_, err = entry.Add(ctx, tx, intake.RegisterReport, entry.New{Kind: intake.KindDecided, Subject: report, Body: t.decided(publicID, f.Received)})
		return err
	})
	return publicID, err
}

// state makes an incident of what is stated, or adds it to one.
func (d *Desk) state(ctx context.Context, tx *store.Tx, who access.Actor, t Taking, about []incident.Stated) (string, error) {
	if len(about) > 0 || t.Incident == "" {
		if err := checkStated(about); err != nil {
			return "", err
		}
	}
	if t.Incident == "" {
		return d.newIncident(ctx, tx, who, about)
	}
	inc, _, err := d.heard(ctx, tx, who, access.EditIncidents, t.Incident)
	if fault.Is(err, fault.NotFound) {
		return "", fault.New(fault.Invalid, "there is no incident %.40q here", t.Incident).Keeping("nothing was written").Do("type its id as its page shows it")
	}
	if err != nil || len(about) == 0 {
		return inc.PublicID, err
	}
	if err := d.mayName(who, about); err != nil {
		return "", err
	}
	if err := intake.PutSource(ctx, tx, ownSource); err != nil {
		return "", err
	}
	if _, err := addStated(ctx, tx, inc.PublicID, about); err != nil {
		return "", err
	}
	return inc.PublicID, foldAgain(ctx, tx, inc)
}

// Likely is an incident that a report may tell of too.
type Likely struct {
	incident.Incident
	Shared []string // codes that both have
	Apart  int      // days between their dates; 0 where they overlap
	Near   bool     // the place's words agree
}

// Bounds of what is likely.
const (
	daysApart   = 3
	mostLikely  = 3
	mostWeighed = 500
)

// LikelyIncidents suggests the incidents of which a report may tell: of its country, within three days of its date, those first that agree most.
// Without a country and a date it suggests none.
func (d *Desk) LikelyIncidents(ctx context.Context, who access.Actor, r intake.Received) ([]Likely, error) {
	date, err := when.Parse(r.Happened())
	if err != nil || r.Country == "" || !who.Can(access.ReadIncidents) {
		return nil, nil
	}
	page, err := d.Incidents(ctx, who, IncidentQuery{Filters: map[string][]string{"country": {r.Country}}, From: when.On(date.From() - daysApart),
		To: when.On(date.To() + daysApart), Limit: mostWeighed})
	if err != nil {
		return nil, err
	}
	out := make([]Likely, len(page.Incidents))
	for i, inc := range page.Incidents {
		out[i] = weighed(inc, r, date)
	}
	slices.SortStableFunc(out, func(a, b Likely) int { return cmp.Compare(b.weight(), a.weight()) })
	return out[:min(len(out), mostLikely)], nil
}

func weighed(inc incident.Incident, r intake.Received, date when.Date) Likely {
	l := Likely{Incident: inc, Apart: int(max(0, inc.Date.From()-date.To(), date.From()-inc.Date.To()))}
	for _, code := range r.Codes() {
		if slices.Contains(inc.Codes, code) {
			l.Shared = append(l.Shared, code)
		}
	}
	words := text.Tokens(inc.Place + " " + inc.Adm1)
	l.Near = slices.ContainsFunc(text.Tokens(r.Place), func(w string) bool { return len(w) > 2 && slices.Contains(words, w) })
	return l
}

// weight orders what is likely.
func (l Likely) weight() int {
	w := 2*len(l.Shared) - l.Apart
	if l.Near {
		w += 3
	}
	return w
}
