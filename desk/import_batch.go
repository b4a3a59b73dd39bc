package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"ward/assertion"
	"ward/exchange"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/when"
)

// batch is what one group of rows comes to.
type batch struct {
	fresh    []intake.Report // new or changed
	seen     []string        // report ids that the file still has, unchanged
	rejected []intake.Rejected
	leaves   [][]byte
	touched  []string // incidents to fold again: those that had a report before
}

// match sets each row beside the current reports of its series under the same external id.
func (imp *importer) match(ctx context.Context, tx *store.Tx, rows []exchange.Row) (*batch, error) {
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		if r.Reject == nil {
			ids = append(ids, externalID(r))
		}
	}
	slices.Sort(ids)
	current, err := intake.Current(ctx, tx, imp.file.Series(), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := map[string][]*intake.Report{}
	for i := range current {
		byID[current[i].ExternalID] = append(byID[current[i].ExternalID], &current[i])
	}
	b := &batch{}
	for _, r := range rows {
		imp.place(b, byID, r, tx.Now())
	}
	return b, nil
}

// externalID is the publisher's id, or "~" and the key of what the row says.
func externalID(r exchange.Row) string {
	if r.ExternalID != "" {
		return r.ExternalID
	}
	return "~" + r.Key
}

// place decides what one row is: rejected, a duplicate, unchanged, changed or new.
func (imp *importer) place(b *batch, byID map[string][]*intake.Report, row exchange.Row, now time.Time) {
	p := &imp.run.Progress
	p.Rows++
	if row.Reject != nil {
		p.Rejected++
		b.rejected = append(b.rejected, intake.Rejected{Row: row.Number, Reason: reason(*row.Reject), Raw: row.Raw})
		if imp.opt.DryRun {
			imp.rejected = append(imp.rejected, b.rejected[len(b.rejected)-1])
		}
		return
	}
	list := listOf(row)
	digest := list.Digest()
	report := intake.Report{ID: id.New(now), Series: imp.file.Series(), ExternalID: externalID(row), RunID: imp.run.ID, Row: row.Number,
		SeenRun: imp.run.ID, Digest: digest, Assertions: list, Raw: row.Raw, Flags: flagWords(row)}
	imp.scope(&report, list)
	known := byID[report.ExternalID]
	if row.ExternalID != "" && find(known, func(r *intake.Report) bool { return r.SeenRun == imp.run.ID && r.Digest == digest }) != nil {
		p.Duplicates++
		p.Flagged++
		return
	}
	b.leaves = append(b.leaves, leaf(digest))
	unseen := func(r *intake.Report) bool { return r.SeenRun != imp.run.ID }
	before := find(known, func(r *intake.Report) bool { return unseen(r) && r.Digest == digest })
	same := before != nil
	if !same {
		before = find(known, unseen)
	}
	again := find(known, func(r *intake.Report) bool { return r.SeenRun == imp.run.ID }) != nil
	if again {
		report.Flags = append(report.Flags, "id-repeated")
	}
	if again || slices.ContainsFunc(row.Flags, func(f exchange.Flag) bool { return !f.Notice() }) {
		p.Flagged++
	}
	imp.settle(b, byID, report, before, same)
}

// settle files a row that is no duplicate beside the edition it follows, if any.
func (imp *importer) settle(b *batch, byID map[string][]*intake.Report, report intake.Report, before *intake.Report, same bool) {
	p := &imp.run.Progress
	if same {
		p.Unchanged++
		b.seen = append(b.seen, before.ID)
		if before.Gone {
			b.touched = append(b.touched, before.IncidentID)
		}
		before.SeenRun = imp.run.ID
		return
	}
	if before != nil {
		p.Changed++
		report.Supersedes, report.Occurrence, report.IncidentID = before.ID, before.Occurrence, before.IncidentID
		b.touched = append(b.touched, before.IncidentID)
		*before = report
	} else {
		p.New++
		report.Occurrence = len(byID[report.ExternalID]) + 1
		held := report
		byID[report.ExternalID] = append(byID[report.ExternalID], &held)
	}
	b.fresh = append(b.fresh, report)
}

// scope widens the file's own scope by one row: within it, what the file lacks is gone.
func (imp *importer) scope(r *intake.Report, list assertion.List) {
	p := &imp.run.Progress
	r.Country = list.Get("country")
	if i, ok := slices.BinarySearch(p.Countries, r.Country); !ok {
		p.Countries = slices.Insert(p.Countries, i, r.Country)
	}
	d, err := when.Parse(list.Get("date"))
	if err != nil {
		return
	}
	r.DayFrom, r.DayTo = int64(d.From()), int64(d.To())
	if p.FirstDay == 0 && p.LastDay == 0 {
		p.FirstDay, p.LastDay = r.DayFrom, r.DayTo
	}
	p.FirstDay, p.LastDay = min(p.FirstDay, r.DayFrom), max(p.LastDay, r.DayTo)
}

func find(list []*intake.Report, is func(*intake.Report) bool) *intake.Report {
	for _, r := range list {
		if is(r) {
			return r
		}
	}
	return nil
}

func listOf(row exchange.Row) assertion.List {
	list := make(assertion.List, len(row.Values))
	for i, v := range row.Values {
		list[i] = assertion.Value{Field: v.Field, Value: v.Value, Raw: v.Raw}
	}
	return list
}

func flagWords(row exchange.Row) []string {
	out := make([]string, 0, len(row.Flags))
	for _, f := range row.Flags {
		out = append(out, reason(f))
	}
	return out
}

func reason(f exchange.Flag) string {
	return strings.TrimSpace(f.Code + " " + f.Field + " " + f.Detail)
}

// save writes the batch under its journal number.
func (b *batch) save(ctx context.Context, tx *store.Tx, imp *importer, number int64) error {
	alone, err := b.assign(ctx, tx, imp)
	if err != nil {
		return err
	}
	for i := range b.fresh {
		b.fresh[i].Journal = number
	}
	if err := intake.AddReports(ctx, tx, b.fresh); err != nil {
		return err
	}
	if err := intake.MarkSeen(ctx, tx, imp.run.ID, b.seen); err != nil {
		return err
	}
	if err := intake.AddRejected(ctx, tx, imp.run.ID, b.rejected); err != nil {
		return err
	}
	var made []incident.Incident
	for _, i := range alone {
		made = append(made, imp.incidentOf(b.fresh[i], number))
	}
	if err := incident.Save(ctx, tx, made); err != nil {
		return err
	}
	return refold(ctx, tx, b.touched, number)
}

// assign gives each fresh report its incident: the one its namespace already has under this id, or a new one. It returns
// the positions of the reports that make a new incident.
func (b *batch) assign(ctx context.Context, tx *store.Tx, imp *importer) (alone []int, err error) {
	keys := []string{}
	for _, r := range b.fresh {
		if r.IncidentID == "" {
			keys = append(keys, incidentKey(r))
		}
	}
	known := map[string]string{}
	if len(keys) > 0 {
		err = incident.Each(ctx, tx, incident.Where{Namespace: imp.file.Namespace(), ExternalIDs: keys}, func(inc incident.Incident) error {
			known[inc.ExternalID] = inc.ID
			return nil
		})
	}
	for i := range b.fresh {
		r := &b.fresh[i]
		if r.IncidentID != "" {
			continue
		}
		if have, ok := known[incidentKey(*r)]; ok {
			r.IncidentID = have
			b.touched = append(b.touched, have)
			continue
		}
		r.IncidentID = id.New(tx.Now())
		alone = append(alone, i)
	}
	return alone, err
}

// incidentKey is the external id, with #n for the n-th different row under it.
func incidentKey(r intake.Report) string {
	if r.Occurrence > 1 {
		return r.ExternalID + "#" + itoa(r.Occurrence)
	}
	return r.ExternalID
}

// incidentOf makes the incident of a report that is its only one.
func (imp *importer) incidentOf(r intake.Report, number int64) incident.Incident {
	inc := fold([]intake.Report{r}, map[string]intake.Source{r.Series: sourceOf(imp.file)})
	inc.ID, inc.Namespace, inc.ExternalID, inc.Journal = r.IncidentID, imp.file.Namespace(), incidentKey(r), number
	inc.PublicID = id.Public(inc.Country, inc.Date.From().Year())
	return inc
}
