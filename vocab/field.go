package vocab

import (
	"slices"
	"strings"
	"sync"
)

// Field is one field of an incident. Kind says how its canonical text is read: edtf, country, text, number, point, count,
// codes, code or yesno. List is the code list of code and codes ("" when the codes are ISO3). Tier is T0 to T4.
type Field struct{ Key, Kind, List, Tier string }

// detailPrefix begins the keys of columns that a layout has and Ward does not.
const detailPrefix = "detail:"

// maxSlug is the longest name of a detail, in bytes.
const maxSlug = 120

// fieldTable is the fields in their order and by key.
type fieldTable struct {
	list  []Field
	byKey map[string]Field
}

var fields = sync.OnceValue(func() fieldTable {
	t := fieldTable{byKey: map[string]Field{}}
	for _, r := range read("fields.csv") {
		f := Field{r["key"], r["kind"], r["list"], r["tier"]}
		t.list = append(t.list, f)
		t.byKey[f.Key] = f
	}
	return t
})

// Fields gives all fields in the order in which a reader expects them; details are not among them.
func Fields() []Field { return slices.Clone(fields().list) }

// FieldOf finds a field by its key. Every key "detail:" followed by lower-case letters, digits and hyphens is a text field
// of tier T3: nobody has read what such a column may hold.
func FieldOf(key string) (Field, bool) {
	if slug, ok := strings.CutPrefix(key, detailPrefix); ok {
		return Field{key, "text", "", "T3"}, isSlug(slug)
	}
	f, ok := fields().byKey[key]
	return f, ok
}

func isSlug(s string) bool {
	other := strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
	return s != "" && len(s) <= maxSlug && other < 0
}
