package simulate

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"strings"
	"testing"

	"ward/audit"
	"ward/policy"
	"ward/vocab"
	"ward/when"
)

// imported reads the health registers' files as an import would make incidents of them; the yearly sheet adds nothing.
func imported(t *testing.T, dir string, files []File) (out []audit.Incident) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range files {
		if f.Register != SiND && f.Register != SSA {
			continue
		}
		r, rows, _ := readAll(t, filepath.Join(dir, f.Name))
		for _, row := range rows {
			id := row.Namespace + "-" + row.ExternalID + row.Key
			if seen[id] {
				continue
			}
			seen[id] = true
			date, err := when.Parse(row.Get("date"))
			if err != nil {
				t.Fatal(err)
			}
			certainty := row.Get("certainty")
			if certainty == "" {
				certainty = "possible"
			}
			out = append(out, audit.Incident{ID: id, Date: date, Country: row.Get("country"), Place: row.Get("adm1"), ActorKind: row.Get("actor.kind"),
				ActorState: strings.Fields(row.Get("actor.state")), ActorNote: row.Get("actor.note"), Codes: strings.Fields(row.Get("codes")),
				Context: row.Get("context"), Certainty: certainty, Register: row.Namespace, Sources: []string{r.Profile().Publisher}, Scope: "health",
				Roots: []string{id}})
		}
	}
	return out
}

func parsed(t *testing.T, rows [][]string) []audit.Row {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	out, problems, err := audit.ParseIndicators(&b, nil)
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", err, problems)
	}
	return out
}

func build(t *testing.T, state string, incidents []audit.Incident, rows []audit.Row) *audit.Report {
	t.Helper()
	r, err := audit.Build(audit.Input{State: state, From: FirstYear, To: LastYear, Incidents: incidents, Rows: rows}, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func documented(state string, incidents []audit.Incident) (out []Documented) {
	for _, i := range incidents {
		if i.Country == state || strings.Join(i.ActorState, " ") == state {
			out = append(out, Documented{i.ID, i.Country, i.Date.Year(), i.Codes, i.Certainty, i.ActorKind != "" && i.ActorKind != "unknown",
				strings.Join(i.ActorState, " ") == state})
		}
	}
	return out
}

func proposed(r *audit.Report) (out []ProposedCell) {
	for _, c := range r.Cells {
		out = append(out, ProposedCell{r.State, c.Clause, c.Year, c.Proposed, c.Outcome != audit.NotInForce && c.Binds})
	}
	return out
}

// coded is an audit of a State after the two rounds of invented statements.
func coded(t *testing.T, state string, incidents []audit.Incident) *audit.Report {
	t.Helper()
	rows := parsed(t, Citations(documented(state, incidents), 7))
	rows = append(rows, parsed(t, Codings(proposed(build(t, state, incidents, rows)), 7))...)
	return build(t, state, incidents, rows)
}

func TestCodingsShowEveryOutcomeOfAnOpenState(t *testing.T) {
	dir, files := write(t, 7, 2000)
	r := coded(t, "XAA", imported(t, dir, files))
	levels, whys := map[string]int{}, map[string]int{}
	graded, replied := 0, 0
	for _, c := range r.Cells {
		levels[c.Outcome]++
		whys[c.Why]++
		if c.Environment != audit.NoInfo {
			graded++
		}
		if c.Reply != nil && c.Reply.Note != "" {
			replied++
		}
	}
	t.Logf("outcomes %v, reasons %v, refused %d", levels, whys, len(r.Refused))
	for _, level := range []string{audit.N0, audit.N1, audit.F1, audit.F2, audit.F3, audit.F4, audit.NotInForce} {
		if levels[level] == 0 {
			t.Errorf("no cell is %s", level)
		}
	}
	for _, why := range []string{"two_coders", "not_coded", "one_coder", "coders_differ", "above_evidence", "incidents_contradict", "information_not_graded"} {
		if whys[why] == 0 {
			t.Errorf("no cell reads %s", why)
		}
	}
	if graded == 0 || replied == 0 {
		t.Errorf("%d cells graded, %d with a reply", graded, replied)
	}
	figures := 0
	for _, a := range r.Agreement {
		if a.Pairs >= 10 {
			figures++
		}
	}
	if figures == 0 {
		t.Error("no clause has ten pairs of codings")
	}
}

func TestCodingsLeadCellsToPublicationCorrectionAndAppeal(t *testing.T) {
	dir, files := write(t, 7, 2000)
	r := coded(t, "XAA", imported(t, dir, files))
	stages, refused := map[string]int{}, map[string]int{}
	for _, c := range r.Cells {
		if c.Standing != nil {
			stages[c.Standing.Stage]++
		}
	}
	for _, f := range r.Refused {
		refused[f.Why]++
	}
	t.Logf("stages %v, refused %v", stages, refused)
	for _, stage := range []string{audit.StageFrozen, audit.StageCoded, audit.StageDraft, audit.StagePublished, audit.StageCorrected} {
		if stages[stage] == 0 {
			t.Errorf("no cell is at the stage %s", stage)
		}
	}
	if refused["reply_time_runs"] != 1 || refused["moves_no_cell"] != 0 {
		t.Errorf("refused %v", refused)
	}
	if len(r.Visits) == 0 || len(r.Communications) == 0 || len(r.Reservations) == 0 || len(r.Corrections) != 1 || len(r.Appeals) != 2 {
		t.Errorf("%d visits, %d letters, %d reservations, %d corrections, %d appeals", len(r.Visits), len(r.Communications), len(r.Reservations), len(r.Corrections), len(r.Appeals))
	}
}

func TestCodingsOfAClosedStateCannotSayThatNothingHappened(t *testing.T) {
	dir, files := write(t, 7, 2000)
	r := coded(t, "XAD", imported(t, dir, files))
	refused := 0
	for _, c := range r.Cells {
		if c.Outcome == audit.N1 {
			t.Errorf("%s %d reads N1", c.Clause, c.Year)
		}
		if c.Why == "access_refused" {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no cell reads that access was refused")
	}
}

func TestStatementsFollowFromTheSeedAndTheCells(t *testing.T) {
	cells := []ProposedCell{{"XAA", "CIHL:R28", 2022, "F1", true}, {"XAA", "CIHL:R28", 2023, "N0", true}, {"SYR", "CIHL:R28", 2023, "F1", true}}
	one, two := Codings(cells, 1), Codings(cells, 1)
	for i := range one {
		if strings.Join(one[i], "|") != strings.Join(two[i], "|") {
			t.Fatalf("row %d differs", i)
		}
		if i > 0 && one[i][1] != "XAA" {
			t.Errorf("row %d speaks of %s", i, one[i][1])
		}
	}
	if got := Citations([]Documented{{ID: "a", State: "SYR", Year: 2022, Codes: []string{"ATT.HVY"}, Certainty: "confirmed"}}, 1); len(got) != 1 {
		t.Errorf("citations of a real State: %v", got[1:])
	}
	if got := header(); strings.Join(got, ",") != strings.Join(audit.Columns, ",") {
		t.Errorf("columns %v, want %v", got, audit.Columns)
	}
}

func TestPartiesAndCitationsNameWhatTheCorpusHas(t *testing.T) {
	corpus := policy.Load()
	for _, row := range Codings([]ProposedCell{{"XAA", "CIHL:R28", 2022, "F1", true}}, 1)[1:] {
		if row[0] == "party" {
			if _, ok := corpus.Norm(row[2]); !ok {
				t.Errorf("no norm %s", row[2])
			}
		}
	}
	for _, p := range duties() {
		if _, ok := corpus.Clause(p.clause); !ok {
			t.Errorf("no clause %s", p.clause)
		}
	}
	if !vocab.Has("information", "I2") {
		t.Error("the list of information grades has no I2")
	}
}
