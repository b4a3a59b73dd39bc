package web

import (
	"slices"
	"testing"
	"time"

	"ward/desk"
	"ward/store"
)

// The stories of issue 6 that begin with a call and end with an answer. Each names the policy text that it is drawn from by its place among the
// seeds and its paragraph; people and States are invented.

// move takes a case to another state by the form of its page.
func (h *hand) move(to string, pairs ...string) {
	h.Helper()
	form := `#moves form:has([name=to][value=` + to + `])`
	h.fill(form, pairs...)
	h.send(form)
	h.arrives("/en/cases/")
}

// fact fills a section of a case in, and saves it.
func (h *hand) fact(section string, pairs ...string) {
	h.Helper()
	form := "#f-" + section + " form"
	for i := 0; i+1 < len(pairs); i += 2 {
		h.fill(form, "v."+pairs[i], pairs[i+1])
	}
	h.send(form)
	h.arrives("/en/cases/")
}

// becomes puts an outcome into the story of a person.
func (h *hand) becomes(code, when string, pairs ...string) {
	h.Helper()
	const form = "#story form:has([name=do][value=outcome])"
	h.fill(form, append([]string{"code", code, "when", when}, pairs...)...)
	h.send(form)
	h.arrives("/en/persons/")
}

// states are the states that a case went through, the first included.
func states(f desk.CaseFile) (out []string) {
	for _, m := range f.Case.Said.Moves {
		out = append(out, m.Body.To)
	}
	return out
}

// ends says what a case came to, read by somebody on it.
func (s *story) ends(name, id string) desk.CaseFile {
	s.Helper()
	f, err := s.Case(ctx, s.actor(name), id)
	if err != nil {
		s.Fatal(err)
	}
	return f
}

// Seed 0, resolution of 2017 on a physician of a city under curfew: held for months for treating people of the other side, a hearing set, his
// release asked for; and seed 3, paragraph 3: punished for treating the wounded of protests.
func TestStoryAPhysicianJailedForTreatingProtesters(t *testing.T) {
	const name, reach = "Qanarynamezz Doe", "Qanaryreachzz +00 1"
	s := newStory(t, "Ben")
	s.officers("Ada", "Olga")
	h := s.opens("Ann", "/en/today")
	h.leaves(`a[href="/en/cases"]`)
	h.leaves(`a[href^="/en/cases/new"]`)
	const call = "form.questions"
	h.fill(call, "about", name, "threat", "arrest", "where", "held", "country", "Arcadia", "danger", "yes", "need", "legal", "contact_reach", reach)
	h.send(call)
	h.arrives("/en/cases/")
	h.says("Next: Call back", "Imminent", "Legal help")
	t.Logf("story: from the call to a sealed case with its next action: %d steps", h.steps)
	id := h.last()
	page := "/en/cases/" + id
	h.move("risk_assessed")
	h.fact("detention", "since", s.on(0), "authority", "Security police", "place", "Central prison", "whereabouts", "no", "health", "Diabetic", "lawyer", "A lawyer of the chamber")
	h.fact("measure", "kind", "lawyer", "detail", "Engaged by the association")
	h.move("plan_agreed")
	h.move("active")
	hearing := s.on(3)
	h.fact("hearing", "date", hearing, "court", "Second criminal court", "kind", "remand")
	h.leaves(`a[href^="/en/calendar"]`)
	if month := hearing[:len("2006-01")]; month != s.on(0)[:len("2006-01")] {
		h.visit("/en/calendar?month=" + month)
	}
	if day := eval[string](h.tab, `document.getElementById("d-`+hearing+`")?.innerText || ""`); !contains(day, "Hearing", s.ends("Ann", id).Case.Name) {
		t.Errorf("the calendar has on the day of the hearing: %q", day)
	}

	s.passes(5 * 24 * time.Hour)
	s.returns(h, "Ann", page)
	h.says("A hearing has passed without an entry")
	h.visit("/en/notices")
	h.says("A hearing has passed without an entry")
	h.visit(page)
	h.leaves("#s-hearing .itemdo a")
	h.fact("hearing", "outcome", "Remanded for two months")
	h.lacks("A hearing has passed without an entry")
	h.fact("detention", "charge", "Aid to an armed group", "law", "Penal code 220", "whereabouts", "yes")

	h.leaves("#people a")
	h.becomes("charged", s.on(-1), "charge", "Aid to an armed group", "law", "Penal code 220")
	h.becomes("taken", s.on(-5), "taker", "state", "country", "Arcadia") // told later, happened earlier
	h.becomes("located", s.on(-3))
	h.visit(page)
	h.fact("appeal", "kind", "urgent_appeal", "to", "Ministry of Justice", "sent", s.on(0), "reply_due", s.on(7))
	s.passes(9 * 24 * time.Hour)
	s.returns(h, "Ann", page)
	h.says("Appeal without a reply")
	h.leaves("#s-appeal .itemdo a")
	h.fact("appeal", "reply_on", s.on(0), "reply", "He goes home tomorrow", "grade", "A", "effect", "Released before the trial")
	h.fact("detention", "ended", s.on(0))
	h.fact("risk", "level", "low")
	h.move("monitoring")
	h.leaves("#people a")
	h.becomes("released", s.on(0))
	person := h.last()
	h.visit(page)
	h.move("closed", "outcome", "released", "why", "At home with his family")
	h.says("Closed", "Released")
	h.took("a physician jailed, from the call to release", 125)

	f := s.ends("Ann", id)
	if got := states(f); f.Case.State != "closed" || f.Case.Outcome != "released" || !slices.Equal(got, []string{"risk_assessed", "plan_agreed", "active", "monitoring", "closed"}) {
		t.Errorf("%s %s by %q", f.Case.State, f.Case.Outcome, got)
	}
	p, err := s.Person(ctx, s.actor("Ann"), person)
	var codes []string
	for _, o := range p.Outcomes {
		codes = append(codes, o.Body.Code)
	}
	if err != nil || !slices.Equal(codes, []string{"taken", "located", "charged", "released"}) || p.Held() {
		t.Errorf("the story is %q, held %v: %v", codes, p.Held(), err)
	}
	h.visit("/en/persons/" + person)
	h.lacks(name, reach)
	for register, want := range map[string]string{"SiND": "Arrested: 1 (Released)", "AWSD": "Detained: 1"} {
		if got := eval[string](h.tab, `[...document.querySelectorAll("#counts dl div")].map(e => e.innerText.replace(/\s+/g, " ")).filter(t => t.includes("`+register+`")).join()`); !contains(got, want) {
			t.Errorf("%s counts %q, want %q", register, got, want)
		}
	}
	h.send(`form[action$="/names"]`)
	h.says(name)
	other := s.opens("Ben", page)
	other.says("Join", f.Case.Name)
	other.lacks("Central prison", "Diabetic", name, reach)
	if acts, err := s.Acts(ctx, localActor, 0, 500); err != nil || !slices.ContainsFunc(acts, func(e store.Entry) bool { return e.Act.Subject == person }) {
		t.Errorf("the log tells nothing of the person: %v", err)
	}
}
