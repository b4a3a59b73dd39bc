package web

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// pressAt is a press and a lift at one spot of the drawing, by mouse or by finger; x and y are shares of its width and height.
func (b *tab) pressAt(kind input.DispatchMouseEventPointerType, x, y float64) {
	b.Helper()
	eval[bool](b, `document.querySelector("[data-body] svg").scrollIntoView({block: "center"}), true`)
	at := eval[[]float64](b, `(() => { const r = document.querySelector("[data-body] svg").getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()`)
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		for _, event := range []input.DispatchMouseEventType{"mousePressed", "mouseReleased"} {
			if _, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: event, X: at[0] + x*at[2], Y: at[1] + y*at[3], Button: "left", ClickCount: 1, PointerType: kind}); err != nil {
				return err
			}
		}
		return nil
	})
}

// marked is where the form says the mark is: across, down, part of the body.
func (b *tab) marked() []string {
	return eval[[]string](b, `["x", "y", "region"].map(n => document.querySelector("form.marking [name=" + n + "]").value)`)
}

// A finding is marked by mouse, by pen, and by keyboard alone, in a script that runs from the right too; the same lands on record.
func TestAFindingIsMarkedByMouseAndByKeyboard(t *testing.T) {
	axeSource(t)
	d, id := evaluated(t)
	h := pagesOf(t, d)
	sender{h}.ok(t, "/en/evaluations/"+id+"/write/consent", consented("exam"))
	server := httptest.NewServer(h)
	defer server.Close()
	b := browse(t, server.URL)
	for _, s := range []screen{screens[0], screens[2]} {
		b.look(s)
		for _, kind := range []input.DispatchMouseEventPointerType{"mouse", "pen"} {
			b.visit("/fa/evaluations/" + id + "/findings/new?kind=physical&view=front")
			b.pressAt(kind, 0.6, 0.245)
			if got := strings.Join(b.marked(), " "); got != "600 245 chest.left" && got != "600 246 chest.left" && got != "599 245 chest.left" {
				t.Errorf("%s by %s: %q", s.name, kind, got)
			}
		}
	}
	k := newHand(t, server.URL, "/en/evaluations/"+id+"/findings/new?kind=physical&view=back")
	k.to("Drawing for marking")
	for range 10 {
		k.hit("ArrowLeft")
	}
	for range 26 {
		k.hit("ArrowUp")
	}
	k.hit("Shift+ArrowUp")
	k.hit("Enter")
	if got := strings.Join(k.marked(), " "); got != "400 239 shoulder_blade.left" {
		t.Errorf("by keyboard: %q", got)
	}
	k.says("Marked: Shoulder blade · left")
	k.choose("Scar", "What it is")
	k.write("Two pale lines", "Description")
	k.to("Save")
	k.goes("Enter")
	f, err := d.Evaluation(ctx, localActor, id)
	if err != nil || len(f.Findings) != 1 || f.Findings[0].X != 400 || f.Findings[0].Y != 239 || f.Findings[0].Side != "left" || f.Findings[0].Known != "seen" {
		t.Errorf("%v %+v", err, f.Findings)
	}
	if troubles, _ := k.taken(); len(troubles) > 0 {
		t.Error(troubles)
	}
}

// What is typed into a section is kept as a draft without a press, and offered when one comes back.
func TestASectionIsKeptAsADraft(t *testing.T) {
	axeSource(t)
	d, id := evaluated(t)
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	k := newHand(t, server.URL, "/en/evaluations/"+id+"/write/background")
	k.write("Grew up by the sea", "Life before")
	for range 100 {
		if time.Sleep(100 * time.Millisecond); strings.Contains(k.text(), "Kept as a draft") {
			break
		}
	}
	k.visit("/en/evaluations/" + id + "/write/background")
	k.says("Something was typed here and not saved")
	k.visit("/en/evaluations/" + id + "/write/background?draft=1")
	if got := eval[string](k.tab, `document.querySelector("[name=life]").value`); got != "Grew up by the sea" {
		t.Errorf("%q", got)
	}
}
