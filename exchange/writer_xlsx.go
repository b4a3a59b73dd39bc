package exchange

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ward/fault"
	"ward/tally"
	"ward/vocab"
	"ward/when"
)

// sheetForm writes the layout sind-2016-2023 as a workbook, streamed. Where the
// source's own words are kept they are written back, so that reading the file
// again gives the same values.
type sheetForm struct {
	out     io.Writer
	book    *excelize.File
	stream  *excelize.StreamWriter
	columns []*Column
	date    int // style of date cells
	line    int
}

// shortDate is the number format that spreadsheet programs show as their own
// short date.
const shortDate = 14

func newSheetForm(w io.Writer, opt WriteOptions) (form, error) {
	f := &sheetForm{out: w, book: excelize.NewFile(), line: 1}
	l := layoutOf("sind-2016-2023")
	var labels, tags []any
	for i := range l.Columns {
		c := &l.Columns[i]
		if c.Unwritten {
			continue
		}
		f.columns = append(f.columns, c)
		labels = append(labels, c.Labels[0])
		tag := ""
		if len(c.Tags) > 0 {
			tag = c.Tags[0]
		}
		tags = append(tags, tag)
	}
	var err error
	if f.date, err = f.book.NewStyle(&excelize.Style{NumFmt: shortDate}); err != nil {
		return nil, err
	}
	if f.stream, err = f.book.NewStreamWriter("Sheet1"); err != nil {
		return nil, err
	}
	if err := f.row(labels); err != nil || !opt.HXL {
		return f, err
	}
	return f, f.row(tags)
}

// maxSheetRows is what a sheet of this format can hold.
const maxSheetRows = excelize.TotalRows

func (f *sheetForm) row(cells []any) error {
	if f.line > maxSheetRows {
		return fault.New(fault.Limit, "a workbook holds %d rows and no more", maxSheetRows).Do("export by country or year, or as csv")
	}
	at := "A" + strconv.Itoa(f.line)
	f.line++
	return f.stream.SetRow(at, cells)
}

func (f *sheetForm) put(r *Record, loss losses) error {
	carried := map[string]bool{"codes": true, "resources": true, "context": true, "actor.state": true, "actor.note": true}
	cells := make([]any, len(f.columns))
	for i, c := range f.columns {
		carried[c.Field] = true
		cells[i] = f.cell(c, r, loss)
	}
	if r.Namespace != "SiND" {
		loss.add("%d records did not come from this layout: codes, resources and the actor's State are not carried", "")
	}
	lostFields(r, carried, loss)
	return f.row(cells)
}

// cell is the value of one column: a number, a date, or words.
func (f *sheetForm) cell(c *Column, r *Record, loss losses) any {
	v, ok := r.get(c.Field)
	switch {
	case c.Codec == "id":
		if r.Namespace == "SiND" && r.ExternalID != "" {
			return numeric(r.ExternalID)
		}
		return r.ID
	case r.suppressed(c.Field):
		return "censored"
	case !ok || v.Value == "":
		return c.blankWord()
	}
	switch c.Codec {
	case "date":
		return f.dateCell(v)
	case "country":
		return countryWord(v)
	case "country.iso":
		if v.Value == "ZZZ" {
			return nil
		}
		return v.Value
	case "lat", "lon":
		return pointCell(c.Codec, v)
	case "count":
		return countCell(v, loss)
	}
	return c.word(v, loss)
}

// blankWord is what the publisher writes for "nothing known".
func (c *Column) blankWord() any {
	if len(c.Blank) > 0 {
		return c.Blank[0]
	}
	return nil
}

// word writes the source's own words, else the layout's word for our value.
func (c *Column) word(v Value, loss losses) any {
	switch {
	case v.Value == vocabWithheld:
		return "censored"
	case v.Raw != "" && c.reads(v):
		return numeric(v.Raw)
	case c.Write == nil:
		return v.Value
	}
	var out []string
	for _, code := range strings.Fields(v.Value) {
		w, ok := c.Write[code]
		if !ok {
			loss.add("%d values of %s have no word in this layout", c.Field)
			continue
		}
		if again, _ := vocab.Cross("sind", c.Cross, w); c.Cross != "" && strings.Join(again.Codes, " ") != code {
			loss.add("%d values of %s were written as a wider one", c.Field)
		}
		out = append(out, w)
	}
	out = set(out)
	if c.Field == "actor.kind" && len(out) > 1 {
		return "Multiple"
	}
	return strings.Join(out, ", ")
}

// reads reports that the kept words are of this layout, not of another one.
func (c *Column) reads(v Value) bool {
	if c.Cross == "" || c.Write == nil {
		return c.Write == nil || readYesNo(c, "", v.Raw).value == v.Value
	}
	got := readCodes(c, "sind", v.Raw)
	return got.value == v.Value || c.Field == "actor.kind" && got.value != ""
}

func (f *sheetForm) dateCell(v Value) any {
	d, err := when.Parse(v.Value)
	if err != nil || !d.Exact() {
		return v.Value
	}
	days := int(d.From().Time().Sub(serialZero) / (24 * time.Hour))
	return excelize.Cell{StyleID: f.date, Value: days}
}

func countryWord(v Value) any {
	if v.Raw != "" {
		return v.Raw
	}
	if v.Value == "ZZZ" {
		return nil
	}
	if v.Value == vocabWithheld {
		return "censored"
	}
	return vocab.CountryName(v.Value, "en")
}

// pointCell takes one half of a pair, the source's own where it is a pair.
func pointCell(half string, v Value) any {
	if v.Value == vocabWithheld {
		return "censored"
	}
	y, x, ok := strings.Cut(v.Raw, ",")
	if !ok || strings.Contains(x, ",") {
		y, x, _ = strings.Cut(v.Value, ",")
	}
	if half == "lat" {
		return numeric(y)
	}
	return numeric(x)
}

func countCell(v Value, loss losses) any {
	if v.Value == vocabWithheld {
		return "censored"
	}
	n, err := tally.Parse(v.Value)
	if err != nil {
		return v.Value
	}
	if n.Low != n.High {
		loss.add("%d ranges were written as low-high", "")
		return strconv.FormatInt(n.Low, 10) + "-" + strconv.FormatInt(n.High, 10)
	}
	return n.Best
}

// numeric gives digits and decimals as numbers, everything else as words.
func numeric(s string) any {
	if len(s) > 15 && digits(s) || len(s) > 1 && s[0] == '0' && digits(s) {
		return s
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if _, ok := degrees(s, 1e6); ok && strings.Contains(s, ".") {
		n, _ := strconv.ParseFloat(s, 64)
		return n
	}
	return s
}

func (f *sheetForm) end() error {
	if err := f.stream.Flush(); err != nil {
		return err
	}
	defer f.book.Close()
	_, err := f.book.WriteTo(f.out)
	return err
}
