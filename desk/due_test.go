package desk

import (
	"testing"
	"time"

	"ward/store"
	"ward/tlog"
)

// waiting makes n pending journal rows of an hour, numbered from a number on.
func waiting(hour int64, from, n int) (out []store.Entry) {
	for i := range n {
		out = append(out, store.Entry{Number: int64(from + i), At: time.Unix(hour*3600+int64(i), 0), Leaf: tlog.Filler()})
	}
	return out
}

// real counts the leaves that commit to something, each of which must stand once.
func real(t *testing.T, leaves []store.LogLeaf) int {
	t.Helper()
	seen := map[int64]bool{}
	for _, l := range leaves {
		if l.Number > 0 && seen[l.Number] {
			t.Errorf("row %d stands twice", l.Number)
		}
		seen[l.Number] = seen[l.Number] || l.Number > 0
	}
	delete(seen, 0)
	return len(seen)
}

// security.md row I5: the log does not tell an idle hour from one with sixteen acts.
func TestAnHourShowsMultiplesOfSixteen(t *testing.T) {
	for n, want := range map[int]int{0: 16, 1: 16, 15: 16, 16: 16, 17: 32, 32: 32, 33: 48} {
		state := store.LogState{Hour: 99}
		leaves := due(waiting(100, 1, n), &state, 101, false)
		if len(leaves) != want || real(t, leaves) != n || state.Hour != 100 || state.Number != int64(n) {
			t.Errorf("%d acts: %d leaves of which %d real, want %d; %+v", n, len(leaves), real(t, leaves), want, state)
		}
	}
}

func TestTheRunningHourWaitsUnlessClosedEarly(t *testing.T) {
	state := store.LogState{Hour: 99}
	if leaves := due(waiting(100, 1, 3), &state, 100, false); len(leaves) != 0 || state.Number != 0 || state.Hour != 99 {
		t.Errorf("%d leaves, %+v", len(leaves), state)
	}
	leaves := due(waiting(100, 1, 3), &state, 100, true)
	if len(leaves) != 16 || state.Number != 3 || state.Hour != 99 {
		t.Errorf("%d leaves, %+v", len(leaves), state)
	}
	if leaves := due(nil, &state, 100, true); len(leaves) != 0 {
		t.Errorf("%d leaves although nothing waited: a second flush would show", len(leaves))
	}
	if leaves := due(nil, &state, 101, false); len(leaves) != 16 || state.Hour != 100 {
		t.Errorf("the flushed hour's own end: %d leaves, %+v", len(leaves), state)
	}
}

func TestEveryHourThatPassedIsFilled(t *testing.T) {
	state := store.LogState{Hour: 99}
	pending := append(waiting(100, 1, 2), waiting(103, 3, 20)...)
	leaves := due(pending, &state, 105, false)
	if len(leaves) != (1+1+1+2+1)*16 || real(t, leaves) != 22 || state.Hour != 104 {
		t.Errorf("%d leaves, %d real, %+v", len(leaves), real(t, leaves), state)
	}
	if state = (store.LogState{}); len(due(waiting(100, 1, 1), &state, 101, false)) != 16 || state.Hour != 100 {
		t.Errorf("a new log begins with its first act's hour: %+v", state)
	}
}

// A clock that once ran ahead, or was set back, must not hold the log up.
func TestAWrongClockHoldsNothingUp(t *testing.T) {
	state := store.LogState{Hour: 99}
	pending := append(waiting(9000, 1, 1), waiting(100, 2, 2)...)
	if leaves := due(pending, &state, 100, false); len(leaves) != 0 {
		t.Errorf("%d leaves in the running hour", len(leaves))
	}
	if leaves := due(pending, &state, 101, false); real(t, leaves) != 3 || len(leaves) != 16 || state.Number != 3 {
		t.Errorf("a row of the future: %d real of %d, %+v", real(t, leaves), len(leaves), state)
	}
	state = store.LogState{Hour: 9000, Number: 0} // the sequencer itself ran under the wrong clock
	if leaves := due(waiting(100, 1, 2), &state, 100, true); real(t, leaves) != 2 || state.Hour != 99 {
		t.Errorf("closed early after the clock was put right: %d real, %+v", real(t, leaves), state)
	}
	state = store.LogState{Hour: 9000}
	if leaves := due(waiting(100, 1, 2), &state, 100, false); len(leaves) != 0 {
		t.Errorf("the running hour does not wait: %d leaves", len(leaves))
	}
	if leaves := due(waiting(100, 1, 2), &state, 101, false); real(t, leaves) != 2 {
		t.Errorf("%d real an hour later, %+v", real(t, leaves), state)
	}
	state = store.LogState{Hour: 200}
	if leaves := due(waiting(100, 1, 2), &state, 202, false); real(t, leaves) != 2 || len(leaves) != 16 {
		t.Errorf("rows of hours long closed: %d of %d", real(t, leaves), len(leaves))
	}
}

// The place of a leaf must not tell the order in which things were done.
func TestLeavesOfAnHourAreShuffled(t *testing.T) {
	first := map[int64]int{}
	for range 400 {
		state := store.LogState{Hour: 99}
		first[due(waiting(100, 1, 1), &state, 101, false)[0].Number]++
	}
	if n := first[1]; n < 5 || n > 70 { // 25 expected, standard deviation under 5
		t.Errorf("the only act stood first %d times in 400", n)
	}
}

func TestASleepOfYearsIsClosedInSteps(t *testing.T) {
	state := store.LogState{Hour: 100}
	if leaves := due(nil, &state, 100+3*hoursAtOnce, false); len(leaves) != hoursAtOnce*leavesPerHour || state.Hour != 100+hoursAtOnce {
		t.Errorf("%d leaves, %+v", len(leaves), state)
	}
}
