package main

import (
	"bytes"
	"os"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/notify"
)

// mailFlags say by which relay the daily mail goes. Without a relay none is sent.
type mailFlags struct {
	SMTP     string `name:"smtp" help:"Send the daily mail through this relay." env:"WARD_SMTP" placeholder:"HOST:PORT"`
	SMTPFrom string `name:"smtp-from" help:"Address that the daily mail comes from." env:"WARD_SMTP_FROM" placeholder:"ADDRESS"`
	SMTPUser string `name:"smtp-user" help:"Name by which the relay knows this server; its password lies in the file that WARD_SMTP_PASSWORD_FILE names." env:"WARD_SMTP_USER" placeholder:"NAME"`
	SMTPTLS  string `name:"smtp-tls" help:"starttls, tls, or none for a relay on this machine." env:"WARD_SMTP_TLS" enum:"starttls,tls,none" default:"starttls"`
	MailHour int    `help:"Hour of the day, UTC, from which the daily mail goes." env:"WARD_MAIL_HOUR" default:"6"`
}

// smtpPasswordFile names the file that holds the password for the relay.
const smtpPasswordFile = "WARD_SMTP_PASSWORD_FILE"

// relay is the relay that the flags describe; ok is false where none is.
func (f mailFlags) relay() (r notify.Relay, ok bool, err error) {
	if f.SMTP == "" {
		return r, false, nil
	}
	if f.MailHour < 0 || f.MailHour > 23 {
		return r, false, fault.New(fault.Invalid, "%d is no hour of a day", f.MailHour).Keeping("nothing was served").Do("use 0 to 23")
	}
	r = notify.Relay{Address: f.SMTP, From: f.SMTPFrom, User: f.SMTPUser, Security: f.SMTPTLS}
	if path := os.Getenv(smtpPasswordFile); path != "" {
		body, err := os.ReadFile(path)
		if err != nil {
			return r, false, fault.New(fault.Refused, "the file with the relay's password cannot be read").Keeping("nothing was served").Do("check the path in %s", smtpPasswordFile)
		}
		r.Password = string(bytes.TrimSpace(body))
	}
	return r, true, r.Check()
}

// keepMail sends the daily mail for as long as the server runs. What fails is told once and tried again every quarter of an hour.
func keepMail(con *console, d *desk.Desk, relay notify.Relay, hour int) {
	go func() {
		const between = 15
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		told, wait := "", 0
		for {
			if wait--; wait < 0 {
				err := d.TendMail(con.ctx, hour, relay.Send)
				if err == nil {
					told = ""
				} else if wait = between; err.Error() != told && con.ctx.Err() == nil {
					told = err.Error()
					con.note("the daily mail: %v\n", err)
				}
			}
			select {
			case <-con.ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
}
