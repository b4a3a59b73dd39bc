package desk

import (
	"context"

	"ward/access"
	"ward/text"
)

// KnownPlace is a place by name that incidents of a State were placed at before, with the latest point given for it.
type KnownPlace struct {
	Name  string // of the place, else of the first-level area
	Adm1  string
	Point string // "latitude,longitude"; "" where none was given
}

// latestPlaces is among how many of a State's latest incidents known places are looked for.
const latestPlaces = 300

// KnownPlaces are the places of a State's latest incidents, the latest first, each once.
func (d *Desk) KnownPlaces(ctx context.Context, who access.Actor, state string) (out []KnownPlace, err error) {
	if state == "" {
		return nil, nil
	}
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "places of "+state); err != nil {
		return nil, err
	}
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	found, err := x.Search(searchQuery(who, IncidentQuery{Filters: map[string][]string{"country": {state}}, Sort: "from", Desc: true, Limit: latestPlaces}, nil))
	if err != nil || len(found.IDs) == 0 {
		return nil, err
	}
	list, err := d.byPublicID(ctx, found.IDs)
	have := map[string]bool{}
	for _, inc := range list {
		p := KnownPlace{Name: inc.Place, Adm1: inc.Adm1, Point: inc.Point}
		if p.Name == "" {
			p.Name, p.Point = inc.Adm1, ""
		}
		key := text.Key(p.Name) + "|" + text.Key(p.Adm1)
		if p.Name == "" || have[key] || inc.Precision == "censored" {
			continue
		}
		have[key] = true
		out = append(out, p)
	}
	return out, err
}
