package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"

	"ward/access"
	"ward/desk"
	record "ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/staff"
)

// generator is a code generator in the making: its secret waits in the form until its holder proves that it works.
type generator struct {
	Secret string
	URL    string
	Size   int
	Path   string // of its picture
}

func (s *Site) generator(name, secret string) (g generator, err error) {
	if g.Secret, g.URL, err = s.desk.Generator(name, secret); err != nil {
		return g, err
	}
	key, err := otp.NewKeyFromURL(g.URL)
	if err != nil {
		return g, err
	}
	g.Path, g.Size, err = squares(key)
	return g, err
}

// enrolView is the page on which an account is made: by invitation, or the first.
type enrolView struct {
	view
	First    bool
	Action   string
	Grant    staff.Grant
	Typed    url.Values
	Gen      generator
	Problem  string
	Enrolled *desk.Enrolled // once it is made
}

func (s *Site) firstAccount(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err == nil {
		err = s.noneYet(r)
	}
	if err != nil {
		return err
	}
	return s.showEnrol(w, r, lang, enrolView{First: true, Grant: staff.First()}, nil, nil)
}

// noneYet is NotFound once somebody has an account.
func (s *Site) noneYet(r *http.Request) error {
	has, err := s.desk.HasAccounts(r.Context())
	if err == nil && has {
		err = fault.New(fault.NotFound, "there is no page at %s", r.URL.Path)
	}
	return err
}

func (s *Site) makeFirstAccount(w http.ResponseWriter, r *http.Request) error {
	if err := s.noneYet(r); err != nil {
		return err
	}
	return s.enrol(w, r, enrolView{First: true, Grant: staff.First()}, func(e desk.Enrolment) (desk.Enrolled, error) {
		return s.desk.First(r.Context(), whoOf(r.Context()), e)
	})
}

func (s *Site) join(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	i, err := s.desk.Invitation(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	var typed url.Values
	if i.Restores != "" {
		typed = url.Values{"name": {i.Note}} // the name stays
	}
	return s.showEnrol(w, r, lang, enrolView{Grant: i.Grant}, typed, nil)
}

func (s *Site) accept(w http.ResponseWriter, r *http.Request) error {
	i, err := s.desk.Invitation(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return s.enrol(w, r, enrolView{Grant: i.Grant}, func(e desk.Enrolment) (desk.Enrolled, error) {
		return s.desk.Accept(r.Context(), r.PathValue("token"), e)
	})
}

// enrol makes an account of what a form says, signs its holder in, and shows once what they must keep.
func (s *Site) enrol(w http.ResponseWriter, r *http.Request, v enrolView, do func(desk.Enrolment) (desk.Enrolled, error)) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	e := desk.Enrolment{Name: form.Get("name"), Passphrase: form.Get("passphrase"), TOTPSecret: form.Get("secret"), Code: cmp.Or(form.Get("code"), "-"), Lang: lang}
	made, err := do(e)
	if mendable(err) {
		return s.showEnrol(w, r, lang, v, form, err)
	}
	if err != nil {
		return err
	}
	in, err := s.desk.SignIn(r.Context(), desk.Proof{Name: made.Account.Name, Passphrase: e.Passphrase, Code: e.Code}, "")
	if err != nil && !fault.Is(err, fault.Refused) {
		return err
	}
	if err == nil {
		handIn(w, r, in)
	}
	v.Enrolled, v.view = &made, newView(r, lang, "account", locale.For(lang).T("account.made"))
	v.Me, v.Menu = access.Nobody(), nil // the next page knows who it is
	return s.render(w, http.StatusOK, lang, "account_made", v)
}

func (s *Site) showEnrol(w http.ResponseWriter, r *http.Request, lang locale.Lang, v enrolView, typed url.Values, wrong error) (err error) {
	title := "account.join"
	if v.First {
		title = "account.first"
	}
	v.view, v.Action, v.Typed = newView(r, lang, "account", locale.For(lang).T(title)), r.URL.Path, typed
	if v.Gen, err = s.generator(typed.Get("name"), typed.Get("secret")); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "account_join", v)
}

// accountView is one's own account.
type accountView struct {
	view
	staff.Account
	Sessions []desk.Session
	Current  string // key of the session that asks
	Gen      generator
	Typed    url.Values
	Codes    []string // new recovery codes, shown once
	Problem  string
	Passkey  string // passkeysAt
	Past     []record.Entry[staff.Conflict]
}

// Passkeys are one's passkeys.
func (v accountView) Passkeys() []staff.Held { return v.Of(staff.Passkey) }

// RecoverySet is the set of recovery codes that works.
func (v accountView) RecoverySet() (out []staff.Held) { return v.Of(staff.Recovery) }

// Set is when the passphrase was set.
func (v accountView) Set() (at time.Time) {
	for _, h := range v.Of(staff.Passphrase) {
		at = h.Added
	}
	return at
}

// Speaks reports a language that one works in.
func (v accountView) Speaks(l locale.Lang) bool {
	return slices.Contains(v.Account.Langs, string(l))
}

func (s *Site) account(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showAccount(w, r, lang, accountView{}, nil)
}

func (s *Site) showAccount(w http.ResponseWriter, r *http.Request, lang locale.Lang, v accountView, wrong error) (err error) {
	who := whoOf(r.Context())
	if who.Account == "" {
		http.Redirect(w, r, address(lang, "account", "first"), http.StatusSeeOther)
		return nil
	}
	v.view = newView(r, lang, "account", locale.For(lang).T("account.title"))
	v.Passkey = passkeysAt(r)
	if v.Account, err = s.desk.Account(r.Context(), who, who.Account); err != nil {
		return err
	}
	if v.Sessions, err = s.desk.Sessions(r.Context(), who); err != nil {
		return err
	}
	_, here, err := s.desk.Asking(r.Context(), cookie(r, sessionCookie))
	if err != nil {
		return err
	}
	v.Current = here.Key
	if v.Past, err = s.desk.ConflictHistory(r.Context(), who, who.Account); err != nil {
		return err
	}
	secret := ""
	if v.Typed.Get("do") == "generator" {
		secret = v.Typed.Get("secret")
	}
	if v.Gen, err = s.generator(who.Name, secret); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "account", v)
}

// guarded are the changes of one's own account that ask for a fresh proof: those by which a stranger at an open screen could stay.
var guarded = map[string]bool{"passphrase": true, "generator": true, "codes": true, "passkey-remove": true}

// changeAccount takes one of the forms of one's own account.
func (s *Site) changeAccount(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(w, r)
	if err != nil {
		return err
	}
	if guarded[form.Get("do")] {
		return s.stepUp(w, r, s.takeAccount)
	}
	return s.takeAccount(w, r)
}

func (s *Site) takeAccount(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	if form.Get("do") == "codes" {
		codes, err := s.desk.NewRecoveryCodes(r.Context(), whoOf(r.Context()))
		if err != nil {
			return err
		}
		return s.showAccount(w, r, lang, accountView{Codes: codes}, nil)
	}
	err = s.applyAccount(r, form)
	if mendable(err) {
		return s.showAccount(w, r, lang, accountView{Typed: form}, err)
	}
	if err == nil {
		http.Redirect(w, r, address(lang, "account"), http.StatusSeeOther)
	}
	return err
}

func (s *Site) applyAccount(r *http.Request, form url.Values) error {
	ctx, who := r.Context(), whoOf(r.Context())
	switch form.Get("do") {
	case "passphrase":
		return s.desk.ChangePassphrase(ctx, who, form.Get("passphrase"))
	case "generator":
		return s.desk.ChangeTOTP(ctx, who, form.Get("secret"), form.Get("code"))
	case "passkey-remove":
		return s.desk.RemovePasskey(ctx, who, form.Get("id"))
	case "profile":
		return s.desk.SetProfile(ctx, who, form.Get("email"), form["langs"])
	case "conflict":
		return s.desk.DeclareConflict(ctx, who, who.Account, staff.Conflict{About: strings.ToUpper(form.Get("about")), Why: form.Get("why")})
	case "end":
		return s.desk.EndSession(ctx, who, form.Get("session"))
	case "end-others":
		_, here, err := s.desk.Asking(ctx, cookie(r, sessionCookie))
		if err != nil {
			return err
		}
		return s.desk.EndOtherSessions(ctx, who, here.Key)
	}
	return fault.New(fault.Invalid, "the form does not say what to change").Keeping("nothing was written").Do("use a form of the page")
}
