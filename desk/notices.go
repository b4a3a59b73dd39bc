package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/store"
)

// Kinds of notices.
const (
	NoticeDanger      = "danger"      // somebody is in danger and was not answered
	NoticeTriage      = "triage"      // a report was not read
	NoticeInfo        = "info"        // an answer to a question of ours did not come
	NoticeSnooze      = "snooze"      // a snooze is over
	NoticeAssigned    = "assigned"    // a colleague gave one a report
	NoticeOpinion     = "opinion"     // an incident waits for one's opinion; whose is not said, and not what was found
	NoticeUnsettled   = "unsettled"   // one has spoken, others too, and it is not settled
	NoticeReply       = "reply"       // a State's sixty days to reply
	NoticeCommitment  = "commitment"  // a commitment is to be looked at again
	NoticeStatement   = "statement"   // a reply to a statement was hoped for
	NoticeRecovery    = "recovery"    // a recovery code of one's own account was used
	NoticeJoined      = "joined"      // an invitation was used
	NoticeLocked      = "locked"      // a colleague's travel lock can be lifted
	NoticeCaseTask    = "case_task"   // a task of a case is due, or was given to one
	NoticeCaseClock   = "case_clock"  // something else on a case is due
	NoticeCaseJoined  = "case_joined" // somebody joined a case that one leads
	NoticeHearing     = "hearing"
	NoticeHearingPast = "hearing_unrecorded" // a hearing passed, and nobody wrote what came of it
	NoticeAccess      = "access"             // an investigator's access waits for one's word
	NoticeBackup      = "backup"             // the newest backup is older than its rhythm
)

// Notice says that something waits for somebody. It names what by an id or code, and tells nothing of it.
type Notice struct {
	Kind     string
	Subject  string    // an id, a code or a colleague's name
	Path     []string  // parts of the address of the page on which it is dealt with, below the language
	Due      time.Time // UTC; zero where no clock runs
	WholeDay bool      // it is due by the end of a day: Due is the beginning of the next
	Late     bool
	Read     bool // whoever is told has seen it
}

// key tells a notice from others of the same person. One that became late is another.
func (n Notice) key() string {
	late := ""
	if n.Late {
		late = "late"
	}
	return strings.Join([]string{n.Kind, n.Subject, n.Due.Format(time.RFC3339), late}, "|")
}

// call is a notice before it is known who is told.
type call struct {
	Notice
	act    access.Act // who may do it is told
	to     string     // of them only this one; "" = all
	not    []string   // those who have done their part
	about  []string   // States and ids: a scope or a conflict of interest with one keeps it away
	states []string   // of them, the States
	from   time.Time  // when it begins to be told; its clock stands in a calendar before
	until  time.Time  // from when on it is told no more; zero is never
}

// calls reports that somebody is to be told.
func (c call) calls(who access.Actor) bool {
	return who.Can(c.act) && (c.to == "" || c.to == who.Name) && !slices.Contains(c.not, who.Name) &&
		(len(c.states) == 0 || who.Sees(c.states...)) && who.MayOn(c.act, c.about...) == nil
}

// noticesOf are the calls for somebody at a time: what is late first, then what is due first, then what has no clock.
func noticesOf(all []call, who access.Actor, now time.Time) (out []Notice) {
	for _, c := range all {
		if c.calls(who) && !now.Before(c.from) && (c.until.IsZero() || now.Before(c.until)) {
			n := c.Notice
			n.Late = n.Late || !n.Due.IsZero() && !now.Before(n.Due)
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b Notice) int {
		if a.Late != b.Late {
			return first(a.Late)
		}
		if a.Due.IsZero() != b.Due.IsZero() {
			return first(!a.Due.IsZero())
		}
		return a.Due.Compare(b.Due)
	})
	return out
}

// first is how what is first compares.
func first(is bool) int {
	if is {
		return -1
	}
	return 1
}

// Notices lists what waits for somebody.
func (d *Desk) Notices(ctx context.Context, who access.Actor) ([]Notice, error) {
	if err := d.read(ctx, who, access.OwnAccount, access.Page, "notices"); err != nil {
		return nil, err
	}
	return d.notices(ctx, who)
}

// UnreadNotices counts what waits for somebody and was not marked as read.
func (d *Desk) UnreadNotices(ctx context.Context, who access.Actor) (n int, err error) {
	if err := who.May(access.OwnAccount); err != nil {
		return 0, err
	}
	list, err := d.notices(ctx, who)
	for _, one := range list {
		if !one.Read {
			n++
		}
	}
	return n, err
}

func (d *Desk) notices(ctx context.Context, who access.Actor) ([]Notice, error) {
	all, err := d.calls(ctx)
	if err != nil {
		return nil, err
	}
	list := noticesOf(all, who, d.db.Now())
	return list, d.db.Read(ctx, func(tx *store.Tx) error {
		read, err := readMarks(ctx, tx, who)
		for i := range list {
			list[i].Read = slices.Contains(read, list[i].key())
		}
		return err
	})
}

// What passingRead keeps: which notices somebody marked as read. It is no part of the record.
const (
	passingRead = "notices read"
	readLasts   = 180 * 24 * time.Hour
)

// markOwner is under what somebody's marks are kept.
func markOwner(who access.Actor) string {
	if who.Account == "" {
		return "operator"
	}
	return who.Account
}

func readMarks(ctx context.Context, tx *store.Tx, who access.Actor) (read []string, err error) {
	kept, ok, err := tx.Passing(ctx, passingRead, markOwner(who))
	if err != nil || !ok {
		return nil, err
	}
	return read, json.Unmarshal(kept.Body, &read)
}

// MarkNotices marks all that waits for somebody now as read. What is not there any more is forgotten.
func (d *Desk) MarkNotices(ctx context.Context, who access.Actor) error {
	if err := who.May(access.OwnAccount); err != nil {
		return err
	}
	all, err := d.calls(ctx)
	if err != nil {
		return err
	}
	keys := []string{}
	for _, n := range noticesOf(all, who, d.db.Now()) {
		keys = append(keys, n.key())
	}
	body, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: passingRead, Key: markOwner(who), Owner: markOwner(who), Body: body, Until: tx.Now().Add(readLasts)})
	})
}
