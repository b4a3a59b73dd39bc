package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/staff"
	"ward/when"
)

// inDay is the key under which a request carries the day on which it came.
type inDay struct{}

// watermark is the day that stands on every page an investigator reads; "" for everybody else.
func watermark(r *http.Request, lang locale.Lang) string {
	if whoOf(r.Context()).Only == nil {
		return ""
	}
	today, ok := r.Context().Value(inDay{}).(when.Day)
	if !ok {
		return ""
	}
	return locale.For(lang).Day(today)
}

// grantsView is every grant of access.
type grantsView struct {
	view
	Rows          []desk.AccessFile
	Investigators []staff.Account
	May           bool // ask for access
	Typed         url.Values
	Problem       string
}

func (s *Site) grants(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showGrants(w, r, lang, nil, nil)
}

func (s *Site) showGrants(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) (err error) {
	who := whoOf(r.Context())
	v := grantsView{view: newView(r, lang, "grants", locale.For(lang).T("grant.title")), Typed: typed, May: who.Can(access.AskAccess)}
	if v.Rows, err = s.desk.Accesses(r.Context(), who); err != nil {
		return err
	}
	if v.Investigators, err = s.desk.Investigators(r.Context(), who); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "grants", v)
}

// askGrant asks that an investigator may read.
func (s *Site) askGrant(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		id, err := s.desk.AskAccess(r.Context(), whoOf(r.Context()), staff.AccessAsked{Account: form.Get("account"), Purpose: form.Get("purpose")}, scopeOf(form))
		return address(lang, "grants", id), err
	}, s.showGrants)
}

func scopeOf(form url.Values) staff.AccessScope {
	return staff.AccessScope{States: grantOf(url.Values{"only": {form.Get("states")}}).Only, Until: plainNumber(form.Get("until"))}
}

// grantView is one grant of access.
type grantView struct {
	view
	desk.AccessFile
	MayScope, MayEnd bool
	Typed            url.Values
	Problem          string
}

// Newest is the id of the scope that stands; "" before one.
func (v grantView) Newest() string {
	if len(v.Scopes) == 0 {
		return ""
	}
	return v.Scopes[len(v.Scopes)-1].ID
}

// Records are the incidents that the holder read, each once.
func (v grantView) Records() int {
	seen := map[string]bool{}
	for _, r := range v.Read {
		if strings.HasPrefix(r.Subject, "WRD-") {
			seen[r.Subject] = true
		}
	}
	return len(seen)
}

// Value is what the form of the scope shows: what was typed, else what stands.
func (v grantView) Value(name string) string {
	if v.Typed != nil {
		return v.Typed.Get(name)
	}
	return map[string]string{"states": strings.Join(v.States, " "), "until": v.Until}[name]
}

func (s *Site) grant(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showGrant(w, r, lang, nil, nil)
}

func (s *Site) showGrant(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	who := whoOf(r.Context())
	f, err := s.desk.Access(r.Context(), who, r.PathValue("grant"))
	if err != nil {
		return err
	}
	open := slices.Contains([]string{staff.AccessRequested, staff.AccessScoped, staff.AccessApproved, staff.AccessActive}, f.State)
	v := grantView{view: newView(r, lang, "grants", locale.For(lang).T("grant.one", f.Holder.Name)), AccessFile: f, MayScope: open && who.Can(access.AskAccess), MayEnd: open, Typed: typed}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "grant", v)
}

// stateGrant takes the forms of the page: a scope, a word for it, its end.
func (s *Site) stateGrant(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "grants", r.PathValue("grant")), s.takeGrant(r, form)
	}, s.showGrant)
}

func (s *Site) takeGrant(r *http.Request, form url.Values) error {
	ctx, who, grant := r.Context(), whoOf(r.Context()), r.PathValue("grant")
	switch form.Get("do") {
	case "scope":
		return s.desk.ScopeAccess(ctx, who, grant, scopeOf(form))
	case "approve":
		return s.desk.ApproveAccess(ctx, who, grant, form.Get("scope"), form.Get("why"))
	case "revoke":
		return s.desk.RevokeAccess(ctx, who, grant, form.Get("why"))
	}
	return fault.New(fault.Invalid, "this is no form of the page").Keeping("nothing was written").Do("use a form of the page")
}
