package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/id"
	"ward/locale"
)

// noticesView is what waits for who asks.
type noticesView struct {
	view
	Notices  []noticeLine
	Late     int
	Unread   int
	Since    time.Time // of the calendar's address; zero where there is none
	Calendar string    // its address, shown once
	Account  bool      // who asks has an account, and so can have a calendar
	Problem  string
}

// noticeLine is a notice with the address of the page on which it is dealt with; "" where there is none.
type noticeLine struct {
	desk.Notice
	Href string
}

// LastDay is the last day in time, where a day and no hour is set; "" elsewhere.
func (n noticeLine) LastDay() string {
	if !n.WholeDay {
		return ""
	}
	return n.Due.AddDate(0, 0, -1).Format(time.DateOnly)
}

// About is what the notice is about, as its page is headed.
func (n noticeLine) About() string { return briefly(n.Subject) }

// briefly is the end of an id of Ward's own, by which pages name it; anything else as it is.
func briefly(subject string) string {
	if _, ok := id.Time(subject); ok {
		return subject[len(subject)-6:]
	}
	return subject
}

func (s *Site) notices(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showNotices(w, r, lang, "", nil)
}

// showNotices draws the page; calendar is an address that was just made.
func (s *Site) showNotices(w http.ResponseWriter, r *http.Request, lang locale.Lang, calendar string, wrong error) error {
	who := whoOf(r.Context())
	list, err := s.desk.Notices(r.Context(), who)
	if err != nil {
		return err
	}
	v := noticesView{view: newView(r, lang, "notices", locale.For(lang).T("notices.title")), Calendar: calendar, Account: who.Account != ""}
	if v.Since, err = s.desk.HasCalendar(r.Context(), who); err != nil {
		return err
	}
	for _, n := range list {
		line := noticeLine{Notice: n}
		if len(n.Path) > 0 {
			line.Href = address(lang, slices.Clone(n.Path)...)
		}
		v.Notices = append(v.Notices, line)
		if n.Late {
			v.Late++
		}
		if !n.Read {
			v.Unread++
		}
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "notices", v)
}

// doNotices marks all as read, or makes or ends the calendar's address.
func (s *Site) doNotices(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (next string, err error) {
		who := whoOf(r.Context())
		switch form.Get("do") {
		case "read":
			err = s.desk.MarkNotices(r.Context(), who)
		case "end":
			err = s.desk.EndCalendar(r.Context(), who)
		default:
			err = fault.New(fault.Invalid, "the form asks for nothing that can be done here").Keeping("nothing was changed")
		}
		return address(lang, "notices"), err
	}, func(w http.ResponseWriter, r *http.Request, lang locale.Lang, _ url.Values, wrong error) error {
		return s.showNotices(w, r, lang, "", wrong)
	})
}

// newCalendar makes the calendar's address and shows it, this once.
func (s *Site) newCalendar(w http.ResponseWriter, r *http.Request) error {
	lang, _, err := formOf(w, r)
	if err != nil {
		return err
	}
	token, err := s.desk.NewCalendar(r.Context(), whoOf(r.Context()))
	if err != nil {
		return err
	}
	return s.showNotices(w, r, lang, siteAddress(r)+"/calendar/"+token+calendarEnding, nil)
}

const calendarEnding = ".ics"

// calendar sends the calendar of a token to whoever knows it. Any other address answers as every page does that is not there.
func (s *Site) calendar(w http.ResponseWriter, r *http.Request) error {
	token, is := strings.CutSuffix(r.PathValue("file"), calendarEnding)
	body, err := []byte(nil), error(fault.New(fault.NotFound, "there is no calendar at this address"))
	switch {
	case is && !s.fetches.allow(s.desk.Now()):
		w.Header().Set("Retry-After", "60")
		http.Error(w, "Too many calendars were asked for; ask again in a minute.", http.StatusTooManyRequests)
		return nil
	case is:
		body, err = s.desk.Calendar(r.Context(), token)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Content-Disposition", `attachment; filename="ward`+calendarEnding+`"`)
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
	_, err = bytes.NewReader(body).WriteTo(w)
	return err
}

// fetches bounds how many calendars are asked for in a minute, by whomever: nobody who asks is known.
type fetches struct {
	mu     sync.Mutex
	minute int64
	n      int
}

// mostFetches is enough for a large association whose programs ask every quarter of an hour.
const mostFetches = 240

func (f *fetches) allow(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if minute := now.Unix() / 60; minute != f.minute {
		f.minute, f.n = minute, 0
	}
	f.n++
	return f.n <= mostFetches
}

// inBadge is the key under which a request carries how many notices who asks has not read.
type inBadge struct{}

// badge counts what waits for who asks and was not marked as read; 0 where that cannot be told: a page never fails for it.
func (s *Site) badge(ctx context.Context, who access.Actor) int {
	if !who.Can(access.OwnAccount) {
		return 0
	}
	n, err := s.desk.UnreadNotices(ctx, who)
	if err != nil {
		return 0
	}
	return n
}
