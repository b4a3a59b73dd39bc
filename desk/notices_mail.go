package desk

import (
	"context"
	"errors"
	"time"

	"ward/notify"
	"ward/staff"
	"ward/store"
)

// passingMailed keeps the day of the last mail to each account, so that a server that starts again sends none twice.
const (
	passingMailed = "mailed"
	mailedLasts   = 72 * time.Hour
)

// mailer is who notes it.
const mailer = "daily mail"

// Postman carries mails on; it returns those that did not go.
type Postman func(ctx context.Context, now time.Time, to ...notify.To) (failed []notify.To, err error)

// TendMail sends the daily mail once it is due: from an hour (UTC) of each day on, to every active account with an address, whether or not
// anything waits for it. An account gets one a day; where one did not go, the next call tries again.
func (d *Desk) TendMail(ctx context.Context, hour int, carry Postman) error {
	if d.db.Now().Hour() < hour {
		return nil
	}
	people, err := d.people(ctx)
	if err != nil {
		return err
	}
	today, accounts := d.Today(), []staff.Account{}
	for _, a := range people {
		if a.Email != "" && len(a.Actor(today).Roles) > 0 {
			accounts = append(accounts, a)
		}
	}
	claimed, err := d.claimMail(ctx, accounts)
	if err != nil || len(claimed) == 0 {
		return err
	}
	to := make([]notify.To, len(claimed))
	for i, a := range claimed {
		to[i] = notify.To{Address: a.Email, Lang: langOf(a)}
	}
	failed, err := carry(ctx, d.db.Now(), to...)
	if len(failed) == 0 {
		return err
	}
	return errors.Join(err, d.unclaimMail(context.WithoutCancel(ctx), claimed, failed))
}

// claimMail notes who gets today's mail before it goes, and returns those who had none yet: of two servers on one database, one sends it.
func (d *Desk) claimMail(ctx context.Context, accounts []staff.Account) (claimed []staff.Account, err error) {
	day := d.Today().String()
	var waiting []staff.Account
	err = d.db.Read(ctx, func(tx *store.Tx) error { // first without a write: it is asked every minute
		waiting, err = unmailed(ctx, tx, accounts, day)
		return err
	})
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return claimed, d.db.Amend(ctx, mailer, func(tx *store.Tx) error {
		if claimed, err = unmailed(ctx, tx, waiting, day); err != nil {
			return err
		}
		for _, a := range claimed {
			if err := tx.PutPassing(ctx, store.Passing{Kind: passingMailed, Key: a.ID, Owner: a.ID, Body: []byte(day), Until: tx.Now().Add(mailedLasts)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func unmailed(ctx context.Context, tx *store.Tx, accounts []staff.Account, day string) (out []staff.Account, err error) {
	for _, a := range accounts {
		last, ok, err := tx.Passing(ctx, passingMailed, a.ID)
		if err != nil {
			return nil, err
		}
		if !ok || string(last.Body) != day {
			out = append(out, a)
		}
	}
	return out, nil
}

// unclaimMail takes the note back of those to whom none went.
func (d *Desk) unclaimMail(ctx context.Context, claimed []staff.Account, failed []notify.To) error {
	return d.db.Amend(ctx, mailer, func(tx *store.Tx) error {
		for _, a := range claimed {
			for _, f := range failed {
				if f.Address != a.Email {
					continue
				}
				if err := tx.DropPassing(ctx, passingMailed, a.ID, ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
