package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"ward/access"
	"ward/audit"
	"ward/casework"
	"ward/commitment"
	"ward/entry"
	"ward/evaluation"
	"ward/incident"
	"ward/intake"
	"ward/referral"
	"ward/staff"
	letter "ward/statement"
	"ward/store"
	"ward/when"
)

// How long before it is due something begins to be told.
const (
	tellReply      = 14 * 24 * time.Hour
	tellCommitment = 30 * 24 * time.Hour
	tellStatement  = 7 * 24 * time.Hour
	tellPast       = 14 * 24 * time.Hour // and how long after it happened what needs only to be known
)

// registerCalls are calls that rest on registers. Each part is read again only when the journal brought something for it, or the day is over.
type registerCalls struct {
	mu    sync.Mutex
	day   when.Day
	parts map[string]registerPart
}

type registerPart struct {
	at    int64 // journal number up to which it was read
	calls []call
}

// calls are all calls there are now, whoever is told.
func (d *Desk) calls(ctx context.Context) (out []call, err error) {
	b, err := d.board(ctx)
	if err != nil {
		return nil, err
	}
	now := d.db.Now()
	out = reportCalls(b.rows, now)
	d.told.mu.Lock()
	defer d.told.mu.Unlock()
	if today := when.DayOf(now); d.told.day != today || d.told.parts == nil {
		d.told.day, d.told.parts = today, map[string]registerPart{}
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		for _, source := range d.callSources() {
			part, err := d.told.follow(ctx, tx, source)
			if err != nil {
				return err
			}
			out = append(out, part...)
		}
		made, err := backupCall(ctx, tx)
		out = append(out, made...)
		return err
	})
	return out, err
}

// callSource is a register, how to see that it changed after a journal number, and how to read its calls.
type callSource struct {
	register string
	changed  func(ctx context.Context, tx *store.Tx, register string, after int64) (bool, error)
	load     func(ctx context.Context, tx *store.Tx) ([]call, error)
}

func (d *Desk) callSources() []callSource {
	return []callSource{
		{registerIncident, entry.Changed, opinionCalls},
		{"audit", func(ctx context.Context, tx *store.Tx, family string, after int64) (bool, error) {
			return tx.Did(ctx, family, after)
		}, replyCalls},
		{commitment.Register, entry.Changed, d.commitmentCalls},
		{letter.Register, entry.Changed, statementCalls},
		{staff.Register, entry.Changed, d.staffCalls},
		{casework.Register, entry.Changed, d.caseCalls},
		{referral.Register, referralsChanged, d.referralCalls},
		{evaluation.Register, evaluationsChanged, d.evaluationCalls},
		{staff.Register + ".access", staffChanged, d.accessCalls},
	}
}

// follow is the calls of a source, read anew where the journal says that they may be others.
func (r *registerCalls) follow(ctx context.Context, tx *store.Tx, s callSource) ([]call, error) {
	last, err := tx.Last(ctx)
	if err != nil {
		return nil, err
	}
	part, read := r.parts[s.register]
	stale := !read
	if read && part.at != last {
		if stale, err = s.changed(ctx, tx, s.register, part.at); err != nil {
			return nil, err
		}
	}
	if stale {
		if part.calls, err = s.load(ctx, tx); err != nil {
			return nil, err
		}
	}
	part.at = last
	r.parts[s.register] = part
	return part.calls, nil
}

// reportCalls says of each report the most urgent thing that waits. Who holds a report is told; all who may, where nobody does or a clock
// has run out.
func reportCalls(rows []*Waiting, now time.Time) (out []call) {
	for _, w := range rows {
		if w.Done() || w.Asleep(now) {
			continue
		}
		c := call{act: access.TriageReports, to: w.Holder, about: w.about(), states: given(w.Country, w.ActorState),
			Notice: Notice{Subject: w.ID, Path: []string{"reports", w.ID}}}
		clock, runs := w.Next()
		if runs {
			c.Due = clock.Due
		}
		if w.Late(now) {
			c.to = ""
		}
		switch {
		case runs && clock.Kind == intake.ClockDanger:
			c.Kind = NoticeDanger
		case runs && clock.Kind == intake.ClockInfo && w.Late(now):
			c.Kind = NoticeInfo
		case !w.SnoozedUntil.IsZero():
			c.Kind = NoticeSnooze
		case w.Holder != "" && givenTo(w):
			c.Kind = NoticeAssigned
		case runs:
			c.Kind = map[string]string{intake.ClockTriage: NoticeTriage, intake.ClockInfo: NoticeInfo}[clock.Kind]
			c.from = clock.Due.Add(-soon)
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// givenTo reports that a colleague, and not its holder, said who holds the report, and that the holder has not moved it since.
func givenTo(w *Waiting) bool {
	last, ok := w.Last()
	return ok && last.Body.Move == intake.Assign && last.Body.To == w.Holder && last.By != w.Holder
}

// given are the States that are named.
func given(codes ...string) []string {
	return slices.DeleteFunc(codes, func(s string) bool { return s == "" })
}

// opinionCalls tells who may give an opinion that one is awaited, and those who gave theirs that it is not settled. It reads who spoke, and
// nothing that anybody said.
func opinionCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	opinions, err := entry.All[incident.Opinion](ctx, tx, incident.KindOpinion)
	if err != nil {
		return nil, err
	}
	verdicts, err := entry.All[incident.Verdict](ctx, tx, incident.KindVerdict)
	if err != nil {
		return nil, err
	}
	asked, err := entry.All[incident.Asked](ctx, tx, incident.KindAsked)
	if err != nil {
		return nil, err
	}
	said, spoken := bySubject(opinions)
	ended, _ := bySubject(verdicts)
	wanted, requested := bySubject(asked)
	for _, subject := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(spoken, requested)))) {
		out = append(out, roundCalls(subject, said[subject], ended[subject], wanted[subject])...)
	}
	return out, nil
}

// roundCalls are the calls of one incident's open round.
func roundCalls(id string, opinions []entry.Entry[incident.Opinion], verdicts []entry.Entry[incident.Verdict], asked []entry.Entry[incident.Asked]) (out []call) {
	rounds := incident.Rounds(opinions, verdicts)
	open := rounds[len(rounds)-1]
	state := stateOfID(id)
	c := call{act: access.VerifyIncidents, about: []string{id, state}, states: given(state), Notice: Notice{Subject: id, Path: []string{"incidents", id, "verify"}}}
	var spoke []string
	for _, v := range open.Voices() {
		spoke = append(spoke, v.By)
	}
	if len(spoke) > 0 {
		c.Kind, c.not = NoticeOpinion, spoke
		out = append(out, c)
	}
	for _, name := range spoke {
		if c.Kind, c.to, c.not = NoticeUnsettled, name, nil; len(spoke) > 1 {
			out = append(out, c)
		}
	}
	for _, a := range asked {
		since := len(rounds) < 2 || a.At.After(rounds[len(rounds)-2].Verdict.At)
		if c.Kind, c.to, c.not = NoticeOpinion, a.Body.Whom, nil; since && len(spoke) == 0 {
			out = append(out, c)
		}
	}
	return out
}

func replyCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	list, err := audit.AwaitedReplies(ctx, tx)
	for _, a := range list {
		due := endOf(a.Due)
		out = append(out, call{act: access.AdjudicateAudit, about: []string{a.State}, states: []string{a.State}, from: due.Add(-tellReply),
			Notice: Notice{Kind: NoticeReply, Subject: a.State, Path: []string{"states", a.State}, Due: due, WholeDay: true}})
	}
	return out, err
}

func (d *Desk) commitmentCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	list, _, err := d.commitmentsOn(ctx, tx, 0)
	for _, c := range list {
		if due := endOf(c.Due); c.Standing() && !due.IsZero() {
			out = append(out, call{act: access.GradeCommitments, from: due.Add(-tellCommitment),
				Notice: Notice{Kind: NoticeCommitment, Subject: c.ID, Path: []string{"commitments", c.ID, c.Addressee}, Due: due, WholeDay: true}})
		}
	}
	return out, err
}

func statementCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	list, err := allStatements(ctx, tx)
	for _, s := range list {
		if due := endOf(s.Due); (s.State == letter.Issued || s.State == letter.Unanswered) && !due.IsZero() {
			out = append(out, call{act: access.WriteStatements, from: due.Add(-tellStatement),
				Notice: Notice{Kind: NoticeStatement, Subject: s.ID, Path: []string{"statements", s.ID}, Due: due, WholeDay: true}})
		}
	}
	return out, err
}

// staffCalls tells people what happened to their account, those who invited who came, and colleagues that a lock can be lifted.
func (d *Desk) staffCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	people, _, err := d.staff.follow(ctx, tx)
	recent := tx.Now().Add(-tellPast)
	for _, a := range people {
		for _, at := range a.UsedCodes {
			if at.After(recent) {
				out = append(out, call{act: access.OwnAccount, to: a.Name, Notice: Notice{Kind: NoticeRecovery, Subject: at.Format(time.DateOnly), Path: []string{"account"}}})
			}
		}
		if a.Invitation != "" && a.Made.After(recent) {
			out = append(out, call{act: access.ManagePeople, not: []string{a.Name}, Notice: Notice{Kind: NoticeJoined, Subject: a.Name, Path: []string{"people"}}})
		}
		if a.Standing == staff.TravelLocked {
			out = append(out, call{act: access.RestoreColleague, not: []string{a.Name}, Notice: Notice{Kind: NoticeLocked, Subject: a.Name, Path: []string{"people", "locked"}}})
		}
	}
	return out, err
}

// backupCall tells who looks after the workspace that the newest backup is older than it should be, or that there is none.
func backupCall(ctx context.Context, tx *store.Tx) ([]call, error) {
	newest, any, err := tx.NewestBackup(ctx)
	if err != nil {
		return nil, err
	}
	key, err := workspaceKey(ctx, tx)
	if err != nil {
		return nil, err
	}
	_, hourly, err := keptPlace(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	c := call{act: access.CheckUp, Notice: Notice{Kind: NoticeBackup}} // no page makes one
	if any {
		c.Due = newest.At.Add(oldestByHand)
		if hourly {
			c.Due = newest.At.Add(oldestHourly)
		}
		c.from = c.Due
	}
	return []call{c}, nil
}

// endOf is the end of a day in full, UTC; zero where there is none.
func endOf(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1)
}
