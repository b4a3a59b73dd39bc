package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/assertion"
	"ward/exchange"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
)

// ExportOptions say what leaves and how.
type ExportOptions struct {
	Format string // one of exchange.Formats
	HXL    bool
	Query  *IncidentQuery // nil is everything; page and limit are ignored
	To     string         // who gets it, for the ledger
	Why    string         // what for
}

// Manifest says what an export holds, under which terms, what its format could not carry, and which line of the ledger tells of it.
type Manifest struct {
	Format   string           `json:"format"`
	Profile  string           `json:"profile,omitempty"` // publisher's profile and layout, of a format that is one's
	MadeAt   time.Time        `json:"made_at"`
	Asked    int              `json:"asked"`   // rows in: incidents that the query found
	Records  int              `json:"records"` // rows out: of them in the file
	Withheld Withheld         `json:"withheld"`
	SHA256   string           `json:"sha256"`
	Ledger   string           `json:"ledger"` // id of the line
	Sources  []ExportedSource `json:"sources"`
	Steps    []exchange.Loss  `json:"steps"` // the format's lossy steps, with the rows that lost something by each
	Lossy    []string         `json:"lossy"` // one sentence for each step that lost something, and for what was left out
}

// Withheld counts what was kept back, beside what the format could not carry.
type Withheld struct {
	Records int `json:"records"` // of sources whose terms do not let them pass on
	Rows    int `json:"rows"`    // records written without some value
	Values  int `json:"values"`  // those values: of a tier that is not cleared, or withheld by their source
}

// ExportedSource is a series whose incidents were asked for.
type ExportedSource struct {
	Series       string `json:"series"`
	Title        string `json:"title"`
	Licence      string `json:"licence"`
	Redistribute string `json:"redistribute"`
	Asked        int    `json:"asked"`   // incidents of it that the query found
	Written      int    `json:"written"` // of them in the file: none where its terms do not let them pass on
}

// Export writes incidents with the words of their sources. Each incident is told by one report: that of the series whose
// id it bears. A source that may not be passed on is left out, and so is what no source has any more unless the query asks
// for it; the manifest says so.
func (d *Desk) Export(ctx context.Context, who access.Actor, w io.Writer, opt ExportOptions) (Manifest, error) {
	if err := who.May(access.ExportIncidents); err != nil {
		return Manifest{}, err
	}
	ids, err := d.found(ctx, who, opt.Query)
	if err != nil {
		return Manifest{}, err
	}
	line := store.Disclosure{ID: id.New(d.db.Now()), Records: int64(len(ids)), To: opt.To, Why: opt.Why, What: opt.Format}
	if err := d.disclose(ctx, who, access.ExportFile, line); err != nil {
		return Manifest{}, err
	}
	sum := sha256.New()
	out, err := exchange.NewWriter(io.MultiWriter(w, sum), opt.Format, exchange.WriteOptions{HXL: opt.HXL})
	if err != nil {
		return Manifest{}, err
	}
	e := exporter{out: out, asked: map[string]int{}, written: map[string]int{}, untold: map[string]int{}, withGone: opt.Query != nil && slices.Contains(opt.Query.Filters["standing"], "gone")}
	m := Manifest{Format: opt.Format, Profile: exchange.FormatProfile(opt.Format), Asked: len(ids), Ledger: line.ID, Sources: []ExportedSource{}}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		m.MadeAt = tx.Now()
		if e.sources, err = sourcesBySeries(ctx, tx); err != nil {
			return err
		}
		for chunk := range slices.Chunk(ids, batchRows) {
			if err := e.write(ctx, tx, chunk); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	m.Lossy, err = out.Close()
	m.Steps = out.Steps()
	e.tell(&m)
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return m, err
}

// exporter carries one export from its first incident to its last.
type exporter struct {
	out      *exchange.Writer
	sources  map[string]intake.Source
	asked    map[string]int // by series
	written  map[string]int // by series
	withheld Withheld
	withGone bool
	gone     int            // left out
	unsure   int            // left out: rumours, and what verification set aside
	untold   map[string]int // by series: reports of incidents that another report tells
}

// tell writes into the manifest what the file holds of which source, and what was left out.
func (e *exporter) tell(m *Manifest) {
	for _, series := range slices.Sorted(maps.Keys(e.asked)) {
		s := e.sources[series]
		m.Records += e.written[series]
		m.Sources = append(m.Sources, ExportedSource{s.Series, s.Title, s.Licence, s.Redistribute, e.asked[series], e.written[series]})
	}
	m.Withheld = e.withheld
	if e.gone > 0 {
		m.Lossy = append(m.Lossy, fmt.Sprintf("%d incidents were left out: no edition of their sources has them any more", e.gone))
	}
	if e.unsure > 0 {
		m.Lossy = append(m.Lossy, fmt.Sprintf("%d incidents were left out: rumours, contested, refuted or discounted", e.unsure))
	}
	for _, series := range slices.Sorted(maps.Keys(e.untold)) {
		m.Lossy = append(m.Lossy, fmt.Sprintf("%d reports of %s were not written: another report tells their incidents", e.untold[series], series))
	}
}

// found lists the public ids that a query finds, all of them that the actor may see.
func (d *Desk) found(ctx context.Context, who access.Actor, q *IncidentQuery) ([]string, error) {
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	var all IncidentQuery
	if q != nil {
		all = *q
	}
	all.Offset, all.Limit = 0, math.MaxInt32
	if err := all.check(d.corpus); err != nil {
		return nil, err
	}
	found, err := x.Search(searchQuery(who, all, nil))
	return found.IDs, err
}

func (e *exporter) write(ctx context.Context, tx *store.Tx, ids []string) error {
	list, err := incident.List(ctx, tx, incident.Where{PublicIDs: ids})
	if err != nil {
		return err
	}
	inner := make([]string, len(list))
	byID := map[string]incident.Incident{}
	for i, inc := range list {
		inner[i], byID[inc.PublicID] = inc.ID, inc
	}
	reports, err := intake.OfIncidents(ctx, tx, inner)
	if err != nil {
		return err
	}
	for _, id := range ids {
		inc := byID[id]
		if inc.Gone && !e.withGone {
			e.gone++
			continue
		}
		if !incident.Counts(inc.Certainty) {
			e.unsure++
			continue
		}
		r, ok := speaker(reports[inc.ID], e.sources)
		if !ok { // only people here tell of it: nothing of that is passed on
			e.asked[incident.Own]++
			e.withheld.Records++
			continue
		}
		e.asked[r.Series]++
		for _, other := range reports[inc.ID] {
			if other.ID != r.ID {
				e.untold[other.Series]++
			}
		}
		if err := e.put(inc, r); err != nil {
			return err
		}
	}
	return nil
}

// put writes one incident and counts what was kept back of it.
func (e *exporter) put(inc incident.Incident, r intake.Report) error {
	source := e.sources[r.Series]
	out, kept := record(inc, r, source)
	written, err := e.out.Put(out)
	switch {
	case err != nil:
		return err
	case written:
		e.written[r.Series]++
		if kept > 0 {
			e.withheld.Rows++
			e.withheld.Values += kept
		}
	case !published([]string{r.Series}, e.sources):
		e.withheld.Records++
	}
	return nil
}

// speaker is the report that tells an incident: the id's owner first, those that are gone last.
func speaker(reports []intake.Report, sources map[string]intake.Source) (intake.Report, bool) {
	if len(reports) == 0 {
		return intake.Report{}, false
	}
	rank := func(r intake.Report) int {
		n := 0
		if text.Key(sources[r.Series].Namespace) != text.Key(r.Series) {
			n = 1
		}
		if r.Gone {
			n += 2
		}
		return n
	}
	return slices.MinFunc(reports, func(a, b intake.Report) int { return cmp.Compare(rank(a), rank(b)) }), true
}

// withheldValue is what stands for a value that its source is known to keep back.
const withheldValue = "withheld"

// record is an incident as it may leave, and how many of its values are kept back.
func record(inc incident.Incident, r intake.Report, s intake.Source) (out exchange.Record, kept int) {
	out = exchange.Record{ID: inc.PublicID, Series: r.Series, Namespace: inc.Namespace, ExternalID: publishersID(r), Source: s.Title,
		Licence: s.Licence, Redistribute: exchange.Redistribute(s.Redistribute)}
	for _, v := range r.Assertions {
		if !lets(access.ExportFile, v, s) {
			kept++
			continue
		}
		if v.Value == withheldValue {
			kept++
		}
		if v.Field == "certainty" && v.Value != inc.Certainty {
			v = assertion.Value{Field: v.Field, Value: inc.Certainty} // what Ward holds, not what this source alone said
		}
		out.Values = append(out.Values, exchange.Value{Field: v.Field, Value: v.Value, Raw: v.Raw})
	}
	return out, kept
}

// publishersID is the id that the source gave, "" where it gave none or answered to Ward's own.
func publishersID(r intake.Report) string {
	if strings.HasPrefix(r.ExternalID, "~") || isOwnID(r.ExternalID) {
		return ""
	}
	return r.ExternalID
}
