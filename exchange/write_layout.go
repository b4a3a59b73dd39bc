package exchange

import (
	"encoding/csv"
	"io"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ward/fault"
	"ward/tally"
	"ward/vocab"
	"ward/when"
)

// Sheet writes the description of a layout in reverse: records into the cells that the publisher would have written.
// What it makes is read back as the same values by the same description. It knows no tiers and no terms of
// redistribution: it is for invented data and for a publisher's own files, never for an export.
type Sheet struct {
	profile *Profile
	layout  *Layout
	columns []*Column
	words   []map[string]string // by column: our value -> the publisher's word
}

// NewSheet finds a profile's layout.
func NewSheet(profile, layout string) (*Sheet, error) {
	for pi := range profiles() {
		p := &profiles()[pi]
		for li := range p.Layouts {
			if p.Name != profile || p.Layouts[li].Name != layout {
				continue
			}
			s := &Sheet{profile: p, layout: &p.Layouts[li]}
			for i := range s.layout.Columns {
				if c := &s.layout.Columns[i]; !c.Unwritten {
					s.columns = append(s.columns, c)
					s.words = append(s.words, c.publisherWords())
				}
			}
			return s, nil
		}
	}
	return nil, fault.New(fault.NotFound, "there is no layout %s of %s", layout, profile).Do("choose one of the profiles' layouts")
}

// publisherWords turns the column's own values around; of several words for one value the first in the alphabet.
func (c *Column) publisherWords() map[string]string {
	out := map[string]string{}
	var words []string
	for word := range c.Values {
		words = append(words, word)
	}
	sort.Strings(words)
	for _, word := range words {
		if _, taken := out[c.Values[word]]; !taken {
			out[c.Values[word]] = word
		}
	}
	for value, word := range c.Write {
		out[value] = word
	}
	return out
}

// Header is the row of labels and the row of HXL tags; a column without a tag has "".
func (s *Sheet) Header() (labels, tags []string) {
	for _, c := range s.columns {
		labels = append(labels, c.Labels[0])
		tag := ""
		if len(c.Tags) > 0 {
			tag = c.Tags[0]
		}
		tags = append(tags, tag)
	}
	return labels, tags
}

// At is the position of the column that holds a field, or the part of one that a codec reads (year, lat, country.iso);
// -1 for none.
func (s *Sheet) At(field string) int {
	for i, c := range s.columns {
		if c.Codec == field && partCodecs[field] {
			return i
		}
	}
	for i, c := range s.columns {
		if c.Field == field && !strings.HasPrefix(c.Codec, "check.") {
			return i
		}
	}
	return -1
}

// AtCodec is the position of the first column read by a codec, such as check.weekday; -1 for none.
func (s *Sheet) AtCodec(codec string) int {
	for i, c := range s.columns {
		if c.Codec == codec {
			return i
		}
	}
	return -1
}

// Cells is one row. The source's own words win over the layout's words for a value; a field that the record does not
// have becomes the layout's word for nothing known, or "".
func (s *Sheet) Cells(r Record) []string {
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		if c.Codec == "id" {
			cells[i] = r.ExternalID
			continue
		}
		v, ok := r.get(c.Field)
		switch {
		case !ok || v.Value == "":
			cells[i] = c.nothing()
		case v.Value == vocabWithheld:
			cells[i] = "censored"
		default:
			cells[i] = s.cell(i, c, v)
		}
	}
	return cells
}

// nothing is what stands where nothing is known.
func (c *Column) nothing() string {
	if len(c.Blank) > 0 {
		return c.Blank[0]
	}
	return ""
}

func (s *Sheet) cell(i int, c *Column, v Value) string {
	switch c.Codec {
	case "date", "year", "month", "day", "check.year", "check.weekday":
		return c.datePart(v)
	case "country":
		if v.Raw == "" && v.Value != "ZZZ" {
			return vocab.CountryName(v.Value, "en")
		}
		return v.Raw
	case "country.iso":
		if v.Value == "ZZZ" {
			return ""
		}
		return v.Value
	case "lat", "lon":
		y, x, _ := strings.Cut(v.Value, ",")
		if c.Codec == "lat" {
			return y
		}
		return x
	}
	if v.Raw != "" {
		return v.Raw
	}
	if c.Codec == "count" {
		return countWord(v.Value)
	}
	if word, ok := s.words[i][v.Value]; ok {
		return word
	}
	return s.codeWords(i, v.Value)
}

// codeWords writes a set of codes word by word; codes without a word stay.
func (s *Sheet) codeWords(i int, value string) string {
	if s.columns[i].Codec != "codes" && s.columns[i].Codec != "actor.kind" {
		return value
	}
	var out []string
	for _, code := range strings.Fields(value) {
		if word, ok := s.words[i][code]; ok {
			code = word
		}
		out = append(out, code)
	}
	return strings.Join(out, ", ")
}

// datePart writes what a column holds of a date: all of it, or a part that is known.
func (c *Column) datePart(v Value) string {
	if v.Raw != "" && c.Codec == "date" {
		return v.Raw
	}
	d, err := when.Parse(v.Value)
	if err != nil {
		return ""
	}
	from, to := d.From().Time(), d.To().Time()
	month := from.Year() == to.Year() && from.Month() == to.Month()
	switch c.Codec {
	case "date":
		if c.Order == "mdy" && d.Exact() {
			return from.Format("1/2/06 3:04 PM")
		}
		return v.Value
	case "year", "check.year":
		return strconv.Itoa(from.Year())
	case "month":
		if month {
			return strconv.Itoa(int(from.Month()))
		}
	case "day":
		if d.Exact() {
			return strconv.Itoa(from.Day())
		}
	case "check.weekday":
		if d.Exact() {
			return from.Format("Mon")
		}
	}
	return c.nothing()
}

// countWord writes 3, or a range as 1-5.
func countWord(value string) string {
	n, err := tally.Parse(value)
	if err != nil || n.Low == n.High {
		return value
	}
	return strconv.FormatInt(n.Low, 10) + "-" + strconv.FormatInt(n.High, 10)
}

// CellWriter writes a file row by row: labels, tags, data and whatever else stands in it. In a workbook numbers become
// number cells, and days in the columns named become dates. The bytes follow from the rows alone.
type CellWriter struct {
	csv    *csv.Writer
	out    io.Writer
	book   *excelize.File
	stream *excelize.StreamWriter
	style  int
	dates  map[int]bool
	line   int
}

// NewCellWriter starts a CSV file.
func NewCellWriter(w io.Writer) *CellWriter { return &CellWriter{csv: csv.NewWriter(w)} }

// NewBookWriter starts a workbook with one sheet; dates are positions of columns that hold days.
func NewBookWriter(w io.Writer, sheet string, dates ...int) (*CellWriter, error) {
	c := &CellWriter{out: w, book: excelize.NewFile(), dates: map[int]bool{}, line: 1}
	for _, at := range dates {
		c.dates[at] = true
	}
	if err := c.book.SetSheetName("Sheet1", sheet); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%q cannot be the name of a sheet", sheet)
	}
	const made = "2000-01-01T00:00:00Z" // fixed, so that equal rows give equal bytes
	err := c.book.SetDocProps(&excelize.DocProperties{Created: made, Modified: made, Creator: "ward"})
	if err == nil {
		c.style, err = c.book.NewStyle(&excelize.Style{NumFmt: shortDate})
	}
	if err == nil {
		c.stream, err = c.book.NewStreamWriter(sheet)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the workbook cannot be begun")
	}
	return c, nil
}

// Row writes one row of cells.
func (c *CellWriter) Row(cells []string) error {
	if c.csv != nil {
		return c.csv.Write(cells)
	}
	if c.line > maxSheetRows {
		return fault.New(fault.Limit, "a workbook holds %d rows and no more", maxSheetRows).Do("write CSV")
	}
	row := make([]any, len(cells))
	for i, cell := range cells {
		row[i] = c.typed(i, cell)
	}
	c.line++
	return c.stream.SetRow("A"+strconv.Itoa(c.line-1), row)
}

func (c *CellWriter) typed(at int, cell string) any {
	if cell == "" {
		return nil
	}
	if day, err := time.Parse(time.DateOnly, cell); err == nil && c.dates[at] {
		return excelize.Cell{StyleID: c.style, Value: int(day.Sub(serialZero) / (24 * time.Hour))}
	}
	return numeric(cell)
}

// Sheet adds a sheet of words behind the table, as publishers add their notes; a CSV file has no place for one.
func (c *CellWriter) Sheet(name string, rows [][]string) error {
	if c.book == nil {
		return nil
	}
	if _, err := c.book.NewSheet(name); err != nil {
		return fault.Wrap(err, fault.Invalid, "%q cannot be the name of a sheet", name)
	}
	for i, row := range rows {
		if err := c.book.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row); err != nil {
			return fault.Wrap(err, fault.Internal, "the sheet %q cannot be written", name)
		}
	}
	return nil
}

// Close ends the file.
func (c *CellWriter) Close() error {
	if c.csv != nil {
		c.csv.Flush()
		return c.csv.Error()
	}
	defer c.book.Close()
	if err := c.stream.Flush(); err != nil {
		return err
	}
	_, err := c.book.WriteTo(c.out)
	return err
}
