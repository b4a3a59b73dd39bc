package vocab

import (
	"slices"
	"strings"
	"sync"

	"ward/text"
)

// NoCountry is the code for an event on no State's territory or whose country the publisher does not name.
const NoCountry = "ZZZ"

// invented are the States of examples, from the codes that ISO 3166-1 leaves to users; further codes from XAA to XJZ
// have no name of their own.
var invented = map[string]map[string]string{
	"XAA": {"en": "Arcadia", "fa": "آرکادیا", "ar": "أركاديا", "es": "Arcadia", "fr": "Arcadie", "tr": "Arkadya", "uk": "Аркадія"},
	"XAB": {"en": "Belmara", "fa": "بلمارا", "ar": "بيلمارا", "es": "Belmara", "fr": "Belmara", "tr": "Belmara", "uk": "Бельмара"},
	"XAC": {"en": "Corvania", "fa": "کوروانیا", "ar": "كورفانيا", "es": "Corvania", "fr": "Corvanie", "tr": "Korvanya", "uk": "Корванія"},
	"XAD": {"en": "Dorelle", "fa": "دورل", "ar": "دوريل", "es": "Dorelle", "fr": "Dorelle", "tr": "Dorelle", "uk": "Дорелль"},
	"XAE": {"en": "Estavar", "fa": "استاوار", "ar": "إستافار", "es": "Estavar", "fr": "Estavar", "tr": "Estavar", "uk": "Еставар"},
	"XAF": {"en": "Ferrowin", "fa": "فرووین", "ar": "فيروين", "es": "Ferrowin", "fr": "Ferrowin", "tr": "Ferrowin", "uk": "Ферровін"},
	"XAG": {"en": "Galdor", "fa": "گالدور", "ar": "غالدور", "es": "Galdor", "fr": "Galdor", "tr": "Galdor", "uk": "Ґалдор"},
	"XAH": {"en": "Hestria", "fa": "هستریا", "ar": "هاستريا", "es": "Hestria", "fr": "Hestrie", "tr": "Hestriya", "uk": "Гестрія"},
}

// inventedState is what precedes the code of an invented State without a name, by language.
var inventedState = map[string]string{
	"en": "Invented State", "fa": "کشور ساختگی", "ar": "دولة متخيلة", "es": "Estado inventado", "fr": "État inventé",
	"tr": "Kurgusal devlet", "uk": "Вигадана держава",
}

// place is what a name of a country leads to. A part is a region, an occupied or a disputed territory, whose forces are
// not those of the State by their name alone.
type place struct {
	iso3, note string
	part       bool
}

// atlas is all countries.
type atlas struct {
	byKey map[string]place
	names map[string]map[string]string // ISO3, language
	codes []string
}

var world = sync.OnceValue(func() atlas {
	a := atlas{byKey: map[string]place{}, names: map[string]map[string]string{
		NoCountry: {"en": "No country", "fa": "بدون کشور", "ar": "بلا بلد", "es": "Ningún país", "fr": "Aucun pays",
			"tr": "Ülke yok", "uk": "Без країни"},
	}}
	a.learn(NoCountry, place{iso3: NoCountry})
	rows := read("countries.csv")
	for _, r := range rows {
		a.add(r)
	}
	for _, r := range read("aliases.csv") {
		a.byKey[text.Key(r["alias"])] = place{r["iso3"], r["note"], r["part"] != ""}
	}
	for iso3, names := range invented {
		a.names[iso3] = names
		a.learn(iso3, place{iso3: iso3})
		for _, n := range names {
			a.learn(n, place{iso3: iso3})
		}
	}
	return a
})

// add learns one row of countries.csv: its codes and all its names.
func (a *atlas) add(r row) {
	iso3 := r["iso3"]
	p := place{iso3: iso3, note: r["note"]}
	a.codes = append(a.codes, iso3)
	a.names[iso3] = map[string]string{}
	for _, name := range append([]string{iso3, r["iso2"], r["un_name"]}, strings.Split(r["also"], ";")...) {
		a.learn(name, p)
	}
	for column, name := range r {
		if lang, ok := strings.CutPrefix(column, "name_"); ok {
			a.names[iso3][lang] = name
			a.learn(name, p)
		}
	}
}

// learn keeps the first country that a name leads to; a test holds that no name leads to two.
func (a *atlas) learn(name string, p place) {
	key := text.Key(name)
	if _, taken := a.byKey[key]; !taken && key != "" {
		a.byKey[key] = p
	}
}

// find looks a name or code up.
func (a *atlas) find(s string) (place, bool) {
	key := keyOf(s)
	if p, ok := a.byKey[key]; ok && key != "" {
		return p, true
	}
	if code := strings.ToUpper(key); Invented(code) {
		return place{iso3: code}, true
	}
	return place{}, false
}

// Invented reports the code of an invented State: XAA to XJZ (ISO 3166-1, user-assigned).
func Invented(code string) bool {
	return len(code) == 3 && code[0] == 'X' && code[1] >= 'A' && code[1] <= 'J' && code[2] >= 'A' && code[2] <= 'Z'
}

// Country reads a country's code or name: ISO 3166-1 alpha-2 or alpha-3, the name in any language that Ward ships, the
// United Nations' name, former names and publishers' house names (OPT, DRC, Chechnya). Broken encodings are repaired.
// ZZZ stands for no country (International Waters, Unspecified) and for territory that only the place can decide.
func Country(s string) (iso3 string, ok bool) {
	a := world()
	p, ok := a.find(s)
	return p.iso3, ok
}

// CountryNote says what a reader should know about a name that Country accepts, for example that it names a part of the
// State; "" when there is nothing to say.
func CountryNote(s string) string {
	a := world()
	p, _ := a.find(s)
	return p.note
}

// CountryName is the name of a country in a language, in English when there is none, else the code itself.
func CountryName(iso3, lang string) string {
	names := world().names[iso3]
	for _, l := range []string{lang, "en"} {
		if n := names[l]; n != "" {
			return n
		}
	}
	if !Invented(iso3) {
		return iso3
	}
	words, ok := inventedState[lang]
	if !ok {
		words = inventedState["en"]
	}
	return words + " " + iso3
}

// Countries gives the ISO3 codes of all real countries and territories, sorted; neither ZZZ nor invented States are among them.
func Countries() []string { return slices.Clone(world().codes) }

// adjectives leads from "Syrian" to SYR; adjectives of two States (Congolese, Korean) are left out.
var adjectives = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, r := range read("demonyms.csv") {
		out[text.Key(r["adjective"])] = r["iso3"]
	}
	return out
})

// stateNamed reads a State from its name or adjective; names of parts of a State and ZZZ are no State.
func stateNamed(words []string) (iso3 string, ok bool) {
	for len(words) > 1 && (words[0] == "the" || words[0] == "of" || words[0] == "republic" || words[0] == "kingdom") {
		words = words[1:]
	}
	key := strings.Join(words, "")
	if iso3, ok = adjectives()[key]; ok {
		return iso3, true
	}
	a := world()
	p, ok := a.find(strings.Join(words, " "))
	if !ok || p.part || p.iso3 == NoCountry {
		return "", false
	}
	return p.iso3, true
}
