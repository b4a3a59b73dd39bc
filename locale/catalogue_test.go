package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var place = regexp.MustCompile(`\{[a-z0-9]+\}`)

// places are the places of a text, sorted; a month in either style is a month.
func places(s string) []string {
	p := place.FindAllString(strings.ReplaceAll(s, "{alone}", "{month}"), -1)
	slices.Sort(p)
	return slices.Compact(p)
}

func TestCataloguesAgree(t *testing.T) {
	source := For(English)
	for _, l := range Langs() {
		c := For(l)
		for key, want := range source.messages {
			got, ok := c.messages[key]
			switch {
			case !ok:
				t.Errorf("%s lacks %s", l, key)
			case (got.forms == nil) != (want.forms == nil):
				t.Errorf("%s: %s has plural forms in one language only", l, key)
			case got.forms == nil && strings.TrimSpace(got.text) == "" && !strings.HasPrefix(key, "format."):
				t.Errorf("%s: %s is empty", l, key)
			case got.forms == nil && !slices.Equal(places(got.text), places(want.text)):
				t.Errorf("%s: %s has the places %v, want %v", l, key, places(got.text), places(want.text))
			case got.forms != nil:
				plurals(t, c, key, got, places(want.forms["other"]))
			}
		}
		for key := range c.messages {
			if !source.Has(key) {
				t.Errorf("%s has %s, which English lacks", l, key)
			}
		}
	}
}

// plurals checks that every form that numbers need is there and has the places of the source, save that a form for
// one number only may leave the number out.
func plurals(t *testing.T, c *Catalogue, key string, m message, want []string) {
	for n := int64(0); n <= 1000; n++ {
		if _, ok := m.forms[c.form(n)]; !ok {
			t.Errorf("%s: %s lacks the form %q of %d", c.lang, key, c.form(n), n)
			return
		}
	}
	for form, text := range m.forms {
		got := places(text)
		if form != "other" && slices.Contains(want, "{n}") && !slices.Contains(got, "{n}") {
			got = append(got, "{n}")
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s (%s) has the places %v, want %v", c.lang, key, form, got, want)
		}
	}
}

func TestFormatsAreComplete(t *testing.T) {
	for _, l := range Langs() {
		c := For(l)
		if len(c.digits) != 10 {
			t.Errorf("%s has %d digits", l, len(c.digits))
		}
		for style, months := range c.dates {
			for m, name := range months {
				if name == "" {
					t.Errorf("%s: style %d has no month %d", l, style, m+1)
				}
			}
		}
		for _, kind := range []string{"invalid", "not_found", "conflict", "undecided", "refused", "limit", "cancelled", "internal"} {
			if !c.Has("error."+kind+".title") || !c.Has("error."+kind+".text") {
				t.Errorf("%s says nothing about the fault %s", l, kind)
			}
		}
		for _, level := range []string{"N0", "N1", "F1", "F2", "F3", "F4", "not_in_force"} {
			if !c.Has("level."+level) || !c.Has("key."+level) {
				t.Errorf("%s has no sentence or no legend for the level %s", l, level)
			}
		}
	}
}

// A key that a file repeats would silently lose its first text.
func TestNoKeyTwice(t *testing.T) {
	for _, l := range Langs() {
		areas, err := fs.Glob(files, "messages/"+string(l)+"/*.json")
		if err != nil || len(areas) == 0 {
			t.Fatalf("%s has no files: %v", l, err)
		}
		seen := map[string]string{}
		for _, area := range areas {
			noKeyTwice(t, area, seen)
		}
	}
}

func noKeyTwice(t *testing.T, area string, seen map[string]string) {
	b, err := files.ReadFile(area)
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]any
	if err := json.Unmarshal(b, &whole); err != nil {
		t.Fatalf("%s: %v", area, err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\s*"([a-zA-Z0-9_.-]+)"\s*:`).FindAllStringSubmatch(string(b), -1) {
		if before, twice := seen[m[1]]; twice && strings.Contains(m[1], ".") {
			t.Errorf("%s has %s, which stands in %s", area, m[1], before)
		}
		seen[m[1]] = area
	}
}

// Ways in which templates and code name a message. A name ending in a point is the beginning of a key that a
// program completes ("level." + code): at least one message must begin so.
var (
	action  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	inHTML  = regexp.MustCompile(`(?:^\{\{-?\s*|[\s(|])[tn]\s+\(?(?:printf\s+)?"([^"]+)"`)
	inGo    = regexp.MustCompile(`\.[TN]\(\s*"([^"]+)"`)
	keyLike = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[A-Za-z0-9_%-]+)*\.?$`)
)

func TestEveryKeyInUseHasAMessage(t *testing.T) {
	checked := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != ".." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || path == filepath.Join("..", "locale")) {
				return filepath.SkipDir
			}
			return nil
		}
		for _, key := range keysIn(t, path) {
			checked++
			if !known(key) {
				t.Errorf("%s uses %q, and no catalogue has it", path, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d uses checked", checked)
}

func keysIn(t *testing.T, path string) []string {
	var found [][]string
	switch {
	case strings.HasSuffix(path, "_test.go"):
		return nil
	case strings.HasSuffix(path, ".go"):
		found = inGo.FindAllStringSubmatch(read(t, path), -1)
	case strings.HasSuffix(path, ".html"):
		for _, a := range action.FindAllString(read(t, path), -1) {
			found = append(found, inHTML.FindAllStringSubmatch(a, -1)...)
		}
	}
	var out []string
	for _, f := range found {
		if keyLike.MatchString(f[1]) {
			out = append(out, f[1])
		}
	}
	return out
}

func read(t *testing.T, path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// known compares a key, or a beginning of keys ("level.", "error.%s.title"), with the catalogue.
func known(key string) bool {
	if !strings.HasSuffix(key, ".") && !strings.Contains(key, "%") {
		return For(English).Has(key)
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(key), "%s", `[A-Za-z0-9_.-]+`)
	if strings.Contains(key, "%") {
		pattern += "$"
	}
	begins := regexp.MustCompile(pattern)
	for k := range For(English).messages {
		if begins.MatchString(k) {
			return true
		}
	}
	return false
}

// The scan itself must see what it is for.
func TestTheScanSees(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "p.html")
	text := `<a title="{{t "nav.home"}}">{{- n "count.rows" .Rows}} {{if (t "a.b")}}{{.X | printf "%s" | t "c.d"}}{{t (printf "error.%s.title" .Kind)}}{{end}} t "not.this"`
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code := filepath.Join(dir, "p.go")
	if err := os.WriteFile(code, []byte(`x := c.T("nav.gone") + c.N("count.rows", 2) + c.T("level." + l)`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(keysIn(t, page)), "[nav.home count.rows a.b c.d error.%s.title]"; got != want {
		t.Errorf("template: %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(keysIn(t, code)), "[nav.gone count.rows level.]"; got != want {
		t.Errorf("code: %s, want %s", got, want)
	}
	if known("nav.gone") || !known("level.") || !known("error.%s.title") || known("nothing.%s") {
		t.Error("the comparison with the catalogue is wrong")
	}
}

// Whatever calls somebody stands on Today as well, counted.
func TestEveryKindOfNoticeIsCountedOnToday(t *testing.T) {
	for key := range For(English).messages {
		if kind, ok := strings.CutPrefix(key, "notices.kind."); ok && !For(English).Has("today.wait."+kind) {
			t.Errorf("today.wait.%s is missing", kind)
		}
	}
}
