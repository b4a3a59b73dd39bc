package audit

// Keys of what a procedure waits for and of what a higher level would need; Method.Definitions puts each into words.
const (
	needCutOff     = "need_cut_off"
	needTwo        = "need_two_coders"
	needSecond     = "need_second_coder"
	needThird      = "need_third_person"
	needAgain      = "need_coding_again"
	needPanel      = "need_panel"
	needDraft      = "need_draft"
	needSending    = "need_sending"
	needReply      = "need_reply_or_time"
	needFinal      = "need_final"
	needPublished  = "need_publication"
	needPossible   = "need_possible_incident"
	needOrigin     = "need_second_origin"
	needMore       = "need_more_incidents"
	needElsewhere  = "need_another_place"
	needApart      = "need_independent_in_window"
	needOrder      = "need_order"
	needLaw        = "need_law"
	needGrade      = "need_information_grade"
	needAccess     = "need_access"
	needDecision   = "need_citations_decided"
	needAgreedN1   = "need_two_who_looked"
	needLowerLevel = "need_level_carried"
)

// waiting is what each stage waits for, where it does not depend on the codings.
var waiting = map[string]string{
	StageScheduled: needCutOff, StageSuperseded: needCutOff, StageAdjudicated: needDraft, StagePanel: needPanel, StageDraft: needSending,
	StageSent: needReply, StageReplied: needFinal, StageNoReply: needFinal, StageFinal: needPublished, StageCorrected: needPublished,
}

// next lists what the procedure waits for.
func (c *course) next(cell *Cell, coded decision) (out []Need) {
	if key := waiting[c.stage]; key != "" {
		out = append(out, Need{Key: key})
	}
	switch c.stage {
	case StageFrozen:
		people := latest(c.coded(end))
		switch {
		case len(people) == 1:
			out = append(out, Need{Key: needSecond})
		case len(c.rows) > 0:
			out = append(out, Need{Key: needAgain})
		default:
			out = append(out, Need{Key: needTwo})
		}
	case StageCoded:
		if resolve(c.coded(end)).value == "" {
			out = append(out, Need{Key: needThird})
		} else {
			out = append(out, Need{Key: needDraft})
		}
	}
	if cell.Coded != "" {
		out = append(out, Need{Key: needLowerLevel})
	}
	return out
}

// raise lists what the evidence lacks for the level above the one that it carries now.
func (b *builder) raise(cell *Cell) (out []Need) {
	if len(cell.ToDecide) > 0 {
		n := map[string]bool{}
		for _, d := range cell.ToDecide {
			for _, id := range d.Incidents {
				n[id] = true
			}
		}
		out = append(out, Need{needDecision, len(n)})
	}
	switch cell.Proposed {
	case N0:
		return append(append(out, Need{Key: needPossible}), noneFound(cell)...)
	case F1:
		return append(out, Need{Key: needOrigin})
	case F2:
		return append(out, append(b.towardsPattern(cell), Need{Key: needOrder})...)
	case F3:
		return append(out, Need{Key: needLaw})
	}
	return out
}

// noneFound is what N1 would need in a cell in which nothing is counted.
func noneFound(cell *Cell) []Need {
	switch {
	case cell.Outcome == N1:
		return nil
	case cell.Environment == "I4" || cell.Environment == "I5":
		return []Need{{Key: needAccess}}
	case cell.Environment == NoInfo:
		return []Need{{Key: needGrade}}
	}
	return []Need{{Key: needAgreedN1}}
}

// towardsPattern is what three independent incidents in two places still lack, in the register that comes nearest.
func (b *builder) towardsPattern(cell *Cell) []Need {
	clause, r := b.clauseAt[cell.Clause], reading{probable, ownSides}
	best, spread := 0, false
	at, _ := b.cell(clause, cell.Year)
	for i := range b.grid[at].counts {
		all, _ := b.window(clause, cell.Year, b.grid[at].counts[i].register, r, enough)
		if len(all) >= best {
			best, spread = len(all), twoPlaces(all)
		}
	}
	var out []Need
	if best < patternSize {
		out = append(out, Need{needMore, patternSize - best})
	}
	if !spread {
		out = append(out, Need{Key: needElsewhere})
	}
	if len(out) == 0 {
		out = append(out, Need{Key: needApart})
	}
	return out
}
