package exchange

import (
	"io"
	"strings"
	"unicode"

	"ward/fault"
	"ward/when"
)

// Formats that NewWriter knows.
const (
	FormatSiND    = "sind-xlsx" // the layout sind-2016-2023, as a workbook
	FormatSiNDCSV = "sind-csv"  // the same as CSV
	FormatSSA     = "ssa-csv"   // WHO's public columns
	FormatAWSD    = "awsd-csv"  // the layout awsd-2020
	FormatCSV     = "csv"       // Ward's public table
	FormatJSON    = "ward-json" // every value with the source's own words
	FormatGeo     = "geojson"   // a map layer
)

// Formats lists them, Ward's own first.
func Formats() []string {
	return []string{FormatJSON, FormatCSV, FormatSiND, FormatSiNDCSV, FormatSSA, FormatAWSD, FormatGeo}
}

// FormatProfile is the publisher's profile and layout that a format writes, as profile/layout; "" for one that is Ward's own and no layout.
func FormatProfile(format string) string {
	switch f, ok := sheetFormats[format]; {
	case ok:
		return f.profile + "/" + f.layout
	case format == FormatCSV:
		return "ward/ward-public"
	}
	return ""
}

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
	loss  *losses
	ended bool
}

// form is what the formats differ in; put reports whether the record stands in the file.
type form interface {
	put(*Record, *losses) (bool, error)
	end() error
}

// NewWriter starts a file of the given format.
func NewWriter(w io.Writer, format string, opt WriteOptions) (*Writer, error) {
	out := &Writer{loss: newLosses()}
	var err error
	switch format {
	case FormatSiND, FormatSiNDCSV, FormatSSA, FormatAWSD:
		out.form, err = newSheetForm(w, sheetFormats[format], opt)
	case FormatGeo:
		out.form, err = newGeoForm(w)
	case FormatCSV:
		out.form, err = newCSVForm(w, opt)
	case FormatJSON:
		out.form, err = newJSONForm(w)
	default:
		err = fault.New(fault.Invalid, "there is no export format %q", format).Do("choose one of %s", strings.Join(Formats(), ", "))
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Put writes one record, unless its source may not be passed on or the format is not for what it tells. Written reports whether it
// stands in the file.
func (w *Writer) Put(r Record) (written bool, err error) {
	w.loss.next()
	switch {
	case w.ended:
		return false, fault.New(fault.Internal, "a record came after the end of the export")
	case r.Redistribute == RedistributeYes:
	case r.Redistribute == RedistributeNoncommercial:
		w.loss.add(termsNotice, r.Source)
	default:
		w.loss.add("%d records of %s were left out: its terms do not say that they may be passed on", r.Source)
		return false, nil
	}
	return w.form.put(&r, w.loss)
}

// Steps are the lossy steps as data, in a fixed order.
func (w *Writer) Steps() []Loss { return w.loss.steps() }

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

// SafeCell keeps a spreadsheet from running a cell: a mark before = + - @, tab and carriage return, also where they are written wide or stand
// behind what cannot be seen. Plain numbers stay numbers.
func SafeCell(cell string) string {
	bare := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	if strings.IndexAny(cell, "\t\r") != 0 && strings.IndexAny(bare, "=+-@＝＋－＠") != 0 {
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
