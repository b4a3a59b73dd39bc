package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/locale"
)

func TestAHostSeesWhatIsKnownAndDecides(t *testing.T) {
	h := pagesOf(t, simulated(t))
	doc := shown(t, h, "/en/suitability/XAA")
	doc.says(t, "Arcadia: where to hold an event", "What is not known", "silence says nothing", "No decision on this State", "No State has a score")
	if rows := doc.rows("rows"); len(rows) == 0 {
		t.Error("nothing is found in a world in which doctors are arrested")
	}
	if w := get(t, h, "/en/suitability?name=Arcadia"); w.Header().Get("Location") != "/en/suitability/XAA" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	form := url.Values{"event": {"Congress <2027>"}, "when": {"2027-05"}, "decision": {"hold_with_support"}, "date": {"2026-05-07"}, "reasons": {"They asked us to come."}, "support": {"named in the programme\nlegal help"}, "roles": {"council"}}
	if w := send(h, "/en/suitability/XAA", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, h, "/en/suitability/XAA").says(t, "Congress <2027>", "Hold it there, with open support", "One person only", "They asked us to come.", "The findings on that day")
	shown(t, h, "/en/suitability").says(t, "Congress <2027>", "May 2027", "council")
	shown(t, h, "/fa/suitability/XAA").says(t, "با پشتیبانی آشکار", "فقط یک نفر", "آنچه دانسته نیست")
}

func TestADecisionWithoutReasonsIsKeptInTheForm(t *testing.T) {
	h := pagesOf(t, workspace(t))
	w := send(h, "/fa/suitability/XAA", url.Values{"event": {"Typed event"}, "decision": {"refrain"}, "date": {"2026-05-07"}, "roles": {"council"}})
	if parse(t, "refused", w.Body.String()).says(t, "needs its reasons"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `value="Typed event"`) {
		t.Errorf("%d", w.Code)
	}
	shown(t, h, "/en/suitability").says(t, "No decision is on record")
	shown(t, h, "/en/suitability/XAB").says(t, "That is not a clean bill")
	for path, code := range map[string]int{"/en/suitability/QQQ": 404, "/en/suitability?name=Nowhere": 404} {
		if w := get(t, h, path); w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := send(h, "/en/suitability/QQQ", url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestYearsThatFollowAreDrawnTogether(t *testing.T) {
	for want, years := range map[string][]int{"2016": {2016}, "2016–2018 and 2020": {2016, 2017, 2018, 2020}, "": nil} {
		if got := yearsInWords(years, locale.For(locale.English)); got != want {
			t.Errorf("%v: %q, want %q", years, got, want)
		}
	}
}
