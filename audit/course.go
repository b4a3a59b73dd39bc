package audit

import (
	"slices"
	"strings"
	"time"
)

// Standing is how far a cell's procedure has come, who gave which level in what part, and what is missing.
type Standing struct {
	Stage   string  `json:"stage"`             // one of the stages
	Since   string  `json:"since,omitempty"`   // date on which it came there; "" where no row says
	CutOff  string  `json:"cut_off,omitempty"` // last day of evidence; later incidents stay out
	Due     string  `json:"due,omitempty"`     // last day of the State's sixty days to reply, while they run
	Given   []Given `json:"given,omitempty"`   // the levels given, coders first, then adjudicator and panel
	Next    []Need  `json:"next,omitempty"`    // what the procedure waits for
	Raise   []Need  `json:"raise,omitempty"`   // what evidence the next higher level would need
	History []Taken `json:"history,omitempty"` // moves taken, the oldest first
}

// Given is the level that one person gave, under the pseudonym of the row.
type Given struct {
	Role  string `json:"role"`
	Coder string `json:"coder"`
	Value string `json:"value"`
	Date  string `json:"date,omitempty"`
}

// Need is one thing that is missing: a key of Method.Definitions, and how many of it where that is a number.
type Need struct {
	Key string `json:"key"`
	N   int    `json:"n,omitempty"`
}

// Taken is a move of a cell: the row that made it, or the codings that it follows from.
type Taken struct {
	Move string `json:"move"`
	To   string `json:"to"`
	Date string `json:"date,omitempty"`
	By   string `json:"by,omitempty"` // the pseudonym, where a row made it
}

// course leads one cell through its procedure, event by event.
type course struct {
	b       *builder
	clause  string
	year    int
	rows    []Row // the levels given
	stage   string
	since   string
	cutOff  string
	frozen  string // dates, "" where it did not happen in this round
	sent    string
	final   string
	opened  string          // day up to which a correction of the level lets later levels in
	sat     []sitting       // of the panel
	word    decision        // the panel's, as it last decided
	appeal  bool            // an appeal is before the panel
	coding  map[string]bool // by key of the name, who coded the cell; filled when first asked
	seen    looked
	history []Taken
}

// looked is what the moves that follow depend on, so that a cell is not worked out again for each of many steps that move nothing.
type looked struct{ stage, frozen, day string }

// end is a date after all others.
const end = "9999-12-31"

// follow takes every row that speaks of the cell in the order of the days.
func (b *builder) follow(clause string, year int) *course {
	c := &course{b: b, clause: clause, year: year, rows: b.desk.outcomes[yearKey(clause, year)], stage: StageScheduled}
	for _, at := range b.desk.events.of(clause, year) {
		row := &b.desk.events.rows[at]
		c.advance(row.Date)
		if why := c.step(row); why == "" {
			b.desk.events.taken[at] = true
		} else if row.one() && row.Kind != KindReply {
			b.refuseRow(row, why)
		}
	}
	c.advance(end)
	return c
}

// step takes the move that a row makes; it gives the reason why it cannot.
func (c *course) step(row *Row) string {
	m := &moves[moveAt(moveOf(row))]
	if !slices.Contains(m.From, c.stage) {
		return whyOutOfOrder
	}
	if why := c.forbids(m.When, row.Date); why != "" {
		return why
	}
	c.take(m, row.Date, row.Coder)
	switch {
	case m.Name == StepFrozen:
		c.cutOff = cutOffOf(row)
	case m.Name == moveCorrected && row.Value == correctedLevel:
		c.reopen(row.Date)
	}
	return ""
}

// forbids judges the condition of a move on a day.
func (c *course) forbids(condition, day string) string {
	switch condition {
	case "level_stands":
		if resolve(c.coded(day)).value == "" {
			return whyNoLevel
		}
	case "time_is_over":
		if day < later(c.sent, replyDays) {
			return whyTimeRuns
		}
	case "panel_agrees":
		if c.appeal {
			return whyAppealOpen
		}
		return c.panelSilent(day)
	case "appeal":
		if !c.appeal {
			return whyNoAppeal
		}
	case "appeal_and_panel":
		if !c.appeal {
			return whyNoAppeal
		}
		return c.panelSilent(day)
	}
	return ""
}

// take moves the cell on; a move that opens the finding again forgets that it was final.
func (c *course) take(m *Move, day, by string) {
	if c.stage == StagePanel {
		c.rise(m.Name, day)
	}
	c.stage, c.since = m.To, day
	c.history = append(c.history, Taken{Move: m.Name, To: m.To, Date: day, By: by})
	switch {
	case m.Name == StepFrozen:
		c.frozen, c.sent, c.final, c.opened, c.appeal = day, "", "", "", false
		c.sat, c.word = nil, decision{}
	case m.To == StagePanel:
		c.sat, c.appeal = append(c.sat, sitting{from: day}), m.Name == moveAppealed
	case m.To == StageDraft:
		c.final, c.appeal = "", false
	case m.Name == moveDismissed:
		c.appeal = false
	case m.To == StageSent:
		c.sent = day
	case m.To == StageFinal:
		c.final = day
	}
}

// advance takes the moves that follow from the levels given up to a day.
func (c *course) advance(day string) {
	day = c.b.lastWord(c.clause, day)
	for now := (looked{c.stage, c.frozen, day}); c.seen != now; now = (looked{c.stage, c.frozen, day}) {
		c.seen = now
		name := c.following(day)
		if name == "" {
			return
		}
		on := c.since
		for _, row := range c.coded(day) {
			on = max(on, row.Date)
		}
		c.take(&moves[moveAt(name)], on, "")
	}
}

// following names the move that follows from what was coded; "" where none does.
func (c *course) following(day string) string {
	people := latest(c.coded(day))
	switch {
	case c.stage == StageFrozen && len(people) >= 2:
		return moveCoded
	case c.stage == StageCoded && resolve(coders(people)).value == "" && len(coders(people)) < len(people):
		if resolve(people).value == "" {
			return moveUndecided
		}
		return moveAdjudicated
	case (c.stage == StageCoded || c.stage == StageAdjudicated) && c.b.disagree(c.clause, day):
		return moveDisagreement
	}
	return ""
}

// coded lists the levels given by coders and adjudicator since the evidence was frozen and up to a day; a row without a date was given at
// no day after the freeze.
func (c *course) coded(day string) (out []Row) {
	for _, row := range c.rows {
		if row.Role != RolePanel && row.Date >= c.frozen && row.Date <= day {
			out = append(out, row)
		}
	}
	return out
}

func coders(rows []Row) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Role == RoleAdjudicator })
}

// decided is the level that the people came to: the panel's where it spoke, else that of the coders and the adjudicator. Words that may
// not count are refused.
func (c *course) decided() decision {
	var rows []Row
	again := c.frozen != "" && len(latest(c.coded(end))) >= 2
	for i := range c.rows {
		row := &c.rows[i]
		why := ""
		switch {
		case row.Role == RolePanel:
			why = c.whyNoPanel(row)
		case again && row.Date < c.frozen:
			why = whyBefore
		case c.late(row.Date):
			why = whyAfterFinal
		default:
			rows = append(rows, *row)
		}
		if why != "" {
			c.b.refuseRow(row, why)
		}
	}
	if panel := c.panelLevel(end); c.stage == StagePanel && panel.value != "" {
		return panel
	}
	if c.word.value != "" {
		return c.word
	}
	return resolve(rows)
}

// late reports that a level of that day was given after the finding was final and that no correction of the level let it in.
func (c *course) late(day string) bool { return c.final != "" && day > c.final && day > c.opened }

// given lists who gave what, by role.
func (c *course) given() (out []Given) {
	for _, role := range []string{RoleCoder, RoleAdjudicator, RolePanel} {
		var rows []Row
		for i := range c.rows {
			row := &c.rows[i]
			if row.Role == role || row.Role == "" && role == RoleCoder {
				rows = append(rows, *row)
			}
		}
		for _, row := range latest(rows) {
			out = append(out, Given{role, row.Coder, row.Value, row.Date})
		}
	}
	return out
}

// standing sums the course up.
func (c *course) standing(cell *Cell, coded decision) *Standing {
	s := &Standing{Stage: c.stage, Since: c.since, CutOff: c.cutOff, Given: c.given(), History: c.history}
	if c.stage == StageSent {
		s.Due = later(c.sent, replyDays)
	}
	s.Next, s.Raise = c.next(cell, coded), c.b.raise(cell)
	return s
}

// later is a day some days after another; "" of none.
func later(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// events are the rows that move cells, by what they speak of, in the order of their days.
type events struct {
	rows  []Row
	by    map[string][]int
	taken map[int]bool // rows that moved some cell
}

func newEvents(byKind map[string][]Row) events {
	e := events{by: map[string][]int{}, taken: map[int]bool{}}
	for _, kind := range []string{KindStep, KindCorrection, KindAppeal, KindReply} {
		for _, row := range byKind[kind] {
			if moveOf(&row) != "" {
				e.rows = append(e.rows, row)
			}
		}
	}
	slices.SortStableFunc(e.rows, func(x, y Row) int {
		if d := strings.Compare(x.Date, y.Date); d != 0 {
			return d
		}
		return moveAt(moveOf(&x)) - moveAt(moveOf(&y))
	})
	for i, row := range e.rows {
		k := yearKey(row.Clause, row.Year)
		e.by[k] = append(e.by[k], i)
	}
	return e
}

// of lists the events that speak of a cell.
func (e *events) of(clause string, year int) (out []int) {
	for _, key := range [...]string{yearKey("", 0), yearKey("", year), yearKey(clause, 0), yearKey(clause, year)} {
		out = append(out, e.by[key]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// idle lists the rows over several cells that moved none.
func (e *events) idle() (out []*Row) {
	for i := range e.rows {
		if row := &e.rows[i]; !e.taken[i] && !row.one() && row.Kind != KindReply {
			out = append(out, row)
		}
	}
	return out
}
