package web

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ward/casework"
	"ward/desk"
	"ward/evaluation"
	"ward/person"
)

// custody is a colleague who is held, on a case of Ann and Ben; the way to both.
func (w *story) custody() (caseID, personID string) {
	w.Helper()
	ann := w.actor("Ann")
	w.letterhead()
	caseID, err := w.OpenCase(ctx, ann, desk.NewCase{
		Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA"},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker"}, Profession: "physician", Country: "XAA"},
			Names: []person.Name{{Script: "Latn", Text: nameCanary + " Okoye"}}},
		Facts: []casework.Fact{{Section: "detention", Values: map[string]string{"place": "Port prison", "authority": "The prison service"}}}})
	if err == nil {
		err = w.SetMember(ctx, ann, caseID, casework.Member{Name: "Ben"})
	}
	f, failed := w.Case(ctx, ann, caseID)
	if err != nil || failed != nil {
		w.Fatal(err, failed)
	}
	personID = f.Case.Person
	err = w.StatePerson(ctx, ann, personID, person.KindOutcome, person.Outcome{Code: "taken", When: w.Today().String(), Country: "XAA", Place: "Port", Authority: "The police of Port"})
	if err != nil {
		w.Fatal(err)
	}
	return caseID, personID
}

// The forms of the consent page.
const (
	answering = `form:has([name=do][value=answer])`
	reviewing = `form:has([name=do][value=review])`
)

// consents puts a yes on record on the page of consent: to a purpose, a recipient by name or a mechanism, and these kinds of data.
func (h *hand) consents(d *desk.Desk, personID, purpose, recipient, mechanism string, classes ...string) {
	h.Helper()
	h.visit("/en/persons/" + personID + "/consent")
	h.fill(answering, "purpose", purpose)
	for _, c := range classes {
		h.fill(answering, "class", c)
	}
	if recipient != "" {
		h.fill(answering, "recipients", recipient)
	}
	if mechanism != "" {
		h.fill(answering, "mechanism", mechanism)
	}
	h.fill(answering, "giver", "self", "capacity", "yes", "method", "through_lawyer", "given", d.Today().String(), "free", "yes")
	h.send(answering)
	h.obeyed()
}

// reviews says on the page of consent whether something about somebody in danger may leave.
func (h *hand) reviews(d *desk.Desk, personID, purpose, may, why string) {
	h.Helper()
	h.visit("/en/persons/" + personID + "/consent")
	h.fill(reviewing, "for", purpose, "until", (d.Today() + 9).String(), "may", may, "why", why)
	h.send(reviewing)
	h.obeyed()
}

// problem is what the page says is wrong; "" where nothing is.
func (h *hand) problem() string {
	h.Helper()
	return eval[string](h.tab, `document.querySelector("main [role=alert]")?.innerText || ""`)
}

// obeyed wants nothing to be wrong.
func (h *hand) obeyed() {
	h.Helper()
	if said := h.problem(); said != "" {
		h.Fatalf("%s says: %s", eval[string](h.tab, "location.pathname"), said)
	}
}

// refused wants the page to say why something was not done.
func (h *hand) refused(why string) {
	h.Helper()
	if said := h.problem(); !strings.Contains(said, why) {
		h.Errorf("%s says %q, not %q", eval[string](h.tab, "location.pathname"), said, why)
	}
}

// holds reports whether something stands on the page.
func (h *hand) holds(selector string) bool {
	h.Helper()
	return eval[bool](h.tab, `!!document.querySelector('`+selector+`')`)
}

// calm wants the browser to have complained of nothing.
func (h *hand) calm() {
	h.Helper()
	if troubles, _ := h.taken(); len(troubles) > 0 {
		h.Errorf("the browser complains: %q", troubles)
	}
}

// pdfIn waits for the one PDF that the browser keeps, and reads its text without any space, so that no line end parts a word.
func pdfIn(t testing.TB, dir string) string {
	t.Helper()
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		names, _ := filepath.Glob(filepath.Join(dir, "*.pdf"))
		if len(names) != 1 {
			continue
		}
		if raw, err := os.ReadFile(names[0]); err != nil || !strings.Contains(string(raw[max(0, len(raw)-32):]), "%%EOF") {
			continue
		}
		text, err := exec.Command("pdftotext", names[0], "-").Output()
		if err != nil {
			missing(t, "there is no pdftotext: install Debian's package poppler-utils")
		}
		os.Remove(names[0])
		return strings.Join(strings.Fields(string(text)), "")
	}
	t.Fatal("the browser kept no file")
	return ""
}

// Story 5. Seed 000: the resolution on Iran, item 4 of what it recalls: signs of torture are documented, and nobody is endangered by it; the
// statement on forensic work (2017): consent in custody is limited.
func TestStoryAnEvaluationInCustody(t *testing.T) {
	w := newStory(t, "Ben")
	caseID, personID := w.custody()
	ann := w.opens("Ann", "/en/cases/"+caseID)
	ann.leaves(`a[href*="/evaluations/new?case="]`)
	ann.fill("form.form", "asked_by", "Their lawyer", "purpose", "An appeal against the detention", "checker", "Ben")
	ann.send("form.form")
	ann.obeyed()
	id := ann.last()
	page := "/en/evaluations/" + id
	ann.asksForConsent(page)
	for _, s := range evaluation.Sections() {
		if len(s.Fields) > 0 {
			ann.writesSection(page, s)
		}
	}
	ann.visit(page + "/findings/new?kind=physical&view=back")
	ann.pressAt("mouse", 0.4, 0.24)
	ann.fill("form.marking", "type", "scar", "description", "Two parallel pale lines.", "consistency", "highly_consistent", "why", "Their distance is that of a cable.", "differential", "An accident at work was weighed.")
	ann.send("form.marking")
	ann.obeyed()
	for _, to := range []string{"consented", "examined", "drafted"} {
		ann.leaves(`button[name=to][value=` + to + `]`)
		ann.obeyed()
	}
	if ann.holds(`[name=do][value=peer]`) {
		t.Error("whoever wrote it is asked to check it")
	}
	ben := w.opens("Ben", page)
	ben.says("Two parallel pale lines", "Highly consistent", "Shoulder blade · left", "In sight and in hearing")
	for _, c := range []string{"consent", "safeguards", "verified", "degrees", "absence", "names", "readable"} {
		ben.fill(`form:has([value=peer])`, "check", c)
	}
	ben.leaves(`button[name=pass][value=yes]`)
	ben.obeyed()
	ann.visit(page)
	ann.leaves(`a[href$="/sign"]`)
	ann.fill(`form:has([value=sign])`, "name", "Dr A. Example", "standing", "Physician", "place", "Port", "truth", "yes")
	ann.send(`form:has([value=sign])`)
	ann.obeyed()
	ann.says("Signed by Dr A. Example")
	ann.lacks("One person only")
	ann.visit(page + "/write/background")
	ann.fill("form.form", "life", "Changed afterwards.")
	ann.send("form.form")
	ann.refused("what is signed is not changed")
	ann.visit(page)
	ann.fill(`form:has([value=addendum])`, "text", "The X-ray came later.", "known", "document")
	ann.send(`form:has([value=addendum])`)
	ann.obeyed()
	f, err := w.Evaluation(ctx, w.actor("Ann"), id)
	if err != nil || f.Signature == nil || f.Altered || len(f.Addenda) != 1 || len(f.Findings) != 1 || f.Findings[0].Side != "left" || f.Peer.By != "Ben" || f.Parts["background"].Values["life"] == "Changed afterwards." {
		t.Fatalf("%v %+v", err, f.Evaluation)
	}
	into := ann.saves()
	ann.click(`a[href*=".pdf"]`)
	if text := pdfIn(t, into); !contains(text, f.Signature.Body.Digest, "Insightandinhearing") {
		t.Errorf("the file lacks the digest %s, or the officer: %s", f.Signature.Body.Digest, text)
	}
	w.releasesToTheLawyer(ann, ben, page, personID)
	ann.calm()
	ben.calm()
}

// releasesToTheLawyer tries to give a signed evaluation away at each step towards what lets it leave (design 10.5).
func (w *story) releasesToTheLawyer(ann, ben *hand, page, personID string) {
	w.Helper()
	release := func(use, why string) {
		w.Helper()
		ann.visit(page)
		ann.fill(`#release form`, "use", use, "for", "Lawyer K.")
		ann.send(`#release form`)
		if why == "" {
			ann.obeyed()
			return
		}
		ann.refused(why)
	}
	release("court", "did not consent")
	release("lawyer", "consent does not carry")
	ann.consents(w.Desk, personID, "support", "Lawyer K.", "", "identity", "health", "events", "pictures", "place")
	release("lawyer", "review")
	ann.reviews(w.Desk, personID, "support", "yes", "The lawyer is trusted.")
	release("lawyer", "second")
	ben.reviews(w.Desk, personID, "support", "yes", "I spoke with the lawyer myself.")
	release("lawyer", "")
	ann.says("Lawyer K.")
	f, err := w.Evaluation(ctx, w.actor("Ann"), strings.TrimPrefix(page, "/en/evaluations/"))
	if err != nil || f.State != evaluation.Released {
		w.Errorf("%s %v", f.State, err)
	}
}

// asksForConsent asks for each use by itself.
func (h *hand) asksForConsent(page string) {
	h.Helper()
	h.visit(page + "/write/consent")
	h.fill("form.form", "explained", "yes", "refusal", "yes", "free", "yes", "capacity", "yes", "method", "spoken", "day", time.Now().Format(time.DateOnly))
	yes := map[string]bool{"exam": true, "patient": true, "lawyer": true, "publication": true}
	for _, use := range evaluation.Uses() {
		answer := "no"
		if yes[use] {
			answer = "yes"
		}
		h.fill("form.form", "use."+use, answer)
	}
	h.send("form.form")
	h.obeyed()
}

// writesSection writes what a section must say: an officer heard everything, and the examination was cut short by restraints.
func (h *hand) writesSection(page string, s evaluation.Section) {
	h.Helper()
	h.visit(page + "/write/" + s.Key)
	codes := map[string]string{"officer_near": "both", "yesno": "yes", "interpreter": "none", "time_given": "short", "consistency": "highly_consistent"}
	for _, f := range s.Fields {
		value := "Something about " + f.Key + "."
		switch {
		case f.Kind == evaluation.Date:
			value = time.Now().Format(time.DateOnly)
		case f.List != "":
			value = codes[f.List]
		}
		if f.Needed || s.Key == "restrictions" || strings.HasPrefix(f.Key, "officer") {
			h.fill("form.form", f.Key, value)
		}
	}
	h.send("form.form")
	h.obeyed()
}

// Story 9. Seed 001: the statement on social media, objectives 2 and 7: nothing that identifies a patient, facts in a sober tone; seed 003: who
// writes about colleagues in custody.
func TestStoryAJournalistAsks(t *testing.T) {
	const journalist = "The Daily of Brumal"
	w := newStory(t, "Ben")
	var rows []cells
	for i := range 6 { // what lies in an invented State is never cleared: these lie in none that is known
		rows = append(rows, event(strconv.Itoa(i+1), fmt.Sprintf("2021-%02d-07", i+1), "Country", "Unspecified", "Country ISO", "", "Health Workers Killed", "0", "Health Workers Arrested", "1"))
	}
	publish(t, w.Desk, "sind", "sind-2016-2023", rows...)
	caseID, personID := w.custody()
	page := w.signedEvaluation(caseID, personID)
	ann, ben := w.opens("Ann", "/en/incidents?country=ZZZ&code=PER.ARR"), w.opens("Ben", "/en/statements")
	ann.leaves(`a[href*="/quote?"]`)
	ann.says("Cleared for quoting")
	sentence := eval[string](ann.tab, `document.querySelector("blockquote p").innerText`)
	if !contains(sentence, "6") || contains(ann.text(), "Heron") {
		t.Errorf("the sentence: %s", sentence)
	}
	ann.visit("/en/statements/write")
	const draft = `form:has(textarea[name=text])`
	ann.fill(draft, "kind", "letter", "title", "Your question about colleagues in custody", "text", sentence, "addressees", journalist, "signatories", "The president")
	ann.send(draft)
	ann.obeyed()
	letter := "/en/statements/" + ann.last()
	ann.leaves(`button[name=to][value=review]`)
	ben.visit(letter)
	ben.leaves(`button[name=to][value=approved]`)
	ben.obeyed()
	ann.visit(letter)
	ann.leaves(`button[name=to][value=issued]`)
	ann.obeyed()
	ann.says(sentence, journalist, "Issued")
	ann.lacks("One person only")
	into := ann.saves()
	ann.click(`a[href$=".pdf"]`)
	if text := pdfIn(t, into); !contains(text, "TheDailyofBrumal") || contains(text, "Heron") || contains(text, nameCanary) {
		t.Errorf("the letter says: %s", text)
	}
	for _, step := range []struct {
		says string
		then func()
	}{
		{"consent does not carry", func() {
			ann.consents(w.Desk, personID, "publication", journalist, "", "identity", "health", "events", "pictures", "place")
		}},
		{"review", func() { ann.reviews(w.Desk, personID, "publication", "yes", "It may help them.") }},
		{"second", func() {
			ben.reviews(w.Desk, personID, "publication", "no", "Their cell was searched after the last article.")
		}},
		{"objection", func() {}},
	} {
		ann.visit(page)
		ann.fill(`#release form`, "use", "publication", "for", journalist)
		ann.send(`#release form`)
		ann.refused(step.says)
		step.then()
	}
	ann.visit("/en/ledger")
	ann.says(journalist)
	ledger, err := w.Ledger(ctx, localActor, 0, 9)
	if err != nil || len(ledger) != 1 {
		t.Errorf("%d lines stand in the ledger, and one answer was given: %v", len(ledger), err)
	}
	if f, err := w.Evaluation(ctx, w.actor("Ann"), strings.TrimPrefix(page, "/en/evaluations/")); err != nil || f.State != evaluation.Signed {
		t.Errorf("the evaluation is %s: %v", f.State, err)
	}
	ann.calm()
	ben.calm()
}

// signedEvaluation is an evaluation that Ann signed and Ben checked, which the person would see published; the address of its page.
func (w *story) signedEvaluation(caseID, personID string) string {
	w.Helper()
	id, err := w.RequestEvaluation(ctx, w.actor("Ann"), evaluation.Request{Person: personID, Case: caseID, Country: "XAA", Clinician: "Ann", Checker: "Ben", AskedBy: "Their lawyer", Purpose: "An appeal", Lang: "en"})
	if err != nil {
		w.Fatal(err)
	}
	ann, ben := sender{siteAs(w, w.Desk, w.actor("Ann"))}, sender{siteAs(w, w.Desk, w.actor("Ben"))}
	page := "/en/evaluations/" + id
	fillEvaluation(w, ann, page)
	ann.ok(w, page+"/write/consent", consented("exam", "photos", "patient", "publication"))
	for _, to := range []string{"consented", "examined", "drafted"} {
		ann.ok(w, page, url.Values{"do": {"move"}, "to": {to}})
	}
	ben.ok(w, page, url.Values{"do": {"peer"}, "pass": {"yes"}, "digest": {digestIn(w, ben.h, page, "digest")}, "check": {"consent", "safeguards", "verified", "degrees", "absence", "names", "readable"}})
	ann.ok(w, page, url.Values{"do": {"sign"}, "digest": {digestIn(w, ann.h, page+"/sign", "digest")}, "name": {"Dr A. Example"}, "standing": {"Physician"}, "place": {"Port"}, "day": {w.Today().String()}, "truth": {"yes"}})
	return page
}
