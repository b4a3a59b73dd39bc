package vocab

import (
	"path"
	"slices"
	"strings"
	"sync"
)

// Code is one code of a list. From and To are the days (2026-11-21) between which it may be used; To is "" while it
// lives. Doubt, when not "", says what about its meaning is still to be confirmed.
type Code struct {
	List, Code, Version string
	From, To            string
	Doubt               string
}

// codeKey names a code of a list.
type codeKey struct{ list, code string }

// meaning is what is said about a code.
type meaning struct {
	labels     map[string]string // by language
	definition string
}

// codebook is all lists.
type codebook struct {
	lists    map[string][]Code
	meanings map[codeKey]meaning
}

var book = sync.OnceValue(func() codebook {
	b := codebook{map[string][]Code{}, map[codeKey]meaning{}}
	for _, r := range readAll("codes") {
		b.add(Code{r["list"], r["code"], r["version"], r["valid_from"], r["valid_to"], r["doubt"]}, r)
	}
	for _, r := range read("fields.csv") {
		b.add(Code{List: "field", Code: r["key"], Version: "1"}, r)
	}
	for _, name := range names(labelFolder) {
		b.label(strings.TrimSuffix(name, ".csv"), read(path.Join(labelFolder, name)))
	}
	return b
})

func (b codebook) add(c Code, r row) {
	b.lists[c.List] = append(b.lists[c.List], c)
	b.meanings[codeKey{c.List, c.Code}] = meaning{
		labels:     map[string]string{"en": r["label_en"], "fa": r["label_fa"]},
		definition: r["definition_en"],
	}
}

// labelFolder holds a file <lang>.csv (list, code, label) for every language but the two that stand beside the codes.
const labelFolder = "labels"

// label adds the labels of one language; a label of a code that no list holds is passed over.
func (b codebook) label(lang string, rows []row) {
	for _, r := range rows {
		if m, ok := b.meanings[codeKey{r["list"], r["code"]}]; ok {
			m.labels[lang] = r["label"]
		}
	}
}

// Lists gives the names of all code lists, sorted. The list "family" holds the first parts of incident codes (ATT, PER,
// ...), "yesno" the answers of flags, "field" the keys of fields.
func Lists() []string {
	var out []string
	for name := range book().lists {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Codes gives the codes of a list in their natural order; nil for no such list.
func Codes(list string) []Code { return slices.Clone(book().lists[list]) }

// Has reports that the list holds the code, written exactly so.
func Has(list, code string) bool {
	_, ok := book().meanings[codeKey{list, code}]
	return ok
}

// Label is the name of a code in a language. Without one it is the English name, without that the code itself.
func Label(list, code, lang string) string {
	labels := book().meanings[codeKey{list, code}].labels
	for _, l := range []string{lang, "en"} {
		if s := labels[l]; s != "" {
			return s
		}
	}
	return code
}

// Definition is the meaning of a code in one English sentence; "" for a code that is not in the list.
func Definition(list, code string) string { return book().meanings[codeKey{list, code}].definition }
