package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/fault"
	"ward/id"
	"ward/person"
	"ward/referral"
	"ward/store"
	"ward/vocab"
)

// NewReferral is what somebody proposes.
type NewReferral struct {
	referral.Proposed
}

// ReferralQuery is what somebody asks of the register; blank fields ask for everything.
type ReferralQuery struct {
	State, Mechanism, Country string
	Case, Person              string
	Overdue                   bool
}

// ReferralRow is a referral in a list (T2: it tells nothing of the person).
type ReferralRow struct {
	ID, Mechanism, State, Case, Country string
	Due                                 string
	Late, Mine                          bool // Mine: whoever asks is on its case
}

// Candidate is a field that may be ticked, with the value there is for it.
type Candidate struct {
	referral.Field
	Value string // "" it is to be typed
	Fixed bool   // it cannot be typed over
}

// Attachable is a file that may go along.
type Attachable struct {
	Entry, Name, Type string
	Bytes             int64
}

// ReferralFile is one referral with what its pages need.
type ReferralFile struct {
	referral.Referral
	Mechanism  referral.Mechanism // in full
	Candidates []Candidate        // none for who only approves
	Files      []Attachable
	Ticked     []string          // of the package as it stands, of the last consent check, or carried over
	Typed      map[string]string // values typed for the package as it stands
	Verdict    consent.Verdict   // on the ticked fields, now
	Needless   bool              // nothing ticked speaks of a person: no consent is asked
	Suggested  []referral.Mandate
	Stale      bool // the look at reprisals is older than it may be
	Could      int  // people here who could approve
	MayApprove bool // whoever asks could approve the package as it stands
	Works      bool // whoever asks is on the case
	Late       bool
}

// ProposeReferral puts a proposal on record, ties it to its case and returns the referral's id.
func (d *Desk) ProposeReferral(ctx context.Context, who access.Actor, n NewReferral) (number string, err error) {
	if err := who.May(access.PrepareReferrals); err != nil {
		return "", err
	}
	if err := n.Check(); err != nil {
		return "", err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		c, err := d.onCase(ctx, tx, who, access.PrepareReferrals, n.Case)
		if err != nil {
			return err
		}
		number, err = d.propose(ctx, tx, who, c, n.Proposed)
		return err
	})
	return number, err
}

// propose puts a proposal on a case on record; whoever calls has asked whether it may be done.
func (d *Desk) propose(ctx context.Context, tx *store.Tx, who access.Actor, c casework.Case, p referral.Proposed) (string, error) {
	p.Country = cmp.Or(p.Country, c.Country)
	switch {
	case c.Drill:
		return "", fault.New(fault.Refused, "nothing of an exercise is referred").Keeping("nothing was written").Do("end the exercise here: write what would be sent as a note")
	case p.Country != "" && !slices.Contains(vocab.Countries(), p.Country) && !vocab.Invented(p.Country):
		return "", fault.New(fault.Invalid, "%.40q is no country", p.Country).Keeping("nothing was written")
	case p.Person != "" && !slices.Contains(c.Persons(), p.Person):
		return "", fault.New(fault.Refused, "the case is not about this person").Keeping("nothing was written").Do("link the person to the case first")
	}
	if err := who.MayOn(access.PrepareReferrals, given(p.Person, p.Country)...); err != nil {
		return "", err
	}
	if err := d.onlyInvented(p.Country); err != nil {
		return "", err
	}
	for _, i := range p.Incidents {
		if _, err := seen(ctx, tx, who, i); err != nil {
			return "", err
		}
	}
	number := id.New(tx.Now())
	if _, err := addReferral(ctx, tx, number, referral.KindProposed, p); err != nil {
		return "", err
	}
	return number, addCase(ctx, tx, c.ID, casework.KindLink, casework.Link{To: number, Kind: casework.LinkReferral, Relation: "related"})
}

// Referrals lists the register: what is overdue first, then the newest. Whose they are is not said.
func (d *Desk) Referrals(ctx context.Context, who access.Actor, q ReferralQuery) (out []ReferralRow, err error) {
	act := access.PrepareReferrals
	if !who.Can(act) {
		act = access.ApproveReferrals
	}
	if err := d.read(ctx, who, act, access.Page, "referrals"); err != nil {
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
			row := d.referralRow(r, on[r.Case])
			if q.asksFor(r, row) && (r.Country == "" || who.Sees(r.Country)) {
				out = append(out, row)
			}
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b ReferralRow) int {
		if a.Late != b.Late {
			return first(a.Late)
		}
		return strings.Compare(b.ID, a.ID)
	})
	return out, err
}

func (d *Desk) referralRow(r referral.Referral, mine bool) ReferralRow {
	return ReferralRow{ID: r.ID, Mechanism: r.Mechanism, State: r.State, Case: r.Case, Country: r.Country, Due: r.Due, Late: r.Late(d.Today()), Mine: mine}
}

// asksFor: by person only who is on the case is answered, so that nobody asks the list of whom it speaks.
func (q ReferralQuery) asksFor(r referral.Referral, row ReferralRow) bool {
	return (q.State == "" || q.State == r.State) && (q.Mechanism == "" || q.Mechanism == r.Mechanism) && (q.Country == "" || q.Country == r.Country) &&
		(q.Case == "" || q.Case == r.Case) && (q.Person == "" || q.Person == r.Person && row.Mine) && (!q.Overdue || row.Late)
}

// Referral is one of the register: all of it for whoever is on its case; what is to leave, for who approves it.
func (d *Desk) Referral(ctx context.Context, who access.Actor, id string) (f ReferralFile, err error) {
	act := access.PrepareReferrals
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, act, id)
		f.Works = err == nil
		if !f.Works && who.Can(access.ApproveReferrals) {
			act = access.ApproveReferrals
			r, c, err = d.toApprove(ctx, tx, who, id)
		}
		if err != nil {
			return err
		}
		return d.fillReferral(ctx, tx, who, &f, r, c)
	})
	if err != nil {
		return ReferralFile{}, err
	}
	return f, d.read(ctx, who, act, access.Page, id)
}

// fillReferral reads what stands beside the fold.
func (d *Desk) fillReferral(ctx context.Context, tx *store.Tx, who access.Actor, f *ReferralFile, r referral.Referral, c casework.Case) (err error) {
	f.Referral, f.Stale, f.Late = r, r.Stale(d.Today()), r.Late(d.Today())
	f.Mechanism, _ = referral.MechanismOf(r.Mechanism)
	f.Ticked = tickedOf(r)
	if r.Built != nil {
		f.Typed = r.Built.Body.Typed
	}
	if f.Could, err = d.approvers(ctx, tx, r); err != nil {
		return err
	}
	f.MayApprove = r.State == referral.StateBuilt && !r.ApprovedBy(who.Name) && who.MayOn(access.ApproveReferrals, aboutReferral(r)...) == nil
	j, err := d.judge(ctx, tx, r, c, f.Ticked)
	f.Verdict, f.Needless = consent.Verdict{May: j.May, Alone: j.Alone, Rests: j.Rests, Lacks: j.Lacks}, j.Needless
	if err != nil || !f.Works {
		f.cover()
		return err
	}
	g, err := d.offer(ctx, tx, who, r, c)
	f.Candidates, f.Files, f.Suggested = g.candidates(f.Mechanism), attachables(c), referral.MandatesFor(g.codes)
	return err
}

// cover leaves to who only approves the package, its approvals and its way, and nothing of the case.
func (f *ReferralFile) cover() {
	if f.Works {
		return
	}
	f.Typed, f.Replies, f.Offers, f.Receipt, f.Why = nil, nil, nil, nil, ""
	f.Steps = slices.Clone(f.Steps)
	for i := range f.Steps {
		s := &f.Steps[i].Body
		if s.Reply, s.Receipt = nil, nil; s.To != referral.StateApproved {
			s.Why = ""
		}
	}
}

// tickedOf are the fields last ticked: of the package as it stands, of the last consent check, or those carried over.
func tickedOf(r referral.Referral) []string {
	switch {
	case r.Built != nil:
		return r.Built.Body.Ticked
	case r.Consent != nil:
		return r.Consent.Body.Ticked
	}
	return r.Proposed.Ticked
}

// step takes a step of a referral that make completes, in one transaction.
func (d *Desk) step(ctx context.Context, who access.Actor, act access.Act, id string, make func(*store.Tx, referral.Referral, casework.Case) (referral.Step, error)) error {
	if err := who.May(act); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, act, id)
		if err != nil {
			return err
		}
		s, err := make(tx, r, c)
		if err != nil {
			return err
		}
		if err := r.Check(s, d.Today()); err != nil {
			return err
		}
		_, err = addReferral(ctx, tx, id, referral.KindStep, s)
		return err
	})
}

// CheckReprisal puts on record who could be harmed by a referral, and whether it may go on. One that says no stops it.
func (d *Desk) CheckReprisal(ctx context.Context, who access.Actor, id string, look referral.Reprisal) error {
	return d.step(ctx, who, access.PrepareReferrals, id, func(*store.Tx, referral.Referral, casework.Case) (referral.Step, error) {
		return referral.Step{To: referral.StateReprisal, Reprisal: &look}, look.Check()
	})
}

// CheckReferralConsent asks whether what is to be ticked may rest on the consent there is, and puts the answer on record. What was built or
// approved before is void.
func (d *Desk) CheckReferralConsent(ctx context.Context, who access.Actor, id string, ticked []string) (j referral.Judged, err error) {
	err = d.step(ctx, who, access.PrepareReferrals, id, func(tx *store.Tx, r referral.Referral, c casework.Case) (s referral.Step, err error) {
		if err := d.freshReprisal(r); err != nil {
			return s, err
		}
		if err := knownFields(r.Mechanism, ticked); err != nil {
			return s, err
		}
		j, err = d.judge(ctx, tx, r, c, ticked)
		return referral.Step{To: referral.StateConsent, Consent: &j}, err
	})
	return j, err
}

func (d *Desk) freshReprisal(r referral.Referral) error {
	if !r.Stale(d.Today()) {
		return nil
	}
	return fault.New(fault.Refused, "nobody looked in the last %d days whether somebody could be harmed by this", referral.ReprisalDays).
		Keeping("the referral stays as it is").Do("make the look at reprisals first")
}

func knownFields(mechanism string, ticked []string) error {
	m, _ := referral.MechanismOf(mechanism)
	for _, key := range ticked {
		if _, ok := m.Field(key); !ok {
			return fault.New(fault.Invalid, "%.40q is no field of this mechanism", key).Keeping("nothing was written").Do("tick fields of its list")
		}
	}
	return nil
}

// judge asks whether fields may leave to a referral's mechanism on the consent there is now. Where nobody is named, what happened and where may
// leave without: it speaks of a place, and a text is held to name nobody.
func (d *Desk) judge(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case, ticked []string) (j referral.Judged, err error) {
	m, _ := referral.MechanismOf(r.Mechanism)
	j = referral.Judged{Purpose: m.Purpose, Recipient: m.ID, Classes: m.Classes(ticked), Ticked: ticked}
	if r.Person == "" {
		of := slices.DeleteFunc(slices.Clone(j.Classes), func(class string) bool { return class == "events" || class == "place" })
		j.Needless = len(of) == 0 && m.Consent != referral.ConsentRequired
		if j.May = j.Needless; !j.May {
			j.Lacks = "consent"
		}
		return j, nil
	}
	if len(j.Classes) == 0 && m.Consent != referral.ConsentRequired {
		j.Needless, j.May = true, true
		return j, nil
	}
	v, err := d.verdictOn(ctx, tx, r.Person, c, consent.Need{Purpose: m.Purpose, Recipient: m.ID, Classes: j.Classes})
	if j.May, j.Alone, j.Rests, j.Lacks = v.May, v.Alone, v.Rests, v.Lacks; v.May {
		j.Until = v.Until.String()
	}
	return j, err
}

// verdictOn judges a need of one person; the detention file of the case that asks counts beside what is known of them.
func (d *Desk) verdictOn(ctx context.Context, tx *store.Tx, personID string, c casework.Case, need consent.Need) (v consent.Verdict, err error) {
	p, err := person.Load(ctx, tx, personID)
	if err != nil {
		return v, err
	}
	said, err := consentsOf(ctx, tx, personID)
	if err != nil {
		return v, err
	}
	now, err := d.circumstances(ctx, tx, p)
	now.Held = now.Held || c.Held()
	return said.Judge(need, now, d.Today()), err
}

// consented is nil where the fields of a package may leave now.
func consented(j referral.Judged) error {
	if j.May {
		return nil
	}
	return fault.New(fault.Refused, "the consent there is does not carry this (%s)", j.Lacks).Keeping("nothing left").
		Do("ask the person, or tick less, and check the consent anew")
}

// MoveReferral takes a step that needs no more than its own words: acknowledged, awaiting_reply, no_reply, graded, follow_up, closed, withdrawn.
func (d *Desk) MoveReferral(ctx context.Context, who access.Actor, id string, s referral.Step) error {
	plain := []string{referral.StateAcknowledged, referral.StateAwaiting, referral.StateNoReply, referral.StateGraded, referral.StateFollowUp, referral.StateClosed, referral.StateWithdrawn}
	if !slices.Contains(plain, s.To) {
		return fault.New(fault.Invalid, "%.40q is no step that is taken so", s.To).Keeping("the referral stays as it is")
	}
	return d.step(ctx, who, access.PrepareReferrals, id, func(_ *store.Tx, r referral.Referral, _ casework.Case) (referral.Step, error) {
		return d.plainStep(r, s), nil
	})
}

// plainStep keeps of a step what its state takes, and counts the day by which a reply is asked from the receipt where the mechanism does.
func (d *Desk) plainStep(r referral.Referral, s referral.Step) referral.Step {
	out := referral.Step{To: s.To, Why: strings.TrimSpace(s.Why)}
	m, _ := referral.MechanismOf(r.Mechanism)
	switch s.To {
	case referral.StateAcknowledged:
		if out.Receipt = s.Receipt; s.Receipt != nil && m.From == "acknowledged" {
			out.Due = cmp.Or(s.Due, dueAfter(m, s.Receipt.Day))
		}
	case referral.StateAwaiting:
		out.Due = cmp.Or(s.Due, r.Due)
	case referral.StateGraded:
		out.Grade = s.Grade
	}
	return out
}

// ReferralReply keeps what a mechanism answered. It is shown beside what is found and changes none of it (design 10.3).
func (d *Desk) ReferralReply(ctx context.Context, who access.Actor, id string, reply referral.Reply) error {
	return d.step(ctx, who, access.PrepareReferrals, id, func(*store.Tx, referral.Referral, casework.Case) (referral.Step, error) {
		return referral.Step{To: referral.StateReplied, Reply: &reply}, nil
	})
}

// EscalateReferral proposes the next mechanism after one that stayed unanswered, with what was ticked carried over as far as it has the fields.
func (d *Desk) EscalateReferral(ctx context.Context, who access.Actor, from, mechanism, why string) (number string, err error) {
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, access.PrepareReferrals, from)
		if err != nil {
			return err
		}
		p, err := r.Escalated(mechanism, why)
		if err != nil {
			return err
		}
		number, err = d.propose(ctx, tx, who, c, p)
		return err
	})
	return number, err
}
