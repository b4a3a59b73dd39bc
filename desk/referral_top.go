package desk

import (
	"context"

	"ward/access"
	"ward/fault"
	"ward/store"
)

// ReferralTop is what somebody may see of a referral of a case that they are not on (T2): that it is there, how far it came, and which case to
// join.
type ReferralTop struct {
	ReferralRow
	Top *CaseTop
}

// ReferralTop opens that; it is refused to whom a conflict of interest bars, and NotFound to who may not hear of the case.
func (d *Desk) ReferralTop(ctx context.Context, who access.Actor, number string) (t ReferralTop, err error) {
	if err := who.May(access.PrepareReferrals); err != nil {
		return t, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, err := referralIn(ctx, tx, number)
		if err != nil {
			return err
		}
		if t.Top, err = d.caseTop(ctx, tx, who, r.Case); err != nil {
			if fault.Is(err, fault.NotFound) {
				err = noReferral(number)
			}
			return err
		}
		t.ReferralRow = d.referralRow(r, false)
		return who.MayOn(access.PrepareReferrals, append(aboutReferral(r), t.Top.about()...)...)
	})
	if err != nil {
		return ReferralTop{}, err
	}
	return t, d.read(ctx, who, access.PrepareReferrals, access.Page, number)
}
