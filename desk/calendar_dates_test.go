package desk_test

import (
	"slices"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
)

// The calendar holds what somebody is to do on a day; reports, which come by the hundred, stand in the inbox.
func TestReportsDoNotBuryTheHearingsOfTheCalendar(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		who := access.Local()
		if _, err := d.TakeReport(ctx, who, intake.Received{Channel: "call", Lang: "en", Mode: "anonymous", Day: "2026-03-02", Danger: "yes", Narrative: "A clinic was searched.", Country: "XAA"}); err != nil {
			t.Fatal(err)
		}
		openedCase(t, d, who, phoneCall())
		list, err := d.Dates(ctx, who, true)
		if err != nil || !slices.ContainsFunc(list, func(x desk.Date) bool { return x.Case != nil }) {
			t.Fatalf("%d dates, none of the case: %v", len(list), err)
		}
		for _, x := range list {
			if len(x.Path) > 0 && x.Path[0] == "reports" {
				t.Errorf("the calendar holds a report: %+v", x.Notice)
			}
		}
	})
}
