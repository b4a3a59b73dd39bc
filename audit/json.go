package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// section is one key of the report's JSON, in the order written. A list is written one element a line, so that two
// reports can be compared line by line.
type section struct {
	key   string
	value any
	lines func(func(any) error) error // nil for a single value
}

func list[T any](key string, all []T) section {
	return section{key: key, lines: func(put func(any) error) error {
		for i := range all {
			if err := put(all[i]); err != nil {
				return err
			}
		}
		return nil
	}}
}

func one(key string, value any) section { return section{key: key, value: value} }

// sections lists the keys of the published form.
func (r *Report) sections() []section {
	return []section{
		one("format", r.Format), one("state", r.State), one("from", r.From), one("to", r.To),
		one("cut_off", r.CutOff), one("made_at", r.MadeAt), one("summary", r.Summary),
		list("cells", r.Cells),
		list("agreement", r.Agreement), list("outcomes", r.Outcomes), list("families", r.Families),
		list("territory", r.Territory), list("registers", r.Registers), list("not_known", r.NotKnown), list("refused", r.Refused),
		list("incidents", r.Incidents),
		list("indicators", r.Indicators), list("codings", r.Codings), list("information", r.Information),
		list("replies", r.Replies), list("parties", r.Parties), list("citations", r.Citations),
		list("steps", r.Steps), list("corrections", r.Corrections), list("appeals", r.Appeals),
		list("reservations", r.Reservations), list("withdrawals", r.Withdrawals), list("visits", r.Visits),
		list("communications", r.Communications), list("conflicts", r.Conflicts),
		one("method", r.Method),
		one("log", r.Log),
	}
}

// WriteJSON writes the published form: the same report gives the same bytes.
func (r *Report) WriteJSON(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for i, s := range r.sections() {
		out.WriteString(map[bool]string{true: "{\n", false: ",\n"}[i == 0])
		key, err := json.Marshal(s.key)
		if err != nil {
			return err
		}
		out.Write(key)
		out.WriteByte(':')
		if err := s.write(out); err != nil {
			return err
		}
	}
	out.WriteString("\n}\n")
	return out.Flush()
}

func (s section) write(out *bufio.Writer) error {
	if s.lines == nil {
		return putJSON(out, s.value)
	}
	n := 0
	out.WriteByte('[')
	err := s.lines(func(v any) error {
		out.WriteString(map[bool]string{true: "\n", false: ",\n"}[n == 0])
		n++
		return putJSON(out, v)
	})
	out.WriteByte(']')
	return err
}

// putJSON writes one compact value; characters that HTML treats specially stay escaped.
func putJSON(out *bufio.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = out.Write(b)
	return err
}

// canonical gives a value's JSON with the keys of its objects in order, for comparing what two programs wrote.
func canonical(raw []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}
