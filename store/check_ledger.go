package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"time"

	"ward/tlog"
)

// CheckLedger compares what the workspace keeps about itself with the journal: the access log of each day that is over, ledger lines,
// officers, backups, and the journal of Ward's first version.
func (t *Tx) CheckLedger(ctx context.Context, wrong Wrong) error {
	for _, check := range []func(context.Context, Wrong) error{t.checkReadings, t.checkDisclosures, t.checkOfficers, t.checkBackups, t.checkEarlier} {
		if err := check(ctx, wrong); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) checkReadings(ctx context.Context, wrong Wrong) error {
	days, err := t.journalledDays(ctx)
	if err != nil {
		return err
	}
	committed := t.Committed()
	for day, number := range days {
		lines, err := t.readings(ctx, "WHERE day=$1 ORDER BY at, who, place, subject, tier", day)
		if err != nil {
			return err
		}
		digests, err := t.readingDigests(ctx, day, lines)
		if err != nil {
			return err
		}
		list, err := committed.digests(ctx, number)
		if err != nil {
			return err
		}
		same := len(list) == len(digests)
		for i := range digests {
			same = same && tlog.Hash(list[i]) == digests[i]
		}
		if !same {
			wrong("the access log of "+day, "says something else than what was journalled")
		}
	}
	return nil
}

// journalledDays finds each day of the access log that the journal commits to, whether or not a line of it is left.
func (t *Tx) journalledDays(ctx context.Context) (map[string]int64, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT subject, number FROM journal WHERE act='readings.day'
		UNION SELECT day, journal FROM access_log WHERE journal IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var day string
		var number int64
		if err := rows.Scan(&day, &number); err != nil {
			return nil, err
		}
		out[day] = number
	}
	return out, rows.Err()
}

func (t *Tx) checkDisclosures(ctx context.Context, wrong Wrong) error {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return err
	}
	rows, err := t.tx.QueryContext(ctx, `SELECT COALESCE(d.id,''), d.sealed, j.number, COALESCE(d.at=j.at AND d.who=j.who AND 'disclose.'||d.place=j.act AND d.id=j.subject, d.id IS NULL), COALESCE(j.digest,'')
		FROM disclosure d FULL JOIN (SELECT * FROM journal WHERE act LIKE 'disclose.%') j ON j.number=d.journal`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, digest string
		var sealed []byte
		var number sql.NullInt64
		var same sql.NullBool
		if err := rows.Scan(&id, &sealed, &number, &same, &digest); err != nil {
			return err
		}
		switch {
		case id == "":
			wrong(fmt.Sprintf("ledger line of journal row %d", number.Int64), "is missing")
		case !number.Valid || !same.Bool || digestOf(sealed) != digest:
			wrong("ledger line "+id, "says something else than what was journalled")
		default:
			if _, err := key.Open("disclosure "+id, sealed); err != nil {
				wrong("ledger line "+id, "does not open")
			}
		}
	}
	return rows.Err()
}

func (t *Tx) checkOfficers(ctx context.Context, wrong Wrong) error {
	rows, err := t.tx.QueryContext(ctx, `SELECT COALESCE(o.name,j.subject), COALESCE(o.recipient,''), COALESCE(j.subject=o.name,o.name IS NULL), COALESCE(j.digest,'')
		FROM officer o FULL JOIN (SELECT * FROM journal n WHERE act='officer.name' AND NOT EXISTS
			(SELECT 1 FROM journal r WHERE r.act='officer.remove' AND r.subject=n.subject AND r.number>n.number)) j ON j.number=o.journal`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, recipient, digest string
		var same sql.NullBool
		if err := rows.Scan(&name, &recipient, &same, &digest); err != nil {
			return err
		}
		if sum := sha256.Sum256([]byte(recipient)); !same.Bool || tlog.Hex(sum) != digest {
			wrong("officer "+name, "has another name or key than what was journalled, or is missing")
		}
	}
	return rows.Err()
}

func (t *Tx) checkBackups(ctx context.Context, wrong Wrong) error {
	rows, err := t.tx.QueryContext(ctx, `SELECT b.id, b.at, b.size, b.bytes, b.sha256, b.journal, COALESCE(j.subject,''), COALESCE(j.digest,''), COALESCE(j.at,0)
		FROM backup_run b LEFT JOIN journal j ON j.number=b.journal`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var b Backup
		var at, journalled int64
		var subject, digest string
		if err := rows.Scan(&b.ID, &at, &b.Size, &b.Bytes, &b.SHA256, &b.Journal, &subject, &digest, &journalled); err != nil {
			return err
		}
		if subject != b.ID || digest != b.digest() || at != journalled {
			wrong("backup "+b.ID, "is noted otherwise than it was journalled")
		}
	}
	return rows.Err()
}

func (t *Tx) checkEarlier(ctx context.Context, wrong Wrong) error {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return err
	}
	committed := t.Committed()
	for last := int64(0); ; {
		page, err := t.earlierRows(ctx, last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, r := range page {
			last = r.Number
			var secret string
			plain, err := key.Open(earlierContext(r.Number), r.sealed)
			if err == nil {
				err = Unpack(plain, &r.Digest, &secret)
			}
			ok := err == nil && len(secret) == len(tlog.Secret{})
			if ok {
				if ok, err = committed.Holds(ctx, r.journal, r.place, tlog.Secret([]byte(secret)).Digest(r.fields())); err != nil {
					return err
				}
			}
			if !ok {
				wrong(fmt.Sprintf("row %d of the first version's journal", r.Number), "says something else than what was journalled")
			}
		}
	}
}

// earlierRow is a row of the first version's journal as it is kept.
type earlierRow struct {
	Entry
	sealed  []byte
	journal int64
	place   int
}

func (t *Tx) earlierRows(ctx context.Context, after int64) (out []earlierRow, err error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT number, at, who, act, subject, sealed, journal, leaf FROM journal_before WHERE number>$1 ORDER BY number LIMIT $2", after, checkRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r earlierRow
		var at int64
		if err := rows.Scan(&r.Number, &at, &r.Who, &r.Act, &r.Subject, &r.sealed, &r.journal, &r.place); err != nil {
			return nil, err
		}
		r.At = time.UnixMicro(at).UTC()
		out = append(out, r)
	}
	return out, rows.Err()
}

// Tombstones lists all tombstones, with what cannot be opened left out and told.
func (t *Tx) Tombstones(ctx context.Context, wrong Wrong) (out []Tombstone, err error) {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return nil, err
	}
	rows, err := t.tx.QueryContext(ctx, `SELECT s.subject, s.public_id, s.reason, s.at, s.number, s.sealed, COALESCE(j.body,''), COALESCE(j.subject=s.subject AND j.at=s.at AND j.act='erase.tombstone',j.number IS NOT NULL)
		FROM tombstone s LEFT JOIN journal j ON j.number=s.number ORDER BY s.number`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Tombstone
		var at int64
		var sealed []byte
		var same sql.NullBool
		if err := rows.Scan(&s.Subject, &s.PublicID, &s.Reason, &at, &s.Number, &sealed, &s.Body, &same); err != nil {
			return nil, err
		}
		s.At = time.UnixMicro(at).UTC()
		plain, err := key.Open("tombstone "+s.Subject, sealed)
		if err != nil || len(plain) != len(s.Key) || !same.Bool {
			wrong("the tombstone of "+s.Subject, "does not fit its leaf")
			continue
		}
		copy(s.Key[:], plain)
		out = append(out, s)
	}
	return out, rows.Err()
}
