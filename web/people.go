package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ward/access"
	"ward/desk"
	record "ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/staff"
	"ward/when"
)

// peopleView is everybody who works here and who was invited.
type peopleView struct {
	view
	Accounts    []staff.Account
	Invitations []staff.Invited
	Typed       url.Values
	Problem     string
	Link        string // of an invitation that was just made
	Today       when.Day
	Now         time.Time
}

// AllRoles are the roles that an account can hold.
func (peopleView) AllRoles() []access.Role { return access.Roles() }

// TypedOnly and TypedUntil are what was typed of an investigator's limits.
func (v peopleView) TypedOnly() string  { return v.Typed.Get("only") }
func (v peopleView) TypedUntil() string { return v.Typed.Get("until") }

// Chosen reports that a role was chosen in the form.
func (v peopleView) Chosen(r access.Role) bool { return slices.Contains(v.Typed["role"], string(r)) }

func (s *Site) people(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showPeople(w, r, lang, peopleView{}, nil)
}

func (s *Site) showPeople(w http.ResponseWriter, r *http.Request, lang locale.Lang, v peopleView, wrong error) (err error) {
	who := whoOf(r.Context())
	v.view = newView(r, lang, "people", locale.For(lang).T("people.title"))
	v.Today, v.Now = s.desk.Today(), s.desk.Now()
	if v.Accounts, err = s.desk.Accounts(r.Context(), who); err != nil {
		return err
	}
	if v.Invitations, err = s.desk.Invitations(r.Context(), who); err != nil {
		return err
	}
	slices.Reverse(v.Invitations)
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "people", v)
}

// changePeople takes the forms of the page: an invitation, or its end.
func (s *Site) changePeople(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	if form.Get("do") == "revoke" {
		if err := s.desk.RevokeInvitation(r.Context(), whoOf(r.Context()), form.Get("id")); err != nil {
			return err
		}
		http.Redirect(w, r, address(lang, "people"), http.StatusSeeOther)
		return nil
	}
	i, err := inviteOf(form)
	token := ""
	if err == nil {
		token, err = s.desk.Invite(r.Context(), whoOf(r.Context()), i)
	}
	if mendable(err) {
		return s.showPeople(w, r, lang, peopleView{Typed: form}, err)
	}
	if err != nil {
		return err
	}
	return s.showPeople(w, r, lang, peopleView{Link: siteAddress(r) + address(lang, "join", token)}, nil)
}

// siteAddress is where this site was asked for.
func siteAddress(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func inviteOf(form url.Values) (desk.Invite, error) {
	days := 7
	if typed := form.Get("days"); typed != "" {
		var err error
		if days, err = strconv.Atoi(plainNumber(typed)); err != nil || days < 1 || days > 30 {
			return desk.Invite{}, fault.New(fault.Invalid, "an invitation is open for 1 to 30 days").Keeping("nothing was written")
		}
	}
	return desk.Invite{Grant: grantOf(form), Note: form.Get("note"), For: time.Duration(days) * 24 * time.Hour}, nil
}

func grantOf(form url.Values) (g staff.Grant) {
	for _, r := range form["role"] {
		g.Roles = append(g.Roles, access.Role(r))
	}
	for _, state := range strings.FieldsFunc(form.Get("only"), func(r rune) bool { return strings.ContainsRune(" ,;،\n", r) }) {
		g.Only = append(g.Only, strings.ToUpper(state))
	}
	g.Until = plainNumber(form.Get("until"))
	return g
}

// personView is one account as who keeps the accounts sees it.
type personView struct {
	view
	staff.Account
	Typed   url.Values
	Problem string
	Today   when.Day
	Past    []record.Entry[staff.Conflict] // conflicts of interest as they were declared and lifted
}

// AllRoles are the roles that an account can hold.
func (personView) AllRoles() []access.Role { return access.Roles() }

// Chosen reports a role that the form shows as chosen: as typed, else as it stands.
func (v personView) Chosen(r access.Role) bool {
	if v.Typed.Get("do") == "roles" {
		return slices.Contains(v.Typed["role"], string(r))
	}
	return slices.Contains(v.Roles, r)
}

// TypedOnly and TypedUntil are an investigator's limits as the form shows them: as typed, else as they stand.
func (v personView) TypedOnly() string {
	if v.Typed.Get("do") == "roles" {
		return v.Typed.Get("only")
	}
	return strings.Join(v.Only, ", ")
}

func (v personView) TypedUntil() string {
	if v.Typed.Get("do") == "roles" {
		return v.Typed.Get("until")
	}
	return v.Until
}

func (s *Site) person(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showPerson(w, r, lang, nil, nil)
}

func (s *Site) showPerson(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	a, err := s.desk.Account(r.Context(), whoOf(r.Context()), r.PathValue("account"))
	if err != nil {
		return err
	}
	v := personView{view: newView(r, lang, "people", a.Name), Account: a, Typed: typed, Today: s.desk.Today()}
	if v.Past, err = s.desk.ConflictHistory(r.Context(), whoOf(r.Context()), a.ID); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "person", v)
}

func (s *Site) changePerson(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "people", r.PathValue("account")), s.applyPerson(r, form)
	}, s.showPerson)
}

func (s *Site) applyPerson(r *http.Request, form url.Values) error {
	ctx, who, id := r.Context(), whoOf(r.Context()), r.PathValue("account")
	switch form.Get("do") {
	case "roles":
		return s.desk.SetRoles(ctx, who, id, grantOf(form))
	case "conflict":
		return s.desk.DeclareConflict(ctx, who, id, staff.Conflict{About: strings.ToUpper(form.Get("about")), Why: form.Get("why"), Lifted: form.Get("lift") != ""})
	}
	return fault.New(fault.Invalid, "the form does not say what to change").Keeping("nothing was written").Do("use a form of the page")
}

// roleWords lists roles in the words of a language.
func roleWords(list []access.Role, c *locale.Catalogue) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = c.T("staff.role." + string(r))
	}
	return c.List(words)
}
