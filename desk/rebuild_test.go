package desk_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"ward/assertion"
	"ward/desk"
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
				again := refold(reports[inc.ID], described)
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

func refold(reports []intake.Report, described map[string]intake.Source) incident.Incident {
	var said []assertion.Statement
	var series, flags []string
	gone, scope := true, ""
	for _, r := range reports {
		s := described[r.Series]
		said = append(said, assertion.Statement{Series: r.Series, Reliability: s.Reliability, Owner: text.Key(s.Namespace) == text.Key(s.Series), List: r.Assertions})
		series, gone = append(series, r.Series), gone && r.Gone
		for _, f := range r.Flags {
			flags = append(flags, strings.Fields(f)[0])
		}
		if scope == "" {
			scope = s.Scope
		}
	}
	inc := incident.FromFold(assertion.Fold(said))
	if inc.Scope == "" {
		inc.Scope = scope
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
