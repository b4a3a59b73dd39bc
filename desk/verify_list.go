package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/store"
	"ward/vocab"
)

// Parts of the queue of verification.
const (
	WaitsAsked  = "asked"  // somebody asked me
	WaitsSecond = "second" // one person has spoken, and it was not me
	WaitsThird  = "third"  // two differ, or nobody who spoke is free of its facts
	WaitsFirst  = "first"  // nobody has spoken
	WaitsOthers = "others" // I have spoken: it waits for somebody else
)

// Waits lists the parts, in the order of urgency.
func Waits() []string { return []string{WaitsAsked, WaitsSecond, WaitsThird, WaitsFirst, WaitsOthers} }

// VerificationQuery asks for a part of the queue.
type VerificationQuery struct {
	Part    string // one of Waits; "" for all that wait for who asks
	Country string // ISO3, "" for all
	Offset  int
	Limit   int
}

// VerificationPage is a page of the queue.
type VerificationPage struct {
	Total     int
	Parts     map[string]int // how many wait in each part, whatever part was asked for
	Countries []string       // of all that wait
	Waiting   []Unverified
}

// Unverified is one incident that waits for an opinion.
type Unverified struct {
	incident.Incident
	Part    string
	Highest string    // what the evidence would carry
	Since   time.Time // of the first word about it; zero where nobody spoke
	By      []string  // who asked, of what one was asked for
}

// mostOwn is how many of the association's own rumours the queue looks at, the latest first. What was verified needs no place in it.
const mostOwn = 5000

// Verification lists the incidents that wait for an opinion: those that people here put down and nobody verified, those of which one person
// has spoken, on which two differ, or about which somebody was asked. A publisher's incident waits once somebody asks or speaks.
func (d *Desk) Verification(ctx context.Context, who access.Actor, q VerificationQuery) (page VerificationPage, err error) {
	if err := d.read(ctx, who, access.VerifyIncidents, access.Page, "verification"); err != nil {
		return page, err
	}
	if q.Part != "" && !slices.Contains(Waits(), q.Part) {
		return page, fault.New(fault.Invalid, "%.40q is no part of the queue", q.Part).Do("follow the links of the page")
	}
	if code, ok := vocab.Country(q.Country); q.Country != "" && (!ok || code != q.Country) {
		return page, fault.New(fault.Invalid, "%.40q is no country", q.Country).Do("follow the links of the page")
	}
	own, err := d.Incidents(ctx, who, IncidentQuery{Filters: map[string][]string{"register": {ownSource.Namespace}, "certainty": {"rumour"}}, Sort: "from", Desc: true, Limit: mostOwn})
	if err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := d.waiting(ctx, tx, who, own.Incidents)
		if err == nil {
			page = q.of(all)
			err = d.weigh(ctx, tx, page.Waiting)
		}
		return err
	})
	return page, err
}

// of picks the page from all that waits.
func (q VerificationQuery) of(all []Unverified) VerificationPage {
	page := VerificationPage{Parts: map[string]int{}}
	var out []Unverified
	for _, w := range all {
		page.Countries = append(page.Countries, w.Country)
		if q.Country != "" && w.Country != q.Country {
			continue
		}
		page.Parts[w.Part]++
		if w.Part == q.Part || q.Part == "" && w.Part != WaitsOthers {
			out = append(out, w)
		}
	}
	slices.Sort(page.Countries)
	page.Countries, page.Total = slices.Compact(page.Countries), len(out)
	slices.SortStableFunc(out, func(a, b Unverified) int {
		return cmp.Or(cmp.Compare(slices.Index(Waits(), a.Part), slices.Index(Waits(), b.Part)), a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
	})
	from := min(q.Offset, len(out))
	page.Waiting = out[from:min(from+q.Limit, len(out))]
	return page
}

// spokenOf is what people said of all incidents, by public id.
type spokenOf struct {
	opinions map[string][]entry.Entry[incident.Opinion]
	verdicts map[string][]entry.Entry[incident.Verdict]
	asked    map[string][]entry.Entry[incident.Asked]
}

func loadSpoken(ctx context.Context, tx *store.Tx) (s spokenOf, err error) {
	if s.opinions, err = spokenBy[incident.Opinion](ctx, tx, incident.KindOpinion); err != nil {
		return s, err
	}
	if s.verdicts, err = spokenBy[incident.Verdict](ctx, tx, incident.KindVerdict); err != nil {
		return s, err
	}
	s.asked, err = spokenBy[incident.Asked](ctx, tx, incident.KindAsked)
	return s, err
}

// spokenBy lists every entry of a kind, by what it speaks of.
func spokenBy[T any](ctx context.Context, tx *store.Tx, kind string) (map[string][]entry.Entry[T], error) {
	list, err := entry.All[T](ctx, tx, kind)
	of, _ := bySubject(list)
	return of, err
}

// waiting lists what waits, of the association's own incidents and of all that anybody spoke about.
func (d *Desk) waiting(ctx context.Context, tx *store.Tx, who access.Actor, own []incident.Incident) (out []Unverified, err error) {
	said, err := loadSpoken(ctx, tx)
	if err != nil {
		return nil, err
	}
	people, err := verifying(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	held := map[string]incident.Incident{}
	for _, inc := range own {
		held[inc.PublicID] = inc
	}
	if err := said.others(ctx, tx, held); err != nil {
		return nil, err
	}
	for _, inc := range held {
		if w, waits := said.wait(who, inc, able(people, inc)); waits {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b Unverified) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// others loads the incidents with an open round or an open request that are not held yet.
func (s spokenOf) others(ctx context.Context, tx *store.Tx, held map[string]incident.Incident) error {
	var ids []string
	for id := range s.opinions {
		if _, have := held[id]; !have && len(s.open(id).Opinions) > 0 {
			ids = append(ids, id)
		}
	}
	for id := range s.asked {
		if _, have := held[id]; !have && len(unanswered(slices.Clone(s.asked[id]), s.opinions[id])) > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), batchRows) {
		err := incident.Each(ctx, tx, incident.Where{PublicIDs: part}, func(inc incident.Incident) error {
			held[inc.PublicID] = inc
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// open is the open round of an incident.
func (s spokenOf) open(id string) incident.Round {
	rounds := incident.Rounds(s.opinions[id], s.verdicts[id])
	return rounds[len(rounds)-1]
}

// wait says in which part of somebody's queue an incident stands; waits is false where it does not.
func (s spokenOf) wait(who access.Actor, inc incident.Incident, able []string) (w Unverified, waits bool) {
	id := inc.PublicID
	if inc.Erased || !slices.Contains(able, who.Name) {
		return w, false
	}
	round := s.open(id)
	w = Unverified{Incident: inc}
	for _, a := range unanswered(slices.Clone(s.asked[id]), s.opinions[id]) {
		if a.Body.Whom == who.Name {
			w.By = append(w.By, a.By)
		}
	}
	if len(round.Opinions) > 0 {
		w.Since = round.Opinions[0].At
	}
	voices := len(round.Voices())
	switch {
	case round.Spoke(who.Name):
		w.Part = WaitsOthers
	case len(w.By) > 0:
		w.Part = WaitsAsked
	case voices == 1:
		w.Part = WaitsSecond
	case voices > 1:
		w.Part = WaitsThird
	case len(s.verdicts[id]) == 0 && inc.Namespace == ownSource.Namespace:
		w.Part = WaitsFirst
	}
	return w, w.Part != ""
}

// weigh says of each of a page what its evidence would carry.
func (d *Desk) weigh(ctx context.Context, tx *store.Tx, page []Unverified) error {
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return err
	}
	held := make([]incident.Incident, len(page))
	for i, w := range page {
		held[i] = w.Incident
	}
	about, err := saidOf(ctx, tx, held)
	for i := range page {
		page[i].Highest = about[page[i].ID].ladder(sources).Highest
	}
	return err
}
