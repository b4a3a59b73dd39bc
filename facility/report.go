package facility

import (
	"cmp"
	"math"
	"slices"

	"ward/when"
)

// Window is for how many days a statement holds before a report says that the facility is not known since.
const Window = 180

// Names of the axes that are no component.
const (
	FunctionAxis = "functionality"
	AccessAxis   = "access"
	ClaimAxis    = "compensation"
)

// Report is a State's register as it stood on a day. Nothing in it is a score, and nothing compares States.
type Report struct {
	State      string         `json:"state"` // ISO3
	Day        string         `json:"as_of"` // day, 2026-06-30
	Window     int            `json:"not_known_after_days"`
	Facilities int            `json:"facilities"`
	Axes       []Axis         `json:"axes"`              // functionality, access, then the damage of each component
	Down       []Outage       `json:"not_working"`       // facilities that do not work, or did not for some days; in the order of the register
	Costs      []CostSum      `json:"costs"`             // one line per currency and date of prices: these are never added
	Uncosted   int            `json:"uncosted"`          // damaged components of which no cost is stated
	Compensate Axis           `json:"compensation"`      // facilities by status
	Paid       []Compensation `json:"compensation_sums"` // one line per status and currency
	Needs      []Need         `json:"needs"`             // in the order of the register, then of components
	Silent     []Silence      `json:"not_known"`         // facilities of which nothing was stated in Window days, or ever
	Standing   []Standing     `json:"-"`                 // every facility of the State on that day
}

// Share is how many facilities have a code on an axis. Old counts those among them whose statement is older than Window.
type Share struct {
	Code       string `json:"code"`
	Facilities int    `json:"facilities"`
	Old        int    `json:"old"`
}

// Axis is one axis over all facilities of a State. The shares and Unstated add up to the report's Facilities.
type Axis struct {
	Name     string  `json:"axis"` // FunctionAxis, AccessAxis, ClaimAxis or a component
	List     string  `json:"list"` // code list of the shares
	Shares   []Share `json:"shares"`
	Unstated int     `json:"unstated"`
}

// Place names a facility in a list of a report.
type Place struct {
	ID     string `json:"facility"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Adm1   string `json:"adm1,omitempty"`
	Public bool   `json:"-"` // the name may be told to anybody
}

// Outage is a facility's time without function, in days.
type Outage struct {
	Place
	Days
	Now   bool   `json:"now"`             // it does not work on the day of the report
	Since string `json:"since,omitempty"` // EDTF of the last statement that it does not, where Now
}

// CostSum adds what restoring components costs, within one currency and one date of prices.
type CostSum struct {
	Currency   string `json:"currency"`
	Priced     string `json:"priced"` // EDTF
	Facilities int    `json:"facilities"`
	Components int    `json:"components"` // that have a cost
	Low        int64  `json:"low"`
	Best       int64  `json:"best"` // over those that state one
	High       int64  `json:"high"`
	BestOf     int    `json:"best_of"` // how many components state a best value
}

// Compensation adds amounts of one status in one currency.
type Compensation struct {
	Status     string `json:"status"`
	Currency   string `json:"currency"`
	Facilities int    `json:"facilities"`
	Amount     int64  `json:"amount"`
}

// Need is what restoration needs, in words.
type Need struct {
	Place
	Component string `json:"component,omitempty"` // "" = the whole facility
	Words     string `json:"words"`
	Date      string `json:"date"` // EDTF of the statement
}

// Silence is a facility of which nothing new is known.
type Silence struct {
	Place
	Since string `json:"since,omitempty"` // day of the last statement; "" = nothing was ever stated
}

// ReportOn sums up a State's facilities on a day. Every facility of the register counts, also one that came into it after the day.
func ReportOn(records []Record, state string, day when.Day, window int) Report {
	r := Report{State: state, Day: day.String(), Window: window, Axes: axes(), Compensate: Axis{Name: ClaimAxis, List: CompensationList, Shares: shares(CompensationList)}, Down: []Outage{}, Costs: []CostSum{},
		Paid: []Compensation{}, Needs: []Need{}, Silent: []Silence{}}
	for _, rec := range records {
		if rec.State == state {
			r.take(rec.On(day), day-when.Day(window))
		}
	}
	slices.SortFunc(r.Costs, func(a, b CostSum) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Priced, b.Priced))
	})
	order := codesOf(CompensationList)
	slices.SortFunc(r.Paid, func(a, b Compensation) int {
		return cmp.Or(slices.Index(order, a.Status)-slices.Index(order, b.Status), cmp.Compare(a.Currency, b.Currency))
	})
	return r
}

func axes() []Axis {
	out := []Axis{{Name: FunctionAxis, List: FunctionList, Shares: shares(FunctionList)}, {Name: AccessAxis, List: AccessList, Shares: shares(AccessList)}}
	for _, c := range Components() {
		out = append(out, Axis{Name: c, List: DamageList, Shares: shares(DamageList)})
	}
	return out
}

func shares(list string) (out []Share) {
	for _, code := range codesOf(list) {
		out = append(out, Share{Code: code})
	}
	return out
}

// take adds a facility; what was stated before old is no longer fresh.
func (r *Report) take(s Standing, old when.Day) {
	r.Facilities++
	r.Standing = append(r.Standing, s)
	place := Place{s.ID, s.Name, s.Type, s.Adm1, s.Public()}
	r.Axes[0].take(s.Functionality, s, old)
	r.Axes[1].take(s.Access, s, old)
	for i, p := range s.Parts {
		r.Axes[2+i].take(p.Damage, s, old)
		if p.Need.Code != "" {
			r.Needs = append(r.Needs, Need{place, p.Component, p.Need.Code, p.Need.Date})
		}
	}
	if s.Whole.Code != "" {
		r.Needs = append(r.Needs, Need{place, "", s.Whole.Code, s.Whole.Date})
	}
	if s.Down || s.Idle.High > 0 {
		r.Down = append(r.Down, Outage{Place: place, Days: s.Idle, Now: s.Down, Since: sinceOf(s)})
	}
	switch {
	case !s.Known:
		r.Silent = append(r.Silent, Silence{place, ""})
	case s.Last < old:
		r.Silent = append(r.Silent, Silence{place, s.Last.String()})
	}
	r.cost(s.Parts)
	r.Compensate.take(s.Compensation, s, old)
	r.compensation(s)
}

func sinceOf(s Standing) string {
	if s.Down {
		return s.Functionality.Date
	}
	return ""
}

func (a *Axis) take(said Said, s Standing, old when.Day) {
	i := slices.IndexFunc(a.Shares, func(x Share) bool { return x.Code == said.Code })
	if i < 0 {
		a.Unstated++
		return
	}
	a.Shares[i].Facilities++
	e := slices.IndexFunc(s.Entries, func(e Entry) bool { return e.ID == said.Entry })
	if e >= 0 && s.Entries[e].by() < old {
		a.Shares[i].Old++
	}
}

func (r *Report) cost(parts []Part) {
	seen := map[int]bool{} // sums in which this facility is counted
	for _, p := range parts {
		if p.Cost == nil {
			if p.Damage.Code == Partial || p.Damage.Code == Destroyed {
				r.Uncosted++
			}
			continue
		}
		i := slices.IndexFunc(r.Costs, func(c CostSum) bool { return c.Currency == p.Cost.Currency && c.Priced == p.Cost.Priced })
		if i < 0 {
			i = len(r.Costs)
			r.Costs = append(r.Costs, CostSum{Currency: p.Cost.Currency, Priced: p.Cost.Priced})
		}
		r.Costs[i].add(*p.Cost, !seen[i])
		seen[i] = true
	}
}

func (c *CostSum) add(x Cost, first bool) {
	if first {
		c.Facilities++
	}
	c.Components++
	c.Low, c.High = plus(c.Low, x.Low), plus(c.High, x.High)
	if x.Best != nil {
		c.Best, c.BestOf = plus(c.Best, *x.Best), c.BestOf+1
	}
}

func (r *Report) compensation(s Standing) {
	if s.Compensated == nil {
		return
	}
	at := slices.IndexFunc(r.Paid, func(c Compensation) bool {
		return c.Status == s.Compensation.Code && c.Currency == s.Compensated.Currency
	})
	if at < 0 {
		at = len(r.Paid)
		r.Paid = append(r.Paid, Compensation{Status: s.Compensation.Code, Currency: s.Compensated.Currency})
	}
	r.Paid[at].Facilities++
	r.Paid[at].Amount = plus(r.Paid[at].Amount, s.Compensated.Amount)
}

// plus adds two amounts, none negative, and stops at the largest.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// ForOthers leaves out of a report what stays within the association: facilities whose names are not public are not listed one by one, and
// words are not passed on. Sums stay whole.
func (r Report) ForOthers() Report {
	r.Down = slices.DeleteFunc(slices.Clone(r.Down), func(x Outage) bool { return !x.Public })
	r.Silent = slices.DeleteFunc(slices.Clone(r.Silent), func(x Silence) bool { return !x.Public })
	r.Needs, r.Standing = []Need{}, nil
	return r
}

// Tally counts facilities of a list by how they work.
type Tally struct {
	Facilities, Full, Partial, None, Unstated int
}

// Count counts facilities on a day.
func Count(list []Standing) (t Tally) {
	for _, s := range list {
		t.Facilities++
		switch s.Functionality.Code {
		case Full:
			t.Full++
		case Partial:
			t.Partial++
		case None:
			t.None++
		default:
			t.Unstated++
		}
	}
	return t
}
