package web

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/referral"
	"ward/staff"
	"ward/statement"
)

// refers begins a referral from the page of a case, and looks at reprisals; it gives the address of the referral.
func (h *hand) refers(caseID, mechanism string) (page string) {
	h.Helper()
	h.visit("/en/cases/" + caseID)
	h.leaves(`a[href*="/referrals/new?case="]`)
	h.leaves(`a[href$="mechanism=` + mechanism + `"]`)
	h.fill("form.form", "why", "It is what they ask for.")
	h.send("form.form")
	h.obeyed()
	page = "/en/referrals/" + h.last()
	h.looksAtReprisals()
	return page
}

func (h *hand) looksAtReprisals() {
	h.Helper()
	h.fill("#reprisal form", "who", "The family", "how", "By the police", "mitigation", "They moved away.", "go", "yes")
	h.send("#reprisal form")
	h.obeyed()
}

// builds ticks fields, types what they need, and puts the package together.
func (h *hand) builds(ticked []string, values map[string]string) {
	h.Helper()
	for _, key := range ticked {
		if box := `form.ticks [name=tick][value=` + key + `]`; !h.holds(box + ":checked") {
			h.click(box)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		h.fill("form.ticks", "value."+key, values[key])
	}
	h.leaves(`form.ticks button[value=build]`)
}

// sends fills in how an approved package leaves.
func (h *hand) sends(to, channel string) {
	h.Helper()
	h.fill("#send form", "to", to, "channel", channel, "passphrase", "four-words-of-the-two", "understood", "yes")
}

// sealedIn waits for the one sealed file that the browser keeps.
func sealedIn(t testing.TB, dir string) []byte {
	t.Helper()
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		names, _ := filepath.Glob(filepath.Join(dir, "*.age"))
		partly, _ := filepath.Glob(filepath.Join(dir, "*.crdownload"))
		if len(names) != 1 || len(partly) > 0 {
			continue
		}
		if b, err := os.ReadFile(names[0]); err == nil && len(b) > 0 {
			os.Remove(names[0])
			return b
		}
	}
	t.Fatal("the browser kept no file")
	return nil
}

// required are the fields that a mechanism requires.
func required(id string) (out []string) {
	m, _ := referral.MechanismOf(id)
	for _, f := range m.Fields {
		if f.Required {
			out = append(out, f.Key)
		}
	}
	return out
}

// Story 6. Seed 000: the International Code of Medical Ethics, paragraph 22: what is confidential is told with consent; whoever gave it may take
// it back, and then what left is asked back.
func TestStoryConsentIsWithdrawnAfterAReferral(t *testing.T) {
	w := newStory(t, "Ben")
	caseID, personID := referableCase(t, w.Desk, w.actor("Ann"))
	w.letterhead()
	ann, ben := w.opens("Ann", "/en/cases/"+caseID), w.opens("Ben", "/en/referrals")
	page := ann.refers(caseID, "sp-allegation")
	ann.builds(required("sp-allegation"), map[string]string{"event_date": "2026-03-02", "event_place": "Port", "what_happened": "They were taken from the ward.", "perpetrator": "The police of Port", "confidentiality": "Their street."})
	ann.obeyed()
	w.approved(page, ann, ben)
	ann.sends("OHCHR", "link")
	ann.fill("#send form", "downloads", "2")
	ann.leaves("#send button")
	_, token, _ := strings.Cut(eval[string](ann.tab, `document.querySelector("code.once").innerText`), "/handed/")
	stranger := newHand(t, w.url, "/handed/"+token)
	into := stranger.saves()
	stranger.click("main form button")
	if members := openedPackage(t, sealedIn(t, into), "four-words-of-the-two"); len(members) != 2 || strings.Contains(string(members["manifest.json"]), unticked) {
		t.Errorf("%d members, or what nobody ticked", len(members))
	}
	ann.visit("/en/persons/" + personID + "/consent")
	ann.leaves(`a[href$="/withdraw"]`)
	ann.says("letter of allegation", "OHCHR", "Recalled; a letter asks for it back.", "What cannot be undone")
	ann.lacks("It was taken back")
	if f := w.referral(page); f.State != referral.StateSent || f.Disclosures[0].Body.Revoked != "" {
		t.Fatalf("looking at what follows did it: %s", f.State)
	}
	const wish = `#do form`
	ann.fill(wish, "scope", "all", "by", "self", "day", w.Today().String(), "why", "They are afraid.", "letters", "en", "sure", "yes")
	ann.send(wish)
	ann.obeyed()
	ann.says("It was taken back", "Everything they had allowed is taken back", "No consent stands.", "OHCHR")
	ann.leaves(`#done a[href*="/statements/"]`)
	ann.says("Draft", "OHCHR")
	ann.lacks("Dana", "Okoye", "Heron")
	stranger.leaves("main form button")
	stranger.says("Either it was never there")
	ben.visit("/en/disclosures?revoked=1")
	ben.says("OHCHR", "revoked")
	ann.visit("/en/disclosures?person=" + personID)
	if n := eval[string](ann.tab, `document.querySelector("table.disclosures td.num").innerText.trim()`); n != "1" {
		t.Errorf("the ledger tells of %s downloads, not 1", n)
	}
	if f := w.referral(page); f.State != referral.StateRecalled || f.Disclosures[0].Body.Revoked == "" {
		t.Errorf("the referral is %s", f.State)
	}
	ann.visit(page)
	ann.says("Recalled")
	ann.calm()
}

// approved lets two people read a package: the first does not suffice.
func (w *story) approved(page string, first, second *hand) {
	w.Helper()
	first.leaves(`#package button[value=approve]`)
	first.obeyed()
	if first.holds("#send") || first.holds(`#package button[value=approve]`) {
		w.Error("one of two was enough, or may speak twice")
	}
	second.visit(page)
	second.leaves(`#package button[value=approve]`)
	second.obeyed()
	first.visit(page)
}

// referral is one as the workspace holds it.
func (w *story) referral(page string) desk.ReferralFile {
	w.Helper()
	f, err := w.Referral(ctx, w.actor("Ann"), strings.TrimPrefix(page, "/en/referrals/"))
	if err != nil {
		w.Fatal(err)
	}
	return f
}

// Story 10. Seed 000: the resolution on Dr Küni (2017), its last paragraph: those who are held for giving care are to be free at once; and the
// resolution on the documentation of torture, on taking it to whoever can act.
func TestStoryAnUrgentAppealUnansweredAndEscalated(t *testing.T) {
	w := newStory(t, "Ben")
	caseID, personID := w.custody()
	ann, ben := w.opens("Ann", "/en/cases/"+caseID), w.opens("Ben", "/en/referrals")
	ann.consents(w.Desk, personID, "refer_un", "", "sp-urgent", "identity", "events", "place", "employer")
	page := ann.refers(caseID, "sp-urgent")
	ticked := append(required("sp-urgent"), "profession", "detention_place", "detention_authority", "arrest_date")
	values := map[string]string{"event_date": w.Today().String(), "event_place": "Port", "what_happened": "They were taken from the ward.", "perpetrator": "The police of Port",
		"confidentiality": "Their street.", "urgency": "A trial is near.", "charge": unticked}
	ann.builds(ticked, values)
	ann.refused("consent")
	for _, h := range []*hand{ann, ben} {
		h.reviews(w.Desk, personID, "refer_un", "yes", "They are safer when it is known.")
	}
	ann.visit(page)
	ann.builds(ticked, values)
	ann.obeyed()
	w.approved(page, ann, ben)
	ann.sends("OHCHR", "email")
	into := ann.saves()
	ann.click("#send button")
	members := openedPackage(t, sealedIn(t, into), "four-words-of-the-two")
	if manifest := string(members["manifest.json"]); !contains(manifest, "detention_place", "urgency") || contains(manifest, "charge") {
		t.Errorf("the manifest: %s", manifest)
	}
	for name, b := range members {
		if contains(string(b), unticked) || contains(string(b), "Heron") {
			t.Errorf("%s holds what nobody ticked", name)
		}
	}
	ann.visit(page)
	ann.leaves(`#came form:has([value=awaiting_reply]) button`)
	ann.obeyed()
	ann.leaves(`#came form:has([value=no_reply]) button`)
	ann.refused("")
	if f := w.referral(page); f.State != referral.StateAwaiting {
		t.Errorf("before the day it is %s", f.State)
	}
	w.passes(61 * 24 * time.Hour)
	w.returns(ann, "Ann", page)
	ann.says("Overdue")
	ann.leaves(`#came form:has([value=no_reply]) button`)
	ann.obeyed()
	ann.fill("#escalate form", "mechanism", "wgad", "why", "Nobody answered.")
	ann.send("#escalate form")
	ann.obeyed()
	ann.says("Working Group on Arbitrary Detention", "takes further a referral that stayed without a reply")
	next := "/en/referrals/" + ann.last()
	ann.looksAtReprisals()
	if missing := slices.DeleteFunc([]string{"person_name", "profession", "detention_place", "what_happened"}, func(key string) bool { return ann.holds(`[name=tick][value=` + key + `]:checked`) }); len(missing) > 0 {
		t.Errorf("not carried over: %q", missing)
	}
	ann.builds(append(required("wgad"), "profession"), map[string]string{"what_happened": values["what_happened"], "categories": "II: for giving care.", "remedies": "None is heard."})
	ann.refused("consent") // to another recipient, and the reviews are over
	if was, is := w.referral(page), w.referral(next); was.State != referral.StateNoReply || is.After != was.ID || is.Built != nil || len(is.Disclosures) > 0 {
		t.Errorf("%s, %s", was.State, is.State)
	}
	ann.calm()
}

// Story 8. Seed 002: the statement on cyber-attacks, recommendation 4: whoever is concerned is told and offered protection, and records that
// were altered are put right.
func TestStoryARecordsBreach(t *testing.T) {
	w := newStory(t)
	altered := putDown(t, w.Desk, "PER.ARR")
	at := func(ago time.Duration) string { return w.now().UTC().Add(-ago).Format("2006-01-02T15:04") }
	ann := w.opens("Ann", "/en/cases/new?kind=breach")
	ann.fill("form.form", "v.what", "Somebody signed in from nowhere, and a record reads otherwise.", "v.kind", "intrusion", "name", "Kettle 12")
	ann.send("form.form")
	ann.obeyed()
	id := ann.last()
	ann.fact("awareness", "at", at(time.Hour), "how", "The log does not agree with the page.")
	ann.move("aware")
	ann.says("Notice to the authority, within 72 hours", "2 days left")
	ann.fact("containment", "what", "The account is closed.", "at", at(0))
	ann.move("contained")
	ann.fact("assessment", "risk", "high", "data", "contact", "sources", "2", "persons", "1", "records_altered", "yes")
	ann.move("assessed")
	ann.fact("authority_notice", "authority", "The data protection authority", "at", at(0))
	ann.refused("Nothing is recorded in the section authority_notice before")
	if ann.visit("/en/cases/" + id); ann.holds(`#moves [value=authority_notified]`) {
		t.Error("the authority is told before the sources")
	}
	w.passes(30 * time.Hour)
	w.returns(ann, "Ann", "/en/cases/"+id)
	for _, source := range []string{"Source Kite", "Source Lark"} {
		ann.fact("warning", "whom", source, "at", at(0), "advice", "Leave the telephone at home.", "reached", "yes")
	}
	ann.move("sources_warned")
	ann.says("40 hours left")
	ann.fact("authority_notice", "authority", "The data protection authority", "at", at(0), "reference", "B-7")
	ann.move("authority_notified")
	ann.lacks("Notice to the authority, within 72 hours")
	ann.fact("person_notice", "whom", "Heron", "at", at(0), "protection_offered", "yes")
	ann.move("persons_notified")
	correction := []string{"record", "WRD-XAA-2099-9999", "altered", "The date read 2021.", "now", "It reads March 2026 again.", "signed", "Ann"}
	ann.fact("correction", correction...)
	ann.refused("")
	correction[1] = altered
	ann.visit("/en/cases/" + id)
	ann.fact("correction", correction...)
	ann.obeyed()
	ann.says(altered)
	ann.move("records_corrected")
	ann.fact("review", "changed", "Everybody uses a key.")
	ann.move("reviewed")
	ann.move("closed", "outcome", "resolved")
	f := w.ends("Ann", id)
	if got, want := strings.Join(states(f), " "), "aware contained assessed sources_warned authority_notified persons_notified records_corrected reviewed closed"; got != want || f.Case.Outcome != "resolved" || f.Case.Drill {
		t.Errorf("%s, %s", got, f.Case.Outcome)
	}
	if !slices.ContainsFunc(f.Case.Links, func(l casework.Link) bool { return l.To == altered }) || f.Case.Value("correction", "signed") != "" && f.Case.Items("correction")[0].Values["signed"] != "Ann" {
		t.Error("nobody signed the correction, or the case is not tied to the record")
	}
	ann.leaves(`#timeline a[href$="/history"]`)
	ann.says("Sources warned", "Source Kite", "Authority told", "It reads March 2026 again.")
	ann.visit("/en/cases/new?kind=breach")
	ann.fill("form.form", "v.what", "As if a laptop were gone", "name", "Kettle 13", "drill", "yes")
	ann.send("form.form")
	ann.visit("/en/cases")
	ann.says("Kettle 13", "Drill")
	ann.leaves(`a[href*="/cases/` + w.caseNamed("Kettle 13") + `"]`)
	if !ann.holds(".drillstrip") {
		t.Error("a drill does not say so")
	}
	ann.calm()
}

// Story 11. Seed 000: the resolution on Gaza (2025), recommendation 1: independent investigators are given access; here to what the purpose
// needs, until a day.
func TestStoryAnInvestigatorsWeek(t *testing.T) {
	w := newStory(t, "Ben")
	inside := []cells{event("1", "2021-03-07"), event("2", "2021-04-07")}
	publish(t, w.Desk, "sind", "sind-2016-2023", append(inside, event("3", "2021-05-07", "Country", "Brumal", "Country ISO", "XAB"))...)
	secrets["Ines"] = "NRSW6ZTPNRSW6ZTPNRSW6ZTPNRSW6ZTP"
	token, err := w.Invite(ctx, localActor, desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA", "XAB"}, Until: w.on(300)}})
	if err == nil {
		_, err = w.Accept(ctx, token, desk.Enrolment{Name: "Ines", Passphrase: goodWords, TOTPSecret: secrets["Ines"], Lang: "en"})
	}
	if err != nil {
		t.Fatal(err)
	}
	ines := w.opens("Ines", "/en/incidents")
	got := func(path string) int {
		return eval[int](ines.tab, fmt.Sprintf(`fetch(%q).then(r => r.status)`, path))
	}
	reads := func(want int) {
		t.Helper()
		if is := got("/en/incidents"); is != want {
			t.Errorf("the investigator is answered %d, want %d", is, want)
		}
	}
	reads(http.StatusForbidden)
	ann, ben := w.opens("Ann", "/en/grants"), w.opens("Ben", "/en/grants")
	ann.fill("form.form", "account", w.actor("Ines").Account, "purpose", "Arrests of 2021", "states", "XAA", "until", w.on(6))
	ann.send("form.form")
	ann.obeyed()
	page := "/en/grants/" + ann.last()
	ann.leaves(`form:has([value=approve]) button`)
	ann.obeyed()
	ann.says("Approved by one")
	reads(http.StatusForbidden)
	ben.visit(page)
	ben.says("Arrests of 2021")
	ben.leaves(`form:has([value=approve]) button`)
	ben.says("Active")
	ben.lacks("One person only")
	reads(http.StatusOK)
	ines.visit("/en/incidents")
	ines.says("Arcadia", "2 entries in the list")
	ines.lacks("Brumal")
	if !ines.holds(".watermark") || !contains(ines.text()+eval[string](ines.tab, "document.body.innerText"), "Shown to Ines on") {
		t.Error("the page does not say to whom it was shown")
	}
	ines.leaves(`main a[href*="/incidents/WRD-XAA"]`)
	read := ines.last()
	outside := w.incidentIn("XAB")
	if there, absent := got("/en/incidents/"+outside), got("/en/incidents/WRD-XAB-2021-999999"); there != http.StatusNotFound || absent != there {
		t.Errorf("outside of the scope: %d, and what is not: %d", there, absent)
	}
	for _, path := range []string{"/export/incidents/csv", "/en/persons", "/en/cases", "/en/referrals", "/en/evaluations"} {
		if is := got(path); is != http.StatusForbidden {
			t.Errorf("the investigator gets %s: %d", path, is)
		}
	}
	ann.visit(page)
	ann.says(read, "2 incidents since")
	ann.lacks(outside)
	w.passes(8 * 24 * time.Hour)
	w.returns(ines, "Ines", "/en/incidents")
	reads(http.StatusForbidden)
	if is := got("/en/incidents/" + read); is == http.StatusOK {
		t.Error("what was read once opens after the end")
	}
	w.returns(ann, "Ann", page)
	ann.says("Expired")
	ann.calm()
	ines.calm()
}

// incidentIn is an incident in a State.
func (w *story) incidentIn(iso3 string) string {
	w.Helper()
	page, err := w.Incidents(ctx, localActor, desk.IncidentQuery{Filters: map[string][]string{"country": {iso3}}, Limit: 1})
	if err != nil || len(page.Incidents) != 1 {
		w.Fatalf("%d incidents in %s: %v", len(page.Incidents), iso3, err)
	}
	return page.Incidents[0].PublicID
}

// caseNamed is the case with a name.
func (w *story) caseNamed(name string) string {
	w.Helper()
	board, err := w.Cases(ctx, w.actor("Ann"), desk.CaseQuery{})
	at := slices.IndexFunc(board.Rows, func(r desk.CaseRow) bool { return r.Name == name })
	if err != nil || at < 0 {
		w.Fatalf("no case is called %s: %v", name, err)
	}
	return board.Rows[at].ID
}

// letterhead lets the association say who it is.
func (w *story) letterhead() {
	w.Helper()
	if err := w.SetLetterhead(ctx, w.actor("Ann"), statement.Letterhead{Name: "Medical Association of Arcadia", Lines: []string{"1 Hill", "Port"}}); err != nil {
		w.Fatal(err)
	}
}
