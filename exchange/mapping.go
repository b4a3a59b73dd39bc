package exchange

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"ward/fault"
	"ward/text"
	"ward/vocab"
)

// The two answers that need no file.
const (
	mapLabels = "labels"
	mapTags   = "tags"
)

// mapping is a person's answer about columns. The file is JSON: either
// {"header or column number": "field"} or {"columns": {...}, "constants":
// {"country": "SYR"}}. The field "ignore" leaves a column unread.
type mapping struct {
	Columns   map[string]string `json:"columns"`
	Constants map[string]string `json:"constants"`
}

func readMapping(path string) (mapping, error) {
	var m mapping
	f, err := os.Open(path)
	if err != nil {
		return m, fault.Wrap(err, fault.NotFound, "the mapping file %s cannot be opened", filepath.Base(path)).Do("give labels, tags or the path of a JSON file")
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxMappingFile+1))
	if err != nil || len(raw) > maxMappingFile {
		return m, fault.New(fault.Limit, "the mapping file is too large or cannot be read").Do("it should name columns only")
	}
	if json.Unmarshal(raw, &m) == nil && (m.Columns != nil || m.Constants != nil) {
		return m, nil
	}
	m = mapping{}
	if err := json.Unmarshal(raw, &m.Columns); err != nil {
		return m, fault.New(fault.Invalid, "the mapping file is not JSON of the form {\"header\": \"field\"}").Do("see the documentation of --map")
	}
	return m, nil
}

// apply binds the columns that the mapping names and reports which they were.
func (m mapping) apply(b *binding) (map[int]bool, error) {
	answered := map[int]bool{}
	for _, name := range sortedKeys(m.Columns) {
		i := fileColumn(b.sheet.headers, name)
		if i < 0 {
			return nil, fault.New(fault.Invalid, "the mapping names a column %q that the file does not have", name).Do("use the header or the column's number, from 1")
		}
		col := b.layout.columnOf(m.Columns[name])
		if col == -1 {
			return nil, fault.New(fault.Invalid, "the mapping names a field %q that %s does not have", m.Columns[name], b.layout.Name).Do("known fields are %s", strings.Join(b.layout.fields(), ", "))
		}
		answered[i] = true
		b.at[i] = -1
		if col >= 0 {
			b.yield(col, answered)
			b.at[i] = col
		}
	}
	if len(m.Constants) > 0 {
		return answered, m.constants(b)
	}
	return answered, nil
}

// yield frees a layout column that another file column held.
func (b *binding) yield(col int, answered map[int]bool) {
	for i, c := range b.at {
		if c == col && !answered[i] {
			b.at[i] = -1
		}
	}
}

// constants replaces what the layout takes for granted.
func (m mapping) constants(b *binding) error {
	l := *b.layout
	l.Constants, l.Witness = map[string]string{}, nil
	for k, v := range b.layout.Constants {
		l.Constants[k] = v
	}
	for k, v := range m.Constants {
		iso, ok := vocab.Country(v)
		if k != "country" || !ok {
			return fault.New(fault.Invalid, "the mapping's constant %s=%q cannot be used", k, v).Do("only a country can be given, as a name or a code")
		}
		l.Constants[k] = iso
	}
	b.layout = &l
	return nil
}

func fileColumn(headers []string, name string) int {
	for i, h := range headers {
		if h != "" && text.Key(h) == text.Key(name) {
			return i
		}
	}
	if n, err := strconv.Atoi(strings.TrimSpace(name)); err == nil && n >= 1 && n <= len(headers) {
		return n - 1
	}
	return -1
}

// columnOf finds a layout column by field, or by the part of a field that its
// codec reads ("year", "lat", "country.iso"); -2 for "ignore", -1 for none.
func (l *Layout) columnOf(field string) int {
	field = strings.TrimSpace(field)
	if field == "ignore" {
		return -2
	}
	for i := range l.Columns {
		if c := l.Columns[i].Codec; c == field && partCodecs[c] {
			return i
		}
	}
	for i := range l.Columns {
		if l.Columns[i].Field == field {
			return i
		}
	}
	return -1
}

// partCodecs read a part of a field, so that their name says more than it.
var partCodecs = map[string]bool{"year": true, "month": true, "day": true, "lat": true, "lon": true, "country.iso": true}

func (l *Layout) fields() []string {
	seen := map[string]bool{}
	for i := range l.Columns {
		seen[l.Columns[i].Field] = true
	}
	return sortedKeys(seen)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
