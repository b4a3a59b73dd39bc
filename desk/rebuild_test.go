package desk_test

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ward/access"
	"ward/assertion"
	"ward/desk"
	"ward/entry"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
)

// rebuild folds every incident again from its reports' assertions and gives how many it did. It asks nothing of desk: this is what a
// third party does with the database.
func rebuild(t testing.TB, target string) (rebuilt int) {
	t.Helper()
	described := sources(t, target)
	var held []incident.Incident
	for _, inc := range incidents(t, target) {
		held = append(held, inc)
	}
	reading(t, target, func(tx *store.Tx) error {
		for chunk := range slices.Chunk(held, 2000) {
			ids := make([]string, len(chunk))
			for i, inc := range chunk {
				ids[i] = inc.ID
			}
			reports, err := intake.OfIncidents(ctx, tx, ids)
			if err != nil {
				return err
			}
			for _, inc := range chunk {
				if inc.Erased {
					continue // it tells nothing any more
				}
				again, err := retold(tx, inc, reports[inc.ID], described)
				if err != nil {
					return err
				}
				again.ID, again.PublicID, again.Namespace, again.ExternalID = inc.ID, inc.PublicID, inc.Namespace, inc.ExternalID
				again.Journal, again.Leaf, again.Secret = inc.Journal, inc.Leaf, inc.Secret
				if fields := differing(inc, again); fields != nil {
					t.Errorf("%s:%s differs in %v", inc.Namespace, inc.ExternalID, fields)
				}
				rebuilt++
			}
		}
		return nil
	})
	return rebuilt
}

// retold folds an incident from its reports and from what people here stated and found about it.
func retold(tx *store.Tx, inc incident.Incident, reports []intake.Report, described map[string]intake.Source) (incident.Incident, error) {
	stated, err := entry.Of[incident.Stated](ctx, tx, incident.KindStated, inc.PublicID)
	if err != nil {
		return inc, err
	}
	verdicts, err := entry.Of[incident.Verdict](ctx, tx, incident.KindVerdict, inc.PublicID)
	if err != nil {
		return inc, err
	}
	editions, err := intake.Editions(ctx, tx, inc.ID)
	if err != nil {
		return inc, err
	}
	again := refoldSaid(reports, editions, stated, described)
	if len(reports) == 0 {
		again.Certainty = "rumour"
	}
	if len(verdicts) > 0 && verdicts[len(verdicts)-1].Body.Certainty != "" {
		last := verdicts[len(verdicts)-1].Body
		if again.Certainty = last.Certainty; last.OnePerson {
			again.Flags = append(again.Flags, incident.FlagOnePerson)
			slices.Sort(again.Flags)
		}
	}
	return again, nil
}

// fate follows from the moves of people: what became of each assertion, by id, the last move first. It is written without looking at the
// product's own way.
func fate(stated []entry.Entry[incident.Stated]) (retracted, replaced, doubted map[string]bool) {
	retracted, replaced, doubted = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := len(stated) - 1; i >= 0; i-- {
		m := stated[i]
		if retracted[m.ID] && !replaced[m.ID] {
			continue
		}
		switch m.Body.Move {
		case "retract":
			retracted[m.Body.Over] = true
		case "supersede":
			replaced[m.Body.Over] = true
		case "contest":
			doubted[m.Body.Over] = true
		}
	}
	return retracted, replaced, doubted
}

// nth names the n-th assertion of a field within a report.
func nth(list assertion.List, i int) string {
	n := 0
	for _, v := range list[:i+1] {
		if v.Field == list[i].Field {
			n++
		}
	}
	if n == 1 {
		return list[i].Field
	}
	return list[i].Field + "#" + strconv.Itoa(n)
}

// spokenOfBefore carries moves about an edition over to a current one that says the same in the same place.
func spokenOfBefore(stated []entry.Entry[incident.Stated], reports, editions []intake.Report) []entry.Entry[incident.Stated] {
	out := slices.Clone(stated)
	for k := range out {
		for _, old := range editions {
			for i, v := range old.Assertions {
				if old.ID+"/"+nth(old.Assertions, i) != stated[k].Body.Over {
					continue
				}
				for _, r := range reports {
					for j, w := range r.Assertions {
						if r.Series == old.Series && r.ExternalID == old.ExternalID && r.Occurrence == old.Occurrence && w.Value == v.Value && nth(r.Assertions, j) == nth(old.Assertions, i) {
							out[k].Body.Over = r.ID + "/" + nth(r.Assertions, j)
						}
					}
				}
			}
		}
	}
	return out
}

// refold folds an incident of which nobody here said anything.
func refold(reports []intake.Report, described map[string]intake.Source) incident.Incident {
	return refoldSaid(reports, nil, nil, described)
}

func refoldSaid(reports, editions []intake.Report, stated []entry.Entry[incident.Stated], described map[string]intake.Source) incident.Incident {
	var said []assertion.Statement
	var series, flags []string
	gone, scope := true, ""
	stated = spokenOfBefore(stated, reports, editions)
	retracted, replaced, doubted := fate(stated)
	contested := map[string]bool{}
	for _, r := range reports {
		s := described[r.Series]
		one := assertion.Statement{Series: r.Series, Reliability: s.Reliability, Owner: text.Key(s.Namespace) == text.Key(s.Series)}
		for i, v := range r.Assertions {
			id := r.ID + "/" + nth(r.Assertions, i)
			if retracted[id] || replaced[id] {
				continue
			}
			contested[v.Field] = contested[v.Field] || doubted[id]
			one.List = append(one.List, v)
		}
		said = append(said, one)
		series, gone = append(series, r.Series), gone && r.Gone
		for _, f := range r.Flags {
			flags = append(flags, strings.Fields(f)[0])
		}
		if scope == "" {
			scope = s.Scope
		}
	}
	voices := map[[3]string]int{}
	for _, e := range stated {
		m := e.Body
		if m.Value == "" {
			continue
		}
		if series = append(series, incident.Own); retracted[e.ID] || replaced[e.ID] {
			continue
		}
		gone, contested[m.Field] = false, contested[m.Field] || doubted[e.ID]
		key := [3]string{cmp.Or(m.Source, e.By), m.Reliability, m.Credibility}
		if _, heard := voices[key]; !heard {
			voices[key] = len(said)
			said = append(said, assertion.Statement{Series: incident.Own, Reliability: m.Reliability, Credibility: m.Credibility})
		}
		said[voices[key]].List = append(said[voices[key]].List, assertion.Value{Field: m.Field, Value: m.Value, Raw: m.Raw})
	}
	folded := assertion.Fold(said)
	for field, f := range folded {
		f.Contested = f.Contested || contested[field]
		folded[field] = f
	}
	inc := incident.FromFold(folded)
	if inc.Scope == "" {
		inc.Scope = cmp.Or(scope, "health")
	}
	slices.Sort(series)
	slices.Sort(flags)
	inc.Series, inc.Flags, inc.Gone = slices.Compact(series), slices.Compact(flags), gone
	return inc
}

// differing names the fields in which two incidents differ; empty and missing lists are one.
func differing(a, b incident.Incident) (out []string) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if !x.Type().Field(i).IsExported() {
			continue
		}
		f, g := x.Field(i), y.Field(i)
		if k := f.Kind(); (k == reflect.Slice || k == reflect.Map) && f.Len() == 0 && g.Len() == 0 {
			continue
		}
		if !reflect.DeepEqual(f.Interface(), g.Interface()) {
			out = append(out, x.Type().Field(i).Name)
		}
	}
	return out
}

func TestEveryIncidentCanBeRebuiltFromItsAssertions(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := many(t, 1200)
		first := take(t, d, write(t, x.csv()), desk.ImportOptions{})
		set(&x, x.rows[5], "Health Workers Killed", "6")
		set(&x, x.rows[6], "Date", "2021-01-30")
		x.rows = slices.Delete(x.rows, 20, 30)
		r := take(t, d, write(t, x.csv()), desk.ImportOptions{})
		if r.Changed != 2 || r.Gone != 10 {
			t.Fatalf("%+v", r.Progress)
		}
		takeTable(t, d, shcc(t, event("1005", "2021-01-06", "Health Workers Killed", "9"), event("1007", "2021-01-09"), event("7", "2021-01-09")), 3, 0, 0, 0)
		wantCommitted(t, target)
		if n := rebuild(t, target); n != first.New+1 {
			t.Errorf("%d incidents rebuilt, want %d", n, first.New+1)
		}
	})
}

// What people stated and found stands in the database as what publishers said does, through editions, erasures of their word and one's own.
func TestAnIncidentCanBeRebuiltFromWhatPeopleStatedAndFound(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		say := func(id string, m incident.Stated) string {
			t.Helper()
			if err := d.StateIncident(ctx, access.Local(), id, m); err != nil {
				t.Fatal(err)
			}
			for _, a := range slices.Backward(opened(t, d, id).Standing) {
				if m.Value != "" && a.Value == m.Value {
					return a.ID
				}
			}
			return ""
		}
		id, own := imported(t, d, event("1", "2021-01-06", "Health Workers Killed", "2"), event("2", "2021-01-07")), byHand(t, d)
		f := opened(t, d, id)
		date, killed := assertionOf(t, f, "date", f.Date.String()).ID, assertionOf(t, f, "worker.killed", f.Fold["worker.killed"].Value).ID
		s1 := say(id, incident.Stated{Move: incident.Supersede, Field: "date", Value: "2021-01-08", Over: date, Source: "court paper", Why: "w"})
		say(id, incident.Stated{Move: incident.Supersede, Field: "date", Value: "2021-01-09", Over: s1, Source: "another", Reliability: "B", Why: "w"})
		say(id, incident.Stated{Move: incident.Retract, Field: "date", Over: s1, Why: "w"})
		say(id, incident.Stated{Move: incident.Contest, Field: "worker.killed", Over: killed, Why: "w"})
		say(id, incident.Stated{Move: incident.Assert, Field: "worker.killed", Value: "7", Source: "a nurse", Reliability: "A"})
		say(own, incident.Stated{Move: incident.Retract, Field: "worker.arrested", Over: assertionOf(t, opened(t, d, own), "worker.arrested", "2").ID, Why: "w"})
		if _, err := d.Opine(ctx, access.Local(), own, incident.Opinion{Certainty: "possible", Why: "w", Roots: []string{"a nurse"}}); err != nil {
			t.Fatal(err)
		}
		take(t, d, write(t, sind(t, event("1", "2021-01-06", "Health Workers Killed", "3"), event("2", "2021-01-07", "Health Workers Killed", "4")).csv()), desk.ImportOptions{})
		f = opened(t, d, id)
		if f.Date.String() != "2021-01-09" || f.Counts["worker.killed"].Best != 7 || f.Counts["worker.killed"].Low >= 7 || opened(t, d, own).Certainty != "possible" || !opened(t, d, own).OnePerson() {
			t.Errorf("%s %+v", f.Date, f.Counts["worker.killed"])
		}
		wantCommitted(t, target)
		if n := rebuild(t, target); n != 3 {
			t.Errorf("%d incidents rebuilt, want 3", n)
		}
	})
}
