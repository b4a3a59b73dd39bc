package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ward/fault"
	"ward/when"
)

// Options say how a file is to be read.
type Options struct {
	Profile string   // a profile's name; "" or "auto" finds it
	Map     string   // the answer to contradictions: "", labels, tags, or a mapping file's path
	Mapping string   // path of an edited proposal, for a layout that no profile describes
	Today   when.Day // dates after it are rejected; 0 is the clock's today
}

// Value is what a row asserts of one field.
type Value struct {
	Field string // key of vocab.Fields, or detail:<slug>
	Value string // canonical text
	Raw   string // the source's own words, "" when equal to Value
}

// Row is one data row, read.
type Row struct {
	Number     int    // 1-based among the rows that are not blank
	Series     string // a report is (Series, ExternalID)
	Namespace  string // an incident is (Namespace, ExternalID)
	ExternalID string
	Key        string // country|date|place|counts where there is no id; the importer adds #n
	Values     []Value
	Raw        []string // cells as they stand, in header order
	Flags      []Flag
	Reject     *Flag // why the row was not read; its Raw is kept
}

// Get gives the value of a field, "" when the row says nothing about it.
func (r *Row) Get(field string) string {
	for i := range r.Values {
		if r.Values[i].Field == field {
			return r.Values[i].Value
		}
	}
	return ""
}

// Reader hands out the rows of one file.
type Reader struct {
	in        *input
	parts     []part // still to be read, the first one begun
	bound     *binding
	scheme    string
	namespace string
	order     string
	today     when.Day
	sources   []source
	rules     []compiled
	number    int
	warnings  []string
	extra     map[int]bool // columns that no description knows, once seen with content
	dates     map[string]dated
	actors    map[actorKey]involved
	home      map[string]bool
	names     map[string]bool   // whether a name's meaning depends on the date
	sets      map[string]string // joined sets, each once
	scratch   []byte
	groups    []string // fields whose low, best and high stand in columns of their own
	draft     draft
	err       error
}

// Open finds the layout of a file and stands before its first row. Errors are
// faults; a *Conflict (fault.Undecided) asks for an answer in opt.Map.
func Open(path string, opt Options) (*Reader, error) {
	in, err := openInput(path)
	if err != nil {
		return nil, err
	}
	r, err := newReader(in, opt)
	if err != nil {
		in.close()
		return nil, err
	}
	return r, nil
}

func newReader(in *input, opt Options) (*Reader, error) {
	r := &Reader{in: in, today: opt.Today, extra: map[int]bool{}, dates: map[string]dated{}, actors: map[actorKey]involved{},
		names: map[string]bool{}, sets: map[string]string{}}
	if r.today == 0 {
		r.today = when.DayOf(time.Now()) + 1 // the source's day may be ahead of ours
	}
	if opt.Mapping != "" {
		if err := r.bindProposal(opt.Mapping); err != nil {
			return nil, err
		}
		r.prepare()
		return r, nil
	}
	if err := r.detect(opt); err != nil {
		return nil, err
	}
	r.prepare()
	return r, nil
}

// detect finds the layout among the known ones.
func (r *Reader) detect(opt Options) error {
	heads, err := r.heads()
	if err != nil {
		return err
	}
	sheets := make([]*sheet, len(heads))
	for i := range heads {
		sheets[i] = heads[i].sheet
	}
	b, at, err := choose(sheets, opt.Profile)
	if err != nil {
		return err
	}
	r.bound = b
	if err := r.decide(opt.Map); err != nil {
		return err
	}
	r.parts, err = parts(b, heads, at, opt.Profile)
	return err
}

// decide applies a person's mapping, refuses what fits nothing, and settles
// contradictions between labels and tags.
func (r *Reader) decide(answer string) error {
	b := r.bound
	var answered map[int]bool
	switch answer {
	case "", mapLabels, mapTags:
	default:
		m, err := readMapping(answer)
		if err != nil {
			return err
		}
		if answered, err = m.apply(b); err != nil {
			return err
		}
		b.warn("%d columns are read as your mapping says", len(answered))
	}
	if err := b.refuse(); err != nil {
		return err
	}
	if err := b.settle(answer, answered); err != nil {
		return err
	}
	if missing := b.lacking(); len(missing) > 0 {
		return b.refuse()
	}
	return b.credible()
}

// prepare makes the column readers and what they remember.
func (r *Reader) prepare() {
	b := r.bound
	r.scheme, r.namespace = b.profile.schemeOf(b.layout), cmp.Or(b.layout.Namespace, b.profile.Namespace)
	for i, c := range b.at {
		if c < 0 {
			continue
		}
		col := &b.layout.Columns[c]
		r.sources = append(r.sources, source{col: col, at: i, codec: codecOf(col.Codec), digits: col.Codec == "count" && len(col.Told) == 0,
			group: r.group(col), cache: map[string]*reading{}})
		if len(col.Home) > 0 {
			r.home = col.home
		}
		if col.Codec == "date" {
			r.order = r.dateOrder(i, col.Order)
		}
	}
	r.rules = r.compile(b.profile.rules)
	r.draft.own = new([placeCount]reading)
	r.draft.counts = make([]triple, len(r.groups))
	r.draft.num = make([]int64, len(b.sheet.headers))
	r.warnings = append(r.warnings, b.warnings...)
	r.missing()
}

// missing warns of columns the layout has and the file has not.
func (r *Reader) missing() {
	absent := r.bound.absent()
	switch {
	case r.bound.layout.Open:
		r.warnings = append(r.warnings, "columns beyond those of "+r.bound.layout.Name+" are kept as they are and not interpreted")
	case len(absent) > 0:
		r.warnings = append(r.warnings, "columns of "+r.bound.layout.Name+" that this file does not have: "+shorten(absent))
	}
	if !r.bound.has("id") {
		r.warnings = append(r.warnings, "no column of ids: rows are known by country, date, place and counts")
	}
}

// Profile is the register the file belongs to.
func (r *Reader) Profile() Profile { return *r.bound.profile }

// Layout is the name of the edition's layout.
func (r *Reader) Layout() string { return r.bound.layout.Name }

// Series is the layout's own, or the profile's.
func (r *Reader) Series() string { return cmp.Or(r.bound.layout.Series, r.bound.profile.Series) }

// Namespace is that of the layout's external ids.
func (r *Reader) Namespace() string { return r.namespace }

// Headers are the file's column names, in order, without doubled blanks.
func (r *Reader) Headers() []string { return r.bound.sheet.headers }

// Sum is the SHA-256 of the file, in hex.
func (r *Reader) Sum() string { return r.in.sum }

// Warnings are what was decided about the file as a whole; the list may grow
// while rows are read.
func (r *Reader) Warnings() []string {
	return append(append([]string(nil), r.in.notes...), r.warnings...)
}

// Progress is how much of the file was read, in bytes.
func (r *Reader) Progress() (done, total int64) {
	return min(r.in.read.Load(), r.in.size), r.in.size
}

// Close releases the file.
func (r *Reader) Close() error { return r.in.close() }

// Next gives the next row that is not blank, or io.EOF. After any other error
// the reader stays at that error.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	for {
		raw, err := r.nextRaw()
		if err != nil {
			r.err = r.located(err)
			return Row{}, r.err
		}
		if isBlank(raw) {
			continue
		}
		r.number++
		return r.read(raw), nil
	}
}

// nextRaw goes on with the next part where one ends.
func (r *Reader) nextRaw() ([]string, error) {
	for {
		raw, err := r.parts[0].next()
		if !errors.Is(err, io.EOF) || len(r.parts) == 1 {
			return raw, err
		}
		r.parts = r.parts[1:]
	}
}

// located says after which row a file broke.
func (r *Reader) located(err error) error {
	var f *fault.Error
	if errors.Is(err, io.EOF) || !errors.As(err, &f) {
		return err
	}
	return fault.Wrap(err, f.Kind(), "after row %d", r.number)
}

func (r *Reader) read(raw []string) Row {
	d := &r.draft
	d.reset(raw)
	d.row.Number = r.number
	d.row.Values = make([]Value, 0, len(r.sources)+7)
	for i := range r.sources {
		r.take(d, &r.sources[i])
	}
	if width := r.bound.sheet.width; r.in.kind == "csv" && len(raw) > width && !isBlank(raw[width:]) {
		d.flag(FlagRowLonger, "", "")
	}
	r.finish(d)
	r.watchExtra(raw)
	return d.row
}

// watchExtra warns once of each column that holds something and that no
// description knows. Its cells are kept in Raw and assert nothing.
func (r *Reader) watchExtra(raw []string) {
	at := r.bound.at
	if r.bound.layout.Open {
		return
	}
	for i, c := range raw {
		if i < len(at) && at[i] >= 0 || c == "" || r.extra[i] || strings.TrimSpace(c) == "" {
			continue
		}
		r.extra[i] = true
		name := "without a header"
		if i < len(r.bound.sheet.headers) {
			name = fmt.Sprintf("%q", r.bound.sheet.headers[i])
		}
		r.warnings = append(r.warnings, fmt.Sprintf("column %d %s is not known to %s: its cells are kept as they are and not interpreted", i+1, name, r.bound.layout.Name))
	}
}
