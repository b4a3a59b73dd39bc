package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ward/fault"
)

// Ways are the moves that the state allows, whatever is still missing for them.
func (c Case) Ways() []Way {
	s, _ := c.Playbook().State(c.State)
	return slices.Clip(s.Moves)
}

// Missing are what a way needs and nobody recorded.
func (c Case) Missing(w Way) (out []string) {
	for _, need := range w.Needs {
		if !c.has(need) && !c.spared(w.Unless[need]) {
			out = append(out, need)
		}
	}
	return out
}

// spared reports that a field says what makes a need none: "section.field=value".
func (c Case) spared(unless string) bool {
	place, value, _ := strings.Cut(unless, "=")
	section, field, ok := strings.Cut(place, ".")
	return ok && c.Value(section, field) == value
}

// has reports that a section, or a field of it, is filled in.
func (c Case) has(need string) bool {
	section, field, one := strings.Cut(need, ".")
	if one {
		return c.Value(section, field) != ""
	}
	return len(c.items[section]) > 0
}

// Advance says whether a move can be made: Refused where the state does not lead there or something is missing, Invalid where the move itself
// cannot stand.
func (c Case) Advance(m Move) error {
	ways := c.Ways()
	at := slices.IndexFunc(ways, func(w Way) bool { return w.To == m.To })
	if at < 0 {
		return c.noWay(m.To, ways)
	}
	to, _ := c.Playbook().State(m.To)
	if err := to.ends(m); err != nil {
		return err
	}
	if ways[at].Why && isBlank(m.Why) {
		return invalid("this move needs a reason")
	}
	if missing := c.Missing(ways[at]); len(missing) > 0 {
		return refused("before the case is %s this is recorded: %s", m.To, strings.Join(missing, ", ")).Do("fill it in first")
	}
	return long("the reason", m.Why)
}

func (c Case) noWay(to string, ways []Way) error {
	err := refused("a case in the state %s cannot become %.40q", c.State, to)
	var names []string
	for _, w := range ways {
		names = append(names, w.To)
	}
	if len(names) > 0 {
		return err.Do("it can become %s", strings.Join(names, ", "))
	}
	return err.Do("open a new case and link it to this one")
}

// ends is nil where a move says the outcome that its state asks for, and none where it asks for none.
func (s State) ends(m Move) error {
	if len(s.Outcomes) == 0 && m.Outcome == "" || slices.Contains(s.Outcomes, m.Outcome) {
		return nil
	}
	if len(s.Outcomes) == 0 {
		return invalid("the state %s has no outcome", s.State)
	}
	return invalid("the state %s has no outcome %.40q", s.State, m.Outcome).Do("say one of %s", strings.Join(s.Outcomes, ", "))
}

// Brings are the tasks that a state brings, each under an id of its own; none that is open already is brought again.
func (c Case) Brings(state string, now time.Time, newID func() string) (out []Task) {
	s, _ := c.Playbook().State(state)
	for _, t := range s.Tasks {
		if slices.ContainsFunc(c.Tasks, func(o Task) bool { return o.What == t.Task && o.State == TaskOpen }) {
			continue
		}
		task := Task{Task: newID(), What: t.Task, State: TaskOpen}
		if t.Within > 0 {
			task.Due = now.Add(time.Duration(t.Within)).UTC().Format(time.RFC3339)
		}
		out = append(out, task)
	}
	return out
}

// Ends are the open tasks that a move to a state shows to be done.
func (c Case) Ends(state string) (out []Task) {
	for _, t := range c.Tasks {
		if t.State == TaskOpen && c.Playbook().reaches(t.What, state) {
			t.State = TaskDone
			out = append(out, t)
		}
	}
	return out
}

// Leave says whether somebody can leave the team, or stop leading it: the last one only when the case is closed, and the lead only when
// somebody else leads.
func (c Case) Leave(name string) error {
	if !c.On(name) {
		return fault.New(fault.NotFound, "%s is not on this case", name).Keeping("nothing was written")
	}
	if !c.Open() {
		return nil
	}
	if len(c.Team) == 1 {
		return refused("%s is the last on this case", name).Do("let a colleague join and lead it first")
	}
	if c.Leads(name) && !slices.ContainsFunc(c.Team, func(m Member) bool { return m.Lead && m.Name != name }) {
		return refused("%s leads this case, and nobody else does", name).Do("let a colleague lead it first")
	}
	return nil
}

// Duress is whether what is inquired into was done under duress; unknown where nobody recorded it: never none.
func (c Case) Duress() string { return cmp.Or(c.Value("duress", "duress"), "unknown") }
