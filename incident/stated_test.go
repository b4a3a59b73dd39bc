package incident

import (
	"testing"

	"ward/entry"
)

// moves are entries in the order in which people made them: each is its id, its move and what it speaks of.
func moves(list ...[3]string) (out []entry.Entry[Stated]) {
	for _, m := range list {
		s := Stated{Move: m[1], Field: "place", Over: m[2]}
		if m[1] == Assert || m[1] == Supersede {
			s.Value = m[0]
		}
		out = append(out, entry.Entry[Stated]{ID: m[0], Body: s})
	}
	return out
}

func TestTheStateOfAnAssertionFollowsFromEveryMoveThatHolds(t *testing.T) {
	published := []Assertion{{ID: "p", Field: "place", Value: "p", Series: "a", State: Active}}
	for name, c := range map[string]struct {
		moves [][3]string
		want  map[string]string
	}{
		"a retraction taken back":                {[][3]string{{"r1", Retract, "p"}, {"r2", Retract, "r1"}}, map[string]string{"p": Active}},
		"and that taken back too":                {[][3]string{{"r1", Retract, "p"}, {"r2", Retract, "r1"}, {"r3", Retract, "r2"}}, map[string]string{"p": Retracted}},
		"a doubt whose removal was removed":      {[][3]string{{"c", Contest, "p"}, {"r1", Retract, "c"}, {"r2", Retract, "r1"}}, map[string]string{"p": Contested}},
		"a doubt about what was replaced":        {[][3]string{{"s", Supersede, "p"}, {"c", Contest, "p"}}, map[string]string{"p": Superseded, "s": Active}},
		"a doubt and then a replacement":         {[][3]string{{"c", Contest, "p"}, {"s", Supersede, "p"}}, map[string]string{"p": Superseded, "s": Active}},
		"a replacement taken back leaves doubt":  {[][3]string{{"c", Contest, "p"}, {"s", Supersede, "p"}, {"r", Retract, "s"}}, map[string]string{"p": Contested, "s": Retracted}},
		"a chain whose middle was taken back":    {[][3]string{{"s1", Supersede, "p"}, {"s2", Supersede, "s1"}, {"r", Retract, "s1"}}, map[string]string{"p": Superseded, "s1": Retracted, "s2": Active}},
		"a chain whose end was taken back":       {[][3]string{{"s1", Supersede, "p"}, {"s2", Supersede, "s1"}, {"r", Retract, "s2"}}, map[string]string{"p": Superseded, "s1": Active, "s2": Retracted}},
		"a chain taken back as a whole":          {[][3]string{{"s1", Supersede, "p"}, {"s2", Supersede, "s1"}, {"r1", Retract, "s1"}, {"r2", Retract, "s2"}}, map[string]string{"p": Active, "s1": Retracted, "s2": Retracted}},
		"what was taken back cannot be replaced": {[][3]string{{"r", Retract, "p"}, {"s", Supersede, "p"}}, map[string]string{"p": Retracted, "s": Active}},
	} {
		got := map[string]string{}
		for _, a := range Stand(published, moves(c.moves...)) {
			got[a.ID] = a.State
		}
		for id, want := range c.want {
			if got[id] != want {
				t.Errorf("%s: %s is %s, want %s", name, id, got[id], want)
			}
		}
	}
}
