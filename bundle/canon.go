package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// JSON in a bundle is written as RFC 8785 writes it: no blanks, members in order of their names, strings escaped only
// where they must be. Of its values a bundle uses objects, lists, strings, and whole numbers from 0 to 2^53-1.

var errNotCanonical = errors.New("it is not in the one form that it must have")

// canonical writes a value made of structs with JSON tags.
func canonical(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	return appendValue(nil, tree)
}

// readCanonical reads a value of type T and refuses every text but the one that canonical writes for it: no member too many,
// repeated, missing or differently spelled, nothing after it.
func readCanonical[T any](data []byte) (T, error) {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return v, errNotCanonical // the cause may quote what it read
	}
	again, err := canonical(v)
	if err != nil || !bytes.Equal(again, data) {
		return v, errNotCanonical
	}
	return v, nil
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendString(b, v), nil
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err != nil || n < 0 || n > maxInteger {
			return nil, errNotCanonical
		}
		return append(b, v...), nil
	case []any:
		return appendList(b, v)
	case map[string]any:
		return appendObject(b, v)
	}
	return nil, fmt.Errorf("a bundle's JSON holds no %T", v)
}

func appendList(b []byte, list []any) ([]byte, error) {
	var err error
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// appendObject sorts members by their names' bytes, which for the format's ASCII names is the order of RFC 8785.
func appendObject(b []byte, object map[string]any) ([]byte, error) {
	var err error
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(object)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		if b, err = appendValue(b, object[name]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// appendString escapes the quotation mark, the backslash and the control characters below U+0020, and nothing else.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		short, special := map[rune]byte{'"': '"', '\\': '\\', '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r'}[r]
		switch {
		case special:
			b = append(b, '\\', short)
		case r < 0x20:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
