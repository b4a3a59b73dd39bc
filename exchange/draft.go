package exchange

import (
	"strconv"
	"strings"

	"ward/text"
	"ward/when"
)

// source is one bound column of the open file.
type source struct {
	col    *Column
	at     int // file column
	codec  codec
	digits bool // a count: most cells are one digit
	cache  map[string]*reading
}

// draft is a row while it is being read: the values so far, and the parts that
// only together make one.
type draft struct {
	row      Row
	part     [placeCount]*reading
	own      *[placeCount]reading // of this row alone; the other readings are remembered ones
	num      []int64              // counts by slot, for the rules
	codes    []string
	resource []string
	context  []string
	kinds    []string
	native   bool // codes were given, not derived
	date     when.Date
	country  string
}

func (d *draft) reset(raw []string) {
	clear(d.num)
	*d = draft{num: d.num, own: d.own, part: noParts, codes: d.codes[:0], resource: d.resource[:0], context: d.context[:0]}
	d.row.Raw = raw
}

// nothing is what a column says that is not there.
var nothing = &reading{}

var noParts = func() (p [placeCount]*reading) {
	for i := range p {
		p[i] = nothing
	}
	return p
}()

func (d *draft) flag(code, field, detail string) {
	d.row.Flags = append(d.row.Flags, Flag{code, field, detail})
}

func (d *draft) add(field, value, raw string) {
	if value == "" {
		return
	}
	if raw == value {
		raw = ""
	}
	d.row.Values = append(d.row.Values, Value{field, value, raw})
}

// take reads one cell and puts what it says where it belongs.
func (r *Reader) take(d *draft, s *source) {
	if s.at >= len(d.row.Raw) || d.row.Raw[s.at] == "" {
		return
	}
	cell := d.row.Raw[s.at]
	if r.in.kind == "xlsx" && s.codec.place == asDate {
		if iso, ok := serialText(strings.TrimSpace(cell), r.in.date1904); ok {
			cell = iso
			d.row.Raw[s.at] = iso
		}
	}
	if s.digits && len(cell) == 1 && cell[0] >= '0' && cell[0] <= '9' {
		d.row.Values = append(d.row.Values, Value{Field: s.col.Field, Value: cell})
		d.num[s.at] = int64(cell[0] - '0')
		return
	}
	got := r.readCell(d, s, cell)
	if len(got.flags) > 0 {
		d.row.Flags = append(d.row.Flags, got.flags...)
	}
	switch s.codec.place {
	case asValue, asLocation:
		d.value(s, got)
		d.num[s.at] = got.num
		if s.col.Field == "location" {
			d.part[asLocation] = got
		}
		r.also(d, s, got)
	case asResource:
		d.value(s, got)
		if got.value == "yes" {
			d.resource = append(d.resource, strings.TrimPrefix(s.col.Codec, "resource:"))
		}
	case asAttack:
		d.codes = append(d.codes, got.codes...)
		d.keep(s, got)
		d.part[asAttack] = got
	case asDescription:
		d.value(s, got)
		d.part[asDescription] = got
	case asPrecision:
		d.value(s, got)
		d.part[asPrecision] = got
	case asWeapon:
		d.value(s, got)
		d.part[asWeapon] = got
	case asNative:
		d.value(s, got)
		d.native = d.native || s.col.Field == "codes" && got.value != ""
	case asSuppressed:
		for _, field := range strings.Fields(got.value) {
			d.add(field, vocabWithheld, "")
		}
	default:
		d.keep(s, got)
		d.part[s.codec.place] = got
	}
}

// value adds a plain value, or the words where they could not be read.
func (d *draft) value(s *source, got *reading) {
	d.add(s.col.Field, got.value, got.raw)
	d.keep(s, got)
}

// keep keeps coded words that no crosswalk knows as a detail, so that nothing
// a source says is lost.
func (d *draft) keep(s *source, got *reading) {
	for _, f := range got.flags {
		if f.Code == FlagValueUnmapped {
			d.add("detail:"+slug(s.col.Labels[0]), strings.TrimSpace(d.row.Raw[s.at]), "")
			return
		}
	}
}

// also reads further meanings of one cell: codes, resources, context.
func (r *Reader) also(d *draft, s *source, got *reading) {
	if len(s.col.Also) == 0 || got.value == "" {
		return
	}
	for _, a := range s.col.Also {
		m, ok := crossed(r.scheme, a.Cross, got.raw, got.value)
		if !ok || len(m.Codes) == 0 {
			continue
		}
		switch a.Field {
		case "codes":
			d.codes = append(d.codes, m.Codes...)
		case "resources":
			d.resource = append(d.resource, m.Codes...)
		case "context":
			d.context = append(d.context, m.Codes...)
		}
		if m.Doubt {
			d.flag(FlagDoubt, a.Field, strings.Join(m.Codes, " ")+": "+m.Note)
		}
	}
}

func (r *Reader) readCell(d *draft, s *source, cell string) *reading {
	if !s.codec.cached || len(cell) > maxCellCached {
		own := &d.own[s.codec.place]
		*own = s.codec.read(s.col, r.scheme, cell)
		return own
	}
	if got, ok := s.cache[cell]; ok {
		return got
	}
	key := strings.Clone(cell) // free of the line it was cut out of
	got := s.codec.read(s.col, r.scheme, key)
	if len(s.cache) >= maxCache {
		clear(s.cache)
	}
	s.cache[key] = &got
	return &got
}

// finish joins the parts: id, date, country, point, actor, codes.
func (r *Reader) finish(d *draft) {
	d.row.ExternalID = d.part[asID].value
	d.row.Series, d.row.Namespace = r.Series(), r.namespace
	r.finishDate(d)
	r.finishCountry(d)
	r.finishPoint(d)
	d.checkMonth()
	if d.row.Reject != nil {
		return
	}
	r.finishActor(d)
	r.finishCodes(d)
	if d.row.ExternalID == "" {
		d.flag(FlagIDMissing, "", "")
		d.row.Key = d.key()
	}
}

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
		d.date = date
		d.add("date", date.String(), raw)
		d.checkDate(date)
	}
	if m.ambiguous {
		d.flag(FlagDateAmbiguous, "date", whole.value)
	}
	if m.repaired != "" {
		d.flag(FlagRepaired, "date", m.repaired)
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
	if !m.ok {
		m = dated{}
	}
	m.date, m.valid = m.moment.date()
	if len(r.dates) >= maxCache {
		clear(r.dates)
	}
	r.dates[strings.Clone(cell)] = m
	return m
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

// finishCountry prefers the code; the words kept are those of the name.
func (r *Reader) finishCountry(d *draft) {
	name, code := d.part[asCountry], d.part[asISO]
	fixed := r.bound.layout.Constants["country"]
	value, raw := code.value, words(name)
	if value == "" {
		value = name.value
	}
	switch {
	case value == vocabWithheld:
	case value == "" && fixed != "":
		value = fixed
	case value == "":
		if name.whole == "" && code.whole == "" {
			d.flag(FlagCountryMissing, "country", "")
		} else if raw == "" {
			raw = name.whole
		}
		value = "ZZZ"
	case name.value != "" && code.value != "" && name.value != code.value:
		d.flag(FlagCountryDiffers, "country", words(name)+" / "+words(code))
	}
	d.country = value
	d.add("country", value, raw)
}

// words are what the source wrote.
func words(g *reading) string {
	if g.raw != "" {
		return g.raw
	}
	return g.value
}

// countryLevel is the precision at which coordinates say nothing.
const countryLevel = "6"

// finishPoint joins latitude and longitude; two numbers in one cell are taken
// apart.
func (r *Reader) finishPoint(d *draft) {
	lat, lon := d.part[asLat], d.part[asLon]
	switch {
	case lat.value == "" && lon.value == "":
		return
	case lat.value == vocabWithheld || lon.value == vocabWithheld:
		d.add("point", vocabWithheld, words(lat)+","+words(lon))
		return
	}
	y, x, repaired, ok := coordinates(strings.Trim(lat.value, "()° "), strings.Trim(lon.value, "()° "))
	if !ok {
		d.flag(FlagPointUnread, "point", cut(lat.value+" / "+lon.value))
		return
	}
	if repaired != "" {
		d.flag(FlagRepaired, "point", repaired)
	}
	raw := ""
	if y != words(lat) || x != words(lon) {
		raw = words(lat) + "," + words(lon)
	}
	d.add("point", y+","+x, raw)
	if d.part[asPrecision].value == countryLevel {
		d.flag(FlagPointVague, "point", "the place is known to the country only")
	}
}

// coordinates reads a pair; what repaired says is how it was put right. It
// brings both numbers into one spelling of at most 15 digits.
func coordinates(lat, lon string) (y, x, repaired string, ok bool) {
	y, okY := degrees(lat, 90)
	x, okX := degrees(lon, 180)
	if okY && okX {
		return y, x, "", !(number0(y) && number0(x))
	}
	for _, cell := range []string{lat, lon} {
		a, b, two := strings.Cut(cell, ",")
		if !two {
			continue
		}
		y, okY = degrees(strings.TrimSpace(a), 90)
		x, okX = degrees(strings.TrimSpace(b), 180)
		if okY && okX && (lat == "" || lon == "" || lat == lon || sameNumber(lon, x) || sameNumber(lat, y)) {
			return y, x, "two coordinates stood in one cell", true
		}
	}
	y, okY = degrees(strings.Replace(lat, ",", ".", 1), 90)
	x, okX = degrees(strings.Replace(lon, ",", ".", 1), 180)
	return y, x, "decimal commas", okY && okX
}

func number0(s string) bool { return s == "0" || s == "-0" }

func sameNumber(cell, n string) bool {
	d, ok := degrees(cell, 180)
	return ok && d == n
}

func degrees(s string, most float64) (string, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= -most && f <= most) {
		return "", false
	}
	if plain(s) {
		return s, true
	}
	g := strconv.FormatFloat(f, 'g', 15, 64)
	f, _ = strconv.ParseFloat(g, 64)
	return strconv.FormatFloat(f, 'f', -1, 64), true
}

// plain reports a number that is already in our spelling.
func plain(s string) bool {
	n, dot := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			n++
		case s[i] == '.' && !dot && i > 0:
			dot = true
		case s[i] == '-' && i == 0:
		default:
			return false
		}
	}
	return n <= 15 && n > 0 && !(dot && (s[len(s)-1] == '0' || s[len(s)-1] == '.')) && !strings.HasPrefix(s, "00")
}

// keyFields are the counts that tell rows without an id apart.
var keyFields = map[string]bool{"worker.killed": true, "worker.injured": true, "worker.abducted": true, "worker.arrested": true,
	"facility.destroyed": true, "facility.damaged": true, "aid.killed": true, "aid.wounded": true, "aid.kidnapped": true, "total.killed": true, "total.injured": true}

// key is country|date|place|counts, for rows without an id.
func (d *draft) key() string {
	var place, counts []string
	for _, v := range d.row.Values {
		switch {
		case v.Field == "adm1" || v.Field == "adm2" || v.Field == "place":
			place = append(place, text.Key(v.Value))
		case keyFields[v.Field] && v.Value != "0":
			counts = append(counts, v.Field+"="+v.Value)
		}
	}
	return strings.Join([]string{d.country, d.date.String(), strings.Join(place, "/"), strings.Join(counts, " ")}, "|")
}
