package store

import "context"

// Scrub overwrites what replaced or deleted rows left behind, as far as this database lets anybody: on SQLite it writes the whole
// write-ahead log back and empties it, while deleted content in the file is overwritten as it goes. left says in a sentence what
// nevertheless remains; "" is nothing that Ward knows of.
func (db *DB) Scrub(ctx context.Context) (left string, err error) {
	if db.postgres {
		return "PostgreSQL keeps replaced rows in its files until VACUUM FULL, and in its write-ahead log and archives until they are recycled: " +
			"Ward cannot overwrite them", nil
	}
	busy, err := db.pen.empty(ctx)
	if busy {
		left = "another program was reading, so the write-ahead log still holds replaced rows: they go when every Ward that uses this workspace has ended"
	}
	return left, err
}

// empty writes the whole log back in its turn and cuts it to nothing. busy says that a reader stood in the way for too long.
func (p *pen) empty(ctx context.Context) (busy bool, err error) {
	err = p.run(ctx, apart, func(*place) error {
		if err := p.refused(); err != nil {
			return err
		}
		var total, moved int
		if err := p.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &total, &moved); err != nil {
			return p.failed(err)
		}
		p.pages = max(0, total-moved)
		return nil
	})
	return busy, err
}
