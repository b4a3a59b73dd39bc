package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"ward/fault"
)

// listKeys are the names under which an object may hold the list of records.
var listKeys = map[string]bool{"data": true, "results": true, "records": true}

// jsonTable streams a list of flat objects. The first row it hands out is the
// header: the keys in the order in which they are first seen; a key that first
// comes later widens the rows from there on.
type jsonTable struct {
	d      *json.Decoder
	m      *meter
	keys   []string
	at     map[string]int
	queued [][]string
	ended  bool
}

func newJSONTable(body io.Reader) (table, error) {
	m := &meter{r: body}
	t := &jsonTable{d: json.NewDecoder(m), m: m, at: map[string]int{}}
	t.d.UseNumber()
	if err := t.enter(); err != nil {
		return nil, err
	}
	for range headRows {
		row, err := t.record()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		t.queued = append(t.queued, row)
	}
	if len(t.keys) == 0 {
		return nil, fault.New(fault.Invalid, "the JSON list holds no records").Do("download it again")
	}
	t.queued = append([][]string{t.keys[:len(t.keys):len(t.keys)]}, t.queued...)
	return t, nil
}

func (t *jsonTable) name() string { return "" }

func (t *jsonTable) next() ([]string, error) {
	if len(t.queued) > 0 {
		row := t.queued[0]
		t.queued = t.queued[1:]
		return row, nil
	}
	return t.record()
}

// enter stops at the start of the list: the input itself, or one level down
// under a known name.
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
		if listKeys[name] {
			if tok, err := t.d.Token(); err != nil {
				return jsonFault(err)
			} else if tok == json.Delim('[') {
				return nil
			}
			break
		}
		var skip json.RawMessage
		if err := t.d.Decode(&skip); err != nil {
			return jsonFault(err)
		}
		t.m.mark()
	}
	return fault.New(fault.Invalid, "the JSON is not a list of records, nor an object that holds one under data, results or records").
		Do("export the records as a list of flat objects, or as CSV")
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
	row[i] = jsonCell(raw)
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
