package desk_test

import (
	"testing"

	"ward/access"
	"ward/fault"
	"ward/suitability"
)

var congress = suitability.Decision{State: "XAA", Event: "Qanarycongress", Decision: suitability.Refrain, Date: "2026-05-07", Reasons: "colleagues are held", Roles: []string{"council", "ethics committee"}}

func TestADecisionKeepsWhatWasFoundThatDay(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		event, err := d.DecideSuitability(ctx, access.Local(), "", congress)
		if err != nil {
			t.Fatal(err)
		}
		later := congress
		later.Decision, later.Support = suitability.Support, []string{"named in the programme"}
		if again, err := d.DecideSuitability(ctx, access.Local(), event, later); err != nil || again != event {
			t.Errorf("%s %v", again, err)
		}
		got, err := d.Suitability(ctx, access.Local(), "Arcadia")
		if err != nil || got.State != "XAA" || len(got.Events) != 1 || len(got.Events[0].Words) != 2 || got.Events[0].Last.Body.Decision != suitability.Support {
			t.Errorf("%+v %v", got.Events, err)
		}
		if len(got.Matters) != 0 || len(got.Unknown) == 0 || got.To == 0 {
			t.Errorf("an empty workspace knows something, or hides what it does not know: %+v", got.Picture)
		}
		if elsewhere, err := d.SuitabilityEvents(ctx, access.Local(), "XAB"); err != nil || len(elsewhere) != 0 {
			t.Errorf("%+v %v", elsewhere, err)
		}
	})
}

func TestADecisionThatCannotStandWritesNothing(t *testing.T) {
	d := open(t, t.TempDir())
	event, err := d.DecideSuitability(ctx, access.Local(), "", congress)
	if err != nil {
		t.Fatal(err)
	}
	bad, moved := congress, congress
	bad.Reasons, moved.State = "", "XAB"
	for name, try := range map[string]struct {
		event string
		made  suitability.Decision
		kind  fault.Kind
	}{"no reasons": {"", bad, fault.Invalid}, "another State": {event, moved, fault.Invalid}, "no such event": {"none", congress, fault.NotFound}} {
		if _, err := d.DecideSuitability(ctx, access.Local(), try.event, try.made); !fault.Is(err, try.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.DecideSuitability(ctx, access.Actor{Name: "guest", Roles: []access.Role{"guest"}}, "", congress); !fault.Is(err, fault.Refused) {
		t.Errorf("a guest decides: %v", err)
	}
	if list, err := d.SuitabilityEvents(ctx, access.Local(), ""); err != nil || len(list) != 1 || len(list[0].Words) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}
