package locale

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/bidi"

	"ward/tally"
	"ward/when"
)

// whole reads a whole number of any type; false for anything else.
func whole(n any) (int64, bool) {
	switch v := n.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint64:
		return int64(min(v, math.MaxInt64)), true
	case uint32:
		return int64(v), true
	case int16:
		return int64(v), true
	case uint16:
		return int64(v), true
	case int8:
		return int64(v), true
	case uint8:
		return int64(v), true
	case uint:
		return int64(min(uint64(v), math.MaxInt64)), true
	}
	return 0, false
}

// argument writes an argument of a message.
func (c *Catalogue) argument(a any) string {
	if n, ok := whole(a); ok {
		return c.Num(n)
	}
	switch v := a.(type) {
	case tally.Count:
		return c.Count(v)
	case when.Date:
		return c.Date(v)
	}
	return c.Isolate(fmt.Sprint(a))
}

// Isolate keeps a text of the other direction from mixing into the sentence around it (Unicode FSI and PDI); a text
// of the language's own direction, or of none, stays as it is.
func (c *Catalogue) Isolate(s string) string {
	for _, r := range s {
		p, _ := bidi.LookupRune(r)
		right := p.Class() == bidi.R || p.Class() == bidi.AL
		if right && !c.lang.RTL() || p.Class() == bidi.L && c.lang.RTL() {
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}

// Digits writes the ASCII digits of s in the language's own; nothing else changes.
func (c *Catalogue) Digits(s string) string {
	if len(c.digits) != 10 || c.digits[0] == '0' {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return c.digits[r-'0']
		}
		return r
	}, s)
}

// Num writes a whole number with digits and separators of the language: 1,204.
func (c *Catalogue) Num(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "\u2212", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(c.messages["format.group"].text)
		}
		b.WriteRune(r)
	}
	return c.Digits(b.String())
}

// Decimal writes a number with the given count of places after the point. What is no number is written as a dash.
func (c *Catalogue) Decimal(x float64, places int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) >= 1e15 {
		return "–"
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', min(max(places, 0), 6), 64)
	before, after, fraction := strings.Cut(s, ".")
	n, _ := strconv.ParseInt(before, 10, 64)
	out := c.Num(n)
	if fraction {
		out += c.messages["format.decimal"].text + c.Digits(after)
	}
	if x < 0 && strings.Trim(s, "0.") != "" {
		out = "\u2212" + out
	}
	return out
}

// Percent writes a share (0.25 is 25%) with the given count of places after the point.
func (c *Catalogue) Percent(share float64, places int) string {
	return c.fill(c.messages["format.percent"].text, c.Decimal(share*100, places), nil)
}

// Range writes "1–5", or one number where both ends are equal.
func (c *Catalogue) Range(low, high int64) string {
	if low == high {
		return c.Num(low)
	}
	return c.span(c.Num(low), c.Num(high))
}

func (c *Catalogue) span(from, to string) string {
	return strings.NewReplacer("{0}", from, "{1}", to).Replace(c.messages["format.range"].text)
}

// Count writes a count with its range: "3", "1–5".
func (c *Catalogue) Count(t tally.Count) string { return c.Range(t.Low, t.High) }

// Year writes a year: never with separators.
func (c *Catalogue) Year(y int) string { return c.Digits(strconv.Itoa(y)) }

// Years writes "2016–2025", or one year.
func (c *Catalogue) Years(from, to int) string {
	if from == to {
		return c.Year(from)
	}
	return c.span(c.Year(from), c.Year(to))
}

// month is a month's name in a style: 0 joined to what stands beside it, 1 alone; "" for a number that is no month. A
// language's patterns say which of the two they want: {month} or {alone}.
func (c *Catalogue) month(style, m int) string {
	if m < 1 || m > 12 {
		return ""
	}
	return c.dates[style][m-1]
}

// Date writes a date as exactly as it is known: "7 May 2023", "May 2023", "7–9 May 2023", "about 2023". The calendar
// is Gregorian in every language. No date is "".
func (c *Catalogue) Date(d when.Date) string {
	text := d.String()
	mark := strings.TrimLeft(text, "0123456789-/")
	from, to, interval := strings.Cut(strings.TrimSuffix(text, mark), "/")
	out := c.parts(strings.Split(from, "-"), 0)
	if interval {
		out = c.interval(strings.Split(from, "-"), strings.Split(to, "-"))
	}
	switch mark {
	case "~":
		return c.T("format.date.about", out)
	case "?":
		return c.T("format.date.uncertain", out)
	case "%":
		return c.T("format.date.uncertain", c.T("format.date.about", out))
	}
	return out
}

// interval leaves out of the first date what the second says too.
func (c *Catalogue) interval(from, to []string) string {
	same := 0
	for len(from) == len(to) && same < len(from)-1 && from[same] == to[same] {
		same++
	}
	if same == 0 || same == 1 && len(from) == 3 {
		pattern := c.messages["format.date.interval"].text
		return strings.NewReplacer("{0}", c.parts(from, same), "{1}", c.parts(to, 0)).Replace(pattern)
	}
	if same == 2 {
		to[2] = c.span(short(from[2]), short(to[2]))
		return c.parts(to, 0)
	}
	return c.span(c.parts(from, same), c.parts(to, 0))
}

// parts writes year, month and day; with skip > 0, without the year.
func (c *Catalogue) parts(p []string, skip int) string {
	key := [...]string{"", "format.date.year", "format.date.month", "format.date.day"}[len(p)]
	if skip > 0 {
		key += ".only"
	}
	var day, month, alone string
	if len(p) > 1 {
		m, _ := strconv.Atoi(p[1])
		month, alone = c.month(0, m), c.month(1, m)
	}
	if len(p) > 2 {
		day = short(p[2])
	}
	places := strings.NewReplacer("{day}", day, "{month}", month, "{alone}", alone, "{year}", p[0])
	return c.Digits(places.Replace(c.messages[key].text))
}

// short drops the nought before a day.
func short(day string) string { return strings.TrimPrefix(day, "0") }

// Day writes one day.
func (c *Catalogue) Day(d when.Day) string { return c.Date(when.On(d)) }

// Instant writes a moment to the minute, in UTC and saying so.
func (c *Catalogue) Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	return c.T("format.instant", c.Day(when.DayOf(t)), c.Digits(t.Format("15:04")))
}

// List writes "a", "a and b", "a, b and c".
func (c *Catalogue) List(items []string) string {
	kept := make([]string, len(items))
	for i, s := range items {
		kept[i] = c.Isolate(s)
	}
	if len(kept) < 2 {
		return strings.Join(kept, "")
	}
	last := len(kept) - 1
	return strings.Join(kept[:last], c.messages["format.list.comma"].text) + c.messages["format.list.and"].text + kept[last]
}
