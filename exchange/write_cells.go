package exchange

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"ward/fault"
)

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

// shortDate is the number format that spreadsheet programs show as their own short date.
const shortDate = 14

// maxSheetRows is what a sheet of a workbook can hold.
const maxSheetRows = excelize.TotalRows

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
		return fault.New(fault.Limit, "a workbook holds %d rows and no more", maxSheetRows).Do("split it by country or year, or write CSV")
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
	if c.dates[at] {
		if day, err := time.Parse(time.DateOnly, cell); err == nil && !day.Before(serialFirst) {
			return excelize.Cell{StyleID: c.style, Value: int(day.Sub(serialZero) / (24 * time.Hour))}
		}
		return cell
	}
	return numeric(cell)
}

// numeric gives a number where its digits are all that the cell says, else the words: "007", "1.50" and "+5" stay.
func numeric(s string) any {
	if len(s) > 15 || s[0] > '9' {
		return s
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && strconv.FormatInt(n, 10) == s {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == s && plain(s) {
		return f
	}
	return s
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
