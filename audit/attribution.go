package audit

import (
	"slices"
	"strings"
)

// side is how an incident stands to the audited State. Only firm and doubtful count in its cells.
type side uint8

const (
	beside   side = iota // on the territory, by somebody else
	firm                 // the State's own forces or officials
	doubtful             // perhaps a self-declared government, or a militia or de facto authority named as the State's
	unknown              // the actor is not known, or left open between the State and others
	sides
)

// isState reports a kind of actor through which a State acts by itself.
func isState(kind string) bool {
	return strings.HasPrefix(kind, "state.") || kind == "foreign.military" || kind == "occupying"
}

// byName reports a kind that is a State's only where the record names it so.
func byName(kind string) bool { return kind == "defacto_authority" || kind == "pro_state_militia" }

// isUnknown reports a kind that says nothing.
func isUnknown(kind string) bool { return kind == "" || kind == "unknown" || kind == "none" }

// sideOf tells how the incident stands to the State. Several States, a State's forces beside somebody else's, or a
// militia or de facto authority beside anybody leave the actor open unless the note says that they acted together: of
// several actors the record does not tell which one it names as the State's.
func sideOf(inc *Incident, state string) side {
	named := slices.Contains(inc.ActorState, state)
	if !named {
		if inc.Country == state && actorOpen(inc) {
			return unknown
		}
		return beside
	}
	own, other, weak := false, false, noted(inc, NoteDeFacto)
	agent := "" // the militia or authority
	for kind := range strings.FieldsSeq(inc.ActorKind) {
		switch {
		case isState(kind):
			other = other || agent != ""
			own = true
		case byName(kind):
			other = other || own && kind != agent
			own, weak, agent = true, true, kind
		default:
			other = true
		}
	}
	switch {
	case !own, (other || len(inc.ActorState) > 1) && !noted(inc, NoteJoint):
		return openOrBeside(inc, own)
	case weak:
		return doubtful
	}
	return firm
}

// openOrBeside places an incident that names the State among others: open if a State's forces or nobody in
// particular did it, beside if the State is only the nationality of somebody else.
func openOrBeside(inc *Incident, own bool) side {
	if own || strings.Contains(" "+inc.ActorKind+" ", " multiple ") || isUnknown(strings.TrimSpace(inc.ActorKind)) {
		return unknown
	}
	return beside
}

// noted reports that the actor's note, a list divided by semicolons, holds the given one, by itself or with a reason
// after a colon.
func noted(inc *Incident, note string) bool {
	if inc.ActorNote == "" {
		return false
	}
	for part := range strings.SplitSeq(inc.ActorNote, ";") {
		part, _, _ = strings.Cut(part, ":")
		if strings.TrimSpace(part) == note {
			return true
		}
	}
	return false
}

// actorOpen reports that nobody knows who did it: no kind, several unnamed, or a State's forces without the State.
func actorOpen(inc *Incident) bool {
	if isUnknown(inc.ActorKind) {
		return len(inc.ActorState) == 0
	}
	if len(inc.ActorState) > 0 {
		return false
	}
	for kind := range strings.FieldsSeq(inc.ActorKind) {
		if strings.HasPrefix(kind, "state.") || kind == "multiple" || isUnknown(kind) {
			return true
		}
	}
	return false
}

// Groups of actors in the territory table, in the order shown.
const (
	GroupState   = "state"         // the audited State's own
	GroupForeign = "foreign"       // another State's forces, named
	GroupOpen    = "open"          // several are named, or a State's forces without the State
	GroupDeFacto = "defacto"       // a de facto authority
	GroupMilitia = "militia"       // a pro-State militia not named as the State's
	GroupArmed   = "armed_groups"  // non-State armed groups
	GroupOther   = "others"        // criminals, crowds, families, colleagues, companies
	GroupUnknown = "actor_unknown" // not known
)

var groupOrder = []string{GroupState, GroupForeign, GroupOpen, GroupDeFacto, GroupMilitia, GroupArmed, GroupOther, GroupUnknown}

// groupOf places an incident in the territory table; the second result is the foreign State, if one is named.
func groupOf(inc *Incident, s side) (group, foreign string) {
	switch {
	case s == firm || s == doubtful:
		return GroupState, ""
	case isUnknown(inc.ActorKind) && len(inc.ActorState) == 0:
		return GroupUnknown, ""
	case len(inc.ActorState) > 1:
		return GroupOpen, ""
	}
	kind := strings.TrimSpace(inc.ActorKind)
	if strings.Contains(kind, " ") {
		return GroupOpen, ""
	}
	return groupOfKind(inc, s, kind)
}

func groupOfKind(inc *Incident, s side, kind string) (group, foreign string) {
	switch {
	case isState(kind):
		if len(inc.ActorState) == 1 && s == beside && isISO3(inc.ActorState[0]) {
			return GroupForeign, inc.ActorState[0]
		}
		if kind != "foreign.military" && kind != "occupying" {
			return GroupOpen, ""
		}
		return GroupForeign, ""
	case kind == "multiple" || s == unknown:
		return GroupOpen, ""
	case kind == "defacto_authority":
		return GroupDeFacto, ""
	case kind == "pro_state_militia":
		return GroupMilitia, ""
	case kind == "nsag":
		return GroupArmed, ""
	}
	return GroupOther, ""
}
