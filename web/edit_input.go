package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"ward/chart"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/locale"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// statable are the fields that people can state, in the order of the field list: certainty rises by verification only.
func statable() []vocab.Field {
	return slices.DeleteFunc(vocab.Fields(), func(f vocab.Field) bool { return f.Key == "certainty" })
}

// unread says that what was typed into a field cannot be read, and how it could be.
func unread(field, typed, do string) error {
	return fault.New(fault.Invalid, "%s: %.60q cannot be read", vocab.Label("field", field, "en"), typed).Keeping("nothing was written; what you typed is kept below").Do("%s", do)
}

// readField reads what a form says of one field into its canonical text; "" where nothing was typed.
func readField(f vocab.Field, form url.Values) (value string, err error) {
	typed := form.Get(f.Key)
	switch f.Kind {
	case "edtf":
		return readDay(f.Key, form)
	case "country":
		return readCountries(f.Key, form.Get(f.Key), 1)
	case "point":
		return readTypedPoint(f.Key, typed)
	case "count":
		return readTyped(f.Key, form)
	case "codes":
		if f.List == "" {
			return readCountries(f.Key, form.Get(f.Key), 10)
		}
		return strings.Join(ticked(form[f.Key]), " "), nil
	case "text":
		return form.Get(f.Key), nil
	}
	return typed, nil
}

// ticked are the codes that were ticked, sorted, each once.
func ticked(boxes []string) []string {
	out := slices.DeleteFunc(slices.Clone(boxes), func(c string) bool { return c == "" })
	slices.Sort(out)
	return slices.Compact(out)
}

// readDay reads a date: as it is typed, until another, or about.
func readDay(field string, form url.Values) (string, error) {
	from, to, about := form.Get(field), form.Get(field+".to"), form.Get(field+".about") != ""
	if from == "" && to == "" {
		return "", nil
	}
	const how = "write 2023, 2023-05 or 2023-05-07, in any digits"
	first, ok := intake.ReadDate(from, about && to == "")
	if !ok {
		return "", unread(field, from, how)
	}
	if to == "" {
		return first, nil
	}
	last, ok := intake.ReadDate(to, false)
	out := begin(first) + "/" + finish(last)
	if _, err := when.Parse(out); !ok || err != nil {
		return "", unread(field, to, how+"; the second date is the later one")
	}
	if about {
		out += "~"
	}
	return out, nil
}

// begin and finish are the outer ends of dates, of which either may be an interval itself.
func begin(edtf string) string { first, _, _ := strings.Cut(edtf, "/"); return first }

func finish(edtf string) string {
	if _, last, is := strings.Cut(edtf, "/"); is {
		return last
	}
	return edtf
}

// readCountries reads up to most countries by name in any language, or by code.
func readCountries(field, typed string, most int) (string, error) {
	var out []string
	for _, name := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",،;؛\n", r) }) {
		iso3, ok := vocab.Country(strings.TrimSpace(name))
		if !ok {
			return "", unread(field, name, "take a country of the list, or its code of three letters")
		}
		out = append(out, iso3)
	}
	if out = ticked(out); len(out) > most {
		return "", unread(field, typed, fmt.Sprintf("name at most %d", most))
	}
	return strings.Join(out, " "), nil
}

func readTypedPoint(field, typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	value := strings.ReplaceAll(strings.ReplaceAll(text.Fold(typed), "،", ","), " ", "")
	if _, _, ok := incident.Point(value); !ok {
		return "", unread(field, typed, "write latitude, longitude in degrees, such as 4.5, 5.25")
	}
	return value, nil
}

// readTyped reads a count: one number, or low, best and high.
func readTyped(field string, form url.Values) (string, error) {
	low, best, high := form.Get(field+".low"), form.Get(field), form.Get(field+".high")
	if low == "" && best == "" && high == "" {
		return "", nil
	}
	typed := best
	if low != "" || high != "" {
		best = cmp.Or(best, low)
		typed = strings.Join([]string{cmp.Or(low, best), cmp.Or(best, high), cmp.Or(high, best)}, " ")
	}
	value, ok := intake.ReadCount(typed)
	if !ok {
		return "", unread(field, typed, "write whole numbers; low is not above best, nor best above high")
	}
	return value, nil
}

// fillField fills a field's inputs with a canonical value.
func fillField(form url.Values, f vocab.Field, value string, lang locale.Lang) {
	switch f.Kind {
	case "edtf":
		bare := strings.TrimRight(value, "~?%")
		if form.Set(f.Key, begin(bare)); bare != begin(bare) {
			form.Set(f.Key+".to", finish(bare))
		}
		if bare != value {
			form.Set(f.Key+".about", "yes")
		}
	case "count":
		parts := strings.Split(value, "..")
		if form.Set(f.Key, parts[0]); len(parts) == 3 {
			form.Set(f.Key+".low", parts[0])
			form.Set(f.Key, parts[1])
			form.Set(f.Key+".high", parts[2])
		}
	case "country":
		form.Set(f.Key, vocab.CountryName(value, string(lang)))
	case "codes":
		form[f.Key] = strings.Fields(value)
		if f.List == "" {
			form.Set(f.Key, strings.Join(labelsOf("country", strings.Fields(value), lang), ", "))
		}
	default:
		form.Set(f.Key, value)
	}
}

// sourceOf reads who says it: what every value of a form shares.
func sourceOf(form url.Values) incident.Stated {
	s := incident.Stated{Move: incident.Assert, Source: form.Get("source"), Reliability: form.Get("reliability"), Credibility: form.Get("credibility"),
		Root: form.Get("root"), Direct: form.Get("direct") != "", Why: form.Get("why")}
	return s
}

// statedIn reads every field that a form states, all with the same source.
func statedIn(form url.Values) (out []incident.Stated, err error) {
	for _, f := range statable() {
		value, err := readField(f, form)
		if err != nil {
			return nil, err
		}
		if value != "" {
			s := sourceOf(form)
			s.Field, s.Value, s.Raw = f.Key, value, form.Get("raw")
			out = append(out, s)
		}
	}
	if len(out) > 0 && out[0].Source == "" {
		return nil, fault.New(fault.Invalid, "it is not said who says so").Keeping("nothing was written; what you typed is kept below").Do("name the source")
	}
	return out, nil
}

// movesIn reads the moves of a form of the editor: what it asserts, or the one thing that it does about an assertion.
func movesIn(form url.Values) ([]incident.Stated, error) {
	move := incident.Stated{Move: form.Get("move"), Field: form.Get("field"), Over: form.Get("over"), Why: form.Get("why")}
	switch move.Move {
	case incident.Contest, incident.Retract:
		return []incident.Stated{move}, nil
	case "", incident.Assert, incident.Supersede:
	default:
		return nil, fault.New(fault.Invalid, "this is no move").Keeping("nothing was written").Do("use a form of the page")
	}
	made, err := statedIn(form)
	if err != nil || move.Move != incident.Supersede {
		return made, err
	}
	if len(made) != 1 || made[0].Field != move.Field {
		return nil, unread(move.Field, form.Get(move.Field), "give the value that is to stand in its place")
	}
	made[0].Move, made[0].Over = incident.Supersede, move.Over
	return made, nil
}

// mapWidth is the width of the map on which one points, in CSS pixels: it is never scaled, for a click counts pixels.
const mapWidth = 280

// pickOf is the map of a State on which one can point.
func pickOf(state string) chart.Pick {
	p := chart.Pick{Code: state, Width: mapWidth}
	if vocab.Invented(state) {
		p.Atlas = chart.Invented()
	}
	return p
}

// pointed puts the place that was pointed at on the map into the form, as text; ok is false where nobody pointed. A key press on the map
// comes as its left upper corner and points nowhere.
func pointed(form url.Values) (ok bool) {
	var x, y float64
	if _, err := fmt.Sscan(form.Get("pick.x")+" "+form.Get("pick.y"), &x, &y); err != nil {
		return form.Has("pick.x")
	}
	state, known := vocab.Country(form.Get("pick.state"))
	if at, on := pickOf(state).At(x, y); known && on && (x != 0 || y != 0) {
		form.Set("point", fmt.Sprintf("%.4f, %.4f", at.Lat, at.Lon))
	}
	return true
}
