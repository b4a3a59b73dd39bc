package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"ward/access"
	"ward/fault"
	"ward/store"
	"ward/witness"
)

// Rollback says how far back a restored log is behind what a witness has seen of it. That it saw more is the witness's word; nothing proves
// it. Until a person accepts it, the workspace is read-only: whatever was published since would get a second history.
type Rollback struct {
	Size    int64  `json:"size"` // leaves of the log here
	Seen    int64  `json:"seen"` // leaves that the witness has seen
	Witness string `json:"witness"`
}

func (r Rollback) String() string {
	return fmt.Sprintf("the log has %d leaves, and the witness %s has seen %d", r.Size, r.Witness, r.Seen)
}

func readRollback(text string) (r Rollback, err error) {
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fault.New(fault.Internal, "why this workspace is read-only cannot be read").Do("run ward doctor")
	}
	return r, nil
}

// rolledBack finds the witness that has seen most beyond this log; nil when none has.
func rolledBack(size int64, answers []witness.Answer) *Rollback {
	var out *Rollback
	for _, a := range answers {
		if a.Outcome == witness.RolledBack && (out == nil || a.Held > out.Seen) {
			out = &Rollback{Size: size, Seen: a.Held, Witness: a.Name}
		}
	}
	return out
}

// freeze makes a workspace read-only until AcceptRollback.
func freeze(ctx context.Context, tx *store.Tx, r Rollback) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return tx.Freeze(ctx, string(body))
}

// ReadOnly tells why nothing may be written, "" when something may.
func (d *Desk) ReadOnly(ctx context.Context) (string, error) {
	if !d.db.Frozen() {
		return "", nil
	}
	var what string
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) { what, err = tx.Frozen(ctx); return err })
	if err != nil || what == "" {
		return "", err
	}
	r, err := readRollback(what)
	return r.String(), err
}

// publicRollback is the body of the public leaf that says that a log began a second history, and from where.
type publicRollback struct {
	Day     string `json:"day"`
	Kind    string `json:"kind"` // rollback
	Seen    int64  `json:"seen"`
	Size    int64  `json:"size"`
	Version int    `json:"v"`
}

// AcceptRollback lets a restored workspace be written to again, and says openly in the log, at once, that leaves were lost. Nobody but a
// person may decide it: what was lost cannot be had back afterwards.
func (d *Desk) AcceptRollback(ctx context.Context, who access.Actor) (r Rollback, err error) {
	if err := who.May(access.ManageLog); err != nil {
		return r, err
	}
	err = d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		what, err := tx.Frozen(ctx)
		if err != nil {
			return err
		}
		if what == "" {
			return fault.New(fault.NotFound, "this workspace is not read-only").Keeping("nothing was changed")
		}
		if r, err = readRollback(what); err != nil {
			return err
		}
		body, err := json.Marshal(publicRollback{tx.Now().Format(time.DateOnly), "rollback", r.Seen, r.Size, 1})
		if err != nil {
			return err
		}
		if _, err := tx.JournalPublic(ctx, "log.rollback", store.Workspace, string(body)); err != nil {
			return err
		}
		return tx.Thaw(ctx)
	})
	if err != nil {
		return r, err
	}
	_, err = d.FlushLog(ctx, who)
	return r, err
}

// askWitnesses shows the log's newest checkpoint to its witnesses, without growing the log.
func (d *Desk) askWitnesses(ctx context.Context) (size int64, answers []witness.Answer, err error) {
	state, err := d.logState(ctx)
	if err != nil || len(state.Checkpoint) == 0 {
		return 0, nil, err
	}
	result, err := d.gather(ctx, state)
	return state.Size, result.Answers, err
}
