package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/text"
	"ward/when"
)

// normsView lists the corpus as it stood on a day.
type normsView struct {
	view
	Day       string // as asked for; "" = today
	On        when.Day
	Norms     int
	Clauses   int
	Confirmed int
	Groups    []normGroup
}

// normGroup is the norms of one kind of force, those that bind most first.
type normGroup struct {
	Force string
	Norms []desk.NormFile
}

// forces is the order of the groups.
var forces = []string{"professional", "UNGA_soft", "treaty", "custom", "UNSC"}

func (s *Site) norms(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	day, asked, err := dayAsked(r)
	if err != nil {
		return err
	}
	list, err := s.desk.Norms(r.Context(), whoOf(r.Context()), day)
	if err != nil {
		return err
	}
	v := normsView{view: newView(r, lang, "norms", locale.For(lang).T("norms.title")), Day: asked, On: day, Norms: len(list)}
	for _, n := range list {
		v.Clauses += len(n.Clauses)
		v.Confirmed += n.Confirmed()
	}
	for _, force := range forces {
		group := normGroup{Force: force, Norms: slices.DeleteFunc(slices.Clone(list), func(n desk.NormFile) bool { return n.Norm.Force != force })}
		if len(group.Norms) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	return s.render(w, http.StatusOK, lang, "norms", v)
}

// dayAsked reads the day of an as-of view, in any digits: today where none is named. What a month or a year names ends on its last day.
func dayAsked(r *http.Request) (day when.Day, asked string, err error) {
	asked = text.Fold(strings.TrimSpace(r.URL.Query().Get("on")))
	if asked == "" {
		return when.DayOf(time.Now().UTC()), "", nil // as entries are dated
	}
	date, err := when.Parse(asked)
	if err != nil {
		return 0, asked, fault.New(fault.Invalid, "%.40q is not a day", asked).Do("write it as 2017-06-01, 2017-06 or 2017")
	}
	return date.To(), asked, nil
}

// normView is one norm with its life and clauses.
type normView struct {
	view
	File   desk.NormFile
	Day    string // as asked for; "" = today
	On     when.Day
	Events []normEvent
}

// normEvent is one step of a life and whether the day shown lies after it.
type normEvent struct {
	policy.Event
	Past bool
}

func (s *Site) norm(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	day, asked, err := dayAsked(r)
	if err != nil {
		return err
	}
	n, err := s.desk.Norm(r.Context(), whoOf(r.Context()), r.PathValue("norm"), day)
	if err != nil {
		return err
	}
	v := normView{view: newView(r, lang, "norms", n.Norm.Short), File: n, Day: asked, On: day}
	for _, e := range n.Norm.Events {
		v.Events = append(v.Events, normEvent{e, e.Date().From() <= day})
	}
	return s.render(w, http.StatusOK, lang, "norm", v)
}
