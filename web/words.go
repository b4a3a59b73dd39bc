package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"ward/access"
	"ward/audit"
	"ward/chart"
	"ward/exchange"
	"ward/incident"
	"ward/locale"
	"ward/tally"
	"ward/vocab"
)

// words are the functions that templates speak with: every text, number and date of a page goes through one language.
func words(lang locale.Lang) template.FuncMap {
	c := locale.For(lang)
	return template.FuncMap{
		"t": c.T, "n": c.N, "num": c.Num, "int": func(n int) string { return c.Num(int64(n)) },
		"year": c.Year, "years": c.Years, "count": c.Count, "span": c.Range, "date": c.Date, "instant": c.Instant,
		"isodate": func(text string) string { return dateOf(text, c) },
		"join":    c.List,
		"label":   func(list, code string) string { return vocab.Label(list, code, string(lang)) },
		"country": func(iso3 string) string { return vocab.CountryName(iso3, string(lang)) },
		"path":    func(parts ...string) string { return address(lang, parts...) },
		"lang":    func() string { return string(lang) },
		"dir":     lang.Dir,
		"draft":   c.Draft,
		"why":     func(key string) string { return "why." + key },
		"stated":  func(inc incident.Incident, field string) string { return stated(inc, field, c) },

		"fieldlabel":  func(field string) string { return fieldLabel(field, lang) },
		"definition":  vocab.Definition,
		"meaning":     flagMeaning,
		"levelclass":  chart.LevelClass,
		"fields":      strings.Fields,
		"labels":      func(list string, codes []string) []string { return labelsOf(list, codes, lang) },
		"codes":       vocab.Codes,
		"pick":        func(name, list, now string) picked { return picked{name, list, now} },
		"worded":      func(prefix, code string) string { return orCode(c, prefix, code) },
		"people_word": func(field string) string { return strings.TrimPrefix(field, "worker.") },
		"people":      func() []string { return peopleColumns },
		"has":         func(m map[string]tally.Count, key string) bool { _, ok := m[key]; return ok },
		"hidden":      func(name string) bool { return name != "q" && name != "from" && name != "to" && name != "page" },
		"digits":      func(text any) string { return c.Digits(fmt.Sprint(text)) },
		"tallied":     func(text string) string { return tallied(text, c) },
		"kilobytes":   func(bytes int64) string { return c.Num((bytes + 1023) / 1024) },
		"exact":       func(n tally.Count) bool { return n.Low == n.High },
		"snippet":     snippet,
		"reportof":    reportNamed,
		"short":       func(id string) string { return id[max(0, len(id)-6):] },
		"unbroken":    func(s string) string { return strings.ReplaceAll(s, "–", "\u2060–\u2060") }, // a range stays on one line
		"anchor":      clauseAnchor,
		"levels":      func() []string { return levels },
		"certainties": func() []string { return []string{"confirmed", "probable", "possible"} },
		"sheet":       sheetAddress,
		"script":      scriptAddress,
		"roles":       func(list []access.Role) string { return roleWords(list, c) },

		"act":       func(code string) string { return actWord(code, c) },
		"exit":      func(code string) string { return orCode(c, "exit.", code) },
		"person":    func(name string) string { return personWord(name, c) },
		"subject":   func(subject string) string { return subjectWord(subject, lang) },
		"isstate":   func(code string) bool { return len(code) == 3 && vocab.CountryName(code, string(lang)) != code },
		"moment":    func(micros int64) string { return c.Instant(time.UnixMicro(micros)) },
		"atinstant": func(text string) string { return instantWord(text, c) },
		"day":       c.Day,
		"disclosed": func(act string) bool { return strings.HasPrefix(act, "disclose.") },
		"taken":     func(what string) string { return takenWord(what, lang) },
		"clock":     func(t time.Time) string { return c.Digits(t.UTC().Format("15:04")) },
		"incident":  func(id string) bool { return strings.HasPrefix(id, "WRD-") },
		"reason":    func(class string) string { return orCode(c, "reason.", class) },
		"next":      func(n int64) int64 { return n + 1 },
		"before":    func(n int64) int64 { return n - 1 },
		"recipient": func(to string) string { return recipientWord(to, c) },
	}
}

// peopleColumns are the counts of health workers that tables show.
var peopleColumns = []string{"worker.killed", "worker.injured", "worker.abducted", "worker.arrested"}

// levels are all outcomes of a cell, in the order of a legend.
var levels = []string{audit.N0, audit.N1, audit.F1, audit.F2, audit.F3, audit.F4, audit.NotInForce}

// snippetLength is about how many letters of a description a list shows.
const snippetLength = 140

// snippet is the beginning of a text, cut between words where it can be.
func snippet(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	letters := []rune(s)
	if len(letters) <= snippetLength {
		return s
	}
	cut := string(letters[:snippetLength])
	if at := strings.LastIndexByte(cut, ' '); at > len(cut)/2 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " ,;:.،؛") + "…"
}

// stated writes a count that somebody stated, zero included; "" when nobody did.
func stated(inc incident.Incident, field string, c *locale.Catalogue) string {
	n, ok := inc.Counts[field]
	if !ok {
		return ""
	}
	return c.Count(n)
}

// flagMeaning says a flag in English: its first word is the code.
func flagMeaning(flag string) string {
	code, _, _ := strings.Cut(flag, " ")
	return exchange.Meaning(code)
}

// actWord says an act in words; a code that nobody has put into words yet stands for itself.
func actWord(code string, c *locale.Catalogue) string {
	if exit, is := strings.CutPrefix(code, "disclose."); is {
		return c.T("act.disclose", orCode(c, "exit.", exit))
	}
	return orCode(c, "act.", code)
}

// orCode is the message of a code below a prefix, or the code itself.
func orCode(c *locale.Catalogue, prefix, code string) string {
	if c.Has(prefix + code) {
		return c.T(prefix + code)
	}
	return code
}

// personWord names who acted: those that are no person are put into words.
func personWord(name string, c *locale.Catalogue) string {
	if key := "who." + strings.ReplaceAll(name, " ", "_"); c.Has(key) {
		return c.T(key)
	}
	return name
}

// subjectWord names what was read: a list, a State, the places of one, or an id.
func subjectWord(subject string, lang locale.Lang) string {
	c := locale.For(lang)
	if state, is := strings.CutPrefix(subject, "places of "); is {
		return c.T("subject.places", vocab.CountryName(state, string(lang)))
	}
	for _, prefix := range []string{"names of ", "report on "} {
		if id, is := strings.CutPrefix(subject, prefix); is {
			return c.T("subject."+strings.Fields(prefix)[0], briefly(id))
		}
	}
	if c.Has("subject." + subject) {
		return c.T("subject." + subject)
	}
	return vocab.CountryName(subject, string(lang))
}

// takenWord says what a line of the ledger took along: a bundle's fields by their labels, a format as it is.
func takenWord(what string, lang locale.Lang) string {
	words := strings.Fields(what)
	if len(words) == 0 || words[0] != "bundle" {
		return what
	}
	if len(words) == 1 {
		return ""
	}
	c := locale.For(lang)
	return c.T("ledger.shown", c.List(recordLabels(words[1:], lang)))
}
