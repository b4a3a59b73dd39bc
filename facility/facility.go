// Package facility keeps the register of places of care: what each is, what was done to it, and what it needs.
//
// Terms. A facility is one place of care under its own id. A damage entry is what one source stated about it for one date: the damage to one
// component, how far the facility works, how far it can be reached, what services are lost, what restoring the component needs and costs,
// and what was compensated. Each of these is an axis (HeRAMS-like, standards 10.2). An entry may leave any axis unstated; what is unstated is
// not known, and is never inferred from another axis: a damaged hospital may work, an undamaged one may not. An entry is never edited. A
// correction is a later entry that names the one it takes the place of; the history keeps both.
//
// There is no score and no order of facilities. Everything is a pure rule over a given day; see docs/life-of-a-damage.md.
package facility

import (
	"cmp"
	"slices"

	"ward/entry"
	"ward/vocab"
	"ward/when"
)

// Register names the register in acts; Put and Damaged are its kinds of entry.
const (
	Register = "facility"
	Put      = "facility.put"
	Damaged  = "facility.damage"
)

// Names of the code lists of a damage entry.
const (
	TypeList         = "facility"
	ComponentList    = "component"
	DamageList       = "damage"
	FunctionList     = "functionality"
	AccessList       = "accessibility"
	CompensationList = "compensation"
	CauseList        = "damage_cause"
	YesNoList        = "yesno"
)

// Codes of those lists that rules speak of.
const (
	None      = "none" // no damage, does not work, cannot be reached, nothing compensated
	Full      = "full"
	Partial   = "partial"
	Destroyed = "destroyed"
	Claimed   = "claimed"
)

// Components are the parts of which damage is stated, in the order of their list.
func Components() (out []string) {
	for _, c := range vocab.Codes(ComponentList) {
		out = append(out, c.Code)
	}
	return out
}

// Facility is what a place of care is. Name, place, operator, pcode and external ids are T1: they stay within the association unless Published
// says where they are public already. Deconflicted is T3: it is shown to those who work here and leaves by no file.
type Facility struct {
	Type         string   `json:"type"` // code of the list "facility"
	Name         string   `json:"name"`
	State        string   `json:"state"` // ISO3 of the territory it stands on
	Adm1         string   `json:"adm1,omitempty"`
	Place        string   `json:"place,omitempty"`
	Operator     string   `json:"operator,omitempty"`
	Emblem       string   `json:"emblem,omitempty"`       // yes, no or unknown; "" = nobody said
	Deconflicted string   `json:"deconflicted,omitempty"` // whether its place was notified to the parties: yes, no or unknown
	PCode        string   `json:"pcode,omitempty"`
	Published    string   `json:"published,omitempty"` // where its name and place are public already; "" = nowhere that we know
	External     []string `json:"external,omitempty"`  // ids elsewhere, "HDX:123"; "key:..." is the association's own key in its files
}

// Cost is what restoring a component costs, in whole units of a currency at the prices of a date. Where Best is absent only a range was stated.
type Cost struct {
	Low      int64  `json:"low"`
	Best     *int64 `json:"best,omitempty"`
	High     int64  `json:"high"`
	Currency string `json:"currency"` // ISO 4217
	Priced   string `json:"priced"`   // EDTF: the date of the prices
}

// BestValue is the best value; 0 where none was stated.
func (c Cost) BestValue() int64 {
	if c.Best == nil {
		return 0
	}
	return *c.Best
}

// Money is an amount in whole units of a currency.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"` // ISO 4217
}

// Damage is what a damage entry states. An empty field is unstated.
type Damage struct {
	Date          string   `json:"date"`                    // EDTF: when it was so
	Component     string   `json:"component,omitempty"`     // of what Damage, Need and Cost speak; Need alone may speak of the whole
	Damage        string   `json:"damage,omitempty"`        // code of the list "damage"
	Functionality string   `json:"functionality,omitempty"` // of the whole facility: full, partial, none
	Access        string   `json:"access,omitempty"`        // of the whole facility: full, partial, none
	Services      []string `json:"services,omitempty"`      // services lost, in words
	Cause         string   `json:"cause,omitempty"`         // code of the list "damage_cause"
	Incident      string   `json:"incident,omitempty"`      // WRD-...
	Need          string   `json:"need,omitempty"`          // what restoration needs, in words
	Cost          *Cost    `json:"cost,omitempty"`
	Compensation  string   `json:"compensation,omitempty"` // of the whole facility, code of the list "compensation"
	Compensated   *Money   `json:"compensated,omitempty"`  // claimed so far where Compensation is claimed, received so far otherwise
	Evidence      []string `json:"evidence,omitempty"`     // links, incidents, or words that say where to look
	Source        string   `json:"source,omitempty"`
	Note          string   `json:"note,omitempty"`
	Corrects      string   `json:"corrects,omitempty"` // id of the entry of this facility that it takes the place of
}

// states reports whether the entry says anything of any axis.
func (d Damage) states() bool {
	return d.Damage != "" || d.Functionality != "" || d.Access != "" || len(d.Services) > 0 || d.Need != "" || d.Cost != nil || d.Compensation != ""
}

// Withdrawn reports an entry that only takes an earlier one back.
func (d Damage) Withdrawn() bool { return d.Corrects != "" && !d.states() }

// Entry is a damage entry on record.
type Entry struct {
	entry.Entry[Damage]
	Corrected string // id of the later entry that took its place; "" = it counts
}

// from is the first day on which it may have been so.
func (e Entry) from() when.Day {
	d, _ := when.Parse(e.Body.Date)
	return d.From()
}

// by is the day by which it was so: the last of its date, and not later than the day on which it was stated.
func (e Entry) by() when.Day {
	d, _ := when.Parse(e.Body.Date)
	return max(d.From(), min(d.To(), when.DayOf(e.At)))
}

// Record is a facility with all that was stated about it.
type Record struct {
	ID string
	Facility
	Puts    []entry.Entry[Facility] // the oldest first; the last is Facility
	Entries []Entry                 // damage entries in the order in which they were stated, corrected ones included
}

// Public reports that its name and place may be told to anybody.
func (r Record) Public() bool { return r.Published != "" }

// Records joins the entries of the register, each list in the order in which it was made. Damage to a facility that is not in the register,
// because its entries were erased, is left out. The order is that of States, then of names, then of ids.
func Records(puts []entry.Entry[Facility], damages []entry.Entry[Damage]) []Record {
	var out []Record
	at := map[string]int{}
	for _, p := range puts {
		i, known := at[p.Subject]
		if !known {
			i = len(out)
			at[p.Subject], out = i, append(out, Record{ID: p.Subject})
		}
		out[i].Facility, out[i].Puts = p.Body, append(out[i].Puts, p)
	}
	for _, d := range damages {
		if i, known := at[d.Subject]; known {
			out[i].add(d)
		}
	}
	slices.SortFunc(out, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (r *Record) add(d entry.Entry[Damage]) {
	if d.Body.Corrects != "" {
		if i := slices.IndexFunc(r.Entries, func(e Entry) bool { return e.ID == d.Body.Corrects }); i >= 0 {
			r.Entries[i].Corrected = d.ID
		}
	}
	r.Entries = append(r.Entries, Entry{Entry: d})
}

// on lists the entries that count on a day: those that were so by then and that nothing corrected, in the order of their days, then of their
// statement. A correction counts whenever it was made, so that an error is not repeated about the past.
func (r Record) on(day when.Day) (out []Entry) {
	for _, e := range r.Entries {
		if e.Corrected == "" && e.by() <= day {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return cmp.Compare(a.by(), b.by()) })
	return out
}

// Said is one axis as it was last stated. The zero Said is unstated.
type Said struct {
	Code  string
	Date  string // EDTF, of the entry
	Entry string // id of the entry
}

// Part is a component as it was last stated.
type Part struct {
	Component string
	Damage    Said
	Need      Said // Code holds the words
	Cost      *Cost
	Priced    Said // the entry that states Cost; its Code is empty
}

// Standing is a facility as it stood on a day, axis by axis: on each the latest statement, whoever made it.
type Standing struct {
	Record
	Day           when.Day
	Functionality Said
	Access        Said
	Parts         []Part // in the order of the list; those of which nothing was stated are there too
	Whole         Said   // need of the whole facility, in words
	Services      []string
	Compensation  Said
	Compensated   *Money
	Last          when.Day // by which the last entry was so; 0 where Entries is empty on that day
	Known         bool     // there is an entry by that day
	Idle          Days     // days without function so far
	Down          bool     // it does not work, as last stated
}

// Days is a number of days, at least Low and at most High.
type Days struct {
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// On folds a facility into its state on a day.
func (r Record) On(day when.Day) Standing {
	s := Standing{Record: r, Day: day}
	for _, c := range Components() {
		s.Parts = append(s.Parts, Part{Component: c})
	}
	entries := r.on(day)
	for _, e := range entries {
		s.take(e)
	}
	s.Idle, s.Down = idle(entries, day)
	return s
}

// take lets an entry speak on each axis that it states.
func (s *Standing) take(e Entry) {
	b := e.Body
	if !b.states() {
		return
	}
	s.Last, s.Known = e.by(), true
	say := func(to *Said, code string) {
		if code != "" {
			*to = Said{code, b.Date, e.ID}
		}
	}
	say(&s.Functionality, b.Functionality)
	say(&s.Access, b.Access)
	if b.Compensation != "" {
		say(&s.Compensation, b.Compensation)
		s.Compensated = b.Compensated
	}
	if len(b.Services) > 0 {
		s.Services = b.Services
	}
	if b.Component == "" {
		say(&s.Whole, b.Need)
		return
	}
	i := slices.IndexFunc(s.Parts, func(p Part) bool { return p.Component == b.Component })
	if i < 0 {
		return
	}
	say(&s.Parts[i].Damage, b.Damage)
	say(&s.Parts[i].Need, b.Need)
	if b.Cost != nil {
		s.Parts[i].Cost, s.Parts[i].Priced = b.Cost, Said{"", b.Date, e.ID}
	}
}

// idle counts the days on which a facility did not work, from each statement that it does not to the next that it does, or to the day. Where
// a date is known to the month or the year alone the days are a range. Down says that the last statement is that it does not work.
func idle(entries []Entry, day when.Day) (days Days, down bool) {
	var since Entry
	end := func(first, last when.Day) { // the first and the last day on which it may have worked again
		days.Low += int64(max(0, first-since.by()))
		days.High += int64(max(0, last-since.from()))
	}
	for _, e := range entries {
		switch {
		case e.Body.Functionality == None && !down:
			since, down = e, true
		case e.Body.Functionality != "" && e.Body.Functionality != None && down:
			end(e.from(), e.by())
			down = false
		}
	}
	if down {
		end(day, day)
	}
	if len(entries) > 0 {
		days.High = min(days.High, int64(max(0, day-entries[0].from())))
	}
	days.Low = min(days.Low, days.High)
	return days, down
}
