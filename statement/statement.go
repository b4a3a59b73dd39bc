// Package statement is the register of what an association says to others: statements, letters, appeals, words to its members. Each goes
// through its states with dates, is tied to the findings and clauses it speaks of, and keeps its replies.
//
// Terms. A draft is the text with all that belongs to it; a revision is a further draft of the same statement, beside the earlier ones. A
// step moves the statement to another state. A reply is what an addressee answered, graded A to E as a treaty body grades answers. What is
// issued is never edited: a later statement corrects it, and says so. A place is a part of a text that is still to be filled in, "[[name]]".
package statement

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ward/entry"
	"ward/when"
)

// Register is where statements stand; the rest are kinds of their entries.
const (
	Register   = "statement"
	DraftKind  = "statement.draft"
	StepKind   = "statement.step"
	ReplyKind  = "statement.reply"
	HeadKind   = "statement.letterhead"
	HeadOf     = "letterhead" // the one subject of HeadKind
	refPattern = `^([A-Z]{3})\|(.{1,80})\|(\d{4})$`
)

// Kinds of statement.
const (
	Public   = "statement" // to everybody
	Letter   = "letter"    // to one addressee
	Appeal   = "appeal"    // to whoever can act at once
	Circular = "circular"  // to members
)

// Kinds are all kinds.
func Kinds() []string { return []string{Public, Letter, Appeal, Circular} }

// Draft is a text with all that belongs to it.
type Draft struct {
	Kind        string   `json:"kind"`
	Title       string   `json:"title"`
	Lang        string   `json:"lang"` // BCP 47, of the text
	Text        string   `json:"text"` // plain paragraphs, with an empty line between them
	Date        string   `json:"date,omitempty"`
	Addressees  []string `json:"addressees,omitempty"`
	Signatories []string `json:"signatories,omitempty"`
	Findings    []string `json:"findings,omitempty"` // "XAA|WMA-ICOME-2022:40|2024"
	Clauses     []string `json:"clauses,omitempty"`
	Corrects    string   `json:"corrects,omitempty"` // id of the issued statement that this one corrects
	Template    string   `json:"template,omitempty"` // from which it was begun
}

// Step moves a statement to another state.
type Step struct {
	To    string  `json:"to"`
	Due   string  `json:"due,omitempty"`   // of an issue: day by which an answer is hoped for
	Note  string  `json:"note,omitempty"`  // why
	Cited []Cited `json:"cited,omitempty"` // of an issue: how the findings stood on that day
}

// Cited is how a finding stood when the statement that cites it was issued.
type Cited struct {
	Finding  string `json:"finding"`
	Outcome  string `json:"outcome"`            // N0, N1, F1-F4, not_in_force
	Proposed string `json:"proposed,omitempty"` // what incidents alone would come to, where two people have not coded the cell
}

// Reply is what an addressee answered.
type Reply struct {
	Date   string `json:"date"` // 2006-01-02
	From   string `json:"from"`
	Grade  string `json:"grade"` // A largely satisfactory, B partly, C not, D no cooperation, E contrary (CCPR follow-up)
	Text   string `json:"text,omitempty"`
	Source string `json:"source,omitempty"` // where it can be read
}

// Grades are all grades of a reply.
func Grades() []string { return []string{"A", "B", "C", "D", "E"} }

// Letterhead is what stands over and under every letter of the association.
type Letterhead struct {
	Name    string   `json:"name"`
	Lines   []string `json:"lines,omitempty"`   // address and how to be reached, line by line
	Foot    []string `json:"foot,omitempty"`    // registration
	Written string   `json:"written,omitempty"` // the name in the other script, beside the first
}

// Statement is one statement with all that happened to it.
type Statement struct {
	ID          string
	Draft       Draft // as last revised
	Drafts      []entry.Entry[Draft]
	Steps       []entry.Entry[Step]
	Replies     []entry.Entry[Reply]
	State       string
	Due         string   // day by which an answer is hoped for; "" = none
	Alone       bool     // whoever approved it also wrote it: one person only
	CorrectedBy []string // ids of issued statements that correct it
}

// Ref is a finding that a statement cites: a cell of an audit.
type Ref struct {
	State, Clause string
	Year          int
}

var ref = regexp.MustCompile(refPattern)

// Years that a finding can speak of.
const (
	firstYear = 1900
	lastYear  = 2200
)

// ParseRef reads "XAA|WMA-ICOME-2022:40|2024".
func ParseRef(s string) (Ref, bool) {
	m := ref.FindStringSubmatch(s)
	if m == nil {
		return Ref{}, false
	}
	year, err := strconv.Atoi(m[3])
	return Ref{m[1], m[2], year}, err == nil && year >= firstYear && year <= lastYear
}

var place = regexp.MustCompile(`\[\[([^\[\]]*)\]\]`)

// Places are the parts of a draft that are still to be filled in, each once.
func (d Draft) Places() (out []string) {
	all := strings.Join(append(append([]string{d.Title, d.Text}, d.Addressees...), d.Signatories...), "\n")
	for _, m := range place.FindAllStringSubmatch(all, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// Paragraphs are the text's paragraphs.
func (d Draft) Paragraphs() (out []string) {
	for part := range strings.SplitSeq(d.Text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Issued is the day on which the statement was issued, "" where it was not.
func (s Statement) Issued() string {
	for _, e := range s.Steps {
		if e.Body.To == Issued {
			return e.At.Format("2006-01-02")
		}
	}
	return ""
}

// Cited is how the findings stood when the statement was issued.
func (s Statement) Cited() (out []Cited) {
	for _, e := range s.Steps {
		if e.Body.To == Issued {
			out = e.Body.Cited
		}
	}
	return out
}

// Overdue reports that an answer was hoped for by a day before today, and none came.
func (s Statement) Overdue(today when.Day) bool {
	return s.Due != "" && s.Due < today.String() && (s.State == Issued || s.State == Unanswered)
}
