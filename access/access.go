// Package access says who may do what: one pure table that pages ask what to show and the desk asks what to allow.
//
// An actor is whoever acts; a role is what an actor is trusted with; an act is one thing that can be done. A person may hold several
// roles: in an association of one, all of them. Beside the table stand two limits: a conflict of interest bars an actor from work on a
// State or a record, whatever the role; a scope, which an investigator has, keeps an actor to some States.
package access

import (
	"slices"

	"ward/fault"
)

// Actor is whoever acts. Name stands in the journal.
type Actor struct {
	Name    string
	Account string // id of the account; "" for who acts from the command line
	Roles   []Role
	Barred  []string // States (ISO3) and records (public ids) on which a conflict of interest bars work
	Only    []string // the States to which an investigator's grant is limited; nil is no limit
	Waits   bool     // an investigator whom nobody has let read yet, or any more: nothing but their own account is open to them
}

// Local is the one operator at this machine: whoever can open the workspace from the command line.
func Local() Actor { return Actor{Name: "local operator", Roles: []Role{Operator}} }

// Nobody is who has not signed in.
func Nobody() Actor { return Actor{} }

// Can reports whether one of the actor's roles allows an act, without saying on what.
func (a Actor) Can(act Act) bool {
	if a.Waits && act != OwnAccount {
		return act == Enter
	}
	return act == Enter || slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(allowed[r], act) })
}

// May returns nil when the actor may do the act, and a Refused fault otherwise.
func (a Actor) May(act Act) error {
	if a.Can(act) {
		return nil
	}
	return fault.New(fault.Refused, "%s may not do this (%s)", a.Name, act).Do("ask somebody whose role allows it")
}

// MayOn is May for work on something that speaks of States or has an id: work is barred by a conflict of interest with any of them. Reading
// is not: whoever has a conflict may see, and may not decide.
func (a Actor) MayOn(act Act, about ...string) error {
	if err := a.May(act); err != nil {
		return err
	}
	for _, subject := range about {
		if slices.Contains(a.Barred, subject) {
			return fault.New(fault.Refused, "a declared conflict of interest bars %s from work on %s", a.Name, subject).
				Keeping("nothing was changed").Do("leave it to a colleague")
		}
	}
	return nil
}

// Sees reports whether something about these States is within the actor's scope: all of it where there is none.
func (a Actor) Sees(states ...string) bool {
	return a.Only == nil || slices.ContainsFunc(states, func(s string) bool { return slices.Contains(a.Only, s) })
}
