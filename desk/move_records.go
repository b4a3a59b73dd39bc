package desk

import (
	"ward/audit"
	"ward/incident"
	"ward/intake"
	"ward/policy"
	"ward/store"
	"ward/tlog"
)

func (m *mover) moveSources() (err error) {
	m.sources, err = m.clearSources()
	for _, s := range m.sources {
		if err == nil {
			err = intake.PutSource(m.ctx, m.tx, s)
		}
	}
	m.page(len(m.sources))
	return err
}

func (m *mover) clearSources() (out map[string]intake.Source, err error) {
	err = m.clear.Read(m.ctx, func(tx *store.Tx) error {
		out, err = sourcesBySeries(m.ctx, tx)
		return err
	})
	return out, err
}

// moveRuns journals each run by itself: first the record of its file, then, when it is finished, that of its result.
func (m *mover) moveRuns() error {
	runs, err := intake.ClearRuns(m.ctx, m.clear)
	if err != nil {
		return err
	}
	for _, r := range runs {
		r.Secret, r.ResultSecret = tlog.NewSecret(), tlog.NewSecret()
		if err := intake.SaveRun(m.ctx, m.tx, r); err != nil {
			return err
		}
		digests := []tlog.Hash{r.Secret.Digest(r.Fields())}
		if !r.Finished.IsZero() {
			digests = append(digests, r.ResultSecret.Digest(r.Result()))
		}
		if _, err := m.tx.JournalBatch(m.ctx, actMove, r.ID, digests); err != nil {
			return err
		}
		m.page(1)
	}
	return nil
}

// moveReports keeps to the batches of an import: a run's reports, at most batchRows of them.
func (m *mover) moveReports() error {
	return inPages(m.clearReports, func(a, b intake.Report) bool { return a.RunID == b.RunID }, m.saveReports)
}

func (m *mover) clearReports(fn func(intake.Report) error) error {
	return intake.EachClear(m.ctx, m.clear, fn)
}

func (m *mover) saveReports(list []intake.Report) error {
	number, err := m.tx.Next(m.ctx)
	if err != nil {
		return err
	}
	digests := make([]tlog.Hash, len(list))
	for i := range list {
		r := &list[i]
		r.Journal, r.Leaf, r.Secret, r.TextKey = number, i, tlog.NewSecret(), textKey(r.Assertions.Get("description"))
		digests[i] = r.Commitment()
	}
	if _, err := m.tx.JournalBatch(m.ctx, actMove, list[0].RunID, digests); err != nil {
		return err
	}
	if err := intake.AddReports(m.ctx, m.tx, list); err != nil {
		return err
	}
	m.page(len(list))
	return nil
}

// rejectedRow is a rejected row with its run.
type rejectedRow struct {
	run string
	intake.Rejected
}

func (m *mover) moveRejected() error {
	return inPages(m.clearRejected, func(a, b rejectedRow) bool { return a.run == b.run }, func(list []rejectedRow) error {
		rows := make([]intake.Rejected, len(list))
		for i, r := range list {
			rows[i] = r.Rejected
		}
		if err := intake.AddRejected(m.ctx, m.tx, list[0].run, rows); err != nil {
			return err
		}
		m.page(len(list))
		return nil
	})
}

func (m *mover) clearRejected(fn func(rejectedRow) error) error {
	return intake.EachClearRejected(m.ctx, m.clear, func(run string, r intake.Rejected) error { return fn(rejectedRow{run, r}) })
}

func (m *mover) clearIncidents(fn func(incident.Incident) error) error {
	return incident.EachClear(m.ctx, m.clear, fn)
}

func (m *mover) moveIncidents() error {
	return inPages(m.clearIncidents, anyTwo, func(list []incident.Incident) error {
		number, err := m.tx.Next(m.ctx)
		if err != nil {
			return err
		}
		digests := make([]tlog.Hash, len(list))
		for i := range list {
			list[i] = commit(list[i], number, i)
			digests[i] = list[i].Commitment()
		}
		if _, err := m.tx.JournalBatch(m.ctx, actMove, store.Workspace, digests); err != nil {
			return err
		}
		if err := incident.Save(m.ctx, m.tx, list); err != nil {
			return err
		}
		m.page(len(list))
		return nil
	})
}

// broughtRow is a coding with the journal row of the first version that brought it.
type broughtRow struct {
	audit.Row
	number int64
}

// moveCodings keeps apart what was brought in apart, because of two codings the later stands.
func (m *mover) moveCodings() error {
	each := func(fn func(broughtRow) error) error {
		return audit.EachClear(m.ctx, m.clear, func(r audit.Row, number int64) error { return fn(broughtRow{r, number}) })
	}
	return inPages(each, func(a, b broughtRow) bool { return a.number == b.number }, func(list []broughtRow) error {
		rows := make([]audit.Row, len(list))
		for i, r := range list {
			rows[i] = r.Row
		}
		_, err := addCodings(m.ctx, m.tx, actMove, rows)
		m.page(len(list))
		return err
	})
}

func (m *mover) clearTexts() (out []policy.Kept, err error) {
	err = m.clear.Read(m.ctx, func(tx *store.Tx) error {
		out, err = policy.KeptTexts(m.ctx, tx)
		return err
	})
	return out, err
}

func (m *mover) moveTexts() error {
	texts, err := m.clearTexts()
	if err != nil {
		return err
	}
	for _, t := range texts {
		number, err := m.tx.Journal(m.ctx, actMove, t.ID, t.Text.Digest())
		if err != nil {
			return err
		}
		if err := policy.KeepText(m.ctx, m.tx, t, number); err != nil {
			return err
		}
	}
	m.page(len(texts))
	return nil
}

func (m *mover) clearEntries(fn func(store.Entry) error) error {
	return m.clear.EachEntry(m.ctx, fn)
}

func (m *mover) moveJournal() error {
	return inPages(m.clearEntries, anyTwo, func(list []store.Entry) error {
		if err := m.tx.KeepEarlier(m.ctx, actMove, list); err != nil {
			return err
		}
		m.page(len(list))
		return nil
	})
}
