package desk

import (
	"context"
	"maps"
	"slices"

	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
)

// Citing is an assertion that rests on a report.
type Citing struct {
	Entry    string // its id
	Incident string // WRD-...
	Field    string
}

// receivedGone is what goes with a report that was taken down here.
type receivedGone struct {
	report  string
	entries []string
	contact string
	blobs   []string
}

// blobs are the stored files that go.
func (c Consequences) blobs() []string {
	switch {
	case c.received != nil:
		return c.received.blobs
	case c.cases != nil:
		return c.cases.files
	case c.person != nil:
		return c.person.files
	case c.evaluation != nil:
		return c.evaluation.files
	}
	return []string{c.file}
}

// ofReceived finds a report by its id, or by that of the entry that holds it: after a restored backup the erasure goes by entries.
func ofReceived(ctx context.Context, tx *store.Tx, named string, c *Consequences) error {
	report := named
	if found, err := entry.Find(ctx, tx, named); err == nil && found.Kind == intake.KindReceived && !found.Erased {
		report = found.Subject
	}
	list, err := entry.Of[intake.Received](ctx, tx, intake.KindReceived, report)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is no report %.40q", named)
	}
	if err != nil {
		return err
	}
	about, err := entry.Places(ctx, tx, report)
	if err != nil {
		return err
	}
	c.Kind, c.ID, c.Name, c.Contact = KindReceived, report, report, list[0].Body.Contact
	gone := receivedGone{report: report, entries: slices.Sorted(maps.Keys(about)), contact: c.Contact}
	for _, f := range list[0].Body.Files {
		gone.blobs = append(gone.blobs, f.Blob)
	}
	c.received, c.Files, c.Handled = &gone, len(gone.blobs), len(about)-1
	c.Citing, err = citing(ctx, tx, report)
	return err
}

// citing lists the assertions that name a report as their source.
func citing(ctx context.Context, tx *store.Tx, report string) (out []Citing, err error) {
	all, err := entry.All[incident.Stated](ctx, tx, incident.KindStated)
	for _, e := range all {
		if e.Body.Source == sourceOfReport(report) && e.Body.Field != "" {
			out = append(out, Citing{e.ID, e.Subject, e.Body.Field})
		}
	}
	return out, err
}

// received erases a report with everything about it, entry by entry: the report's own id bears no key.
func (e eraser) received(gone receivedGone) error {
	if err := e.drafts(newSubject + ":" + gone.report); err != nil {
		return err
	}
	for _, id := range gone.entries {
		if _, err := e.destroy(id, gone.report); err != nil {
			return err
		}
		if err := entry.Erase(e.ctx, e.tx, id); err != nil {
			return err
		}
	}
	box, err := intake.ContactByID(e.ctx, e.tx, gone.contact)
	if gone.contact == "" || box.Erased {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := e.destroy(gone.contact, gone.contact); err != nil {
		return err
	}
	return intake.EraseContact(e.ctx, e.tx, gone.contact)
}
