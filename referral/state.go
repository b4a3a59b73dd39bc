package referral

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ward/entry"
	"ward/fault"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// States of a referral (standards 10.4). Each says what was done last.
const (
	StateProposed     = "proposed"
	StateReprisal     = "reprisal_check"
	StateConsent      = "consent_check"
	StateBuilt        = "package_built"
	StateApproved     = "approved"
	StateSent         = "sent"
	StateAcknowledged = "acknowledged"
	StateAwaiting     = "awaiting_reply"
	StateReplied      = "replied"
	StateNoReply      = "no_reply"
	StateGraded       = "graded"
	StateFollowUp     = "follow_up"
	StateClosed       = "closed"
	StateRecalled     = "recalled"
	StateWithdrawn    = "withdrawn"
)

// States are all, in the order of a list.
func States() []string {
	return []string{StateProposed, StateReprisal, StateConsent, StateBuilt, StateApproved, StateSent, StateAcknowledged, StateAwaiting,
		StateReplied, StateNoReply, StateGraded, StateFollowUp, StateClosed, StateRecalled, StateWithdrawn}
}

// Approvers is how many people let a package leave.
const Approvers = 2

// ReprisalDays is how many days a look at reprisals stands.
const ReprisalDays = 30

// Next are the states to which somebody may bring the referral.
func (r Referral) Next() (out []string) {
	for _, m := range data().moves {
		if m.From == r.State && !slices.Contains(out, m.To) {
			out = append(out, m.To)
		}
	}
	return out
}

// Left reports that something left the house.
func (r Referral) Left() bool { return r.Sent != nil }

// Over reports that nothing more is to be done.
func (r Referral) Over() bool {
	return r.State == StateClosed || r.State == StateRecalled || r.State == StateWithdrawn
}

// Awaits reports that something is awaited from the mechanism.
func (r Referral) Awaits() bool {
	return r.State == StateSent || r.State == StateAcknowledged || r.State == StateAwaiting
}

// Late reports that a reply was awaited by a day before today.
func (r Referral) Late(today when.Day) bool {
	return r.Awaits() && r.Due != "" && r.Due < today.String()
}

// Stale reports that the look at reprisals is older than it may be on a day, or that there is none.
func (r Referral) Stale(today when.Day) bool {
	return r.Reprisal == nil || !r.Reprisal.Body.Go || today > when.DayOf(r.Reprisal.At)+ReprisalDays
}

// Fold puts a referral together; false where nobody proposed it.
func Fold(id string, e Entries) (r Referral, ok bool) {
	if len(e.Proposed) == 0 {
		return r, false
	}
	first := e.Proposed[0]
	r = Referral{ID: id, State: StateProposed, Proposed: first.Body, By: first.By, Begun: first.At, Steps: e.Steps, Disclosures: slices.Clone(e.Disclosures)}
	r.builds = slices.Clone(e.Packages)
	for _, s := range e.Steps {
		r.take(s)
	}
	ended := map[string]entry.Entry[End]{}
	for _, end := range e.Ends {
		ended[end.Body.Of] = end
	}
	for i, d := range r.Disclosures {
		if end, is := ended[d.ID]; is {
			r.Disclosures[i].Body.Revoked, r.Disclosures[i].Body.Why = end.At.Format(time.DateOnly), end.Body.Why
		}
	}
	taken := map[string]int{}
	r.fetched = map[string]int{}
	for _, t := range e.Taken {
		taken[t.Body.Offer]++
		r.fetched[t.Body.Disclosure]++
	}
	for _, o := range e.Offers {
		r.Offers = append(r.Offers, Offering{Entry: o, Taken: taken[o.ID], Ended: ended[o.ID].Body.Why})
	}
	return r, true
}

// take folds one step.
func (r *Referral) take(s entry.Entry[Step]) {
	switch s.Body.To {
	case StateReprisal:
		r.reprisal(s)
		return
	case StateConsent:
		r.consent(s)
		return
	case StateBuilt:
		r.built(s)
		return
	case StateApproved:
		r.approved(s)
		return
	case StateSent:
		r.Sent = part(s, s.Body.Sent)
	case StateAcknowledged:
		r.Receipt = part(s, s.Body.Receipt)
	case StateReplied:
		if reply := part(s, s.Body.Reply); reply != nil {
			r.Replies = append(r.Replies, *reply)
		}
	case StateGraded:
		r.Grade = s.Body.Grade
	}
	if s.Body.Due != "" {
		r.Due = s.Body.Due
	}
	r.State = s.Body.To
}

// part is the part of a step as an entry of its own.
func part[T any](s entry.Entry[Step], body *T) *entry.Entry[T] {
	if body == nil {
		return nil
	}
	return &entry.Entry[T]{ID: s.ID, Kind: s.Kind, Subject: s.Subject, By: s.By, At: s.At, Body: *body}
}

// reprisal: a look that says go lets a proposal go on and renews what is under way; one that says no stops all of it.
func (r *Referral) reprisal(s entry.Entry[Step]) {
	r.Reprisal = part(s, s.Body.Reprisal)
	switch {
	case r.Reprisal == nil || !r.Reprisal.Body.Go:
		r.State, r.Approvals, r.Alone = StateProposed, nil, false
	case r.State == StateProposed:
		r.State = StateReprisal
	}
}

// consent: one that carries what is ticked lets the package be built, and voids what was built before.
func (r *Referral) consent(s entry.Entry[Step]) {
	r.Consent = part(s, s.Body.Consent)
	r.Approvals, r.Alone, r.Built = nil, false, nil
	r.State = StateReprisal
	if r.Consent != nil && r.Consent.Body.May {
		r.State = StateConsent
	}
}

// built: a package stands in the place of the one before, and nobody has approved it.
func (r *Referral) built(s entry.Entry[Step]) {
	r.Approvals, r.Alone, r.Built = nil, false, nil
	for i := range r.builds {
		if r.builds[i].Body.Digest == s.Body.Digest {
			r.Built = &r.builds[i]
		}
	}
	if r.Built != nil {
		r.State = StateBuilt
	}
}

// approved: two different people, of the package as it stands; one where it is said that there is but one.
func (r *Referral) approved(s entry.Entry[Step]) {
	if r.State != StateBuilt || r.Built == nil || s.Body.Digest != r.Built.Body.Digest || r.ApprovedBy(s.By) {
		return
	}
	r.Approvals = append(r.Approvals, s)
	r.Alone = s.Body.Alone && len(r.Approvals) < Approvers
	if r.Alone || len(r.Approvals) >= Approvers {
		r.State = StateApproved
	}
}

// ApprovedBy reports that somebody, under whatever spelling of one name, approved the package as it stands.
func (r Referral) ApprovedBy(name string) bool {
	return slices.ContainsFunc(r.Approvals, func(a entry.Entry[Step]) bool { return text.Key(a.By) == text.Key(name) })
}

// Bounds of what a referral holds.
const (
	maxLine = 500
	maxText = 20_000
	maxList = 200
)

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

// Check is nil where a proposal can stand.
func (p Proposed) Check() error {
	m, ok := MechanismOf(p.Mechanism)
	switch {
	case !ok:
		return invalid("there is no mechanism %.40q", p.Mechanism).Do("take one of the list")
	case p.Case == "":
		return invalid("a referral belongs to a case").Do("begin it on the page of its case")
	case m.Consent == ConsentRequired && p.Person == "":
		return invalid("this mechanism acts for a person, and none is named").Do("link the person to the case first")
	case len(m.Langs) > 0 && !slices.Contains(m.Langs, p.Lang) || p.Lang == "" || len(p.Lang) > 12:
		return invalid("the mechanism does not take this language").Do("choose one of its own: %s", strings.Join(m.Langs, ", "))
	case strings.TrimSpace(p.Why) == "":
		return invalid("it is not said what the referral is for").Do("say it in a sentence")
	case long(p.Why, maxText) || long(p.To, maxLine) || len(p.Incidents) > maxList || len(p.Ticked) > maxList || len(p.Mandates) > maxList:
		return invalid("this is longer than a referral holds").Do("say it shorter")
	}
	for _, id := range p.Mandates {
		if !slices.ContainsFunc(data().mandates, func(d Mandate) bool { return d.ID == id }) {
			return invalid("there is no mandate %.40q", id).Do("take those of the list")
		}
	}
	return nil
}

// Check is nil where a look at reprisals can stand.
func (p Reprisal) Check() error {
	switch {
	case strings.TrimSpace(p.Who) == "" || strings.TrimSpace(p.How) == "":
		return invalid("it is not said who could be harmed, and how").Do(`say it; "nobody, because ..." is an answer too`)
	case p.Go && strings.TrimSpace(p.Mitigation) == "":
		return invalid("it may go on, and it is not said what is done against the harm").Do("say what is done, or why nothing is needed")
	case long(p.Who, maxText) || long(p.How, maxText) || long(p.Mitigation, maxText):
		return invalid("this is longer than a look at reprisals holds").Do("say it shorter")
	}
	return nil
}

func long(s string, most int) bool { return utf8.RuneCountInString(s) > most }

// May is nil where the data allow a step from the state as it is.
func (r Referral) May(to string) error {
	if slices.Contains(r.Next(), to) || to == StateReprisal && r.renewable() {
		return nil
	}
	return fault.New(fault.Refused, "a referral that is %s cannot become %s", r.State, to).Keeping("the referral stays as it is").
		Do("take one of the steps that its page offers")
}

// renewable: the look at reprisals is made anew at any time before something leaves.
func (r Referral) renewable() bool { return !r.Left() && !r.Over() }

// Check is nil where a step can be taken as it is said. What needs other people, the consent or the package is asked by whoever takes it.
func (r Referral) Check(s Step, today when.Day) error {
	if err := r.May(s.To); err != nil {
		return err
	}
	if long(s.Why, maxText) {
		return invalid("this is longer than a step holds").Do("say it shorter")
	}
	switch s.To {
	case StateReplied:
		return s.Reply.check(today)
	case StateAcknowledged:
		return s.Receipt.check(today)
	case StateAwaiting:
		return dayAhead(s.Due)
	case StateNoReply:
		if r.Due == "" || r.Due >= today.String() {
			return fault.New(fault.Refused, "the day by which a reply is awaited is not over").Keeping("the referral stays as it is").Do("wait, or say the day anew")
		}
	case StateGraded:
		if !vocab.Has("grade", s.Grade) {
			return invalid("%.20q is no grade", s.Grade).Do("take A, B, C, D, E or no_info")
		}
	case StateFollowUp, StateWithdrawn, StateRecalled:
		if strings.TrimSpace(s.Why) == "" {
			return invalid("it is not said why, or what is done").Do("say it in a sentence")
		}
	}
	return nil
}

func (p *Reply) check(today when.Day) error {
	switch {
	case p == nil || strings.TrimSpace(p.Text) == "":
		return invalid("a reply says something").Do("write what was answered")
	case !slices.Contains([]string{"mechanism", "state", "other"}, p.From):
		return invalid("it is not said who answered").Do("take the mechanism, the State or somebody else")
	case long(p.Text, maxText):
		return invalid("the reply is longer than %d characters", maxText).Do("sum it up, and keep its file with the case")
	}
	return dayPast(p.Day, today)
}

func (p *Receipt) check(today when.Day) error {
	if p == nil {
		return invalid("a receipt has a day").Do("say on which day they said that they have it")
	}
	if long(p.Reference, maxLine) || long(p.Note, maxText) {
		return invalid("this is longer than a receipt holds").Do("say it shorter")
	}
	return dayPast(p.Day, today)
}

func dayPast(day string, today when.Day) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return invalid("%.20q is no day", day).Do("write it as 2026-01-31")
	}
	if day > today.String() {
		return invalid("%s has not come yet", day).Do("say the day on which it came")
	}
	return nil
}

func dayAhead(day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return invalid("%.20q is no day", day).Do("write the day by which a reply is awaited as 2026-01-31")
	}
	return nil
}

// DueOn is the day by which a reply is asked of a mechanism, counted from a day; "" where it has no clock.
func (m Mechanism) DueOn(from when.Day) string {
	if m.Clock == 0 {
		return ""
	}
	return (from + when.Day(m.Clock)).String()
}

// Escalated is the proposal of the next mechanism after one that stayed unanswered, with what was ticked carried over as far as the next one
// knows the fields. It goes the whole way anew: looks, consent, approvals.
func (r Referral) Escalated(mechanism, why string) (Proposed, error) {
	now, _ := MechanismOf(r.Mechanism)
	next, ok := MechanismOf(mechanism)
	switch {
	case r.State != StateNoReply && r.State != StateGraded && r.State != StateFollowUp:
		return Proposed{}, fault.New(fault.Refused, "a referral that is %s is not escalated", r.State).Keeping("the referral stays as it is").
			Do("say first that no reply came, or how the reply is graded")
	case !ok || !slices.Contains(now.Next, mechanism):
		return Proposed{}, invalid("%.40q is not where this mechanism's silence leads", mechanism).Do("take one of %s", strings.Join(now.Next, ", "))
	}
	p := r.Proposed
	p.Mechanism, p.Why, p.After, p.To, p.Ticked = mechanism, why, r.ID, "", nil
	for _, key := range r.ticked() {
		if _, has := next.Field(key); has {
			p.Ticked = append(p.Ticked, key)
		}
	}
	if !next.Mandates {
		p.Mandates = nil
	}
	return p, p.Check()
}

// ticked are the fields of the package as it stands.
func (r Referral) ticked() []string {
	if r.Built == nil {
		return r.Proposed.Ticked
	}
	return r.Built.Body.Ticked
}

// Revoked reports that a disclosure of the referral was revoked.
func (r Referral) Revoked(disclosure string) bool {
	return slices.ContainsFunc(r.Disclosures, func(d entry.Entry[Disclosure]) bool { return d.ID == disclosure && d.Body.Revoked != "" })
}

// Fetched is how often what a disclosure let leave was fetched by a link, over or not.
func (r Referral) Fetched(disclosure string) int { return r.fetched[disclosure] }

// Expired reports that the recipient may use it no more.
func (d Disclosure) Expired(today string) bool { return d.Until != "" && d.Until < today }

// Stands reports that an offer can be fetched on a day.
func (o Offering) Stands(today when.Day) bool {
	return o.ID != "" && o.Ended == "" && o.Body.Until >= today.String() && o.Taken < o.Body.Downloads
}

// Over is why an offer is to be deleted; "" where it stands.
func (o Offering) Over(today when.Day, r Referral) string {
	switch {
	case o.Ended != "":
		return o.Ended
	case r.State == StateRecalled || r.Revoked(o.Body.Disclosure):
		return Recall
	case o.Taken >= o.Body.Downloads:
		return UsedUp
	case o.Body.Until < today.String():
		return Expired
	}
	return ""
}
