package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"ward/access"
	"ward/fault"
	"ward/staff"
	"ward/store"
)

// Times of a session.
const (
	sessionIdle  = 30 * time.Minute // without a request
	sessionLong  = 12 * time.Hour   // at most
	sessionTouch = time.Minute      // how exactly the last request is known

	// ProvedFor is how long a proof of who acts is fresh enough for dangerous acts.
	ProvedFor = 10 * time.Minute
)

const passingSession = "session"

// Ways by which a session began.
const (
	byPassphrase = "passphrase"
	byPasskey    = "passkey"
	byLink       = "link"
)

// Session is somebody's sign-in, from when it began until it ends. Its token is in the browser only; Key is what is kept of it.
type Session struct {
	Key    string
	Since  time.Time
	Seen   time.Time // last request, to the minute
	Proved time.Time // last time its holder proved who they are
	By     string
	until  time.Time // when it is gone if nothing is asked before
	owner  string
}

// Fresh reports that who acts was proved within minutes.
func (s Session) Fresh(now time.Time) bool { return now.Sub(s.Proved) < ProvedFor }

// sessionBody is a session as it is kept.
type sessionBody struct {
	Since  int64  `json:"since"`
	Proved int64  `json:"proved"`
	By     string `json:"by"`
}

func sessionOf(p store.Passing) (Session, error) {
	var b sessionBody
	err := json.Unmarshal(p.Body, &b)
	return Session{Key: p.Key, Since: time.UnixMicro(b.Since).UTC(), Seen: p.At, Proved: time.UnixMicro(b.Proved).UTC(), By: b.By, until: p.Until, owner: p.Owner}, err
}

// put keeps a session as seen now, for as long as it may stand.
func (s Session) put(ctx context.Context, tx *store.Tx) error {
	body, err := json.Marshal(sessionBody{s.Since.UnixMicro(), s.Proved.UnixMicro(), s.By})
	if err != nil {
		return err
	}
	until := tx.Now().Add(sessionIdle)
	if end := s.Since.Add(sessionLong); end.Before(until) {
		until = end
	}
	return tx.PutPassing(ctx, store.Passing{Kind: passingSession, Key: s.Key, Owner: s.owner, Body: body, Until: until})
}

// beginSession makes a session of an account under a new token.
func (d *Desk) beginSession(ctx context.Context, tx *store.Tx, account, by string) (SignedIn, error) {
	token := staff.Token()
	s := Session{Key: staff.Digest(token), Since: tx.Now(), Proved: tx.Now(), By: by, owner: account}
	if err := s.put(ctx, tx); err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Token: token, Account: account}, d.noteSignIn(ctx, tx, "staff.signed_in", account)
}

// endSessions ends every session of an account, and every link by which one could begin.
func endSessions(ctx context.Context, tx *store.Tx, account string) error {
	return errors.Join(tx.DropPassing(ctx, passingSession, "", account), tx.DropPassing(ctx, passingLink, "", account))
}

// Asking tells who asks by the token of a session: nobody where it is over, or where its account is no longer active. While nobody has an
// account it is the local operator.
func (d *Desk) Asking(ctx context.Context, token string) (who access.Actor, s Session, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		people, _, err := d.staff.follow(ctx, tx)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			who = access.Local()
			return nil
		}
		p, ok, err := tx.Passing(ctx, passingSession, staff.Digest(token))
		if err != nil || !ok {
			return err
		}
		if s, err = sessionOf(p); err == nil {
			a, _ := staff.Find(people, p.Owner)
			who = a.Actor(d.Today())
		}
		return err
	})
	if err == nil && who.Account != "" && d.db.Now().Sub(s.Seen) >= sessionTouch {
		err = d.touch(ctx, who, s.Key, func(*Session) {})
	}
	return who, s, err
}

// touch keeps a session as seen now, after a change. One that ended meanwhile stays ended.
func (d *Desk) touch(ctx context.Context, who access.Actor, key string, change func(*Session)) error {
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		p, ok, err := tx.Passing(ctx, passingSession, key)
		if err != nil || !ok || p.Owner != who.Account {
			return err
		}
		s, err := sessionOf(p)
		if err != nil {
			return err
		}
		change(&s)
		return s.put(ctx, tx)
	})
}

// SignOut ends the session of a token.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	who, s, err := d.Asking(ctx, token)
	if err != nil || who.Account == "" {
		return err
	}
	return d.EndSession(ctx, who, s.Key)
}

// Prove makes a session fresh: its holder types passphrase and code anew.
func (d *Desk) Prove(ctx context.Context, token string, p Proof) error {
	who, s, err := d.Asking(ctx, token)
	if err == nil && who.Account == "" {
		err = notSignedIn()
	}
	if err != nil {
		return err
	}
	people, err := d.people(ctx)
	if err != nil {
		return err
	}
	a, _ := staff.Find(people, who.Account)
	right, err := d.passphraseRight(ctx, a, p.Passphrase)
	if err != nil {
		return err
	}
	proved, t := false, tries{key: "session " + s.Key}
	err = d.db.Amend(ctx, who.Name, func(tx *store.Tx) (err error) {
		proved, err = d.prove(ctx, tx, a, p, right, &t)
		return err
	})
	if err == nil && !proved {
		err = d.failedSignIn(ctx, a.ID, t)
	}
	if err != nil {
		return err
	}
	return d.touch(ctx, who, s.Key, func(s *Session) { s.Proved = d.db.Now() })
}

// Sessions lists one's own sessions, the oldest first.
func (d *Desk) Sessions(ctx context.Context, who access.Actor) (out []Session, err error) {
	if err := who.May(access.OwnAccount); err != nil || who.Account == "" {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.PassingOf(ctx, passingSession, who.Account)
		for _, p := range list {
			s, bad := sessionOf(p)
			if bad != nil {
				return bad
			}
			out = append(out, s)
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b Session) int { return a.Since.Compare(b.Since) })
	return out, err
}

// EndSession ends one of one's own sessions. One that is not there, or is another's, is no error: it is over.
func (d *Desk) EndSession(ctx context.Context, who access.Actor, key string) error {
	return d.endOwn(ctx, who, func(s Session) bool { return s.Key == key })
}

// EndOtherSessions ends all of one's own sessions but one.
func (d *Desk) EndOtherSessions(ctx context.Context, who access.Actor, but string) error {
	return d.endOwn(ctx, who, func(s Session) bool { return s.Key != but })
}

func (d *Desk) endOwn(ctx context.Context, who access.Actor, wanted func(Session) bool) error {
	list, err := d.Sessions(ctx, who)
	if err != nil {
		return err
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		for _, s := range list {
			if !wanted(s) {
				continue
			}
			if err := tx.DropPassing(ctx, passingSession, s.Key, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// longestLink is how long a sign-in link can be open.
const longestLink = 24 * time.Hour

// SignInLink makes the token of a link by which an account's holder signs in once, until a time a day from now at most. Only the command
// line may make one: it is the way back in for who lost everything else.
func (d *Desk) SignInLink(ctx context.Context, who access.Actor, account string, until time.Time) (token string, err error) {
	if err := who.May(access.ManagePeople); err != nil {
		return "", err
	}
	if who.Account != "" {
		return "", refusedStaff("a sign-in link is made from the command line")
	}
	if now := d.db.Now(); !until.After(now) || until.After(now.Add(longestLink)) {
		return "", invalidStaff("a sign-in link is open for a day at most")
	}
	token = staff.Token()
	return token, d.changed(ctx, who, account, func(tx *store.Tx, _ []staff.Account, a staff.Account) error {
		if len(a.Actor(d.Today()).Roles) == 0 {
			return refusedStaff("this account is not active")
		}
		if _, err := tx.Journal(ctx, "staff.link", a.ID, ""); err != nil {
			return err
		}
		return tx.PutPassing(ctx, store.Passing{Kind: passingLink, Key: staff.Digest(token), Owner: a.ID, Until: until})
	})
}

// SignInByLink begins a session by a link and uses the link up; NotFound for one that is not open, whatever became of it.
func (d *Desk) SignInByLink(ctx context.Context, token string) (in SignedIn, err error) {
	people, err := d.people(ctx)
	if err != nil {
		return in, err
	}
	var a staff.Account
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		a, err = d.linked(ctx, tx, people, token)
		return err
	})
	if err != nil {
		return in, err
	}
	err = d.db.Amend(ctx, a.Name, func(tx *store.Tx) error {
		if _, err := d.linked(ctx, tx, people, token); err != nil { // nobody else used it meanwhile
			return err
		}
		if err := tx.DropPassing(ctx, passingLink, staff.Digest(token), ""); err != nil {
			return err
		}
		in, err = d.beginSession(ctx, tx, a.ID, byLink)
		return err
	})
	return in, err
}

// linked is the active account that an open link signs in.
func (d *Desk) linked(ctx context.Context, tx *store.Tx, people []staff.Account, token string) (staff.Account, error) {
	p, ok, err := tx.Passing(ctx, passingLink, staff.Digest(token))
	if err != nil {
		return staff.Account{}, err
	}
	a, _ := staff.Find(people, p.Owner)
	if !ok || len(a.Actor(d.Today()).Roles) == 0 {
		return a, fault.New(fault.NotFound, "there is no open link here: each signs in once").Do("make another from the command line")
	}
	return a, nil
}

// Now is the time by the workspace's clock.
func (d *Desk) Now() time.Time { return d.db.Now() }
