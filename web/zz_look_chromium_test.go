package web

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

func (h *hand) lookAll(requests []string) {
	var pages []string
	for _, r := range requests {
		r, _, _ = strings.Cut(strings.TrimPrefix(r, h.base), "#")
		if strings.HasPrefix(r, "/en/") && !slices.Contains(pages, r) && !strings.Contains(r, "sign-in") && !strings.Contains(r, "/draft") {
			pages = append(pages, r)
		}
	}
	for i, p := range pages {
		for _, k := range []struct {
			lang string
			s    screen
		}{{"fa", screen{"", 390, "light", false, ""}}, {"en", screens[1]}} {
			h.look(k.s)
			h.visit("/" + k.lang + strings.TrimPrefix(p, "/en"))
			if w := eval[int](h.tab, "document.documentElement.scrollWidth"); w > int(k.s.width) {
				h.Logf("SIDEWAYS %s %s %d", k.lang, p, w)
			}
			h.do(func(ctx context.Context, target *chromedp.Target) error {
				res, err := cdp.Call(ctx, target, cdpage.CaptureScreenshot, cdpage.CaptureScreenshotParams{CaptureBeyondViewport: new(true)})
				if err != nil {
					return err
				}
				return os.WriteFile(fmt.Sprintf("/tmp/w/lookb/%s_%02d_%s.png", strings.TrimPrefix(h.Name(), "TestStory"), i, k.lang), []byte(res.Data), 0o644)
			})
		}
		h.Logf("%02d %s", i, p)
	}
	h.taken()
}
