package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/intake"
	"ward/seal"
	"ward/store"
)

// KeepFile seals a file that is about to come with a report, as it is read: no plain byte of it touches the disk. Room is how many bytes it may
// have; more is a Limit. The file belongs to nothing until TakeReport names it.
func (d *Desk) KeepFile(ctx context.Context, who access.Actor, name, kind string, r io.Reader, room int64) (a intake.Attachment, err error) {
	if err := who.May(access.TakeReports); err != nil {
		return a, err
	}
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		return a, err
	}
	a = intake.Attachment{Name: intake.FileName(name), Original: intake.Original{Identity: identity}}
	sum, first := sha256.New(), &opening{}
	a.Blob, _, err = d.files.Put(ctx, func(w io.Writer) error {
		sealed, err := seal.SealTo(w, recipient)
		if err != nil {
			return err
		}
		a.Bytes, err = io.Copy(sealed, io.TeeReader(io.LimitReader(r, room+1), io.MultiWriter(sum, first)))
		if err == nil && a.Bytes > room {
			err = fault.New(fault.Limit, "the files of a report are larger than %d MB together", intake.MaxFileBytes>>20).
				Keeping("nothing was written").Do("leave the largest out, or make a second report")
		}
		if err != nil {
			return err
		}
		return sealed.Close()
	})
	a.Type, a.SHA256 = typeOf(first.bytes, kind), hex.EncodeToString(sum.Sum(nil))
	return a, err
}

// opening keeps the first bytes of what is written to it.
type opening struct{ bytes []byte }

const sniffed = 512

func (b *opening) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p[:min(len(p), sniffed-len(b.bytes))]...)
	return len(p), nil
}

// typeOf is the type of a file as its first bytes show it; where they show none it is what its sender said, when that can be a type.
func typeOf(first []byte, said string) string {
	kind := http.DetectContentType(first)
	said, _, _ = strings.Cut(strings.ToLower(said), ";")
	family, rest, is := strings.Cut(strings.TrimSpace(said), "/")
	plain := kind == "application/octet-stream" || strings.HasPrefix(kind, "text/plain") || kind == "application/zip"
	if !plain || !is || len(said) > 80 || strings.Trim(family+rest, "abcdefghijklmnopqrstuvwxyz0123456789.+-") != "" || family == "image" || family == "video" {
		return kind
	}
	return family + "/" + rest
}

// waitingLife is how long files wait for the report that they were sent with: less than the age at which what nobody names is swept away.
const waitingLife = sweepAge / 2

const waitingKind = "report.files"

// HoldFiles keeps what was uploaded while the form of a report is corrected, for whoever uploaded it; it returns the key under which they wait.
func (d *Desk) HoldFiles(ctx context.Context, who access.Actor, files []intake.Attachment) (key string, err error) {
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
func (d *Desk) HeldFiles(ctx context.Context, who access.Actor, key string) (files []intake.Attachment, err error) {
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
func (d *Desk) ReportFile(ctx context.Context, who access.Actor, report string, n int) (a intake.Attachment, r io.ReadCloser, err error) {
	f, err := d.Received(ctx, who, report)
	if err != nil {
		return a, nil, err
	}
	if n < 1 || n > len(f.Files) {
		return a, nil, fault.New(fault.NotFound, "this report has no file %d", n)
	}
	a = f.Files[n-1]
	sealed, err := d.files.Get(a.Blob)
	if err != nil {
		return a, nil, err
	}
	plain, err := seal.OpenWith(sealed, a.Identity)
	if err != nil {
		sealed.Close()
		return a, nil, err
	}
	return a, struct {
		io.Reader
		io.Closer
	}{plain, sealed}, nil
}

// TakeReportFile is ReportFile for a file that is taken away: it leaves a line in the ledger first.
func (d *Desk) TakeReportFile(ctx context.Context, who access.Actor, report string, n int) (a intake.Attachment, r io.ReadCloser, err error) {
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
