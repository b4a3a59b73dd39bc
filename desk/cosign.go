package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"ward/access"
	"ward/fault"
	"ward/store"
	"ward/tlog"
	"ward/witness"
)

// witnessPatience is how long one round of asking all witnesses may take; what is acknowledged never waits for it.
const witnessPatience = 30 * time.Second

// AddWitness names another association's server that is asked to cosign this log's checkpoints.
func (d *Desk) AddWitness(ctx context.Context, who access.Actor, w store.Witness) error {
	if err := who.May(access.ManageLog); err != nil {
		return err
	}
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fault.New(fault.Invalid, "%.100q is not the address of a witness", w.URL).Keeping("nothing was changed").Do("write https://host/prefix")
	}
	if w.Name, err = tlog.WitnessName(w.Verifier); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if err := tx.PutWitness(ctx, w); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "witness.add", w.Name, "")
		return err
	})
}

// RemoveWitness stops asking a witness.
func (d *Desk) RemoveWitness(ctx context.Context, who access.Actor, name string) error {
	if err := who.May(access.ManageLog); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		had, err := tx.RemoveWitness(ctx, name)
		if err != nil {
			return err
		}
		if !had {
			return fault.New(fault.NotFound, "there is no witness %.60q", name).Keeping("nothing was changed")
		}
		_, err = tx.Journal(ctx, "witness.remove", name, "")
		return err
	})
}

// Cosign asks the witnesses to cosign the newest checkpoint and keeps what they give; every answer is told. Without witnesses it does
// nothing.
func (d *Desk) Cosign(ctx context.Context, who access.Actor) ([]witness.Answer, error) {
	if err := who.May(access.FlushLog); err != nil {
		return nil, err
	}
	why, err := d.ReadOnly(ctx)
	if err != nil || why != "" {
		return nil, err
	}
	state, err := d.logState(ctx)
	if err != nil || len(state.Checkpoint) == 0 {
		return nil, err
	}
	result, err := d.gather(ctx, state)
	if err != nil || len(result.Answers) == 0 {
		return nil, err
	}
	if err := d.keepCosigned(ctx, state, result); err != nil {
		return result.Answers, err
	}
	return result.Answers, d.WriteLogFiles(ctx)
}

// gather shows a checkpoint to all witnesses and gives what they answer; nothing is kept.
func (d *Desk) gather(ctx context.Context, state store.LogState) (witness.Result, error) {
	var peers []witness.Peer
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.Witnesses(ctx)
		for _, w := range list {
			peers = append(peers, witness.Peer{Name: w.Name, URL: w.URL, Verifier: w.Verifier, Size: w.Size})
		}
		return err
	})
	if err != nil || len(peers) == 0 {
		return witness.Result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, witnessPatience)
	defer cancel()
	return witness.Gather(ctx, &http.Client{Timeout: witnessPatience}, peers, state.Checkpoint, func(old int64) (path []tlog.Hash, err error) {
		err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
			path, err = tlog.Consistency(tx.Tiles(ctx), old, state.Size)
			return err
		})
		return path, err
	}), nil
}

// TendLog closes the hours that are over and, when that made a new checkpoint or a witness has not cosigned the last one, asks them.
func (d *Desk) TendLog(ctx context.Context, who access.Actor) error {
	if err := d.CloseHours(ctx); err != nil {
		return err
	}
	head, err := d.LogHead(ctx, who)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(head.Witnesses, func(w store.Witness) bool { return w.Size < head.Size }) {
		return nil
	}
	answers, err := d.Cosign(ctx, who)
	for _, a := range answers {
		err = errors.Join(err, a.Err)
	}
	return err
}

// keepCosigned keeps the cosignatures, unless the log has grown in the meantime: the next round asks for that checkpoint.
func (d *Desk) keepCosigned(ctx context.Context, state store.LogState, result witness.Result) error {
	err := d.db.Write(ctx, sequencer, func(tx *store.Tx) error {
		for _, a := range result.Answers {
			if a.Outcome == witness.Cosigned || a.Outcome == witness.RolledBack {
				if err := tx.Cosigned(ctx, a.Name, a.Held); err != nil {
					return err
				}
			}
		}
		if string(result.Signed) == string(state.Checkpoint) {
			return nil
		}
		return tx.SwapCheckpoint(ctx, state, result.Signed)
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// Watch makes this workspace a witness of another association's log, by that log's key.
func (d *Desk) Watch(ctx context.Context, who access.Actor, verifier string) (origin string, err error) {
	if err := who.May(access.ManageLog); err != nil {
		return "", err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		origin, err = witness.Add(ctx, tx, verifier)
		return err
	})
	return origin, err
}

// Watched lists the logs that this workspace witnesses.
func (d *Desk) Watched(ctx context.Context, who access.Actor) (out []witness.Watched, err error) {
	if err := d.read(ctx, who, access.ReadLog, access.LogFile, "watched"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = witness.List(ctx, tx)
		return err
	})
	return out, err
}

// Witness is the witness's handler and the public key by which others check its cosignatures. The key is made at first use.
func (d *Desk) Witness(ctx context.Context, who access.Actor) (http.Handler, string, error) {
	if err := who.May(access.ManageLog); err != nil {
		return nil, "", err
	}
	signer, err := d.witnessKey(ctx, who)
	if err != nil {
		return nil, "", err
	}
	verifier, err := tlog.VerifierOf(signer)
	if err != nil {
		return nil, "", err
	}
	w := witness.Witness{
		Read:   d.db.Read,
		Within: func(ctx context.Context, fn func(*store.Tx) error) error { return d.db.Write(ctx, "witness", fn) },
		Cosign: func(signed []byte) ([]byte, error) { return tlog.Cosign(signer, signed, d.db.Now()) },
	}
	return w.Handler(), verifier, nil
}

// witnessKey finds the key that cosigns, or makes it.
func (d *Desk) witnessKey(ctx context.Context, who access.Actor) (signer string, err error) {
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		have, err := tx.Secret(secretWitness)
		if signer = string(have); err != nil || signer != "" {
			return err
		}
		made, verifier, err := tlog.NewWitnessSigner(tx.Origin() + "/witness")
		if err != nil {
			return err
		}
		if err := tx.KeepSecret(ctx, secretWitness, []byte(made)); err != nil {
			return err
		}
		signer = made
		_, err = tx.Journal(ctx, "witness.key", store.Workspace, witness.Digest([]byte(verifier)))
		return err
	})
	return signer, err
}
