package simulate

import "slices"

// The invented people who keep the procedure and sit on the panel.
const (
	editor     = "Editor Reed"
	panelOne   = "Panel Oak"
	panelTwo   = "Panel Elm"
	tiedCoder  = "Coder Thistle"
	frozenOn   = "2026-02-15"
	evidenceTo = "2026-01-31"
)

func (c *coding) put(s statement) {
	s.state = c.state
	c.out = append(c.out, s)
}

// declared is what coders say of their ties to the State; one is a national, and does not code.
func (c *coding) declared() {
	for _, name := range []string{coderOne, coderTwo, coderThird} {
		c.put(statement{kind: "conflict", value: "none", coder: name, date: frozenOn})
	}
	c.put(statement{kind: "conflict", value: "national", coder: tiedCoder, date: frozenOn, note: "Invented: born there."})
}

// procedure freezes the evidence and leads what was coded to publication, but for a closed State, whose draft was never sent.
func (c *coding) procedure() {
	step := func(value, date string) {
		c.put(statement{kind: "step", value: value, coder: editor, role: "editor", date: date})
	}
	c.put(statement{kind: "step", value: "frozen", coder: editor, role: "editor", date: frozenOn, until: evidenceTo})
	step("draft", "2026-03-02")
	c.seen()
	if c.closed {
		return
	}
	for _, s := range [][2]string{{"sent", "2026-03-02"}, {"no_reply", "2026-05-02"}, {"final", "2026-05-03"}, {"published", "2026-05-10"}} {
		step(s[0], s[1])
	}
	c.afterwards()
}

// afterwards corrects one published cell, lets the State appeal against another with success, and takes a step too early.
func (c *coding) afterwards() {
	watched := c.watched()
	var free []ProposedCell
	for _, cell := range c.agreed {
		if n := len(free); !slices.Contains(watched, cell.Clause) && (n == 0 || free[n-1].Clause != cell.Clause) {
			free = append(free, cell)
		}
	}
	if len(free) < 3 {
		return
	}
	of := func(cell ProposedCell, s statement) statement { s.clause, s.year = cell.Clause, cell.Year; return s }
	c.put(of(free[0], statement{kind: "correction", value: "words", coder: editor, role: "editor", date: "2026-05-20", was: "ward 3", now: "ward 5",
		note: "Invented: the letter names another ward."}))
	c.put(of(free[1], statement{kind: "appeal", value: "filed", date: "2026-05-22", body: "Ministry of Health", note: "Invented: says that the vehicle was not marked."}))
	for _, name := range []string{panelOne, panelTwo} {
		c.put(of(free[1], statement{kind: "outcome", value: "N0", coder: name, role: "panel", date: "2026-06-10"}))
	}
	c.put(of(free[1], statement{kind: "appeal", value: "allowed", date: "2026-06-12", body: "Ministry of Health"}))
	c.put(of(free[2], statement{kind: "step", value: "no_reply", coder: editor, role: "editor", date: "2026-04-01", note: "Invented: too early."}))
}

// seen is which mechanisms asked for access, and who wrote and was answered.
func (c *coding) seen() {
	access, answer := "partial", "C"
	if c.closed {
		access, answer = "refused", "none"
	}
	c.put(statement{kind: "visit", value: access, date: "2024-06-03", until: "2024-06-11", body: "Subcommittee on Prevention of Torture", source: "https://example.org/invented-visit"})
	c.put(statement{kind: "visit", value: "asked", date: "2025-02", body: "Special Rapporteur on health", source: "https://example.org/invented-request"})
	c.put(statement{kind: "communication", value: answer, date: "2024-09-10", body: "Working Group on Arbitrary Detention", source: "invented letter 1/2024",
		until: map[bool]string{false: "2024-11-30"}[c.closed]})
	c.put(statement{kind: "communication", value: "none", date: "2023-03-05", body: "Special Rapporteur on torture", source: "invented letter 2/2023"})
	if !c.closed {
		c.put(statement{kind: "reservation", clause: "CAT", year: 1996, value: "reserved", date: "1996-04-02", source: "invented table of ratifications"})
	}
}
