package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ward/vocab"
)

// What a playbook names is there: states, sections, fields, lists; every state can be reached, and every one but a final one can be left.
func TestAPlaybookNamesNothingThatIsNotThere(t *testing.T) {
	for _, kind := range Kinds() {
		p, ok := PlaybookOf(kind)
		if !ok || p.Kind != kind || p.Version < 1 || p.Source == "" || len(p.States) < 5 {
			t.Fatalf("%s: %+v", kind, p)
		}
		reached := map[string]bool{p.States[0].State: true}
		for _, s := range p.States {
			if len(s.Moves) == 0 && !s.Final || s.Final && len(s.Tasks) > 0 {
				t.Errorf("%s: %s is a dead end, or brings tasks that nobody does", kind, s.State)
			}
			for _, task := range s.Tasks {
				if _, known := p.State(task.Reached); task.Reached != "" && !known {
					t.Errorf("%s: %s ends in %s, which is no state", kind, task.Task, task.Reached)
				}
			}
			for _, w := range s.Moves {
				reached[w.To] = true
				checkWay(t, p, w)
			}
		}
		if len(reached) != len(p.States) {
			t.Errorf("%s: of %d states %d are reached", kind, len(p.States), len(reached))
		}
		for _, s := range p.Sections {
			checkSection(t, p, s)
		}
	}
}

func checkWay(t *testing.T, p *Playbook, w Way) {
	t.Helper()
	if _, ok := p.State(w.To); !ok {
		t.Errorf("%s has no state %s", p.Kind, w.To)
	}
	places := slices.Clone(w.Needs)
	for need, unless := range w.Unless {
		place, value, _ := strings.Cut(unless, "=")
		if !slices.Contains(w.Needs, need) || value == "" {
			t.Errorf("%s to %s: %q spares nothing", p.Kind, w.To, unless)
		}
		places = append(places, place)
	}
	for _, need := range places {
		section, field, one := strings.Cut(need, ".")
		s, ok := p.Section(section)
		if _, has := s.Field(field); !ok || one && !has {
			t.Errorf("%s has no %s", p.Kind, need)
		}
	}
}

func checkSection(t *testing.T, p *Playbook, s Section) {
	t.Helper()
	typeOf := func(name string) string { f, _ := s.Field(name); return f.Type }
	for _, f := range s.Fields {
		if f.Type == Coded != (len(vocab.Codes(f.List)) > 0) {
			t.Errorf("%s.%s.%s: codes of %q", p.Kind, s.Section, f.Field, f.List)
		}
		if !slices.Contains([]string{Text, Long, Day, Instant, Coded, Bool, Number, Clause, Country, Name}, f.Type) {
			t.Errorf("%s.%s.%s is of no type", p.Kind, s.Section, f.Field)
		}
	}
	for _, w := range s.Clocks {
		_, known := p.State(w.Reached)
		if at := typeOf(w.Field); at != Day && at != Instant || w.Reached != "" && !known || len(w.Ends) == 0 && w.Reached == "" && s.Review == nil {
			t.Errorf("%s.%s: the clock %s", p.Kind, s.Section, w.Clock)
		}
		for _, f := range w.Ends {
			if typeOf(f) == "" {
				t.Errorf("%s.%s has no field %s", p.Kind, s.Section, f)
			}
		}
	}
	if _, known := p.State(s.After); s.After != "" && !known {
		t.Errorf("%s has no state %s", p.Kind, s.After)
	}
	if r := s.Review; r != nil && (typeOf(r.By) != Coded || typeOf(r.Field) != Instant) {
		t.Errorf("%s.%s: %+v", p.Kind, s.Section, r)
	}
	for _, a := range s.Asks {
		if typeOf(a.Field) != Coded || typeOf(a.Needs) == "" {
			t.Errorf("%s.%s: %+v", p.Kind, s.Section, a)
		}
	}
}

// The states of standards 10.4, written out here once more.
func TestTheStatesAreThoseOfTheStandards(t *testing.T) {
	for kind, want := range map[string]string{
		Protection: "requested risk_assessed plan_agreed active monitoring closed",
		Inquiry:    "assigned accepted declined gathering heard concluded reported_back follow_up closed",
		Breach:     "suspected aware contained assessed sources_warned authority_notified persons_notified records_corrected reviewed closed",
		Advice:     "asked norms_found advised decided followed closed",
		Conduct:    "reported captured assessed colleague_asked answered remedy_checked closed",
	} {
		p, _ := PlaybookOf(kind)
		var got []string
		for _, s := range p.States {
			got = append(got, s.State)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
	for place, want := range map[string]string{"protection closed": "safe released relocated deceased declined lost_contact", "inquiry concluded": "unfounded insufficient substantiated coerced",
		"advice decided": "refused complied unknown"} {
		kind, state, _ := strings.Cut(place, " ")
		p, _ := PlaybookOf(kind)
		if s, _ := p.State(state); strings.Join(s.Outcomes, " ") != want {
			t.Errorf("%s: %v", place, s.Outcomes)
		}
	}
}

// No case can hold the name of somebody who is accused: of the sections on conduct and inquiry only those who act for the association are named.
func TestNobodyAccusedIsNamed(t *testing.T) {
	for kind, allowed := range map[string][]string{Inquiry: {"mandate.from", "step.by"}, Conduct: nil} {
		p, _ := PlaybookOf(kind)
		for _, s := range p.Sections {
			for _, f := range s.Fields {
				if f.Type == Name && !slices.Contains(allowed, s.Section+"."+f.Field) {
					t.Errorf("%s asks for a name in %s.%s", kind, s.Section, f.Field)
				}
			}
		}
	}
}

func TestEveryWordIsAsked(t *testing.T) {
	words := Words()
	for _, w := range []string{"case.kind.advice", "case.state.breach.sources_warned", "case.outcome.coerced", "case.section.detention", "case.field.hearing.date", "case.task.call_back",
		"case.clock.hearing", "case.clock.hearing_unrecorded", "case.clock.task"} {
		if !slices.Contains(words, w) {
			t.Errorf("%s is not asked", w)
		}
	}
	if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Error("the words are not sorted, or one is there twice")
	}
}

func TestSpansAreThoseOfTheStandards(t *testing.T) {
	p, _ := PlaybookOf(Protection)
	s, _ := p.Section("risk")
	if time.Duration(s.Review.Within["high"]) != 7*24*time.Hour || time.Duration(s.Review.Within["imminent"]) != 24*time.Hour || len(s.Review.Within) != 2 {
		t.Errorf("%+v", s.Review)
	}
	p, _ = PlaybookOf(Breach)
	if s, _ = p.Section("awareness"); time.Duration(s.Clocks[0].Plus) != 72*time.Hour || s.Clocks[0].Reached != "authority_notified" {
		t.Errorf("%+v", s.Clocks)
	}
}
