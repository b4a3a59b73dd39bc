package web

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const chromium = "/usr/bin/chromium"

// missing skips a test that lacks a tool, or fails where all tests must run.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("WARD_TEST_ALL") == "1" {
		t.Fatalf("WARD_TEST_ALL=1 and %s", what)
	}
	t.Skip(what)
}

// axeSource is axe-core, which finds what shuts people out of a page.
func axeSource(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing(t, "axe-core is not there: run `npm install --no-save axe-core@4.14.1` in the repository")
	}
	return string(b)
}

// tab is a page of a Chromium that has nothing but a fresh profile.
type tab struct {
	testing.TB
	ctx  context.Context
	base string

	mu       sync.Mutex
	troubles []string // what the console complained of
	requests []string // all that was asked for
}

// browse starts Chromium; the pages that a path names stand at base.
func browse(t testing.TB, base string) *tab {
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		missing(t, "there is no "+chromium+": install Debian's package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.DisableGPU)
	for _, flag := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	limited, cancel := context.WithTimeout(context.Background(), 6*time.Minute)
	allocator, stop := chromedp.NewExecAllocator(limited, options...)
	ctx, leave := chromedp.NewContext(allocator)
	t.Cleanup(func() { leave(); stop(); cancel() })
	b := &tab{TB: t, ctx: ctx, base: base}
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return err
	})
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *tab) do(step func(ctx context.Context, target *chromedp.Target) error) {
	b.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Func(step)); err != nil {
		b.Fatal(err)
	}
}

// hear notes what the browser complains of and asks for. An error page is no complaint.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if !strings.Contains(e.Entry.Text, "responded with a status of") {
			b.troubles = append(b.troubles, string(e.Entry.Level)+": "+e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.troubles = append(b.troubles, "exception: "+e.ExceptionDetails.Text)
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// taken hands over what was heard and forgets it.
func (b *tab) taken() (troubles, requests []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	troubles, requests = b.troubles, b.requests
	b.troubles, b.requests = nil, nil
	return troubles, requests
}

func (b *tab) visit(path string) {
	b.Helper()
	if !strings.Contains(path, "://") {
		path = b.base + path
	}
	if err := chromedp.Do(b.ctx, chromedp.Navigate(path)); err != nil {
		b.Fatalf("%s: %v", path, err)
	}
}

// screen is how a reader looks at a page.
type screen struct {
	name     string
	width    int64
	scheme   string
	unfolded bool   // with all that folds unfolded
	rules    string // of axe
}

// What axe looks for: everything, or what a change of colours alone can break.
const (
	allRules    = `"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"`
	colourRules = `"color-contrast", "link-in-text-block"`
)

var screens = []screen{{"desktop, light", 1280, "light", false, allRules}, {"desktop, dark", 1280, "dark", false, colourRules},
	{"phone, dark", 390, "dark", false, allRules}, {"phone, light, unfolded", 390, "light", true, allRules}}

func (b *tab) look(s screen) {
	b.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		size := emulation.SetDeviceMetricsOverrideParams{Width: s.width, Height: 844, DeviceScaleFactor: 1, Mobile: s.width < 600}
		if _, err := cdp.Call(ctx, target, emulation.SetDeviceMetricsOverride, size); err != nil {
			return err
		}
		scheme := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: s.scheme}}}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, scheme)
		return err
	})
}

func (b *tab) script(on bool) {
	b.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// eval asks the page through the developer's protocol, which the page's own policy does not bind.
func eval[T any](b *tab, js string) T {
	b.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%.60s: %v", js, err)
	}
	return got
}

// violation is one rule of axe that a page breaks.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	}
}

// axe judges the page as it stands; axe-core must have been evaluated in it.
func (b *tab) axe(where, rules string) {
	b.Helper()
	found := eval[[]byte](b, `axe.run(document, {resultTypes: ["violations"], runOnly: [`+rules+`]}).then(r => r.violations)`)
	var violations []violation
	if err := json.Unmarshal(found, &violations); err != nil {
		b.Fatal(err)
	}
	for _, v := range violations {
		if v.Impact == "serious" || v.Impact == "critical" {
			n := v.Nodes[0]
			b.Errorf("%s: %s (%s), %d places, such as %.300s\n%.400s", where, v.Help, v.ID, len(v.Nodes), n.HTML, n.FailureSummary)
		}
	}
}

// sideways names what makes the page scroll to the side.
const sideways = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return "";
	const wide = [...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect(); return r.right > width + 1 && !e.closest(".ch-scroll") });
	return document.documentElement.scrollWidth + " > " + width + ": " + wide.slice(0, 4).map(e => e.outerHTML.slice(0, 80)).join(" | ");
})()`
