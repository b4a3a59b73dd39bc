// Package commitment follows what norms ask of somebody, and whether it was done.
//
// Terms. A demand is a recommendation: of the corpus, or found in a text that the association imported and kept. A commitment is a demand
// upon one addressee. It is open until somebody grades it, A to E as the Human Rights Committee grades the follow-up to its own
// recommendations or no_info, and may be graded anew at any time: an entry is never edited, the last one counts, the history stays. A
// commitment falls due on the day that its last entry names; it is overdue from the day after. What a rescinded norm asked is no longer
// asked, and stays on record.
//
// There is no score here and no order of addressees by grade: grades are not numbers, and what was asked of two is not comparable.
//
// Everything is a pure rule over a given day; see docs/life-of-a-commitment.md.
package commitment

import (
	"cmp"
	"slices"
	"strings"

	"ward/entry"
	"ward/policy"
	"ward/vocab"
	"ward/when"
)

// Register names the register in acts; Opened and Graded are its kinds of entry.
const (
	Register = "commitment"
	Opened   = "commitment.open"
	Graded   = "commitment.grade"
)

// Open is the status of a commitment that nobody has graded; NoInfo that of one of which nothing is known. The grades stand between.
const (
	Open   = "open"
	NoInfo = "no_info"
)

// Statuses are what a commitment can be: Open, then the grades in the order of their list.
func Statuses() []string {
	out := []string{Open}
	for _, c := range vocab.Codes("grade") {
		out = append(out, c.Code)
	}
	return out
}

// Opening puts a commitment under somebody's eyes.
type Opening struct {
	Answers string `json:"answers,omitempty"` // who answers for the addressee
	Due     string `json:"due,omitempty"`     // day by which it is to be graded
	Why     string `json:"why,omitempty"`
}

// Grading says what became of a commitment.
type Grading struct {
	Grade    string   `json:"grade"` // code of the list "grade"
	Evidence []string `json:"evidence,omitempty"`
	Why      string   `json:"why,omitempty"`
	Review   string   `json:"review,omitempty"` // day by which it is to be graded anew; "" = nobody intends to
}

// Demand is what a text asks, whoever it is addressed to.
type Demand struct {
	ID         string   `json:"recommendation"` // "WMA-GAZA-2025:1.1", or "TEXT-..." of an imported text
	Text       string   `json:"text"`           // id of the norm, or of the kept text
	Title      string   `json:"title"`
	Point      string   `json:"point"`
	Clauses    []string `json:"clauses"` // that findings cite for the same
	Addressees []string `json:"addressees"`
	Strength   string   `json:"strength"`
	Verb       string   `json:"verb,omitempty"`    // of an imported text, whose words are not kept
	Summary    string   `json:"summary,omitempty"` // of the corpus
	Basis      string   `json:"basis"`             // policy.Asked or policy.Implied

	Ended when.Date `json:"-"` // since when it is no longer asked; zero = it stands
}

// Imported reports that it comes from an imported text alone.
func (d Demand) Imported() bool { return d.Summary == "" }

// Takes reports whether the demand can become a commitment of an addressee: it is addressed to just them, or to all States or
// associations of which they are one. All States together can commit to nothing.
func (d Demand) Takes(addressee string) bool {
	group, _, one := strings.Cut(addressee, ":")
	return addressee != "State" && slices.Contains(d.Addressees, addressee) ||
		one && policy.IsAddressee(addressee) && slices.Contains(d.Addressees, group)
}

// Step is one entry of a commitment's history.
type Step = entry.Entry[Body]

// Body is what an entry says: an opening or a grading.
type Body struct {
	Opening *Opening
	Grading *Grading
}

// Commitment is a demand upon one addressee as it stood on a day.
type Commitment struct {
	Demand
	Addressee string
	Status    string // Open, or the last grade
	Answers   string // who answers, as last said
	Due       string // day; "" = none
	Overdue   bool
	History   []Step // the oldest first
}

// Standing reports that it is still asked.
func (c Commitment) Standing() bool { return c.Ended.IsZero() }

// Done reports a grade that the addressee has at least partly satisfied.
func (c Commitment) Done() bool { return c.Status == "A" || c.Status == "B" }

// Grading is the last grading; nil where there is none.
func (c Commitment) Grading() *Grading {
	for _, s := range slices.Backward(c.History) {
		if s.Body.Grading != nil {
			return s.Body.Grading
		}
	}
	return nil
}

// Subject names a commitment in entries.
func Subject(demand, addressee string) string { return demand + "|" + addressee }

// Subject names the commitment in entries.
func (c Commitment) Subject() string { return Subject(c.ID, c.Addressee) }

// Entries are what people put on record, each list in the order in which it was made.
type Entries struct {
	Openings []entry.Entry[Opening]
	Gradings []entry.Entry[Grading]
}

// steps puts the entries up to a day together, by subject.
func (e Entries) steps(day when.Day) map[string][]Step {
	out := map[string][]Step{}
	add := func(s Step) {
		if when.DayOf(s.At) <= day {
			out[s.Subject] = append(out[s.Subject], s)
		}
	}
	for _, o := range e.Openings {
		add(Step{ID: o.ID, Kind: o.Kind, Subject: o.Subject, By: o.By, At: o.At, Log: o.Log, Body: Body{Opening: &o.Body}})
	}
	for _, g := range e.Gradings {
		add(Step{ID: g.ID, Kind: g.Kind, Subject: g.Subject, By: g.By, At: g.At, Log: g.Log, Body: Body{Grading: &g.Body}})
	}
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b Step) int { return a.At.Compare(b.At) })
	}
	return out
}

// On gives every commitment as it stood on a day: each demand upon each of its addressees, and upon whatever State or association
// somebody has opened or graded it for. They come in the order of the demands, then of addressees.
func On(demands []Demand, made Entries, day when.Day) []Commitment {
	steps := made.steps(day)
	named := map[string][]string{} // addressees that entries name, by demand
	for subject := range steps {
		if id, addressee, ok := strings.Cut(subject, "|"); ok {
			named[id] = append(named[id], addressee)
		}
	}
	var out []Commitment
	for _, d := range demands {
		for _, addressee := range d.upon(named[d.ID]) {
			out = append(out, stateOf(d, addressee, steps[Subject(d.ID, addressee)], day))
		}
	}
	return out
}

// upon lists the addressees upon whom a demand is a commitment, given those whom entries name: in the order of the demand, then by code.
func (d Demand) upon(named []string) []string {
	who := append(slices.Clone(d.Addressees), named...)
	who = slices.DeleteFunc(who, func(a string) bool { return !d.Takes(a) })
	place := func(a string) int {
		if i := slices.Index(d.Addressees, a); i >= 0 {
			return i
		}
		group, _, _ := strings.Cut(a, ":")
		return slices.Index(d.Addressees, group)
	}
	slices.SortFunc(who, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b)) })
	return slices.Compact(who)
}

// stateOf folds the history of a commitment into its state on a day. The last entry that names a day sets it; a grading that names none
// leaves none.
func stateOf(d Demand, addressee string, history []Step, day when.Day) Commitment {
	c := Commitment{Demand: d, Addressee: addressee, Status: Open, History: history}
	for _, s := range history {
		if o := s.Body.Opening; o != nil {
			c.Answers, c.Due = cmp.Or(o.Answers, c.Answers), cmp.Or(o.Due, c.Due)
		}
		if g := s.Body.Grading; g != nil {
			c.Status, c.Due = g.Grade, g.Review
		}
	}
	c.Overdue = c.Standing() && c.Due != "" && day.String() > c.Due
	return c
}

// Tally counts commitments. What is no longer asked counts as Ended alone.
type Tally struct {
	Asked   int `json:"asked"`
	Done    int `json:"done"`     // A or B
	NotDone int `json:"not_done"` // C, D or E
	NoInfo  int `json:"no_info"`
	Open    int `json:"open"`
	Overdue int `json:"overdue"` // whatever their grade
	Ended   int `json:"no_longer_asked"`
}

// Count counts commitments.
func Count(list []Commitment) (t Tally) {
	for _, c := range list {
		if !c.Standing() {
			t.Ended++
			continue
		}
		t.Asked++
		switch {
		case c.Status == Open:
			t.Open++
		case c.Status == NoInfo:
			t.NoInfo++
		case c.Done():
			t.Done++
		default:
			t.NotDone++
		}
		if c.Overdue {
			t.Overdue++
		}
	}
	return t
}

// Demands lists what the corpus and the kept texts ask on a day, the corpus first. A text that is a norm of the corpus as the corpus
// knows it asks nothing more: the norm was read by eye. Of a later wording only what is not in the corpus is asked anew.
func Demands(corpus *policy.Corpus, kept []policy.Kept, day when.Day) []Demand {
	var out []Demand
	known := map[string]bool{}
	for _, call := range corpus.Calls() {
		for _, a := range call.Addressees {
			known[call.Norm+" "+call.Place+" "+a] = true
		}
		if d, asked := demandOf(corpus, call, day); asked {
			out = append(out, d)
		}
	}
	for _, k := range kept {
		out = append(out, imported(corpus, k, known, day)...)
	}
	return out
}

// demandOf is a call of the corpus; false where it was not asked yet.
func demandOf(corpus *policy.Corpus, call policy.Call, day when.Day) (Demand, bool) {
	s, begun := corpus.Standing(call.Norm, day)
	for _, id := range call.Clauses {
		cl, _ := corpus.Clause(id)
		begun = begun && day.Year() >= cl.Since
	}
	if !begun || s.Earlier && len(call.Clauses) == 0 {
		return Demand{}, false
	}
	d := Demand{ID: call.ID, Text: call.Norm, Title: s.Title, Point: call.Point, Clauses: call.Clauses, Addressees: call.Addressees,
		Strength: call.Strength, Summary: call.Summary, Basis: call.Basis}
	if s.State != policy.StateInForce {
		d.Ended = s.Since
	}
	return d, true
}
