package exchange

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"ward/fault"
	"ward/when"
)

// Formats that NewWriter knows.
const (
	FormatSiND = "sind-xlsx" // the layout sind-2016-2023, as a workbook
	FormatCSV  = "csv"       // Ward's public table
	FormatJSON = "ward-json" // every value with the source's own words
)

// Record is one incident on its way out.
type Record struct {
	ID           string // public id
	Series       string
	Namespace    string
	ExternalID   string
	Source       string
	Licence      string
	Redistribute Redistribute
	Values       []Value
}

func (r *Record) get(field string) (Value, bool) {
	for _, v := range r.Values {
		if v.Field == field {
			return v, true
		}
	}
	return Value{}, false
}

// WriteOptions say how a file is written.
type WriteOptions struct {
	HXL bool // a row of tags under the header
}

// Writer writes records of one format. Close ends the file and gives the lossy
// steps, one sentence each, in a fixed order.
type Writer struct {
	form  form
	loss  losses
	ended bool
}

// form is what the formats differ in.
type form interface {
	put(*Record, losses) error
	end() error
}

// NewWriter starts a file of the given format.
func NewWriter(w io.Writer, format string, opt WriteOptions) (*Writer, error) {
	out := &Writer{loss: losses{}}
	var err error
	switch format {
	case FormatSiND:
		out.form, err = newSindForm(w, opt)
	case FormatCSV:
		out.form, err = newCSVForm(w, opt)
	case FormatJSON:
		out.form, err = newJSONForm(w)
	default:
		err = fault.New(fault.Invalid, "there is no export format %q", format).Do("choose %s, %s or %s", FormatSiND, FormatCSV, FormatJSON)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Put writes one record, unless its source may not be passed on.
func (w *Writer) Put(r Record) error {
	switch {
	case w.ended:
		return fault.New(fault.Internal, "a record came after the end of the export")
	case r.Redistribute == RedistributeYes:
	case r.Redistribute == RedistributeNoncommercial:
		w.loss.add("%d records of %s may be passed on for non-commercial use only", r.Source)
	default:
		w.loss.add("%d records of %s were left out: its terms do not say that they may be passed on", r.Source)
		return nil
	}
	return w.form.put(&r, w.loss)
}

// Close ends the file.
func (w *Writer) Close() ([]string, error) {
	if w.ended {
		return w.loss.list(), nil
	}
	w.ended = true
	if err := w.form.end(); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the export could not be finished").Do("check the disk and write it again")
	}
	return w.loss.list(), nil
}

// losses counts what a format could not carry, by sentence.
type losses map[[2]string]int

func (l losses) add(sentence, about string) { l[[2]string{sentence, about}]++ }

func (l losses) list() []string {
	out := make([]string, 0, len(l))
	for k, n := range l {
		if strings.Contains(k[0], "%s") {
			out = append(out, fmt.Sprintf(k[0], n, k[1]))
		} else {
			out = append(out, fmt.Sprintf(k[0], n))
		}
	}
	sort.Strings(out)
	return out
}

// SafeCell keeps a spreadsheet from running a cell: a mark before = + - @, tab and
// carriage return. Plain numbers stay numbers.
func SafeCell(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, ok := degrees(cell, 1e15); ok && cell[0] == '-' {
		return cell
	}
	return "'" + cell
}

// month cuts a date to its month; a date that spans months stays a year.
func month(date string) string {
	d, err := when.Parse(date)
	if err != nil || d.IsZero() {
		return ""
	}
	from, to := d.From().String(), d.To().String()
	if from[:7] == to[:7] {
		return from[:7]
	}
	if from[:4] == to[:4] {
		return from[:4]
	}
	return from[:4] + "/" + to[:4]
}
