package desk

import (
	"context"
	"strconv"
	"strings"

	"ward/access"
	"ward/incident"
	"ward/store"
	"ward/text"
)

// Place is a first-level division of a State, or one point outside any that is named, with what is recorded there.
type Place struct {
	Name      string           // "" when no division is named
	Lat, Lon  float64          // the middle of the points on record
	Incidents map[string]int64 // by register; registers are never added
	points    float64
}

// Places gathers the health incidents on a State's territory by place. Those whose point is missing, withheld or known
// to the country only are counted under the place without a name and without a point, which stands last.
func (d *Desk) Places(ctx context.Context, who access.Actor, state string, opt AuditOptions) ([]Place, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "places of "+state); err != nil {
		return nil, err
	}
	by, order, nowhere := map[string]*Place{}, []*Place{}, Place{Incidents: map[string]int64{}}
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		return incident.Each(ctx, tx, incident.Where{State: state}, func(inc incident.Incident) error {
			if !who.Sees(statesOf(inc)...) {
				return nil
			}
			year := inc.Year()
			if inc.Country != state || inc.Scope != "health" || inc.Gone || !incident.Counts(inc.Certainty) || opt.From != 0 && year < opt.From || opt.To != 0 && year > opt.To {
				return nil
			}
			lat, lon, ok := point(inc)
			if !ok {
				nowhere.Incidents[inc.Namespace]++
				return nil
			}
			key := text.Key(inc.Adm1)
			if key == "" {
				key = inc.Point
			}
			p := by[key]
			if p == nil {
				p = &Place{Name: inc.Adm1, Incidents: map[string]int64{}}
				by[key], order = p, append(order, p)
			}
			p.Incidents[inc.Namespace]++
			p.points++
			p.Lat += (lat - p.Lat) / p.points
			p.Lon += (lon - p.Lon) / p.points
			return nil
		})
	})
	out := make([]Place, 0, len(order)+1)
	for _, p := range order {
		out = append(out, *p)
	}
	return append(out, nowhere), err
}

// point reads an incident's point where it says more than the country.
func point(inc incident.Incident) (lat, lon float64, ok bool) {
	a, b, _ := strings.Cut(inc.Point, ",")
	lat, err1 := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(b, 64)
	onEarth := lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
	return lat, lon, err1 == nil && err2 == nil && onEarth && inc.Precision != "6" && inc.Precision != "censored"
}
