package audit

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"ward/fault"
	"ward/policy"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Columns of the indicator file, in the order of the template. Only those a kind needs must be filled.
var Columns = []string{"kind", "state", "clause", "year", "indicator", "incident", "value", "evidence", "coder", "role", "date", "source", "note", "body", "until", "was", "now"}

// Problem is a line that cannot be used, and why.
type Problem struct {
	Line int // of the file, the header being line 1
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Bounds of an indicator file.
const (
	maxFile     = 64 << 20
	maxRows     = 1_000_000
	maxField    = 4096
	maxProblems = 1000
)

// ParseIndicators reads an indicator file: docs/indicators-csv.md. Rows without a problem are returned even when
// others have one; whether to use them is the caller's decision. The error is a fault where the file as a whole
// cannot be read: not UTF-8 text with the columns (Invalid), or too large (Limit). More, where it is not nil, says what else is wrong with a row.
func ParseIndicators(r io.Reader, more func(Row) string) ([]Row, []Problem, error) {
	limited := &io.LimitedReader{R: r, N: maxFile + 1}
	in := csv.NewReader(withoutMark(transform.NewReader(limited, encoding.UTF8Validator)))
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return nil, nil, unreadable(err, limited)
	}
	place, err := columnsOf(header)
	if err != nil {
		return nil, nil, err
	}
	p := parser{place: place, width: len(header), lines: map[string]int{}, declined: map[string]bool{}, more: more}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) && limited.N > 0 {
			return p.rows, p.problems, nil
		}
		if err != nil {
			return nil, nil, unreadable(err, limited)
		}
		line, _ := in.FieldPos(0)
		p.take(line, record)
		if len(p.rows) > maxRows || len(p.problems) >= maxProblems {
			return nil, p.problems, fault.New(fault.Limit, "the file has more than %d rows or %d problems", maxRows, maxProblems).
				Keeping("nothing of it was used").Do("correct the first problems, or split the file")
		}
	}
}

// withoutMark passes over the byte order mark that spreadsheets put before UTF-8.
func withoutMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		b.Discard(len(mark)) // they were peeked at: it cannot fail
	}
	return b
}

func unreadable(err error, limited *io.LimitedReader) error {
	switch {
	case limited.N <= 0:
		return fault.New(fault.Limit, "the file is larger than %d MB", maxFile>>20).Keeping("nothing of it was used").Do("split it")
	case errors.Is(err, io.EOF):
		return fault.New(fault.Invalid, "the file is empty").Do("start with the line %s", strings.Join(Columns, ","))
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return fault.New(fault.Invalid, "the file is not UTF-8 text").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
	}
	return fault.Wrap(err, fault.Invalid, "the file is not CSV").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
}

// columnsOf finds the columns by name; unknown columns are refused, because a misspelt one would silently lose values.
func columnsOf(header []string) (map[string]int, error) {
	place := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" {
			continue
		}
		if _, twice := place[name]; twice || !slices.Contains(Columns, name) {
			return nil, fault.New(fault.Invalid, "the column %.40q is unknown or stands twice", name).
				Do("use the columns %s", strings.Join(Columns, ","))
		}
		place[name] = i
	}
	for _, need := range []string{"kind", "state", "value"} {
		if _, ok := place[need]; !ok {
			return nil, fault.New(fault.Invalid, "the column %q is missing", need).Do("use the columns %s", strings.Join(Columns, ","))
		}
	}
	return place, nil
}

// parser gathers rows and problems.
type parser struct {
	place    map[string]int
	width    int
	rows     []Row
	problems []Problem
	lines    map[string]int  // where a person said something of a thing on a day
	declined map[string]bool // of those, the citations declined
	more     func(Row) string
}

func (p *parser) take(line int, record []string) {
	if blank(record) {
		return
	}
	row, why := p.read(record)
	if why == "" {
		why = row.problem()
	}
	if why == "" && row.State == "" {
		why = "the State is missing"
	}
	if why == "" {
		why = row.stray()
	}
	if why == "" && p.more != nil {
		why = p.more(row)
	}
	if why == "" {
		why = p.again(line, row)
	}
	if why != "" {
		p.problems = append(p.problems, Problem{line, why})
		return
	}
	p.rows = append(p.rows, row)
}

// Problem says why a row cannot be put on record; "" where it can.
func (r Row) Problem() string {
	why := r.problem()
	if why == "" {
		why = r.stray()
	}
	if why == "" && r.Year != 0 && (r.Year < 1800 || r.Year > 2200) {
		why = fmt.Sprintf("%d is not a year", r.Year)
	}
	for _, field := range []string{r.Clause, r.Value, r.Coder, r.Source, r.Note} {
		if why == "" && len(field) > maxField {
			why = fmt.Sprintf("a field is longer than %d bytes", maxField)
		}
	}
	return why
}

// stray says which name of the row nobody knows or could be taken for another: such a row would stand for good.
func (r Row) stray() string {
	if _, known := vocab.Country(r.State); !known {
		return fmt.Sprintf("no State or territory has the code %.20q", r.State)
	}
	_, clause := policy.Load().Clause(r.Clause)
	_, norm := policy.Load().Norm(r.Clause)
	if r.Clause != "" && !clause && !norm {
		return fmt.Sprintf("the norm corpus has no clause or norm %.60q", r.Clause)
	}
	if mixed(r.Coder) {
		return fmt.Sprintf("the name %.60q has a word in letters of two alphabets that look alike: write it in one", r.Coder)
	}
	return ""
}

// mixed reports a word in more than one of the alphabets whose letters look alike: one person could pass for two.
func mixed(name string) bool {
	for word := range strings.FieldsSeq(name) {
		alphabets := 0
		for _, alphabet := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek} {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(alphabet, r) }) {
				alphabets++
			}
		}
		if alphabets > 1 {
			return true
		}
	}
	return false
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" })
}

func (p *parser) read(record []string) (Row, string) {
	if len(record) > p.width {
		return Row{}, fmt.Sprintf("it has %d fields, the header %d", len(record), p.width)
	}
	for i, field := range record {
		if len(field) > maxField {
			return Row{}, fmt.Sprintf("field %d is longer than %d bytes", i+1, maxField)
		}
	}
	get := func(column string) string {
		i, ok := p.place[column]
		if !ok || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(strings.Clone(record[i]))
	}
	row := Row{
		Kind: strings.ToLower(get("kind")), State: strings.ToUpper(get("state")), Clause: get("clause"), Indicator: strings.ToUpper(get("indicator")),
		Incident: get("incident"), Value: get("value"), Evidence: strings.ToLower(get("evidence")), Coder: get("coder"),
		Role: strings.ToLower(get("role")), Date: get("date"), Source: get("source"), Note: get("note"),
		Body: get("body"), Until: get("until"), Was: get("was"), Now: get("now"),
	}
	if year := get("year"); year != "" {
		n, err := strconv.Atoi(year)
		if err != nil || n < 1800 || n > 2200 {
			return row, fmt.Sprintf("%.20q is not a year", year)
		}
		row.Year = n
	}
	return row, ""
}

// again refuses that one person says two things of one thing on one day; saying the same twice is a problem too, since
// one of the two lines was surely meant for another year or clause.
func (p *parser) again(line int, row Row) string {
	if !slices.Contains([]string{KindCoding, KindOutcome, KindInformation, KindParty, KindCitation, KindConflict}, row.Kind) {
		return p.twice(line, row.Digest())
	}
	key := strings.Join([]string{row.Kind, row.State, row.Clause, strconv.Itoa(row.Year), row.Indicator, row.Incident, text.Key(row.Coder), row.Date}, "\x00")
	if row.Kind == KindCitation {
		if first, ok := p.lines[key]; ok && p.declined[key] != (row.Value == Declined) {
			return fmt.Sprintf("line %d says otherwise of the same thing, by the same person on the same day", first)
		}
		p.lines[key], p.declined[key] = line, row.Value == Declined
		key += "\x00" + row.Value
	}
	return p.twice(line, key)
}

func (p *parser) twice(line int, key string) string {
	if first, ok := p.lines[key]; ok {
		return fmt.Sprintf("line %d already says this of the same thing, by the same person on the same day", first)
	}
	p.lines[key] = line
	return ""
}

// problem says what is wrong with a row by itself; "" when nothing is.
func (r Row) problem() string {
	values := allowed(r.Kind, indicatorKind(r.Indicator))
	if values == nil || !slices.Contains(kinds, r.Kind) {
		return fmt.Sprintf("the kind %.20q is none of %s", r.Kind, strings.Join(kinds, ", "))
	}
	if !isISO3(r.State) {
		return fmt.Sprintf("%.20q is not a State by its three letters", r.State)
	}
	if why := r.needs(); why != "" {
		return why
	}
	if !slices.Contains(values, r.Value) {
		return fmt.Sprintf("%.20q is not a value of a %s row: %s", r.Value, r.Kind, strings.Join(values, ", "))
	}
	if why := r.badDate(); why != "" {
		return why
	}
	if r.Evidence != "" && (r.Kind != KindCitation || !slices.Contains([]string{EvidenceInstruction, EvidenceLaw, EvidenceAcknowledge}, r.Evidence)) {
		return fmt.Sprintf("%.20q is not evidence of a citation: instruction, law, acknowledgement", r.Evidence)
	}
	return r.badPart()
}

// badDate checks the dates: those of the procedure are days, because sixty of them are counted.
func (r Row) badDate() string {
	for _, text := range []string{r.Date, r.Until} {
		if text == "" {
			continue
		}
		date, err := when.Parse(text)
		if err != nil {
			return fmt.Sprintf("%.20q is not a date", text)
		}
		if slices.Contains([]string{KindStep, KindCorrection, KindAppeal}, r.Kind) && text != date.From().String() {
			return fmt.Sprintf("%.20q is not a day, as a %s row needs", text, r.Kind)
		}
	}
	return ""
}

// badPart checks that the role and the later columns stand only where a rule reads them.
func (r Row) badPart() string {
	roles := []string{"", RoleCoder, RoleAdjudicator}
	switch r.Kind {
	case KindOutcome:
		roles = append(roles, RolePanel)
	case KindStep:
		roles = []string{"", stepRole(r.Value)}
	case KindReply, KindCorrection, KindAppeal, KindVisit, KindCommunication, KindReservation, KindWithdrawal, KindParty:
		roles = append(roles, RoleEditor, RolePanel)
	}
	if !slices.Contains(roles, r.Role) {
		return fmt.Sprintf("%.20q is not a role in a %s row: %s", r.Role, r.Kind, strings.Join(roles[1:], ", "))
	}
	for _, c := range []struct {
		name, value string
		in          []string
	}{
		{"body", r.Body, []string{KindAppeal, KindVisit, KindCommunication}},
		{"until", r.Until, []string{KindStep, KindVisit, KindCommunication, KindReservation}},
		{"was", r.Was, []string{KindCorrection}}, {"now", r.Now, []string{KindCorrection}},
	} {
		if c.value != "" && !slices.Contains(c.in, r.Kind) {
			return fmt.Sprintf("a %s row has no use for the column %s", r.Kind, c.name)
		}
	}
	return ""
}

// needs checks that the fields of the row's kind are filled.
func (r Row) needs() string {
	empty := map[string]bool{"clause": r.Clause == "", "clause (the norm)": r.Clause == "", "year": r.Year == 0, "coder": text.Key(r.Coder) == "", // a name of letters or digits
		"indicator": indicatorKind(r.Indicator) == "", "incident": r.Incident == "", "source": r.Source == "", "date": r.Date == "",
		"body": r.Body == "", "was": r.Was == "", "now": r.Now == "", "note": r.Note == ""}
	for _, name := range needed[r.Kind] {
		if empty[name] {
			return fmt.Sprintf("a %s row needs the column %s", r.Kind, name)
		}
	}
	if r.Kind == KindStep && (r.Value == StepFrozen || r.Value == StepSuperseded) && r.Clause != "" {
		return fmt.Sprintf("a step %s is taken for all clauses of a year: leave the column clause empty", r.Value)
	}
	return ""
}

// needed are the columns that a kind must fill, besides kind, state and value.
var needed = map[string][]string{
	KindCoding:        {"indicator", "year", "coder"},
	KindOutcome:       {"clause", "year", "coder"},
	KindInformation:   {"year", "coder"},
	KindReply:         {"date"},
	KindParty:         {"clause (the norm)", "year", "source"},
	KindCitation:      {"clause", "incident", "coder"},
	KindStep:          {"date", "coder"},
	KindCorrection:    {"clause", "year", "date", "coder", "was", "now", "note"},
	KindAppeal:        {"clause", "year", "date", "body"},
	KindReservation:   {"clause", "year", "source"},
	KindWithdrawal:    {"clause (the norm)", "year", "source"},
	KindVisit:         {"date", "body", "source"},
	KindCommunication: {"date", "body", "source"},
	KindConflict:      {"coder", "date"},
}

// indicatorKind is structure or process; "" for anything a row cannot speak of.
func indicatorKind(id string) string {
	if in, ok := indicator(id); ok && in.Kind != IndicatorOutcome {
		return in.Kind
	}
	return ""
}

func isISO3(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && s != noCountry
}
