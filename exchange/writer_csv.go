package exchange

import (
	"encoding/csv"
	"io"
	"strings"

	"ward/tally"
)

// csvForm writes Ward's public table: a layout of its own that the reader
// reads again. Zero is 0; an empty cell is "not stated" unless the column
// Suppressed names its field.
type csvForm struct {
	w       *csv.Writer
	layout  *Layout
	release string
}

func newCSVForm(w io.Writer, opt WriteOptions) (form, error) {
	f := &csvForm{w: csv.NewWriter(w), layout: layoutOf("ward-public"), release: opt.Release}
	var labels, tags []string
	for _, c := range f.layout.Columns {
		labels, tags = append(labels, c.Labels[0]), append(tags, c.Tags[0])
	}
	if err := f.w.Write(labels); err != nil {
		return nil, err
	}
	if !opt.HXL {
		return f, nil
	}
	return f, f.w.Write(tags)
}

func (f *csvForm) put(r *Record, loss losses) error {
	carried := map[string]bool{}
	row := make([]string, len(f.layout.Columns))
	var hidden []string
	for i := range f.layout.Columns {
		c := &f.layout.Columns[i]
		carried[c.Field] = true
		v, _ := r.get(c.Field)
		if v.Value == vocabWithheld || r.suppressed(c.Field) {
			hidden = append(hidden, c.Field)
			continue
		}
		row[i] = safe(f.cell(c, v, r, loss))
	}
	for i := range f.layout.Columns {
		if f.layout.Columns[i].Codec == "suppressed" {
			row[i] = strings.Join(set(hidden), " ")
		}
	}
	lostFields(r, carried, loss)
	return f.w.Write(row)
}

func (f *csvForm) cell(c *Column, v Value, r *Record, loss losses) string {
	switch {
	case c.Codec == "id":
		return r.ID
	case c.Field == "detail:release":
		return f.release
	case c.Codec == "date":
		m := month(v.Value)
		if m != v.Value {
			loss.add("%d dates were cut to the month", "")
		}
		return m
	case c.Codec == "count":
		if n, err := tally.Parse(v.Value); v.Value != "" && err == nil && n.Low != n.High {
			loss.add("%d ranges were kept as low..best..high", "")
		}
	}
	return v.Value
}

func (f *csvForm) end() error {
	f.w.Flush()
	return f.w.Error()
}

// lostFields counts fields that a layout has no column for.
func lostFields(r *Record, carried map[string]bool, loss losses) {
	for _, v := range r.Values {
		switch {
		case carried[v.Field]:
		case strings.HasPrefix(v.Field, "detail:"):
			loss.add("%d further columns of the source have no column here", "")
		default:
			loss.add("%d values of %s have no column here", v.Field)
		}
	}
}
