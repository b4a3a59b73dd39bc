package desk_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/consent"
	"ward/desk"
	"ward/fault"
	"ward/paper"
	"ward/referral"
	"ward/seal"
	"ward/store/storetest"
)

func TestALinkWorksAsOftenAsAgreedAndThenNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	j := takenColleague(t, dir)
	m, _ := referral.MechanismOf("sp-urgent")
	id, _ := j.released(t, m.ID, required(m))
	pass := []byte("twelve grey herons walk by")
	offer := func(n int) string {
		t.Helper()
		token, err := j.d.OfferPackage(ctx, access.Local(), id, desk.OfferWish{Passphrase: pass, Downloads: n, Until: "2027-03-10"}, paper.PrintReferral)
		must(t, err)
		return token
	}
	fetch := func(token string) ([]byte, error) {
		r, err := j.d.FetchPackage(ctx, token)
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(r)
		must(t, err)
		return b, r.Close()
	}
	token := offer(2)
	before := len(lines(t, j.d))
	for range 2 {
		b, err := fetch(token)
		must(t, err)
		plain, err := seal.OpenEither(bytes.NewReader(b), func() ([]byte, error) { return pass, nil })
		must(t, err)
		if all, err := io.ReadAll(plain); err != nil || !bytes.HasPrefix(all, []byte("PK")) {
			t.Errorf("%v %.10q", err, all)
		}
	}
	_, gone := fetch(token)
	wantFault(t, gone, fault.NotFound)
	if n := len(lines(t, j.d)) - before; n != 3 { // two downloads and the end
		t.Errorf("%d lines in the ledger, want 3", n)
	}
	f := j.file(t, id)
	if len(f.Offers) != 0 || f.Disclosures[0].ID == "" {
		t.Errorf("%d offers are still here", len(f.Offers))
	}
	if rows, err := j.d.Disclosures(ctx, access.Local(), desk.DisclosureQuery{}); err != nil || !slices.ContainsFunc(rows, func(r desk.DisclosureRow) bool { return r.Body.Downloads == 2 }) {
		t.Errorf("the ledger forgot the downloads of an offer that is over: %v", err)
	}
	expired := offer(1)
	*j.now = j.now.AddDate(0, 0, 12)
	_, err := fetch(expired)
	wantFault(t, err, fault.NotFound)
	if n, err := j.d.SweepPackages(ctx); err != nil || n != 1 {
		t.Errorf("swept %d %v", n, err)
	}
	_, none := fetch(strings.Repeat("a", 32))
	if none == nil || err.Error() != none.Error() || gone.Error() != none.Error() {
		t.Error("an answer tells an expired link from none")
	}
	storetest.WantUnseen(t, dir, "referral", token, expired)
}

func TestARecallDeletesWhatIsOfferedAndRevokes(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	id, _ := j.released(t, m.ID, required(m))
	token, err := j.d.OfferPackage(ctx, access.Local(), id, desk.OfferWish{Passphrase: []byte("twelve grey herons walk by"), Downloads: 3, Until: "2027-03-10"}, paper.PrintReferral)
	must(t, err)
	wantFault(t, j.d.RecallReferral(ctx, access.Local(), id, ""), fault.Invalid)
	must(t, j.d.RecallReferral(ctx, access.Local(), id, "sent in error"))
	f := j.file(t, id)
	if f.State != referral.StateRecalled || f.Disclosures[0].Body.Revoked != "2027-03-01" || len(f.Offers) > 0 {
		t.Errorf("%s %+v", f.State, f.Disclosures[0].Body)
	}
	_, err = j.d.FetchPackage(ctx, token)
	wantFault(t, err, fault.NotFound)
	rows, err := j.d.Disclosures(ctx, access.Local(), desk.DisclosureQuery{Person: j.who, Revoked: true})
	if err != nil || len(rows) != 1 || rows[0].Revocable {
		t.Errorf("%+v %v", rows, err)
	}
	_, err = j.d.OfferPackage(ctx, access.Local(), id, desk.OfferWish{Passphrase: []byte("twelve grey herons walk by"), Downloads: 3, Until: "2027-03-10"}, paper.PrintReferral)
	wantFault(t, err, fault.Refused)
}

// A withdrawn consent stops a link that was given before.
func TestALinkStopsWithTheConsent(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	id, _ := j.released(t, m.ID, required(m))
	token, err := j.d.OfferPackage(ctx, access.Local(), id, desk.OfferWish{Passphrase: []byte("twelve grey herons walk by"), Downloads: 3, Until: "2027-03-10"}, paper.PrintReferral)
	must(t, err)
	must(t, j.d.ReviewRisk(ctx, access.Local(), j.who, consent.Review{Purpose: m.Purpose, May: false, Why: "they threaten the family"}))
	_, err = j.d.FetchPackage(ctx, token)
	wantFault(t, err, fault.NotFound)
}
