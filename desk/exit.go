package desk

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"ward/access"
	"ward/assertion"
	"ward/exchange"
	"ward/id"
	"ward/intake"
	"ward/store"
	"ward/vocab"
)

// readings remembers what this process noted today, so that the hundredth look at a page costs nothing.
type readings struct {
	mu   sync.Mutex
	day  string
	have map[[3]string]bool
}

// known reports that a reading was noted before on that day.
func (r *readings) known(day string, key [3]string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.day == day && r.have[key]
}

func (r *readings) note(day string, key [3]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.day != day {
		r.day, r.have = day, map[[3]string]bool{}
	}
	r.have[key] = true
}

// published reports that every source of an incident lets it be passed on as it published it.
func published(series []string, sources map[string]intake.Source) bool {
	for _, s := range series {
		r := exchange.Redistribute(sources[s].Redistribute)
		if r != exchange.RedistributeYes && r != exchange.RedistributeNoncommercial {
			return false
		}
	}
	return len(series) > 0
}

// lets reports whether an asserted field may leave by an exit.
func lets(exit access.Exit, v assertion.Value, s intake.Source) bool {
	tier := access.T4
	if def, ok := vocab.FieldOf(v.Field); ok {
		tier = access.ParseTier(def.Tier)
	}
	for _, code := range strings.Fields(v.Value) {
		if v.Field == "codes" {
			tier = max(tier, access.CodeTier(code))
		}
	}
	return exit.Lets(tier, published([]string{s.Series}, map[string]intake.Source{s.Series: s}))
}

// disclose writes the ledger line of something that is about to leave as a file.
func (d *Desk) disclose(ctx context.Context, who access.Actor, exit access.Exit, line store.Disclosure) error {
	line.ID, line.Exit, line.Tier = cmp.Or(line.ID, id.New(d.db.Now())), string(exit), cmp.Or(line.Tier, exit.Ceiling().String())
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error { return tx.Disclose(ctx, line) })
}

// Ledger lists what left, the newest first.
func (d *Desk) Ledger(ctx context.Context, who access.Actor, offset, limit int) (out []store.Disclosure, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.Page, "ledger"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.Disclosures(ctx, offset, limit)
		return err
	})
	return out, err
}

// Readings lists who read what, the newest first.
func (d *Desk) Readings(ctx context.Context, who access.Actor, offset, limit int) (out []store.Reading, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.Page, "readings"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.Readings(ctx, offset, limit)
		return err
	})
	return out, err
}

// read is the way by which anything is shown to somebody: it asks whether they may, and puts one line into the access log before
// they see it. Subject is an id, or the name of a list.
func (d *Desk) read(ctx context.Context, who access.Actor, act access.Act, exit access.Exit, subject string) error {
	if err := who.May(act); err != nil {
		return err
	}
	day := d.db.Now().Format("2006-01-02")
	key := [3]string{who.Name, string(exit), subject}
	if d.readings.known(day, key) {
		return nil
	}
	err := d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.NoteReading(ctx, store.Reading{Place: string(exit), Subject: subject, Tier: exit.Ceiling().String()})
	})
	if err == nil {
		d.readings.note(day, key)
	}
	return err
}
