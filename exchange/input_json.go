package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"ward/fault"
)

// listKeys are the names under which an object may hold the list of records, or a further object that holds it.
var listKeys = map[string]bool{"data": true, "results": true, "records": true, "result": true, listOfFeatures: true}

// listOfFeatures holds the records of a map layer (GeoJSON): each one's properties and its place.
const listOfFeatures = "features"

// jsonTable streams a list of flat objects. The first row it hands out is the
// header: all keys of the file, in the order in which they are first seen.
// Publishers leave out keys without a value, so that a key may come late: the
// file is read once for its keys and once for its rows.
type jsonTable struct {
	d        *json.Decoder
	m        *meter
	keys     []string
	at       map[string]int
	begun    bool
	ended    bool
	features bool
	lines    bool // one record after another instead of a list of them
	inList   int
	listed   map[string][]string // of the record: the values of lists, by key
	order    []string            // their keys, as they came
}

func newJSONTable(open func() (io.Reader, error)) (table, error) {
	first, err := startJSON(open)
	for err == nil {
		_, err = first.record()
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(first.keys) == 0 {
		return nil, fault.New(fault.Invalid, "the JSON list holds no records").Do("download it again")
	}
	t, err := startJSON(open)
	if err != nil {
		return nil, err
	}
	t.keys, t.at = first.keys, first.at
	return t, nil
}

// startJSON stands before the first record. A file that is one object after another, or a single object without a list in
// it, is JSON Lines.
func startJSON(open func() (io.Reader, error)) (*jsonTable, error) {
	t, err := freshJSON(open)
	if err != nil {
		return nil, err
	}
	if t.lines = t.several(); !t.lines {
		if t, err = freshJSON(open); err != nil {
			return nil, err
		}
		if err = t.enter(); !errors.Is(err, errNoList) {
			return t, err
		}
	}
	if t, err = freshJSON(open); err != nil {
		return nil, err
	}
	t.lines = true
	return t, nil
}

func freshJSON(open func() (io.Reader, error)) (*jsonTable, error) {
	body, err := open()
	if err != nil {
		return nil, err
	}
	m := &meter{r: body}
	t := &jsonTable{d: json.NewDecoder(m), m: m, at: map[string]int{}}
	t.d.UseNumber()
	return t, nil
}

// several reports an object that another one follows. A first object beyond the limit of a record is a file of its own.
func (t *jsonTable) several() bool {
	var first json.RawMessage
	if t.d.Decode(&first) != nil || first[0] != '{' {
		return false
	}
	next, err := t.d.Token()
	return err == nil && next == json.Delim('{')
}

func (t *jsonTable) name() string { return "" }

func (t *jsonTable) next() ([]string, error) {
	if !t.begun {
		t.begun = true
		return t.keys[:len(t.keys):len(t.keys)], nil
	}
	return t.record()
}

// enter stops at the start of the list: the input itself, or some levels down
// under known names.
func (t *jsonTable) enter() error {
	tok, err := t.d.Token()
	if err != nil {
		return jsonFault(err)
	}
	if tok == json.Delim('[') {
		return nil
	}
	for t.d.More() {
		key, err := t.d.Token()
		if err != nil {
			return jsonFault(err)
		}
		name, _ := key.(string)
		if !listKeys[name] {
			if err := t.pass(name); err != nil {
				return err
			}
			continue
		}
		tok, err := t.d.Token()
		if err != nil {
			return jsonFault(err)
		}
		if tok == json.Delim('[') {
			t.features = name == listOfFeatures
			return nil
		} // within an object the search goes on, a plain value is passed over
	}
	return errNoList
}

var errNoList = errors.New("the object holds no list of records")

// pass skips the value of a key that holds no records, and knows by it Ward's own export.
func (t *jsonTable) pass(key string) error {
	var skip json.RawMessage
	if err := t.d.Decode(&skip); err != nil {
		return jsonFault(err)
	}
	t.m.mark()
	if key == "format" && jsonCell(skip) == FormatJSON {
		return fault.New(fault.Refused, "this is Ward's own export in JSON (%s), made for other programs and not read back", FormatJSON).
			Keeping("nothing was written").Do("import the same incidents from Ward's export in CSV (--format %s)", FormatCSV)
	}
	return nil
}

// record reads one object into cells.
func (t *jsonTable) record() ([]string, error) {
	if t.ended {
		return nil, io.EOF
	}
	if !t.d.More() {
		t.ended = true
		return nil, t.close()
	}
	open, err := t.d.Token()
	if err != nil {
		return nil, jsonFault(err)
	}
	if open != json.Delim('{') {
		return nil, fault.New(fault.Invalid, "the JSON list holds something that is not a record").Do("export the records as a list of objects")
	}
	row := make([]string, len(t.keys))
	for t.d.More() {
		if row, err = t.pair(row); err != nil {
			return nil, err
		}
	}
	if _, err := t.d.Token(); err != nil {
		return nil, jsonFault(err)
	}
	t.m.mark()
	return t.joined(row)
}

// joined puts the values of the record's lists into its row.
func (t *jsonTable) joined(row []string) (_ []string, err error) {
	for _, name := range t.order {
		if row, err = t.put(row, name, strings.Join(t.listed[name], ", ")); err != nil {
			return nil, err
		}
	}
	t.order = t.order[:0]
	clear(t.listed)
	return row, nil
}

// close reads the end of the list; records that follow one another end with the file.
func (t *jsonTable) close() error {
	_, err := t.d.Token()
	switch {
	case t.lines && errors.Is(err, io.EOF), !t.lines && err == nil:
		return io.EOF
	case err == nil:
		return fault.New(fault.Invalid, "something that is not a record follows the last record").Do("download it again")
	}
	return jsonFault(err)
}

func (t *jsonTable) pair(row []string) ([]string, error) {
	key, err := t.d.Token()
	if err != nil {
		return nil, jsonFault(err)
	}
	var raw json.RawMessage
	if err := t.d.Decode(&raw); err != nil {
		return nil, jsonFault(err)
	}
	name, _ := key.(string)
	if t.features {
		return t.feature(row, name, raw)
	}
	return t.flat(row, name, raw, 0)
}

// flat puts a value under its key, and the values of an object under the keys that lead to them, joined by dots. The values of
// a list stand in one cell, with commas between. What lies deeper than maxDepth stays as it is.
func (t *jsonTable) flat(row []string, name string, raw json.RawMessage, depth int) ([]string, error) {
	switch {
	case depth >= maxDepth || len(raw) == 0 || raw[0] != '{' && raw[0] != '[':
		return t.set(row, name, jsonCell(raw))
	case raw[0] == '{':
		return t.members(row, name+".", raw, depth+1)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, jsonFault(err)
	}
	t.inList++
	defer func() { t.inList-- }()
	var err error
	for _, item := range list {
		if row, err = t.flat(row, name, item, depth+1); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// members puts the values of an object under their keys, each after a prefix.
func (t *jsonTable) members(row []string, prefix string, raw json.RawMessage, depth int) ([]string, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, jsonFault(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, jsonFault(err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, jsonFault(err)
		}
		name, _ := key.(string)
		if row, err = t.flat(row, prefix+name, value, depth); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// set puts a value under its key, or beside the other values of its list.
func (t *jsonTable) set(row []string, name, cell string) ([]string, error) {
	if t.inList == 0 {
		return t.put(row, name, cell)
	}
	if cell == "" {
		return row, nil
	}
	if t.listed == nil {
		t.listed = map[string][]string{}
	}
	if t.listed[name] == nil {
		t.order = append(t.order, name)
	}
	t.listed[name] = append(t.listed[name], cell)
	return row, nil
}

// put puts a cell under its key, which may be a new one.
func (t *jsonTable) put(row []string, name, cell string) ([]string, error) {
	i, known := t.at[name]
	if !known {
		if i = len(t.keys); i >= maxColumns {
			return nil, tooWide(i + 1)
		}
		t.at[name], t.keys = i, append(t.keys, name)
	}
	for len(row) <= i {
		row = append(row, "")
	}
	row[i], _ = clean(cell)
	return row, nil
}

// feature takes the properties (GeoJSON) or attributes (Esri) of a map layer's object as its cells, and a point as two of them.
func (t *jsonTable) feature(row []string, name string, raw json.RawMessage) ([]string, error) {
	switch {
	case name == "geometry":
		x, y := shapePoint(raw)
		if x == "" || y == "" {
			return row, nil
		}
		row, err := t.set(row, "longitude", x)
		if err != nil {
			return nil, err
		}
		return t.set(row, "latitude", y)
	case name != "properties" && name != "attributes" || len(raw) == 0 || raw[0] != '{':
		return row, nil
	}
	return t.members(row, "", raw, 0)
}

// shapePoint are the coordinates of a point; other shapes have none.
func shapePoint(raw json.RawMessage) (x, y string) {
	var at struct {
		Coordinates []json.Number `json:"coordinates"`
		X, Y        json.Number
	}
	if json.Unmarshal(raw, &at) != nil {
		return "", ""
	}
	if len(at.Coordinates) >= 2 {
		return at.Coordinates[0].String(), at.Coordinates[1].String()
	}
	return at.X.String(), at.Y.String()
}

// jsonCell is the text of a value: strings unquoted, null blank, nested values
// as compact JSON.
func jsonCell(raw json.RawMessage) string {
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return ""
	case raw[0] == '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	case raw[0] == '{' || raw[0] == '[':
		var b bytes.Buffer
		if json.Compact(&b, raw) == nil {
			return b.String()
		}
	}
	return string(raw)
}

func jsonFault(err error) error {
	var syn *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Invalid, "the JSON ends early").Do("download it again")
	case errors.As(err, &syn):
		return fault.New(fault.Invalid, "the JSON is broken at byte %s", strconv.FormatInt(syn.Offset, 10)).Do("download it again")
	}
	return streamFault(err)
}
