package desk

import (
	"testing"

	"ward/incident"
	"ward/policy"
	"ward/search"
)

// An incident that touches two clauses of a norm is one incident of the norm.
func TestANormCountsEachIncidentOnce(t *testing.T) {
	index, err := search.New(indexed())
	if err != nil {
		t.Fatal(err)
	}
	corpus := policy.Load()
	shot := incident.Incident{PublicID: "WRD-XAA-2021-0A1B2C3D", Country: "XAA", Scope: "health", Context: "armed_conflict", Certainty: "possible",
		ActorKind: "state.military", ActorState: []string{"XAA"}, Codes: []string{"ATT.HVY", "PER.KIL"}}
	if err := index.Put(document(shot, corpus)); err != nil {
		t.Fatal(err)
	}
	x := &incidentIndex{Index: index, overviewAt: -1}
	custom := NormFile{}
	cited, err := citedClauses(x)
	if err != nil {
		t.Fatal(err)
	}
	both := 0
	for _, id := range []string{"CIHL:R25", "CIHL:R28"} {
		clause, _ := corpus.Clause(id)
		custom.Clauses = append(custom.Clauses, ClauseFile{Clause: clause})
		both += cited["clause"][id]
	}
	if err := custom.count(x); err != nil || both != 2 || custom.Cited != 1 || custom.Proposed != 0 {
		t.Errorf("%d citations by one incident: it counts as %d cited, %d proposed, %v", both, custom.Cited, custom.Proposed, err)
	}
}
