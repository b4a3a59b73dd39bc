package casework

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"ward/entry"
)

// Event is one thing that was put on record about a case, with what it changed.
type Event struct {
	At      time.Time
	By      string
	Entry   string // its id
	Log     entry.Place
	Kind    string // KindOpened ...
	Section string // of a fact
	Item    string // of a fact, a task
	Removed bool   // of a fact
	Why     string
	From    string // of a move
	To      string
	Outcome string
	Task    Task     // as it stood then
	Link    Link     // of a link
	Member  Member   // of somebody who came or went
	Text    string   // of a note, the title of a document, the summary
	Changes []Change // of a fact
}

// Change is what a fact changed in one field; before "" where nothing stood.
type Change struct{ Field, Before, After string }

// Timeline is everything that was put on record, the newest first. What was replaced later stays in it.
func (c Case) Timeline() []Event {
	var out []Event
	for _, e := range c.Said.Opened {
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindOpened, Text: e.Body.Summary})
	}
	from := c.Playbook().States[0].State
	for _, e := range c.Said.Moves {
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindMove, From: from, To: e.Body.To, Outcome: e.Body.Outcome, Why: e.Body.Why})
		from = e.Body.To
	}
	out = append(out, c.factEvents()...)
	for i, e := range c.Said.Tasks {
		t := e.Body
		for _, stood := range tasksOf(c.Said.Tasks[:i+1]) {
			if stood.Task == t.Task {
				t = stood
			}
		}
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindTask, Item: t.Task, Task: t, Why: t.Why})
	}
	for _, e := range c.Said.Links {
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindLink, Link: e.Body, Why: e.Body.Why})
	}
	for _, e := range c.Said.Members {
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindMember, Member: e.Body, Why: e.Body.Why})
	}
	for _, e := range c.Said.Notes {
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindNote, Text: e.Body.Text})
	}
	for _, e := range c.Said.Documents {
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindDocument, Text: e.Body.Title})
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.order(b) })
	slices.Reverse(out)
	return out
}

// order puts events as they were put on record.
func (e Event) order(other Event) int {
	if c := e.At.Compare(other.At); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(e.Log.Number, other.Log.Number), cmp.Compare(e.Log.Leaf, other.Log.Leaf))
}

// factEvents are the facts with what each changed.
func (c Case) factEvents() (out []Event) {
	type place struct{ section, item string }
	before := map[place]map[string]string{}
	for _, e := range c.Said.Facts {
		at := place{e.Body.Section, e.Body.Item}
		out = append(out, Event{At: e.At, By: e.By, Entry: e.ID, Log: e.Log, Kind: KindFact, Section: at.section, Item: at.item, Removed: e.Body.Removed, Why: e.Body.Why,
			Changes: changes(before[at], e)})
		before[at] = e.Body.Values
	}
	return out
}

func changes(before map[string]string, e entry.Entry[Fact]) (out []Change) {
	after := e.Body.Values
	names := slices.Sorted(maps.Keys(before))
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if _, had := before[name]; !had {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if before[name] != after[name] {
			out = append(out, Change{name, before[name], after[name]})
		}
	}
	return out
}

// Words are all texts that stand in a case, for who looks for words in it.
func (c Case) Words() []string {
	out := []string{c.Summary}
	for _, items := range c.items {
		for _, i := range items {
			for _, v := range i.Values {
				out = append(out, v)
			}
		}
	}
	for _, t := range c.Tasks {
		out = append(out, t.Text)
	}
	for _, n := range c.Said.Notes {
		out = append(out, n.Body.Text)
	}
	for _, d := range c.Said.Documents {
		out = append(out, d.Body.Title, d.Body.File.Name)
	}
	for _, m := range c.Said.Moves {
		out = append(out, m.Body.Why)
	}
	return out
}
