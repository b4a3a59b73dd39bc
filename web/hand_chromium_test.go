package web

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// hand works in a browser by keyboard alone and counts: a step is one deliberate act (to reach something and type, choose or press), a key
// is one key pressed, a typed text counting as one.
type hand struct {
	*tab
	steps, keys int
}

// farthest is how many times Tab is pressed in search of something: more than any page of ours has places.
const farthest = 400

// spoken is what a screen reader would call the element in focus: label, text, value.
const spoken = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return "";
	const labels = [...(e.labels || [])].map(l => l.innerText).join(" ");
	const by = (e.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id)?.innerText || "").join(" ");
	const group = e.closest("fieldset")?.querySelector("legend")?.innerText || "";
	return [e.getAttribute("aria-label") || "", by, labels, e.tagName === "SELECT" ? "" : e.innerText || "", e.type === "submit" ? e.value : "", group].join(" ").replace(/\s+/g, " ").trim();
})()`

// key presses one key by its DOM name.
func (h *hand) key(name string) {
	h.Helper()
	h.keys++
	codes := map[string]int64{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowDown": 40, "ArrowUp": 38, "End": 35, "Home": 36}
	text := map[string]string{"Enter": "\r", " ": " "}[name]
	if len(name) == 1 {
		text = name
	}
	h.do(func(ctx context.Context, target *chromedp.Target) error {
		down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Code: name, WindowsVirtualKeyCode: codes[name], Text: text}
		if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, down); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: name, Code: name, WindowsVirtualKeyCode: codes[name]})
		return err
	})
}

// to moves on with Tab until what is in focus is called by all the words.
func (h *hand) to(words ...string) {
	h.Helper()
	for range farthest {
		h.key("Tab")
		said := eval[string](h.tab, spoken)
		found := said != ""
		for _, w := range words {
			found = found && strings.Contains(strings.ToLower(said), strings.ToLower(w))
		}
		if found {
			return
		}
	}
	h.Fatalf("the keyboard does not reach %q on %s", words, eval[string](h.tab, "location.pathname"))
}

// write types into what the words name.
func (h *hand) write(text string, words ...string) {
	h.Helper()
	h.to(words...)
	h.typed(text)
}

// typed types where the focus is; it is one step.
func (h *hand) typed(text string) {
	h.Helper()
	h.steps++
	h.keys++
	h.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// press reaches what the words name and presses a key there: Enter on a link or a button, a blank on a box.
func (h *hand) press(key string, words ...string) {
	h.Helper()
	h.to(words...)
	h.steps++
	before := eval[string](h.tab, "location.href + performance.timeOrigin")
	h.key(key)
	if key == "Enter" {
		h.arrived(before)
	}
}

// arrived waits for the page that a press leads to, some seconds at most; a press that stays on its page is none.
func (h *hand) arrived(before string) {
	h.Helper()
	eval[bool](h.tab, `new Promise(done => { let n = 0; const look = () => ++n > 10 ? done(true) : setTimeout(look, 30); look(); })`)
	for range 100 {
		if eval[string](h.tab, `document.readyState === "complete" ? location.href + performance.timeOrigin : ""`) != "" {
			return
		}
	}
	h.Fatalf("no page came after %s", before)
}

// choose picks an option of the list that the words name by typing how it begins.
func (h *hand) choose(option string, words ...string) {
	h.Helper()
	h.to(words...)
	h.steps++
	for _, letter := range option {
		h.key(string(letter))
	}
}

// counted logs what a task took.
func (h *hand) counted(t testing.TB, task string) {
	t.Helper()
	t.Logf("%s: %d steps, %d keys", task, h.steps, h.keys)
}
