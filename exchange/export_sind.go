package exchange

import (
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sindForm is the export in the publisher's own layout: the layout's Sheet into a workbook, with the losses counted.
type sindForm struct {
	sheet   *Sheet
	cells   *CellWriter
	carried map[string]bool
}

// sindNamespace is the namespace of the ids that the layout's id column holds.
const sindNamespace = "SiND"

func newSindForm(w io.Writer, opt WriteOptions) (form, error) {
	sheet, err := NewSheet("sind", "sind-2016-2023")
	if err != nil {
		return nil, err
	}
	cells, err := NewBookWriter(w, "Sheet1", sheet.At("date"))
	if err != nil {
		return nil, err
	}
	f := &sindForm{sheet: sheet, cells: cells, carried: sheet.fields()}
	for _, derived := range []string{"codes", "resources", "context", "actor.state", "actor.note"} {
		f.carried[derived] = true // made again from the other columns when the file is read
	}
	return f, f.head(opt.HXL)
}

func (f *sindForm) head(hxl bool) error {
	labels, tags := f.sheet.Header()
	if err := f.cells.Row(labels); err != nil || !hxl {
		return err
	}
	return f.cells.Row(tags)
}

func (f *sindForm) put(r *Record, loss losses) error {
	out := *r
	if r.Namespace != sindNamespace {
		out.ExternalID = ""
		loss.add("%d records did not come from this layout: codes, resources and the actor's State are not carried", "")
	}
	if out.ExternalID == "" {
		out.ExternalID = r.ID
	}
	f.carried["certainty"] = ungraded(r)
	lostFields(r, f.carried, loss)
	cells := f.sheet.cells(&out, loss.add)
	for _, c := range cells {
		if len(c) > excelize.TotalCellChars && utf8.RuneCountInString(c) > excelize.TotalCellChars {
			loss.add("%d texts were cut at the 32,767 letters that a cell can hold", "")
		}
	}
	return f.cells.Row(cells)
}

// ungraded reports the certainty that the layout, which has no grades, is read with again.
func ungraded(r *Record) bool {
	v, _ := r.get("certainty")
	return v.Value == possible
}

func (f *sindForm) end() error { return f.cells.Close() }
