package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"ward/access"
	"ward/desk"
	"ward/seal"
	"ward/staff"
	"ward/store/storetest"
)

// What the stories of issue 6 share: a workspace whose people have accounts of their own, and a mouse. A step is one deliberate act, as for
// a hand at the keyboard: to fill in, choose, tick, unfold or press.

// benSecret and cleoSecret are of the code generators of Ann's two colleagues.
const (
	benSecret  = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
	cleoSecret = "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"
)

// secrets of the code generators, by name.
var secrets = map[string]string{"Ann": goodSecret, "Ben": benSecret, "Cleo": cleoSecret}

// story is a workspace that is served, with a clock that a story moves.
type story struct {
	testing.TB
	*desk.Desk
	url   string
	ahead atomic.Int64 // nanoseconds by which the workspace's clock is ahead of the machine's
}

// newStory is a workspace of Ann, who may do everything; the names given are her colleagues, who may do what a workspace without
// investigators knows.
func newStory(t testing.TB, colleagues ...string) *story {
	t.Helper()
	s := &story{TB: t}
	var err error
	s.Desk, err = desk.Open(ctx, desk.Workspace{Dir: t.TempDir(), Cost: storetest.Cheap(), Clock: s.now,
		Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err = s.First(ctx, localActor, desk.Enrolment{Name: "Ann", Passphrase: goodWords, TOTPSecret: goodSecret, Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range colleagues {
		s.invite(name, access.Roles()[:6]...)
	}
	server := httptest.NewServer(pagesOf(t, s.Desk))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *story) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// passes lets time pass. Whoever is signed in is signed out by more than half an hour.
func (s *story) passes(d time.Duration) { s.ahead.Add(int64(d)) }

// on is the day so many days from now.
func (s *story) on(days int) string { return s.now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }

// invite gives somebody an account with roles.
func (s *story) invite(name string, roles ...access.Role) {
	s.Helper()
	token, err := s.Invite(ctx, localActor, desk.Invite{Grant: staff.Grant{Roles: roles}})
	if err == nil {
		_, err = s.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: goodWords, TOTPSecret: secrets[name], Lang: "en"})
	}
	if err != nil {
		s.Fatal(err)
	}
}

// actor is somebody with an account, to look at what the workspace holds.
func (s *story) actor(name string) access.Actor {
	s.Helper()
	people, err := s.Accounts(ctx, localActor)
	at := slices.IndexFunc(people, func(p staff.Account) bool { return p.Name == name })
	if err != nil || at < 0 {
		s.Fatalf("nobody is called %s: %v", name, err)
	}
	return people[at].Actor(s.Today())
}

// opens is a browser of somebody's own, signed in on a page.
func (s *story) opens(name, page string) *hand {
	s.Helper()
	h := newHand(s.TB, s.url, page)
	s.signsIn(h, name)
	h.arrives(page)
	h.steps = 0
	return h
}

// returns opens a page after a time in which the session ended.
func (s *story) returns(h *hand, name, page string) {
	s.Helper()
	h.visit(page)
	s.signsIn(h, name)
	h.arrives(page)
}

// signsIn proves on the page of sign-in who somebody is.
func (s *story) signsIn(h *hand, name string) {
	s.Helper()
	s.tries(h, name)
}

// fails tries to sign somebody in who may not.
func (s *story) fails(h *hand, name string) {
	s.Helper()
	s.tries(h, name)
	h.arrives("/en/sign-in")
}

// tries sends name, passphrase and code.
func (s *story) tries(h *hand, name string) {
	s.Helper()
	h.arrives("/en/sign-in")
	code, err := totp.GenerateCode(secrets[name], s.now())
	if err != nil {
		h.Fatal(err)
	}
	h.fill("form.signin", "name", name, "passphrase", goodWords, "code", code)
	h.send("form.signin")
}

// click presses the mouse on the middle of what a selector of CSS finds first, once all that hides it was unfolded.
func (h *hand) click(selector string) {
	h.Helper()
	h.unfold(selector)
	h.pressOn(fmt.Sprintf("document.querySelector(%q)", selector))
}

// unfold opens with the mouse whatever is folded around what a selector finds, the outermost first.
func (h *hand) unfold(selector string) {
	h.Helper()
	folded := fmt.Sprintf(`(() => { let e = document.querySelector(%q), d = null; while (e = e?.parentElement?.closest("details:not([open])")) d = e; return d && d.querySelector("summary"); })()`, selector)
	for range 5 {
		if !eval[bool](h.tab, "!!"+folded) {
			return
		}
		h.pressOn(folded)
	}
}

// pressOn presses the mouse on the element that a script finds.
func (h *hand) pressOn(element string) {
	h.Helper()
	h.steps++
	at := eval[[]float64](h.tab, `(() => { const e = `+element+`; if (!e) return []; e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getClientRects()[0]; return r ? [r.left + r.width / 2, r.top + r.height / 2] : []; })()`)
	if len(at) != 2 {
		h.Fatalf("%s shows no %s, but says %s", eval[string](h.tab, "location.pathname"), element, h.text())
	}
	h.do(func(ctx context.Context, target *chromedp.Target) error {
		for _, event := range []input.DispatchMouseEventType{"mousePressed", "mouseReleased"} {
			if _, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: event, X: at[0], Y: at[1], Button: "left", ClickCount: 1}); err != nil {
				return err
			}
		}
		return nil
	})
}

// fill fills fields of a form in: pairs of name and value. A list is moved to the value with the arrow, a box or button of a group pressed.
func (h *hand) fill(form string, pairs ...string) {
	h.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		field, value := form+` [name="`+pairs[i]+`"]:not([type=hidden])`, pairs[i+1]
		switch eval[string](h.tab, fmt.Sprintf(`(e => e ? e.tagName === "SELECT" ? "select" : e.type : "")(document.querySelector(%q))`, field)) {
		case "radio", "checkbox":
			box := field + `[value="` + value + `"]`
			if !eval[bool](h.tab, fmt.Sprintf("!!document.querySelector(%q)?.checked", box)) {
				h.click(box)
			}
		case "select":
			h.unfold(field)
			h.turnTo(field, value)
		case "datetime-local", "date":
			h.click(field)
			eval[bool](h.tab, fmt.Sprintf(`(document.querySelector(%q).value = %q, true)`, field, value)) // how it is typed is the machine's, not the page's
		default:
			h.click(field)
			eval[bool](h.tab, fmt.Sprintf(`(document.querySelector(%q).select(), true)`, field))
			h.insert(value)
		}
		if got := eval[string](h.tab, fmt.Sprintf(`(e => e.type === "radio" || e.type === "checkbox" ? [...document.querySelectorAll(%[1]q)].filter(e => e.checked).map(e => e.value).join() : e.value)(document.querySelector(%[1]q))`, field)); !strings.Contains(got, value) {
			h.Fatalf("%s holds %q, not %q", field, got, value)
		}
	}
}

// turnTo moves a list to a value with the arrow.
func (h *hand) turnTo(list, value string) {
	h.Helper()
	h.steps++
	eval[bool](h.tab, fmt.Sprintf("(document.querySelector(%q).focus(), true)", list))
	h.key("Home")
	for range 300 {
		if eval[string](h.tab, "document.activeElement.value") == value {
			return
		}
		h.key("ArrowDown")
	}
	h.Fatalf("%s has no %q", list, value)
}

// insert types a text where the focus is; it is no step of its own.
func (h *hand) insert(text string) {
	h.Helper()
	h.keys++
	h.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// send presses the first button of a form, and waits for the page to which it leads.
func (h *hand) send(form string) {
	h.Helper()
	h.leaves(form + " button")
}

// leaves presses the mouse on what leads to another page, and waits for that page.
func (h *hand) leaves(selector string) {
	h.Helper()
	before := eval[float64](h.tab, "performance.timeOrigin")
	h.click(selector)
	for range 400 {
		time.Sleep(25 * time.Millisecond)
		now, err := chromedp.Run(h.ctx, chromedp.Evaluate[float64](`document.readyState === "complete" ? performance.timeOrigin : 0`))
		if err == nil && now != 0 && now != before {
			return
		}
	}
	h.Fatalf("%s leads nowhere from %s, which says %s", selector, eval[string](h.tab, "location.pathname"), h.text())
}

// lacks wants no such words on the page.
func (h *hand) lacks(words ...string) {
	h.Helper()
	text := h.text()
	for _, w := range words {
		if strings.Contains(text, w) {
			h.Errorf("%s says %q", eval[string](h.tab, "location.pathname"), w)
		}
	}
}

// last is the last part of the page's address: the id of what it shows.
func (h *hand) last() string {
	h.Helper()
	return eval[string](h.tab, `location.pathname.split("/").pop()`)
}

// contains reports that a text has all the words.
func contains(text string, words ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// officers names people who hold keys of their own, to whom ways to reach somebody are sealed; the keys by name.
func (s *story) officers(names ...string) map[string]string {
	s.Helper()
	keys := map[string]string{}
	for _, name := range names {
		const words = "a long enough passphrase for a test"
		made, err := desk.MakeOfficer(name, []byte(words))
		if err == nil {
			_, err = s.NameOfficer(ctx, localActor, made.Officer)
		}
		if err == nil {
			keys[name], err = seal.OpenIdentity(made.File, func() ([]byte, error) { return []byte(words), nil })
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	return keys
}
