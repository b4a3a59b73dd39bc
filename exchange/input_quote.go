package exchange

import (
	"errors"
	"io"
	"strings"

	"ward/fault"
)

// A quotation mark that nobody closes takes the rows after it into one cell, up to the next mark that happens to stand
// before a separator. What follows tells such a cell from a description of several lines.

// endCell stands in a row of its own behind the last byte of the text: a quote that is still open there swallows it.
const endCell = "."

// endMark appends the mark to a stream and counts the stream's own bytes.
type endMark struct {
	r    io.Reader
	mark []byte
	size int64 // of what was read so far; at the mark, of all
}

func (e *endMark) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.size += int64(n)
	if n > 0 || !errors.Is(err, io.EOF) {
		return n, err
	}
	if len(e.mark) == 0 {
		return 0, io.EOF
	}
	n = copy(p, e.mark)
	e.mark = e.mark[n:]
	return n, nil
}

// measure finds how many cells the header has: the row of the head with most known labels, the widest without any.
func (t *csvTable) measure(cells []string) {
	if t.seen >= maxHeaderRow {
		return
	}
	t.seen++
	if n := knownLabels(cells); n > t.known || t.known == 0 && len(cells) > t.width {
		t.known, t.width = n, len(cells)
	}
}

// closedQuote refuses a record in which a quotation mark was opened and not closed where it should be.
func (t *csvTable) closedQuote(cells []string) error {
	large := t.r.InputOffset()-t.offset >= 64<<10
	t.offset = t.r.InputOffset()
	if t.offset > t.end.size+1 { // the record holds the mark behind the end
		return t.openQuote(len(cells)-1, "to the end of the file")
	}
	for i, c := range cells {
		switch lines := strings.Count(c, "\n"); {
		case lines == 0:
		case large && lines > maxQuotedLines:
			return t.openQuote(i, "for hundreds of lines")
		case t.swallowed(cells, i):
			return t.openQuote(i, "before the row ends, and takes in the rows after it")
		}
	}
	return nil
}

func (t *csvTable) openQuote(cell int, until string) error {
	line, _ := t.r.FieldPos(cell)
	return fault.New(fault.Invalid, "a quotation mark opened in line %d is not closed %s", line, until).
		Do("close the mark in line %d or take it away, or save the table again, then import the whole file", line)
}

// ragged is the share of a row's separators, one in so many, that may be missing at its end.
const ragged = 8

// swallowed reports a cell whose lines are rows of the table. Without the quote its first line would go on from the cells
// before it and its last into the cells behind it, both as wide as the header. As a long sentence may have as many commas,
// one thing more must hold: the last line opens a quote where a cell begins, the record is not as wide as the header, or
// the lines between are rows too.
func (t *csvTable) swallowed(cells []string, at int) bool {
	mark := string(t.r.Comma)
	whole := t.width - 1
	need := whole - whole/ragged
	first, rest, _ := strings.Cut(cells[at], "\n")
	end := strings.LastIndexByte(rest, '\n') + 1
	between, last := rest[:end], rest[end:]
	behind := len(cells) - 1 - at
	if need < 1 || at+strings.Count(first, mark) < need || strings.Count(last, mark)+behind < whole {
		return false
	}
	return len(cells) != t.width || strings.HasPrefix(last, `"`) || strings.Contains(last, mark+`"`) || end > 0 && allWide(between, mark, need)
}

// allWide reports lines, each with its end, that hold at least so many separators.
func allWide(lines, mark string, need int) bool {
	for line := range strings.Lines(lines) {
		if strings.Count(line, mark) < need {
			return false
		}
	}
	return true
}
