package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/notify"
	"ward/staff"
	"ward/store"
)

// Terms of calendars. A calendar's address holds a token: whoever knows it reads when the holder's clocks run out, and nothing else. The
// token is kept nowhere; its hash is an entry of the register "notice" about the account.
const (
	registerNotice = "notice"
	kindCalendar   = "notice.calendar"
	longestToken   = 128
	mostClocks     = 500
	farthestClock  = 400 * 24 * time.Hour
)

// calendarMade is that an account's calendar has an address; without a hash that it has none any more.
type calendarMade struct {
	Hash string `json:"hash,omitempty"` // staff.Digest of the token
}

// NewCalendar makes the address of somebody's calendar and returns its token, which cannot be shown again. An earlier address ends.
func (d *Desk) NewCalendar(ctx context.Context, who access.Actor) (token string, err error) {
	token = staff.Token()
	return token, d.putCalendar(ctx, who, calendarMade{Hash: staff.Digest(token)})
}

// EndCalendar ends the address of somebody's calendar.
func (d *Desk) EndCalendar(ctx context.Context, who access.Actor) error {
	return d.putCalendar(ctx, who, calendarMade{})
}

func (d *Desk) putCalendar(ctx context.Context, who access.Actor, made calendarMade) error {
	if err := who.May(access.OwnAccount); err != nil {
		return err
	}
	if who.Account == "" {
		return fault.New(fault.Refused, "a calendar belongs to an account").Keeping("nothing was written").Do("sign in with an account")
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		_, err := entry.Add(ctx, tx, registerNotice, entry.New{Kind: kindCalendar, Subject: who.Account, Body: made})
		return err
	})
}

// HasCalendar tells since when somebody's calendar has an address; zero where it has none.
func (d *Desk) HasCalendar(ctx context.Context, who access.Actor) (since time.Time, err error) {
	if err := who.May(access.OwnAccount); err != nil || who.Account == "" {
		return since, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		made, err := entry.Of[calendarMade](ctx, tx, kindCalendar, who.Account)
		if n := len(made); n > 0 && made[n-1].Body.Hash != "" {
			since = made[n-1].At
		}
		return err
	})
	return since, err
}

// Calendar is the calendar of a token, with all that its holder would be told until a year from now. It is NotFound for every other token,
// and where the holder's account is not active.
func (d *Desk) Calendar(ctx context.Context, token string) ([]byte, error) {
	missing := fault.New(fault.NotFound, "there is no calendar at this address")
	if len(token) > longestToken {
		return nil, missing
	}
	people, err := d.people(ctx)
	if err != nil {
		return nil, err
	}
	var holder staff.Account
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		made, err := entry.All[calendarMade](ctx, tx, kindCalendar)
		for _, e := range entry.Latest(made) {
			if e.Body.Hash == staff.Digest(token) {
				holder, _ = staff.Find(people, e.Subject)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	who := holder.Actor(d.Today())
	if len(who.Roles) == 0 {
		return nil, missing
	}
	clocks, err := d.clocks(ctx, who)
	return notify.Calendar(langOf(holder), d.db.Now(), clocks), err
}

// clocks are the clocks of somebody that run out until farthestClock from now, and those that ran out and still call.
func (d *Desk) clocks(ctx context.Context, who access.Actor) (out []notify.Clock, err error) {
	all, err := d.calls(ctx)
	if err != nil {
		return nil, err
	}
	end := d.db.Now().Add(farthestClock)
	all = slices.DeleteFunc(all, func(c call) bool { return c.Due.IsZero() || c.Due.After(end) || !c.calls(who) })
	slices.SortStableFunc(all, func(a, b call) int { return a.Due.Compare(b.Due) })
	return out, d.db.Read(ctx, func(tx *store.Tx) error {
		for _, c := range all[:min(len(all), mostClocks)] {
			name, err := tx.Blind("calendar", who.Account, c.Kind, c.Subject, c.Due.Format(time.RFC3339Nano))
			if err != nil {
				return err
			}
			out = append(out, notify.Clock{Name: name, Due: c.Due})
		}
		return nil
	})
}

// langOf is the language in which Ward speaks to an account's holder.
func langOf(a staff.Account) locale.Lang {
	first := ""
	if len(a.Langs) > 0 {
		first = a.Langs[0]
	}
	lang, _ := locale.Parse(first)
	return cmp.Or(lang, locale.English)
}
