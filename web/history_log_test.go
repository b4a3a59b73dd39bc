package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/intake"
	"ward/suitability"
)

// Whatever somebody puts on record in a register is shown with the act of the log that commits to it.
func TestEveryHistoryNamesItsActInTheLog(t *testing.T) {
	d := workspace(t)
	h, who := pagesOf(t, d), access.Local()
	for name, put := range map[string]func() (page string){
		"a duty": func() string {
			send(h, "/en/duties/PROC-1", url.Values{"year": {"2026"}, "status": {"met"}, "proof": {"minutes"}, "issued": {"2026-02-03"}, "audience": {"all members"}, "owner": {"ethics officer"}})
			return "/en/duties/PROC-1?year=2026"
		},
		"a decision": func() string {
			_, err := d.DecideSuitability(ctx, who, "", suitability.Decision{State: "XAA", Event: "Congress", When: "2027", Decision: suitability.Undecided, Date: "2026-03-01", Reasons: "not yet"})
			must(t, err)
			return "/en/suitability/XAA"
		},
		"a report and its move": func() string {
			id, err := d.TakeReport(ctx, who, intake.Received{Channel: "call", Lang: "en", Mode: "anonymous", Day: "2026-03-02", Danger: "no", Narrative: "A clinic was searched.", Country: "XAA"})
			must(t, err)
			must(t, d.Handle(ctx, who, []string{id}, intake.Handling{Move: intake.Claim}))
			return "/en/reports/" + id
		},
	} {
		page := put()
		acts, err := d.Acts(ctx, who, 0, 1)
		must(t, err)
		if link := fmt.Sprintf(`href="/en/log/%d"`, acts[0].Number); !strings.Contains(get(t, h, page).Body.String(), link) {
			t.Errorf("%s: %s has no %s", name, page, link)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
