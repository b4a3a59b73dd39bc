package web

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"ward/staff"
)

// holdsKey gives the tab a device that keeps passkeys and always says that its holder is there.
func (b *tab) holdsKey() {
	b.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Ctap2version: "ctap2_1", Transport: "internal", HasResidentKey: true, HasUserVerification: true, AutomaticPresenceSimulation: true, IsUserVerified: true}})
		return err
	})
}

// until waits for a page whose path ends so.
func (b *tab) until(end string) {
	b.Helper()
	for range 100 {
		if strings.HasSuffix(eval[string](b, "location.pathname"), end) && eval[string](b, "document.readyState") == "complete" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("still at %s, not at %s: %s", eval[string](b, "location.href"), end, eval[string](b, "document.querySelector('main').innerText"))
}

func TestAPasskeySignsIn(t *testing.T) {
	d, ann := staffedDesk(t)
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	b := browse(t, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)+"/en")
	b.holdsKey()
	b.visit("/sign-in")
	eval[bool](b, `(() => { const f = document.querySelector("form.signin"); f.name.value = "Ann"; f.passphrase.value = "`+goodWords+`"; f.code.value = "`+ann.RecoveryCodes[0]+`"; f.submit(); return true })()`)
	b.until("/en/today")
	b.visit("/account")
	eval[bool](b, `(() => { const p = document.querySelector("[data-passkey=add]"); p.querySelector("[name=label]").value = "Laptop"; p.querySelector("button").click(); return true })()`)
	for range 100 {
		if eval[bool](b, `!!document.body && document.body.innerText.includes("Laptop")`) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	eval[bool](b, `(document.querySelector(".whoami form").submit(), true)`)
	b.until("/en/sign-in")
	eval[bool](b, `(document.querySelector("[data-passkey] button").click(), true)`)
	b.until("/en/today")
	b.visit("/account")
	if text := eval[string](b, "document.body.innerText"); !strings.Contains(text, "Laptop") || !strings.Contains(text, "passkey") {
		t.Errorf("after the passkey: %s", text)
	}
	b.visit("/sign-in/again?next=/en/people")
	eval[bool](b, `(document.querySelector("[data-passkey] button").click(), true)`)
	b.until("/en/people")
	people, err := d.Accounts(ctx, localActor)
	if err != nil || len(people[0].Of(staff.Passkey)) != 1 {
		t.Errorf("%+v, %v", people, err)
	}
	if troubles, _ := b.taken(); len(troubles) > 0 {
		t.Error(troubles)
	}
}
