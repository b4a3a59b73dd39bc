package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ward/assertion"
	"ward/entry"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
	"ward/tlog"
)

// said is everything that an incident rests on: its current reports, what people stated about it, and what verification came to.
type said struct {
	reports  []intake.Report
	stated   []entry.Entry[incident.Stated]
	verdicts []entry.Entry[incident.Verdict]
}

// fold makes the incident that everything said about it adds up to; ids and key are the caller's. A report that is gone still
// speaks: gone marks, it never deletes. Only when all are gone, and nobody here stated anything, is the incident.
func (s said) fold(sources map[string]intake.Source) incident.Incident {
	gone := true
	var series, flags []string
	for _, r := range s.reports {
		gone = gone && r.Gone
		series = append(series, r.Series)
		for _, f := range r.Flags {
			code, _, _ := strings.Cut(f, " ")
			flags = append(flags, code)
		}
	}
	folded := s.folded(sources)
	if _, said := folded["scope"]; !said {
		folded["scope"] = assertion.Folded{Value: "health"}
		if len(s.reports) > 0 {
			folded["scope"] = assertion.Folded{Value: sources[s.reports[0].Series].Scope}
		}
	}
	inc := incident.FromFold(folded)
	if s.own() {
		series, gone = append(series, incident.Own), false
	}
	flags = s.judge(&inc, flags)
	slices.Sort(series)
	slices.Sort(flags)
	inc.Series, inc.Flags, inc.Gone = slices.Compact(series), slices.Compact(flags), gone
	return inc
}

// own reports that somebody here asserts something about it.
func (s said) own() bool {
	return slices.ContainsFunc(s.stated, func(e entry.Entry[incident.Stated]) bool {
		return e.Body.Move == incident.Assert || e.Body.Move == incident.Supersede
	})
}

// judge sets the certainty: the latest verdict's; without one that of the sources, and a rumour where no publisher tells of it.
func (s said) judge(inc *incident.Incident, flags []string) []string {
	if len(s.reports) == 0 {
		inc.Certainty = "rumour"
	}
	if len(s.verdicts) == 0 {
		return flags
	}
	last := s.verdicts[len(s.verdicts)-1].Body
	if last.Certainty == "" {
		return flags
	}
	if inc.Certainty = last.Certainty; last.OnePerson {
		flags = append(flags, incident.FlagOnePerson)
	}
	return flags
}

// folded is the value that Ward holds for each field.
func (s said) folded(sources map[string]intake.Source) map[string]assertion.Folded {
	if len(s.stated) == 0 {
		return assertion.Fold(statements(s.reports, sources))
	}
	standing := s.standing(sources)
	out := assertion.Fold(spoken(standing))
	for _, a := range standing {
		if f, held := out[a.Field]; held && a.State == incident.Contested {
			f.Contested = true
			out[a.Field] = f
		}
	}
	return out
}

// standing are all assertions with their states: publishers' first, then people's.
func (s said) standing(sources map[string]intake.Source) []incident.Assertion {
	var all []incident.Assertion
	for _, r := range s.reports {
		src, times := sources[r.Series], map[string]int{}
		for _, v := range r.Assertions {
			id := r.ID + "/" + v.Field
			if times[v.Field]++; times[v.Field] > 1 {
				id += "#" + itoa(times[v.Field])
			}
			all = append(all, incident.Assertion{ID: id, Field: v.Field, Value: v.Value, Raw: v.Raw, Series: r.Series, Source: src.Title, Reliability: src.Reliability,
				Root: src.Namespace, Owner: owns(src), State: incident.Active})
		}
	}
	return incident.Stand(all, s.stated)
}

// spoken gathers the assertions that still speak into statements, one for each source and grade.
func spoken(all []incident.Assertion) []assertion.Statement {
	type voice struct{ series, report, source, reliability, credibility string }
	var out []assertion.Statement
	at := map[voice]int{}
	for _, a := range all {
		if !a.Speaks() {
			continue
		}
		report := ""
		if a.Series != incident.Own {
			report, _, _ = strings.Cut(a.ID, "/")
		}
		key := voice{a.Series, report, a.Source, a.Reliability, a.Credibility}
		i, heard := at[key]
		if !heard {
			i, at[key] = len(out), len(out)
			out = append(out, assertion.Statement{Series: a.Series, Reliability: a.Reliability, Credibility: a.Credibility, Owner: a.Owner})
		}
		out[i].List = append(out[i].List, assertion.Value{Field: a.Field, Value: a.Value, Raw: a.Raw})
	}
	return out
}

// statements turns reports into what their sources say.
func statements(reports []intake.Report, sources map[string]intake.Source) []assertion.Statement {
	out := make([]assertion.Statement, len(reports))
	for i, r := range reports {
		src := sources[r.Series]
		out[i] = assertion.Statement{Series: r.Series, Reliability: src.Reliability, Owner: owns(src), List: r.Assertions}
	}
	return out
}

// owns reports the owner of an id namespace: the series of the same name.
func owns(src intake.Source) bool { return text.Key(src.Namespace) == text.Key(src.Series) }

// refold folds incidents again from everything said about them, and returns their digests, which stand in the journal row's batch
// from a place on.
func refold(ctx context.Context, tx *store.Tx, ids []string, number int64, from int) ([]tlog.Hash, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return nil, err
	}
	var digests []tlog.Hash
	for chunk := range slices.Chunk(ids, batchRows) {
		held, err := refolded(ctx, tx, chunk, sources)
		if err != nil {
			return nil, err
		}
		for i := range held {
			held[i] = commit(held[i], number, from+len(digests)+i)
		}
		digests = append(digests, commitments(held)...)
		if err := incident.Save(ctx, tx, held); err != nil {
			return nil, err
		}
	}
	return digests, nil
}

// refolded gives incidents as everything said about them now tells; those that were erased are left out.
func refolded(ctx context.Context, tx *store.Tx, ids []string, sources map[string]intake.Source) ([]incident.Incident, error) {
	held, err := incident.List(ctx, tx, incident.Where{IDs: ids})
	if err != nil {
		return nil, err
	}
	about, err := saidOf(ctx, tx, held)
	if err != nil {
		return nil, err
	}
	out := held[:0]
	for _, old := range held {
		if old.Erased {
			continue
		}
		inc := about[old.ID].fold(sources)
		inc.ID, inc.PublicID, inc.Namespace, inc.ExternalID = old.ID, old.PublicID, old.Namespace, old.ExternalID
		out = append(out, inc)
	}
	return out, nil
}

// saidOf gathers what incidents rest on, by their ids.
func saidOf(ctx context.Context, tx *store.Tx, held []incident.Incident) (map[string]said, error) {
	ids, public := make([]string, len(held)), make([]string, len(held))
	for i, inc := range held {
		ids[i], public[i] = inc.ID, inc.PublicID
	}
	reports, err := intake.OfIncidents(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	stated, err := entry.OfMany[incident.Stated](ctx, tx, incident.KindStated, public)
	if err != nil {
		return nil, err
	}
	verdicts, err := entry.OfMany[incident.Verdict](ctx, tx, incident.KindVerdict, public)
	out := make(map[string]said, len(held))
	for _, inc := range held {
		out[inc.ID] = said{reports[inc.ID], stated[inc.PublicID], verdicts[inc.PublicID]}
	}
	return out, err
}

func sourcesBySeries(ctx context.Context, tx *store.Tx) (map[string]intake.Source, error) {
	list, err := intake.Sources(ctx, tx)
	out := make(map[string]intake.Source, len(list))
	for _, s := range list {
		out[s.Series] = s
	}
	return out, err
}

func itoa(n int) string { return strconv.Itoa(n) }
