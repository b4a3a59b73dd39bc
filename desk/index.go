package desk

import (
	"context"
	"slices"
	"strings"
	"sync"

	"ward/incident"
	"ward/locale"
	"ward/policy"
	"ward/search"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// incidentIndex is the search index over incidents. It lives in memory only and follows the journal: before a query it
// reads what was changed after its own position, so that another process's commit is seen.
type incidentIndex struct {
	*search.Index
	told       told       // incidents about which people here stated something
	summing    sync.Mutex // guards what follows
	overview   []incident.Tally
	overviewAt int64 // journal number the overview was made at
}

// facets and numbers are the columns people filter, count and sort by; "journal" is the row that last changed the incident.
var (
	facets  = []string{"country", "year", "certainty", "actor", "actor_state", "code", "family", "register", "scope", "context", "standing", "clause", "proposed"}
	numbers = []string{"from", "to", "killed", "injured", "abducted", "arrested", "journal"}
)

// Columns that a view counts and no list offers: the month or year that a date lies in, and how much of a date is known.
const (
	inPeriod = "period" // 2021-03, or 2021 where no month is known; none where it spans years
	dated    = "dated"  // day, month, year or span
)

// indexed are the columns of the index.
func indexed() search.Schema {
	return search.Schema{Facets: append(slices.Clone(facets), concerned, inPeriod, dated), Numbers: numbers, Order: "from"}
}

// follow brings the index up to the newest journal row and returns it. Whoever finds it there does not wait; of those who do not, one
// brings it there for all.
func (d *Desk) follow(ctx context.Context) (*incidentIndex, error) {
	last, err := d.newest.row(ctx, d.db)
	if err != nil {
		return nil, err
	}
	if x := d.index.Load(); x != nil && x.Position() >= last {
		return x, nil
	}
	d.following.Lock()
	defer d.following.Unlock()
	x := d.index.Load()
	if x == nil {
		empty, err := search.New(indexed())
		if err != nil {
			return nil, err
		}
		x = &incidentIndex{Index: empty, overviewAt: -1}
		d.index.Store(x)
	}
	if x.Position() >= last {
		return x, nil
	}
	return x, d.db.Read(ctx, func(tx *store.Tx) error {
		last, err := tx.Last(ctx)
		if err != nil {
			return err
		}
		if err := x.take(ctx, tx, d.corpus); err != nil {
			return err
		}
		x.SetPosition(last)
		return nil
	})
}

// take enters the incidents that journal rows after the index's position changed.
func (x *incidentIndex) take(ctx context.Context, tx *store.Tx, corpus *policy.Corpus) error {
	const chunk = 1000
	if err := x.told.follow(ctx, tx, x.Position()); err != nil {
		return err
	}
	docs, stated := make([]search.Doc, 0, chunk), []string(nil)
	err := incident.Each(ctx, tx, incident.Where{JournalAfter: x.Position()}, func(inc incident.Incident) error {
		if inc.Erased {
			x.Delete(inc.PublicID)
			return nil
		}
		if x.told[inc.PublicID] {
			stated = append(stated, inc.PublicID)
			return nil
		}
		docs = append(docs, document(inc, corpus))
		if len(docs) < chunk {
			return nil
		}
		err := x.Put(docs...)
		docs = docs[:0]
		return err
	})
	if err != nil {
		return err
	}
	if err := x.Put(docs...); err != nil {
		return err
	}
	for some := range slices.Chunk(stated, chunk) {
		if docs, err = toldDocuments(ctx, tx, some, corpus); err != nil {
			return err
		}
		if err := x.Put(docs...); err != nil {
			return err
		}
	}
	return nil
}

// document is what can be searched of an incident.
func document(inc incident.Incident, corpus *policy.Corpus) search.Doc {
	doc := search.Doc{
		ID: inc.PublicID,
		Facets: map[string][]string{
			"country": {inc.Country}, "certainty": {inc.Certainty}, "actor": strings.Fields(inc.ActorKind), "actor_state": inc.ActorState,
			"code": inc.Codes, "family": families(inc.Codes), "register": {inc.Namespace}, "scope": {inc.Scope}, "context": {inc.Context}, concerned: statesOf(inc),
		},
		Numbers: map[string]int64{"journal": inc.Journal},
		Text:    append(countryNames(inc.Country), inc.Summary, inc.Adm1, inc.Place, inc.ActorName, inc.ExternalID, inc.PublicID),
	}
	if y := inc.Year(); y != 0 {
		doc.Facets["year"] = []string{itoa(y)}
	}
	doc.Facets[inPeriod], doc.Facets[dated] = spanOf(inc.Date)
	if inc.Gone {
		doc.Facets["standing"] = []string{"gone"}
	}
	doc.Facets["clause"], doc.Facets["proposed"] = clauses(inc, corpus)
	if !inc.Date.IsZero() {
		doc.Numbers["from"], doc.Numbers["to"] = int64(inc.Date.From()), int64(inc.Date.To())
	}
	for _, n := range numbers[2:6] {
		if c, stated := inc.Counts["worker."+n]; stated {
			doc.Numbers[n] = c.Best
		}
	}
	return doc
}

// spanOf says in which month or year a date lies, and how much of it is known.
func spanOf(date when.Date) (in, known []string) {
	switch from := date.From().String(); {
	case date.IsZero():
		return nil, nil
	case date.Exact():
		return []string{from[:7]}, []string{"day"}
	case date.Year() == 0:
		return nil, []string{"span"}
	case date.To().String()[:7] == from[:7]:
		return []string{from[:7]}, []string{"month"}
	default:
		return []string{from[:4]}, []string{"year"}
	}
}

// countryNames are a country's names in every language that Ward speaks, each once.
func countryNames(iso3 string) (names []string) {
	for _, lang := range locale.Langs() {
		if name := vocab.CountryName(iso3, string(lang)); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// clauses are those that a health incident's codes cite, by rule and for a person to decide; a clause cited by rule is not proposed too.
func clauses(inc incident.Incident, corpus *policy.Corpus) (cited, proposed []string) {
	if inc.Scope != "health" {
		return nil, nil
	}
	for _, code := range inc.Codes {
		for actor := range strings.FieldsSeq(inc.ActorKind) {
			for _, c := range corpus.Cite(code, actor, inc.Context) {
				if c.Mode == "rule" {
					cited = append(cited, c.Clause)
				} else {
					proposed = append(proposed, c.Clause)
				}
			}
		}
	}
	slices.Sort(cited)
	cited = slices.Compact(cited)
	proposed = slices.DeleteFunc(proposed, func(c string) bool { return slices.Contains(cited, c) })
	slices.Sort(proposed)
	return cited, slices.Compact(proposed)
}

// families are the first parts of codes: ATT, PER, DEN ...
func families(codes []string) []string {
	var out []string
	for _, c := range codes {
		family, _, _ := strings.Cut(c, ".")
		out = append(out, family)
	}
	return out
}

// tallies returns the overview as of the newest journal row, made anew only when something changed.
func (d *Desk) tallies(ctx context.Context) ([]incident.Tally, error) {
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	x.summing.Lock()
	defer x.summing.Unlock()
	if at := x.Position(); x.overviewAt != at {
		err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
			x.overview, err = incident.Overview(ctx, tx)
			return err
		})
		if err != nil {
			return nil, err
		}
		x.overviewAt = at
	}
	return x.overview, nil
}
