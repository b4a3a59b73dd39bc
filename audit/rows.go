package audit

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ward/lines"
	"ward/policy"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Columns of the indicator file, in the order of the template. Only those a kind needs must be filled.
var Columns = []string{"kind", "state", "clause", "year", "indicator", "incident", "value", "evidence", "coder", "role", "date", "source", "note", "body", "until", "was", "now"}

// Bounds of an indicator file.
const (
	maxFile  = 64 << 20
	maxRows  = 1_000_000
	maxField = 4096
)

// ParseIndicators reads an indicator file: docs/indicators-csv.md. Rows without a problem are returned even when
// others have one; whether to use them is the caller's decision. The error is a fault where the file as a whole
// cannot be read: not UTF-8 text with the columns (Invalid), or too large (Limit). More, where it is not nil, says what else is wrong with a row.
func ParseIndicators(r io.Reader, more func(Row) string) ([]Row, []lines.Problem, error) {
	p := parser{lines: map[string]int{}, declined: map[string]bool{}, more: more}
	layout := lines.Layout{Columns: Columns, Needed: []string{"kind", "state", "value"}, Bytes: maxFile, Rows: maxRows, Field: maxField}
	problems, err := layout.Read(r, p.take)
	if err != nil {
		return nil, problems, err
	}
	return p.rows, problems, nil
}

// parser gathers rows.
type parser struct {
	rows     []Row
	lines    map[string]int  // where a person said something of a thing on a day
	declined map[string]bool // of those, the citations declined
	more     func(Row) string
}

func (p *parser) take(r lines.Record) string {
	row, why := read(r)
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
		why = p.again(r.Line, row)
	}
	if why == "" {
		p.rows = append(p.rows, row)
	}
	return why
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

func read(r lines.Record) (Row, string) {
	row := Row{
		Kind: strings.ToLower(r.Get("kind")), State: strings.ToUpper(r.Get("state")), Clause: r.Get("clause"), Indicator: strings.ToUpper(r.Get("indicator")),
		Incident: r.Get("incident"), Value: r.Get("value"), Evidence: strings.ToLower(r.Get("evidence")), Coder: r.Get("coder"),
		Role: strings.ToLower(r.Get("role")), Date: r.Get("date"), Source: r.Get("source"), Note: r.Get("note"),
		Body: r.Get("body"), Until: r.Get("until"), Was: r.Get("was"), Now: r.Get("now"),
	}
	if year := r.Get("year"); year != "" {
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
