package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"ward/fault"
)

// wellFormed refuses what two readers could take for two different reports: a key that stands twice in one object,
// anything after the end; and what is nested deeper than a report is.
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

// scope is one open object or list.
type scope struct {
	keys  map[string]bool // nil for a list
	value bool            // in an object: the next token is a value
}

func isOpening(t json.Token) bool { return t == json.Delim('{') || t == json.Delim('[') }

// namedDepth is how deep the keys are names of this format, which a reader may take in any case; below they are data.
const namedDepth = 3

// step follows one token.
func step(open []scope, token json.Token) ([]scope, error) {
	if token == json.Delim('}') || token == json.Delim(']') {
		return open[:len(open)-1], nil
	}
	if n := len(open); n > 0 && open[n-1].keys != nil {
		top := &open[n-1]
		if !top.value {
			key, _ := token.(string)
			if n <= namedDepth {
				key = strings.ToLower(key)
			}
			if top.keys[key] {
				return nil, fault.New(fault.Invalid, "the key %.40q stands twice in one object", key)
			}
			top.keys[key], top.value = true, true
			return open, nil
		}
		top.value = false
	}
	if !isOpening(token) {
		return open, nil
	}
	if len(open) >= maxDepth {
		return nil, fault.New(fault.Limit, "the file is nested deeper than %d levels", maxDepth)
	}
	next := scope{}
	if token == json.Delim('{') {
		next.keys = map[string]bool{}
	}
	return append(open, next), nil
}
