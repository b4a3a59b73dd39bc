package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ward/fault"
	"ward/policy"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Bounds of what a case holds, in characters; and of how many items a section has.
const (
	MaxName  = 80
	MaxText  = 500
	MaxLong  = 20_000
	maxItems = 500
)

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

func refused(format string, args ...any) *fault.Error {
	return fault.New(fault.Refused, format, args...).Keeping("nothing was written")
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// line is nil where a text is one line of at most so many characters.
func line(what, s string, most int) error {
	if utf8.RuneCountInString(s) > most || text.Hidden(s) || !utf8.ValidString(s) {
		return invalid("%s is longer than %d characters, more than one line, or holds signs that nobody sees", what, most)
	}
	return nil
}

// long is nil where a text has at most MaxLong characters.
func long(what, s string) error {
	if utf8.RuneCountInString(s) > MaxLong || !utf8.ValidString(s) {
		return invalid("%s is longer than %d characters", what, MaxLong)
	}
	return nil
}

// Check is nil where a case can be opened so.
func (o Opened) Check() error {
	if _, ok := PlaybookOf(o.Kind); !ok {
		return invalid("%.40q is no kind of case", o.Kind).Do("take one of %s", strings.Join(Kinds(), ", "))
	}
	if isBlank(o.Name) {
		return invalid("the case has no name").Do("give it a pseudonym or a word, never a person's name")
	}
	if err := line("the name of the case", o.Name, MaxName); err != nil {
		return err
	}
	if len(o.Incidents) > maxItems {
		return invalid("there are more than %d incidents", maxItems)
	}
	if o.Drill && o.Kind != Breach {
		return invalid("only a breach is exercised as a drill")
	}
	if err := isCountry(o.Country); err != nil {
		return err
	}
	return long("the summary", o.Summary)
}

func isCountry(code string) error {
	if iso, known := vocab.Country(code); code != "" && (!known || iso != code) {
		return invalid("no country has the code %.10q", code)
	}
	return nil
}

// Normal is what can be recorded in a section of the case: values trimmed, instants in UTC, a review that is due where its risk asks for one. It
// is Invalid where a value is none of its type or a field or section is not in the playbook.
func (c Case) Normal(f Fact, now time.Time) (Fact, error) {
	s, ok := c.Playbook().Section(f.Section)
	if !ok {
		return f, invalid("a case of this kind has no section %.40q", f.Section)
	}
	if !s.Repeats && f.Item != "" || len(f.Item) > 40 || len(c.items[f.Section]) >= maxItems {
		return f, invalid("the section %s takes no such item", s.Section)
	}
	if s.After != "" && !c.Reached(s.After) {
		return f, refused("nothing is recorded in the section %s before the case is %s", s.Section, s.After).Do("do that first")
	}
	if err := long("the reason", f.Why); err != nil {
		return f, err
	}
	if f.Removed {
		return c.removal(f)
	}
	values, err := s.normal(f.Values)
	if err != nil {
		return f, err
	}
	f.Values = values
	return f, s.reviewed(values, now)
}

// removal is nil where an item stands and a reason is given.
func (c Case) removal(f Fact) (Fact, error) {
	f.Values = nil
	if !slices.ContainsFunc(c.items[f.Section], func(i Item) bool { return i.ID == f.Item }) {
		return f, fault.New(fault.NotFound, "the section %s has no such item", f.Section).Keeping("nothing was written")
	}
	if isBlank(f.Why) {
		return f, invalid("what is taken out needs a reason").Do("say why it was recorded in error")
	}
	return f, nil
}

// normal are the values that are given, each checked.
func (s Section) normal(given map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for name, value := range given {
		f, ok := s.Field(name)
		if !ok {
			return nil, invalid("the section %s has no field %.40q", s.Section, name)
		}
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		value, err := f.normal(value)
		if err != nil {
			return nil, err
		}
		out[name] = value
	}
	for _, f := range s.Fields {
		if f.Required && out[f.Field] == "" {
			return nil, invalid("the field %s of the section %s is missing", f.Field, s.Section)
		}
	}
	for _, a := range s.Asks {
		if out[a.Field] == a.Is && out[a.Needs] == "" {
			return nil, invalid("the field %s of the section %s is missing: %s says %s", a.Needs, s.Section, a.Field, a.Is)
		}
	}
	if len(out) == 0 {
		return nil, invalid("nothing was filled in in the section %s", s.Section)
	}
	return out, nil
}

// instants are the forms in which an instant is understood, the last two as UTC: as a form field of the browser gives it.
var instants = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04"}

// ReadInstant reads an instant; without a zone it is UTC.
func ReadInstant(s string) (time.Time, bool) {
	for _, layout := range instants {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// normal is a value as it is kept; Invalid where it is none of its type.
func (f Field) normal(value string) (string, error) {
	wrong := invalid("what was given for the field %s is no %s", f.Field, f.Type)
	switch f.Type {
	case Text, Name:
		return value, line("the field "+f.Field, value, MaxText)
	case Long:
		return value, long("the field "+f.Field, value)
	case Day:
		if d, err := when.Parse(value); err != nil || d.IsZero() {
			return "", wrong.Do("write a day as 2026-05-07, or a part of one as 2026-05")
		}
	case Instant:
		t, ok := ReadInstant(value)
		if !ok {
			return "", wrong.Do("write it as 2026-05-07T09:30:00Z, in UTC")
		}
		return t.Format(time.RFC3339), nil
	case Coded:
		if !vocab.Has(f.List, value) {
			return "", wrong.Do("take a code of the list %s", f.List)
		}
	case Bool:
		if value != "yes" {
			return "", wrong.Do(`write "yes", or nothing`)
		}
	case Number:
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return "", wrong.Do("write a whole number")
		}
		return strconv.Itoa(n), nil
	case Clause:
		if _, ok := policy.Load().Clause(value); !ok {
			return "", wrong.Do("take the id of a clause, such as WMA-TOKYO-2016:1")
		}
	case Country:
		return value, isCountry(value)
	}
	return value, nil
}

// reviewed sees to the next review: where a code bounds it and none is given it is the latest that may be; a later one is Invalid.
func (s Section) reviewed(values map[string]string, now time.Time) error {
	if s.Review == nil {
		return nil
	}
	within, bounded := s.Review.Within[values[s.Review.By]]
	if !bounded {
		return nil
	}
	latest := now.Add(time.Duration(within)).UTC().Truncate(time.Second)
	next, given := ReadInstant(values[s.Review.Field])
	if !given {
		values[s.Review.Field] = latest.Format(time.RFC3339)
		return nil
	}
	if next.After(latest) {
		return invalid("the next review of what is %s comes at the latest on %s", values[s.Review.By], latest.Format(time.RFC3339)).Do("set an earlier one")
	}
	return nil
}

// Check is nil where a task can stand.
func (t Task) Check() error {
	if !slices.Contains([]string{TaskOpen, TaskDone, TaskDropped}, t.State) {
		return invalid("%.20q is no state of a task", t.State)
	}
	if _, ok := ReadInstant(t.Due); t.Due != "" && !ok {
		return invalid("%.40q is no time", t.Due).Do("write it as 2026-05-07T09:30:00Z, in UTC")
	}
	if t.State == TaskDropped && isBlank(t.Why) {
		return invalid("a task that is dropped needs a reason")
	}
	if err := line("the task", t.Text, MaxText); err != nil {
		return err
	}
	return long("the reason", t.Why)
}

// LinkKinds are what a link can lead to.
func LinkKinds() []string {
	return []string{LinkIncident, LinkPerson, LinkReport, LinkCase, LinkStatement, LinkEvaluation, LinkReferral}
}

// Check is nil where a link can stand; whether there is what it leads to is not asked here.
func (l Link) Check() error {
	switch {
	case !slices.Contains(LinkKinds(), l.Kind):
		return invalid("%.20q is nothing that a case is linked to", l.Kind)
	case l.To == "" || len(l.To) > 60 || strings.ContainsAny(l.To, " \n/?#"):
		return invalid("%.60q is no id", l.To)
	case !l.Gone && !vocab.Has("case_link", l.Relation):
		return invalid("%.20q is no relation", l.Relation).Do("take a code of the list case_link")
	case l.Gone && isBlank(l.Why):
		return invalid("a link that is taken away needs a reason")
	}
	return long("the reason", l.Why)
}

// Check is nil where a note can stand.
func (n Note) Check() error {
	if isBlank(n.Text) {
		return invalid("the note says nothing")
	}
	return long("the note", n.Text)
}

// Check is nil where somebody can be put on a team so.
func (m Member) Check() error {
	if isBlank(m.Name) {
		return invalid("nobody was named")
	}
	return line("the reason", m.Why, MaxText)
}

// Check is nil where a document can be kept under this title; "" takes the file's name.
func (d Document) Check() error { return line("the title", d.Title, MaxText) }
