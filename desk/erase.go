package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/audit"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/tlog"
)

// EraseReasons are the classes of reason that a tombstone may bear; the log shows them to everybody.
func EraseReasons() []string { return []string{"consent_withdrawn", "error", "court_order", "other"} }

// Kinds of what can be erased.
const (
	KindIncident   = "incident" // with all its reports, in every edition
	KindReport     = "report"   // in every edition
	KindRun        = "run"      // an original file with the rows of it that were rejected
	KindCoding     = "coding"
	KindContact    = "contact"
	KindReceived   = "received"   // a report taken down here, with how it was handled, its files and the contact of its source
	KindPerson     = "person"     // with names, story, consent, evaluations, packages and sealed contacts; not the cases and referrals about them
	KindCase       = "case"       // with everything recorded on it and its files; not the people whom it is about
	KindEvaluation = "evaluation" // with everything recorded in it, its photographs and the interpreter's sealed name; not the person
	KindEntry      = "entry"      // one statement in a register: a grading, a draft, a damage
)

// Erased is what an erasure came to.
type Erased struct {
	Consequences
	Left string // what of it remains on this disk nevertheless; "" is nothing that Ward knows of
}

// Consequences lists what erasing a subject would do, and whom it concerns. It changes nothing.
func (d *Desk) Consequences(ctx context.Context, who access.Actor, id string) (c Consequences, err error) {
	if err := d.read(ctx, who, access.EraseRecords, access.Page, "consequences"); err != nil {
		return c, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = consequences(ctx, tx, id)
		return err
	})
	return c, err
}

// Erase destroys the keys of a subject: an incident's public id or ULID, or the id of a report, an import run, a coding, a contact or an entry. What
// these keys sealed nobody can open again; the log keeps a public leaf that says that it was erased, and why.
func (d *Desk) Erase(ctx context.Context, who access.Actor, id, reason string) (e Erased, err error) {
	if err := who.May(access.EraseRecords); err != nil {
		return e, err
	}
	if !slices.Contains(EraseReasons(), reason) {
		return e, fault.New(fault.Invalid, "this is no class of reason").Keeping("nothing was erased").Do("take one of %s", strings.Join(EraseReasons(), ", "))
	}
	if e.Consequences, err = d.erase(ctx, who.Name, id, reason, d.db.Now()); err != nil {
		return e, err
	}
	e.Left, err = d.sweep(ctx, e.blobs()...)
	return e, err
}

// Replay erases again what was erased since a backup was made, before anybody works with a database restored from it. It returns how many
// subjects were still there.
func (d *Desk) Replay(ctx context.Context, list []store.Erasure) (replayed int, err error) {
	var files []string
	for _, e := range list {
		reason := e.Reason
		if !slices.Contains(EraseReasons(), reason) {
			reason = "other"
		}
		c, err := d.erase(ctx, sequencer, e.Subject, reason, e.At)
		if fault.Is(err, fault.NotFound) {
			continue // not in this backup, or erased in it already
		}
		if err != nil {
			return replayed, err
		}
		replayed, files = replayed+1, append(files, c.blobs()...)
	}
	if err := d.listTombstones(list); err != nil {
		return replayed, err
	}
	_, err = d.sweep(ctx, files...)
	return replayed, err
}

// sweep does what no transaction can once erasures are committed: it lists them beside the database, deletes the sealed files they concerned
// ("" is none), and clears the database's own traces. What fails does not keep the rest from being done.
func (d *Desk) sweep(ctx context.Context, files ...string) (left string, err error) {
	err = d.listErased(ctx)
	for _, f := range files {
		if f == "" {
			continue
		}
		if failed := d.files.Delete(f); failed != nil && !fault.Is(failed, fault.NotFound) {
			err = errors.Join(err, fault.Wrap(failed, fault.Internal, "a sealed file could not be deleted").
				Keeping("its key is destroyed: nobody can open it").Do("delete files/%s/%s by hand", f[:2], f))
		}
	}
	left, failed := d.db.Scrub(ctx)
	if unlisted := d.listBesideBackups(ctx); unlisted != nil {
		left = strings.TrimSpace(left + " The list beside the backups could not be brought up to date: copy the file tombstones there by hand, or a restore brings this back.")
	}
	return left, errors.Join(err, failed)
}

// listBesideBackups brings the list where the backups go up to date, so that none of them brings back what was erased after it.
func (d *Desk) listBesideBackups(ctx context.Context) error {
	var place backupPlace
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		key, err := workspaceKey(ctx, tx)
		if err != nil {
			return err
		}
		place, _, err = keptPlace(ctx, tx, key)
		return err
	})
	if err != nil || place.dir == "" {
		return err
	}
	return place.mergeTombstones(ctx, d)
}

// listErased brings the list beside the database up to date with it.
func (d *Desk) listErased(ctx context.Context) error {
	var list []store.Erasure
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Erased(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return d.listTombstones(list)
}

// erase carries an erasure out in one transaction.
func (d *Desk) erase(ctx context.Context, who, id, reason string, at time.Time) (c Consequences, err error) {
	err = d.db.Write(ctx, who, func(tx *store.Tx) error {
		if c, err = consequences(ctx, tx, id); err != nil {
			return err
		}
		return eraser{ctx, tx, reason, at}.carryOut(c)
	})
	return c, err
}

// eraser is one erasure under way.
type eraser struct {
	ctx    context.Context
	tx     *store.Tx
	reason string
	at     time.Time // when it was decided; the tombstone bears its day
}

func (e eraser) carryOut(c Consequences) error {
	switch c.Kind {
	case KindIncident:
		return e.incident(c.incident, c.reports, c.stated)
	case KindReport:
		return e.report(c.incident, c.reports, c.stated, c.Emptied)
	case KindRun:
		if _, err := e.destroy(c.ID, c.ID); err != nil {
			return err
		}
		return intake.EraseRun(e.ctx, e.tx, c.run)
	case KindCoding:
		if _, err := e.destroy(c.ID, c.ID); err != nil {
			return err
		}
		return audit.Erase(e.ctx, e.tx, c.ID)
	case KindReceived:
		return e.received(*c.received)
	case KindPerson:
		return e.wholePerson(*c.person, c.ID)
	case KindCase:
		return e.wholeCase(*c.cases, c.ID)
	case KindEvaluation:
		return e.wholeEvaluation(*c.evaluation, c.ID)
	case KindEntry:
		if _, err := e.destroy(c.ID, c.ID); err != nil {
			return err
		}
		if err := entry.Erase(e.ctx, e.tx, c.ID); err != nil || c.Incident == "" {
			return err
		}
		return e.renew(c.incident)
	}
	if _, err := e.destroy(c.ID, c.ID); err != nil {
		return err
	}
	return intake.EraseContact(e.ctx, e.tx, c.ID)
}

// destroy destroys one subject's key and buries it; it returns the tombstone's number.
func (e eraser) destroy(subject, publicID string) (int64, error) {
	if _, err := e.tx.Destroy(e.ctx, subject, e.reason); err != nil {
		return 0, err
	}
	return bury(e.ctx, e.tx, subject, publicID, e.reason, e.at)
}

// incident erases an incident with all its reports and all that people put on record about it.
func (e eraser) incident(inc incident.Incident, reports []intake.Report, stated []string) error {
	if err := errors.Join(e.reports(reports), e.drafts(inc.PublicID)); err != nil {
		return err
	}
	for _, id := range stated {
		if _, err := e.destroy(id, id); err != nil {
			return err
		}
		if err := entry.Erase(e.ctx, e.tx, id); err != nil {
			return err
		}
	}
	number, err := e.destroy(inc.ID, inc.PublicID)
	if err != nil {
		return err
	}
	return incident.Erase(e.ctx, e.tx, inc.ID, number)
}

// drafts forgets what anybody typed about something and did not save.
func (e eraser) drafts(subject string) (err error) {
	for _, kind := range []string{passingDraft, passingEvaluation} {
		list, failed := e.tx.PassingOf(e.ctx, kind, "")
		err = errors.Join(err, failed)
		for _, p := range list {
			if strings.HasPrefix(p.Key, subject+" ") {
				err = errors.Join(err, e.tx.DropPassing(e.ctx, kind, p.Key, ""))
			}
		}
	}
	return err
}

func (e eraser) reports(list []intake.Report) error {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
		if _, err := e.destroy(r.ID, r.ID); err != nil {
			return err
		}
	}
	return intake.EraseReports(e.ctx, e.tx, ids)
}

// report erases a report in all its editions, and with the last of them its incident. An incident that others still tell of is folded
// anew, under a new key: the former fold held the erased words too.
func (e eraser) report(inc incident.Incident, editions []intake.Report, stated []string, last bool) error {
	if last {
		return e.incident(inc, editions, stated)
	}
	if err := e.reports(editions); err != nil {
		return err
	}
	return e.renew(inc)
}

// renew folds an incident anew from what remains, under a new key.
func (e eraser) renew(inc incident.Incident) error {
	sources, err := sourcesBySeries(e.ctx, e.tx)
	if err != nil {
		return err
	}
	held, err := refolded(e.ctx, e.tx, []string{inc.ID}, sources)
	if err != nil || len(held) != 1 {
		return err
	}
	number, err := e.tx.Next(e.ctx)
	if err != nil {
		return err
	}
	if err := e.tx.Renew(e.ctx, inc.ID); err != nil {
		return err
	}
	held[0] = commit(held[0], number, 0)
	if err := incident.Save(e.ctx, e.tx, held); err != nil {
		return err
	}
	_, err = e.tx.JournalBatch(e.ctx, "erase.refold", inc.ID, []tlog.Hash{held[0].Commitment()})
	return err
}
