package desk

import (
	"context"

	"ward/access"
	"ward/audit"
	"ward/fault"
	"ward/store"
)

// EnterReply puts on record what a State answered, or that it was asked, or did not answer. It stands beside the findings at once and
// lowers none (design 10.3). The fault is Invalid where the row lacks something; one that is on record already is not entered twice.
func (d *Desk) EnterReply(ctx context.Context, who access.Actor, reply audit.Row) (added bool, err error) {
	if err := who.May(access.ImportCodings); err != nil {
		return false, err
	}
	if reply.State, err = StateCode(reply.State); err != nil {
		return false, err
	}
	if err := who.MayOn(access.ImportCodings, reply.State); err != nil {
		return false, err
	}
	if err := d.onlyInvented(reply.State); err != nil {
		return false, err
	}
	reply.Kind, reply.Role, reply.Coder = audit.KindReply, "", "" // who entered it stands in the journal, not in what is published
	why := reply.Problem()
	if why == "" {
		why = reply.Ahead(lastDay(d.db.Now()))
	}
	if why != "" {
		return false, fault.New(fault.Invalid, "%s", why).Keeping("nothing was written").Do("mend it and enter the reply again")
	}
	if reply.Source == "" && reply.Note == "" {
		return false, fault.New(fault.Invalid, "a reply needs a source or a note: where it can be read, or what it says").Keeping("nothing was written").Do("name one of them")
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		n, err := addCodings(ctx, tx, "audit.codings", []audit.Row{reply})
		added = n > 0
		return err
	})
	return added, err
}
