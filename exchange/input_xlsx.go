package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"ward/fault"
)

// sheetTable streams one sheet of a workbook through excelize's row iterator.
// Cells come raw: a date is its serial number, turned into a date by the column
// that knows it is one.
type sheetTable struct {
	title string
	rows  *excelize.Rows
	in    *input
	step  int64
	line  int
}

func (t *sheetTable) name() string { return t.title }

func (t *sheetTable) next() (cells []string, err error) {
	defer shield(&err)
	if t.line++; t.line > excelize.TotalRows {
		return nil, fault.New(fault.Invalid, "the sheet %q numbers a row beyond what a workbook can hold", t.title).Do("save it again as .xlsx or as CSV")
	}
	if !t.rows.Next() {
		return nil, io.EOF
	}
	t.in.read.Add(t.step)
	cells, err = t.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the sheet %q is damaged", t.title).Do("open it in a spreadsheet program and save it again")
	}
	if len(cells) > maxColumns {
		return nil, tooWide(len(cells))
	}
	size := 0
	for i, c := range cells {
		size += len(c)
		cells[i], _ = clean(c)
	}
	if size > maxRecord {
		return nil, fault.New(fault.Limit, "a row is longer than %d MiB", maxRecord>>20).Do("remove what is not part of the table")
	}
	return cells, nil
}

// shield turns a panic inside the workbook reader into a fault: hostile
// workbooks find paths that its authors did not.
func shield(err *error) {
	if p := recover(); p != nil {
		*err = fault.New(fault.Invalid, "the workbook is damaged in a way that its reader does not expect").Do("save it again as .xlsx or as CSV")
	}
}

func (in *input) openWorkbook() (err error) {
	defer shield(&err)
	in.kind = "xlsx"
	lines, err := inspectZip(in.file, in.size)
	if err != nil {
		return err
	}
	if _, err := in.file.Seek(0, io.SeekStart); err != nil {
		return fault.Wrap(err, fault.Invalid, "the workbook cannot be read twice")
	}
	book, err := excelize.OpenReader(in.file, excelize.Options{UnzipSizeLimit: maxInput, UnzipXMLSizeLimit: maxSheetInMemory, RawCellValue: true})
	if err != nil {
		return workbookFault(err)
	}
	in.closers = append(in.closers, book.Close)
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		in.date1904 = *props.Date1904
	}
	names := book.GetSheetList()
	if len(names) > maxSheets {
		return fault.New(fault.Limit, "the workbook has %d sheets, more than the %d that are searched", len(names), maxSheets).Do("save the data sheet alone")
	}
	in.hidden = map[string]bool{}
	for _, name := range names {
		visible, err := book.GetSheetVisible(name)
		in.hidden[name] = err == nil && !visible
		in.tables = append(in.tables, func() (table, error) { return openSheet(in, book, name, lines) })
	}
	return nil
}

func openSheet(in *input, book *excelize.File, name string, lines int64) (t table, err error) {
	defer shield(&err)
	rows, err := book.Rows(name)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the sheet %q cannot be read", name).Do("save the workbook again")
	}
	in.closers = append(in.closers, rows.Close)
	return &sheetTable{title: name, rows: rows, in: in, step: in.size / max(lines, 1)}, nil
}

func workbookFault(err error) error {
	if errors.Is(err, excelize.ErrWorkbookPassword) || errors.Is(err, excelize.ErrWorkbookFileFormat) {
		return fault.Wrap(err, fault.Invalid, "the workbook is locked or is not a workbook").Do("remove the password, or save it as CSV")
	}
	return fault.Wrap(err, fault.Invalid, "the workbook cannot be read").Do("open it in a spreadsheet program and save it again")
}

// inspectZip refuses what must not be unfolded and reports how many rows the
// sheets hold together. Every part is unfolded once, counted, and thrown away:
// sizes written in a zip are claims.
func inspectZip(r io.ReaderAt, size int64) (int64, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "the workbook's zip is damaged").Do("download it again")
	}
	if len(z.File) > maxZipParts {
		return 0, fault.New(fault.Limit, "the workbook has %d parts, more than %d", len(z.File), maxZipParts).Do("save the data sheet alone")
	}
	var lines, total int64
	book := false
	allowed := min(maxInput, max(maxZipSmall, size*maxZipRatio))
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		if strings.HasSuffix(name, "vbaproject.bin") {
			return 0, fault.New(fault.Refused, "the workbook carries macros, which are never opened").Do("save it as .xlsx without macros, or as CSV")
		}
		book = book || strings.HasSuffix(name, "workbook.xml")
		n, rows, err := inspectPart(f, name, allowed-total)
		if err != nil {
			return 0, err
		}
		total, lines = total+n, lines+rows
	}
	if !book {
		return 0, fault.New(fault.Invalid, "this zip is not a workbook").Do("unpack it and import the file inside; save .ods and .xlsb as .xlsx")
	}
	return lines, nil
}

// inspectPart unfolds one part; of a sheet it counts the rows and makes sure
// that it is whole, since the row iterator takes a broken end for the end.
func inspectPart(f *zip.File, name string, left int64) (n, rows int64, err error) {
	r, err := f.Open()
	if err != nil {
		return 0, 0, fault.Wrap(err, fault.Invalid, "a part of the workbook is damaged").Do("download it again")
	}
	defer r.Close()
	sheet := strings.Contains(name, "worksheets/") && strings.HasSuffix(name, ".xml")
	scan := &sheetScan{}
	var w io.Writer = io.Discard
	if sheet {
		w = scan
	} else if strings.HasSuffix(name, "[content_types].xml") {
		w, left = &scan.types, min(left, maxRecord)
	}
	n, err = io.Copy(w, io.LimitReader(r, left+1))
	switch {
	case n > left:
		return 0, 0, fault.New(fault.Limit, "the workbook unfolds to more than %d MiB or %d times its size", maxInput>>20, maxZipRatio).
			Do("save the data sheet alone, or as CSV")
	case err != nil:
		return 0, 0, fault.Wrap(err, fault.Invalid, "a part of the workbook is damaged").Do("download it again")
	case strings.Contains(strings.ToLower(scan.types.String()), "macroenabled"):
		return 0, 0, fault.New(fault.Refused, "the workbook is one that carries macros, which are never opened").Do("save it as .xlsx without macros, or as CSV")
	case scan.unsaved:
		return 0, 0, fault.New(fault.Invalid, "the workbook holds a formula whose result was not saved, so that its cell would read as blank").
			Do("open it in a spreadsheet program, save it, and import it again")
	case sheet && !scan.closed:
		return 0, 0, fault.New(fault.Invalid, "a sheet of the workbook ends early").Do("download it again")
	}
	return n, scan.rows, nil
}

// sheetScan looks for row starts, formulas without results and the end of the sheet's data in a stream.
type sheetScan struct {
	tail    []byte
	rows    int64
	closed  bool
	unsaved bool
	types   bytes.Buffer
}

var (
	rowStart  = []byte("<row ")
	dataEnd   = []byte("sheetData>")
	dataEmpty = []byte("sheetData/>")

	formulaEnd = []byte("</f>")
	cellStart  = []byte("<c ")
	textCell   = []byte(`t="str"`) // its result may be no letters at all
	noResults  = [][]byte{[]byte("</c>"), []byte("<v></v>"), []byte("<v/>"), []byte("<v />")}
)

func (s *sheetScan) Write(p []byte) (int, error) {
	keep := len(s.tail)
	window := append(s.tail, p...)
	s.rows += int64(bytes.Count(window, rowStart)) - int64(bytes.Count(window[:keep], rowStart))
	for at := window; !s.closed; {
		i := bytes.Index(at, []byte("sheetData"))
		if i < 0 {
			break
		}
		before := i > 0 && (at[i-1] == '/' || at[i-1] == ':')
		s.closed = bytes.HasPrefix(at[i:], dataEmpty) || before && bytes.HasPrefix(at[i:], dataEnd)
		at = at[i+1:]
	}
	s.formulas(window)
	s.tail = append([]byte(nil), window[s.unfinished(window):]...)
	return len(p), nil
}

// formulas looks for results that were not saved. It passes over the bytes once, whatever they are.
func (s *sheetScan) formulas(window []byte) {
	cell, at := 0, 0
	for !s.unsaved {
		i := bytes.Index(window[at:], formulaEnd)
		if i < 0 {
			return
		}
		if c := bytes.LastIndex(window[at:at+i], cellStart); c >= 0 {
			cell = at + c
		}
		at += i + len(formulaEnd)
		tag, _, _ := bytes.Cut(window[cell:min(at, cell+longestTag)], []byte{'>'})
		if bytes.Contains(tag, textCell) {
			continue
		}
		for _, none := range noResults {
			s.unsaved = s.unsaved || bytes.HasPrefix(window[at:], none)
		}
	}
}

// longestTag is how much of a cell's opening is looked at.
const longestTag = 200

// longestFormula is the longest cell with a formula that is looked at whole.
const longestFormula = 16 << 10

// unfinished is where to begin again with the next bytes: at the last cell, and always before a mark that may be cut.
func (s *sheetScan) unfinished(window []byte) int {
	short := max(0, len(window)-len(dataEmpty)-1)
	cell := bytes.LastIndex(window, cellStart)
	if cell < 0 || len(window)-cell > longestFormula {
		return short
	}
	return min(cell, short)
}
