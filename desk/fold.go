package desk

import (
	"cmp"
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
	earlier  []intake.Report // editions before, which people spoke of
	stated   []entry.Entry[incident.Stated]
	verdicts []entry.Entry[incident.Verdict]
}

// fold makes the incident that everything said about it adds up to; ids and key are the caller's. A report that is gone still
// speaks: gone marks, it never deletes. Only when all are gone, and nothing stated here holds, is the incident.
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
		series = append(series, incident.Own)
		gone = gone && !s.speaks(sources)
	}
	flags = s.judge(&inc, flags)
	slices.Sort(series)
	slices.Sort(flags)
	inc.Series, inc.Flags, inc.Gone = slices.Compact(series), slices.Compact(flags), gone
	return inc
}

// speaks reports that something stated here still holds.
func (s said) speaks(sources map[string]intake.Source) bool {
	return slices.ContainsFunc(s.standing(sources), func(a incident.Assertion) bool { return a.Series == incident.Own && a.Speaks() })
}

// own reports that somebody here asserted something about it, be it taken back since.
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
		src, places := sources[r.Series], placesOf(r)
		for i, v := range r.Assertions {
			all = append(all, incident.Assertion{ID: r.ID + "/" + places[i], Field: v.Field, Value: v.Value, Raw: v.Raw, Series: r.Series, Source: src.Title, Reliability: src.Reliability,
				Root: src.Namespace, Owner: owns(src), State: incident.Active})
		}
	}
	return incident.Stand(all, s.carried())
}

// placesOf names the assertions of a report within it: by the field, with #n for the n-th of one field.
func placesOf(r intake.Report) []string {
	out, times := make([]string, len(r.Assertions)), map[string]int{}
	for i, v := range r.Assertions {
		out[i] = v.Field
		if times[v.Field]++; times[v.Field] > 1 {
			out[i] += "#" + itoa(times[v.Field])
		}
	}
	return out
}

// carried is what people stated, with moves about an earlier edition carried over to the current one where that says the same. Where it says
// something else they speak of nothing any more, and the publisher's new word counts.
func (s said) carried() []entry.Entry[incident.Stated] {
	if len(s.earlier) == 0 {
		return s.stated
	}
	was, is := map[string]string{}, map[string]string{} // what an edition says by the assertion's id; the current one's id by what it says
	for _, r := range s.earlier {
		for i, place := range placesOf(r) {
			was[r.ID+"/"+place] = sameWord(r, place, i)
		}
	}
	for _, r := range s.reports {
		for i, place := range placesOf(r) {
			is[sameWord(r, place, i)] = r.ID + "/" + place
		}
	}
	out := slices.Clone(s.stated)
	for i, e := range out {
		if word, known := was[e.Body.Over]; known && is[word] != "" {
			out[i].Body.Over = is[word]
		}
	}
	return out
}

// sameWord is equal for what two editions of one row say alike.
func sameWord(r intake.Report, place string, i int) string {
	return strings.Join([]string{r.Series, r.ExternalID, itoa(r.Occurrence), place, r.Assertions[i].Value}, "\x1f")
}

// spokenOf lists the editions that people spoke of and that are not among the current ones.
func (s said) spokenOf() (ids []string) {
	for _, e := range s.stated {
		id, _, published := strings.Cut(e.Body.Over, "/")
		if published && !slices.Contains(ids, id) && !slices.ContainsFunc(s.reports, func(r intake.Report) bool { return r.ID == id }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// spoken gathers the assertions that still speak into statements, one for each source and grade. What one source says here of the actor is
// one statement, of its weakest grade: an actor is taken from one statement, and must not be torn.
func spoken(all []incident.Assertion) []assertion.Statement {
	type voice struct{ series, report, source, reliability, credibility string }
	var out []assertion.Statement
	at, actor := map[voice]int{}, map[string][2]string{}
	for _, a := range all {
		if a.Speaks() && torn(a) {
			held := actor[teller(a)]
			actor[teller(a)] = [2]string{max(held[0], cmp.Or(a.Reliability, "F")), max(held[1], cmp.Or(a.Credibility, "6"))}
		}
	}
	for _, a := range all {
		if !a.Speaks() {
			continue
		}
		report := ""
		if a.Series != incident.Own {
			report, _, _ = strings.Cut(a.ID, "/")
		}
		if torn(a) {
			a.Reliability, a.Credibility = actor[teller(a)][0], actor[teller(a)][1]
		}
		key := voice{a.Series, report, teller(a), a.Reliability, a.Credibility}
		i, heard := at[key]
		if !heard {
			i, at[key] = len(out), len(out)
			out = append(out, assertion.Statement{Series: a.Series, Reliability: a.Reliability, Credibility: a.Credibility, Owner: a.Owner})
		}
		out[i].List = append(out[i].List, assertion.Value{Field: a.Field, Value: a.Value, Raw: a.Raw})
	}
	return out
}

// torn reports a word on the actor stated here, which grades of its own could tear from what the same source says of it.
func torn(a incident.Assertion) bool {
	return a.Series == incident.Own && strings.HasPrefix(a.Field, "actor.")
}

// teller is who says it: the source, and without one whoever put it down.
func teller(a incident.Assertion) string { return cmp.Or(a.Source, a.By) }

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
	if err != nil {
		return nil, err
	}
	out, spokenOf := make(map[string]said, len(held)), []string{}
	for _, inc := range held {
		about := said{reports: reports[inc.ID], stated: stated[inc.PublicID], verdicts: verdicts[inc.PublicID]}
		out[inc.ID], spokenOf = about, append(spokenOf, about.spokenOf()...)
	}
	return out, addEarlier(ctx, tx, out, spokenOf)
}

// addEarlier loads the editions before the current ones that people spoke of; those that were erased say nothing.
func addEarlier(ctx context.Context, tx *store.Tx, about map[string]said, ids []string) error {
	for chunk := range slices.Chunk(ids, batchRows) {
		earlier, err := intake.ByID(ctx, tx, chunk)
		if err != nil {
			return err
		}
		for _, r := range earlier {
			if s, held := about[r.IncidentID]; held {
				s.earlier = append(s.earlier, r)
				about[r.IncidentID] = s
			}
		}
	}
	return nil
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
