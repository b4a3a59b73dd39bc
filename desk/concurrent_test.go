package desk_test

import (
	"strconv"
	"sync"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/incident"
	"ward/intake"
)

// Many who read and write at once see each other's work and harm nothing: everything in memory that follows the journal is read while it
// is brought forward. The race detector runs this test too.
func TestConcurrentReadersAndWritersSeeEverything(t *testing.T) {
	d := open(t, t.TempDir())
	id, who := byHand(t, d), access.Local()
	const writers, each = 4, 5
	writes := []func(n string) error{
		func(n string) error {
			report, err := d.TakeReport(ctx, who, intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Day: d.Today().String(), Danger: "no", Narrative: "call " + n, Country: "XAA"})
			if err != nil {
				return err
			}
			return d.Handle(ctx, who, []string{report}, intake.Handling{Move: "tag", Tag: "night"})
		},
		func(n string) error {
			return d.StateIncident(ctx, who, id, incident.Stated{Move: incident.Assert, Field: "weapon", Value: "baton " + n, Source: "a nurse"})
		},
	}
	reads := []func() error{
		func() error { _, err := d.Inbox(ctx, who, desk.InboxQuery{View: "all", Limit: 5}); return err },
		func() error {
			_, err := d.Find(ctx, who, desk.FindReports, desk.IncidentQuery{Words: "call", Limit: 5})
			return err
		},
		func() error { _, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 5}); return err },
		func() error { _, err := d.Notices(ctx, who); return err },
		func() error { _, err := d.Accounts(ctx, who); return err },
		func() error { _, err := d.Verification(ctx, who, desk.VerificationQuery{}); return err },
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				if err := writes[(w+n)%len(writes)](strconv.Itoa(w*each + n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, read := range reads {
		wg.Go(func() {
			for range 2 * each {
				if err := read(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	page, err := d.Inbox(ctx, who, desk.InboxQuery{View: "all", Tag: "night", Limit: 50})
	stated := len(opened(t, d, id).Standing) - 4
	if err != nil || page.Total+stated != writers*each {
		t.Errorf("%d reports and %d statements of %d writes, %v", page.Total, stated, writers*each, err)
	}
}
