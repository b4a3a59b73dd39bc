package exchange

import (
	"io"
	"strings"

	"ward/tally"
)

// csvForm writes Ward's public table: a layout of its own that the reader
// reads again. Zero is 0; an empty cell is "not stated" unless the column
// Suppressed names its field.
type csvForm struct {
	cells   *CellWriter
	columns []pen
	carried map[string]bool
}

func newCSVForm(w io.Writer, opt WriteOptions) (form, error) {
	sheet, err := NewSheet("ward", "ward-public")
	if err != nil {
		return nil, err
	}
	f := &csvForm{cells: NewCellWriter(w), columns: sheet.columns, carried: sheet.fields()}
	labels, tags := sheet.Header()
	if err := f.cells.Row(labels); err != nil || !opt.HXL {
		return f, err
	}
	return f, f.cells.Row(tags)
}

func (f *csvForm) put(r *Record, loss *losses) (bool, error) {
	row := make([]string, len(f.columns))
	var hidden []string
	suppressed := -1
	for i := range f.columns {
		c := f.columns[i].col
		v, _ := r.get(c.Field)
		switch {
		case c.Codec == "suppressed":
			suppressed = i
		case v.Value == vocabWithheld:
			hidden = append(hidden, c.Field)
		default:
			row[i] = SafeCell(f.cell(c, v, r, loss))
		}
	}
	if suppressed >= 0 {
		row[suppressed] = strings.Join(set(hidden), " ")
	}
	lostFields(r, f.carried, loss)
	err := f.cells.Row(row)
	return err == nil, err
}

func (f *csvForm) cell(c *Column, v Value, r *Record, loss *losses) string {
	switch {
	case c.Codec == "id":
		return r.ID
	case c.Field == "detail:release":
		return "" // an export is not a release
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

func (f *csvForm) end() error { return f.cells.Close() }

// lostFields counts fields that a layout has no column for.
func lostFields(r *Record, carried map[string]bool, loss *losses) {
	for _, v := range r.Values {
		switch {
		case carried[v.Field]:
		case strings.HasPrefix(v.Field, detailPrefix):
			loss.add("%d further columns of the source have no column here", "")
		default:
			loss.add("%d values of %s have no column here", v.Field)
		}
	}
}
