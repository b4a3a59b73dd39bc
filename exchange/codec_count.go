package exchange

import (
	"strconv"
	"strings"

	"ward/tally"
	"ward/text"
)

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
	case ok && n > c.most():
		return reading{flags: []Flag{{FlagCountUnread, c.Field, t}}}
	case ok:
		return counted(tally.Exact(n), cell)
	}
	if r, ok := readRange(t, c.most()); ok {
		out := counted(r, cell)
		out.flags = []Flag{{FlagCountRange, c.Field, t}}
		return out
	}
	return reading{flags: []Flag{{FlagCountUnread, c.Field, cut(t)}}}
}

// most is the largest count that the column may hold.
func (c *Column) most() int64 {
	if c.Most > 0 {
		return c.Most
	}
	return maxCount
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
func readRange(t string, most int64) (tally.Count, bool) {
	s := strings.ToLower(t)
	if c, err := tally.Parse(s); err == nil {
		return c, c.High <= most
	}
	for _, sign := range []string{"–", "—", " to ", " or ", "‑"} {
		s = strings.ReplaceAll(s, sign, "-")
	}
	if lo, hi, ok := strings.Cut(s, "-"); ok {
		a, okA := wholeNumber(strings.TrimSpace(lo))
		b, okB := wholeNumber(strings.TrimSpace(hi))
		return tally.Count{Low: a, Best: a, High: b}, okA && okB && a >= 0 && a <= b && b <= most
	}
	for _, open := range []string{"at least ", "more than ", "over ", "+", ">", "≥"} {
		s = strings.ReplaceAll(s, open, "")
	}
	n, ok := wholeNumber(strings.TrimSpace(s))
	return tally.Exact(n), ok && n >= 0 && n <= most
}
