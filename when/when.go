// Package when keeps dates as exactly as a source gives them.
//
// A partial date is a closed interval of days with the text that made it: "2019-05" is every day of May 2019.
// The text form is the part of EDTF (ISO 8601-2, levels 0 and 1) that incident registers need: year, month, day,
// intervals a/b, and a trailing ~ (about) or ? (uncertain). Instants are never mixed with dates: a Day has no zone.
package when

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ward/fault"
)

// Day counts days since 1970-01-01.
type Day int32

// DayOf is the calendar day of t in t's own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return dayFrom(y, int(m), d)
}

func dayFrom(y, m, d int) Day {
	return Day(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Time is midnight UTC at the start of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Year is the calendar year of the day.
func (d Day) Year() int { return d.Time().Year() }

// String is the ISO form 2023-05-07.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Date is a date or an interval, known to the day, the month or the year. The zero Date is "no date". Dates are
// comparable with ==: equal text means equal date.
type Date struct {
	from, to Day
	text     string
}

// Years outside these are refused: nothing the policies speak of is older, and a later year is a slip.
const (
	firstYear = 1800
	lastYear  = 2200
)

// YMD makes a date from numbers; month and day may be 0 for unknown (a day needs its month).
func YMD(year, month, day int) (Date, error) {
	switch {
	case month == 0 && day == 0:
		return Parse(fmt.Sprintf("%04d", year))
	case day == 0:
		return Parse(fmt.Sprintf("%04d-%02d", year, month))
	}
	return Parse(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
}

// On is the date that is exactly one day.
func On(d Day) Date { return Date{d, d, d.String()} }

// Parse reads the text form; it accepts no other spelling.
func Parse(s string) (Date, error) {
	body := strings.TrimRight(s, "~?%")
	if len(s)-len(body) > 1 {
		return Date{}, bad(s)
	}
	first, second, interval := strings.Cut(body, "/")
	from, to, ok := parseOne(first)
	if interval && ok {
		var from2 Day
		from2, to, ok = parseOne(second)
		ok = ok && from2 >= from
	}
	if !ok {
		return Date{}, bad(s)
	}
	return Date{from, to, s}, nil
}

func bad(s string) error {
	return fault.New(fault.Invalid, "%q is not a date", s).Do("write 2023, 2023-05, 2023-05-07 or 2023-05-07/2023-05-09")
}

// parseOne reads YYYY, YYYY-MM or YYYY-MM-DD into its first and last day.
func parseOne(s string) (from, to Day, ok bool) {
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return 0, 0, false
	}
	y, ok := number(s[:4], firstYear, lastYear)
	if !ok {
		return 0, 0, false
	}
	if len(s) == 4 {
		return dayFrom(y, 1, 1), dayFrom(y, 12, 31), true
	}
	m, ok := number(s[5:7], 1, 12)
	if !ok || s[4] != '-' {
		return 0, 0, false
	}
	if len(s) == 7 {
		return dayFrom(y, m, 1), dayFrom(y, m+1, 1) - 1, true
	}
	d, ok := number(s[8:10], 1, 31)
	day := dayFrom(y, m, d)
	if !ok || s[7] != '-' || day.Time().Month() != time.Month(m) {
		return 0, 0, false
	}
	return day, day, true
}

func number(s string, low, high int) (int, bool) {
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= low && n <= high
}

// String is the text that was parsed; "" for no date.
func (d Date) String() string { return d.text }

// IsZero reports that there is no date.
func (d Date) IsZero() bool { return d.text == "" }

// From is the first possible day.
func (d Date) From() Day { return d.from }

// To is the last possible day.
func (d Date) To() Day { return d.to }

// Year is the year in which the whole date lies, or 0 when there is no date or it spans years.
func (d Date) Year() int {
	if d.IsZero() || d.from.Year() != d.to.Year() {
		return 0
	}
	return d.from.Year()
}

// Month is the date known to its month only, where it lies within one; any other date stays as it is.
func (d Date) Month() Date {
	if month, err := Parse(d.from.Time().Format("2006-01")); err == nil && d.Within(month.from, month.to) {
		return month
	}
	return d
}

// Exact reports that the date is one day.
func (d Date) Exact() bool { return !d.IsZero() && d.from == d.to }

// Within reports that no possible day of d lies outside from..to.
func (d Date) Within(from, to Day) bool { return !d.IsZero() && d.from >= from && d.to <= to }
