package exchange

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"ward/when"
)

// moment is a date as far as a cell gives it, and the time beside it.
type moment struct {
	y, m, d   int
	clock     string // "" for none or midnight
	ambiguous bool   // day and month cannot be told apart
	repaired  string // how the cell was understood where it was odd
	against   bool   // day and month stand in another order than in the rest of the file
}

// leastSerial is the first whole number in a date column that is a day; below it is a year.
const leastSerial = 2200

// serialZero is day 0 of a spreadsheet's calendar (its 1900 is a leap year, so
// that serials count right from March 1900 on); 1904 is the other calendar.
// serialFirst is the first day that is written as a serial.
var (
	serialZero     = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	serialZero1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	serialFirst    = serialZero.AddDate(0, 0, leastSerial)
)

// serialText turns a date cell's number into ISO text; not every number is one.
func serialText(cell string, from1904 bool) (string, bool) {
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil || f < 366 || f > 2958465 || strings.ContainsAny(cell, "eExX") || f < leastSerial && f == math.Trunc(f) {
		return "", false
	}
	zero := serialZero
	if from1904 {
		zero = serialZero1904
	}
	t := zero.AddDate(0, 0, int(f)).Add(time.Duration(math.Round((f-math.Trunc(f))*86400)) * time.Second)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}

// clockText turns a time cell's number, a share of a day, into hours and minutes.
func clockText(cell string) (string, bool) {
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(f > 0 && f < 1) || !plain(cell) && !strings.HasPrefix(cell, "0.") {
		return "", false
	}
	minutes := int(math.Round(f*24*60)) % (24 * 60)
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60), true
}

var monthNames = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthNumber reads English month names, whole or cut to three letters or more.
func monthNumber(s string) int {
	s = strings.ToLower(strings.Trim(s, ".,: "))
	if len(s) < 3 || len(s) > 9 {
		return 0
	}
	for i, name := range monthNames {
		if strings.HasPrefix(name, s) || s == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

// anyDate reports a cell that is some date, where the order of day and month does not matter yet.
func anyDate(cell string) bool {
	if _, ok := parseDate(cell, "mdy"); ok {
		return true
	}
	_, err := when.Parse(strings.TrimSpace(cell))
	return err == nil
}

// parseDate reads the spellings that publishers use. order is dmy or mdy for
// numbers with slashes; "" leaves them ambiguous.
func parseDate(cell, order string) (moment, bool) {
	s := strings.TrimSpace(cell)
	if len(s) > 40 || s == "" {
		return moment{}, false
	}
	day, clock := splitClock(s)
	if m, ok := isoDate(day); ok {
		m.clock = clock
		return m, true
	}
	if whole, fraction, _ := strings.Cut(s, "."); digits(whole) && (strings.Trim(fraction, "0") == "" || len(whole) == 5 && digits(fraction)) {
		return numberDate(s, whole)
	}
	parts := dayParts(day)
	if strings.Contains(day, ".") {
		order = "dmy" // nobody writes the month first with dots
	}
	var m moment
	ok := false
	switch len(parts) {
	case 3:
		m, ok = threeParts(parts, order)
	case 2:
		m, ok = twoParts(parts)
	}
	m.clock = clock
	return m, ok
}

// dayParts takes a date apart; the name of the weekday before it says nothing more.
func dayParts(day string) []string {
	parts := strings.FieldsFunc(day, func(r rune) bool { return r == '/' || r == '.' || r == ' ' || r == '-' || r == ',' })
	if len(parts) == 4 && weekday(parts[0]) {
		return parts[1:]
	}
	return parts
}

func weekday(s string) bool {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(s, d.String()) || strings.EqualFold(s, d.String()[:3]) {
			return true
		}
	}
	return false
}

// splitClock parts "2/8/24 12:00 AM" and "2024-02-08T10:30:00Z".
func splitClock(s string) (day, clock string) {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return s, ""
	}
	cut := strings.LastIndexAny(s[:i], " T")
	if cut < 0 {
		return s, ""
	}
	day, clock = strings.TrimSpace(s[:cut]), strings.TrimSpace(s[cut+1:])
	for _, layout := range []string{"15:04", "15:04:05", "3:04 PM", "3:04:05 PM", "15:04:05Z07:00", "15:04:05.999999999Z07:00", "15:04:05.999999999"} {
		t, err := time.Parse(layout, clock)
		if err != nil {
			continue
		}
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
			return day, ""
		}
		return day, t.Format("15:04")
	}
	return s, ""
}

func isoDate(s string) (moment, bool) {
	if len(s) < 4 || !digits(s[:4]) || len(s) > 10 {
		return moment{}, false
	}
	y := int(small(s[:4]))
	switch {
	case len(s) == 4:
		return moment{y: y}, y >= 1000
	case len(s) == 7 && (s[4] == '-' || s[4] == '/') && digits(s[5:]):
		return moment{y: y, m: int(small(s[5:]))}, true
	case len(s) == 10 && s[4] == s[7] && (s[4] == '-' || s[4] == '/') && digits(s[5:7]) && digits(s[8:]):
		return moment{y: y, m: int(small(s[5:7])), d: int(small(s[8:]))}, true
	}
	return moment{}, false
}

// numberDate reads what stands as a bare number, of which s is the whole part: a spreadsheet's serial, a day written
// without marks, milliseconds since 1970, a year.
func numberDate(cell, s string) (moment, bool) {
	switch len(s) {
	case 4:
		return isoDate(s)
	case 5:
		iso, ok := serialText(cell, false)
		if !ok {
			return moment{}, false
		}
		day, clock := splitClock(iso)
		m, ok := isoDate(day)
		m.clock, m.repaired = clock, "a spreadsheet's serial number"
		return m, ok
	case 8:
		m := moment{y: int(small(s[:4])), m: int(small(s[4:6])), d: int(small(s[6:]))}
		return m, m.y >= firstYear && m.m >= 1 && m.m <= 12 && m.d >= 1 && m.d <= 31
	case 12, 13:
		t := time.UnixMilli(small(s)).UTC()
		return moment{y: t.Year(), m: int(t.Month()), d: t.Day(), repaired: "milliseconds since 1970"}, true
	}
	return moment{}, false
}

func threeParts(p []string, order string) (moment, bool) {
	switch {
	case monthNumber(p[1]) > 0 && digits(p[0]) && digits(p[2]):
		return moment{y: century(p[2]), m: monthNumber(p[1]), d: int(small(p[0]))}, len(p[0]) <= 2
	case monthNumber(p[0]) > 0 && digits(p[2]) && digits(strings.TrimRight(p[1], "stndrh")):
		return moment{y: century(p[2]), m: monthNumber(p[0]), d: int(small(strings.TrimRight(p[1], "stndrh")))}, len(p[2]) == 4
	case !digits(p[0]) || !digits(p[1]) || !digits(p[2]) || len(p[0]) > 2 || len(p[1]) > 2 || len(p[2]) == 3 || len(p[2]) > 4:
		return moment{}, false
	}
	a, b, y := int(small(p[0])), int(small(p[1])), century(p[2])
	switch {
	case a > 12 && b <= 12:
		return moment{y: y, m: b, d: a, against: order == "mdy"}, true
	case b > 12 && a <= 12:
		return moment{y: y, m: a, d: b, against: order == "dmy"}, true
	case a > 12 || b > 12 || a == 0 || b == 0:
		return moment{}, false
	case a == b || order == "dmy":
		return moment{y: y, m: b, d: a}, true
	case order == "mdy":
		return moment{y: y, m: a, d: b}, true
	}
	return moment{y: y, ambiguous: true}, true
}

func twoParts(p []string) (moment, bool) {
	switch {
	case monthNumber(p[0]) > 0 && digits(p[1]) && len(p[1]) == 4:
		return moment{y: int(small(p[1])), m: monthNumber(p[0])}, true
	case digits(p[0]) && len(p[0]) <= 2 && digits(p[1]) && len(p[1]) == 4:
		return moment{y: int(small(p[1])), m: int(small(p[0]))}, true
	}
	return moment{}, false
}

// century reads years of two digits: below 70 is this century.
func century(s string) int {
	n := int(small(s))
	switch {
	case len(s) != 2:
		return n
	case n < 70:
		return 2000 + n
	}
	return 1900 + n
}

func (m moment) date() (when.Date, bool) {
	d, err := when.YMD(m.y, m.m, m.d)
	return d, err == nil
}

// namedMonth finds "May 2021" or "24 May 2021" among the first words of a
// description.
func namedMonth(words string) (year, month int) {
	if len(words) > 60 {
		words = words[:60]
	}
	before, i := "", 0
	for w := range strings.FieldsSeq(words) {
		if i++; i > 5 {
			break
		}
		if m := monthNumber(before); m > 0 {
			y := strings.TrimRight(w, ":,.;")
			if digits(y) && len(y) == 4 {
				return int(small(y)), m
			}
		}
		before = w
	}
	return 0, 0
}
