package exchange

import (
	"strconv"
	"strings"
)

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
