package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/facility"
	"ward/intake"
	"ward/search"
	letter "ward/statement"
	"ward/store"
)

// Found is one page of what a search finds, of one kind, and how much it finds of every kind that the asker may read.
type Found struct {
	Kind   string
	Kinds  []search.Count
	Page   IncidentPage // of incidents
	Papers []Paper      // of any other kind
	Total  int          // of the kind shown
}

// Paper is something found that is no incident.
type Paper struct {
	Kind    string
	ID      string
	Title   string // "" for a report
	Text    string // "" where it is covered
	Country string // ISO3, "" where none is stated
	Date    string // EDTF: the day on which a report came, a statement's own
	Channel string // of a report
	Lang    string
	Covered bool // its words may distress: they are shown on its own page, when asked for
	By      string
	At      time.Time
}

// Find answers one search over incidents, received reports, facilities and statements. Kind chooses what is listed; "" takes the first
// that finds anything. What the asker may not read is neither matched nor counted.
func (d *Desk) Find(ctx context.Context, who access.Actor, kind string, q IncidentQuery) (f Found, err error) {
	asked := q
	if slices.Contains(paperKinds(who), kind) && !q.speaksOfIncidents() {
		asked.Limit = 0 // they are only counted
	}
	if f.Page, err = d.Incidents(ctx, who, asked); err != nil {
		return f, err
	}
	f.Kinds = []search.Count{{Value: FindIncidents, Docs: f.Page.Total}}
	x, papers, err := d.findPapers(ctx, who, q)
	if err != nil {
		return f, err
	}
	f.Kinds = append(f.Kinds, papers...)
	f.Kind = chosenKind(f.Kinds, kind)
	for _, k := range f.Kinds {
		if k.Value == f.Kind {
			f.Total = k.Docs
		}
	}
	if f.Kind == FindIncidents {
		return f, nil
	}
	f.Page = IncidentPage{Facets: f.Page.Facets}
	found, err := x.Search(paperQuery(who, []string{f.Kind}, q))
	if err != nil {
		return f, err
	}
	f.Papers, err = d.papersOf(ctx, f.Kind, found.IDs)
	return f, err
}

// chosenKind is the kind asked for, or else the first that has anything; incidents where none has.
func chosenKind(counts []search.Count, asked string) string {
	chosen := FindIncidents
	for _, k := range slices.Backward(counts) {
		if k.Value == asked {
			return asked
		}
		if k.Docs > 0 {
			chosen = k.Value
		}
	}
	return chosen
}

// findPapers counts what a query finds beside incidents, by kind, in the order in which they are offered.
func (d *Desk) findPapers(ctx context.Context, who access.Actor, q IncidentQuery) (*search.Index, []search.Count, error) {
	kinds := paperKinds(who)
	if len(kinds) == 0 || q.speaksOfIncidents() {
		return nil, nil, nil
	}
	for _, act := range []access.Act{access.ReadReports, access.ReadRegisters} {
		if !who.Can(act) {
			continue
		}
		if err := d.read(ctx, who, act, access.Page, "search"); err != nil {
			return nil, nil, err
		}
	}
	x, err := d.followPapers(ctx)
	if err != nil {
		return nil, nil, err
	}
	asked := paperQuery(who, kinds, q)
	asked.Limit, asked.Facets = 0, []string{"kind"}
	found, err := x.Search(asked)
	counts := make([]search.Count, len(kinds))
	for i, kind := range kinds {
		counts[i].Value = kind
		for _, n := range found.Facets["kind"] {
			if n.Value == kind {
				counts[i].Docs = n.Docs
			}
		}
	}
	return x, counts, err
}

// speaksOfIncidents reports a filter that nothing else than an incident can meet.
func (q IncidentQuery) speaksOfIncidents() bool {
	for column, values := range q.Filters {
		if column != "country" && len(values) > 0 {
			return true
		}
	}
	return false
}

// paperQuery is a query for papers of some kinds; they are always listed by date, the youngest first unless asked otherwise.
func paperQuery(who access.Actor, kinds []string, q IncidentQuery) search.Query {
	q.Sort, q.Filters = "from", map[string][]string{"country": q.Filters["country"]}
	out := searchQuery(who, q, nil)
	out.Within = paperScope(who, kinds)
	return out
}

// papersOf loads papers of one kind in the order found.
func (d *Desk) papersOf(ctx context.Context, kind string, found []string) ([]Paper, error) {
	ids := make([]string, len(found))
	for i, name := range found {
		ids[i] = strings.TrimPrefix(name, paperID(kind, ""))
	}
	var by map[string]Paper
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		switch kind {
		case FindReports:
			by, err = loadPapers(ctx, tx, intake.KindReceived, ids, reportPaper)
		case FindFacilities:
			by, err = loadPapers(ctx, tx, facility.Put, ids, facilityPaper)
		case FindStatements:
			by, err = loadPapers(ctx, tx, letter.DraftKind, ids, statementPaper)
		}
		return err
	})
	var out []Paper
	for _, id := range ids {
		if p, ok := by[id]; ok {
			out = append(out, p)
		}
	}
	return out, err
}

func loadPapers[T any](ctx context.Context, tx *store.Tx, kind string, ids []string, shown func(T) Paper) (map[string]Paper, error) {
	entries, err := entry.OfMany[T](ctx, tx, kind, ids)
	out := make(map[string]Paper, len(entries))
	for id, list := range entries {
		last := list[len(list)-1]
		p := shown(last.Body)
		p.ID, p.By, p.At = id, last.By, last.At
		out[id] = p
	}
	return out, err
}

func reportPaper(r intake.Received) Paper {
	p := Paper{Kind: FindReports, Text: r.Narrative, Country: r.Country, Date: r.Day, Channel: r.Channel, Lang: r.Lang, Covered: r.Covered()}
	if p.Covered {
		p.Text = ""
	}
	return p
}

func facilityPaper(f facility.Facility) Paper {
	return Paper{Kind: FindFacilities, Title: f.Name, Text: strings.Join(slices.DeleteFunc([]string{f.Place, f.Adm1}, func(s string) bool { return s == "" }), ", "), Country: f.State}
}

func statementPaper(s letter.Draft) Paper {
	return Paper{Kind: FindStatements, Title: s.Title, Text: s.Text, Date: s.Date, Lang: s.Lang}
}
