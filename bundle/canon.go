package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// JSON in a bundle is written as RFC 8785 writes it: no blanks, members in order of their names, strings escaped only
// where they must be. Of its values a bundle uses objects, lists, strings, and whole numbers from 0 to 2^53-1.

var errNotCanonical = errors.New("it is not in the one form that it must have")

// canon writes and reads values of struct types with JSON tags. It keeps what it has learnt of a type.
type canon struct{ members map[reflect.Type][]member }

// member is one field of a struct, as its tag names it.
type member struct {
	name     string
	index    int
	optional bool
}

func newCanon() canon { return canon{map[reflect.Type][]member{}} }

// canonical writes one value.
func canonical(v any) ([]byte, error) { return newCanon().append(nil, reflect.ValueOf(v)) }

// readCanonical reads a value of type T and refuses every text but the one that append writes for it: no member too many, repeated,
// missing or differently spelled, nothing after it.
func readCanonical[T any](c canon, data []byte) (T, error) {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return v, errNotCanonical // the cause may quote what it read
	}
	again, err := c.append(make([]byte, 0, len(data)), reflect.ValueOf(v))
	if err != nil || !bytes.Equal(again, data) {
		return v, errNotCanonical
	}
	return v, nil
}

// append writes a value.
func (c canon) append(b []byte, v reflect.Value) ([]byte, error) {
	switch {
	case v.Kind() == reflect.String:
		return appendString(b, v.String()), nil
	case v.CanInt() && v.Int() >= 0 && v.Int() <= maxInteger:
		return strconv.AppendInt(b, v.Int(), 10), nil
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return c.append(b, v.Elem())
	case v.Kind() == reflect.Slice:
		return c.appendList(b, v)
	case v.Kind() == reflect.Struct:
		return c.appendObject(b, v)
	}
	return nil, errNotCanonical
}

func (c canon) appendList(b []byte, list reflect.Value) (_ []byte, err error) {
	b = append(b, '[')
	for i := range list.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = c.append(b, list.Index(i)); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func (c canon) appendObject(b []byte, object reflect.Value) (_ []byte, err error) {
	b = append(b, '{')
	empty := len(b)
	for _, m := range c.of(object.Type()) {
		v := object.Field(m.index)
		if m.optional && v.IsZero() {
			continue
		}
		if len(b) > empty {
			b = append(b, ',')
		}
		b = append(appendString(b, m.name), ':')
		if b, err = c.append(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// of lists the members of a struct type in order of their names.
func (c canon) of(t reflect.Type) []member {
	if list, ok := c.members[t]; ok {
		return list
	}
	var list []member
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		list = append(list, member{name, i, option == "omitempty"})
	}
	slices.SortFunc(list, func(a, b member) int { return strings.Compare(a.name, b.name) })
	c.members[t] = list
	return list
}

// appendString escapes the quotation mark, the backslash and the control characters below U+0020, and nothing else.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\':
			b = append(b, '\\', c)
		case c >= 0x20:
			b = append(b, c)
		default:
			b = appendControl(b, c)
		}
	}
	return append(b, '"')
}

func appendControl(b []byte, c byte) []byte {
	if i := strings.IndexByte("\b\t\n\f\r", c); i >= 0 {
		return append(b, '\\', "btnfr"[i])
	}
	return fmt.Appendf(b, `\u%04x`, c)
}
