package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"ward/access"
	"ward/desk"
	"ward/staff"
)

const (
	goodWords  = "canary horse battery staple"
	goodSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

var localActor = access.Local()

// staffedDesk is a workspace with Ann, who holds the first account.
func staffedDesk(t testing.TB) (*desk.Desk, desk.Enrolled) {
	t.Helper()
	d := workspace(t)
	ann, err := d.First(ctx, localActor, desk.Enrolment{Name: "Ann", Passphrase: goodWords, TOTPSecret: goodSecret, Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return d, ann
}

// browser is somebody's browser without script: it keeps cookies and sends forms.
type browser struct {
	testing.TB
	pages   http.Handler
	cookies map[string]*http.Cookie
}

func newBrowser(t testing.TB, d *desk.Desk) *browser {
	return &browser{t, pagesOf(t, d), map[string]*http.Cookie{}}
}

func (b *browser) send(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:7766"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.pages.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.send(http.MethodGet, path, nil)
}

// leads follows a redirect and gives where it led.
func leads(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d, no redirect: %s", w.Code, plain(w.Body.String()))
	}
	return w.Header().Get("Location")
}

func (b *browser) signIn(code string) *httptest.ResponseRecorder {
	return b.send(http.MethodPost, "/en/sign-in", url.Values{"name": {"Ann"}, "passphrase": {goodWords}, "code": {code}, "next": {"/en/log"}})
}

func codeNow(t testing.TB) string {
	t.Helper()
	code, err := totp.GenerateCode(goodSecret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestOneSignsInComesBackToThePageAndSignsOut(t *testing.T) {
	d, _ := staffedDesk(t)
	b := newBrowser(t, d)
	if to := leads(t, b.get("/en/log")); to != "/en/sign-in?next=%2Fen%2Flog" {
		t.Errorf("a stranger is led to %s", to)
	}
	w := b.signIn(codeNow(t))
	if to := leads(t, w); to != "/en/log" {
		t.Errorf("led to %s", to)
	}
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
			t.Errorf("the cookie %s: %+v", c.Name, c)
		}
	}
	first := b.cookies["ward_session_7766"].Value
	page := b.get("/en/log")
	parse(t, "/en/log", page.Body.String()).says(t, "Ann", "Sign out")
	w = b.send(http.MethodPost, "/en/sign-out", nil)
	leads(t, w)
	b.cookies["ward_session_7766"] = &http.Cookie{Name: "ward_session_7766", Value: first}
	if to := leads(t, b.get("/en/log")); !strings.HasPrefix(to, "/en/sign-in") {
		t.Error("the session goes on after signing out")
	}
}

func TestTheWayInLeadsToNoOtherSite(t *testing.T) {
	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "evil"} {
		if to := backTo(next, "en"); to != "/en/today" {
			t.Errorf("%q leads to %q", next, to)
		}
	}
	if to := backTo("/en/log?page=2", "en"); to != "/en/log?page=2" {
		t.Error(to)
	}
}

// typedName is what the page shows of what was typed: the name alone.
var typedName = regexp.MustCompile(`(name="name"[^>]*value=")[^"]*"`)

func TestWhateverIsWrongTheSamePageAnswers(t *testing.T) {
	d, ann := staffedDesk(t)
	token, err := d.Invite(ctx, localActor, desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Triage}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Accept(ctx, token, desk.Enrolment{Name: "Lou", Passphrase: goodWords, TOTPSecret: goodSecret}); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, d)
	b.signIn(ann.RecoveryCodes[0])
	b.cookies = map[string]*http.Cookie{}
	for range 10 {
		b.send(http.MethodPost, "/en/sign-in", url.Values{"name": {"Lou"}})
	}
	var want string
	for what, form := range map[string]url.Values{
		"unknown":       {"name": {"Nobody"}, "passphrase": {goodWords}, "code": {codeNow(t)}},
		"passphrase":    {"name": {"Ann"}, "passphrase": {"wrong"}, "code": {codeNow(t)}},
		"code":          {"name": {"Ann"}, "passphrase": {goodWords}, "code": {"000001"}},
		"used recovery": {"name": {"Ann"}, "passphrase": {goodWords}, "code": {ann.RecoveryCodes[0]}},
		"locked":        {"name": {"Lou"}, "passphrase": {goodWords}, "code": {codeNow(t)}},
		"nothing":       {},
	} {
		w := b.send(http.MethodPost, "/en/sign-in", form)
		got := typedName.ReplaceAllString(w.Body.String(), `$1"`)
		if want == "" {
			want = got
		}
		if w.Code != http.StatusForbidden || got != want || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: %d, answers otherwise", what, w.Code)
		}
	}
	parse(t, "sign-in", want).says(t, "That did not sign you in")
}

func TestADangerousActAsksForAFreshProofAndLosesNothing(t *testing.T) {
	d, ann := staffedDesk(t)
	site, err := newSite(d)
	if err != nil {
		t.Fatal(err)
	}
	stale := false // as ten minutes later
	site.proved = func(r *http.Request) (bool, error) {
		if stale {
			return false, nil
		}
		return site.provedLately(r)
	}
	b := &browser{t, site.handler(), map[string]*http.Cookie{}}
	leads(t, b.signIn(ann.RecoveryCodes[0]))
	if w := b.get("/en/people"); w.Code != http.StatusOK {
		t.Fatalf("just after signing in: %d", w.Code)
	}
	stale = true
	if to := leads(t, b.get("/en/people")); to != "/en/sign-in/again?next=%2Fen%2Fpeople" {
		t.Errorf("led to %s", to)
	}
	w := b.send(http.MethodPost, "/en/people", url.Values{"do": {"invite"}, "role": {"triage", "verifier"}, "note": {"for Bea <b>"}})
	doc := parse(t, "again", w.Body.String())
	if invited, _ := d.Invitations(ctx, localActor); w.Code != http.StatusForbidden || len(invited) != 0 {
		t.Fatalf("%d, and %d were invited without a proof", w.Code, len(invited))
	}
	form := hidden(doc, "/en/sign-in/again")
	form.Set("passphrase", goodWords)
	form.Set("code", "000001")
	doc = parse(t, "failed proof", b.send(http.MethodPost, "/en/sign-in/again", form).Body.String())
	form = hidden(doc, "/en/sign-in/again")
	form.Set("passphrase", goodWords)
	form.Set("code", ann.RecoveryCodes[1])
	stale = false
	doc = parse(t, "resume", b.send(http.MethodPost, "/en/sign-in/again", form).Body.String())
	w = b.send(http.MethodPost, "/en/people", hidden(doc, "/en/people"))
	parse(t, "people", w.Body.String()).says(t, "for Bea <b>", "/en/join/")
	if invited, err := d.Invitations(ctx, localActor); err != nil || len(invited) != 1 || len(invited[0].Grant.Roles) != 2 {
		t.Errorf("%+v, %v", invited, err)
	}
}

// hidden are the hidden fields of the page's form of an action.
func hidden(doc *document, action string) url.Values {
	form, inside := url.Values{}, false
	for _, e := range doc.elements {
		if e.name == "form" {
			inside = e.attr["action"] == action
		}
		if inside && e.name == "input" && e.attr["type"] == "hidden" {
			form.Add(e.attr["name"], e.attr["value"])
		}
	}
	return form
}

func TestAnInvitationMakesAnAccountOnce(t *testing.T) {
	d, _ := staffedDesk(t)
	token, err := d.Invite(ctx, localActor, desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Triage}}})
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, d)
	w := b.get("/fa/join/" + token)
	form := hidden(parse(t, "join", w.Body.String()), "/fa/join/"+token)
	code, err := totp.GenerateCode(form.Get("secret"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	form["name"], form["passphrase"], form["code"] = []string{"ann"}, []string{goodWords}, []string{code}
	if w = b.send(http.MethodPost, "/fa/join/"+token, form); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), form.Get("secret")) {
		t.Fatalf("a taken name: %d", w.Code)
	}
	form.Set("name", "Bea")
	w = b.send(http.MethodPost, "/fa/join/"+token, form)
	if n := strings.Count(w.Body.String(), "<li><code"); w.Code != http.StatusOK || n != 10 {
		t.Fatalf("%d with %d codes", w.Code, n)
	}
	parse(t, "account", b.get("/fa/account").Body.String()).says(t, "Bea")
	if w := b.get("/en/join/" + token); w.Code != http.StatusNotFound {
		t.Errorf("the invitation once more: %d", w.Code)
	}
	if w := b.get("/en/people"); w.Code != http.StatusForbidden {
		t.Errorf("the people for who takes reports in: %d", w.Code)
	}
}

func TestALinkSignsInOnlyWhenItsButtonIsPressed(t *testing.T) {
	d, ann := staffedDesk(t)
	token, err := d.SignInLink(ctx, localActor, ann.Account.ID, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, d)
	path := "/en/sign-in/link/" + token
	for range 2 {
		if w := b.get(path); w.Code != http.StatusOK || len(b.cookies) > 0 {
			t.Fatalf("looking at it: %d, %v", w.Code, b.cookies)
		}
	}
	leads(t, b.send(http.MethodPost, path, nil))
	parse(t, "account", b.get("/en/account").Body.String()).says(t, "Ann", "sign-in link")
	if w := newBrowser(t, d).send(http.MethodPost, path, nil); w.Code != http.StatusNotFound {
		t.Errorf("once more: %d", w.Code)
	}
}

func TestNoSecretReachesTheOperatorsLog(t *testing.T) {
	var said bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, nil)))
	defer slog.SetDefault(before)
	d, ann := staffedDesk(t)
	b := newBrowser(t, d)
	b.signIn("000001")
	b.signIn(ann.RecoveryCodes[0])
	b.get("/en/join/canary-token")
	for _, secret := range []string{"canary", goodSecret, ann.RecoveryCodes[0], b.cookies["ward_session_7766"].Value} {
		if strings.Contains(said.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
