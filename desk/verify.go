package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/staff"
	"ward/store"
	"ward/when"
)

// VerifyFile is one incident as somebody who verifies it sees it. Of the open round it holds what they may see, and no more.
type VerifyFile struct {
	IncidentFile
	Ladder     incident.Standing
	Awaits     string                          // what the open round waits for
	Spoke      []string                        // who gave an opinion in it
	Shown      []entry.Entry[incident.Opinion] // opinions of the open round that who asks may see, the oldest first
	Past       []incident.Round                // closed rounds, the newest first
	Dissent    []entry.Entry[incident.Verdict] // what stood while people differed
	Asked      []entry.Entry[incident.Asked]   // requests that wait for an answer
	Colleagues []string                        // who else may verify it
	Stated     bool                            // who asks stated facts of it: somebody who did not must agree
	Alone      bool                            // nobody else may verify it
	Barred     bool                            // a conflict of interest bars who asks
}

// Verify opens an incident for verification.
func (d *Desk) Verify(ctx context.Context, who access.Actor, publicID string) (f VerifyFile, err error) {
	if err := who.May(access.VerifyIncidents); err != nil {
		return f, err
	}
	if f.IncidentFile, err = d.Incident(ctx, who, publicID); err != nil {
		return f, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		x, err := d.weighed(ctx, tx, who, f.Incident)
		if err == nil {
			f.take(x, who)
		}
		return err
	})
	return f, err
}

// take keeps of an weighing what somebody may see.
func (f *VerifyFile) take(x weighing, who access.Actor) {
	f.Ladder, f.Asked, f.Past = x.Ladder, x.open, slices.Clone(x.rounds[:len(x.rounds)-1])
	slices.Reverse(f.Past)
	f.Awaits, f.Shown = incident.Decide(x.Question).Awaits, x.Round.Shown(who.Name)
	for _, v := range x.Round.Voices() {
		f.Spoke = append(f.Spoke, v.By)
	}
	for _, v := range f.Verdicts {
		if v.Body.Dissent {
			f.Dissent = append(f.Dissent, v)
		}
	}
	f.Colleagues = slices.DeleteFunc(slices.Clone(x.Able), func(name string) bool { return name == who.Name })
	f.Stated, f.Alone = slices.Contains(x.Question.Stated, who.Name), len(f.Colleagues) == 0
	f.Barred = barred(who, f.Incident)
}

func barred(who access.Actor, inc incident.Incident) bool {
	return who.MayOn(access.VerifyIncidents, append(statesOf(inc), inc.PublicID)...) != nil
}

// Opine puts an opinion on record and, where it decides, the verdict with it. The fault is Invalid where the evidence does not carry what is
// proposed or the opinion lacks its reasons.
func (d *Desk) Opine(ctx context.Context, who access.Actor, publicID string, made incident.Opinion) (answer incident.Answer, err error) {
	made.Rules = incident.CertaintyRules
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		inc, _, err := d.heard(ctx, tx, who, access.VerifyIncidents, publicID)
		if err != nil {
			return err
		}
		if _, err := entry.Add(ctx, tx, registerIncident, entry.New{Kind: incident.KindOpinion, Subject: publicID, Body: made}); err != nil {
			return err
		}
		x, err := d.weighed(ctx, tx, who, inc) // after the entry, which holds others back until this is done
		if err != nil {
			return err
		}
		if err := made.Check(x.Ladder); err != nil {
			return err
		}
		answer = incident.Decide(x.Question)
		return x.keep(ctx, tx, inc, answer.Verdict)
	})
	return answer, err
}

// keep puts a verdict on record and folds the incident anew.
func (x weighing) keep(ctx context.Context, tx *store.Tx, inc incident.Incident, v *incident.Verdict) error {
	if v == nil {
		return nil
	}
	if _, err := entry.Add(ctx, tx, registerIncident, entry.New{Kind: incident.KindVerdict, Subject: inc.PublicID, Body: *v}); err != nil {
		return err
	}
	return foldAgain(ctx, tx, inc)
}

// longestAsk is the longest note of a request, in bytes.
const longestAsk = 1000

// AskOpinion asks a colleague for an opinion.
func (d *Desk) AskOpinion(ctx context.Context, who access.Actor, publicID string, ask incident.Asked) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		inc, _, err := d.heard(ctx, tx, who, access.VerifyIncidents, publicID)
		if err != nil {
			return err
		}
		able, err := d.verifiers(ctx, tx, who, inc)
		if err != nil {
			return err
		}
		if !slices.Contains(able, ask.Whom) || ask.Whom == who.Name || len(ask.Note) > longestAsk {
			return fault.New(fault.Invalid, "nobody of this name can be asked about this incident").Keeping("nothing was written").Do("choose a colleague of the list")
		}
		_, err = entry.Add(ctx, tx, registerIncident, entry.New{Kind: incident.KindAsked, Subject: publicID, Body: ask})
		return err
	})
}

// weighing is everything on which a verification rests.
type weighing struct {
	incident.Question
	rounds []incident.Round
	open   []entry.Entry[incident.Asked] // requests that nobody answered yet
}

func (d *Desk) weighed(ctx context.Context, tx *store.Tx, who access.Actor, inc incident.Incident) (x weighing, err error) {
	all, err := saidOf(ctx, tx, []incident.Incident{inc})
	if err != nil {
		return x, err
	}
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return x, err
	}
	opinions, err := entry.Of[incident.Opinion](ctx, tx, incident.KindOpinion, inc.PublicID)
	if err != nil {
		return x, err
	}
	asked, err := entry.Of[incident.Asked](ctx, tx, incident.KindAsked, inc.PublicID)
	if err != nil {
		return x, err
	}
	about := all[inc.ID]
	x.rounds = incident.Rounds(opinions, about.verdicts)
	x.Round, x.open = x.rounds[len(x.rounds)-1], unanswered(asked, opinions)
	x.Ladder, x.Now, x.Question.Stated = about.ladder(sources), inc.Certainty, about.coders()
	x.Happened, x.Today = inc.Date, tx.Now()
	x.Able, err = d.verifiers(ctx, tx, who, inc)
	return x, err
}

// ladder weighs what is asserted, beside what the publishers' own grades make of it.
func (s said) ladder(sources map[string]intake.Source) incident.Standing {
	return incident.Ladder(s.standing(sources), said{reports: s.reports, stated: s.stated}.fold(sources).Certainty)
}

// coders are those who stated facts here, by name.
func (s said) coders() (out []string) {
	for _, e := range s.stated {
		if (e.Body.Move == incident.Assert || e.Body.Move == incident.Supersede) && !slices.Contains(out, e.By) {
			out = append(out, e.By)
		}
	}
	return out
}

// unanswered are the requests after which whoever was asked has not spoken.
func unanswered(asked []entry.Entry[incident.Asked], opinions []entry.Entry[incident.Opinion]) []entry.Entry[incident.Asked] {
	return slices.DeleteFunc(asked, func(a entry.Entry[incident.Asked]) bool {
		return slices.ContainsFunc(opinions, func(o entry.Entry[incident.Opinion]) bool { return o.By == a.Body.Whom && !o.At.Before(a.At) })
	})
}

// verifiers are those who may verify an incident, by name: who asks, and every account that can.
func (d *Desk) verifiers(ctx context.Context, tx *store.Tx, who access.Actor, inc incident.Incident) ([]string, error) {
	people, err := verifying(ctx, tx, who)
	return able(people, inc), err
}

// verifying are those who may verify anything: who asks, and every account with the role.
func verifying(ctx context.Context, tx *store.Tx, who access.Actor) ([]access.Actor, error) {
	accounts, _, err := staff.Load(ctx, tx)
	out := []access.Actor{who}
	for _, a := range accounts {
		if actor := a.Actor(when.DayOf(tx.Now())); actor.Name != who.Name && actor.Can(access.VerifyIncidents) {
			out = append(out, actor)
		}
	}
	return out, err
}

// able are those of them who may verify one incident, by name.
func able(people []access.Actor, inc incident.Incident) (out []string) {
	for _, p := range people {
		if p.Sees(statesOf(inc)...) && p.Can(access.VerifyIncidents) && !barred(p, inc) {
			out = append(out, p.Name)
		}
	}
	return out
}
