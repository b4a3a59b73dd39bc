package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"ward/access"
	"ward/locale"
)

// tour is every kind of page, without its language.
func tour(t testing.TB, h http.Handler) []string {
	t.Helper()
	paths := []string{"/", "/states?sort=name", "/states/XAA", "/states/LUX", "/states/XAA/CIHL:R28/2021", "/incidents", "/incidents?q=clinic&country=XAA&certainty=possible&sort=killed",
		"/incidents?q=" + url.QueryEscape("درمانگاه"), "/incidents?q=clinix", "/method", "/nowhere", "/states/XAA?from=now"}
	var single, double string
	for _, e := range shown(t, h, "/en/incidents?register=SiND&country=XAB").all("a") {
		if rest, is := strings.CutPrefix(e.attr["href"], "/en"); is && strings.HasPrefix(rest, "/incidents/WRD-") {
			if len(shown(t, h, "/en"+rest).all("table.many")) > 0 {
				double = rest
			} else {
				single = rest
			}
		}
	}
	if single == "" || double == "" {
		t.Fatal("the invented world lacks an incident of one source, or of two")
	}
	return append(paths, single, double)
}

// Nobody is shut out of a page: axe finds nothing serious, the console is silent, nothing is fetched from elsewhere, and
// a phone never scrolls to the side.
func TestPagesShutNobodyOut(t *testing.T) {
	axe := axeSource(t)
	h, bare := pagesOf(t, simulated(t)), pagesOf(t, workspace(t))
	paths := tour(t, h)
	for _, lang := range []string{"en", "fa"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			full, empty := httptest.NewServer(h), httptest.NewServer(bare)
			defer full.Close()
			defer empty.Close()
			b := browse(t, full.URL+"/"+lang)
			for _, path := range paths {
				b.judge(axe, path)
			}
			for _, path := range []string{"/", "/states", "/incidents"} {
				b.judge(axe, empty.URL+"/"+lang+path)
			}
		})
	}
}

// judge looks at one page on every screen, and once with all that folds unfolded.
func (b *tab) judge(axe, path string) {
	b.Helper()
	b.look(screens[0])
	b.visit(path)
	troubles, requests := b.taken()
	for _, trouble := range troubles {
		b.Errorf("%s: the console says %s", path, trouble)
	}
	for _, r := range requests {
		if !strings.HasPrefix(r, "http://127.0.0.1:") && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "file:") {
			b.Errorf("%s asks for %s", path, r)
		}
	}
	eval[chromedp.Void](b, axe)
	for _, s := range screens {
		b.look(s)
		if s.unfolded {
			eval[chromedp.Void](b, `document.querySelectorAll("details").forEach(d => d.open = true)`)
		}
		where := path + " (" + s.name + ")"
		if wide := eval[string](b, sideways); wide != "" {
			b.Errorf("%s scrolls to the side: %s", where, wide)
		}
		b.axe(where, s.rules)
	}
	for _, width := range []int64{320, 700, 1000} {
		b.look(screen{width: width, scheme: "light"})
		if wide := eval[string](b, sideways); wide != "" {
			b.Errorf("%s, %d wide, scrolls to the side: %s", path, width, wide)
		}
	}
}

func TestTheReportShutsNobodyOutAndPrints(t *testing.T) {
	axe, d := axeSource(t), simulated(t)
	b := browse(t, "")
	for _, lang := range []string{"en", "fa"} {
		file := filepath.Join(t.TempDir(), lang+".html")
		if err := os.WriteFile(file, []byte(report(t, d, "XAA", lang)), 0o600); err != nil {
			t.Fatal(err)
		}
		b.judge(axe, "file://"+file)
		pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(pdf), "/Type /Page\n"); n < 2 || n > 16 {
			t.Errorf("the report in %s prints on %d pages", lang, n)
		}
	}
}

// A reader who uses the keyboard meets the way past the menu first, then the menu, and sees where they are.
func TestTheKeyboardReachesEverythingInOrder(t *testing.T) {
	server := httptest.NewServer(pagesOf(t, simulated(t)))
	defer server.Close()
	for _, lang := range []locale.Lang{locale.English, locale.Persian} {
		c := locale.For(lang)
		want := []string{c.T("nav.skip"), "Ward"}
		rooms := menuFor(access.Local(), "incidents")
		for _, r := range rooms {
			want = append(want, c.T("nav."+r.Name))
		}
		want = append(want, c.T("nav.languages")+" "+c.Name())
		for _, p := range rooms[0].Places {
			want = append(want, c.T("nav."+p.Name))
		}
		want = append(want, c.T("signin.none.make"), c.T("edit.new.link"), "")
		b := browse(t, server.URL)
		b.look(screens[0])
		b.visit("/" + string(lang) + "/incidents")
		var met []string
		for range want {
			b.press("Tab", 9)
			met = append(met, eval[string](b, `document.activeElement.innerText.replace(document.activeElement.querySelector(".badge")?.innerText ?? "", "").trim().replace(/\s+/g, " ")`))
			if !eval[bool](b, `getComputedStyle(document.activeElement).outlineStyle !== "none" && document.activeElement.getBoundingClientRect().right > 0`) {
				t.Errorf("%s: nobody sees that %q is chosen", lang, met[len(met)-1])
			}
		}
		if !slices.Equal(met, want) {
			t.Errorf("%s: the keyboard meets %q", lang, met)
		}
		if got := eval[string](b, `document.activeElement.id`); got != "q" {
			t.Errorf("%s: after the menu comes %q, not the search", lang, got)
		}
		b.visit("/" + string(lang) + "/states/XAA")
		b.press("Tab", 9)
		b.press("Enter", 13)
		if got := eval[string](b, `document.activeElement.id`); got != "main" {
			t.Errorf("%s: past the menu one comes to %q", lang, got)
		}
	}
}

func (b *tab) press(key string, code int64) {
	b.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		text := map[string]string{"Enter": "\r"}[key]
		_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: key, WindowsVirtualKeyCode: code, Text: text})
		return err
	})
}

// Everything works without script: searching, folding out, and going on.
func TestPagesWorkWithoutScript(t *testing.T) {
	server := httptest.NewServer(pagesOf(t, simulated(t)))
	defer server.Close()
	b := browse(t, server.URL)
	b.script(false)
	b.look(screens[2])
	b.visit("/en/incidents")
	before := b.height()
	b.click("details.facets > summary")
	if after := b.height(); after < before+400 {
		t.Errorf("the filters do not fold out: %.0f, then %.0f", before, after)
	}
	b.click("#q")
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: "clinic"})
		return err
	})
	b.press("Enter", 13)
	b.arrives("/en/incidents?q=clinic")
	b.look(screens[0])
	b.visit("/en/states/XAA")
	b.click(".ch-matrix td a")
	b.arrives("/en/states/XAA/")
}

func (b *tab) height() (h float64) {
	b.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		m, err := cdp.Call(ctx, target, page.GetLayoutMetrics, cdp.Empty{})
		if err == nil {
			h = m.CSSContentSize.Height
		}
		return err
	})
	return h
}

// click finds an element by the protocol alone, since script is off, and clicks in its middle.
func (b *tab) click(selector string) {
	b.Helper()
	x, y := b.middle(selector)
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
			if _, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: "left", ClickCount: 1}); err != nil {
				return err
			}
		}
		return nil
	})
}

// middle is where an element stands. While a page arrives the browser renews its nodes, and a node found a moment ago may be
// gone: then it is asked again.
func (b *tab) middle(selector string) (x, y float64) {
	b.Helper()
	var err error
	for range 100 {
		err = chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			x, y, err = middleOf(ctx, target, selector)
			return err
		}))
		if err == nil {
			return x, y
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("%s: %v", selector, err)
	return 0, 0
}

func middleOf(ctx context.Context, target *chromedp.Target, selector string) (x, y float64, err error) {
	root, err := cdp.Call(ctx, target, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return 0, 0, err
	}
	node, err := cdp.Call(ctx, target, dom.QuerySelector, dom.QuerySelectorParams{NodeID: root.Root.NodeID, Selector: selector})
	if err != nil {
		return 0, 0, err
	}
	if _, err := cdp.Call(ctx, target, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{NodeID: node.NodeID}); err != nil {
		return 0, 0, err
	}
	box, err := cdp.Call(ctx, target, dom.GetBoxModel, dom.GetBoxModelParams{NodeID: node.NodeID})
	if err != nil {
		return 0, 0, err
	}
	q := box.Model.Content
	return (q[0] + q[4]) / 2, (q[1] + q[5]) / 2, nil
}

// arrives waits until the address begins as given; while a page is left the browser has none to tell.
func (b *tab) arrives(path string) {
	b.Helper()
	got := ""
	for range 100 {
		_ = chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			history, err := cdp.Call(ctx, target, page.GetNavigationHistory, cdp.Empty{})
			if err == nil {
				got = history.Entries[history.CurrentIndex].URL
			}
			return err
		}))
		if strings.HasPrefix(got, b.base+path) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Errorf("the page is %s, not %s", got, path)
}
