package desk

import (
	"context"
	"slices"
	"strconv"

	"ward/access"
	"ward/assertion"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/policy"
	"ward/search"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// IncidentQuery is what somebody asks for. Filters are by facet column; an unknown column is an Invalid fault.
type IncidentQuery struct {
	Words   string
	Filters map[string][]string
	From    when.Date // incidents that may have happened on or after its first day
	To      when.Date // and on or before its last
	Sort    string    // number column, "" for the date
	Desc    bool
	Offset  int
	Limit   int
}

// IncidentPage is one page of an answer.
type IncidentPage struct {
	Total     int
	Incidents []incident.Incident
	Facets    map[string][]search.Count
}

// Incidents answers a query: the page, the total, and the counts of every facet.
func (d *Desk) Incidents(ctx context.Context, who access.Actor, q IncidentQuery) (IncidentPage, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil {
		return IncidentPage{}, err
	}
	if err := q.check(d.corpus); err != nil {
		return IncidentPage{}, err
	}
	x, err := d.follow(ctx)
	if err != nil {
		return IncidentPage{}, err
	}
	found, err := x.Search(searchQuery(who, q, facets))
	if err != nil {
		return IncidentPage{}, err
	}
	page := IncidentPage{Total: found.Total, Facets: found.Facets}
	if len(found.IDs) == 0 {
		return page, nil
	}
	if page.Incidents, err = d.byPublicID(ctx, found.IDs); err != nil {
		return IncidentPage{}, err
	}
	return page, d.readEach(ctx, who, page.Incidents)
}

// check refuses a filter by what no code list has: misspelt, it would look as if nothing were recorded.
func (q IncidentQuery) check(corpus *policy.Corpus) error {
	lists := map[string]string{"certainty": "certainty", "code": "incident", "family": "family", "actor": "actor", "context": "context", "scope": "scope"}
	for column, values := range q.Filters {
		for _, v := range values {
			known := true
			switch column {
			case "country", "actor_state":
				code, ok := vocab.Country(v)
				known = ok && code == v
			case "year":
				year, err := strconv.Atoi(v)
				known = err == nil && year >= 1000 && year <= 9999
			case "clause", "proposed":
				_, known = corpus.Clause(v)
			default:
				if list, coded := lists[column]; coded {
					known = vocab.Has(list, v)
				}
			}
			if !known {
				return fault.New(fault.Invalid, "%.40q is nothing that %s can be", v, column).Do("take a code of the list, as the page of all incidents offers them")
			}
		}
	}
	return nil
}

// searchQuery is a query within what somebody may see.
func searchQuery(who access.Actor, q IncidentQuery, counted []string) search.Query {
	out := search.Query{Within: scopeOf(who), Words: q.Words, Sort: q.Sort, Desc: q.Desc, Offset: q.Offset, Limit: q.Limit, Facets: counted}
	for _, column := range facets {
		if values := q.Filters[column]; len(values) > 0 {
			out.Filters = append(out.Filters, search.Filter{Column: column, AnyOf: values})
		}
	}
	if !q.From.IsZero() {
		out.Ranges = append(out.Ranges, search.AtLeast("to", int64(q.From.From())))
	}
	if !q.To.IsZero() {
		out.Ranges = append(out.Ranges, search.AtMost("from", int64(q.To.To())))
	}
	return out
}

// byPublicID loads incidents in the order asked for.
func (d *Desk) byPublicID(ctx context.Context, ids []string) ([]incident.Incident, error) {
	byID := map[string]incident.Incident{}
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		return incident.Each(ctx, tx, incident.Where{PublicIDs: ids}, func(inc incident.Incident) error {
			byID[inc.PublicID] = inc
			return nil
		})
	})
	out := make([]incident.Incident, 0, len(ids))
	for _, id := range ids {
		if inc, ok := byID[id]; ok {
			out = append(out, inc)
		}
	}
	return out, err
}

// CompleteWords continues the last word of what was typed, with counts.
func (d *Desk) CompleteWords(ctx context.Context, who access.Actor, q IncidentQuery, n int) ([]search.Count, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil {
		return nil, err
	}
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	return x.Complete(searchQuery(who, q, nil), n)
}

// IncidentFile is one incident with everything it rests on.
type IncidentFile struct {
	incident.Incident
	Fold      map[string]assertion.Folded
	Standing  []incident.Assertion            // publishers' first, then people's, each with its state
	Verdicts  []entry.Entry[incident.Verdict] // the oldest first
	Reports   []ReportFile                    // current editions
	Earlier   []ReportFile                    // superseded editions, newest first
	Citations []CitedClause
}

// ReportFile is a report with its source, its run and the headers its cells stand under.
type ReportFile struct {
	intake.Report
	Source intake.Source
	Run    intake.Run
}

// CitedClause is a clause that the incident's codes cite, by rule or for a person to decide.
type CitedClause struct {
	policy.Citation
	Code   string
	Clause policy.Clause
}

// Incident opens one incident by its public id.
func (d *Desk) Incident(ctx context.Context, who access.Actor, id string) (IncidentFile, error) {
	if err := who.May(access.ReadIncidents); err != nil {
		return IncidentFile{}, err
	}
	var file IncidentFile
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if file.Incident, err = seen(ctx, tx, who, id); err != nil {
			return err
		}
		if file.Erased {
			return erased(file.PublicID)
		}
		return file.gather(ctx, tx)
	})
	if err != nil {
		return IncidentFile{}, err
	}
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, file.PublicID); err != nil {
		return IncidentFile{}, err
	}
	file.Citations = d.cite(file.Incident)
	return file, nil
}

// gather loads the reports of every edition with their sources and runs, but those that were erased, and folds the current ones.
func (f *IncidentFile) gather(ctx context.Context, tx *store.Tx) error {
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return err
	}
	all, err := intake.Editions(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	superseded := map[string]bool{}
	for _, r := range all {
		superseded[r.Supersedes] = true
	}
	for _, r := range all {
		if r.Erased {
			continue
		}
		run, err := intake.RunByID(ctx, tx, r.RunID)
		if err != nil {
			return err
		}
		file := ReportFile{Report: r, Source: sources[r.Series], Run: run}
		if superseded[r.ID] {
			f.Earlier = append(f.Earlier, file)
			continue
		}
		f.Reports = append(f.Reports, file)
	}
	about, err := saidOf(ctx, tx, []incident.Incident{f.Incident})
	if err != nil {
		return err
	}
	f.Fold, f.Standing, f.Verdicts = about[f.ID].folded(sources), about[f.ID].standing(sources), about[f.ID].verdicts
	return nil
}

// cite lists the clauses that the incident's codes bear on, in the order of the codes.
func (d *Desk) cite(inc incident.Incident) []CitedClause {
	var out []CitedClause
	for _, code := range inc.Codes {
		for _, c := range d.corpus.Cite(code, inc.ActorKind, inc.Context) {
			clause, ok := d.corpus.Clause(c.Clause)
			if ok {
				out = append(out, CitedClause{Citation: c, Code: code, Clause: clause})
			}
		}
	}
	return out
}

// erased says that a record is gone for good.
func erased(id string) error {
	return fault.New(fault.NotFound, "%s was erased on request", id).Keeping("the log still proves that it existed; nobody can open it")
}

// IncidentsByID loads incidents by public id in the order asked for; unknown ids, and those that the actor may not see, are passed over.
func (d *Desk) IncidentsByID(ctx context.Context, who access.Actor, ids []string) ([]incident.Incident, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil || len(ids) == 0 {
		return nil, err
	}
	list, err := d.byPublicID(ctx, ids)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(inc incident.Incident) bool { return !who.Sees(statesOf(inc)...) })
	return list, d.readEach(ctx, who, list)
}
