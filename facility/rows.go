package facility

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ward/entry"
	"ward/lines"
	"ward/text"
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

// Bounds of a file of facilities.
const (
	maxFile = 8 << 20
	maxRows = 20_000
	maxKey  = 80
)

// Parse reads a file of facilities and damage, stated on a day. Rows without a problem are returned even when others have one. The error is a
// fault where the file as a whole cannot be read: Invalid, or Limit where it is too large.
func Parse(r io.Reader, today when.Day) ([]Row, []lines.Problem, error) {
	p := parser{first: map[string]int{}, today: today}
	layout := lines.Layout{Columns: Columns, Needed: Columns[:2], Told: Told, Bytes: maxFile, Rows: maxRows}
	problems, err := layout.Read(r, p.take)
	if err != nil {
		return nil, problems, err
	}
	return p.rows, problems, nil
}

// parser gathers rows.
type parser struct {
	first map[string]int // line that first described a facility
	today when.Day
	rows  []Row
}

func (p *parser) take(r lines.Record) string {
	row, why := p.row(r)
	if why != "" {
		return why
	}
	if row.Facility != nil {
		if before := p.first[row.Ref]; before > 0 {
			return fmt.Sprintf("line %d already describes this facility", before)
		}
		p.first[row.Ref] = r.Line
	}
	p.rows = append(p.rows, row)
	return ""
}

func (p *parser) row(r lines.Record) (row Row, why string) {
	row = Row{Line: r.Line, Ref: r.Get("facility"), silent: !r.Has("deconflicted")}
	switch kind := strings.ToLower(r.Get("kind")); {
	case row.Ref == "" || utf8.RuneCountInString(row.Ref) > maxKey:
		return row, fmt.Sprintf("the facility's id or key is missing or longer than %d characters", maxKey)
	case kind == FacilityLine:
		row.Facility = described(r)
		return row, row.Facility.Problem()
	case kind == DamageLine:
		row.Damage, why = damaged(r)
		if why == "" {
			why = row.Damage.Problem(p.today)
		}
		return row, why
	default:
		return row, fmt.Sprintf("the kind %.20q is neither facility nor damage", kind)
	}
}

func described(r lines.Record) *Facility {
	f := Facility{Type: r.Get("type"), Name: r.Get("name"), State: strings.ToUpper(r.Get("state")), Adm1: r.Get("adm1"), Place: r.Get("place"),
		Operator: r.Get("operator"), Emblem: r.Get("emblem"), Deconflicted: r.Get("deconflicted"), PCode: r.Get("pcode"), Published: r.Get("published"),
		External: text.Lines(r.Get("external"))}
	if ref := r.Get("facility"); !IsID(ref) && !slices.Contains(f.External, keyed+ref) {
		f.External = append(f.External, keyed+ref)
	}
	return &f
}

func damaged(r lines.Record) (d *Damage, why string) {
	d = &Damage{Date: r.Get("date"), Component: r.Get("component"), Damage: r.Get("damage"), Functionality: r.Get("functionality"), Access: r.Get("access"),
		Services: text.Lines(r.Get("services")), Cause: r.Get("cause"), Incident: r.Get("incident"), Need: r.Get("need"), Compensation: r.Get("compensation"),
		Evidence: text.Lines(r.Get("evidence")), Source: r.Get("source"), Note: r.Get("note"), Corrects: r.Get("corrects")}
	if d.Cost, why = ReadCost(r.Get("cost_low"), r.Get("cost_best"), r.Get("cost_high"), r.Get("currency"), r.Get("prices")); why != "" {
		return d, why
	}
	d.Compensated, why = ReadMoney(r.Get("amount"), r.Get("amount_currency"))
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

// Fresh are the entries of rows that the register does not hold yet, and how the lines that cannot stand beside it are wrong. A key that no
// facility has yet becomes a new one, with an id that mint makes. The records are used up: they take in what the rows state.
func Fresh(records []Record, rows []Row, mint func() string) (made []entry.New, problems []lines.Problem) {
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
			problems = append(problems, lines.Problem{Line: row.Line, Text: fmt.Sprintf("there is no facility %s", row.Ref)})
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
			problems = append(problems, lines.Problem{Line: row.Line, Text: why})
		}
		made = append(made, more...)
	}
	slices.SortFunc(problems, func(a, b lines.Problem) int { return a.Line - b.Line })
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
