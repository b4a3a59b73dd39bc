package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"ward/fault"
)

// wellFormed refuses what two readers could take for two different reports: a key that stands twice in one object, a
// key of the format in other letters (some readers take "Cells" or "cellſ" for "cells"), anything after the end;
// and what is nested deeper than a report is.
func wellFormed(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var open []scope
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "the file is not JSON")
		}
		if len(open) == 0 && !isOpening(token) {
			return fault.New(fault.Invalid, "the file is not one JSON object")
		}
		if open, err = step(open, token); err != nil {
			return err
		}
		if len(open) == 0 && len(bytes.TrimSpace(raw[d.InputOffset():])) > 0 {
			return fault.New(fault.Invalid, "something follows the end of the report")
		}
	}
}

// shape is what the format has at one place. Nil: a single value, or a place that the format does not have; objects
// there have any keys.
type shape struct {
	named map[string]*shape // the keys of an object; nil for a list, and for a table whose keys are data
	each  *shape            // what a list or a table holds
}

// reportShape is taken from the types that are written, so that no key can be forgotten.
var reportShape = sync.OnceValue(func() *shape { return shapeOf(reflect.TypeFor[Report]()) })

func shapeOf(t reflect.Type) *shape {
	if t == reflect.TypeFor[Incident]() {
		t = reflect.TypeFor[extract]()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem())
	case reflect.Slice, reflect.Map:
		return &shape{each: shapeOf(t.Elem())}
	case reflect.Struct:
		s := &shape{named: map[string]*shape{}}
		for _, field := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
				s.named[name] = shapeOf(field.Type)
			}
		}
		return s
	}
	return nil
}

// at is the shape of what stands under a key. A key that is not ASCII, or is one of the format's only when letters are
// folded, is refused.
func (s *shape) at(key string) (*shape, error) {
	if s == nil || s.named == nil {
		return s.element(), nil
	}
	if next, ok := s.named[key]; ok {
		return next, nil
	}
	for known := range s.named {
		if strings.EqualFold(known, key) {
			return nil, fault.New(fault.Invalid, "the key %.40q is not %q but can be taken for it", key, known)
		}
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }) {
		return nil, fault.New(fault.Invalid, "the key %.40q is not one of a State's audit", key)
	}
	return nil, nil
}

func (s *shape) element() *shape {
	if s == nil {
		return nil
	}
	return s.each
}

// scope is one open object or list.
type scope struct {
	shape *shape
	keys  map[string]bool // nil for a list
	value bool            // in an object: the next token is a value
	next  *shape          // of that value
}

func isOpening(t json.Token) bool { return t == json.Delim('{') || t == json.Delim('[') }

// step follows one token.
func step(open []scope, token json.Token) ([]scope, error) {
	if token == json.Delim('}') || token == json.Delim(']') {
		return open[:len(open)-1], nil
	}
	next := scope{shape: reportShape()}
	if n := len(open); n > 0 {
		top := &open[n-1]
		if top.keys != nil && !top.value {
			key, _ := token.(string)
			return open, top.take(key)
		}
		next.shape = top.shape.element()
		if top.keys != nil {
			next.shape, top.value = top.next, false
		}
	}
	if !isOpening(token) {
		return open, nil
	}
	if len(open) >= maxDepth {
		return nil, fault.New(fault.Limit, "the file is nested deeper than %d levels", maxDepth)
	}
	if token == json.Delim('{') {
		next.keys = map[string]bool{}
	}
	return append(open, next), nil
}

// take follows one key.
func (s *scope) take(key string) (err error) {
	if s.keys[key] {
		return fault.New(fault.Invalid, "the key %.40q stands twice in one object", key)
	}
	s.keys[key], s.value = true, true
	s.next, err = s.shape.at(key)
	return err
}
