package desk

import (
	"context"
	"runtime"
	"sync"

	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/tlog"
)

// batch is what one group of rows comes to.
type batch struct {
	fresh    []intake.Report // new or changed
	seen     []string        // report ids that the file still has, unchanged
	rejected []intake.Rejected
	touched  []string // incidents to fold again: those that had a report before

	known map[string]incident.Known // what the namespace has already, by incidentKey
}

// save writes the batch under the journal number it will have, and returns the digests of its records: reports, then the
// incidents they make, then those they change.
func (b *batch) save(ctx context.Context, tx *store.Tx, imp *importer, number int64) ([]tlog.Hash, error) {
	alone := b.assign(tx)
	for i := range b.fresh {
		r := &b.fresh[i]
		r.Journal, r.Leaf, r.Secret = number, i, tlog.NewSecret()
	}
	if err := b.saveReports(ctx, tx, imp.run.ID); err != nil {
		return nil, err
	}
	made := make([]incident.Incident, len(alone))
	for n, i := range alone {
		made[n] = commit(imp.incidentOf(b.fresh[i]), number, len(b.fresh)+n)
	}
	if err := incident.Save(ctx, tx, made); err != nil {
		return nil, err
	}
	digests := append(commitments(b.fresh), commitments(made)...)
	changed, err := refold(ctx, tx, b.touched, number, len(digests))
	return append(digests, changed...), err
}

func (b *batch) saveReports(ctx context.Context, tx *store.Tx, run string) error {
	if err := intake.AddReports(ctx, tx, b.fresh); err != nil {
		return err
	}
	if err := intake.MarkSeen(ctx, tx, run, b.seen); err != nil {
		return err
	}
	return intake.AddRejected(ctx, tx, run, b.rejected)
}

// assign gives each fresh report its incident: the one its namespace already has under this id, or a new one. It returns
// the positions of the reports that make a new incident.
func (b *batch) assign(tx *store.Tx) (alone []int) {
	for i := range b.fresh {
		r := &b.fresh[i]
		if r.IncidentID != "" {
			continue
		}
		if have, ok := b.known[incidentKey(*r)]; ok {
			r.IncidentID = have.ID
			b.touched = append(b.touched, have.ID)
			continue
		}
		r.IncidentID = id.New(tx.Now())
		alone = append(alone, i)
	}
	return alone
}

// incidentKey is the external id, with #n for the n-th different row under it.
func incidentKey(r intake.Report) string {
	if r.Occurrence > 1 {
		return r.ExternalID + "#" + itoa(r.Occurrence)
	}
	return r.ExternalID
}

// incidentOf makes the incident of a report that is its only one.
func (imp *importer) incidentOf(r intake.Report) incident.Incident {
	inc := incident.New(said{reports: []intake.Report{r}}.fold(map[string]intake.Source{r.Series: sourceOf(imp.file)}))
	inc.ID, inc.Namespace, inc.ExternalID = r.IncidentID, imp.file.Namespace(), incidentKey(r)
	inc.PublicID = id.Public(inc.Country, inc.Date.From().Year())
	return inc
}

// commit gives an incident the place of its digest in the journal, and a new secret with it: an earlier state's proof shows
// nothing of this one.
func commit(inc incident.Incident, number int64, leaf int) incident.Incident {
	inc.Journal, inc.Leaf, inc.Secret = number, leaf, tlog.NewSecret()
	return inc
}

// commitments are the digests of records, worked out on all processors: on a large import they are a third of the work.
func commitments[R interface{ Commitment() tlog.Hash }](records []R) []tlog.Hash {
	digests := make([]tlog.Hash, len(records))
	share := len(records)/runtime.GOMAXPROCS(0) + 1
	var wg sync.WaitGroup
	for from := 0; from < len(records); from += share {
		wg.Go(func() {
			for i := from; i < min(from+share, len(records)); i++ {
				digests[i] = records[i].Commitment()
			}
		})
	}
	wg.Wait()
	return digests
}
