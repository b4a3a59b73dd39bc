package exchange

import (
	"sort"
	"strconv"
	"strings"

	"ward/tally"
	"ward/text"
	"ward/vocab"
)

// reading is what one cell says.
type reading struct {
	value string   // canonical; "" states nothing
	raw   string   // the source's own words, "" when equal to value
	num   int64    // best count, 1 for yes
	codes []string // codes that a word stands for
	flags []Flag
	whole string // the source's words where value could not be made
	doubt string // why the codes of a weapon are not certain
}

// place is where a reading goes in the row.
type place int

const (
	asValue place = iota
	asID
	asDate
	asYear
	asMonth
	asDay
	asCheckYear
	asCheckWeekday
	asCountry
	asISO
	asLat
	asLon
	asKind
	asName
	asWeapon
	asLocation
	asAttack
	asResource
	asDescription
	asPrecision
	asNative
	asSuppressed
	placeCount
)

// codec reads the cells of a column. cached is for columns with few values.
type codec struct {
	read   func(c *Column, scheme, cell string) reading
	place  place
	cached bool
}

func codecOf(name string) codec {
	if strings.HasPrefix(name, "resource:") {
		return codec{readYesNo, asResource, true}
	}
	switch name {
	case "id":
		return codec{readID, asID, false}
	case "date":
		return codec{readWords, asDate, false}
	case "year":
		return codec{readWords, asYear, true}
	case "month":
		return codec{readWords, asMonth, true}
	case "day":
		return codec{readWords, asDay, true}
	case "check.year":
		return codec{readWords, asCheckYear, true}
	case "check.weekday":
		return codec{readWords, asCheckWeekday, true}
	case "country":
		return codec{readCountry, asCountry, true}
	case "country.iso":
		return codec{readCountry, asISO, true}
	case "lat":
		return codec{readWords, asLat, false}
	case "lon":
		return codec{readWords, asLon, false}
	case "actor.kind":
		return codec{readCodes, asKind, true}
	case "actor.name":
		return codec{readWords, asName, true}
	case "weapon":
		return codec{readWeapon, asWeapon, true}
	case "code":
		return codec{readCode, asLocation, true}
	case "codes":
		return codec{readCodes, asValue, true}
	case "attack":
		return codec{readAttack, asAttack, true}
	case "certainty":
		return codec{readCode, asValue, true}
	case "precision":
		return codec{readCode, asPrecision, true}
	case "count":
		return codec{readCount, asValue, true}
	case "yesno":
		return codec{readYesNo, asValue, true}
	case "description":
		return codec{readWords, asDescription, false}
	case "native":
		return codec{readNative, asNative, true}
	case "suppressed":
		return codec{readWords, asSuppressed, true}
	case "detail":
		return codec{readDetail, asValue, true}
	}
	return codec{readWords, asValue, true} // text, time
}

// states is the trimmed cell, or "" when it states nothing.
func (c *Column) states(cell string) string {
	t := strings.TrimSpace(cell)
	if t == "" || len(c.blank) > 0 && len(t) < maxCellCached && c.blank[text.Key(t)] {
		return ""
	}
	if len(c.Blank) > 0 && t == c.Blank[0] {
		return ""
	}
	return t
}

// withheld recognises the publisher's word for geography it does not show.
func withheld(word string) bool {
	return len(word) == len("censored") && strings.EqualFold(word, "censored") ||
		len(word) == len(vocabWithheld) && strings.EqualFold(word, vocabWithheld)
}

// vocabWithheld is the value of a field that is known to exist and not shown.
const vocabWithheld = "withheld"

// said gives value and raw: the words are kept only where they differ.
func said(value, cell string) reading {
	if value == cell {
		return reading{value: value}
	}
	return reading{value: value, raw: cell}
}

func readWords(c *Column, _, cell string) reading {
	t := c.states(cell)
	switch {
	case t == "":
		return reading{}
	case withheld(t):
		return said(vocabWithheld, cell)
	case ascii(t):
		return said(t, cell)
	}
	fixed, changed := text.FixMojibake(t)
	r := said(fixed, cell)
	if changed {
		r.flags = []Flag{{FlagRepaired, c.Field, "letters broken by an encoding"}}
	}
	return r
}

// readDetail keeps further columns as they are, with the publisher's
// abbreviations spelt out.
func readDetail(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if full, ok := c.value[text.Key(r.value)]; ok && r.value != "" {
		return said(full, cell)
	}
	if strings.HasSuffix(r.value, ".0") && digits(strings.TrimSuffix(r.value, ".0")) {
		r = said(strings.TrimSuffix(r.value, ".0"), cell)
	}
	if digits(r.value) && len(r.value) < 10 {
		r.num, _ = strconv.ParseInt(r.value, 10, 64)
	}
	return r
}

// readID drops the ".0" that tools put behind numbers.
func readID(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if n, ok := strings.CutSuffix(r.value, ".0"); ok && digits(n) {
		r.value = n
	}
	return r
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// readCountry maps a name or code to ISO3; the words are kept where repaired.
func readCountry(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if r.value == "" {
		return r
	}
	iso, ok := vocab.Country(r.value)
	if !ok {
		return reading{whole: r.value, flags: append(r.flags, Flag{FlagCountryUnknown, "country", r.value})}
	}
	out := said(iso, cell)
	out.flags = r.flags
	return out
}

// readCode maps one word of a code list.
func readCode(c *Column, scheme, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if withheld(t) {
		return said(vocabWithheld, cell)
	}
	return c.coded(scheme, cell, []string{t})
}

// readCodes maps a comma list of words to a set of codes.
func readCodes(c *Column, scheme, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if _, ok := c.mapped(scheme, t); ok {
		return c.coded(scheme, cell, []string{t})
	}
	return c.coded(scheme, cell, vocab.Split(scheme, c.Cross, t))
}

// mapped finds a word among the column's own values, then in the crosswalk.
func (c *Column) mapped(scheme, word string) (vocab.Mapping, bool) {
	if v, ok := c.value[text.Key(word)]; ok {
		if c.Cross == "" {
			return vocab.Mapping{Codes: []string{v}}, true
		}
		word = v
	}
	if c.Cross == "" {
		return vocab.Mapping{}, false
	}
	return vocab.Cross(scheme, c.Cross, word)
}

// coded joins the codes of several words, sorted, and flags what is unknown.
func (c *Column) coded(scheme, cell string, words []string) reading {
	var codes []string
	var flags []Flag
	doubt := ""
	for _, w := range words {
		m, ok := c.mapped(scheme, strings.TrimSpace(w))
		if !ok || m.Unmapped && len(m.Codes) == 0 && m.Note == "" {
			flags = append(flags, Flag{FlagValueUnmapped, c.Field, w})
			continue
		}
		if m.Doubt && c.Field == "weapon" {
			doubt = m.Note
		} else if m.Doubt && len(m.Codes) > 0 {
			flags = append(flags, Flag{FlagDoubt, c.Field, strings.Join(m.Codes, " ") + ": " + m.Note})
		}
		codes = append(codes, m.Codes...)
	}
	codes = set(codes)
	r := said(strings.Join(codes, " "), cell)
	if r.value == "" {
		r = reading{whole: strings.TrimSpace(cell)}
	}
	r.codes, r.flags, r.doubt = codes, flags, doubt
	return r
}

// set sorts and removes doubles.
func set(codes []string) []string {
	if len(codes) < 2 {
		return codes
	}
	return ordered(append([]string(nil), codes...))
}

// ordered is set in place, for slices that nobody else holds.
func ordered(out []string) []string {
	sort.Strings(out)
	n := 0
	for i, c := range out {
		if i == 0 || c != out[n-1] {
			out[n] = c
			n++
		}
	}
	return out[:n]
}

// readNative reads Ward's own codes.
func readNative(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if r.value == "" || r.value == vocabWithheld {
		return r
	}
	f, _ := vocab.FieldOf(c.Field)
	for _, code := range strings.Fields(r.value) {
		if !vocab.Has(f.List, code) {
			return reading{whole: r.value, flags: []Flag{{FlagValueUnmapped, c.Field, cut(code)}}}
		}
		r.codes = append(r.codes, code)
	}
	return said(strings.Join(set(r.codes), " "), cell)
}

// readWeapon keeps the words and takes the weapon's class beside them.
func readWeapon(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if r.value == "" || r.value == vocabWithheld {
		return r
	}
	if full, ok := c.value[text.Key(r.value)]; ok {
		r = said(full, cell)
	}
	words := []string{r.value}
	if _, ok := vocab.Cross(scheme, c.Cross, r.value); !ok {
		words = vocab.Split(scheme, c.Cross, r.value)
	}
	found := c.coded(scheme, r.value, words)
	for _, code := range found.codes {
		if strings.HasPrefix(code, "ATT.") {
			r.codes = append(r.codes, code)
		}
	}
	r.flags, r.doubt = append(r.flags, found.flags...), found.doubt
	return r
}

// readAttack maps the list of attack types, whose items hold commas.
func readAttack(c *Column, scheme, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	return c.coded(scheme, cell, vocab.Split(scheme, c.Cross, t))
}

// yes and no as tools and publishers write them.
var yesNo = map[string]string{"yes": "yes", "no": "no", "true": "yes", "false": "no", "1": "yes", "0": "no", "y": "yes", "n": "no", "unknown": "unknown"}

func readYesNo(c *Column, _, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if withheld(t) {
		return said(vocabWithheld, cell)
	}
	k := text.Key(t)
	v, ok := c.value[k]
	if !ok {
		v, ok = yesNo[k]
	}
	if !ok {
		if n, err := strconv.ParseFloat(t, 64); err == nil && n >= 0 {
			v, ok = "no", true
			if n > 0 {
				v = "yes"
			}
		}
	}
	if !ok {
		return reading{whole: t, flags: []Flag{{FlagValueUnmapped, c.Field, t}}}
	}
	r := said(v, cell)
	if v == "yes" {
		r.num = 1
	}
	return r
}

// silent are words in count columns that state nothing.
var silent = map[string]bool{"noinformation": true, "unknown": true, "na": true, "notspecified": true, "unspecified": true, "null": true, "nan": true}

// readCount keeps blank, 0 and "unspecified" apart: a blank states nothing.
func readCount(c *Column, _, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if len(t) <= 2 && digits(t) {
		return counted(tally.Exact(small(t)), cell)
	}
	switch {
	case withheld(t):
		return said(vocabWithheld, cell)
	case silent[text.Key(t)]:
		return reading{}
	}
	n, ok := wholeNumber(t)
	switch {
	case ok && n < 0:
		return reading{flags: []Flag{{FlagCountNegative, c.Field, t}}}
	case ok && n > maxCount:
		return reading{flags: []Flag{{FlagCountUnread, c.Field, t}}}
	case ok:
		return counted(tally.Exact(n), cell)
	}
	if r, ok := readRange(t); ok {
		out := counted(r, cell)
		out.flags = []Flag{{FlagCountRange, c.Field, t}}
		return out
	}
	return reading{flags: []Flag{{FlagCountUnread, c.Field, cut(t)}}}
}

func small(t string) int64 {
	n := int64(0)
	for i := 0; i < len(t); i++ {
		n = n*10 + int64(t[i]-'0')
	}
	return n
}

func counted(n tally.Count, cell string) reading {
	r := said(n.Text(), cell)
	r.num = n.Best
	return r
}

// wholeNumber reads 3, 3.0, 1,200 and -2.
func wholeNumber(t string) (int64, bool) {
	if n, err := strconv.ParseInt(t, 10, 64); err == nil {
		return n, true
	}
	if f, err := strconv.ParseFloat(t, 64); err == nil && f == float64(int64(f)) && f < 1e15 && f > -1e15 {
		return int64(f), true
	}
	parts := strings.Split(t, ",")
	for i, p := range parts {
		if !digits(p) || i > 0 && len(p) != 3 || i == 0 && len(p) > 3 {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(strings.Join(parts, ""), 10, 64)
	return n, err == nil && len(parts) > 1
}

// readRange reads "2-3", "2 to 3", "3+", "at least 3". Best is the lower end:
// what is documented.
func readRange(t string) (tally.Count, bool) {
	s := strings.ToLower(t)
	if c, err := tally.Parse(s); err == nil {
		return c, c.High <= maxCount
	}
	for _, sign := range []string{"–", "—", " to ", " or ", "‑"} {
		s = strings.ReplaceAll(s, sign, "-")
	}
	if lo, hi, ok := strings.Cut(s, "-"); ok {
		a, okA := wholeNumber(strings.TrimSpace(lo))
		b, okB := wholeNumber(strings.TrimSpace(hi))
		return tally.Count{Low: a, Best: a, High: b}, okA && okB && a >= 0 && a <= b && b <= maxCount
	}
	for _, open := range []string{"at least ", "more than ", "over ", "+", ">", "≥"} {
		s = strings.ReplaceAll(s, open, "")
	}
	n, ok := wholeNumber(strings.TrimSpace(s))
	return tally.Exact(n), ok && n >= 0 && n <= maxCount
}

// cut keeps a detail short.
func cut(s string) string {
	const most = 80
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}

// cellTest tells whether a sample cell is what a column of this codec holds.
func cellTest(name string) func(string) bool {
	switch name {
	case "date":
		return func(s string) bool { _, ok := anyDate(s); return ok }
	case "year":
		return func(s string) bool { n, ok := wholeNumber(s); return ok && n >= firstYear && n < 2200 }
	case "month", "day":
		return func(s string) bool {
			return monthNumber(s) > 0 || digits(s) && len(s) <= 2 || strings.HasSuffix(s, ".0")
		}
	case "country", "country.iso":
		return func(s string) bool { fixed, _ := text.FixMojibake(s); _, ok := vocab.Country(fixed); return ok }
	case "count", "lat", "lon":
		return func(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }
	}
	return nil
}
