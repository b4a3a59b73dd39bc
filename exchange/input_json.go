package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

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
	esri     bool // the features hold attributes instead of properties
}

func newJSONTable(open func() (io.Reader, error)) (table, error) {
	first, err := startJSON(open)
	for err == nil {
		_, err = first.record()
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case len(first.keys) > 0:
	case first.esri:
		return nil, fault.New(fault.Refused, "this is an Esri/ArcGIS layer; its publisher's layout is not known to this version").
			Keeping("nothing was written").Do("ask the publisher for a table, or export the layer as CSV and give a mapping file with --map")
	default:
		return nil, fault.New(fault.Invalid, "the JSON list holds no records").Do("download it again")
	}
	t, err := startJSON(open)
	if err != nil {
		return nil, err
	}
	t.keys, t.at = first.keys, first.at
	return t, nil
}

// startJSON stands before the first record.
func startJSON(open func() (io.Reader, error)) (*jsonTable, error) {
	body, err := open()
	if err != nil {
		return nil, err
	}
	m := &meter{r: body}
	t := &jsonTable{d: json.NewDecoder(m), m: m, at: map[string]int{}}
	t.d.UseNumber()
	return t, t.enter()
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
	return fault.New(fault.Invalid, "the JSON is not a list of records, nor an object that holds one under data, features, records, result or results").
		Do("export the records as a list of flat objects, or as CSV")
}

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
		if _, err := t.d.Token(); err != nil {
			return nil, jsonFault(err)
		}
		return nil, io.EOF
	}
	open, err := t.d.Token()
	if err != nil {
		return nil, jsonFault(err)
	}
	if open != json.Delim('{') {
		return nil, fault.New(fault.Invalid, "the JSON list holds something that is not a record").Do("export the records as a list of flat objects")
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
	return row, nil
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
	return t.set(row, name, jsonCell(raw))
}

// set puts a cell under its key, which may be a new one.
func (t *jsonTable) set(row []string, name, cell string) ([]string, error) {
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

// feature takes the properties of a map layer's object as its cells, and a point as two of them.
func (t *jsonTable) feature(row []string, name string, raw json.RawMessage) ([]string, error) {
	switch {
	case name == "geometry":
		var at struct {
			Coordinates []json.Number `json:"coordinates"`
		}
		if json.Unmarshal(raw, &at) != nil || len(at.Coordinates) < 2 {
			return row, nil // no point
		}
		row, err := t.set(row, "longitude", at.Coordinates[0].String())
		if err != nil {
			return nil, err
		}
		return t.set(row, "latitude", at.Coordinates[1].String())
	case name == "attributes":
		t.esri = true
		return row, nil
	case name != "properties" || len(raw) == 0 || raw[0] != '{':
		return row, nil
	}
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
		property, _ := key.(string)
		if row, err = t.set(row, property, jsonCell(value)); err != nil {
			return nil, err
		}
	}
	return row, nil
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
