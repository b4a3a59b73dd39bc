package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"ward/fault"
)

// csvTable reads text whose cells are parted by commas, semicolons, tabs or bars. Quotes are read
// lazily: publishers leave single ones inside words.
type csvTable struct {
	r      *csv.Reader
	m      *meter
	in     *input
	offset int64
	latin  bool
}

func newCSVTable(in *input, body io.Reader, head []byte) (table, error) {
	m := &meter{r: body}
	var src io.Reader = m
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		src, head = &oldMac{m}, bytes.ReplaceAll(head, []byte{'\r'}, []byte{'\n'})
	}
	r := csv.NewReader(bufio.NewReaderSize(src, 64<<10))
	r.Comma = delimiter(head)
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	return &csvTable{r: r, m: m, in: in}, nil
}

func (t *csvTable) name() string { return "" }

func (t *csvTable) next() ([]string, error) {
	cells, err := t.r.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, streamFault(err)
	}
	t.m.mark()
	if len(cells) > maxColumns {
		return nil, tooWide(len(cells))
	}
	if err := t.closedQuote(cells); err != nil {
		return nil, err
	}
	t.decode(cells)
	return cells, nil
}

// closedQuote finds the record that swallowed the rest of the file because a
// quotation mark was opened and never closed.
func (t *csvTable) closedQuote(cells []string) error {
	from := t.offset
	t.offset = t.r.InputOffset()
	if t.offset-from < 64<<10 {
		return nil
	}
	for i, c := range cells {
		if bytes.Count([]byte(c), []byte{'\n'}) > maxQuotedLines {
			line, _ := t.r.FieldPos(i)
			return fault.New(fault.Invalid, "a quotation mark opened in line %d is not closed within %d lines", line, maxQuotedLines).
				Do("close it, or save the table again")
		}
	}
	return nil
}

func (t *csvTable) decode(cells []string) {
	for i, c := range cells {
		fixed, foreign := clean(c)
		cells[i] = fixed
		if foreign && !t.latin {
			t.latin = true
			t.in.notes = append(t.in.notes, "the text is not UTF-8: such bytes were read as Windows-1252 (Latin-1)")
		}
	}
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// delimiters are the marks that part cells.
const delimiters = ",;\t|"

// delimiter takes the mark with which a row of the head holds most known labels or tags, so that a title full of commas
// decides nothing; without a known label the mark that stands most often in the first line.
func delimiter(head []byte) rune {
	best, most := mostOf(head), 1
	for _, mark := range delimiters {
		r := csv.NewReader(bytes.NewReader(head))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = mark, true, -1
		for range maxHeaderRow {
			row, err := r.Read()
			if err != nil {
				break
			}
			n := knownLabels(row)
			if isTagRow(row) {
				n = len(row)
			}
			if n > most {
				best, most = mark, n
			}
		}
	}
	return best
}

// mostOf counts marks outside quotes in the first line that has any; a comma when none does.
func mostOf(head []byte) rune {
	count := [len(delimiters)]int{}
	quoted, any := false, false
	for _, c := range head {
		at := strings.IndexByte(delimiters, c)
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case at >= 0:
			count[at]++
			any = true
		}
		if (c == '\n' || c == '\r') && !quoted && any {
			break
		}
	}
	best := 0
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	return rune(delimiters[best])
}

// oldMac turns bare carriage returns into line ends.
type oldMac struct{ r io.Reader }

func (o *oldMac) Read(p []byte) (int, error) {
	n, err := o.r.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
