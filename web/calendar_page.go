package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/notify"
	"ward/vocab"
	"ward/when"
)

// datesView is one month of what is due, and what is late.
type datesView struct {
	view
	Month    string // 2006-01
	First    when.Day
	Previous string
	Next     string
	This     string // address of the month in which one is; "" on it
	Late     []dateRow
	Days     []dateDay
	Weeks    [][]dateCell
	Weekdays []string // keys
	Asked    string   // kind
	Kinds    []string
	All      bool // the cases that one is not on as well
	Cases    bool // the asker reads cases
	Today    when.Day
}

// dateDay is a day of the month with what is due on it.
type dateDay struct {
	Day   when.Day
	Dates []dateRow
}

// dateRow is something that is due, in words.
type dateRow struct {
	desk.Date
	Word string // key of what it is
	Kind string // of the calendar
	Href string
	Name string // pseudonym of the case, or what else it is about
	Hour time.Time
}

// dateCell is a day of the month as a small calendar shows it; 0 is a day of another month.
type dateCell struct {
	Day   when.Day
	Count int
	Now   bool
}

// Kinds of the calendar.
const (
	dateHearing  = "hearing"
	dateReview   = "review"
	dateReply    = "reply"
	dateTask     = "task"
	dateDeadline = "deadline"
	dateDays     = "day"
)

var dateKinds = []string{dateHearing, dateReview, dateReply, dateTask, dateDeadline, dateDays}

// dateKindOf are the kinds of clocks and notices; every other is a deadline.
var dateKindOf = map[string]string{"hearing": dateHearing, "hearing_unrecorded": dateHearing, "risk_review": dateReview, "risk_review_late": dateReview,
	"appeal_reply": dateReply, "appeal_unanswered": dateReply, "remedy_reply": dateReply, "remedy_unanswered": dateReply,
	desk.NoticeReply: dateReply, desk.NoticeStatement: dateReply, desk.NoticeInfo: dateReply, casework.ClockTask: dateTask, desk.NoticeAssigned: dateTask}

func (s *Site) dates(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := datesView{view: newView(r, lang, "calendar", locale.For(lang).T("calendar.title")), Kinds: dateKinds, Today: s.desk.Today(), All: q.Get("all") != ""}
	v.Cases = v.Me.Can(access.ReadCases)
	if slices.Contains(dateKinds, q.Get("kind")) {
		v.Asked = q.Get("kind")
	}
	month, err := monthOf(q.Get("month"), v.Today)
	if err != nil {
		return err
	}
	list, err := s.desk.Dates(r.Context(), v.Me, v.All)
	if err != nil {
		return err
	}
	v.fill(lang, month, v.rows(lang, list, month.Year()))
	return s.render(w, http.StatusOK, lang, "calendar", v)
}

// monthOf is the first day of the month asked for, of today's where none is.
func monthOf(asked string, today when.Day) (time.Time, error) {
	if asked == "" {
		t := today.Time()
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC), nil
	}
	t, err := time.Parse("2006-01", asked)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return t, fault.New(fault.NotFound, "the calendar has no month %.20q", asked).Do("ask for one such as 2026-09")
	}
	return t, nil
}

// rows puts dates into words, with the days that the profession keeps in a year.
func (v *datesView) rows(lang locale.Lang, list []desk.Date, year int) (out []dateRow) {
	for _, d := range list {
		row := dateRow{Date: d, Word: "notices.kind." + d.Kind, Href: address(lang, slices.Clone(d.Path)...), Name: briefly(d.Subject), Hour: d.Due}
		if row.Kind = dateKindOf[d.Kind]; row.Kind == "" {
			row.Kind = dateDeadline
		}
		if len(d.Path) == 0 {
			row.Href = ""
		}
		if d.Case != nil {
			if row.Word, row.Name = "case.clock."+d.Kind, d.Case.Name; d.What != "" {
				row.Word = "case.task." + d.What
			}
			v.Invented = v.Invented || vocab.Invented(d.Case.Country)
		}
		out = append(out, row)
	}
	for _, o := range notify.Observances() {
		day := o.In(year)
		out = append(out, dateRow{Date: desk.Date{Notice: desk.Notice{Due: day.AddDate(0, 0, 1), WholeDay: true}}, Word: "notices.day." + o.Key, Kind: dateDays})
	}
	if v.Asked != "" {
		out = slices.DeleteFunc(out, func(r dateRow) bool { return r.Kind != v.Asked })
	}
	return out
}

// On is the day on which something is due: the last in time where no hour is set.
func (r dateRow) On() when.Day {
	if r.WholeDay {
		return when.DayOf(r.Due) - 1
	}
	return when.DayOf(r.Due)
}

// fill sorts the rows into the days of a month; what is late stands by itself on the month in which one is.
func (v *datesView) fill(lang locale.Lang, month time.Time, rows []dateRow) {
	v.Month, v.First = month.Format("2006-01"), when.DayOf(month)
	v.Previous, v.Next = v.address(lang, month.AddDate(0, -1, 0)), v.address(lang, month.AddDate(0, 1, 0))
	if now := v.Today.Time(); v.Month != now.Format("2006-01") {
		v.This = v.address(lang, now)
	}
	last := when.DayOf(month.AddDate(0, 1, 0)) - 1
	of := map[when.Day][]dateRow{}
	for _, r := range rows {
		switch day := r.On(); {
		case r.Late && v.This == "":
			v.Late = append(v.Late, r)
		case day >= v.First && day <= last:
			of[day] = append(of[day], r)
		}
	}
	for day := v.First; day <= last; day++ {
		if len(of[day]) > 0 {
			v.Days = append(v.Days, dateDay{day, of[day]})
		}
	}
	v.weeks(lang, last, of)
}

// weeks makes the small calendar: weeks begin on Saturday where they do among those who read the language.
func (v *datesView) weeks(lang locale.Lang, last when.Day, of map[when.Day][]dateRow) {
	begins := time.Monday
	if lang == locale.Persian || lang == locale.Arabic {
		begins = time.Saturday
	}
	for i := range 7 {
		v.Weekdays = append(v.Weekdays, "calendar.weekday."+strings.ToLower(((begins + time.Weekday(i)) % 7).String()[:3]))
	}
	start := v.First - when.Day((7+v.First.Time().Weekday()-begins)%7)
	for day := start; day <= last; {
		week := make([]dateCell, 7)
		for i := range week {
			if day >= v.First && day <= last {
				week[i] = dateCell{day, len(of[day]), day == v.Today}
			}
			day++
		}
		v.Weeks = append(v.Weeks, week)
	}
}

// address is the calendar of a month, as it is asked for.
func (v *datesView) address(lang locale.Lang, month time.Time) string {
	q := url.Values{"month": {month.Format("2006-01")}}
	if v.Asked != "" {
		q.Set("kind", v.Asked)
	}
	if v.All {
		q.Set("all", "yes")
	}
	return address(lang, "calendar") + "?" + q.Encode()
}

// Number is the day's number in its month.
func (c dateCell) Number() int { return c.Day.Time().Day() }
