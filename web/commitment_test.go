package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/commitment"
	"ward/policy"
)

const socialOne = "/commitments/WMA-SOCIAL-2022:1/NMA"

func TestCommitmentPagesAreSoundInEveryForm(t *testing.T) {
	d := workspace(t)
	who := access.Local()
	err := d.OpenCommitment(ctx, who, "WMA-GAZA-2025:4", "State:XAA", commitment.Opening{Answers: "Aya", Due: "2020-01-01"})
	if err == nil {
		err = d.GradeCommitment(ctx, who, "WMA-SOCIAL-2022:1", "NMA", commitment.Grading{Grade: "B", Why: "half", Review: "2020-01-01",
			Evidence: []string{"https://example.org/a", "cell:XAA/AP1:16.1/2024"}})
	}
	if err == nil {
		_, err = d.KeepTexts(ctx, who, []policy.Text{{TitleGuess: "An invented charter", Recommendations: []policy.Recommendation{{Addressee: "ministers of Sport", Verb: "invite", SHA256: "a"}}}})
	}
	if err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	for path, words := range map[string]string{
		"/commitments": "Our association", "/commitments?overdue=yes": "Overdue", "/commitments?status=E": "No commitment is like this",
		"/commitments?on=1990&overdue=yes": "No commitment", "/commitments/to/NMA": "Guidelines keep doctor and patient", "/commitments/to/State:XAA": "overdue",
		"/commitments/to/State:XAB": "Nothing is asked", "/commitments/to/x-ministers-of-sport": "invite", "/commitments/text/WMA-SOCIAL-2022": "half",
		"/commitments/text/WMA-TOKYO-2016": "asks nothing", "/commitments/text/WMA-KUNI-2017": "no longer asked since", "/commitments/text/WMA-GAZA-2025": "Open it for one State",
		"/commitments/WMA-GAZA-2025:4/State:XAA": "Aya", socialOne: "Finding", "/commitments/WMA-KUNI-2017:release/NMA": "rescinded",
	} {
		shown(t, h, "/en"+path).says(t, words)
		shown(t, h, "/fa"+path)
	}
	for path, code := range map[string]int{"/en/commitments/to/nobody": 404, "/en/commitments/text/NONE": 404, "/en/commitments/NONE:1/NMA": 404, "/en/commitments?status=F": 400,
		"/en/commitments?on=soon": 400, "/en/commitments/WMA-GAZA-2025:4/State": 404, "/export/commitments/pdf": 404,
		"/en/commitments/find?recommendation=WMA-GAZA-2025:4&of=State&state=Arcadia": 303, "/en/commitments/find?state=nowhere": 404} {
		if w := get(t, h, path); w.Code != code {
			t.Errorf("%s: %d, want %d", path, w.Code, code)
		}
	}
}

func TestNobodyIsRankedByGrades(t *testing.T) {
	d := workspace(t)
	for addressee, grade := range map[string]string{"State:XAB": "A", "State:XAA": "E"} {
		if err := d.GradeCommitment(ctx, access.Local(), "WMA-GAZA-2025:4", addressee, commitment.Grading{Grade: grade, Why: "w", Evidence: []string{"https://example.org"}}); err != nil {
			t.Fatal(err)
		}
	}
	body := get(t, pagesOf(t, d), "/en/commitments").Body.String()
	own, arcadia, next := strings.Index(body, "to/NMA"), strings.Index(body, "to/State:XAA"), strings.Index(body, "to/State:XAB")
	if own < 0 || own > arcadia || arcadia > next {
		t.Errorf("our association stands at %d, the States at %d and %d", own, arcadia, next)
	}
}

func TestAGradeIsPutOnRecordByTheForm(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	bad := url.Values{"do": {"grade"}, "grade": {"C"}, "why": {"Qanaryreason"}, "evidence": {"<b>"}, "review": {"۲۰۳۰-۰۱-۰۱"}}
	w := send(h, "/en"+socialOne, bad)
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Qanaryreason") || !strings.Contains(w.Body.String(), "is no evidence") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	parse(t, "the form again", w.Body.String())
	bad.Set("evidence", "https://example.org/a\nhttps://example.org/b")
	if w := send(h, "/fa"+socialOne, bad); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/fa/commitments/WMA-SOCIAL-2022:1/NMA" {
		t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	if w := send(h, "/en"+socialOne, url.Values{"do": {"open"}, "answers": {"Aya"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	c, err := d.Commitment(ctx, access.Local(), "WMA-SOCIAL-2022:1", "NMA")
	if err != nil || c.Status != "C" || c.Due != "2030-01-01" || c.Answers != "Aya" || len(c.Grading().Evidence) != 2 {
		t.Errorf("%+v %v", c, err)
	}
	for name, form := range map[string]url.Values{"nothing": {}, "empty opening": {"do": {"open"}}} {
		if w := send(h, "/en"+socialOne, form); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestCommitmentsLeaveByTheLedger(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	w := get(t, h, "/export/commitments/csv?text=WMA-CYBER-2016")
	if w.Code != http.StatusOK || strings.Count(w.Body.String(), "WMA-CYBER-2016:") < 7 || strings.Contains(w.Body.String(), "GAZA") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	lines, err := d.Ledger(ctx, access.Local(), 0, 5)
	if err != nil || len(lines) != 1 || lines[0].What != "commitments WMA-CYBER-2016 csv" {
		t.Errorf("%+v %v", lines, err)
	}
}
