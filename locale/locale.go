// Package locale speaks to people in their language: messages, plural forms, numbers, dates and lists.
//
// Terms. A catalogue is everything one language needs, in the files of one folder, messages/<lang>/<area>.json: messages under dotted
// keys, and under "format." the digits, separators and patterns. A message holds places {0}, {1} for arguments and {n} for the
// number that chose its plural form. A language is added by its folder and one word in Langs; a test holds all
// catalogues to the same keys and places, and every key that code or templates name to a message.
package locale

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Lang is a language that Ward speaks, as a BCP 47 code.
type Lang string

const (
	English   Lang = "en"
	Persian   Lang = "fa"
	French    Lang = "fr"
	Spanish   Lang = "es"
	Arabic    Lang = "ar"
	Ukrainian Lang = "uk"
	Turkish   Lang = "tr"
)

// Langs are all languages that are spoken, the source of the translations first. A language is spoken from the day its
// catalogue is complete.
func Langs() []Lang {
	return []Lang{English, Persian, French, Spanish, Arabic, Ukrainian, Turkish}
}

// Parse accepts the code of a language that Ward speaks, in any case, with or without a region.
func Parse(s string) (Lang, bool) {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-")
	l := Lang(base)
	return l, slices.Contains(Langs(), l)
}

// RTL reports that the language is written from right to left.
func (l Lang) RTL() bool { return l == Persian || l == Arabic }

// Dir is the value of the dir attribute: "ltr" or "rtl".
func (l Lang) Dir() string {
	if l.RTL() {
		return "rtl"
	}
	return "ltr"
}

// Negotiate chooses the language of a page: the one asked for in the address, else the best that the Accept-Language
// header lists, else English.
func Negotiate(accept, param string) Lang {
	if l, ok := Parse(param); ok {
		return l
	}
	const longest = 400 // more than any browser sends
	if len(accept) > longest {
		accept = accept[:strings.LastIndexByte(accept[:longest], ',')+1]
	}
	tags, weights, err := language.ParseAcceptLanguage(strings.TrimSuffix(accept, ","))
	if err != nil {
		return English
	}
	for i, tag := range tags {
		base, _ := tag.Base()
		if l, ok := Parse(base.String()); ok && weights[i] > 0 {
			return l
		}
	}
	return English
}

// Catalogue is one language, ready to speak. It is safe for use by many at once.
type Catalogue struct {
	lang     Lang
	tag      language.Tag
	messages map[string]message
	digits   []rune
	dates    [2][12]string // months: joined to what stands beside them, alone
}

// message is a text, or a text for each plural form.
type message struct {
	text  string
	forms map[string]string
}

// UnmarshalJSON reads "text" or {"one": "text", "other": "text"}.
func (m *message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		return json.Unmarshal(b, &m.forms)
	}
	return json.Unmarshal(b, &m.text)
}

//go:embed messages
var files embed.FS

var catalogues = sync.OnceValue(func() map[Lang]*Catalogue {
	out := map[Lang]*Catalogue{}
	for _, l := range Langs() {
		out[l] = load(l)
	}
	return out
})

// load reads one catalogue. An unreadable file gives an empty catalogue, which speaks in keys; a test rules it out.
func load(l Lang) *Catalogue {
	c := &Catalogue{lang: l, tag: language.Make(string(l)), messages: map[string]message{}}
	areas, err := fs.Glob(files, "messages/"+string(l)+"/*.json")
	for _, area := range areas {
		b, unread := files.ReadFile(area)
		err = errors.Join(err, unread, json.Unmarshal(b, &c.messages))
	}
	if err != nil {
		c.messages = map[string]message{}
	}
	c.digits = []rune(c.messages["format.digits"].text)
	for i, key := range []string{"format.months", "format.months.alone"} {
		copy(c.dates[i][:], strings.Split(c.messages[key].text, "|"))
	}
	return c
}

// For is the catalogue of a language; one that Ward does not speak gets English.
func For(l Lang) *Catalogue {
	if c, ok := catalogues()[l]; ok {
		return c
	}
	return catalogues()[English]
}

// Name is the language's name in itself.
func (c *Catalogue) Name() string { return c.messages["language.name"].text }

// Draft reports that no person has reviewed the translation yet: pages say so, and safety texts are not shown in it.
func (c *Catalogue) Draft() bool { return c.messages["language.status"].text != "reviewed" }

// Has reports that the catalogue has a message for the key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.messages[key]
	return ok
}

// T is the message under key. Whole numbers among the arguments are written in the language's digits; other text is
// kept apart from the sentence where it runs the other way. A missing key speaks as itself.
func (c *Catalogue) T(key string, args ...any) string {
	m, ok := c.messages[key]
	if !ok {
		return key
	}
	text := m.text
	if m.forms != nil {
		text = m.forms["other"]
	}
	return c.fill(text, "", args)
}

// N is the message under key in the plural form of n, a whole number of any type; {n} stands for the number.
func (c *Catalogue) N(key string, n any, args ...any) string {
	m, ok := c.messages[key]
	if !ok {
		return key
	}
	number, _ := whole(n)
	text, ok := m.forms[c.form(number)]
	if !ok {
		if text = m.forms["other"]; text == "" {
			text = m.text
		}
	}
	return c.fill(text, c.Num(number), args)
}

// form names the plural form of n.
func (c *Catalogue) form(n int64) string {
	if n < 0 {
		n = -n
	}
	i := int(n)
	if n >= 10_000_000 || n < 0 {
		i = int(uint64(n) % 10_000_000)
	}
	switch plural.Cardinal.MatchPlural(c.tag, i, 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}

// fill puts number and arguments into their places in one pass, so that an argument cannot bring places of its own.
func (c *Catalogue) fill(text, number string, args []any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := c.value(name, number, args)
		if !closed || !known {
			b.WriteString("{")
			text = rest
			continue
		}
		b.WriteString(value)
		text = after
	}
}

func (c *Catalogue) value(name, number string, args []any) (string, bool) {
	if name == "n" {
		return number, true
	}
	if len(name) != 1 || name[0] < '0' || name[0] > '9' || int(name[0]-'0') >= len(args) {
		return "", false
	}
	return c.argument(args[name[0]-'0']), true
}
