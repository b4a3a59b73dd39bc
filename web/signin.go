package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/locale"
)

// Cookies. Their names hold the port, because a browser sends those of one host to every port of it.
const (
	sessionCookie = "ward_session_"
	deviceCookie  = "ward_device_"
)

func cookieName(r *http.Request, kind string) string {
	return kind + r.Host[strings.LastIndexAny(r.Host, ":]")+1:]
}

// cookie is what a request carries in one of ours.
func cookie(r *http.Request, kind string) string {
	c, err := r.Cookie(cookieName(r, kind))
	if err != nil {
		return ""
	}
	return c.Value
}

// leave keeps a value in the browser for a time, 0 being until it closes; "" takes it away. No script can read it, and no other site
// makes the browser send it.
func leave(w http.ResponseWriter, r *http.Request, kind, value string, keep time.Duration) {
	c := &http.Cookie{Name: cookieName(r, kind), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil, MaxAge: int(keep.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// handIn hands a session that began to the browser.
func handIn(w http.ResponseWriter, r *http.Request, in desk.SignedIn) {
	leave(w, r, sessionCookie, in.Token, 0)
	if in.Device != "" {
		leave(w, r, deviceCookie, in.Device, 90*24*time.Hour)
	}
}

// session tells who asks by the cookie that a request carries.
func (s *Site) session(r *http.Request) (access.Actor, error) {
	who, _, err := s.desk.Asking(r.Context(), cookie(r, sessionCookie))
	return who, err
}

// provedLately reports whether who asks proved within minutes who they are.
func (s *Site) provedLately(r *http.Request) (bool, error) {
	_, session, err := s.desk.Asking(r.Context(), cookie(r, sessionCookie))
	return session.Fresh(s.desk.Now()), err
}

// stepUp serves a request that asks for a fresh proof of who acts, and asks for the proof where there is none. The command line's
// operator has none to give.
func (s *Site) stepUp(w http.ResponseWriter, r *http.Request, h handler) error {
	if whoOf(r.Context()).Account != "" {
		proved, err := s.proved(r)
		if err != nil {
			return err
		}
		if !proved {
			return s.askProof(w, r)
		}
	}
	return h(w, r)
}

// landing is where somebody goes who signed in and had asked for no page: a page that every role may open.
func landing(lang locale.Lang) string { return address(lang, "today") }

// backTo reads the page that somebody wanted; a page of another site is none.
func backTo(next string, lang locale.Lang) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return landing(lang)
	}
	return next
}

// signInView is the page on which one says who one is: to come in, or once more before a dangerous act.
type signInView struct {
	view
	Again   bool
	Next    string
	Name    string // typed
	Failed  bool
	Passkey string // passkeysAt
	Then    string
	Carried []carried // a form that waits for the proof
}

// carried is one field of a form that waits.
type carried struct{ Name, Value string }

func newSignInView(r *http.Request, lang locale.Lang, again bool) signInView {
	title := "signin.title"
	if again {
		title = "signin.again"
	}
	return signInView{view: newView(r, lang, "account", locale.For(lang).T(title)), Again: again, Passkey: passkeysAt(r)}
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	next := r.URL.Query().Get("next")
	if len(whoOf(r.Context()).Roles) > 0 {
		http.Redirect(w, r, backTo(next, lang), http.StatusSeeOther)
		return nil
	}
	v := newSignInView(r, lang, false)
	v.Next = next
	return s.render(w, http.StatusOK, lang, "signin", v)
}

// enter takes the form of the way in. Whatever is wrong about it, the answer is the same.
func (s *Site) enter(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	in, err := s.desk.SignIn(r.Context(), typedProof(form), cookie(r, deviceCookie))
	if fault.Is(err, fault.Refused) {
		v := newSignInView(r, lang, false)
		v.Next, v.Name, v.Failed = form.Get("next"), form.Get("name"), true
		return s.render(w, http.StatusForbidden, lang, "signin", v)
	}
	if err != nil {
		return err
	}
	handIn(w, r, in)
	http.Redirect(w, r, backTo(form.Get("next"), lang), http.StatusSeeOther)
	return nil
}

func typedProof(form url.Values) desk.Proof {
	return desk.Proof{Name: form.Get("name"), Passphrase: form.Get("passphrase"), Code: form.Get("code")}
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if err := s.desk.SignOut(r.Context(), cookie(r, sessionCookie)); err != nil {
		return err
	}
	leave(w, r, sessionCookie, "", 0)
	http.Redirect(w, r, address(lang, "sign-in"), http.StatusSeeOther)
	return nil
}

// askProof asks who acts to prove it. A page waits behind the proof; a form is carried through it.
func (s *Site) askProof(w http.ResponseWriter, r *http.Request) error {
	lang, ok := locale.Parse(r.PathValue("lang"))
	if !ok {
		lang = locale.Negotiate(r.Header.Get("Accept-Language"), "")
	}
	if r.Method == http.MethodGet {
		http.Redirect(w, r, address(lang, "sign-in", "again")+"?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return nil
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return fault.New(fault.Refused, "this asks for a fresh proof of who you are").Keeping("nothing was written").Do("open the page anew, prove who you are, and send the form again")
	}
	form, err := posted(w, r)
	if err != nil {
		return err
	}
	v := newSignInView(r, lang, true)
	v.Then = r.URL.RequestURI()
	for name, values := range form {
		for _, value := range values {
			v.Carried = append(v.Carried, carried{name, value})
		}
	}
	return s.render(w, http.StatusForbidden, lang, "signin", v)
}

// again is the page of a fresh proof.
func (s *Site) again(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	v := newSignInView(r, lang, true)
	v.Next = r.URL.Query().Get("next")
	return s.render(w, http.StatusOK, lang, "signin", v)
}

// carriedPrefix marks the fields of the form that waits, beside those of the proof.
const carriedPrefix = "carried."

// prove takes a fresh proof, and leads to the page that waited, or shows the form that did.
func (s *Site) prove(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	v := newSignInView(r, lang, true)
	v.Next, v.Then = form.Get("next"), form.Get("then")
	for name, values := range form {
		for _, value := range values {
			if field, is := strings.CutPrefix(name, carriedPrefix); is {
				v.Carried = append(v.Carried, carried{field, value})
			}
		}
	}
	err = s.desk.Prove(r.Context(), cookie(r, sessionCookie), typedProof(form))
	switch {
	case fault.Is(err, fault.Refused):
		v.Failed = true
		return s.render(w, http.StatusForbidden, lang, "signin", v)
	case err != nil:
		return err
	case v.Then != "" && backTo(v.Then, lang) == v.Then:
		v.Title = locale.For(lang).T("signin.resume")
		return s.render(w, http.StatusOK, lang, "signin_resume", v)
	}
	http.Redirect(w, r, backTo(v.Next, lang), http.StatusSeeOther)
	return nil
}

// linkView is the page of a sign-in link: it signs in once its button is pressed, so that whatever looks at links does not use them up.
type linkView struct {
	view
	Token string
}

func (s *Site) link(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, lang, "signin_link", linkView{newView(r, lang, "account", locale.For(lang).T("signin.link")), r.PathValue("token")})
}

func (s *Site) enterByLink(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	in, err := s.desk.SignInByLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	handIn(w, r, in)
	to := address(lang, "account") // a link is for who lost a passphrase or a generator: there one sets another
	if training(r) {
		to = landing(lang)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// NoAccounts reports that whoever sits at this machine may do everything, because nobody has an account.
func (v view) NoAccounts() bool { return v.Me.Name == access.Local().Name && v.Me.Account == "" }
