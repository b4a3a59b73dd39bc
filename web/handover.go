package web

import (
	"fmt"
	"net/http"
	"net/url"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/staff"
)

// handoverView is the page on which a colleague who leaves hands over, with what remains to be done.
type handoverView struct {
	view
	desk.Handover
	Form    url.Values
	Problem string
	Steps   []handoverStep
}

// handoverStep is one line of the checklist: the words "leaving.step.<Name>", how it stands, and the command for what no page can do.
type handoverStep struct {
	Name    string
	Done    bool
	Left    int // of what it counts
	Command string
}

func (s *Site) handover(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showHandover(w, r, lang, url.Values{}, nil)
}

func (s *Site) showHandover(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	h, err := s.desk.Handover(r.Context(), whoOf(r.Context()), r.PathValue("account"))
	if err != nil {
		return err
	}
	v := handoverView{view: newView(r, lang, "people", locale.For(lang).T("leaving.title", h.Leaver.Name)), Handover: h, Form: form, Steps: steps(h)}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "handover", v)
}

// steps are the checklist, in the order in which it is worked off.
func steps(h desk.Handover) []handoverStep {
	return []handoverStep{
		{Name: "work", Done: h.Moved(), Left: h.Reports + h.Searches + h.Cases},
		{Name: "access", Done: h.Leaver.Standing == staff.Left && h.Sessions+h.Means == 0, Left: h.Sessions + h.Means},
		{Name: "second", Done: h.Officers >= 2, Left: h.Officers, Command: "ward init --make-officer NAME=FILE"},
		{Name: "contacts", Done: h.Contacts == 0, Left: h.Contacts, Command: fmt.Sprintf("ward contact reseal --leaver %q --identity FILE", h.Officer)},
		{Name: "officer", Done: h.Officer == "", Command: fmt.Sprintf("ward key officer --remove %q", h.Officer)},
		{Name: "key", Done: !h.Rotated.IsZero(), Command: "ward key rotate --passphrase"},
	}
}

// handOver ends a colleague's work here.
func (s *Site) handOver(w http.ResponseWriter, r *http.Request) error {
	account := r.PathValue("account")
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		_, err := s.desk.HandOver(r.Context(), whoOf(r.Context()), account, form.Get("to"), form.Get("why"))
		return address(lang, "people", account, "handover"), err
	}, s.showHandover)
}

// lockedView lists the colleagues who locked their accounts before a journey.
type lockedView struct {
	view
	Locked  []desk.LockedAccount
	Link    string // the way back for a colleague, shown once
	For     string // name of that colleague
	Problem string
}

func (s *Site) locked(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showLocked(w, r, lang, lockedView{}, nil)
}

func (s *Site) showLocked(w http.ResponseWriter, r *http.Request, lang locale.Lang, v lockedView, wrong error) error {
	var err error
	if v.Locked, err = s.desk.LockedColleagues(r.Context(), whoOf(r.Context())); err != nil {
		return err
	}
	nav := "account"
	if whoOf(r.Context()).Can(access.ManagePeople) {
		nav = "people"
	}
	v.view = newView(r, lang, nav, locale.For(lang).T("leaving.locked.title"))
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "locked", v)
}

// restoreColleague takes one's word for a colleague, from whoever proved lately who they are.
func (s *Site) restoreColleague(w http.ResponseWriter, r *http.Request) error {
	return s.stepUp(w, r, s.takeWord)
}

// takeWord puts one's word for a colleague on record; the second word shows the way back, once, to whoever gave it.
func (s *Site) takeWord(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	account := form.Get("account")
	token, err := s.desk.RestoreColleague(r.Context(), whoOf(r.Context()), account)
	switch {
	case fault.Is(err, fault.Refused):
		return s.showLocked(w, r, lang, lockedView{}, err)
	case err != nil:
		return err
	case token == "":
		http.Redirect(w, r, address(lang, "people", "locked"), http.StatusSeeOther)
		return nil
	}
	a, err := s.desk.Account(r.Context(), whoOf(r.Context()), account)
	if err != nil {
		return err
	}
	return s.showLocked(w, r, lang, lockedView{Link: siteAddress(r) + address(lang, "join", token), For: a.Name}, nil)
}

// travelLock locks one's own account; whoever asked is nobody afterwards.
func (s *Site) travelLock(w http.ResponseWriter, r *http.Request) error {
	lang, _, err := formOf(w, r)
	if err != nil {
		return err
	}
	if _, err := s.desk.TravelLock(r.Context(), whoOf(r.Context())); err != nil {
		return err
	}
	leave(w, r, sessionCookie, "", 0)
	leave(w, r, deviceCookie, "", 0)
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	http.Redirect(w, r, address(lang, "sign-in"), http.StatusSeeOther)
	return nil
}
