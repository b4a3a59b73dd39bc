package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/facility"
)

// placed is a workspace with one facility of XAA that is not public, and the facility's id.
func placed(t *testing.T) (*desk.Desk, string) {
	t.Helper()
	d := workspace(t)
	id, err := d.PutFacility(ctx, access.Local(), "", facility.Facility{Type: "hospital.general", Name: "Qanaryname", State: "XAA", Place: "Qanaryplace", Operator: "Qanaryoperator", Deconflicted: "yes"})
	if err != nil {
		t.Fatal(err)
	}
	return d, id
}

func stateDamage(t *testing.T, d *desk.Desk, id string, made facility.Damage) string {
	t.Helper()
	entry, err := d.StateDamage(ctx, access.Local(), id, made)
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

func TestAFacilityIsAddedAndDamageStatedOnPages(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/facilities").says(t, "No facility is on record yet")
	w := send(h, "/en/facilities", url.Values{"do": {"put"}, "type": {"primary_care"}, "name": {"Clinic <North>"}, "state": {"Arcadia"}, "emblem": {"yes"}})
	page := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(page, "/en/facilities/0") {
		t.Fatalf("%d %s %s", w.Code, page, w.Body)
	}
	shown(t, h, page).says(t, "Clinic <North>", "Primary care", "Nothing was stated about this facility", "not the same as no damage")
	form := url.Values{"do": {"damage"}, "date": {"۲۰۲۴-۰۵"}, "component": {"building"}, "damage": {"partial"}, "functionality": {"none"}, "cause": {"attack"}, "need": {"a roof"},
		"low": {"۱٬۰۰۰"}, "high": {"2,000"}, "currency": {"eur"}, "prices": {"2024"}, "services": {"surgery\nbirth"}, "compensation": {"claimed"}, "amount": {"1500"}, "amount_currency": {"EUR"}}
	if w := send(h, page, form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	doc := shown(t, h, page)
	doc.says(t, "Does not work", "Partly damaged", "a roof", "1,000–2,000 EUR", "prices of 2024", "surgery and birth", "still without function", "Claimed")
	shown(t, h, page+"?on=2024-04-30").says(t, "Clinic <North>")
	shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)).says(t, "دایر نیست", "خسارت جزئی", "۱٬۰۰۰–۲٬۰۰۰")
	shown(t, h, "/en/facilities?state=XAA&type=primary_care&functionality=none").says(t, "Clinic <North>", "Building: Partly damaged")
	shown(t, h, "/en/facilities?functionality=full").says(t, "No facility fits")
	shown(t, h, "/en/log").says(t, "Facilities or damage put on record")
	for path, code := range map[string]int{"/en/facilities?state=QQQ": 404, "/en/facilities?on=soon": 400, "/en/facilities?page=9": 404, "/en/facilities/none": 404, "/en/facilities/state/QQQ": 404,
		"/export/facilities/XAA.doc": 404, "/export/facilities/json": 404, "/export/facilities/QQQ.csv": 404} {
		if w := get(t, h, path); w.Code != code || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// What cannot stand is said on the same page, and nothing typed is lost.
func TestDamageThatCannotStandIsKeptInTheForm(t *testing.T) {
	d, id := placed(t)
	h := pagesOf(t, d)
	typed := `<b>"typed" & kept</b>`
	w := send(h, "/en/facilities/"+id, url.Values{"do": {"damage"}, "date": {"2024"}, "damage": {"partial"}, "note": {typed}})
	doc := parse(t, "refused", w.Body.String())
	doc.says(t, "which one is missing", "Nothing was written")
	if areas := doc.all("textarea"); w.Code != http.StatusBadRequest || len(areas) < 4 || areas[3].text != typed {
		t.Errorf("%d: what was typed is gone", w.Code)
	}
	w = send(h, "/fa/facilities", url.Values{"name": {"Typed name"}, "type": {"other"}, "state": {"nowhere"}})
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `value="Typed name"`) {
		t.Errorf("%d", w.Code)
	}
	for _, form := range []url.Values{{}, {"do": {"put"}}, {"do": {"damage"}, "date": {"2024"}, "amount": {"many"}}} {
		if w := send(h, "/en/facilities/"+id, form); w.Code != http.StatusBadRequest {
			t.Errorf("%v: %d", form, w.Code)
		}
	}
	if w := send(h, "/en/facilities/none", url.Values{"do": {"damage"}, "date": {"2024"}, "functionality": {"full"}}); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestACorrectionIsMadeFromTheEntryAndBothStay(t *testing.T) {
	d, id := placed(t)
	h := pagesOf(t, d)
	entry := stateDamage(t, d, id, facility.Damage{Date: "2024-05", Functionality: facility.None, Source: "first word"})
	doc := shown(t, h, "/en/facilities/"+id+"?corrects="+entry)
	if !strings.Contains(get(t, h, "/en/facilities/"+id+"?corrects="+entry).Body.String(), `value="first word"`) {
		t.Error("the form does not start from the entry")
	}
	doc.says(t, "first word", "Correct this")
	if w := send(h, "/en/facilities/"+id, url.Values{"do": {"damage"}, "date": {"2024-05"}, "functionality": {"partial"}, "corrects": {entry}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, h, "/en/facilities/"+id).says(t, "first word", "Corrected by a later entry", "Works in part")
}

func TestTheReportOfAStateSaysWhatIsKnownAndWhatIsNot(t *testing.T) {
	d, id := placed(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/facilities/state/XAB").says(t, "No facility in", "says nothing about what happened")
	best := int64(70)
	stateDamage(t, d, id, facility.Damage{Date: "2024-05-01", Component: "building", Damage: facility.Partial, Functionality: facility.None, Need: "a roof",
		Cost: &facility.Cost{Low: 50, Best: &best, High: 90, Currency: "EUR", Priced: "2024"}})
	stateDamage(t, d, id, facility.Damage{Date: "2024-05-01", Component: "equipment", Damage: facility.Destroyed})
	if _, err := d.PutFacility(ctx, access.Local(), "", facility.Facility{Type: "other", Name: "Silent house", State: "XAA"}); err != nil {
		t.Fatal(err)
	}
	doc := shown(t, h, "/en/facilities/state/Arcadia?on=2024-05-11")
	doc.says(t, "2 facilities are on record", "11 May 2024", "Does not work 1", "not stated 1", "10 days", "prices of 2024", "1 damaged component has no stated cost", "a roof", "Silent house", "nothing was ever stated", "never added to each other")
	shown(t, h, "/en/facilities/state/XAA?on=2025-05-11").says(t, "(1 old)", "not known since 1 May 2024")
	shown(t, h, "/fa/facilities/state/XAA").says(t, "آنچه دانسته نیست", "بازسازی چقدر هزینه دارد")
	bars := 0
	for _, r := range doc.all("rect") {
		if r.attr["class"] == "f4" && r.attr["width"] == "50.00" {
			bars++
		}
	}
	if bars != 2 { // function and equipment
		t.Errorf("%d bars of half", bars)
	}
}

// What stays within leaves by no file for others, and what is for nobody outside by no file at all.
func TestFacilitiesLeaveWithoutTheirSecrets(t *testing.T) {
	d, id := placed(t)
	stateDamage(t, d, id, facility.Damage{Date: "2024", Functionality: facility.None, Need: "Qanaryneed", Note: "Qanarynote"})
	h := pagesOf(t, d)
	for path, seen := range map[string]bool{"/export/facilities/csv": true, "/export/facilities/csv?for=others": false, "/export/facilities/XAA.csv": true, "/export/facilities/XAA.json": true,
		"/export/facilities/XAA.csv?for=others": false, "/export/facilities/XAA.json?for=others": false, "/en/log": false, "/en/ledger": false} {
		body := get(t, h, path).Body.String()
		if strings.Contains(body, "Qanary") != seen || strings.Contains(body, "deconflicted") {
			t.Errorf("%s: %s", path, body)
		}
	}
	if ledger, err := d.Ledger(ctx, access.Local(), 0, 10); err != nil || len(ledger) != 6 {
		t.Errorf("%d lines in the ledger, %v", len(ledger), err)
	}
}

func TestAFacilityLeadsToItsIncidentAndBack(t *testing.T) {
	d, ids := published(t)
	h := pagesOf(t, d)
	id, err := d.PutFacility(ctx, access.Local(), "", facility.Facility{Type: "other", Name: "Hit house", State: "XAA"})
	if err != nil {
		t.Fatal(err)
	}
	stateDamage(t, d, id, facility.Damage{Date: "2022", Functionality: facility.None, Incident: ids[0]})
	if href := shown(t, h, "/en/facilities/"+id).href(t, ids[0]); href != "/en/incidents/"+ids[0] {
		t.Error(href)
	}
	shown(t, h, "/en/facilities?incident="+ids[0]).says(t, "Hit house", "this incident touched")
	shown(t, h, "/en/facilities?incident="+ids[1]).says(t, "No facility fits")
}

func TestALongHistoryIsCut(t *testing.T) {
	d, _ := placed(t)
	h := pagesOf(t, d)
	file := "kind,facility,type,name,state,date,functionality,note\nfacility,K,other,Long,XAA,,,\n"
	for i := range longestHistory + 3 {
		file += "damage,K,,,,2024,full,word " + strconv.Itoa(i) + "\n"
	}
	if _, err := d.ImportFacilities(ctx, access.Local(), strings.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	page := shown(t, h, "/en/facilities").href(t, "Long")
	if doc := shown(t, h, page); len(doc.all("time")) != longestHistory {
		t.Errorf("%d entries are shown", len(doc.all("time")))
	} else {
		doc.says(t, "3 earlier entries stand in the CSV file alone")
	}
}
