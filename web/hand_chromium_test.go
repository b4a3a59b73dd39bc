package web

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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

// newHand opens a browser on a page that lies at base.
func newHand(t testing.TB, base, path string) *hand {
	h := &hand{tab: browse(t, base)}
	h.look(screens[0])
	h.visit(path)
	return h
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

// keyCodes are the numbers of keys that write no letter.
var keyCodes = map[string]int64{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowDown": 40, "Home": 36}

// key presses one key by its DOM name, with Shift where the name begins so.
func (h *hand) key(name string) {
	h.Helper()
	h.keys++
	name, shifted := strings.CutPrefix(name, "Shift+")
	text := map[string]string{"Enter": "\r", " ": " "}[name]
	if utf8.RuneCountInString(name) == 1 {
		text = name
	}
	event := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Code: name, WindowsVirtualKeyCode: keyCodes[name], Text: text}
	if shifted {
		event.Modifiers = 8
	}
	h.do(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event); err != nil {
			return err
		}
		event.Type, event.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event)
		return err
	})
}

// hit presses a key that means something where one is.
func (h *hand) hit(key string) {
	h.Helper()
	h.steps++
	h.key(key)
}

// goes presses a key that leads to another page, and waits until that one stands.
func (h *hand) goes(key string) {
	h.Helper()
	before := eval[float64](h.tab, "performance.timeOrigin")
	h.hit(key)
	for range 400 {
		time.Sleep(25 * time.Millisecond)
		now, err := chromedp.Run(h.ctx, chromedp.Evaluate[float64](`document.readyState === "complete" ? performance.timeOrigin : 0`))
		if err == nil && now != 0 && now != before { // while a page is left nobody answers
			return
		}
	}
	h.Fatalf("%s leads nowhere from %s, where the keyboard is at %q", key, eval[string](h.tab, "location.pathname"), eval[string](h.tab, spoken))
}

// to moves on with Tab until what is in focus is called by all the words.
func (h *hand) to(words ...string) {
	h.Helper()
	h.seek("Tab", words)
}

// back is to the other way round.
func (h *hand) back(words ...string) {
	h.Helper()
	h.seek("Shift+Tab", words)
}

func (h *hand) seek(key string, words []string) {
	h.Helper()
	for range farthest {
		h.key(key)
		if h.hears(words...) {
			return
		}
	}
	h.Fatalf("the keyboard does not reach %q on %s", words, eval[string](h.tab, "location.pathname"))
}

// hears reports that what is in focus is called by all the words.
func (h *hand) hears(words ...string) bool {
	h.Helper()
	said := strings.ToLower(eval[string](h.tab, spoken))
	for _, w := range words {
		if !strings.Contains(said, strings.ToLower(w)) {
			return false
		}
	}
	return said != ""
}

// write types into what the words name.
func (h *hand) write(text string, words ...string) {
	h.Helper()
	h.to(words...)
	h.typed(text)
}

// typed types where the focus is, once something there takes it.
func (h *hand) typed(text string) {
	h.Helper()
	for range 100 {
		if eval[bool](h.tab, `document.activeElement.matches("textarea, select, input")`) {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	h.steps++
	h.keys++
	h.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// press reaches what the words name and presses a key there that leads nowhere else.
func (h *hand) press(key string, words ...string) {
	h.Helper()
	h.to(words...)
	h.hit(key)
}

// follow reaches what the words name, presses Enter there and waits for the page that comes, whose address begins as given.
func (h *hand) follow(path string, words ...string) {
	h.Helper()
	h.to(words...)
	h.goes("Enter")
	h.arrives(path)
}

// choose picks an option of the list that the words name by typing how it begins. Where the machine was so slow that the list took the
// letters for several words, they are typed again.
func (h *hand) choose(option string, words ...string) {
	h.Helper()
	h.to(words...)
	h.steps++
	for range 5 {
		for _, letter := range option {
			h.key(string(letter))
		}
		if got := eval[string](h.tab, `document.activeElement.selectedOptions[0].text.trim()`); strings.HasPrefix(strings.ToLower(got), strings.ToLower(option)) {
			return
		}
		h.key("Escape")
		time.Sleep(1200 * time.Millisecond)
	}
	h.Fatalf("the list of %q has no %q", words, option)
}

// pick chooses one of the buttons of a group with the arrow.
func (h *hand) pick(option string, group ...string) {
	h.Helper()
	h.to(group...)
	h.steps++
	for range 30 {
		if h.hears(option) {
			h.key(" ")
			return
		}
		h.key("ArrowDown")
	}
	h.Fatalf("the group %q has no %q", group, option)
}

// says wants words on the page as one reads them.
func (h *hand) says(words ...string) {
	h.Helper()
	text := h.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			h.Errorf("%s does not say %q", eval[string](h.tab, "location.pathname"), w)
		}
	}
}

func (h *hand) text() string {
	h.Helper()
	return eval[string](h.tab, `document.querySelector("main").innerText`)
}

// took says what a task took, in at most so many steps, and that the browser found nothing to complain of.
func (h *hand) took(task string, most int) {
	h.Helper()
	h.Logf("task: %s: %d steps, %d keys", task, h.steps, h.keys)
	if h.steps > most {
		h.Errorf("%s took %d steps, more than %d", task, h.steps, most)
	}
	if troubles, _ := h.taken(); len(troubles) > 0 {
		h.Errorf("the browser complains: %q", troubles)
	}
}
