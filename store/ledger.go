package store

import (
	"context"
	"time"

	"ward/fault"
)

// Disclosure is one line of the ledger: what left, by which way, to whom, why and until when.
type Disclosure struct {
	ID       string
	At       time.Time
	Who      string
	Exit     string
	Tier     string // the highest that may be in it
	Records  int64
	To       string // recipient, "" when nobody was named
	Why      string
	What     string // format, query or id
	Subjects string // public ids, joined by blanks; "" for a whole list
	Journal  int64
}

// Disclose writes a ledger line and its journal row. What it says of people is sealed under the workspace's key: it must outlive
// an erasure, because the recipients have to be told.
func (t *Tx) Disclose(ctx context.Context, d Disclosure) error {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return err
	}
	sealed := key.Seal("disclosure "+d.ID, Pack(d.To, d.Why, d.What, d.Subjects))
	number, err := t.Journal(ctx, "disclose."+d.Exit, d.ID, digestOf(sealed))
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, "INSERT INTO disclosure (id, at, who, place, tier, records, sealed, journal) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
		d.ID, t.Micros(), t.who, d.Exit, d.Tier, d.Records, sealed, number)
	return err
}

// Disclosures lists the ledger, the newest first, at most limit lines from an offset on.
func (t *Tx) Disclosures(ctx context.Context, offset, limit int) ([]Disclosure, error) {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return nil, err
	}
	rows, err := t.tx.QueryContext(ctx, "SELECT id, at, who, place, tier, records, sealed, journal FROM disclosure ORDER BY journal DESC LIMIT $1 OFFSET $2", limit, offset)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Disclosure
	for rows.Next() {
		var d Disclosure
		var at int64
		var sealed []byte
		if err := rows.Scan(&d.ID, &at, &d.Who, &d.Exit, &d.Tier, &d.Records, &sealed, &d.Journal); err != nil {
			return nil, err
		}
		d.At = time.UnixMicro(at).UTC()
		plain, err := key.Open("disclosure "+d.ID, sealed)
		if err != nil {
			return nil, fault.Wrap(err, fault.Internal, "a ledger line cannot be read").Do("run ward doctor")
		}
		if err := Unpack(plain, &d.To, &d.Why, &d.What, &d.Subjects); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
