package casework

import (
	"cmp"
	"slices"
	"time"

	"ward/entry"
)

// Entries are all about one case, each list the oldest first.
type Entries struct {
	Opened    []entry.Entry[Opened]
	Moves     []entry.Entry[Move]
	Facts     []entry.Entry[Fact]
	Tasks     []entry.Entry[Task]
	Links     []entry.Entry[Link]
	Members   []entry.Entry[Member]
	Notes     []entry.Entry[Note]
	Documents []entry.Entry[Document]
}

// Case is work for somebody as the entries tell of it.
type Case struct {
	ID string
	Opened
	At      time.Time // when it was opened
	By      string    // who opened it
	State   string
	Outcome string    // the last that was said; "" before one
	Since   time.Time // in this state
	Team    []Member  // who is on it now, leads first
	Tasks   []Task    // as they stand, what is open and due first before the rest
	Links   []Link    // that stand
	Said    Entries   // everything, as it was put on record

	items map[string][]Item // by section
}

// Item is what stands in a section: the newest values of one item.
type Item struct {
	ID     string // "" in a section that does not repeat
	Values map[string]string
	By     string // who said it last
	At     time.Time
	Entry  string // id of the entry that says it
}

// States of a task.
const (
	TaskOpen    = "open"
	TaskDone    = "done"
	TaskDropped = "dropped"
)

// Fold puts a case together; false where nobody opened one, or of a kind that is not known.
func Fold(id string, e Entries) (c Case, ok bool) {
	if len(e.Opened) == 0 {
		return c, false
	}
	first := e.Opened[0]
	p, ok := PlaybookOf(first.Body.Kind)
	if !ok {
		return c, false
	}
	c = Case{ID: id, Opened: first.Body, At: first.At, By: first.By, State: p.States[0].State, Since: first.At, Said: e, items: itemsOf(e.Facts)}
	for _, m := range e.Moves {
		c.State, c.Since, c.Outcome = m.Body.To, m.At, cmp.Or(m.Body.Outcome, c.Outcome)
		if s, _ := p.State(m.Body.To); !s.Final && m.Body.Outcome == "" && c.closedBy(c.Outcome) {
			c.Outcome = "" // opened again: what it ended with does not stand
		}
	}
	c.Team, c.Tasks, c.Links = teamOf(first, e.Members), tasksOf(e.Tasks), linksOf(e.Links)
	return c, true
}

// closedBy reports an outcome that only a final state has.
func (c Case) closedBy(outcome string) bool {
	return outcome != "" && !slices.ContainsFunc(c.Playbook().States, func(s State) bool { return !s.Final && slices.Contains(s.Outcomes, outcome) })
}

// Playbook is the case's.
func (c Case) Playbook() *Playbook {
	p, _ := PlaybookOf(c.Kind)
	return p
}

// Open reports that something is still to be done.
func (c Case) Open() bool {
	s, _ := c.Playbook().State(c.State)
	return !s.Final
}

// itemsOf are the items that stand, by section, each in the place of its first entry.
func itemsOf(facts []entry.Entry[Fact]) map[string][]Item {
	out := map[string][]Item{}
	for _, f := range facts {
		list := out[f.Body.Section]
		at := slices.IndexFunc(list, func(i Item) bool { return i.ID == f.Body.Item })
		item := Item{ID: f.Body.Item, Values: f.Body.Values, By: f.By, At: f.At, Entry: f.ID}
		switch {
		case f.Body.Removed && at >= 0:
			list = slices.Delete(list, at, at+1)
		case f.Body.Removed:
		case at >= 0:
			list[at] = item
		default:
			list = append(list, item)
		}
		out[f.Body.Section] = list
	}
	return out
}

// teamOf are who is on a case: who opened it leads until somebody says otherwise.
func teamOf(opened entry.Entry[Opened], members []entry.Entry[Member]) []Member {
	team := []Member{{Name: opened.By, Lead: true}}
	for _, m := range members {
		at := slices.IndexFunc(team, func(t Member) bool { return t.Name == m.Body.Name })
		switch {
		case m.Body.Gone && at >= 0:
			team = slices.Delete(team, at, at+1)
		case m.Body.Gone:
		case at >= 0:
			team[at] = m.Body
		default:
			team = append(team, m.Body)
		}
	}
	slices.SortStableFunc(team, func(a, b Member) int { return order(b.Lead) - order(a.Lead) })
	return team
}

func order(is bool) int {
	if is {
		return 1
	}
	return 0
}

// tasksOf are the tasks as they stand. A later entry says what it changes: what it leaves empty stays, but for whom the task is.
func tasksOf(said []entry.Entry[Task]) (out []Task) {
	for _, e := range said {
		t := e.Body
		at := slices.IndexFunc(out, func(o Task) bool { return o.Task == t.Task })
		if at < 0 {
			out = append(out, t)
			continue
		}
		before := out[at]
		t.What, t.Text, t.Due = cmp.Or(t.What, before.What), cmp.Or(t.Text, before.Text), cmp.Or(t.Due, before.Due)
		out[at] = t
	}
	slices.SortStableFunc(out, func(a, b Task) int {
		return cmp.Or(order(b.State == TaskOpen)-order(a.State == TaskOpen), order(a.Due == "")-order(b.Due == ""), cmp.Compare(a.Due, b.Due))
	})
	return out
}

func linksOf(said []entry.Entry[Link]) (out []Link) {
	for _, e := range said {
		l := e.Body
		out = slices.DeleteFunc(out, func(o Link) bool { return o.To == l.To && o.Kind == l.Kind })
		if !l.Gone {
			out = append(out, l)
		}
	}
	return out
}

// On reports that somebody is on the case.
func (c Case) On(name string) bool {
	return slices.ContainsFunc(c.Team, func(m Member) bool { return m.Name == name })
}

// Leads reports that somebody leads the case.
func (c Case) Leads(name string) bool {
	return slices.ContainsFunc(c.Team, func(m Member) bool { return m.Name == name && m.Lead })
}

// Items are what stands in a section, in the order in which it was first said.
func (c Case) Items(section string) []Item { return slices.Clip(c.items[section]) }

// Value is what stands in a field of a section: of a section that repeats, in the item that was said first and has it; "" where nothing does.
func (c Case) Value(section, field string) string {
	for _, i := range c.items[section] {
		if v := i.Values[field]; v != "" {
			return v
		}
	}
	return ""
}

// Persons are the ids of the persons whom the case is about or that are linked to it, each once.
func (c Case) Persons() (out []string) {
	if c.Person != "" {
		out = append(out, c.Person)
	}
	for _, l := range c.Links {
		if l.Kind == LinkPerson && !slices.Contains(out, l.To) {
			out = append(out, l.To)
		}
	}
	return out
}

// What a link leads to.
const (
	LinkIncident   = "incident"
	LinkPerson     = "person"
	LinkReport     = "report"
	LinkCase       = "case"
	LinkStatement  = "statement"
	LinkEvaluation = "evaluation"
	LinkReferral   = "referral"
)

// Sections that others ask by name.
const (
	SectionDetention  = "detention"
	SectionCorrection = "correction" // of a record that a breach altered
)

// Held reports that the detention file is open: it was begun, and nothing says that the detention ended.
func (c Case) Held() bool {
	return slices.ContainsFunc(c.items[SectionDetention], func(i Item) bool { return i.Values["ended"] == "" && len(i.Values) > 0 })
}
