package desk

import (
	"context"

	"ward/access"
	"ward/fault"
	"ward/policy"
	"ward/search"
	"ward/when"
)

// NormFile is a norm as it stood on a day, with what the workspace's incidents cite of it.
type NormFile struct {
	policy.Standing
	Clauses  []ClauseFile // in the order of the instrument
	Cited    int          // incidents that stand under any of them by rule, each once
	Proposed int          // incidents of which a person must decide whether they do, each once
}

// ClauseFile is a clause with the number of health incidents, of whichever State, that the citation table puts under it.
type ClauseFile struct {
	policy.Clause
	Cited    int // by rule
	Proposed int // for a person to decide
}

// Confirmed counts the clauses that were read in the instrument and not written from memory.
func (n NormFile) Confirmed() (clauses int) {
	for _, c := range n.Clauses {
		if c.Confirmed {
			clauses++
		}
	}
	return clauses
}

// Norms lists the norms that had begun by a day, in corpus order.
func (d *Desk) Norms(ctx context.Context, who access.Actor, day when.Day) ([]NormFile, error) {
	if err := d.read(ctx, who, access.ReadAudit, access.Page, "norms"); err != nil {
		return nil, err
	}
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	cited, err := citedClauses(x)
	if err != nil {
		return nil, err
	}
	var out []NormFile
	for _, s := range d.corpus.AsOf(day) {
		file := NormFile{Standing: s}
		for _, c := range s.Norm.Clauses {
			file.Clauses = append(file.Clauses, ClauseFile{Clause: c, Cited: cited["clause"][c.ID], Proposed: cited["proposed"][c.ID]})
		}
		if err := file.count(x); err != nil {
			return nil, err
		}
		out = append(out, file)
	}
	return out, nil
}

// Norm finds one norm as it stood on a day; NotFound where it is none of the corpus or had not begun.
func (d *Desk) Norm(ctx context.Context, who access.Actor, id string, day when.Day) (NormFile, error) {
	all, err := d.Norms(ctx, who, day)
	if err != nil {
		return NormFile{}, err
	}
	for _, n := range all {
		if n.Norm.ID == id {
			return n, nil
		}
	}
	if n, known := d.corpus.Norm(id); known {
		return NormFile{}, fault.New(fault.NotFound, "%s did not exist yet on %s", n.Short, day).Do("ask for a later day")
	}
	return NormFile{}, fault.New(fault.NotFound, "the corpus has no norm %.40q", id).Do("look for it in the list of norms")
}

// count counts the norm's incidents: one that touches two of its clauses is one.
func (n *NormFile) count(x *incidentIndex) error {
	ids := make([]string, len(n.Clauses))
	for i, c := range n.Clauses {
		ids[i] = c.ID
	}
	for column, into := range map[string]*int{"clause": &n.Cited, "proposed": &n.Proposed} {
		found, err := x.Search(search.Query{Within: search.Everything(), Filters: []search.Filter{{Column: column, AnyOf: ids}}})
		if err != nil {
			return err
		}
		*into = found.Total
	}
	return nil
}

// citedClauses counts, by facet and clause, the incidents that cite it.
func citedClauses(x *incidentIndex) (map[string]map[string]int, error) {
	columns := []string{"clause", "proposed"}
	found, err := x.Search(search.Query{Within: search.Everything(), Facets: columns})
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]int{}
	for _, column := range columns {
		out[column] = map[string]int{}
		for _, n := range found.Facets[column] {
			out[column][n.Value] = n.Docs
		}
	}
	return out, nil
}
