package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"slices"
	"time"

	"ward/access"
	"ward/exchange"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
)

// ExportOptions say what leaves and how.
type ExportOptions struct {
	Format string // csv, ward-json or sind-xlsx
	HXL    bool
	Query  *IncidentQuery // nil is everything; page and limit are ignored
}

// Manifest says what an export holds, under which terms, and what its format could not carry.
type Manifest struct {
	Format  string           `json:"format"`
	MadeAt  time.Time        `json:"made_at"`
	Records int              `json:"records"`
	SHA256  string           `json:"sha256"`
	Sources []ExportedSource `json:"sources"`
	Lossy   []string         `json:"lossy"` // one sentence for each step that lost something
}

// ExportedSource is a series whose incidents were asked for.
type ExportedSource struct {
	Series       string `json:"series"`
	Title        string `json:"title"`
	Licence      string `json:"licence"`
	Redistribute string `json:"redistribute"`
	Asked        int    `json:"asked"` // incidents of it that the query found
}

// Export writes incidents with the words of their sources. Each incident is told by one report: that of the series whose
// id it bears. A source that may not be passed on is left out, and the manifest says so.
func (d *Desk) Export(ctx context.Context, who access.Actor, w io.Writer, opt ExportOptions) (Manifest, error) {
	if err := who.May(access.ExportIncidents); err != nil {
		return Manifest{}, err
	}
	ids, err := d.found(ctx, opt.Query)
	if err != nil {
		return Manifest{}, err
	}
	sum := sha256.New()
	out, err := exchange.NewWriter(io.MultiWriter(w, sum), opt.Format, exchange.WriteOptions{HXL: opt.HXL})
	if err != nil {
		return Manifest{}, err
	}
	m := Manifest{Format: opt.Format, Records: len(ids)}
	asked := map[string]int{}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		m.MadeAt = tx.Now()
		sources, err := sourcesBySeries(ctx, tx)
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk(ids, batchRows) {
			if err := exportSome(ctx, tx, out, chunk, sources, asked); err != nil {
				return err
			}
		}
		for series, n := range asked {
			s := sources[series]
			m.Sources = append(m.Sources, ExportedSource{series, s.Title, s.Licence, s.Redistribute, n})
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	slices.SortFunc(m.Sources, func(a, b ExportedSource) int { return cmp.Compare(a.Series, b.Series) })
	m.Lossy, err = out.Close()
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return m, err
}

// found lists the public ids that a query finds, all of them.
func (d *Desk) found(ctx context.Context, q *IncidentQuery) ([]string, error) {
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	var all IncidentQuery
	if q != nil {
		all = *q
	}
	all.Offset, all.Limit = 0, math.MaxInt32
	found, err := x.Search(searchQuery(all, nil))
	return found.IDs, err
}

func exportSome(ctx context.Context, tx *store.Tx, out *exchange.Writer, ids []string, sources map[string]intake.Source, asked map[string]int) error {
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
		r, ok := speaker(reports[inc.ID], sources)
		if !ok {
			continue
		}
		asked[r.Series]++
		if err := out.Put(record(inc, r, sources[r.Series])); err != nil {
			return err
		}
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

func record(inc incident.Incident, r intake.Report, s intake.Source) exchange.Record {
	out := exchange.Record{ID: inc.PublicID, Series: r.Series, Namespace: inc.Namespace, ExternalID: r.ExternalID, Source: s.Title,
		Licence: s.Licence, Redistribute: exchange.Redistribute(s.Redistribute)}
	for _, v := range r.Assertions {
		out.Values = append(out.Values, exchange.Value{Field: v.Field, Value: v.Value, Raw: v.Raw})
	}
	return out
}
