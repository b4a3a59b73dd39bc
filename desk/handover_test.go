package desk_test

import (
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/intake"
	"ward/staff"
	"ward/store"
)

func toldTo(t *testing.T, d *desk.Desk, who access.Actor, country string) string {
	t.Helper()
	id, err := d.TakeReport(ctx, who, intake.Received{Channel: "call", Lang: "en", Mode: "anonymous", Day: "2026-03-02", Danger: "no", Narrative: "Something invented.", Country: country})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func handed(t *testing.T, d *desk.Desk, who access.Actor, account string) desk.Handover {
	t.Helper()
	h, err := d.Handover(ctx, who, account)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestALeaversWorkGoesToAColleagueAndNothingOpensForThem(t *testing.T) {
	d := open(t, t.TempDir())
	ada := joined(t, d, "Ada").Actor
	lea := joined(t, d, "Lea", access.Triage)
	bea, vic := joined(t, d, "Bea", access.Triage).Actor, joined(t, d, "Vic", access.Verifier).Actor
	if err := d.DeclareConflict(ctx, bea, bea.Account, staff.Conflict{About: "XAB", Why: "family there"}); err != nil {
		t.Fatal(err)
	}
	bea.Barred = []string{"XAB"}
	officers := map[string]string{}
	var two []store.Officer
	for _, name := range []string{"Ada", "Lea", "Bea"} {
		o, key := officer(t, d, name)
		if officers[name] = key; name != "Bea" {
			two = append(two, o)
		}
	}
	if _, err := d.PutContact(ctx, ada, "sind", desk.SourceContact{Name: "somebody"}, two); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, country := range []string{"XAA", "XAA", "XAB"} {
		ids = append(ids, toldTo(t, d, lea.Actor, country))
	}
	if err := d.Handle(ctx, lea.Actor, ids, intake.Handling{Move: intake.Claim}); err != nil {
		t.Fatal(err)
	}
	for _, shared := range []bool{true, false} {
		if _, err := d.SaveSearch(ctx, lea.Actor, "arrests", shared, desk.Search{Words: "arrest"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := lea.enters(d); err != nil {
		t.Fatal(err)
	}
	h := handed(t, d, ada, lea.Account)
	if h.Reports != 3 || h.Searches != 1 || h.Sessions != 1 || h.Means != 3 || h.Officer != "Lea" || h.Contacts != 1 || h.Officers != 2 || h.Done() {
		t.Errorf("%+v", h)
	}
	for _, nobody := range []access.Actor{bea, vic, lea.Actor, access.Nobody()} {
		_, err := d.HandOver(ctx, nobody, lea.Account, "Bea", "")
		wantFault(t, err, fault.Refused)
		_, err = d.Handover(ctx, nobody, lea.Account)
		wantFault(t, err, fault.Refused)
	}
	for to, kind := range map[string]fault.Kind{"": fault.Invalid, "Vic": fault.Invalid, "Lea": fault.Invalid, "Zoe": fault.Invalid} {
		_, err := d.HandOver(ctx, ada, lea.Account, to, "")
		wantFault(t, err, kind)
	}
	_, err := d.HandOver(ctx, ada, ada.Account, "Bea", "")
	wantFault(t, err, fault.Refused)
	if _, err := d.HandOver(ctx, ada, lea.Account, "Bea", "moves away"); err != nil {
		t.Fatal(err)
	}
	h = handed(t, d, ada, lea.Account)
	if !h.Moved() || h.Sessions+h.Means != 0 || h.Leaver.Standing != staff.Left || h.Contacts != 1 || !h.Rotated.IsZero() || h.Done() {
		t.Errorf("%+v", h)
	}
	if _, err := lea.enters(d); err == nil {
		t.Error("whoever left signs in")
	}
	holders := map[string]int{}
	for _, id := range ids {
		one, err := d.Handling(ctx, access.Local(), id)
		if err != nil {
			t.Fatal(err)
		}
		holders[one.Holder]++
	}
	if holders["Bea"] != 2 || holders[""] != 1 {
		t.Errorf("the work went to %v", holders)
	}
	saved, err := d.SavedSearches(ctx, bea)
	if err != nil || len(saved) != 1 || !saved[0].Own || saved[0].Owner != "Bea" {
		t.Errorf("%+v %v", saved, err)
	}
	if err := d.ChangeSearch(ctx, bea, saved[0].ID, "arrests here", true); err != nil {
		t.Errorf("the heir may not change it: %v", err)
	}
	if saved, err = d.SavedSearches(ctx, bea); err != nil || len(saved) != 1 || !saved[0].Own {
		t.Errorf("after a change it is whose? %+v %v", saved, err)
	}
	if _, err := d.ResealContacts(ctx, access.Local(), officers["Ada"], "Lea", "Bea"); err != nil {
		t.Fatal(err)
	}
	if err := d.RemoveOfficer(ctx, access.Local(), "Lea"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Rotate(ctx, access.Local(), []byte("another passphrase of ours")); err != nil {
		t.Fatal(err)
	}
	if h = handed(t, d, ada, lea.Account); !h.Done() {
		t.Errorf("what remains? %+v", h)
	}
	if _, err := d.HandOver(ctx, ada, "none", "Bea", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody unknown leaves: %v", err)
	}
}

func TestWhoAloneKeepsTheAccountsDoesNotLeave(t *testing.T) {
	d := open(t, t.TempDir())
	ada := joined(t, d, "Ada").Actor
	joined(t, d, "Bea", access.Triage)
	_, err := d.HandOver(ctx, access.Local(), ada.Account, "", "")
	wantFault(t, err, fault.Refused, "nobody would be left who keeps the accounts")
	if a, err := d.Account(ctx, access.Local(), ada.Account); err != nil || a.Standing != staff.Active || len(a.Authenticators) != 3 {
		t.Errorf("%+v %v", a, err)
	}
}
