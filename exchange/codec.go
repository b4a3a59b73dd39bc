package exchange

import (
	"slices"
	"strconv"
	"strings"

	"ward/text"
	"ward/vocab"
)

// reading is what one cell says.
type reading struct {
	value string   // canonical; "" states nothing
	raw   string   // the source's own words, "" when equal to value
	num   int64    // best count, 1 for yes and for a heavy or explosive weapon
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
	asEnd
	asCheckDate
	asRange
	asTwin
	asTotal
	placeCount
)

// codec reads the cells of a column. cached is for columns with few values.
type codec struct {
	read   func(c *Column, scheme, cell string) reading
	place  place
	cached bool
}

// codecs are known by the names that layouts use; any other name is plain words.
var codecs = map[string]codec{
	"id":            {readID, asID, false},
	"date":          {readWords, asDate, false},
	"year":          {readWords, asYear, true},
	"month":         {readWords, asMonth, true},
	"day":           {readWords, asDay, true},
	"check.year":    {readWords, asCheckYear, true},
	"check.weekday": {readWords, asCheckWeekday, true},
	"date.end":      {readWords, asEnd, false},
	"check.date":    {readWords, asCheckDate, false},
	"check.same":    {readTwin, asTwin, false},
	"country":       {readCountry, asCountry, true},
	"country.iso":   {readCountry, asISO, true},
	"lat":           {readWords, asLat, false},
	"lon":           {readWords, asLon, false},
	"actor.kind":    {readCodes, asKind, true},
	"actor.name":    {readWords, asName, true},
	"weapon":        {readWeapon, asWeapon, true},
	"code":          {readCode, asLocation, true},
	"codes":         {readCodes, asValue, true},
	"attack":        {readAttack, asAttack, true},
	"certainty":     {readCode, asValue, true},
	"precision":     {readCode, asPrecision, true},
	"count":         {readCount, asValue, true},
	"count.low":     {readCount, asRange, true},
	"count.best":    {readCount, asRange, true},
	"count.high":    {readCount, asRange, true},
	"total":         {readWords, asTotal, true},
	"industry":      {readIndustry, asValue, true},
	"yesno":         {readYesNo, asValue, true},
	"description":   {readWords, asDescription, false},
	"native":        {readNative, asNative, true},
	"native.grade":  {readOwnGrade, asNative, true},
	"suppressed":    {readWords, asSuppressed, true},
	"detail":        {readDetail, asValue, true},
}

func codecOf(name string) codec {
	if strings.HasPrefix(name, "resource:") {
		return codec{readYesNo, asResource, true}
	}
	if c, ok := codecs[name]; ok {
		return c
	}
	return codec{readWords, asValue, true} // text, time
}

// states is the trimmed cell, or "" when it states nothing.
func (c *Column) states(cell string) string {
	t := strings.TrimSpace(cell)
	if c.cells == cellsWolfram {
		t = plainExpression(t)
	}
	if len(c.Void) > 0 && slices.Contains(c.Void, t) {
		return ""
	}
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
	t := oneLineEnd(unguarded(c.states(cell)))
	switch {
	case t == "":
		return reading{}
	case withheld(t):
		return said(vocabWithheld, cell)
	case c.cells == cellsWolfram && failedExpression(cell):
		r := said(t, cell)
		r.flags = []Flag{{FlagRepaired, c.Field, "a conversion that had failed; what it was given is read"}}
		return r
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

// unguarded takes away the mark by which tables keep a spreadsheet from running a cell; see safe.
func unguarded(t string) string {
	if len(t) > 1 && t[0] == '\'' && strings.IndexByte("=+-@", t[1]) >= 0 {
		return t[1:]
	}
	return t
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
	case "date", "date.end", "check.date":
		return anyDate
	case "year":
		return func(s string) bool { n, ok := wholeNumber(s); return ok && n >= firstYear && n < 2200 }
	case "month", "day":
		return func(s string) bool {
			return monthNumber(s) > 0 || digits(s) && len(s) <= 2 || strings.HasSuffix(s, ".0")
		}
	case "country", "country.iso":
		return func(s string) bool { fixed, _ := text.FixMojibake(s); _, ok := vocab.Country(fixed); return ok }
	case "count", "count.low", "count.best", "count.high", "lat", "lon":
		return func(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }
	}
	return nil
}
