package person

import (
	"slices"

	"ward/entry"
	"ward/tally"
)

// Registers that count people, each by its own rule (standards 0.3, 2).
const (
	SiND = "sind" // Insecurity Insight: a person killed while held counts as kidnapped or arrested, with the outcome beside it
	AWSD = "awsd" // Aid Worker Security Database: each victim once, by the worst; kidnapped and detained from 24 hours on
	SSA  = "ssa"  // WHO: deaths and injuries, and takings as a type of attack; no court's act is an attack
	MRM  = "mrm"  // UN: killing and abduction by victim; an arrest is told apart and is none of the grave violations
)

// Registers lists them in the order in which people read them.
func Registers() []string { return []string{SiND, AWSD, SSA, MRM} }

// Takers are who can have taken somebody.
func Takers() []string { return []string{TakerState, TakerOther, TakerUnknown} }

// Who took somebody decides between arrested or detained and kidnapped or abducted.
const (
	TakerState   = "state"
	TakerOther   = "not_state"
	TakerUnknown = "unknown"
)

// Under24 says of a taking that it ended within a day.
const Under24 = "under_24"

// Columns in which people are counted.
const (
	Killed    = "killed"
	Kidnapped = "kidnapped"
	Arrested  = "arrested"
	Abducted  = "abducted"
	Detained  = "detained"
	Removed   = "taken" // SSA tells no takings apart
)

// Counted is how a register counts one person in one column. Low and high differ where what is on record does not decide it.
type Counted struct {
	Column string      `json:"column"`
	Count  tally.Count `json:"count"`
	End    string      `json:"end,omitempty"` // SiND: the known outcome, a code of outcome
}

// spell is a time in which somebody was held, as the outcomes tell of it.
type spell struct {
	taker string
	short bool   // it ended within a day
	court bool   // it began with an act of a court or an authority, no taking is on record
	end   string // code of the outcome that ended it; "" while it lasts, missing where their fate is not known
}

// story is what registers count by.
type story struct {
	spells []spell
	died   string // killed, executed, died_custody; "" = alive, as far as is known
	inside bool   // they died while held
}

// courts are acts that say somebody was proceeded against, where no taking is on record.
var courts = []string{"charged", "bailed", "tried", "convicted", "sentenced"}

// tell reads ordered outcomes as spells and a death.
func tell(outcomes []entry.Entry[Outcome]) (s story) {
	open := false
	for _, e := range outcomes {
		o := e.Body
		last := len(s.spells) - 1
		switch {
		case slices.Contains(dies, o.Code):
			s.died, s.inside = o.Code, open || o.Code != "killed"
			if open {
				s.spells[last].end, open = o.Code, false
			}
		case o.Code == "taken" || !open && o.Code == "held":
			s.spells = append(s.spells, spell{taker: o.Taker, short: o.Hours == Under24})
			open = true
		case !open && len(s.spells) == 0 && slices.Contains(courts, o.Code):
			s.spells, open = append(s.spells, spell{taker: TakerState, court: true}), true
		case open && (slices.Contains(frees, o.Code) || o.Code == "missing"):
			s.spells[last].end = o.Code
			open = o.Code == "missing"
		}
	}
	return s
}

// Counts is how a register counts somebody by what became of them: nothing where it does not count them, or does not know the register.
func Counts(register string, outcomes []entry.Entry[Outcome]) (out []Counted) {
	s := tell(outcomes)
	count := map[string]func(story) []Counted{SiND: sind, AWSD: awsd, SSA: ssa, MRM: mrm}[register]
	if count == nil {
		return nil
	}
	for _, c := range count(s) {
		if !c.Count.IsZero() {
			out = append(out, c)
		}
	}
	return out
}

// sind counts each taking, by who took them, and a death only where it did not come while held; charge, fine and prison count as arrest.
func sind(s story) (out []Counted) {
	for _, h := range s.spells {
		for _, c := range h.column(Arrested, Kidnapped) {
			c.End = h.end
			out = append(out, c)
		}
	}
	if !s.inside || len(s.spells) == 0 {
		out = append(out, s.killed())
	}
	return out
}

// awsd counts somebody once: killed before kidnapped or detained, and these from 24 hours on and once only.
func awsd(s story) []Counted {
	if k := s.killed(); k.Count.Best > 0 {
		return []Counted{k}
	}
	long := slices.DeleteFunc(slices.Clone(s.spells), func(h spell) bool { return h.short || h.court })
	if len(long) == 0 {
		return []Counted{s.killed()}
	}
	return append(long[0].column(Detained, Kidnapped), s.killed())
}

// ssa counts the death, and each taking as one; what courts do is no attack.
func ssa(s story) []Counted {
	takings := int64(0)
	for _, h := range s.spells {
		if !h.court {
			takings++
		}
	}
	k := s.killed()
	if s.died == "executed" {
		k.Count = tally.Count{}
	}
	return []Counted{k, {Column: Removed, Count: tally.Exact(takings)}}
}

// mrm counts victims of killing and of abduction; what a State takes is told apart as detained.
func mrm(s story) []Counted {
	out := []Counted{s.killed()}
	if s.died == "executed" {
		out[0].Count = tally.Count{}
	}
	for _, h := range s.spells {
		if !h.court {
			out = append(out, h.column(Detained, Abducted)...)
		}
	}
	return merged(out)
}

// column is a spell in the column of a State's takings or in that of others'; in both as a doubt where nobody knows whose it was.
func (h spell) column(states, others string) []Counted {
	switch h.taker {
	case TakerState:
		return []Counted{{Column: states, Count: tally.Exact(1)}}
	case TakerOther:
		return []Counted{{Column: others, Count: tally.Exact(1)}}
	}
	return []Counted{{Column: states, Count: tally.Count{High: 1}}, {Column: others, Count: tally.Count{High: 1}}}
}

// killed is a death by violence. Of a death in custody nobody knows without an inquiry whether violence brought it: 0 to 1.
func (s story) killed() Counted {
	switch s.died {
	case "killed", "executed":
		return Counted{Column: Killed, Count: tally.Exact(1)}
	case "died_custody":
		return Counted{Column: Killed, Count: tally.Count{High: 1}}
	}
	return Counted{Column: Killed}
}

// merged adds up what stands in one column.
func merged(list []Counted) (out []Counted) {
	for _, c := range list {
		at := slices.IndexFunc(out, func(o Counted) bool { return o.Column == c.Column })
		if at < 0 {
			out = append(out, c)
			continue
		}
		out[at].Count = out[at].Count.Add(c.Count)
	}
	return out
}
