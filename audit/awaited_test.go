package audit

import (
	"slices"
	"testing"
)

func TestAReplyIsAwaitedForSixtyDaysUntilSomethingIsHeard(t *testing.T) {
	asked := func(state, day string) Row { return Row{Kind: KindReply, State: state, Value: "asked", Date: day} }
	step := func(state, value, day string) Row { return Row{Kind: KindStep, State: state, Value: value, Date: day} }
	got := awaited([]Row{
		asked("XAA", "2026-03-01"), asked("XAA", "2026-03-09"), step("XAA", StepFrozen, "2026-04-01"),
		step("XAB", StepSent, "2026-03-01"), {Kind: KindReply, State: "XAB", Value: "B", Date: "2026-03-20"},
		asked("XAC", "2026-03-01"), step("XAC", StepNoReply, "2026-05-01"),
		{Kind: KindReply, State: "XAD", Value: "A", Date: "2026-01-20"}, asked("XAD", "2026-02-01"),
		asked("XAE", "2026"), // no day to count from
	})
	want := []Awaited{{"XAA", "2026-03-09", "2026-05-08"}, {"XAD", "2026-02-01", "2026-04-02"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
