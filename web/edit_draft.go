package web

import (
	"encoding/json"
	"net/http"
	"net/url"

	"ward/desk"
	"ward/fault"
	"ward/locale"
)

// draftSubject is what a draft is about: an incident, or one that is not made yet, from a report or none.
func draftSubject(id, report string) string {
	if id == "new" && report != "" {
		return "new:" + report
	}
	return id
}

// draftedOnly are what a form carries beside what is typed: a draft does without.
var draftedOnly = []string{"do", "at", "drawn", "pick.x", "pick.y"}

func encoded(form url.Values) string {
	kept := url.Values{}
	for name, values := range form {
		kept[name] = values
	}
	for _, name := range draftedOnly {
		kept.Del(name)
	}
	return kept.Encode()
}

// fromDraft is what was typed before, where the page is asked to go on with it.
func (s *Site) fromDraft(r *http.Request, subject string) (url.Values, error) {
	if !r.URL.Query().Has("draft") {
		return url.Values{}, nil
	}
	draft, _, err := s.desk.Draft(r.Context(), whoOf(r.Context()), subject)
	if err != nil {
		return nil, err
	}
	typed, err := url.ParseQuery(draft.Form)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a draft cannot be read")
	}
	return typed, nil
}

// draftKept keeps what was typed and shows it again.
func (s *Site) draftKept(w http.ResponseWriter, r *http.Request, lang locale.Lang, id string, form url.Values) error {
	if err := s.desk.KeepDraft(r.Context(), whoOf(r.Context()), draftSubject(id, form.Get("report")), encoded(form)); err != nil {
		return err
	}
	next := address(lang, "incidents", id, "edit") + "?draft=1"
	if id == "new" {
		next = newAddress(lang, form.Get("report"), "draft", "1")
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func newAddress(lang locale.Lang, report string, more ...string) string {
	q := url.Values{}
	if report != "" {
		q.Set("report", report)
	}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return address(lang, "incidents", "new")
	}
	return address(lang, "incidents", "new") + "?" + q.Encode()
}

// draftAnswer is what the editor's script is told.
type draftAnswer struct {
	Kept   bool            `json:"kept"`
	Others []desk.Presence `json:"others"`
}

// draft keeps or drops what is being typed, and notes at which field somebody is; the script asks it every few seconds.
func (s *Site) draft(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	id, who := r.PathValue("id"), whoOf(r.Context())
	subject, answer := draftSubject(id, form.Get("report")), draftAnswer{Others: []desk.Presence{}}
	switch form.Get("do") {
	case "drop":
		if err := s.desk.DropDraft(r.Context(), who, subject); err != nil {
			return err
		}
		next := address(lang, "incidents", id, "edit")
		if id == "new" {
			next = newAddress(lang, form.Get("report"))
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	case "keep":
		if err := s.desk.KeepDraft(r.Context(), who, subject, encoded(form)); err != nil {
			return err
		}
		answer.Kept = true
	case "at":
	default:
		return fault.New(fault.Invalid, "the form says neither to keep nor to drop").Keeping("the draft as it was").Do("use a form of the page")
	}
	others, err := s.desk.Edits(r.Context(), who, subject, form.Get("at"))
	if err != nil && r.Context().Err() != nil {
		return nil // the page was left meanwhile: nobody waits for the answer
	}
	if err != nil {
		return err
	}
	answer.Others = append(answer.Others, others...)
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}
