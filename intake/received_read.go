package intake

import (
	"fmt"
	"strconv"
	"strings"

	"ward/tally"
	"ward/text"
	"ward/when"
)

// ReadCount reads how many as people write it, in any digits: "3", "2-5", "2-3-5". It gives the canonical text; ok is false for anything else.
func ReadCount(typed string) (count string, ok bool) {
	parts := strings.FieldsFunc(text.Fold(typed), func(r rune) bool { return strings.ContainsRune("-–—.… ", r) })
	var n [3]int64
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 10, 64)
		if err != nil || i > 2 {
			return "", false
		}
		n[i] = v
	}
	c := tally.Count{}
	switch len(parts) {
	case 1:
		c = tally.Exact(n[0])
	case 2:
		c = tally.Count{Low: n[0], Best: n[0], High: n[1]}
	case 3:
		c = tally.Count{Low: n[0], Best: n[1], High: n[2]}
	default:
		return "", false
	}
	back, err := tally.Parse(c.Text())
	return c.Text(), err == nil && back == c
}

// ReadDate reads a day, a month or a year as people write it, in any digits, with - / or . between them, the year first. A year from 1300
// to 1499 is one of the solar calendar of Iran and Afghanistan, and is put into the common one. About says that it is not exact. It gives the
// EDTF text; ok is false for anything else.
func ReadDate(typed string, about bool) (edtf string, ok bool) {
	parts := strings.FieldsFunc(text.Fold(typed), func(r rune) bool { return strings.ContainsRune("-/. ", r) })
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 1 || i > 2 {
			return "", false
		}
		n[i] = v
	}
	if len(parts) == 0 {
		return "", false
	}
	out, ok := common(n, len(parts))
	if about && ok {
		out += "~"
	}
	_, err := when.Parse(out)
	return out, ok && err == nil
}

// common writes a date of so many parts in the common calendar.
func common(n [3]int, parts int) (string, bool) {
	if n[0] >= firstSolar && n[0] <= lastSolar {
		return solar(n)
	}
	form := []string{"%04d", "%04d-%02d", "%04d-%02d-%02d"}[parts-1]
	d := []any{n[0], n[1], n[2]}[:parts]
	return fmt.Sprintf(form, d...), true
}

// Years that are read as solar Hijri: no report is of the common calendar's 14th century.
const (
	firstSolar = 1300
	lastSolar  = 1499
)

// solar puts a date of the solar Hijri calendar into the common one; a month or a year becomes the interval of its days.
func solar(n [3]int) (string, bool) {
	year, month, day := n[0], n[1], n[2]
	switch {
	case month > 12 || day > solarMonth(year, max(month, 1)):
		return "", false
	case month == 0:
		return interval(solarDay(year, 1, 1), solarDay(year+1, 1, 1)-1), true
	case day == 0:
		first := solarDay(year, month, 1)
		return interval(first, first+when.Day(solarMonth(year, month))-1), true
	}
	return solarDay(year, month, day).String(), true
}

func interval(from, to when.Day) string { return from.String() + "/" + to.String() }

// solarMonth is how many days a month has.
func solarMonth(year, month int) int {
	switch {
	case month <= 6:
		return 31
	case month <= 11:
		return 30
	}
	return int(solarDay(year+1, 1, 1) - solarDay(year, 12, 1))
}

// solarDay is a day of the solar Hijri calendar. Its leap years follow a cycle of 33 years, which agrees with the astronomical rule from 1300
// to 1499 but for single years at its end.
func solarDay(year, month, day int) when.Day {
	const newYear1404 = 20168 // 2025-03-21
	days := 0
	for y := 1404; y < year; y++ {
		days += 365 + leap(y)
	}
	for y := year; y < 1404; y++ {
		days -= 365 + leap(y)
	}
	for m := 1; m < month; m++ {
		if days += 30; m <= 6 {
			days++
		}
	}
	return when.Day(newYear1404 + days + day - 1)
}

// leap is 1 in a year of 366 days.
func leap(year int) int {
	switch year % 33 {
	case 1, 5, 9, 13, 17, 22, 26, 30:
		return 1
	}
	return 0
}
