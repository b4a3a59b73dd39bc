package store

import (
	"context"

	"modernc.org/sqlite"
)

// writeBack moves pages from the write-ahead log into the database file when enough have gathered, as SQLite's automatic checkpoint
// does without telling when it fails.
func (p *pen) writeBack() error {
	if p.pages += p.written(); p.pages < p.bounds.pages {
		return nil
	}
	return p.checkpoint()
}

// checkpoint writes back what it can. Neither a full disk nor another program at work is a failure: the pages are safe in the log.
func (p *pen) checkpoint() error {
	var busy, total, moved int
	err := p.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &total, &moved)
	if err == nil {
		p.pages = max(0, total-moved) // readers can hold some back
		return nil
	}
	if ownFault(err) || noSpace(err) {
		return nil
	}
	return p.stop(err)
}

// written counts the pages written since it was last asked.
func (p *pen) written() (n int) {
	p.conn.Raw(func(c any) (err error) {
		n, _, err = c.(sqlite.DBStatus).Status(sqlite.DBStatusCacheWrite, true)
		return err
	})
	return n
}
