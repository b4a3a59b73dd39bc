//go:build ignore

// Command gen writes vocab/countries.csv from two npm packages of the Unicode locale data, and puts their licence
// beside it. Only its output is committed.
//
//	npm install --prefix DIR cldr-localenames-full@48.2.0 cldr-core@48.2.0
//	go run gen/main.go -modules DIR/node_modules        (in the folder vocab)
//
// Names that the United Nations or careful usage write otherwise are in gen/overrides.csv; the name they replace stays
// readable as a further spelling.
package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// languages are those that Ward's pages come in; the first two are the reviewed ones.
var languages = []string{"en", "fa", "ar", "es", "fr", "tr", "uk"}

// country is one row: its cells by column name.
type country map[string]string

func columns() []string {
	out := []string{"iso3", "iso2"}
	for _, l := range languages {
		out = append(out, "name_"+l)
	}
	return append(out, "un_name", "also", "note")
}

func main() {
	modules := flag.String("modules", "node_modules", "folder that holds the two packages")
	flag.Parse()
	rows := read(*modules)
	override(rows)
	write(rows)
	licence, err := os.ReadFile(filepath.Join(*modules, "cldr-localenames-full", "LICENSE"))
	check(err)
	check(os.WriteFile("countries.LICENSE", licence, 0o644))
}

// read joins the alpha-3 codes with the names; Kosovo's XKX is in common use where the data have XKK.
func read(modules string) map[string]country {
	rows := map[string]country{}
	current := names(modules, "en") // retired codes have no name
	for iso2, iso3 := range codes(modules) {
		if current[iso2] != "" {
			rows[iso3] = country{"iso3": iso3, "iso2": iso2}
		}
	}
	for _, l := range languages {
		names := names(modules, l)
		for _, row := range rows {
			for _, suffix := range []string{"", "-alt-short", "-alt-variant"} {
				if n := names[row["iso2"]+suffix]; n != "" && current[letters(n)] == "" { // "R.-U." abbreviates another country in French
					row.name("name_"+l, plain(l, n))
				}
			}
		}
	}
	return rows
}

// name sets a column, or adds a further spelling when the column is taken.
func (c country) name(column, value string) {
	if c[column] == "" {
		c[column] = value
		return
	}
	if c[column] != value && !slices.Contains(strings.Split(c["also"], ";"), value) {
		c["also"] = strings.TrimPrefix(c["also"]+";"+value, ";")
	}
}

func plain(lang, s string) string {
	if lang == "en" {
		s = strings.NewReplacer(" & ", " and ", "St. ", "Saint ").Replace(s)
	}
	return s
}

// letters leaves punctuation out.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// codes gives alpha-2 to alpha-3 for the officially assigned codes and XK.
func codes(modules string) map[string]string {
	var doc struct {
		Supplemental struct {
			CodeMappings map[string]struct {
				Alpha3  string `json:"_alpha3"`
				Numeric string `json:"_numeric"`
			} `json:"codeMappings"`
		} `json:"supplemental"`
	}
	load(filepath.Join(modules, "cldr-core", "supplemental", "codeMappings.json"), &doc)
	out := map[string]string{"XK": "XKX"}
	for iso2, m := range doc.Supplemental.CodeMappings {
		if len(iso2) == 2 && len(m.Alpha3) == 3 && m.Numeric != "" && m.Numeric < "895" {
			out[iso2] = m.Alpha3
		}
	}
	return out
}

func names(modules, lang string) map[string]string {
	var doc struct {
		Main map[string]struct {
			LocaleDisplayNames struct {
				Territories map[string]string `json:"territories"`
			} `json:"localeDisplayNames"`
		} `json:"main"`
	}
	load(filepath.Join(modules, "cldr-localenames-full", "main", lang, "territories.json"), &doc)
	return doc.Main[lang].LocaleDisplayNames.Territories
}

func load(path string, into any) {
	b, err := os.ReadFile(path)
	check(err)
	check(json.Unmarshal(b, into))
}

func override(rows map[string]country) {
	f, err := os.Open("gen/overrides.csv")
	check(err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	check(err)
	for _, l := range lines[1:] {
		row, ok := rows[l[0]]
		if !ok {
			log.Fatalf("overrides.csv: %s is no country of the data", l[0])
		}
		if old := row[l[1]]; old != "" {
			row[l[1]] = l[2]
			row.name(l[1], old)
		}
		row[l[1]] = l[2]
		if l[3] != "" {
			row["note"] = l[3]
		}
	}
}

func write(rows map[string]country) {
	f, err := os.Create("countries.csv")
	check(err)
	w := csv.NewWriter(f)
	check(w.Write(columns()))
	list := make([]country, 0, len(rows))
	for _, r := range rows {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b country) int { return cmp.Compare(a["iso3"], b["iso3"]) })
	for _, r := range list {
		var line []string
		for _, c := range columns() {
			line = append(line, r[c])
		}
		check(w.Write(line))
	}
	w.Flush()
	check(w.Error())
	check(f.Close())
	fmt.Println(len(list), "countries")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
