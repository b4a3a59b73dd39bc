package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"
)

// csvTable reads text whose cells are parted by commas, semicolons, tabs or bars. Quotes are read
// lazily: publishers leave single ones inside words.
type csvTable struct {
	r      *csv.Reader
	m      *meter
	in     *input
	end    *endMark
	offset int64
	latin  bool
	seen   int // records of the head that were looked at for the header
	known  int // labels of the header found so far
	width  int // its cells
}

func newCSVTable(in *input, body io.Reader, head []byte) (table, error) {
	m := &meter{r: body}
	var src io.Reader = m
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		src, head = &oldMac{m}, bytes.ReplaceAll(head, []byte{'\r'}, []byte{'\n'})
	}
	end := &endMark{r: src, mark: []byte("\n" + endCell)}
	r := csv.NewReader(bufio.NewReaderSize(end, 64<<10))
	r.Comma = delimiter(head)
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	return &csvTable{r: r, m: m, in: in, end: end}, nil
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
	if t.r.InputOffset() > t.end.size+1 && len(cells) == 1 && cells[0] == endCell {
		return nil, io.EOF
	}
	if err := t.closedQuote(cells); err != nil {
		return nil, err
	}
	t.measure(cells)
	t.decode(cells)
	return cells, nil
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
// decides nothing; without a known label the mark that divides the rows most evenly.
func delimiter(head []byte) rune {
	best, most := steadiest(head), 1
	for _, mark := range delimiters {
		r := headReader(head, mark)
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

// steadiest is the mark that divides most rows of the head into the same number of cells; a comma when none divides any.
func steadiest(head []byte) rune {
	best, most := ',', 0
	for _, mark := range delimiters {
		widths := map[int]int{}
		r := headReader(head, mark)
		for range maxHeaderRow {
			row, err := r.Read()
			if err != nil {
				break
			}
			widths[len(row)]++
		}
		for width, rows := range widths {
			if n := rows * (width - 1); n > most {
				best, most = mark, n
			}
		}
	}
	return best
}

func headReader(head []byte, mark rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(head))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = mark, true, -1
	return r
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
