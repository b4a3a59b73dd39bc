package exchange

import (
	"strconv"
	"strings"

	"ward/when"
)

// finishDate makes one date of whatever the row gives; a row that cannot be
// dated to a year is rejected.
func (r *Reader) finishDate(d *draft) {
	whole := d.part[asDate]
	if whole.value == vocabWithheld {
		d.add("date", vocabWithheld, whole.raw)
		return
	}
	got := r.moment(whole.value)
	if whole.value != "" && !got.ok {
		d.flag(FlagValueUnread, "date", cut(whole.value))
	}
	if whole.value == "" && d.part[asTotal].value != "" {
		d.row.Reject = &Flag{RejectTotal, "", cut(d.part[asTotal].value)}
		return
	}
	m, parts := d.dateParts(got.moment, got.ok)
	date, valid := got.date, got.valid
	if m != got.moment {
		date, valid = m.date()
	}
	beyond := m.y > 0 && (m.y < firstYear || m.y > r.today.Year())
	raw := rawDate(whole, parts)
	switch {
	case !valid && whole.value == "" && parts == "":
		d.reject(RejectDateMissing, "")
	case beyond || valid && date.From() > r.today:
		d.reject(RejectDateImpossible, cut(raw))
	case !valid:
		d.reject(RejectDateUnread, cut(raw))
	default:
		date, raw = r.spanned(d, date, raw)
		d.date = date
		d.add("date", date.String(), raw)
		d.checkDate(date)
		r.checkOther(d, date)
	}
	if m.ambiguous {
		d.flag(FlagDateAmbiguous, "date", whole.value)
	}
	if m.repaired != "" {
		d.flag(FlagRepaired, "date", m.repaired)
	}
	if m.against {
		d.flag(FlagDateContradiction, "date", "day and month stand in another order than in the rows before: "+cut(whole.value))
	}
	if m.clock != "" && d.part[asDate].value != "" && !r.bound.has("time") {
		d.add("time", m.clock, "")
	}
}

// dated is a date cell, read.
type dated struct {
	moment
	date  when.Date
	ok    bool // the cell could be read
	valid bool // and there is such a day
}

func (r *Reader) moment(cell string) dated {
	if cell == "" {
		return dated{}
	}
	if m, ok := r.dates[cell]; ok {
		return m
	}
	var m dated
	m.moment, m.ok = parseDate(cell, r.order)
	if m.ok {
		m.date, m.valid = m.moment.date()
	} else {
		m = spelt(cell)
	}
	if len(r.dates) >= maxCache {
		clear(r.dates)
	}
	r.dates[strings.Clone(cell)] = m
	return m
}

// spelt reads a date in Ward's own spelling, which may be a span or approximate.
func spelt(cell string) dated {
	date, err := when.Parse(strings.TrimSpace(cell))
	if err != nil {
		return dated{}
	}
	return dated{moment: moment{y: date.From().Time().Year()}, date: date, ok: true, valid: true}
}

// dateParts completes a date from the columns for year, month and day, and
// flags where they contradict it. parts are the source's words of them.
func (d *draft) dateParts(m moment, ok bool) (moment, string) {
	year, month, day := d.part[asYear].value, d.part[asMonth].value, d.part[asDay].value
	if year == "" && month == "" && day == "" {
		return m, ""
	}
	words := strings.TrimSpace(strings.Join([]string{year, month, day}, " "))
	y, mo, da := number(year), monthOf(month), number(day)
	if !ok {
		if mo == 0 {
			da = 0
		}
		return moment{y: y, m: mo, d: da}, words
	}
	if y > 0 && y != m.y || mo > 0 && m.m > 0 && mo != m.m {
		d.flag(FlagDateContradiction, "date", words)
		return m, words
	}
	if m.m == 0 {
		m.m = mo
	}
	if m.d == 0 && m.m > 0 && da >= 1 && da <= 31 {
		with := m
		with.d = da
		if _, valid := with.date(); valid {
			m = with
		} else {
			d.flag(FlagDateContradiction, "date", words)
		}
	}
	return m, words
}

func rawDate(whole *reading, parts string) string {
	words := whole.value
	if whole.raw != "" {
		words = whole.raw
	}
	if parts == "" {
		return words
	}
	return strings.TrimPrefix(words+" | "+parts, " | ")
}

// number reads 5, 05 and 5.0; 0 for anything else.
func number(s string) int {
	if s == "" {
		return 0
	}
	n, ok := wholeNumber(s)
	if !ok || n < 0 || n > 9999 {
		return 0
	}
	return int(n)
}

func monthOf(s string) int {
	if m := monthNumber(s); m > 0 {
		return m
	}
	if n := number(s); n <= 12 {
		return n
	}
	return 0
}

func (d *draft) reject(code, detail string) {
	d.row.Reject = &Flag{code, "date", detail}
}

// checkDate compares columns that only repeat the date.
func (d *draft) checkDate(date when.Date) {
	if y := number(d.part[asCheckYear].value); y > 0 && date.Year() > 0 && y != date.Year() {
		d.flag(FlagDateContradiction, "date", "the year column says "+strconv.Itoa(y))
	}
	if w := d.part[asCheckWeekday].value; len(w) >= 3 && date.Exact() {
		if !strings.EqualFold(date.From().Time().Weekday().String()[:3], w[:3]) {
			d.flag(FlagDateContradiction, "date", "the weekday column says "+w)
		}
	}
}

// checkMonth compares the month that the words begin with.
func (d *draft) checkMonth() {
	words := d.part[asDescription].value
	if words == "" || d.date.IsZero() {
		return
	}
	y, m := namedMonth(words)
	if m == 0 {
		return
	}
	named, err := when.YMD(y, m, 0)
	if err == nil && (d.date.To() < named.From() || d.date.From() > named.To()) {
		d.flag(FlagMonthDiffers, "date", "the words say "+named.String())
	}
}

// sighted counts, in the first rows of a date column, what tells the order of day and month.
type sighted struct {
	dayFirst, monthFirst int // a number above 12 tells
	open                 int // both are 12 or less, and differ
	whole, above         int // dates of which the order is known anyway, and those with a day above 12
}

func (r *Reader) sight(at int) sighted {
	var n sighted
	for _, row := range r.bound.sheet.sample {
		if at >= len(row) {
			continue
		}
		cell := r.bound.layout.Columns[r.bound.at[at]].states(row[at])
		if iso, ok := serialText(cell, r.in.date1904); ok && r.in.kind == "xlsx" {
			cell = iso
		}
		n.add(cell)
	}
	return n
}

func (n *sighted) add(cell string) {
	day, _ := splitClock(cell)
	if m, ok := isoDate(day); ok && m.d > 0 {
		n.whole++
		if m.d > 12 {
			n.above++
		}
		return
	}
	p := dayParts(day)
	if len(p) != 3 || !digits(p[0]) || !digits(p[1]) || len(p[0]) > 2 || len(p[1]) > 2 || strings.Contains(day, ".") {
		return
	}
	switch a, b := small(p[0]), small(p[1]); {
	case a > 12:
		n.dayFirst++
	case b > 12:
		n.monthFirst++
	case a != b:
		n.open++
	}
}

// enoughDates is how many dates must all fall on the first twelve days of a month before that is taken for a sign.
const enoughDates = 12

// dateOrder finds whether day or month stands first; the layout's order holds
// where nothing tells, and a warning says so.
func (r *Reader) dateOrder(at int, order string) string {
	n := r.sight(at)
	if n.dayFirst+n.monthFirst > 0 && n.open == 0 && n.whole >= enoughDates && n.above == 0 {
		r.bound.warn("days above 12 stand as text and all others as dates: a spreadsheet program has probably swapped day and month of the others; import the file as it was before")
	}
	switch {
	case n.dayFirst > 0 && n.monthFirst > 0:
		return ""
	case n.dayFirst > 0:
		return "dmy"
	case n.monthFirst > 0:
		return "mdy"
	case n.open > 0 && order != "":
		first := map[string]string{"dmy": "day", "mdy": "month"}[order]
		r.bound.warn("dates are read with the %s first, as this layout writes them: no day above 12 in the first rows tells", first)
	}
	return order
}
