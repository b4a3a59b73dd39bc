package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/referral"
	"ward/store"
	"ward/text"
)

// DisclosureQuery is what somebody asks of the ledger of disclosures; blank fields ask for everything.
type DisclosureQuery struct {
	Person, Mechanism, Purpose, Referral string
	To                                   string // words of the recipient
	Expired, Revoked                     bool
}

// DisclosureRow is one of the ledger.
type DisclosureRow struct {
	entry.Entry[referral.Disclosure]
	Expired, Revocable bool
	Mine               bool // whoever asks may see whose it is and what it held
}

// Disclosures lists what left under referrals, the newest first. Whose it was and what was in it is told to whoever is on the case.
func (d *Desk) Disclosures(ctx context.Context, who access.Actor, q DisclosureQuery) (out []DisclosureRow, err error) {
	if err := d.read(ctx, who, access.ReadDisclosures, access.Page, "disclosures"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := referralsIn(ctx, tx, "")
		if err != nil {
			return err
		}
		cases, err := casesBy(ctx, tx, nil)
		on := map[string]bool{}
		for _, c := range cases {
			on[c.ID] = onEveryCase(who) || c.On(who.Name)
		}
		for _, r := range all {
			if r.Country == "" || who.Sees(r.Country) {
				out = append(out, d.disclosureRows(who, q, r, on[r.Case])...)
			}
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b DisclosureRow) int { return strings.Compare(b.ID, a.ID) })
	return out, err
}

// disclosureRows are those of one referral that answer a query.
func (d *Desk) disclosureRows(who access.Actor, q DisclosureQuery, r referral.Referral, mine bool) (out []DisclosureRow) {
	today := d.Today().String()
	for _, e := range r.Disclosures {
		row := DisclosureRow{Entry: e, Mine: mine, Expired: e.Body.Expired(today)}
		row.Revocable = mine && e.Body.Revoked == "" && who.Can(access.PrepareReferrals)
		row.Body.Downloads = r.Fetched(e.ID)
		if !q.asksFor(row) {
			continue
		}
		if !mine {
			row.Body.Person, row.Body.Fields, row.Body.Basis, row.Body.Why = "", nil, nil, ""
		}
		out = append(out, row)
	}
	return out
}

func (q DisclosureQuery) asksFor(row DisclosureRow) bool {
	b := row.Body
	return (q.Person == "" || row.Mine && q.Person == b.Person) && (q.Mechanism == "" || q.Mechanism == b.Mechanism) && (q.Purpose == "" || q.Purpose == b.Purpose) &&
		(q.Referral == "" || q.Referral == row.Subject) && strings.Contains(text.Fold(b.To), text.Fold(q.To)) && (!q.Expired || row.Expired) && (!q.Revoked || b.Revoked != "")
}

// RevokeDisclosure ends a disclosure: what is offered is deleted; what the recipient has cannot be called back, only asked for.
func (d *Desk) RevokeDisclosure(ctx context.Context, who access.Actor, id, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.New(fault.Invalid, "it is not said why").Keeping("the disclosure stands").Do("say it in a sentence")
	}
	err := d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if err := who.May(access.PrepareReferrals); err != nil {
			return err
		}
		found, err := disclosureIn(ctx, tx, id)
		if err != nil {
			return err
		}
		r, _, err := d.onReferral(ctx, tx, who, access.PrepareReferrals, found)
		if err != nil {
			return err
		}
		if r.Revoked(id) {
			return fault.New(fault.Refused, "this disclosure is revoked already").Keeping("nothing was changed")
		}
		if _, err := addReferral(ctx, tx, r.ID, referral.KindEnd, referral.End{Of: id, Why: strings.TrimSpace(why)}); err != nil {
			return err
		}
		return tx.Disclose(ctx, handedLine(tx, r, "revoked"))
	})
	if err == nil {
		_, err = d.SweepPackages(ctx)
	}
	return err
}

// disclosureIn is the referral to which a disclosure belongs.
func disclosureIn(ctx context.Context, tx *store.Tx, id string) (string, error) {
	all, err := entry.All[referral.Disclosure](ctx, tx, referral.KindDisclosure)
	for _, e := range all {
		if e.ID == id {
			return e.Subject, nil
		}
	}
	if err == nil {
		err = fault.New(fault.NotFound, "there is no disclosure %.40q", id).Do("look for it in the ledger")
	}
	return "", err
}
