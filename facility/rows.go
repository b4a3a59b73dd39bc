package facility

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ward/entry"
	"ward/fault"
	"ward/when"
)

// Columns of the file of facilities (docs/facilities-csv.md), as it is taken in. Deconflicted never leaves: an export lacks it.
var Columns = []string{"kind", "facility", "type", "name", "state", "adm1", "place", "operator", "emblem", "deconflicted", "pcode", "published", "external",
	"date", "component", "damage", "functionality", "access", "services", "cause", "incident", "need", "cost_low", "cost_best", "cost_high", "currency",
	"prices", "compensation", "amount", "amount_currency", "evidence", "source", "note", "corrects"}

// Told are columns that an export adds for the reader; they are passed over when the file is taken in.
var Told = []string{"entry", "stated_on", "corrected_by"}

// Kinds of line.
const (
	FacilityLine = "facility"
	DamageLine   = "damage"
)

// keyed begins the external id that keeps the key by which a file calls a facility.
const keyed = "key:"

// Row is what one line of a file states. Ref is the facility's id, or the key by which the file calls it.
type Row struct {
	Line     int // of the file, the head being line 1
	Ref      string
	Facility *Facility
	Damage   *Damage

	silent bool // the file has no column for what leaves by no file
}

// Problem is a line that cannot be used, and why.
type Problem struct {
	Line int
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Bounds of a file of facilities.
const (
	maxFile = 8 << 20
	maxRows = 20_000
	maxKey  = 80
)

// Parse reads a file of facilities and damage, stated on a day. Rows without a problem are returned even when others have one. The error is a
// fault where the file as a whole cannot be read: Invalid, or Limit where it is too large.
func Parse(r io.Reader, today when.Day) ([]Row, []Problem, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return nil, nil, fault.Wrap(err, fault.Invalid, "the file cannot be read").Keeping("nothing of it was used")
	case len(body) > maxFile:
		return nil, nil, fault.New(fault.Limit, "the file is larger than %d MB", maxFile>>20).Keeping("nothing of it was used").Do("split it")
	case !utf8.Valid(body):
		return nil, nil, fault.New(fault.Invalid, "the file is not UTF-8 text").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff")))
	in.FieldsPerRecord = -1
	place, err := head(in)
	if err != nil {
		return nil, nil, err
	}
	p := parser{place: place, first: map[string]int{}, today: today}
	return p.read(in)
}

// head finds the columns by name; an unknown one is refused, because a misspelt one would silently lose what it holds.
func head(in *csv.Reader) (map[string]int, error) {
	record, err := in.Read()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the file has no head").Do("begin with the line %s", strings.Join(Columns, ","))
	}
	place := map[string]int{}
	for i, name := range record {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := place[name]; twice || !slices.Contains(Columns, name) && !slices.Contains(Told, name) {
			return nil, fault.New(fault.Invalid, "the column %.40q is unknown or stands twice", name).Do("use the columns %s", strings.Join(Columns, ","))
		}
		place[name] = i
	}
	for _, need := range Columns[:2] {
		if _, ok := place[need]; !ok {
			return nil, fault.New(fault.Invalid, "the column %q is missing", need).Do("use the columns %s", strings.Join(Columns, ","))
		}
	}
	return place, nil
}

// parser gathers rows and problems.
type parser struct {
	place    map[string]int
	first    map[string]int // line that first described a facility
	today    when.Day
	rows     []Row
	problems []Problem
}

func (p *parser) read(in *csv.Reader) ([]Row, []Problem, error) {
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return p.rows, p.problems, nil
		}
		if err != nil {
			return nil, nil, fault.Wrap(err, fault.Invalid, "the file is not CSV").Keeping("nothing of it was used")
		}
		line, _ := in.FieldPos(0)
		p.take(line, record)
		if len(p.rows)+len(p.problems) > maxRows {
			return nil, nil, fault.New(fault.Limit, "the file has more than %d lines", maxRows).Keeping("nothing of it was used").Do("split it")
		}
	}
}

func (p *parser) take(line int, record []string) {
	if !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return
	}
	row, why := p.row(line, record)
	if before := p.first[row.Ref]; why == "" && row.Facility != nil && before > 0 {
		why = fmt.Sprintf("line %d already describes this facility", before)
	}
	if why != "" {
		p.problems = append(p.problems, Problem{line, why})
		return
	}
	if row.Facility != nil {
		p.first[row.Ref] = line
	}
	p.rows = append(p.rows, row)
}

func (p *parser) row(line int, record []string) (row Row, why string) {
	c := cells{p.place, record}
	row = Row{Line: line, Ref: c.get("facility")}
	_, told := p.place["deconflicted"]
	row.silent = !told
	switch kind := strings.ToLower(c.get("kind")); {
	case len(record) > len(p.place):
		return row, fmt.Sprintf("it has %d fields, the head %d", len(record), len(p.place))
	case row.Ref == "" || utf8.RuneCountInString(row.Ref) > maxKey:
		return row, fmt.Sprintf("the facility's id or key is missing or longer than %d characters", maxKey)
	case kind == FacilityLine:
		row.Facility = c.facility()
		return row, row.Facility.Problem()
	case kind == DamageLine:
		row.Damage, why = c.damage()
		if why == "" {
			why = row.Damage.Problem(p.today)
		}
		return row, why
	default:
		return row, fmt.Sprintf("the kind %.20q is neither facility nor damage", kind)
	}
}

// cells are the cells of one line by their columns.
type cells struct {
	place  map[string]int
	record []string
}

func (c cells) get(column string) string {
	if i, ok := c.place[column]; ok && i < len(c.record) {
		return unmarked(strings.TrimSpace(c.record[i]))
	}
	return ""
}

// unmarked takes off the mark by which an export keeps a spreadsheet from running a cell.
func unmarked(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

func (c cells) facility() *Facility {
	f := Facility{Type: c.get("type"), Name: c.get("name"), State: strings.ToUpper(c.get("state")), Adm1: c.get("adm1"), Place: c.get("place"),
		Operator: c.get("operator"), Emblem: c.get("emblem"), Deconflicted: c.get("deconflicted"), PCode: c.get("pcode"), Published: c.get("published"),
		External: Lines(c.get("external"))}
	if ref := c.get("facility"); !IsID(ref) && !slices.Contains(f.External, keyed+ref) {
		f.External = append(f.External, keyed+ref)
	}
	return &f
}

func (c cells) damage() (d *Damage, why string) {
	d = &Damage{Date: c.get("date"), Component: c.get("component"), Damage: c.get("damage"), Functionality: c.get("functionality"), Access: c.get("access"),
		Services: Lines(c.get("services")), Cause: c.get("cause"), Incident: c.get("incident"), Need: c.get("need"), Compensation: c.get("compensation"),
		Evidence: Lines(c.get("evidence")), Source: c.get("source"), Note: c.get("note"), Corrects: c.get("corrects")}
	if d.Cost, why = ReadCost(c.get("cost_low"), c.get("cost_best"), c.get("cost_high"), c.get("currency"), c.get("prices")); why != "" {
		return d, why
	}
	d.Compensated, why = ReadMoney(c.get("amount"), c.get("amount_currency"))
	return d, why
}

// ReadCost reads a cost as a person writes it: a best value alone is exact, low and high alone are a range without a best value. It is nil
// where nothing is written.
func ReadCost(low, best, high, currency, priced string) (c *Cost, why string) {
	if low+best+high+currency+priced == "" {
		return nil, ""
	}
	if low == "" && high == "" {
		low, high = best, best
	}
	c = &Cost{Currency: strings.ToUpper(currency), Priced: priced}
	var ok [3]bool
	c.Low, ok[0] = amount(low)
	c.High, ok[1] = amount(high)
	ok[2] = true
	if best != "" {
		var b int64
		b, ok[2] = amount(best)
		c.Best = &b
	}
	if ok != [3]bool{true, true, true} {
		return nil, "a cost is whole numbers: best alone, or low and high, with or without best"
	}
	return c, ""
}

// ReadMoney reads an amount as a person writes it; it is nil where nothing is written.
func ReadMoney(text, currency string) (m *Money, why string) {
	if text+currency == "" {
		return nil, ""
	}
	n, ok := amount(text)
	if !ok {
		return nil, "an amount is a whole number"
	}
	return &Money{n, strings.ToUpper(currency)}, ""
}

func amount(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// Lines are the lines of a text that say something.
func Lines(s string) (out []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Fresh are the entries of rows that the register does not hold yet, and how the lines that cannot stand beside it are wrong. A key that no
// facility has yet becomes a new one, with an id that mint makes. The records are used up: they take in what the rows state.
func Fresh(records []Record, rows []Row, mint func() string) (made []entry.New, problems []Problem) {
	known, seen := map[string]*Record{}, map[string]bool{}
	for i, r := range records {
		known[r.ID] = &records[i]
		for _, e := range r.Entries {
			seen[said(r.ID, e.Body)] = true
		}
		for _, x := range r.External {
			if key, is := strings.CutPrefix(x, keyed); is {
				known[key] = &records[i]
			}
		}
	}
	for _, row := range rows {
		if row.Facility == nil {
			continue
		}
		r := known[row.Ref]
		switch {
		case r == nil && IsID(row.Ref):
			problems = append(problems, Problem{row.Line, fmt.Sprintf("there is no facility %s", row.Ref)})
		case r == nil:
			known[row.Ref] = &Record{ID: mint()}
			made = append(made, entry.New{Kind: Put, Subject: known[row.Ref].ID, Body: *row.Facility})
		default:
			made = append(made, r.put(row)...)
		}
	}
	for _, row := range rows {
		if row.Damage == nil {
			continue
		}
		more, why := stated(known[row.Ref], row, seen)
		if why != "" {
			problems = append(problems, Problem{row.Line, why})
		}
		made = append(made, more...)
	}
	slices.SortFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return made, problems
}

// put is the entry by which a row changes what the facility is; none where it changes nothing. A file without the column for what leaves by
// no file, and the keys of other files, leave those as they are.
func (r *Record) put(row Row) []entry.New {
	f := *row.Facility
	if row.silent {
		f.Deconflicted = r.Deconflicted
	}
	for _, x := range r.External {
		if strings.HasPrefix(x, keyed) && !slices.Contains(f.External, x) {
			f.External = append(f.External, x)
		}
	}
	if r.Same(f) {
		return nil
	}
	return []entry.New{{Kind: Put, Subject: r.ID, Body: f}}
}

// Same reports that a facility is described just so already; the order of ids elsewhere does not matter.
func (f Facility) Same(o Facility) bool {
	f.External, o.External = slices.Sorted(slices.Values(f.External)), slices.Sorted(slices.Values(o.External))
	return reflect.DeepEqual(f, o)
}

// said is what an entry says of a facility, as one word.
func said(id string, d Damage) string {
	b, _ := json.Marshal(d) // strings and numbers: it cannot fail
	return id + string(b)
}

// stated is the entry of a damage row; none where the same was seen before.
func stated(r *Record, row Row, seen map[string]bool) ([]entry.New, string) {
	if r == nil {
		return nil, fmt.Sprintf("there is no facility %.40q, here or in the file", row.Ref)
	}
	same := said(r.ID, *row.Damage)
	if seen[same] {
		return nil, ""
	}
	if why := r.Corrects(*row.Damage); why != "" {
		return nil, why
	}
	seen[same] = true
	r.add(entry.Entry[Damage]{ID: fmt.Sprintf("line %d", row.Line), Body: *row.Damage}) // so that a later line of the file sees it
	return []entry.New{{Kind: Damaged, Subject: r.ID, Body: *row.Damage}}, ""
}
