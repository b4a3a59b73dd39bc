package desk_test

import (
	"testing"

	"ward/desk"
)

// A wave of attacks, or one counted twice: a person decides, so the later row says under which id the words stood before.
func TestADescriptionUnderAnotherIDIsFlaggedOnTheLaterRow(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		const long, short = "An invented convoy was stopped at an invented bridge for three days.", "Stopped."
		d := open(t, target)
		table := sind(t, event("1", "2021-03-07", "Event Description", long), event("2", "2021-03-08", "Event Description", "An invented CONVOY was stopped at an invented bridge, for three days"),
			event("3", "2021-03-09", "Event Description", short), event("4", "2021-03-09", "Event Description", short))
		for range 2 { // the same file again flags the same rows
			if r := take(t, d, write(t, table.csv()), desk.ImportOptions{}); r.Flagged != 1 {
				t.Fatalf("%d rows flagged, want the second alone", r.Flagged)
			}
		}
		inc := theIncident(t, target, "SiND:2")
		if len(inc.Flags) != 1 || inc.Flags[0] != "description-repeated" || len(theIncident(t, target, "SiND:1").Flags) != 0 {
			t.Errorf("flags %q", inc.Flags)
		}
	})
}
