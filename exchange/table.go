package exchange

import (
	"errors"
	"io"
	"strings"

	"ward/fault"
)

// Table is one file's rows under its header with nothing interpreted: for tables that are no register of incidents,
// such as publishers' totals. The limits are those of every other input; of a workbook the first sheet with rows is read.
type Table struct {
	in    *input
	sheet *sheet
	part  part
	row   int
}

// oneLineEnd makes the ends of lines inside a cell one kind: a workbook keeps what was typed there, a CSV file cannot.
func oneLineEnd(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\r\n", "\n")
}

// OpenTable stands before the first row below the header. Errors are faults.
func OpenTable(path string) (*Table, error) {
	in, err := openInput(path)
	if err != nil {
		return nil, err
	}
	heads, err := (&Reader{in: in}).heads()
	if err != nil {
		in.close()
		return nil, err
	}
	first := heads[0]
	return &Table{in: in, sheet: first.sheet, part: part{first.table, first.rows[first.sheet.skip:]}, row: first.sheet.skip}, nil
}

// Headers are the names of the columns, in order, without doubled blanks.
func (t *Table) Headers() []string { return t.sheet.headers }

// Sum is the SHA-256 of the file, in hex.
func (t *Table) Sum() string { return t.in.sum }

// Next gives the next row that is not blank and its number in the file, the first row being 1; in JSON the header of keys
// counts as row 1. io.EOF ends it.
func (t *Table) Next() (row []string, number int, err error) {
	for {
		row, err = t.part.next()
		if err != nil {
			return nil, t.row, t.located(err)
		}
		t.row++
		if !isBlank(row) {
			return row, t.row, nil
		}
	}
}

func (t *Table) located(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return fault.Wrap(err, fault.KindOf(err), "after row %d", t.row)
}

// Close releases the file.
func (t *Table) Close() error { return t.in.close() }
