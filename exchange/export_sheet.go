package exchange

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheetFormat is an export in a publisher's own layout.
type sheetFormat struct {
	profile, layout string
	book            bool     // a workbook, otherwise CSV
	derived         []string // fields that reading the layout again makes of its other columns
	// to carries a record into the layout's words. It is pure: the record it is given stays as it is, and what it cannot carry it tells.
	// False leaves the record out.
	to func(Record, lossy) (Record, bool)
}

var sheetFormats = map[string]sheetFormat{
	FormatSiND:    {"sind", "sind-2016-2023", true, sindDerived, toSiND},
	FormatSiNDCSV: {"sind", "sind-2016-2023", false, sindDerived, toSiND},
	FormatSSA:     {"who-ssa", "who-ssa", false, []string{"context", "resources"}, toSSA},
	FormatAWSD:    {"awsd", "awsd-2020", false, []string{"context", "actor.state", "actor.note"}, toAWSD},
}

// sheetForm writes a layout's Sheet with the losses counted.
type sheetForm struct {
	format  sheetFormat
	sheet   *Sheet
	cells   *CellWriter
	carried map[string]bool
}

func newSheetForm(w io.Writer, format sheetFormat, opt WriteOptions) (form, error) {
	sheet, err := NewSheet(format.profile, format.layout)
	if err != nil {
		return nil, err
	}
	f := &sheetForm{format: format, sheet: sheet, carried: sheet.fields()}
	if format.book {
		if f.cells, err = NewBookWriter(w, "Sheet1", sheet.At("date")); err != nil {
			return nil, err
		}
	} else {
		f.cells = NewCellWriter(w)
	}
	for _, field := range format.derived {
		f.carried[field] = true
	}
	return f, f.head(opt.HXL)
}

func (f *sheetForm) head(hxl bool) error {
	labels, tags := f.sheet.Header()
	if err := f.cells.Row(labels); err != nil || !hxl {
		return err
	}
	if strings.Join(tags, "") == "" {
		tags = f.sheet.ownTags()
	}
	return f.cells.Row(tags)
}

func (f *sheetForm) put(r *Record, loss *losses) (bool, error) {
	out, fits := f.format.to(*r, loss.add)
	if !fits {
		return false, nil
	}
	if out.ExternalID == "" {
		out.ExternalID = r.ID
	}
	plain := f.carried["certainty"]
	f.carried["certainty"] = plain || ungraded(&out)
	lostFields(&out, f.carried, loss)
	f.carried["certainty"] = plain
	cells := f.sheet.cells(&out, loss.add)
	for i, c := range cells {
		if !f.format.book {
			cells[i] = SafeCell(c)
		} else if len(c) > excelize.TotalCellChars && utf8.RuneCountInString(c) > excelize.TotalCellChars {
			loss.add("%d texts were cut at the 32,767 letters that a cell can hold", "")
		}
	}
	err := f.cells.Row(cells)
	return err == nil, err
}

// ungraded reports the certainty that a layout without grades is read with again.
func ungraded(r *Record) bool {
	v, _ := r.get("certainty")
	return v.Value == possible
}

func (f *sheetForm) end() error { return f.cells.Close() }

// ownTags are HXL tags for a layout whose publisher gives none.
func (s *Sheet) ownTags() []string {
	out := make([]string, len(s.columns))
	taken := map[string]bool{}
	for i, p := range s.columns {
		tag := tagOf(p.col)
		if !taken[tag] {
			out[i], taken[tag] = tag, true
		}
	}
	return out
}

// partTags tag columns by what they hold of a field.
var partTags = map[string]string{"id": "#event+id", "date": "#date+occurred", "year": "#date+year", "check.year": "#date+year", "month": "#date+month", "day": "#date+day",
	"check.weekday": "#date+weekday", "lat": "#geo+lat", "lon": "#geo+lon", "country": "#country+name", "country.iso": "#country+code+v_iso3"}

// fieldTags tag the fields that have words of their own in HXL.
var fieldTags = map[string]string{"time": "#date+time", "adm1": "#adm1+name", "adm2": "#adm2+name", "place": "#loc+name", "certainty": "#status+certainty", "codes": "#event+type",
	"description": "#description", "actor.kind": "#group+perp+type", "actor.name": "#group+perp+name", "weapon": "#item+weapon", "location": "#loc+type", "facility.type": "#loc+facility+type"}

// peopleTags are the attributes of those whom a count is of.
var peopleTags = map[string]string{"worker": "#affected+healthworker", "patient": "#affected+patients", "total": "#affected+all", "aid": "#affected+aidworker"}

func tagOf(c *Column) string {
	if tag := partTags[c.Codec]; tag != "" {
		return tag
	}
	if tag := fieldTags[c.Field]; tag != "" {
		return tag
	}
	who, what, _ := strings.Cut(c.Field, ".")
	if tag := peopleTags[who]; tag != "" {
		return tag + "+" + strings.ReplaceAll(what, ".", "+")
	}
	return "#meta+" + strings.ReplaceAll(strings.TrimPrefix(c.Field, detailPrefix), "-", "_")
}

// detailPrefix begins the names of further columns of a source.
const detailPrefix = "detail:"

// with gives a record another value of a field; the record it is given stays as it is. A value without text is taken away.
func (r Record) with(v Value) Record {
	values := make([]Value, 0, len(r.Values)+1)
	for _, old := range r.Values {
		if old.Field != v.Field {
			values = append(values, old)
		}
	}
	if v.Value != "" {
		values = append(values, v)
	}
	r.Values = values
	return r
}

// inWords writes a coded value in the words of a layout: words are by code, wider names those whose word means more than the code.
func (r Record) inWords(field string, words map[string]string, wider map[string]bool, lose lossy) Record {
	v, ok := r.get(field)
	if !ok || v.Value == "" || v.Value == vocabWithheld {
		return r
	}
	word := words[v.Value]
	if word == "" {
		lose("%d values of %s have no word in this layout", field)
		return r.with(Value{Field: field})
	}
	if wider[v.Value] {
		lose("%d values of %s were written as a wider one", field)
		return r.with(Value{field, word, word}) // as it stands: it is read back as another value
	}
	return r.with(Value{field, v.Value, word})
}
