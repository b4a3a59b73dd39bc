package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/desk"
	"ward/locale"
	"ward/person"
	"ward/referral"
	"ward/text"
)

// unticked stands in every field of a case that a test does not tick.
const unticked = "Qanaryuntickedzz"

// referableCase is a case about a colleague in Arcadia who agreed that the special procedures may know of it.
func referableCase(t testing.TB, d *desk.Desk, who access.Actor, more ...casework.Fact) (caseID, personID string) {
	t.Helper()
	caseID, err := d.OpenCase(ctx, who, desk.NewCase{
		Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA", Summary: unticked},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker"}, Profession: "physician", Employer: unticked, Country: "XAA"},
			Names: []person.Name{{Script: "Latn", Text: "Dana Okoye"}}},
		Facts: append([]casework.Fact{{Section: "risk", Values: map[string]string{"level": "high", "why": "a threat"}}}, more...)})
	if err != nil {
		t.Fatal(err)
	}
	file, err := d.Case(ctx, who, caseID)
	if err != nil {
		t.Fatal(err)
	}
	personID = file.Case.Person
	_, err = d.PutConsent(ctx, who, personID, consent.Answer{Answer: consent.Given, Giver: consent.Self, Capacity: "yes", Lang: "en", Purposes: []string{"refer_un"},
		Recipients: []string{"sp-allegation"}, Classes: []string{"identity", "events", "place"}, Given: d.Today().String(), Free: true, Method: "spoken"})
	if err != nil {
		t.Fatal(err)
	}
	return caseID, personID
}

// begunReferral begins a letter of allegation on the pages and gives the address of its page.
func begunReferral(t testing.TB, h http.Handler, d *desk.Desk, caseID, personID string) string {
	t.Helper()
	leadsOn(t, h, "/en/statements/letterhead", url.Values{"name": {"Medical Association of Arcadia"}, "lines": {"1 Hill\nPort"}})
	return leadsOn(t, h, "/en/referrals/new", url.Values{"case": {caseID}, "mechanism": {"sp-allegation"}, "person": {personID}, "lang": {"en"}, "why": {"It is what they ask for."}})
}

// sent posts a form that must stand, and gives the address to which it leads.
func leadsOn(t testing.TB, h http.Handler, path string, form url.Values) string {
	t.Helper()
	w := send(h, path, form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%s %s: %d %s", path, form.Get("do"), w.Code, plain(w.Body.String()))
	}
	to, _, _ := strings.Cut(w.Header().Get("Location"), "#")
	return to
}

// ticks are those of a letter of allegation with what it requires typed.
func ticks() url.Values {
	form := url.Values{"do": {"build"}, "fields": {"1"}, "tick": {"submitter", "submitter_address", "person_name", "event_date", "event_place", "what_happened", "perpetrator", "consent_statement", "confidentiality"}}
	for key, value := range map[string]string{"event_date": "2026-03-02", "event_place": "Port", "what_happened": "They were taken from the ward.", "perpetrator": "The police of Port", "confidentiality": "Their street.",
		"charge": unticked, "link_to_care": unticked, "nationality": unticked} {
		form.Set("value."+key, value)
	}
	return form
}

var reprisalForm = url.Values{"do": {"reprisal"}, "who": {"The family"}, "how": {"By the police"}, "mitigation": {"They moved away."}, "go": {"yes"}}

// approved brings a referral to where it can be sent.
func approvedReferral(t testing.TB, h http.Handler, page string) {
	t.Helper()
	leadsOn(t, h, page, reprisalForm)
	leadsOn(t, h, page, ticks())
	leadsOn(t, h, page, url.Values{"do": {"approve"}, "digest": {digestOn(t, h, page)}})
}

func digestOn(t testing.TB, h http.Handler, page string) string {
	t.Helper()
	return shown(t, h, page).one(t, "code.hash").text
}

func sendForm(more ...string) url.Values {
	form := url.Values{"do": {"send"}, "to": {"OHCHR"}, "channel": {"email"}, "sealed": {"passphrase"}, "passphrase": {"four-words-of-the-two"}, "until": {""}, "understood": {"yes"}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// openedPackage opens a sealed package and gives its members.
func openedPackage(t testing.TB, sealed []byte, passphrase string) map[string][]byte {
	t.Helper()
	key, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), key)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range archive.File {
		member, err := f.Open()
		if err == nil {
			out[f.Name], err = io.ReadAll(member)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestAReferralGoesFromItsCaseToAPackageThatHoldsOnlyWhatWasTicked(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/referrals").says(t, "No case has been referred yet")
	caseID, personID := referableCase(t, d, access.Local())
	shown(t, h, "/en/referrals/new").says(t, "Heron")
	shown(t, h, "/en/referrals/new?case="+caseID).says(t, "Working Group on Arbitrary Detention", "60 days from sending", "To confirm", "not anonymous")
	page := begunReferral(t, h, d, caseID, personID)
	shown(t, h, page).says(t, "Next: look at who could be harmed")
	approvedReferral(t, h, page)
	doc := shown(t, h, page)
	doc.says(t, "One person only", "They were taken from the ward.", "The consent there is carries what is ticked", "What cannot be called back")
	w := send(h, page, sendForm())
	if w.Code != http.StatusOK || !strings.HasSuffix(w.Header().Get("Content-Disposition"), `.zip.age"`) || strings.Contains(w.Header().Get("Content-Disposition"), "Okoye") {
		t.Fatalf("%d %v %s", w.Code, w.Header(), plain(w.Body.String()))
	}
	members := openedPackage(t, w.Body.Bytes(), "four-words-of-the-two")
	var manifest struct{ Fields []struct{ Key string } }
	if err := json.Unmarshal(members[referral.ManifestName], &manifest); err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, f := range manifest.Fields {
		keys = append(keys, f.Key)
	}
	slices.Sort(keys)
	if want := slices.Sorted(slices.Values(ticks()["tick"])); !slices.Equal(keys, want) {
		t.Errorf("the package holds %v, ticked was %v", keys, want)
	}
	for name, body := range members {
		if holds(body, unticked) || holds(body, caseID) || holds(body, "Heron") {
			t.Errorf("%s holds what was not ticked", name)
		}
	}
	shown(t, h, page).says(t, "Sent", "OHCHR", "a passphrase, told by another way")
	shown(t, h, "/en/disclosures").says(t, "OHCHR", "9 fields", "1 word of consent", "stands")
}

// At the beginning nothing is ticked but what the mechanism requires; what the consent does not cover says so in words.
func TestTheBuilderTicksOnlyWhatIsRequired(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	page := begunReferral(t, h, d, firstOf(referableCase(t, d, access.Local())), theirs(t, d))
	doc := shown(t, h, page)
	m, _ := referral.MechanismOf("sp-allegation")
	for _, e := range doc.all("input") {
		if e.attr["name"] != "tick" {
			continue
		}
		f, _ := m.Field(e.attr["value"])
		if _, is := e.attr["checked"]; is != f.Required {
			t.Errorf("%s is ticked: %v", f.Key, is)
		}
	}
	doc.says(t, "consent covers it", "consent does not cover it: there is consent, not for this kind of data")
	for _, leaf := range doc.all("div.leaf") {
		if leaf.attr["id"] == "f-employer" && (!strings.Contains(leaf.attr["class"], "uncovered") || !strings.Contains(leaf.text, unticked)) {
			t.Errorf("the place of work: %s %s", leaf.attr["class"], leaf.text)
		}
	}
}

func firstOf(a, _ string) string { return a }

// theirs is the only person of a workspace.
func theirs(t testing.TB, d *desk.Desk) string {
	t.Helper()
	list, err := d.Persons(ctx, access.Local())
	if err != nil || len(list) != 1 {
		t.Fatalf("%d people: %v", len(list), err)
	}
	return list[0].ID
}

// What the consent does not carry, and what cannot stand in a package, is said, and what was typed stays.
func TestWhatCannotBeBuiltIsSaid(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	kept := func(form url.Values, code int, want ...string) {
		t.Helper()
		w := send(h, page, form)
		doc := parse(t, page, w.Body.String())
		doc.says(t, want...)
		if w.Code != code || form.Get("fields") != "" && !strings.Contains(w.Body.String(), "They were taken from the ward.") {
			t.Errorf("%d %v", w.Code, want)
		}
	}
	kept(ticks(), http.StatusForbidden, "whether somebody could be harmed")
	kept(url.Values{"do": {"reprisal"}, "who": {"typed words"}}, http.StatusBadRequest, "typed words")
	leadsOn(t, h, page, reprisalForm)
	more := ticks()
	more.Add("tick", "employer")
	kept(more, http.StatusForbidden, "does not carry what is ticked")
	less := ticks()
	less.Del("value.perpetrator")
	kept(less, http.StatusBadRequest, "Which authority, force or group: it is required")
	kept(url.Values{"do": {"nonsense"}}, http.StatusBadRequest, "does not say what to do")
	kept(url.Values{"do": {"preview"}, "fields": {"1"}, "tick": {"what_happened"}, "value.what_happened": {"They were taken from the ward."}}, http.StatusOK, "Not kept yet", "They were taken from the ward.")
}

// The script is told the very lines that the package is printed with, and nothing of what is not ticked.
func TestTheLivePreviewIsTheTextOfThePackage(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	form := ticks()
	form.Set("do", "preview")
	r := httptest.NewRequest(http.MethodPost, page, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:7766"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var live livePreview
	if err := json.Unmarshal(w.Body.Bytes(), &live); err != nil || len(live.Problems) > 0 {
		t.Fatalf("%v %+v %s", err, live, w.Body)
	}
	if !slices.Contains(live.Lines, leavingLine{"", "They were taken from the ward."}) || strings.Contains(w.Body.String(), unticked) {
		t.Errorf("%s", w.Body)
	}
	list, err := d.Referrals(ctx, access.Local(), desk.ReferralQuery{})
	if err != nil || len(list) != 1 || list[0].State != referral.StateProposed {
		t.Errorf("a preview changed the referral: %+v %v", list, err)
	}
}

// What the mechanism answers is kept and graded; silence leads to another mechanism; a recall says what it cannot do.
func TestAReferralIsAcknowledgedAnsweredGradedAndFollowedUp(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	approvedReferral(t, h, page)
	send(h, page, sendForm("until", "2099-01-01"))
	today := d.Today().String()
	leadsOn(t, h, page, url.Values{"do": {"step"}, "to": {"acknowledged"}, "day": {today}, "reference": {"AL-1"}})
	leadsOn(t, h, page, url.Values{"do": {"step"}, "to": {"awaiting_reply"}, "due": {"2099-02-02"}})
	shown(t, h, page).says(t, "AL-1", "2 February 2099", "Reply awaited")
	if w := send(h, page, url.Values{"do": {"step"}, "to": {"no_reply"}}); w.Code != http.StatusForbidden {
		t.Errorf("no reply before the day: %d", w.Code)
	}
	leadsOn(t, h, page, url.Values{"do": {"reply"}, "day": {today}, "from": {"state"}, "text": {"Nobody is held."}})
	shown(t, h, page).says(t, "Nobody is held.", "the State, through it", "lowers no finding")
	leadsOn(t, h, page, url.Values{"do": {"step"}, "to": {"graded"}, "grade": {"D"}})
	shown(t, h, page).says(t, "Take it further", "No cooperation")
	next := leadsOn(t, h, page, url.Values{"do": {"escalate"}, "mechanism": {"upr"}, "why": {"They deny it."}})
	shown(t, h, next).says(t, "Universal Periodic Review", "takes further a referral that stayed without a reply")
	leadsOn(t, h, page, url.Values{"do": {"recall"}, "why": {"They asked us to."}})
	shown(t, h, page).says(t, "Recalled", "They asked us to.")
	shown(t, h, "/en/disclosures?revoked=1").says(t, "revoked", "They asked us to.")
	shown(t, h, "/en/disclosures?expired=1").says(t, "No disclosure answers")
	shown(t, h, "/fa/referrals").says(t, "فراخوانده", "پیشنهادشده")
}

// A package handed over by a link is taken as often as was said; then, and for an address that never was, the answer is the same.
func TestAHandedOverPackageIsTakenAndThenGone(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	approvedReferral(t, h, page)
	until := (d.Today() + 7).String()
	w := send(h, page, sendForm("channel", "link", "downloads", "2", "link_until", until))
	doc := parse(t, page, w.Body.String())
	doc.says(t, "shown this once", "four-words-of-the-two")
	_, token, _ := strings.Cut(doc.one(t, "code.once").text, "/handed/")
	if w.Code != http.StatusOK || token == "" {
		t.Fatalf("%d %s", w.Code, plain(w.Body.String()))
	}
	shown(t, h, page).says(t, "0 of 2 downloads", "waits")
	address, never := "/handed/"+token, "/handed/"+strings.Repeat("A", len(token))
	there, absent := get(t, h, address), get(t, h, never)
	if there.Code != http.StatusOK || strings.ReplaceAll(there.Body.String(), token, "") != strings.ReplaceAll(absent.Body.String(), never[8:], "") {
		t.Error("looking at an address tells whether something is there")
	}
	stranger := siteAs(t, d, access.Nobody())
	for range 2 {
		got := send(stranger, address, nil)
		if got.Code != http.StatusOK || len(openedPackage(t, got.Body.Bytes(), "four-words-of-the-two")) < 2 {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
	}
	used, unknown, short := send(stranger, address, nil), send(stranger, never, nil), send(stranger, "/handed/x", nil)
	if used.Code != http.StatusNotFound || used.Body.String() != unknown.Body.String() || used.Body.String() != short.Body.String() {
		t.Errorf("%d: used up and unknown are told apart", used.Code)
	}
	if strings.Contains(shown(t, h, page).text(), "of 2 downloads · waits") {
		t.Error("what is used up still waits")
	}
}

func TestHandedOverPackagesAreAskedForOnlySoOften(t *testing.T) {
	h := siteAs(t, workspace(t), access.Nobody())
	for range mostFetches {
		send(h, "/handed/x", nil)
	}
	if w := send(h, "/handed/x", nil); w.Code != http.StatusTooManyRequests && send(h, "/handed/x", nil).Code != http.StatusTooManyRequests {
		t.Errorf("%d", w.Code)
	}
}

// A package that is not understood to be beyond recall does not leave, and what was typed stays.
func TestNothingLeavesUntilItIsTickedThatItCannotBeCalledBack(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	approvedReferral(t, h, page)
	form := sendForm("reference", "ref typed")
	form.Del("understood")
	w := send(h, page, form)
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `value="ref typed"`) {
		t.Errorf("%d", w.Code)
	}
	shown(t, h, page).says(t, "Next: send it")
	if w := send(h, page, sendForm("sealed", "key", "key", "age1wrong")); w.Code != http.StatusBadRequest {
		t.Errorf("a wrong key: %d %s", w.Code, plain(w.Body.String()))
	}
}

// Whoever prepares does not approve alone where two could, whoever approves from outside the case sees what is to leave and nothing else.
func TestWhoPreparesAndWhoApprovesAreTwoPeople(t *testing.T) {
	w := newMatrixWorld(t)
	worker, publisher := w.actor('c'), w.colleague
	publisher.Roles = []access.Role{access.Publisher}
	caseID, personID := referableCase(t, w.Desk, worker)
	h, p := siteAs(t, w.Desk, worker), siteAs(t, w.Desk, publisher)
	leadsOn(t, siteAs(t, w.Desk, access.Local()), "/en/statements/letterhead", url.Values{"name": {"Medical Association of Arcadia"}, "lines": {"1 Hill"}})
	page := leadsOn(t, h, "/en/referrals/new", url.Values{"case": {caseID}, "mechanism": {"sp-allegation"}, "person": {personID}, "lang": {"en"}, "why": {"It is what they ask for."}})
	leadsOn(t, h, page, reprisalForm)
	leadsOn(t, h, page, ticks())
	if got := send(h, page, url.Values{"do": {"approve"}, "digest": {digestOn(t, h, page)}}); got.Code != http.StatusForbidden {
		t.Errorf("a case worker approves: %d", got.Code)
	}
	doc := shown(t, p, page)
	doc.says(t, "They were taken from the ward.", "I read it: it may leave")
	if strings.Contains(doc.text(), "Put the look on record") || strings.Contains(doc.text(), unticked) {
		t.Error("who only approves is offered to prepare")
	}
	for _, do := range []url.Values{reprisalForm, ticks(), sendForm(), {"do": {"recall"}, "why": {"x"}}, {"do": {"step"}, "to": {"withdrawn"}, "why": {"x"}}} {
		if got := send(p, page, do); got.Code != http.StatusForbidden && got.Code != http.StatusNotFound {
			t.Errorf("a publisher does %s: %d", do.Get("do"), got.Code)
		}
	}
	leadsOn(t, p, page, url.Values{"do": {"approve"}, "digest": {digestOn(t, p, page)}})
}

// What people type stays text on every page that shows it, and in every form that shows it again.
func TestHostileWordsOfReferralsStayText(t *testing.T) {
	for name, payload := range attacks {
		if len(payload) > 300 {
			payload = strings.ToValidUTF8(payload[:300], "")
		}
		t.Run(name, func(t *testing.T) {
			d := workspace(t)
			h := pagesOf(t, d)
			charge := payload
			if text.Hidden(payload) { // a case refuses signs that nobody sees
				charge = "membership of a banned group"
			}
			caseID, personID := referableCase(t, d, access.Local(), casework.Fact{Section: "detention", Values: map[string]string{"charge": charge}})
			leadsOn(t, h, "/en/statements/letterhead", url.Values{"name": {payload}, "lines": {payload}})
			page := leadsOn(t, h, "/en/referrals/new", url.Values{"case": {caseID}, "mechanism": {"nhri"}, "person": {personID}, "lang": {"en"}, "why": {payload}, "to": {payload}})
			leadsOn(t, h, page, url.Values{"do": {"reprisal"}, "who": {payload}, "how": {payload}, "mitigation": {payload}, "go": {"yes"}})
			form := url.Values{"do": {"preview"}, "fields": {"1"}, "to": {payload}}
			m, _ := referral.MechanismOf("nhri")
			for _, f := range m.Fields {
				form.Add("tick", f.Key)
				form.Set("value."+f.Key, payload)
			}
			contained(t, parse(t, page, send(h, page, form).Body.String()))
			for _, do := range []string{"build", "recall", "send", "reply", "step", "escalate", "offer"} {
				form.Set("do", do)
				form.Set("why", payload)
				form.Set("text", payload)
				form.Set("reference", payload)
				if w := send(h, page, form); w.Code >= 500 {
					t.Errorf("%s: %d", do, w.Code)
				} else {
					contained(t, parse(t, page, w.Body.String()))
				}
			}
			for _, path := range []string{"/en/referrals", "/fa/referrals", page, "/fa" + strings.TrimPrefix(page, "/en"), "/en/disclosures"} {
				contained(t, shown(t, h, path))
			}
			for _, path := range []string{"/en/referrals?state=", "/en/referrals?mechanism=", "/en/referrals?person=", "/en/referrals/new?case=", "/en/referrals/new?case=" + caseID + "&mechanism=", "/en/disclosures?person=", "/en/disclosures?purpose=", "/export/disclosures/csv?mechanism="} {
				if w := get(t, h, path+url.QueryEscape(payload)); w.Code >= 500 {
					t.Errorf("%s: %d", path, w.Code)
				}
			}
		})
	}
}

// The ledger leaves as a file in which no cell begins a formula, and of whom it speaks is not in it.
func TestDisclosuresLeaveAsASafeFile(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	approvedReferral(t, h, page)
	send(h, page, sendForm("to", "=HYPERLINK(1)"))
	list := shown(t, h, "/en/disclosures?person="+personID)
	list.says(t, "1 disclosure", "=HYPERLINK(1)")
	file := get(t, h, list.href(t, "CSV"))
	if body := file.Body.String(); file.Code != http.StatusOK || strings.Contains(body, ",=HYPERLINK") || !strings.Contains(body, "HYPERLINK") || strings.Contains(body, personID) || strings.Contains(body, "Okoye") {
		t.Errorf("%d %s", file.Code, body)
	}
	rows, err := d.Disclosures(ctx, access.Local(), desk.DisclosureQuery{})
	if err != nil || len(rows) != 1 {
		t.Fatal(err)
	}
	if w := send(h, "/en/disclosures", url.Values{"disclosure": {rows[0].ID}, "why": {""}}); w.Code != http.StatusBadRequest {
		t.Errorf("revoked without a word why: %d", w.Code)
	}
	leadsOn(t, h, "/en/disclosures", url.Values{"disclosure": {rows[0].ID}, "why": {"They asked."}})
	shown(t, h, "/en/disclosures").says(t, "revoked", "They asked.")
}

// Every mechanism, field, reason, mandate, mark, state, problem and lack has words, in English those of the data.
func TestEveryWordOfReferralsExists(t *testing.T) {
	want := map[string]string{}
	for _, m := range referral.Mechanisms() {
		want["referral.mechanism."+m.ID], want["referral.family."+m.Family], want["referral.consent."+m.Consent] = m.Name, "", ""
		for _, code := range m.Marks {
			want["referral.mark."+code] = ""
		}
		for _, code := range m.Who {
			want["referral.who."+code] = ""
		}
		for _, code := range m.Langs {
			want["referral.lang."+code] = ""
		}
	}
	for _, f := range referral.Fields() {
		want["referral.field."+f.Key], want["referral.why."+f.Key], want["referral.section."+f.Section] = f.Label, f.Why, ""
	}
	for _, m := range referral.Mandates() {
		want["referral.mandate."+m.ID] = m.Name
	}
	for prefix, codes := range map[string][]string{"state": referral.States(), "next": referral.States(), "problem": referral.Problems(), "lacks": consent.Lacking(), "channel": desk.Channels(),
		"sealed": {"key", "passphrase", "open"}, "from": {"mechanism", "state", "other"}, "waits": {"approve", "reply", "prepare", "send", "grade", "record"},
		"offer.ended": {referral.Expired, referral.UsedUp, referral.Recall, referral.Replaced}} {
		for _, code := range codes {
			want["referral."+prefix+"."+code] = ""
		}
	}
	for _, lang := range []locale.Lang{locale.English, locale.Persian} {
		c := locale.For(lang)
		for key, text := range want {
			if !c.Has(key) {
				t.Errorf("%s has no words for %s", lang, key)
			} else if lang == locale.English && text != "" && c.T(key) != text {
				t.Errorf("%s: %q is not the data's %q", key, c.T(key), text)
			}
		}
	}
}

// referrals are proposed by me and by a colleague on cases that I am on, and by a colleague elsewhere.
func (w *matrixWorld) referrals(t *testing.T) {
	t.Helper()
	me, colleague := w.actor('c'), w.colleague
	colleague.Roles = me.Roles
	for state, who := range map[string]access.Actor{objOwn: me, objOthers: colleague} {
		caseID, err := w.OpenCase(ctx, who, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Egret", Country: "XAA", Summary: contentCanary},
			Facts: []casework.Fact{{Section: "risk", Values: map[string]string{"level": "high", "why": contentCanary}}}})
		if err != nil {
			t.Fatal(err)
		}
		if state == objOthers {
			if err := w.JoinCase(ctx, me, caseID, "to help"); err != nil {
				t.Fatal(err)
			}
		}
		id, err := w.ProposeReferral(ctx, who, desk.NewReferral{Proposed: referral.Proposed{Mechanism: "nhri", Case: caseID, Lang: "en", Why: contentCanary}})
		w.put(t, "referral", state, id, err)
	}
	w.put(t, "referral", objRandom, randomULID, nil)
}

// addReferrals leaves a referral in each of the stages that look different, one of them sent and handed over, with long words in what is typed.
func (w *deskTour) addReferrals(t testing.TB) {
	t.Helper()
	caseID, personID := referableCase(t, w.Desk, w.ann)
	open := begunReferral(t, w.site, w.Desk, caseID, personID)
	leadsOn(t, w.site, open, url.Values{"do": {"reprisal"}, "who": {longWord}, "how": {longLine}, "mitigation": {longWord}, "go": {"yes"}})
	long := ticks()
	long.Set("value.what_happened", longWord+" "+longLine)
	long.Set("value.event_place", longWord)
	built := begunReferral(t, w.site, w.Desk, caseID, personID)
	leadsOn(t, w.site, built, reprisalForm)
	leadsOn(t, w.site, built, long)
	left := begunReferral(t, w.site, w.Desk, caseID, personID)
	leadsOn(t, w.site, left, reprisalForm)
	leadsOn(t, w.site, left, ticks())
	for _, who := range []access.Actor{w.ann, w.ben} {
		leadsOn(t, siteAs(t, w.Desk, who), left, url.Values{"do": {"approve"}, "digest": {digestOn(t, w.site, left)}})
	}
	if answer := send(w.site, left, sendForm("to", longWord, "channel", "link", "downloads", "2", "link_until", (w.Today()+7).String())); answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, plain(answer.Body.String()))
	}
	leadsOn(t, w.site, left, url.Values{"do": {"reply"}, "day": {w.Today().String()}, "from": {"state"}, "text": {longWord}})
	w.opens("/referrals", "/referrals?late=1", "/referrals/new", "/referrals/new?case="+caseID, "/referrals/new?case="+caseID+"&mechanism=sp-urgent", "/disclosures")
	for _, page := range []string{open, built, left} {
		w.opens(strings.TrimPrefix(page, "/en"))
	}
}
