package desk

import (
	"context"
	"strings"
	"time"

	"ward/access"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/tlog"
)

// LogHead is where the log stands.
type LogHead struct {
	Origin     string
	Verifier   string // public key, to be published and compared
	Size       int64
	Root       string    // tree hash in hex; "" before the first leaf
	Checkpoint string    // signed note
	Last       int64     // number of the newest journal row
	Waiting    int64     // journal rows whose hour is still open
	Closes     time.Time // when that hour is over
	Witnesses  []store.Witness
}

// LogHead tells where the log stands.
func (d *Desk) LogHead(ctx context.Context, who access.Actor) (head LogHead, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.LogFile, "log"); err != nil {
		return head, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		head, err = logHead(ctx, tx)
		return err
	})
	return head, err
}

func logHead(ctx context.Context, tx *store.Tx) (head LogHead, err error) {
	state, err := tx.LogState(ctx)
	if err != nil {
		return head, err
	}
	if head.Last, err = tx.Last(ctx); err != nil {
		return head, err
	}
	head.Origin, head.Size, head.Checkpoint, head.Waiting = tx.Origin(), state.Size, string(state.Checkpoint), head.Last-state.Number
	head.Closes = hourEnd(tx)
	if head.Verifier, err = logVerifier(tx); err != nil {
		return head, err
	}
	if c, err := tlog.ReadCheckpoint(state.Checkpoint); err == nil {
		head.Root = tlog.Hex(c.Root)
	}
	head.Witnesses, err = tx.Witnesses(ctx)
	return head, err
}

// hourEnd is when the running hour is over, and what waits gets its leaves.
func hourEnd(tx *store.Tx) time.Time { return tx.Now().Truncate(time.Hour).Add(time.Hour) }

// Acts lists journal rows before a number, the newest first; 0 begins with the newest.
func (d *Desk) Acts(ctx context.Context, who access.Actor, before int64, limit int) (out []store.Entry, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.LogFile, "acts"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.Before(ctx, before, limit)
		return err
	})
	return out, err
}

// Act is one journal row, with what its subject is.
type Act struct {
	store.Entry
	Incident string // public id; "" where the subject is no incident
	Series   string // of the source, where the subject is an import
}

// LogPage is where the log stands, and some of what was done.
type LogPage struct {
	LogHead
	Acts []Act
}

// LogPage tells where the log stands and lists the acts before a number, the newest first; 0 begins with the newest.
func (d *Desk) LogPage(ctx context.Context, who access.Actor, before int64, limit int) (page LogPage, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.LogFile, "acts"); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if page.LogHead, err = logHead(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Before(ctx, before, limit)
		if err != nil {
			return err
		}
		page.Acts, err = named(ctx, tx, rows)
		return err
	})
	return page, err
}

// named finds the incidents and imports that the subjects of journal rows are.
func named(ctx context.Context, tx *store.Tx, rows []store.Entry) ([]Act, error) {
	out, ids := make([]Act, len(rows)), make([]string, 0, len(rows))
	for i, e := range rows {
		out[i].Entry, ids = e, append(ids, e.Subject)
	}
	if len(rows) == 0 {
		return out, nil
	}
	known := map[string]string{}
	for _, w := range []incident.Where{{IDs: ids}, {PublicIDs: ids}} {
		err := incident.Each(ctx, tx, w, func(inc incident.Incident) error {
			known[inc.ID], known[inc.PublicID] = inc.PublicID, inc.PublicID
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range out {
		out[i].Incident = known[out[i].Subject]
	}
	return out, nameImports(ctx, tx, out)
}

// nameImports finds whose files the imports among the acts read.
func nameImports(ctx context.Context, tx *store.Tx, list []Act) error {
	series := map[string]string{}
	for i, a := range list {
		if !strings.HasPrefix(a.Act, "import.") {
			continue
		}
		if _, known := series[a.Subject]; !known {
			run, err := intake.RunByID(ctx, tx, a.Subject)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			series[a.Subject] = run.Series
		}
		list[i].Series = series[a.Subject]
	}
	return nil
}

// ActFile is one act with everything that is known of its leaf.
type ActFile struct {
	Act
	Last    int64     // number of the newest act
	Public  bool      // the leaf commits to Body, which everybody may read
	Opens   bool      // what opens a private leaf is still there
	Records int       // digests that a batch commits to; 0 for a single record
	Closes  time.Time // when the running hour is over
	Entries string    // path of the static file that holds the leaf, "" while it waits
	Place   int64     // of the leaf in that file, from 0
}

// Act opens one act by its number.
func (d *Desk) Act(ctx context.Context, who access.Actor, number int64) (file ActFile, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.LogFile, "acts"); err != nil {
		return file, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		file, err = actFile(ctx, tx, number)
		return err
	})
	return file, err
}

func actFile(ctx context.Context, tx *store.Tx, number int64) (file ActFile, err error) {
	if file.Last, err = tx.Last(ctx); err != nil {
		return file, err
	}
	if number < 1 || number > file.Last {
		return file, fault.New(fault.NotFound, "there is no act %d in the log", number).Do("choose one between 1 and %d", file.Last)
	}
	rows, err := tx.Since(ctx, number-1, 1)
	if err != nil {
		return file, err
	}
	list, err := named(ctx, tx, rows)
	if err != nil || len(list) == 0 || list[0].Number != number {
		return file, firstOf(err, fault.New(fault.Internal, "journal row %d is missing", number).Do("run ward doctor"))
	}
	file.Act, file.Closes, file.Public = list[0], hourEnd(tx), list[0].Body != ""
	opening, opens, err := tx.Opening(ctx, number)
	if err != nil {
		return file, err
	}
	file.Opens, file.Records = opens, len(opening.Leaves)
	return file, file.place(ctx, tx)
}

// place finds the static file that holds the leaf.
func (f *ActFile) place(ctx context.Context, tx *store.Tx) error {
	if f.Position < 0 {
		return nil
	}
	state, err := tx.LogState(ctx)
	if err != nil {
		return err
	}
	tile := f.Position / tileWidth
	f.Entries, f.Place = tlog.EntriesPath(tile, int(min(tileWidth, state.Size-tile*tileWidth))), f.Position%tileWidth
	return nil
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
