package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"ward/intake"
	"ward/store"
	"ward/tlog"
)

// actMove is the act of journal rows that take in what Ward's first version kept in clear.
const actMove = "workspace.move"

// settingMoved holds, once the records are moved, how many of each kind there were.
const settingMoved = "moved"

// move seals what Ward's first version kept in clear, checks all of it against the clear records, and has those destroyed. It is one
// transaction: a crash leaves everything in clear, or everything sealed and at most the destruction to finish.
func (d *Desk) move(ctx context.Context, total int) error {
	clear := d.db.Clear()
	if clear == nil {
		return nil
	}
	err := clear.Leave(ctx, sequencer, func(tx *store.Tx) error {
		m := mover{ctx: ctx, clear: clear, tx: tx, total: total, told: d.place.Moving}
		moved, err := tx.Setting(ctx, settingMoved)
		if err == nil && moved == "" {
			err = m.all()
		}
		if err != nil {
			return err
		}
		return m.check()
	})
	if err != nil {
		return err
	}
	d.tellMoved(total, total)
	return nil
}

// announce counts what lies in clear and tells of it before anybody is asked for a passphrase.
func (d *Desk) announce(ctx context.Context) (total int, err error) {
	clear := d.db.Clear()
	if clear == nil {
		return 0, nil
	}
	counts, err := clear.Count(ctx)
	if err != nil {
		return 0, err
	}
	total = int(counts.Sum())
	d.tellMoved(0, total)
	return total, nil
}

func (d *Desk) tellMoved(done, total int) {
	if d.place.Moving != nil {
		d.place.Moving(done, total)
	}
}

// mover carries the clear records into sealed storage. It holds no more than a page of them at a time.
type mover struct {
	ctx     context.Context
	clear   *store.Clear
	tx      *store.Tx
	sources map[string]intake.Source
	total   int
	done    int
	told    func(done, total int) // may be nil
}

func (m *mover) all() error {
	for _, step := range []func() error{m.moveSources, m.moveRuns, m.moveReports, m.moveRejected, m.moveIncidents, m.moveCodings, m.moveTexts, m.moveJournal} {
		if err := step(); err != nil {
			return err
		}
	}
	return m.close()
}

// close writes down what was moved.
func (m *mover) close() error {
	counts, err := m.clear.Count(m.ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	if err := m.tx.SetSetting(m.ctx, settingMoved, string(body)); err != nil {
		return err
	}
	_, err = m.tx.Journal(m.ctx, actMove, store.Workspace, tlog.Hex(sha256.Sum256(body)))
	return err
}

// page ends the work on one page: its keys are not needed again.
func (m *mover) page(records int) {
	m.tx.Forget()
	if m.done += records; m.told != nil && m.done < m.total {
		m.told(m.done, m.total)
	}
}

func anyTwo[T any](T, T) bool { return true }

// inPages gathers what each tells into lists of at most batchRows, whose neighbours all go together, and gives them to fn.
func inPages[T any](each func(func(T) error) error, together func(a, b T) bool, fn func([]T) error) error {
	page := make([]T, 0, batchRows)
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		err := fn(page)
		page = page[:0]
		return err
	}
	err := each(func(x T) error {
		if len(page) == batchRows || len(page) > 0 && !together(page[len(page)-1], x) {
			if err := flush(); err != nil {
				return err
			}
		}
		page = append(page, x)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}
