package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/id"
	"ward/intake"
	"ward/store"
)

// ReceivedFile is a report as the page about it needs it.
type ReceivedFile struct {
	intake.Received
	ID    string
	Entry string // id of the entry that holds it
	By    string // who took it down
	At    time.Time
}

// Caller is who sent a report and how to reach them, on its way to two officers. Nobody named here with more than two officers is Undecided.
type Caller struct {
	SourceContact
	Officers []string // by name; none where there are but two
}

// given reports that there is anybody to seal.
func (c Caller) given() bool { return c.Name != "" || c.Reach != "" }

// reportSeries is the series under which the contact of a report's source is kept.
func reportSeries(report string) string { return "report-" + strings.ToLower(report) }

// TakeReport puts a report on record, with who sent it sealed to two officers where that was said; it returns the report's id. All or nothing.
func (d *Desk) TakeReport(ctx context.Context, who access.Actor, r intake.Received, from ...Caller) (report string, err error) {
	return d.TakeReportOnce(ctx, who, "", r, from...)
}

// TakeReportOnce is TakeReport for a form that can arrive twice, by a second press or a repeated request: a form that the same person sent
// within a day, saying the same, gives the report that it became then.
func (d *Desk) TakeReportOnce(ctx context.Context, who access.Actor, form string, r intake.Received, from ...Caller) (report string, err error) {
	if err := who.May(access.TakeReports); err != nil {
		return "", err
	}
	if err := intake.Refuse(r.Check(d.Today())); err != nil {
		return "", err
	}
	if err := d.onlyInvented(r.Country, r.ActorState); err != nil {
		return "", err
	}
	report = id.New(d.db.Now())
	box, err := d.sealCaller(ctx, report, from)
	if err != nil {
		return "", err
	}
	r.Contact = box.ID
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if earlier, err := sentBefore(ctx, tx, who, form, report, r, from); err != nil || earlier != "" {
			report = cmp.Or(earlier, report)
			return err
		}
		if box.ID != "" {
			if err := intake.AddContact(ctx, tx, box); err != nil {
				return err
			}
		}
		_, err := entry.Add(ctx, tx, intake.RegisterReport, entry.New{Kind: intake.KindReceived, Subject: report, Body: r})
		return err
	})
	if err != nil {
		return "", err
	}
	return report, nil
}

// What passes: which report a form became, for a day.
const (
	passingSent = "report.sent"
	sentLasts   = 24 * time.Hour
)

// sentBefore is the report that the same person's form, saying the same, became earlier; where it became none, it becomes this one. A form
// "" is always new.
func sentBefore(ctx context.Context, tx *store.Tx, who access.Actor, form, report string, r intake.Received, from []Caller) (earlier string, err error) {
	if form == "" {
		return "", nil
	}
	parts := []string{passingSent, holder(who), form}
	for _, f := range r.Files {
		parts = append(parts, f.SHA256)
	}
	r.Files, r.Contact = nil, "" // sealed anew each time
	said, err := json.Marshal(map[string]any{"report": r, "from": from})
	if err != nil {
		return "", err
	}
	key, err := tx.Blind(append(parts, string(said))...)
	if err != nil {
		return "", err
	}
	p, ok, err := tx.Passing(ctx, passingSent, key)
	if err != nil || ok {
		return string(p.Body), err
	}
	return "", tx.PutPassing(ctx, store.Passing{Kind: passingSent, Key: key, Owner: holder(who), Body: []byte(report), Until: tx.Now().Add(sentLasts)})
}

// sealCaller seals who sent a report; the zero Contact where nobody was named.
func (d *Desk) sealCaller(ctx context.Context, report string, from []Caller) (c intake.Contact, err error) {
	for _, f := range from {
		if !f.given() {
			continue
		}
		officers, err := d.officersFor(ctx, f.Officers)
		if err != nil {
			return c, err
		}
		return sealedContact(id.New(d.db.Now()), reportSeries(report), f.SourceContact, officers)
	}
	return c, nil
}

// Received opens one report for somebody who may read what people sent in.
func (d *Desk) Received(ctx context.Context, who access.Actor, report string) (f ReceivedFile, err error) {
	if err := who.May(access.ReadReports); err != nil {
		return f, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		f, err = receivedIn(ctx, tx, who, report)
		return err
	})
	if err != nil {
		return f, err
	}
	return f, d.read(ctx, who, access.ReadReports, access.Page, report)
}

// receivedIn finds one report; NotFound where there is none, none any more, or none that the actor may see.
func receivedIn(ctx context.Context, tx *store.Tx, who access.Actor, report string) (ReceivedFile, error) {
	list, err := entry.Of[intake.Received](ctx, tx, intake.KindReceived, report)
	if err != nil {
		return ReceivedFile{}, err
	}
	if len(list) == 0 || !newWaiting(list[0]).seenBy(who) {
		return ReceivedFile{}, noReport(report)
	}
	e := list[0]
	return ReceivedFile{Received: e.Body, ID: report, Entry: e.ID, By: e.By, At: e.At}, nil
}

// OfficerNames lists those to two of whom the contact of a report's source is sealed, for whoever takes one down.
func (d *Desk) OfficerNames(ctx context.Context, who access.Actor) (out []string, err error) {
	if err := who.May(access.TakeReports); err != nil {
		return nil, err
	}
	all, err := d.officers(ctx)
	for _, o := range all {
		out = append(out, o.Name)
	}
	return out, err
}
