package audit

import "ward/text"

// sitting is a time in which a cell was before the panel.
type sitting struct {
	from, to string // days; to is "" while it lasts
	void     bool   // the appeal was dismissed: what members said in it changes nothing
}

// holds reports that a day lies in the sitting.
func (s sitting) holds(day string) bool { return day >= s.from && (s.to == "" || day <= s.to) }

// rise ends the panel's sitting by a move; where the panel decided, its word stands until it decides anew.
func (c *course) rise(move, day string) {
	last := &c.sat[len(c.sat)-1]
	last.to, last.void = day, move == moveDismissed
	if move == StepDecided || move == moveAllowed {
		c.word = c.panelLevel(day)
	}
}

// reopen lets in the levels that were given up to the day of a correction of the level, the panel's among them.
func (c *course) reopen(day string) {
	c.opened = day
	if again := c.panelLevel(day); again.value != "" {
		c.word = again
	}
}

// panelLevel is what most of the panel gave, at least two of them, in its last sitting or as a correction since, up to a day.
func (c *course) panelLevel(day string) decision {
	var rows []Row
	if len(c.sat) > 0 {
		last := c.sat[len(c.sat)-1]
		for _, row := range c.rows {
			in := last.holds(row.Date) && !last.void || last.to != "" && row.Date > last.to
			if in && row.Date <= day && c.whyNoPanel(&row) == "" {
				rows = append(rows, row)
			}
		}
	}
	votes := map[string]int{}
	people := latest(rows)
	for _, row := range people {
		votes[row.Value]++
	}
	best, tie := leading(votes)
	if tie || votes[best] < 2 {
		return decision{why: whyPanelOpen}
	}
	return decision{value: best, why: whyPanel, coders: namesOf(people, best)}
}

func (c *course) panelSilent(day string) string {
	if c.panelLevel(day).value == "" {
		return whyPanelOpen
	}
	return ""
}

// whyNoPanel tells why a row is no word of the panel's on this cell; "" where it is one.
func (c *course) whyNoPanel(row *Row) string {
	switch {
	case row.Role != RolePanel:
		return "not the panel's"
	case !c.heard(row.Date):
		return whyNoPanelYet
	case c.codes(row.Coder):
		return whyOwnCase
	}
	return ""
}

// heard reports that the panel could speak on a day: the cell was before it, or a correction of the final level let the day in.
func (c *course) heard(day string) bool {
	for _, s := range c.sat {
		if s.holds(day) {
			return true
		}
	}
	return len(c.sat) > 0 && c.final != "" && day > c.final && day <= c.opened
}

// codes reports that a person coded the cell.
func (c *course) codes(person string) bool {
	if c.coding == nil {
		c.coding = map[string]bool{}
		for i := range c.rows {
			if c.rows[i].Role != RolePanel {
				c.coding[text.Key(c.rows[i].Coder)] = true
			}
		}
	}
	return c.coding[text.Key(person)]
}
