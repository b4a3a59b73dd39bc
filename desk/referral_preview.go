package desk

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"ward/access"
	"ward/exchange"
	"ward/referral"
	"ward/store"
)

// PreviewPackage is what a wish would make, with its problems, and keeps nothing. Whether it may leave is not asked: that is asked when it is
// built.
func (d *Desk) PreviewPackage(ctx context.Context, who access.Actor, id string, w PackageWish) (p referral.Package, problems []referral.Problem, err error) {
	files, err := d.workingCopies(ctx, who, id, w.Files)
	if err != nil {
		return p, nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, access.PrepareReferrals, id)
		if err != nil {
			return err
		}
		wish, m, _, err := d.wished(ctx, tx, who, r, c, w, files)
		if err != nil {
			return err
		}
		p, problems = m.Build(wish)
		return nil
	})
	return p, problems, err
}

// ReferralCover judges, field by field that speaks of somebody, whether the consent there is carries it now.
func (d *Desk) ReferralCover(ctx context.Context, who access.Actor, id string) (out map[string]referral.Judged, err error) {
	out = map[string]referral.Judged{}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, access.PrepareReferrals, id)
		if err != nil {
			return err
		}
		m, _ := referral.MechanismOf(r.Mechanism)
		byClass := map[string]referral.Judged{}
		for _, f := range m.Fields {
			j, known := byClass[f.Class]
			if !known && f.Class != "" {
				if j, err = d.judge(ctx, tx, r, c, []string{f.Key}); err != nil {
					return err
				}
				byClass[f.Class] = j
			}
			if f.Class != "" {
				out[f.Key] = j
			}
		}
		return nil
	})
	return out, err
}

// disclosureColumns are those of the ledger of disclosures as a file.
var disclosureColumns = []string{"id", "referral", "mechanism", "to", "purpose", "fields", "classes", "consents", "from", "until", "downloads", "expired", "revoked", "why"}

// WriteDisclosures writes the ledger of disclosures as CSV, as asked; what the page covers stays covered, and of whom it speaks is not in it. It
// leaves for members, with a line in the ledger of files.
func (d *Desk) WriteDisclosures(ctx context.Context, who access.Actor, w io.Writer, q DisclosureQuery) error {
	list, err := d.Disclosures(ctx, who, q)
	if err != nil {
		return err
	}
	if err := d.disclose(ctx, who, access.AuditFile, store.Disclosure{Records: int64(len(list)), What: "disclosures.csv"}); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(disclosureColumns); err != nil {
		return err
	}
	for _, r := range list {
		if err := out.Write(disclosureLine(r)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func disclosureLine(r DisclosureRow) []string {
	b, consents := r.Body, ""
	if r.Mine {
		consents = strconv.Itoa(len(b.Basis))
	}
	row := []string{r.ID, r.Subject, b.Mechanism, b.To, b.Purpose, strings.Join(b.Fields, " "), strings.Join(b.Classes, " "), consents, b.From, b.Until, strconv.Itoa(b.Downloads),
		map[bool]string{true: "yes", false: "no"}[r.Expired], b.Revoked, b.Why}
	for i, cell := range row {
		row[i] = exchange.SafeCell(cell)
	}
	return row
}
