package store

import (
	"context"
	"time"

	"ward/tlog"
)

// Reading is one line of the access log: who read what of which tier by which way, once a day.
type Reading struct {
	Day     string // of the first reading, UTC
	Who     string
	Place   string // the way out: page, export ...
	Subject string // an id, or the name of a list
	Tier    string
	At      time.Time
}

// NoteReading adds a line to the access log; a line of that day that says the same stays as it is. Its journal row comes with the
// end of the day: the log's rhythm must not show when somebody reads.
func (t *Tx) NoteReading(ctx context.Context, r Reading) error {
	_, err := t.tx.ExecContext(ctx, "INSERT INTO access_log (day, who, place, subject, tier, at) VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING",
		t.now.Format(time.DateOnly), t.who, r.Place, r.Subject, r.Tier, t.Micros())
	return err
}

// Readings lists the access log, the newest first, at most limit lines from an offset on.
func (t *Tx) Readings(ctx context.Context, offset, limit int) ([]Reading, error) {
	return t.readings(ctx, "ORDER BY at DESC, who, place, subject LIMIT $1 OFFSET $2", limit, offset)
}

func (t *Tx) readings(ctx context.Context, tail string, args ...any) ([]Reading, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT day, who, place, subject, tier, at FROM access_log "+tail, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Reading
	for rows.Next() {
		var r Reading
		var at int64
		if err := rows.Scan(&r.Day, &r.Who, &r.Place, &r.Subject, &r.Tier, &at); err != nil {
			return nil, err
		}
		r.At = time.UnixMicro(at).UTC()
		out = append(out, r)
	}
	return out, rows.Err()
}

// JournalReadings journals the access log of every day that is over and has no journal row yet: one row a day, whose digest is
// the tree hash over its lines.
func (t *Tx) JournalReadings(ctx context.Context) error {
	today := t.now.Format(time.DateOnly)
	for {
		open, err := t.readings(ctx, "WHERE journal IS NULL AND day < $1 ORDER BY day LIMIT 1", today)
		if err != nil || len(open) == 0 {
			return err
		}
		day := open[0].Day
		lines, err := t.readings(ctx, "WHERE day=$1 ORDER BY at, who, place, subject, tier", day)
		if err != nil {
			return err
		}
		digests, err := t.readingDigests(ctx, day, lines)
		if err != nil {
			return err
		}
		number, err := t.JournalBatch(ctx, "readings.day", day, digests)
		if err != nil {
			return err
		}
		if _, err := t.Exec(ctx, "UPDATE access_log SET journal=$1 WHERE day=$2", number, day); err != nil {
			return err
		}
	}
}

// readingDigests commit to a day's lines under a secret that only the workspace's own key gives.
func (t *Tx) readingDigests(ctx context.Context, day string, lines []Reading) ([]tlog.Hash, error) {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return nil, err
	}
	secret := tlog.Secret([]byte(key.Blind("readings", day))) // 32 hex digits
	digests := make([]tlog.Hash, len(lines))
	for i, r := range lines {
		digests[i] = secret.Digest([]tlog.Field{{Name: "at", Value: r.At.Format(timeFormat)}, {Name: "place", Value: r.Place},
			{Name: "subject", Value: r.Subject}, {Name: "tier", Value: r.Tier}, {Name: "who", Value: r.Who}})
	}
	return digests, nil
}
