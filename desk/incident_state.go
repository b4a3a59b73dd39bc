package desk

import (
	"context"
	"strings"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/tlog"
)

// ownSource is the register of what people here state themselves. Nothing of it is passed on before it is cleared.
var ownSource = intake.Source{Series: incident.Own, Namespace: "ward", Title: "Own records", Publisher: "this association", Redistribute: "no", Scope: "health", Reliability: "F"}

// registerIncident is the register under which what people put on record about incidents is journalled.
const registerIncident = "incident"

// NewIncident makes an incident of what somebody states: at least its date or its country. It is a rumour until two people found it more.
func (d *Desk) NewIncident(ctx context.Context, who access.Actor, about ...incident.Stated) (publicID string, err error) {
	if err := checkStated(about); err != nil {
		return "", err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		publicID, err = d.newIncident(ctx, tx, who, about)
		return err
	})
	return publicID, err
}

// newIncident is NewIncident within a transaction: a report becomes one in the act that closes it.
func (d *Desk) newIncident(ctx context.Context, tx *store.Tx, who access.Actor, about []incident.Stated) (string, error) {
	if err := intake.PutSource(ctx, tx, ownSource); err != nil {
		return "", err
	}
	made := make([]entry.Entry[incident.Stated], len(about))
	for i, s := range about {
		made[i] = entry.Entry[incident.Stated]{ID: itoa(i), Body: s}
	}
	sources := map[string]intake.Source{incident.Own: ownSource}
	inc := incident.New(said{stated: made}.fold(sources))
	if inc.Date.IsZero() && inc.Country == "ZZZ" {
		return "", fault.New(fault.Invalid, "neither a date nor a country is stated").Keeping("nothing was written").Do("say at least when or where it happened")
	}
	if err := who.MayOn(access.EditIncidents, append(inc.ActorState, inc.Country)...); err != nil {
		return "", err
	}
	if err := d.onlyInvented(append(inc.ActorState, inc.Country)...); err != nil {
		return "", err
	}
	inc.ID, inc.Namespace = id.New(tx.Now()), ownSource.Namespace
	inc.ExternalID, inc.PublicID = inc.ID, id.Public(inc.Country, inc.Date.From().Year())
	if _, err := addStated(ctx, tx, inc.PublicID, about); err != nil {
		return "", err
	}
	number, err := tx.Next(ctx)
	if err != nil {
		return "", err
	}
	inc = commit(inc, number, 0)
	if err := incident.Save(ctx, tx, []incident.Incident{inc}); err != nil {
		return "", err
	}
	_, err = tx.JournalBatch(ctx, "incident.fold", inc.ID, []tlog.Hash{inc.Commitment()})
	return inc.PublicID, err
}

// StateIncident puts moves about an incident on record and folds it anew, all or none.
func (d *Desk) StateIncident(ctx context.Context, who access.Actor, publicID string, moves ...incident.Stated) error {
	return d.EditIncident(ctx, who, publicID, unlooked, moves...)
}

// heard opens an incident for work on it, with everything said about it. A conflict of interest with its country, its actor's State or
// itself bars that.
func (d *Desk) heard(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, publicID string) (incident.Incident, said, error) {
	if err := who.May(act); err != nil {
		return incident.Incident{}, said{}, err
	}
	inc, err := seen(ctx, tx, who, publicID)
	if err != nil {
		return inc, said{}, err
	}
	if inc.Erased {
		return inc, said{}, erased(publicID)
	}
	if err := who.MayOn(act, append([]string{publicID, inc.Country}, inc.ActorState...)...); err != nil {
		return inc, said{}, err
	}
	about, err := saidOf(ctx, tx, []incident.Incident{inc})
	return inc, about[inc.ID], err
}

// speakOfWhatIs refuses moves about assertions that are not there.
func (d *Desk) speakOfWhatIs(ctx context.Context, tx *store.Tx, about said, moves []incident.Stated) error {
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return err
	}
	known := map[string]string{}
	for _, a := range about.standing(sources) {
		known[a.ID] = a.Field
	}
	for _, e := range about.stated {
		known[e.ID] = e.Body.Field
	}
	for _, m := range moves {
		if field, ok := known[m.Over]; m.Over != "" && (!ok || field != m.Field) {
			return fault.New(fault.Conflict, "the assertion that this speaks of is not there any more").Keeping("nothing was written").Do("open the incident anew and look what it says now")
		}
	}
	return nil
}

// mayName refuses moves that bring a State in of which a conflict of interest bars work, or that a training space may not hold.
func (d *Desk) mayName(who access.Actor, moves []incident.Stated) error {
	var states []string
	for _, m := range moves {
		if m.Field == "country" || m.Field == "actor.state" {
			states = append(states, strings.Fields(m.Value)...)
		}
	}
	if err := who.MayOn(access.EditIncidents, states...); err != nil {
		return err
	}
	return d.onlyInvented(states...)
}

func checkStated(moves []incident.Stated) error {
	if len(moves) == 0 {
		return fault.New(fault.Invalid, "nothing is stated").Keeping("nothing was written").Do("state at least one field")
	}
	for _, m := range moves {
		if err := m.Check(); err != nil {
			return err
		}
	}
	return nil
}

func addStated(ctx context.Context, tx *store.Tx, publicID string, moves []incident.Stated) ([]string, error) {
	made := make([]entry.New, len(moves))
	for i, m := range moves {
		made[i] = entry.New{Kind: incident.KindStated, Subject: publicID, Body: m}
	}
	return entry.Add(ctx, tx, registerIncident, made...)
}

// foldAgain folds an incident anew after what was said about it changed.
func foldAgain(ctx context.Context, tx *store.Tx, inc incident.Incident) error {
	number, err := tx.Next(ctx)
	if err != nil {
		return err
	}
	digests, err := refold(ctx, tx, []string{inc.ID}, number, 0)
	if err != nil {
		return err
	}
	_, err = tx.JournalBatch(ctx, "incident.fold", inc.ID, digests)
	return err
}
