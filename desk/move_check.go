package desk

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"

	"ward/audit"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/policy"
	"ward/store"
	"ward/tlog"
)

// check compares every sealed record with the clear one, and every incident with the fold over its sealed reports.
func (m *mover) check() error {
	for _, step := range []func() error{m.checkCounts, m.checkSources, m.checkRuns, m.checkReports, m.checkRejected, m.checkIncidents, m.checkCodings,
		m.checkTexts, m.checkJournal} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// unlike says that a sealed record is not the clear one, without a word of what either says.
func unlike(kind, id string) error {
	return fault.New(fault.Internal, "the %s %s as sealed is not the one in clear", kind, id).Keeping("what Ward's first version kept is as it was").
		Do("report this; to read it meanwhile, rename %s to %s and use the first version", store.ClearName, store.FileName)
}

func (m *mover) checkCounts() error {
	before, err := m.clear.Count(m.ctx)
	if err != nil {
		return err
	}
	since, err := m.clear.CountSealed(m.ctx, m.tx)
	if err != nil {
		return err
	}
	for table, n := range before {
		if since[table] != n {
			return unlike("number of records in table", fmt.Sprintf("%s, %d of %d,", table, since[table], n))
		}
	}
	return nil
}

func (m *mover) checkSources() (err error) {
	if m.sources, err = m.clearSources(); err != nil {
		return err
	}
	since, err := sourcesBySeries(m.ctx, m.tx)
	for series, s := range m.sources {
		if err == nil && since[series] != s {
			return unlike("source", series)
		}
	}
	return err
}

func (m *mover) checkRuns() error {
	runs, err := intake.ClearRuns(m.ctx, m.clear)
	if err != nil {
		return err
	}
	for _, before := range runs {
		since, err := intake.RunByID(m.ctx, m.tx, before.ID)
		if err != nil {
			return err
		}
		if !slices.Equal(since.Fields(), before.Fields()) || !slices.Equal(since.Result(), before.Result()) || !since.Started.Equal(before.Started) ||
			!since.Finished.Equal(before.Finished) {
			return unlike("import", before.ID)
		}
	}
	return nil
}

func (m *mover) checkReports() error {
	return inPages(m.clearReports, anyTwo, func(list []intake.Report) error {
		ids := make([]string, len(list))
		for i, r := range list {
			ids[i] = r.ID
		}
		since, err := intake.ByID(m.ctx, m.tx, ids)
		if err != nil {
			return err
		}
		for _, before := range list {
			if !sameReport(before, since[before.ID]) {
				return unlike("report", before.ID)
			}
		}
		return nil
	})
}

// sameReport compares all that a report is but its place in the journal. The digest of one is the stored one, that of the other was
// made anew from its assertions.
func sameReport(a, b intake.Report) bool {
	return a.Digest == b.Digest && slices.Equal(a.Assertions, b.Assertions) && slices.Equal(a.Fields(), b.Fields()) && a.Country == b.Country &&
		a.DayFrom == b.DayFrom && a.DayTo == b.DayTo && a.SeenRun == b.SeenRun && a.Gone == b.Gone && a.Retired == b.Retired
}

func (m *mover) checkRejected() error {
	before := sums{}
	err := m.clearRejected(func(r rejectedRow) error { before.add(r.run, r.Rejected); return nil })
	for _, run := range before.keys() {
		if err != nil {
			return err
		}
		since := sums{}
		err = intake.EachRejected(m.ctx, m.tx, run, func(r intake.Rejected) error { since.add(run, r); return nil })
		if err == nil && since.of(run) != before.of(run) {
			return unlike("list of rejected rows of import", run)
		}
	}
	return err
}

func (m *mover) checkIncidents() error {
	return inPages(m.clearIncidents, anyTwo, func(list []incident.Incident) error {
		ids := make([]string, len(list))
		for i, inc := range list {
			ids[i] = inc.ID
		}
		since, err := incident.List(m.ctx, m.tx, incident.Where{IDs: ids})
		if err != nil {
			return err
		}
		reports, err := intake.OfIncidents(m.ctx, m.tx, ids)
		if err != nil {
			return err
		}
		for i, before := range list {
			if i >= len(since) || !slices.Equal(before.Fields(), since[i].Fields()) || !m.tell(reports[before.ID], before) {
				return unlike("incident", before.PublicID)
			}
		}
		return nil
	})
}

// tell reports whether reports add up to an incident. Of two reports of one series the first version heard the one with the lesser
// id first.
func (m *mover) tell(reports []intake.Report, inc incident.Incident) bool {
	folded := func() bool {
		again := said{reports: reports}.fold(m.sources)
		again.ID, again.PublicID, again.Namespace, again.ExternalID = inc.ID, inc.PublicID, inc.Namespace, inc.ExternalID
		return slices.Equal(again.Fields(), inc.Fields())
	}
	if folded() {
		return true
	}
	slices.SortFunc(reports, func(a, b intake.Report) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.ExternalID, b.ExternalID), cmp.Compare(a.Occurrence, b.Occurrence))
	})
	return folded()
}

func (m *mover) checkCodings() error {
	before := sums{}
	err := audit.EachClearByState(m.ctx, m.clear, func(r audit.Row) error { before.add(r.State, r.Digest()); return nil })
	for _, state := range before.keys() {
		if err != nil {
			return err
		}
		var rows []audit.Row
		rows, err = audit.Rows(m.ctx, m.tx, state)
		since := sums{}
		for _, r := range rows {
			since.add(state, r.Digest())
		}
		if err == nil && since.of(state) != before.of(state) {
			return unlike("list of codings of", state)
		}
	}
	return err
}

func (m *mover) checkTexts() error {
	before, err := m.clearTexts()
	if err != nil {
		return err
	}
	since, err := policy.KeptTexts(m.ctx, m.tx)
	if err != nil {
		return err
	}
	for i, t := range before {
		if i >= len(since) || since[i].ID != t.ID || since[i].Text.Digest() != t.Text.Digest() {
			return unlike("text", t.ID)
		}
	}
	return nil
}

func (m *mover) checkJournal() error {
	return inPages(m.clearEntries, anyTwo, func(list []store.Entry) error {
		since, err := m.tx.Earlier(m.ctx, list[len(list)-1].Number+1, len(list))
		if err != nil {
			return err
		}
		slices.Reverse(since)
		if !slices.Equal(list, since) {
			return unlike("journal from number", itoa(int(list[0].Number)))
		}
		return nil
	})
}

// sums digest lists of any length, by key.
type sums map[string]hash.Hash

func (s sums) add(key string, x any) {
	if s[key] == nil {
		s[key] = sha256.New()
	}
	fmt.Fprintf(s[key], "%#v\n", x)
}

func (s sums) of(key string) tlog.Hash {
	if s[key] == nil {
		return tlog.Hash{}
	}
	return tlog.Hash(s[key].Sum(nil))
}

func (s sums) keys() (out []string) {
	for key := range s {
		out = append(out, key)
	}
	return out
}
