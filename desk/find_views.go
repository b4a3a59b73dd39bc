package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"ward/access"
	"ward/incident"
	"ward/search"
	"ward/store"
	"ward/text"
)

// Timeline is how what a query finds lies in time.
type Timeline struct {
	Total   int
	Slots   []TimeSlot // the oldest first, without a gap where there are fewer than mostPeriods
	ByMonth bool
	Spans   int // known only to lie in a range over the end of a year: in no period
	Undated int
	NoDay   int // in a period, and no day is known
}

// TimeSlot is a month (2021-03) or a year (2021), and what is known to lie in it, by certainty. By month, a year is what is known to lie in it and
// in none of its months.
type TimeSlot struct {
	Name                          string
	Confirmed, Probable, Possible int
	Other                         int // rumours, and what verification set aside
}

// Total is all of the period.
func (p TimeSlot) Total() int { return p.Confirmed + p.Probable + p.Possible + p.Other }

const (
	mostPeriods = 400
	monthYears  = 3 // by month where it all lies in so many years
)

// Timeline counts what a query finds by month or year.
func (d *Desk) Timeline(ctx context.Context, who access.Actor, q IncidentQuery) (t Timeline, err error) {
	all, err := d.counted(ctx, who, q, inPeriod, dated)
	if err != nil {
		return t, err
	}
	t.Total = all.Total
	for _, n := range all.Facets[dated] {
		switch n.Value {
		case "":
			t.Undated = n.Docs
		case "span":
			t.Spans = n.Docs
		case "month", "year":
			t.NoDay += n.Docs
		}
	}
	by := map[string]*TimeSlot{}
	t.ByMonth = fewYears(all.Facets[inPeriod])
	for _, certainty := range []string{"confirmed", "probable", "possible", ""} {
		found, err := d.ofCertainty(ctx, who, q, certainty, all)
		if err != nil {
			return t, err
		}
		for _, n := range found {
			t.add(by, n, certainty)
		}
	}
	for _, p := range by { // what is of none of the three
		p.Other -= p.Confirmed + p.Probable + p.Possible
	}
	t.Slots = t.inOrder(by)
	return t, nil
}

// counted counts columns over what a query finds.
func (d *Desk) counted(ctx context.Context, who access.Actor, q IncidentQuery, columns ...string) (search.Result, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil {
		return search.Result{}, err
	}
	if err := q.check(d.corpus); err != nil {
		return search.Result{}, err
	}
	x, err := d.follow(ctx)
	if err != nil {
		return search.Result{}, err
	}
	q.Offset, q.Limit = 0, 0
	return x.Search(searchQuery(who, q, columns))
}

// ofCertainty counts periods among what is of one certainty; "" is all.
func (d *Desk) ofCertainty(ctx context.Context, who access.Actor, q IncidentQuery, certainty string, all search.Result) ([]search.Count, error) {
	if certainty == "" {
		return all.Facets[inPeriod], nil
	}
	if asked := q.Filters["certainty"]; len(asked) > 0 && !slices.Contains(asked, certainty) {
		return nil, nil
	}
	q.Filters = maps.Clone(q.Filters)
	if q.Filters == nil {
		q.Filters = map[string][]string{}
	}
	q.Filters["certainty"] = []string{certainty}
	found, err := d.counted(ctx, who, q, inPeriod)
	return found.Facets[inPeriod], err
}

func fewYears(periods []search.Count) bool {
	years := map[string]bool{}
	for _, n := range periods {
		if n.Value != "" {
			years[n.Value[:4]] = true
		}
	}
	return len(years) <= monthYears
}

func (t *Timeline) add(by map[string]*TimeSlot, n search.Count, certainty string) {
	if n.Value == "" {
		return
	}
	name := n.Value
	if !t.ByMonth {
		name = name[:4]
	}
	if by[name] == nil {
		by[name] = &TimeSlot{Name: name}
	}
	p := by[name]
	switch certainty {
	case "confirmed":
		p.Confirmed += n.Docs
	case "probable":
		p.Probable += n.Docs
	case "possible":
		p.Possible += n.Docs
	default:
		p.Other += n.Docs
	}
}

// inOrder lists the periods from the first to the last, those without anything too unless they are too many.
func (t *Timeline) inOrder(by map[string]*TimeSlot) (out []TimeSlot) {
	names := slices.Sorted(maps.Keys(by))
	if len(names) == 0 {
		return nil
	}
	if full := t.between(names[0], names[len(names)-1], by); len(full) <= mostPeriods {
		names = full
	}
	for _, name := range names {
		out = append(out, TimeSlot{Name: name})
		if p := by[name]; p != nil {
			out[len(out)-1] = *p
		}
	}
	return out
}

// between names every period from first to last. A year among months stands after its last month.
func (t *Timeline) between(first, last string, by map[string]*TimeSlot) (names []string) {
	from, to := yearOf(first), yearOf(last)
	if to-from > mostPeriods {
		return slices.Sorted(maps.Keys(by))
	}
	for y := from; y <= to; y++ {
		year := itoa(y)
		for len(year) < 4 {
			year = "0" + year
		}
		if !t.ByMonth {
			names = append(names, year)
			continue
		}
		for m := 1; m <= 12; m++ {
			names = append(names, year+"-"+itoa(100 + m)[1:])
		}
		if by[year] != nil {
			names = append(names, year)
		}
	}
	return names
}

func yearOf(name string) (n int) {
	for _, c := range name[:4] {
		n = 10*n + int(c-'0')
	}
	return n
}

// Spread is how what a query finds lies in space: by country, or within one.
type Spread struct {
	Total     int
	Countries []search.Count // most first; none without a country
	Nowhere   int            // no country is known
	State     string         // ISO3, where all asked for lies in one
	Spots     []Spot         // within it, most first
	Unplaced  int            // of it, without a place finer than the country
	Beyond    int            // of it, not looked at: more than mostSpread were found
}

// Spot is a first-level division, or one point outside any that is named.
type Spot struct {
	Name      string // "" when no division is named
	Lat, Lon  float64
	Incidents int
	Vague     bool // none of them is known better than to its division
}

// mostSpread bounds the incidents that are opened to place them within a State.
const mostSpread = 20_000

// Spread counts what a query finds by country; where it asks for one country, by place within it.
func (d *Desk) Spread(ctx context.Context, who access.Actor, q IncidentQuery) (s Spread, err error) {
	found, err := d.counted(ctx, who, q, "country")
	if err != nil {
		return s, err
	}
	s.Total = found.Total
	asked := q.Filters["country"]
	for _, n := range found.Facets["country"] {
		switch {
		case len(asked) > 0 && !slices.Contains(asked, n.Value):
		case n.Value == "ZZZ" || n.Value == "":
			s.Nowhere += n.Docs
		default:
			s.Countries = append(s.Countries, n)
		}
	}
	if len(asked) != 1 || len(s.Countries) != 1 {
		return s, nil
	}
	s.State = asked[0]
	return s, d.spots(ctx, who, q, &s)
}

// spots places the incidents of one State.
func (d *Desk) spots(ctx context.Context, who access.Actor, q IncidentQuery, s *Spread) error {
	x, err := d.follow(ctx)
	if err != nil {
		return err
	}
	q.Offset, q.Limit = 0, mostSpread
	found, err := x.Search(searchQuery(who, q, nil))
	if err != nil {
		return err
	}
	s.Total, s.Beyond = found.Total, found.Total-len(found.IDs)
	by := map[string]*Spot{}
	for chunk := range slices.Chunk(found.IDs, batchRows) {
		err := d.db.Read(ctx, func(tx *store.Tx) error {
			return incident.Each(ctx, tx, incident.Where{PublicIDs: chunk}, func(inc incident.Incident) error { s.place(by, inc); return nil })
		})
		if err != nil {
			return err
		}
	}
	for _, p := range by {
		s.Spots = append(s.Spots, *p)
	}
	slices.SortFunc(s.Spots, func(a, b Spot) int {
		return cmp.Or(cmp.Compare(b.Incidents, a.Incidents), strings.Compare(a.Name, b.Name), cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon))
	})
	return nil
}

func (s *Spread) place(by map[string]*Spot, inc incident.Incident) {
	lat, lon, ok := point(inc)
	if !ok {
		s.Unplaced++
		return
	}
	key := cmp.Or(text.Key(inc.Adm1), inc.Point)
	if by[key] == nil {
		by[key] = &Spot{Name: inc.Adm1, Vague: true}
	}
	p := by[key]
	p.Incidents++
	p.Lat += (lat - p.Lat) / float64(p.Incidents)
	p.Lon += (lon - p.Lon) / float64(p.Incidents)
	p.Vague = p.Vague && (inc.Precision == "4" || inc.Precision == "")
}
