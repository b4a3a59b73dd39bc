package audit

import (
	"fmt"
	"slices"

	"ward/when"
)

// Ahead says that a row is dated after a day; "" where it is not. A step dated ahead would let sixty days pass in an afternoon.
func (r *Row) Ahead(today when.Day) string {
	date, err := when.Parse(r.Date)
	if err != nil || date.From() <= today {
		return ""
	}
	return fmt.Sprintf("%.20q lies ahead: enter it when it has happened", r.Date)
}

// gone are the steps by which a finding leaves the house.
var gone = []string{StepSent, StepFinal, StepPublished}

// Backdated says that a level, step or correction is dated before a step on record by which a finding on its cell left the house; "" where
// it is not. What comes after such a step is dated after it, or nobody could tell what the finding rested on when it left.
func (r *Row) Backdated(onRecord []Recorded) string {
	if !slices.Contains([]string{KindOutcome, KindStep, KindCorrection}, r.Kind) {
		return ""
	}
	for i := range onRecord {
		s := &onRecord[i].Row
		if slices.Contains(gone, s.Value) && r.Date < s.Date && r.overlaps(s) {
			return fmt.Sprintf("a finding on this cell was marked %s on %s, and that is on record: date what comes now on that day or later", s.Value, s.Date)
		}
	}
	return ""
}

// overlaps reports that two rows speak of one cell at least.
func (r *Row) overlaps(s *Row) bool {
	return (r.Clause == "" || s.Clause == "" || r.Clause == s.Clause) && (r.Year == 0 || s.Year == 0 || r.Year == s.Year)
}
