package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/store"
)

// KeepFile seals a file that is about to come with a report, as it is read; room is how many bytes it may have. The file belongs to nothing
// until TakeReport names it.
func (d *Desk) KeepFile(ctx context.Context, who access.Actor, name, kind string, r io.Reader, room int64) (entry.File, error) {
	if err := who.May(access.TakeReports); err != nil {
		return entry.File{}, err
	}
	return d.sealFile(ctx, name, kind, r, room, intake.MaxFileBytes)
}

// waitingLife is how long files wait for the report that they were sent with: less than the age at which what nobody names is swept away.
const waitingLife = sweepAge / 2

const waitingKind = "report.files"

// HoldFiles keeps what was uploaded while the form of a report is corrected, for whoever uploaded it; it returns the key under which they wait.
func (d *Desk) HoldFiles(ctx context.Context, who access.Actor, files []entry.File) (key string, err error) {
	if err := who.May(access.TakeReports); err != nil || len(files) == 0 {
		return "", err
	}
	body, err := json.Marshal(files)
	if err != nil {
		return "", err
	}
	key = rand.Text()
	return key, d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: waitingKind, Key: key, Owner: holder(who), Body: body, Until: tx.Now().Add(waitingLife)})
	})
}

// HeldFiles are the files that wait under a key, for whoever uploaded them; none under a key that is not theirs or not there any more.
func (d *Desk) HeldFiles(ctx context.Context, who access.Actor, key string) (files []entry.File, err error) {
	if err := who.May(access.TakeReports); err != nil || key == "" {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, ok, err := tx.Passing(ctx, waitingKind, key)
		if err != nil || !ok || p.Owner != holder(who) {
			return err
		}
		return json.Unmarshal(p.Body, &files)
	})
	return files, err
}

// DropFiles ends the wait under a key, of files that are the actor's own.
func (d *Desk) DropFiles(ctx context.Context, who access.Actor, key string) error {
	if key == "" {
		return nil
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		p, ok, err := tx.Passing(ctx, waitingKind, key)
		if err != nil || !ok || p.Owner != holder(who) {
			return err
		}
		return tx.DropPassing(ctx, waitingKind, key, "")
	})
}

// ReportFile opens the n-th file of a report, the first being 1, for a page that shows it.
func (d *Desk) ReportFile(ctx context.Context, who access.Actor, report string, n int) (a entry.File, r io.ReadCloser, err error) {
	f, err := d.Received(ctx, who, report)
	if err != nil {
		return a, nil, err
	}
	if n < 1 || n > len(f.Files) {
		return a, nil, fault.New(fault.NotFound, "this report has no file %d", n)
	}
	r, err = d.openFile(f.Files[n-1])
	return f.Files[n-1], r, err
}

// TakeReportFile is ReportFile for a file that is taken away: it leaves a line in the ledger first.
func (d *Desk) TakeReportFile(ctx context.Context, who access.Actor, report string, n int) (a entry.File, r io.ReadCloser, err error) {
	a, r, err = d.ReportFile(ctx, who, report, n)
	if err != nil {
		return a, nil, err
	}
	err = d.disclose(ctx, who, access.OriginalFile, store.Disclosure{Records: 1, What: fmt.Sprintf("file %d of report %s", n, report), Subjects: report})
	if err != nil {
		r.Close()
		return a, nil, err
	}
	return a, r, nil
}
