package web

import (
	"net/http"
	"net/url"
	"slices"

	"ward/casework"
	"ward/desk"
	"ward/entry"
	"ward/locale"
)

// caseEvent is something that was put on record about a case, in words.
type caseEvent struct {
	casework.Event
	Number int64 // of the journal row; 0 where it is not known
	Record int   // place in that row's batch, from 1
	Kind   string
	Rows   []caseChange
	Word   string // key of what a task is, where the playbook says it
	Of     string // kind of the case
}

// caseChange is a value before and after.
type caseChange struct{ Before, After caseValue }

// Name is the last part of the kind: opened, move, fact ...
func (e caseEvent) Name() string { return e.Event.Kind[len("case."):] }

// eventsOf puts events into words.
func eventsOf(f desk.CaseFile, events []casework.Event) (out []caseEvent) {
	places := placesOf(f.Case.Said)
	for _, e := range events {
		at := places[e.Entry]
		one := caseEvent{Event: e, Number: at.Number, Record: at.Leaf + 1, Kind: e.Kind, Of: f.Case.Kind}
		if e.Task.What != "" {
			one.Word = "case.task." + e.Task.What
		}
		section, _ := f.Case.Playbook().Section(e.Section)
		for _, c := range e.Changes {
			field, _ := section.Field(c.Field)
			label := fieldKey(e.Section, c.Field)
			one.Rows = append(one.Rows, caseChange{caseValue{label, field, c.Before}, caseValue{label, field, c.After}})
		}
		out = append(out, one)
	}
	return out
}

// placesOf is where the log commits to each entry of a case.
func placesOf(e casework.Entries) map[string]entry.Place {
	out := map[string]entry.Place{}
	putPlaces(out, e.Opened)
	putPlaces(out, e.Moves)
	putPlaces(out, e.Facts)
	putPlaces(out, e.Tasks)
	putPlaces(out, e.Links)
	putPlaces(out, e.Members)
	putPlaces(out, e.Notes)
	putPlaces(out, e.Documents)
	return out
}

func putPlaces[T any](out map[string]entry.Place, list []entry.Entry[T]) {
	for _, e := range list {
		out[e.ID] = e.Log
	}
}

// caseHistoryView is everything that was put on record about a case, or what of it is of one kind.
type caseHistoryView struct {
	caseView
	Show  string
	Kinds []string
}

// eventKinds are the kinds by which a history can be sifted, in the words of caseEvent.Name.
var eventKinds = []string{"move", "fact", "task", "note", "link", "member", "file"}

func (s *Site) caseHistory(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	one, err := s.caseOf(r, lang, url.Values{})
	if err != nil {
		return err
	}
	if !one.On {
		return s.render(w, http.StatusOK, lang, "case", one)
	}
	v := caseHistoryView{caseView: one, Kinds: eventKinds}
	v.Title = locale.For(lang).T("case.history.of", one.Top.Name)
	v.Events = eventsOf(one.CaseFile, one.Timeline)
	if show := r.URL.Query().Get("show"); slices.Contains(eventKinds, show) {
		v.Show = show
		v.Events = slices.DeleteFunc(v.Events, func(e caseEvent) bool { return e.Name() != show })
	}
	return s.render(w, http.StatusOK, lang, "case_history", v)
}
