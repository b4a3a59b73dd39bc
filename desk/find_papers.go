package desk

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"ward/access"
	"ward/entry"
	"ward/facility"
	"ward/search"
	letter "ward/statement"
	"ward/store"
	"ward/when"
)

// Kinds of what a search finds.
const (
	FindIncidents  = "incident"
	FindReports    = "report"
	FindFacilities = "facility"
	FindStatements = "statement"
)

// paperIndex is the search index over what is no incident: reports that people sent in, facilities, statements. Like that of incidents it
// lives in memory only and follows the journal.
type paperIndex struct {
	mu sync.Mutex // one reader of the journal at a time
	x  atomic.Pointer[search.Index]
}

var paperColumns = search.Schema{Facets: []string{"kind", "country"}, Numbers: []string{"from", "to", "at"}, Order: "from"}

// paperScope is what of the papers somebody may see; it is applied before matching, counting and completing.
func paperScope(who access.Actor, kinds []string) search.Scope {
	scope := []search.Filter{{Column: "kind", AnyOf: kinds}}
	if who.Only != nil {
		scope = append(scope, search.Filter{Column: "country", AnyOf: who.Only})
	}
	return search.Only(scope...)
}

// paperKinds are the kinds of paper that somebody may read.
func paperKinds(who access.Actor) (out []string) {
	if who.Can(access.ReadReports) {
		out = append(out, FindReports)
	}
	if who.Can(access.ReadRegisters) {
		out = append(out, FindFacilities, FindStatements)
	}
	return out
}

// followPapers brings the index up to the newest journal row and returns it. Whoever finds it there does not wait. An erasure makes it anew:
// nothing of what was erased stays.
func (d *Desk) followPapers(ctx context.Context) (*search.Index, error) {
	last, err := d.newest.row(ctx, d.db)
	p := &d.papers
	if x := p.x.Load(); err != nil || x != nil && x.Position() >= last {
		return x, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if x := p.x.Load(); x != nil && x.Position() >= last {
		return x, nil
	}
	err = d.db.Read(ctx, p.catchUp(ctx))
	return p.x.Load(), err
}

// catchUp reads the journal's rows that are new; the caller holds mu.
func (p *paperIndex) catchUp(ctx context.Context) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		last, err := tx.Last(ctx)
		if err != nil {
			return err
		}
		x := p.x.Load()
		if x != nil {
			erased, err := tx.Did(ctx, "erase", x.Position())
			if err != nil {
				return err
			}
			if erased {
				x = nil
			}
		}
		if x == nil {
			if x, err = search.New(paperColumns); err != nil {
				return err
			}
		}
		if err := takePapers(ctx, tx, x); err != nil {
			return err
		}
		x.SetPosition(last)
		p.x.Store(x)
		return nil
	}
}

// takePapers enters what journal rows after the index's position brought.
func takePapers(ctx context.Context, tx *store.Tx, x *search.Index) error {
	if err := takeKind(ctx, tx, x, facility.Put, facilityDoc); err != nil {
		return err
	}
	if err := takeKind(ctx, tx, x, letter.DraftKind, statementDoc); err != nil {
		return err
	}
	return takeReports(ctx, tx, x)
}

// takeKind enters the entries of one kind; the last one about a subject is what is found of it.
func takeKind[T any](ctx context.Context, tx *store.Tx, x *search.Index, kind string, doc func(entry.Entry[T]) search.Doc) error {
	list, err := entry.After[T](ctx, tx, kind, x.Position())
	if err != nil {
		return err
	}
	for some := range slices.Chunk(entry.Latest(list), 1000) {
		docs := make([]search.Doc, len(some))
		for i, e := range some {
			docs[i] = doc(e)
			docs[i].Numbers["at"] = e.At.UnixMicro()
		}
		if err := x.Put(docs...); err != nil {
			return err
		}
	}
	return nil
}

// paperID names a paper in the index.
func paperID(kind, id string) string { return kind + " " + id }

// paper is a document that lies on the days of a date, as EDTF; what cannot be read as a date is none.
func paper(kind, id, country, day string, text ...string) search.Doc {
	doc := search.Doc{ID: paperID(kind, id), Facets: map[string][]string{"kind": {kind}, "country": {country}}, Numbers: map[string]int64{}, Text: append(text, countryNames(country)...)}
	if on, err := when.Parse(day); err == nil && !on.IsZero() {
		doc.Numbers["from"], doc.Numbers["to"] = int64(on.From()), int64(on.To())
	}
	return doc
}

func facilityDoc(e entry.Entry[facility.Facility]) search.Doc {
	f := e.Body
	return paper(FindFacilities, e.Subject, f.State, "", append(f.External, f.Name, f.Adm1, f.Place, f.Operator, f.PCode)...)
}

func statementDoc(e entry.Entry[letter.Draft]) search.Doc {
	s := e.Body
	return paper(FindStatements, e.Subject, "", s.Date, append(s.Addressees, s.Title, s.Text, e.Subject)...)
}
