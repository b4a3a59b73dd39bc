package vocab

import (
	"strings"
	"testing"

	"ward/text"
)

func TestCountry(t *testing.T) {
	for name, want := range map[string]string{
		"SDN": "SDN", "sd": "SDN", "Sudan": "SDN", "سودان": "SDN", "Soudan": "SDN", "السودان": "SDN", "Судан": "SDN",
		"OPT": "PSE", "oPt": "PSE", "occupied Palestinian territory": "PSE", "Occupied Palestinian Territories": "PSE",
		"State of Palestine": "PSE", "Palestinian Territories": "PSE", "فلسطین": "PSE",
		"DRC": "COD", "DR Congo": "COD", "Congo": "COG", "Congo Brazzaville": "COG", "CAR": "CAF", "UAE": "ARE", "UK": "GBR", "PNG": "PNG",
		"Chechnya": "RUS", "Nagorno-Karabakh": "AZE", "Somaliland": "SOM", "Kosovo": "XKX", "XKX": "XKX", "Kashmir": "ZZZ",
		"International Waters": "ZZZ", "Unspecified": "ZZZ", "CÃ´te d'Ivoire": "CIV", "Cote D'Ivoire": "CIV", "Côte d’Ivoire": "CIV",
		"Syrian Arab Republic": "SYR", "Libyan Arab Jamahiriya": "LBY", "Türkiye": "TUR", "turkey": "TUR", "ایران": "IRN",
		"IRAN (ISLAMIC REPUBLIC OF)": "IRN", "Macedonia": "MKD", "Swaziland": "SWZ", "آمریکا": "USA",
		"XAA": "XAA", "xjz": "XJZ", "Arcadia": "XAA", "هستریا": "XAH", " Yemen ": "YEM",
	} {
		if got, ok := Country(name); got != want || !ok {
			t.Errorf("Country(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "Atlantis", "XKA", "XZZ", "X1A", "Syrian", "-"} {
		if got, ok := Country(name); ok {
			t.Errorf("Country(%q) = %q", name, got)
		}
	}
	if CountryNote("Chechnya") == "" || CountryNote("France") != "" {
		t.Error("the note stands at the wrong name")
	}
}

func TestCountryName(t *testing.T) {
	for _, c := range [][3]string{
		{"PSE", "en", "State of Palestine"}, {"PSE", "fa", "کشور فلسطین"}, {"COD", "fa", "جمهوری دموکراتیک کنگو"},
		{"CAF", "fa", "جمهوری آفریقای مرکزی"}, {"MMR", "en", "Myanmar"}, {"IRN", "fr", "Iran"}, {"IRN", "xx", "Iran"},
		{"XAB", "fa", "بلمارا"}, {"XAB", "ar", "بيلمارا"}, {"XAC", "fr", "Corvanie"}, {"XBC", "en", "Invented State XBC"}, {"XBC", "fa", "کشور ساختگی XBC"},
		{"XBC", "uk", "Вигадана держава XBC"}, {"XBC", "xx", "Invented State XBC"}, {"XAA", "xx", "Arcadia"},
		{"ZZZ", "en", "No country"}, {"QQQ", "en", "QQQ"},
	} {
		if got := CountryName(c[0], c[1]); got != c[2] {
			t.Errorf("CountryName(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// No name or code may lead to two countries, in no language; every name must lead to its own.
func TestCountryNamesAreUnambiguous(t *testing.T) {
	owner := map[string]string{}
	for _, r := range read("countries.csv") {
		for column, cell := range r {
			for _, name := range strings.Split(cell, ";") {
				key := text.Key(name)
				if column == "note" || key == "" {
					continue
				}
				if old, ok := owner[key]; ok && old != r["iso3"] {
					t.Errorf("%q is %s and %s", name, old, r["iso3"])
				}
				owner[key] = r["iso3"]
				if got, _ := Country(name); got != r["iso3"] {
					t.Errorf("Country(%q) = %s, want %s", name, got, r["iso3"])
				}
			}
		}
	}
	if len(Countries()) != 250 {
		t.Errorf("%d countries, want 249 of ISO 3166-1 and Kosovo", len(Countries()))
	}
	for _, r := range read("aliases.csv") {
		if CountryName(r["iso3"], "en") == r["iso3"] {
			t.Errorf("alias %q leads to %q", r["alias"], r["iso3"])
		}
		if old, ok := owner[text.Key(r["alias"])]; ok && old != r["iso3"] {
			t.Errorf("alias %q takes the name of %s", r["alias"], old)
		}
	}
	for _, r := range read("demonyms.csv") {
		if CountryName(r["iso3"], "en") == r["iso3"] {
			t.Errorf("adjective %q leads to %q", r["adjective"], r["iso3"])
		}
	}
}

// The languages of countries.csv are complete.
func TestEveryCountryIsNamed(t *testing.T) {
	for _, iso3 := range Countries() {
		for _, l := range strings.Fields("en fa ar es fr tr uk") {
			n := CountryName(iso3, l)
			if n == iso3 || l == "fa" && !persian(n) {
				t.Errorf("%s has no name in %s: %q", iso3, l, n)
			}
		}
	}
}

func BenchmarkCountry(b *testing.B) {
	for b.Loop() {
		Country("occupied Palestinian territory")
	}
}
