package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/person"
)

// heldColleague is somebody in custody, on a case of the colleagues given, and the address of their pages.
func heldColleague(t testing.TB, d *desk.Desk, who access.Actor, with ...access.Actor) (page string) {
	t.Helper()
	number, err := d.OpenCase(ctx, who, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA"},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker"}, Country: "XAA"}, Names: []person.Name{{Script: "Latn", Text: contentCanary}}},
		Facts:    []casework.Fact{{Section: "detention", Values: map[string]string{"place": "a prison"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range with {
		if err := d.SetMember(ctx, who, number, casework.Member{Name: other.Name}); err != nil {
			t.Fatal(err)
		}
	}
	f, err := d.Case(ctx, who, number)
	if err != nil {
		t.Fatal(err)
	}
	return "/en/persons/" + f.Case.Person
}

// yesForm is the form of a yes to the Working Group.
func yesForm(d *desk.Desk, change ...string) url.Values {
	form := url.Values{"do": {"answer"}, "answer": {"given"}, "giver": {"self"}, "capacity": {"yes"}, "lang": {"fa"}, "purpose": {"refer_un", "protect"}, "class": {"identity", "events"}, "mechanism": {"wgad"},
		"recipients": {"Lawyer K.\n\nA friend"}, "given": {d.Today().String()}, "method": {"through_lawyer"}, "free": {"yes"}}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func TestConsentIsAskedReviewedAndShownOnOnePage(t *testing.T) {
	d := workspace(t)
	colleagueNamed(t, d, "Ada")
	cara, cem := colleagueNamed(t, d, "Cara", access.CaseWorker), colleagueNamed(t, d, "Cem", access.CaseWorker)
	page := heldColleague(t, d, cara, cem)
	h := siteAs(t, d, cara)
	doc := shown(t, h, page+"/consent")
	doc.says(t, "no consent stands", "In custody", "Nobody has reviewed the risk: nothing may leave", "Nothing about this person leaves the house")
	if strings.Contains(doc.text(), contentCanary) {
		t.Error("the page tells their name")
	}
	for _, bad := range [][]string{{"free", ""}, {"capacity", "unsure"}, {"purpose", ""}, {"given", "2999-01-01"}, {"answer", "perhaps"}} {
		w := send(h, page+"/consent", yesForm(d, bad...))
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "A friend") {
			t.Errorf("%v: %d, or what was typed is gone", bad, w.Code)
		}
	}
	if w := send(h, page+"/consent", yesForm(d)); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page+"/consent" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	review := url.Values{"do": {"review"}, "for": {"refer_un"}, "may": {"yes"}, "until": {(d.Today() + 9).String()}, "why": {"The family is safe"}}
	if w := send(h, page+"/consent", review); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, h, page+"/consent").says(t, "Working Group on Arbitrary Detention", "Lawyer K.", "A second person is missing", "Nobody yet")
	if w := send(siteAs(t, d, cem), page+"/consent", review); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, h, page+"/consent").says(t, "Two people", "Cem", "Cara")
	shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)+"/consent").says(t, "دو نفر", "در بازداشت")
	shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)+"/consent/sheet").says(t, "زیر فشار")
}

func TestAWithdrawalShowsWhatFollowsAndThenWhatWasDone(t *testing.T) {
	d := workspace(t)
	cara := colleagueNamed(t, d, "Cara")
	page := heldColleague(t, d, localActor)
	h := siteAs(t, d, localActor)
	if w := send(h, page+"/consent", yesForm(d)); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	doc := shown(t, h, page+"/withdraw")
	doc.says(t, "Consent stands for: Protect", "What cannot be undone", "No referral speaks of them")
	if strings.Contains(doc.text(), "It was taken back") {
		t.Error("looking took it back")
	}
	wish := url.Values{"scope": {"all"}, "by": {"self"}, "day": {d.Today().String()}, "why": {"afraid"}, "letters": {"fa"}, "sure": {"yes"}}
	for name, bad := range map[string]url.Values{"unread": {"sure": {""}}, "no scope": {"scope": {""}}, "no purpose": {"scope": {"some"}}, "nobody": {"by": {""}}} {
		form := url.Values{}
		for k, v := range wish {
			form[k] = v
		}
		for k, v := range bad {
			form[k] = v
		}
		if w := send(h, page+"/withdraw", form); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "afraid") {
			t.Errorf("%s: %d, or what was typed is gone", name, w.Code)
		}
	}
	for range 2 {
		if w := send(h, page+"/withdraw", wish); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page+"/withdraw" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	shown(t, h, page+"/withdraw").says(t, "It was taken back", "Everything they had allowed is taken back", "No consent stands.", "ward erase")
	doc = shown(t, h, page+"/consent")
	doc.says(t, "no consent stands", "taken back")
	if n := strings.Count(doc.text(), "afraid"); n != 1 {
		t.Errorf("it is on record %d times", n)
	}
	if w := get(t, siteAs(t, d, cara), page+"/withdraw"); w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
		t.Errorf("who is not on the case: %d", w.Code)
	}
}

// addConsent records what a colleague in custody allowed, with long words in every field, reviews the risk and takes a part back.
func (w *deskTour) addConsent(t testing.TB) {
	t.Helper()
	long := longWord[:160]
	page := heldColleague(t, w.Desk, w.ann)
	w.sends(t, w.site, page+"/consent", yesForm(w.Desk, "recipients", long, "giver", "proxy", "basis", long, "witness", long, "note", long))
	w.sends(t, w.site, page+"/consent", yesForm(w.Desk, "answer", "asked"))
	w.sends(t, w.site, page+"/consent", url.Values{"do": {"review"}, "for": {"refer_un"}, "may": {"no"}, "why": {long}})
	w.sends(t, w.site, page+"/withdraw", url.Values{"scope": {"some"}, "purpose": {"protect"}, "by": {"self"}, "day": {w.Today().String()}, "why": {long}, "sure": {"yes"}})
	place := strings.TrimPrefix(page, "/en")
	w.opens(place+"/consent", place+"/consent/sheet", place+"/withdraw")
}
