package assertion

import (
	"slices"
	"testing"

	"ward/tally"
)

func TestEncodeAndDecodeAreInverse(t *testing.T) {
	l := List{{"date", "2023-05", "2023-05 / -"}, {"worker.killed", "2", ""}, {"description", "«\"quoted\"» \x01", ""}}
	got, err := Decode(l.Encode())
	if err != nil || !slices.Equal(got, l) {
		t.Fatalf("%v %v", got, err)
	}
	if _, err := Decode(`[["date"]]`); err == nil {
		t.Error("an assertion without a value was read")
	}
}

func TestDigestIgnoresOrderAndSpellingButNotValues(t *testing.T) {
	a := List{{"date", "2023", "in 2023"}, {"country", "XAA", "Arcadia"}}
	b := List{{"country", "XAA", "ARCADIA "}, {"date", "2023", ""}}
	if a.Digest() != b.Digest() {
		t.Error("spelling or order changed the digest")
	}
	c := List{{"country", "XAA", ""}, {"date", "2024", ""}}
	if a.Digest() == c.Digest() {
		t.Error("another value has the same digest")
	}
}

func TestCompareListsEveryDifferingField(t *testing.T) {
	before := List{{"date", "2023", ""}, {"worker.killed", "1", ""}, {"weapon", "Firearms", ""}}
	after := List{{"weapon", "Firearms", ""}, {"worker.killed", "2", ""}, {"adm1", "North", ""}}
	want := []Change{{"adm1", "", "North"}, {"date", "2023", ""}, {"worker.killed", "1", "2"}}
	if got := Compare(before, after); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestFoldPrefersReliabilityThenOwnerAndDoesNotDependOnOrder(t *testing.T) {
	own := Statement{"sind", "B", true, List{{"worker.killed", "2", ""}, {"country", "XAA", ""}}, ""}
	other := Statement{"alpha", "B", false, List{{"worker.killed", "5", ""}, {"country", "XAA", ""}, {"weapon", "Mine", ""}}, ""}
	for _, order := range [][]Statement{{own, other}, {other, own}} {
		f := Fold(order)
		if k := f["worker.killed"]; k.Value != "2" || k.Count != (tally.Count{Low: 2, Best: 2, High: 5}) || !k.Contested || k.From != "sind" {
			t.Errorf("%+v", k)
		}
		if f["country"].Contested || f["weapon"].Value != "Mine" || f["weapon"].From != "alpha" {
			t.Errorf("%+v", f)
		}
	}
	better := Statement{"zulu", "A", false, List{{"worker.killed", "9", ""}}, ""}
	if got := Fold([]Statement{own, better})["worker.killed"].Value; got != "9" {
		t.Errorf("reliability A lost to B: %s", got)
	}
}

// Two half-known actors must not become a whole one.
func TestTheActorComesFromOneStatement(t *testing.T) {
	vague := Statement{"sind", "B", true, List{{"actor.kind", "unknown", ""}, {"worker.killed", "1", ""}}, ""}
	plain := Statement{"alpha", "B", false, List{{"actor.kind", "state.military", ""}, {"actor.state", "XAA", ""}, {"actor.name", "Arcadian Army", ""}}, ""}
	f := Fold([]Statement{vague, plain})
	if f["actor.kind"].Value != "state.military" || f["actor.state"].Value != "XAA" || f["actor.kind"].Contested || f["worker.killed"].From != "sind" {
		t.Errorf("%+v", f)
	}
	other := Statement{"sind", "B", true, List{{"actor.kind", "nsag", ""}}, ""}
	f = Fold([]Statement{plain, other})
	if _, mixed := f["actor.state"]; mixed || f["actor.kind"].Value != "nsag" || !f["actor.kind"].Contested {
		t.Errorf("an armed group got a State: %+v", f)
	}
}

func TestUnknownStatesNothing(t *testing.T) {
	before, after := List{{"context", "unknown", ""}}, List{{"actor.kind", "unknown", ""}}
	if got := Compare(before, after); len(got) != 0 {
		t.Errorf("%v", got)
	}
	f := Fold([]Statement{{Series: "a", Reliability: "B", List: List{{"context", "unknown", ""}}}, {Series: "b", Reliability: "B", List: List{{"context", "armed_conflict", ""}}}})
	if c := f["context"]; c.Value != "armed_conflict" || c.Contested || c.From != "b" {
		t.Errorf("%+v", c)
	}
}
