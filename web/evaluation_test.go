package web

import (
	"bytes"
	"html"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/evaluation"
	"ward/person"
)

// evaluated is a workspace with a person in custody, a case and an evaluation of them, just asked for; its id. Everything is by the operator.
func evaluated(t testing.TB) (*desk.Desk, string) {
	t.Helper()
	d := workspace(t)
	return d, evaluationIn(t, d, access.Local())
}

// evaluationIn asks for an evaluation of somebody new.
func evaluationIn(t testing.TB, d *desk.Desk, who access.Actor) string {
	t.Helper()
	id, err := d.AddPerson(ctx, who, desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"detainee"}, Country: "XAA"}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.OpenCase(ctx, who, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA", Person: id}})
	if err != nil {
		t.Fatal(err)
	}
	number, err := d.RequestEvaluation(ctx, who, evaluation.Request{Person: id, Case: c, Country: "XAA", Clinician: who.Name, AskedBy: "Their lawyer", Purpose: "An appeal against the detention", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// consented answers yes to these uses and no to the others.
func consented(uses ...string) url.Values {
	form := url.Values{"explained": {"yes"}, "refusal": {"yes"}, "free": {"yes"}, "capacity": {"yes"}, "method": {"spoken"}, "day": {"2026-11-20"}}
	for _, use := range evaluation.Uses() {
		form.Set("use."+use, "no")
	}
	for _, use := range uses {
		form.Set("use."+use, "yes")
	}
	return form
}

// sectionForm fills what a section needs.
func sectionForm(s evaluation.Section) url.Values {
	form := url.Values{}
	for _, f := range s.Fields {
		value := "Something about " + f.Key + "."
		switch {
		case f.Kind == evaluation.Date:
			value = "2026-11-20"
		case f.List != "":
			value = map[string]string{"officer_near": "sight", "yesno": "no", "interpreter": "none", "time_given": "enough", "consistency": "consistent"}[f.List]
		}
		form.Set(f.Key, value)
		if len(f.Known) > 0 {
			form.Set("known."+f.Key, f.Known[0])
		}
	}
	return form
}

// fillEvaluation writes consent, every section, two findings and, where wanted, a photograph.
func fillEvaluation(t testing.TB, s sender, page string) {
	t.Helper()
	s.ok(t, page+"/write/consent", consented("exam", "photos", "patient", "court"))
	for _, section := range evaluation.Sections() {
		if len(section.Fields) > 0 {
			s.ok(t, page+"/write/"+section.Key, sectionForm(section))
		}
	}
	s.ok(t, page+"/findings/new", url.Values{"kind": {"physical"}, "known": {"seen"}, "view": {"back"}, "region": {"shoulder_blade.left"}, "x": {"402"}, "y": {"241"}, "type": {"scar"}, "description": {"Two parallel pale lines, sharp at the edges."},
		"length": {"84"}, "width": {"6"}, "method": {"beating"}, "alleged": {"With a cable."}, "consistency": {"highly_consistent"}, "why": {"Their distance is that of a cable."}, "differential": {"An accident at work was considered."}})
	s.ok(t, page+"/findings/new", url.Values{"kind": {"psychological"}, "known": {"seen"}, "type": {"arousal"}, "description": {"Startles at the sound of keys."}, "consistency": {"consistent"}})
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnEvaluationGoesFromTheRequestToTheRelease(t *testing.T) {
	d, id := evaluated(t)
	s := sender{pagesOf(t, d)}
	page := "/en/evaluations/" + id
	shown(t, s.h, "/en/evaluations").says(t, "Heron", "Asked for", "are missing")
	s.refuses(t, page, url.Values{"do": {"move"}, "to": {"consented"}}, "consent")
	fillEvaluation(t, s, page)
	for _, to := range []string{"consented", "examined", "drafted"} {
		s.ok(t, page, url.Values{"do": {"move"}, "to": {to}})
	}
	shown(t, s.h, page).says(t, "Draft finished", "Two parallel pale lines", "disproves nothing", "Shoulder blade · left")
	digest := digestIn(t, s.h, page, "digest")
	s.ok(t, page, url.Values{"do": {"peer"}, "pass": {"yes"}, "digest": {digest}, "check": {"consent", "safeguards", "verified", "degrees", "absence", "names", "readable"}})
	shown(t, s.h, page).says(t, "One person only")
	sign := url.Values{"do": {"sign"}, "digest": {digestIn(t, s.h, page+"/sign", "digest")}, "name": {"Dr A. Example"}, "standing": {"Physician"}, "place": {"Port"}, "day": {"2026-11-21"}}
	s.refuses(t, page, sign, "true and your own")
	sign.Set("truth", "yes")
	s.ok(t, page, sign)
	shown(t, s.h, page).says(t, "Signed by Dr A. Example", "What is shown is what was signed")
	s.refuses(t, page+"/write/background", url.Values{"life": {"changed"}, "known.life": {"told"}}, "what is signed is not changed")
	s.ok(t, page, url.Values{"do": {"addendum"}, "text": {"The X-ray came later."}, "known": {"document"}, "day": {"2026-11-22"}})
	s.ok(t, page, url.Values{"do": {"move"}, "to": {"released"}, "use": {"patient"}, "for": {"the person"}})
	s.refuses(t, page, url.Values{"do": {"move"}, "to": {"released"}, "use": {"un"}, "for": {"a rapporteur"}}, "did not consent")
	s.refuses(t, page, url.Values{"do": {"move"}, "to": {"released"}, "use": {"court"}, "for": {"the court"}}, "consent does not carry")
	shown(t, s.h, page).says(t, "The X-ray came later", "the person")
}

// sender sends forms as a browser does.
type sender struct{ h http.Handler }

// ok sends a form that must be taken.
func (s sender) ok(t testing.TB, path string, form url.Values) {
	t.Helper()
	if w := send(s.h, path, form); w.Code != http.StatusSeeOther {
		t.Fatalf("%s %v: %d %s", path, form, w.Code, problemIn(w.Body.String()))
	}
}

// refuses sends a form that must not be, and looks for the reason.
func (s sender) refuses(t testing.TB, path string, form url.Values, why string) {
	t.Helper()
	w := send(s.h, path, form)
	if said := problemIn(w.Body.String()); w.Code < 400 || !strings.Contains(said, why) {
		t.Errorf("%s: %d says %q, not %q", path, w.Code, said, why)
	}
}

// problemIn is what a page says is wrong.
func problemIn(page string) string {
	_, after, ok := strings.Cut(page, `role="alert"`)
	if !ok {
		return page[:min(len(page), 300)]
	}
	before, _, _ := strings.Cut(after, "</div>")
	return html.UnescapeString(before)
}

// digestIn is the value of a hidden field of a page.
func digestIn(t testing.TB, h http.Handler, path, name string) string {
	t.Helper()
	_, after, ok := strings.Cut(get(t, h, path).Body.String(), `name="`+name+`" value="`)
	if !ok {
		t.Fatalf("%s has no field %s", path, name)
	}
	value, _, _ := strings.Cut(after, `"`)
	return value
}

// evaluations asks for one of my own. That a colleague's is not there for me is shown in desk: the operator, who is in the matrix too, is on
// every case.
func (w *matrixWorld) evaluations(t *testing.T) {
	t.Helper()
	who := w.me
	who.Roles = []access.Role{access.CaseWorker}
	w.put(t, "evaluation", objOwn, evaluationIn(t, w.Desk, who), nil)
	w.put(t, "evaluation", objRandom, randomULID, nil)
}

// addEvaluations fills an evaluation with long words in every field, and leaves one that was just asked for.
func (w *deskTour) addEvaluations(t testing.TB) {
	t.Helper()
	id, fresh := evaluationIn(t, w.Desk, w.ann), evaluationIn(t, w.Desk, w.ann)
	s, page := sender{w.site}, "/evaluations/"+id
	fillEvaluation(t, s, "/en"+page)
	s.ok(t, "/en"+page+"/write/background", url.Values{"life": {strings.Repeat(longWord+" ", 4)}, "known.life": {"told"}, "health_before": {longLine}, "known.health_before": {"document"}})
	s.ok(t, "/en"+page+"/findings/new", url.Values{"kind": {"physical"}, "known": {"seen"}, "view": {"foot_left_sole"}, "region": {"arch.left"}, "type": {"tenderness"}, "description": {longWord}, "alleged": {longWord}, "differential": {longWord}})
	w.opens("/evaluations", "/evaluations/new", page, "/evaluations/"+fresh, page+"/sign", page+"/write/consent", page+"/write/circumstances", page+"/write/examination", page+"/findings/new?kind=physical&view=back",
		page+"/findings/new?kind=psychological", page+"/photographs")
}

// What people type into an evaluation stays text on every page that shows it.
func TestHostileWordsOfAnEvaluationStayText(t *testing.T) {
	for name, payload := range attacks {
		if len(payload) > 300 {
			payload = strings.ToValidUTF8(payload[:300], "")
		}
		t.Run(name, func(t *testing.T) {
			d, id := evaluated(t)
			s, page := sender{pagesOf(t, d)}, "/evaluations/"+id
			form := consented("exam", "photos")
			form.Set("note", payload)
			s.ok(t, "/en"+page+"/write/consent", form)
			s.ok(t, "/en"+page+"/write/background", url.Values{"life": {payload}, "known.life": {"told"}, "left": {payload}})
			s.ok(t, "/en"+page+"/findings/new", url.Values{"kind": {"physical"}, "known": {"seen"}, "view": {"front"}, "region": {"chest.left"}, "type": {"scar"}, "description": {payload}, "alleged": {payload}, "why": {payload}, "differential": {payload}})
			photo(t, s.h, "/en"+page+"/photographs", payload)
			for _, path := range []string{"/en" + page, "/fa" + page, "/fa" + page + "/write/background", "/fa" + page + "/photographs", "/en" + page + "/sign"} {
				contained(t, shown(t, s.h, path))
			}
			for _, path := range []string{"/en/evaluations?state=", "/en/evaluations?person=", "/en/evaluations/new?person=", "/en" + page + "/findings/new?view=", "/en" + page + "/findings/new?kind="} {
				if w := get(t, s.h, path+url.QueryEscape(payload)); w.Code >= 500 {
					t.Errorf("%s: %d", path, w.Code)
				}
			}
		})
	}
}

// photo keeps a photograph with words.
func photo(t testing.TB, h http.Handler, path, words string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("text", words)
	m.WriteField("scale", "yes")
	f, err := m.CreateFormFile("file", "back.jpg")
	if err != nil {
		t.Fatal(err)
	}
	f.Write(picture(t))
	m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Host = "127.0.0.1:7766"
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", path, w.Code, problemIn(w.Body.String()))
	}
}

func TestAPhotographStaysCoveredAndLeavesOnlyWhenAskedFor(t *testing.T) {
	d, id := evaluated(t)
	s, page := sender{pagesOf(t, d)}, "/en/evaluations/"+id
	s.ok(t, page+"/write/consent", consented("exam"))
	shown(t, s.h, page+"/photographs").says(t, "did not consent to photographs")
	s.ok(t, page+"/write/consent", consented("exam", "photos"))
	photo(t, s.h, page+"/photographs", "The back.")
	body := get(t, s.h, page).Body.String()
	if strings.Contains(body, "<img") || !strings.Contains(body, `<details class="cover"`) {
		t.Error("the photograph is not covered")
	}
	w := get(t, s.h, page+"/photographs/1")
	if !bytes.Equal(w.Body.Bytes(), picture(t)) || w.Header().Get("Content-Type") != "image/jpeg" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := get(t, s.h, page+"/photographs/2"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}
