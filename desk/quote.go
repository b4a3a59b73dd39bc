package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/search"
	"ward/store"
	"ward/tally"
	"ward/vocab"
)

// Measures are what a quote may count: incidents themselves, or people that they state.
func Measures() []string {
	return []string{"incidents", "worker.killed", "worker.injured", "worker.abducted", "worker.arrested"}
}

// Quote is one count with everything that somebody must say who quotes it.
type Quote struct {
	Query     IncidentQuery
	Measure   string
	Count     tally.Count     // low and best: the largest register alone; high: all registers together (design 10.9)
	Registers []RegisterCount // the largest first
	Silent    []string        // registers with incidents that the query finds, none of which states the measure
	Incidents int             // counted in these registers together
	Possible  int             // of them, no more than possible
	Unstated  int             // of them, without a word on the measure
	Newest    time.Time       // when the youngest of the sources was last imported
	Made      time.Time
	Withheld  []QuoteBar // why it is not for quoting; empty: it is cleared
}

// RegisterCount is what one register counts by itself.
type RegisterCount struct {
	Register string
	Count    tally.Count
}

// QuoteBar is a reason why a count is not for quoting.
type QuoteBar struct {
	Why    string // a Bar constant
	Series string // of the source concerned, where one is
}

// Reasons why a count is not for quoting.
const (
	BarNone     = "none"     // nothing is recorded: silence is no finding
	BarTerms    = "terms"    // a source does not let its data be passed on
	BarFew      = "few"      // so few that somebody could be recognised, and not everybody knows of them
	BarInvented = "invented" // something counted lies in an invented State
	BarWords    = "words"    // chosen by words in a description: nobody knows what was left out
)

// Cleared reports that nothing stands against quoting.
func (q Quote) Cleared() bool { return len(q.Withheld) == 0 }

// fewest is the least count that is quoted where not every incident is public already (standards 8, rule 3).
const fewest = 5

// mostQuoted bounds the incidents that a quote adds up one by one.
const mostQuoted = 200_000

// Quote counts what a query finds, register beside register. Incidents of other scopes than health are counted only where the query
// names their scope.
func (d *Desk) Quote(ctx context.Context, who access.Actor, q IncidentQuery, measure string) (Quote, error) {
	if !slices.Contains(Measures(), measure) {
		return Quote{}, fault.New(fault.Invalid, "%.40q is nothing that can be counted", measure).Do("take one of %s", strings.Join(Measures(), ", "))
	}
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "quote"); err != nil {
		return Quote{}, err
	}
	if err := q.check(d.corpus); err != nil {
		return Quote{}, err
	}
	x, err := d.follow(ctx)
	if err != nil {
		return Quote{}, err
	}
	asked := searchQuery(who, q, nil)
	if len(q.Filters["scope"]) == 0 {
		asked.Filters = append(asked.Filters, search.Filter{Column: "scope", AnyOf: []string{"health"}})
	}
	asked.Offset, asked.Limit = 0, mostQuoted+1
	found, err := x.Search(asked)
	if err != nil {
		return Quote{}, err
	}
	if found.Total > mostQuoted {
		return Quote{}, fault.New(fault.Limit, "%d incidents are too many for one sentence", found.Total).Do("narrow it by State, year or kind")
	}
	out := counting{Quote: Quote{Query: q, Measure: measure, Made: d.db.Now()}, by: map[string]*registered{}}
	err = d.db.Read(ctx, func(tx *store.Tx) error { return out.add(ctx, tx, found.IDs) })
	return out.Quote, err
}

// counting is a quote under way.
type counting struct {
	Quote
	by      map[string]*registered
	sources map[string]intake.Source
	series  map[string]bool // of the sources that anything counted rests on
	secret  bool            // something counted is not public
	made    bool            // something counted lies in an invented State
}

// registered is what a quote has of one register so far.
type registered struct {
	count                                 tally.Count
	incidents, possible, stated, unstated int
	series                                map[string]bool
	secret, made                          bool
}

func (c *counting) add(ctx context.Context, tx *store.Tx, ids []string) (err error) {
	if c.sources, err = sourcesBySeries(ctx, tx); err != nil {
		return err
	}
	const atOnce = 1000
	for chunk := range slices.Chunk(ids, atOnce) {
		err := incident.Each(ctx, tx, incident.Where{PublicIDs: chunk}, func(inc incident.Incident) error {
			if incident.Counts(inc.Certainty) && !inc.Gone && !inc.Erased {
				c.count(inc)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.close(ctx, tx)
}

func (c *counting) count(inc incident.Incident) {
	r := c.by[inc.Namespace]
	if r == nil {
		r = &registered{series: map[string]bool{}}
		c.by[inc.Namespace] = r
	}
	r.incidents++
	if inc.Certainty == "possible" {
		r.possible++
	}
	n, stated := inc.Counts[c.Measure]
	if c.Measure == "incidents" {
		n, stated = tally.Exact(1), true
	}
	if stated {
		r.stated++
	} else {
		r.unstated++
	}
	r.count = r.count.Add(n)
	for _, s := range inc.Series {
		r.series[s] = true
	}
	r.secret = r.secret || !published(inc.Series, c.sources)
	r.made = r.made || vocab.Invented(inc.Country)
}

// close adds up the registers that state the measure at all: one that never does is named and lends neither its incidents nor its name.
func (c *counting) close(ctx context.Context, tx *store.Tx) error {
	c.series = map[string]bool{}
	for register, r := range c.by {
		if r.stated == 0 {
			c.Silent = append(c.Silent, register)
			continue
		}
		c.Registers = append(c.Registers, RegisterCount{register, r.count})
		c.Incidents, c.Possible, c.Unstated = c.Incidents+r.incidents, c.Possible+r.possible, c.Unstated+r.unstated
		c.secret, c.made = c.secret || r.secret, c.made || r.made
		maps.Copy(c.series, r.series)
	}
	slices.Sort(c.Silent)
	slices.SortFunc(c.Registers, func(a, b RegisterCount) int {
		return cmp.Or(cmp.Compare(b.Count.Best, a.Count.Best), cmp.Compare(a.Register, b.Register))
	})
	for _, r := range c.Registers {
		c.Count = c.Count.Side(r.Count)
	}
	c.bar()
	runs, err := intake.Runs(ctx, tx)
	for _, run := range runs {
		if c.series[run.Series] && run.Started.After(c.Newest) {
			c.Newest = run.Started
		}
	}
	return err
}

// bar finds what stands against quoting.
func (c *counting) bar() {
	if c.Count.IsZero() {
		c.Withheld = append(c.Withheld, QuoteBar{Why: BarNone})
	} else if c.made {
		c.Withheld = append(c.Withheld, QuoteBar{Why: BarInvented})
	}
	names := make([]string, 0, len(c.series))
	for s := range c.series {
		if !published([]string{s}, c.sources) {
			names = append(names, s)
		}
	}
	slices.Sort(names)
	for _, s := range names {
		c.Withheld = append(c.Withheld, QuoteBar{BarTerms, s})
	}
	if c.secret && c.Count.Best < fewest && !c.Count.IsZero() {
		c.Withheld = append(c.Withheld, QuoteBar{Why: BarFew})
	}
	if strings.TrimSpace(c.Query.Words) != "" {
		c.Withheld = append(c.Withheld, QuoteBar{Why: BarWords})
	}
}
