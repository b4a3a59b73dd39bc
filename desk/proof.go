package desk

import (
	"context"

	"ward/audit"
	"ward/bundle"
	"ward/fault"
	"ward/incident"
	"ward/store"
	"ward/tlog"
)

// prover leads records to one checkpoint of the log, within one transaction.
type prover struct {
	ctx    context.Context
	tx     *store.Tx
	state  store.LogState
	events map[int64]*provenEvent // by journal number; nil for one that cannot be proved
}

// provenEvent is a journal row that the checkpoint holds.
type provenEvent struct {
	opening store.Opening
	proof   tlog.Proof
	batch   *tlog.Batch // of opening.Leaves
}

func newProver(ctx context.Context, tx *store.Tx) (*prover, error) {
	state, err := tx.LogState(ctx)
	return &prover{ctx: ctx, tx: tx, state: state, events: map[int64]*provenEvent{}}, err
}

// event opens a journal row and proves its leaf; nil while its hour is open, and for one whose opening was erased.
func (p *prover) event(number int64) (*provenEvent, error) {
	if e, known := p.events[number]; known {
		return e, nil
	}
	opening, ok, err := p.tx.Opening(p.ctx, number)
	if err != nil {
		return nil, err
	}
	proof, logged, err := p.inclusion(number)
	if err != nil {
		return nil, err
	}
	if ok && logged {
		p.events[number] = &provenEvent{opening, proof, tlog.NewBatch(opening.Leaves)}
	} else {
		p.events[number] = nil
	}
	return p.events[number], nil
}

// inclusion proves the leaf of a journal row; logged is false while its hour is open.
func (p *prover) inclusion(number int64) (proof tlog.Proof, logged bool, err error) {
	position, logged, err := p.tx.Position(p.ctx, number)
	if err != nil || !logged {
		return proof, false, err
	}
	path, err := tlog.Inclusion(p.tx.Tiles(p.ctx), p.state.Size, position)
	return tlog.Proof{Index: position, Path: path, Checkpoint: p.state.Checkpoint}, err == nil, err
}

// auditLog proves the incidents that an audit's extract holds; nil before the log's first checkpoint.
func (p *prover) auditLog(report *audit.Report) (*audit.Log, error) {
	if len(p.state.Checkpoint) == 0 {
		return nil, nil
	}
	verifier, err := logVerifier(p.tx)
	if err != nil {
		return nil, err
	}
	out := &audit.Log{Origin: p.tx.Origin(), Verifier: verifier, Checkpoint: string(p.state.Checkpoint), Events: []audit.Event{}, Records: []audit.Record{}, Pending: []string{}}
	ids := make([]string, len(report.Incidents))
	extract := map[string]*audit.Incident{}
	for i, inc := range report.Incidents {
		ids[i], extract[inc.ID] = inc.ID, inc
	}
	places := map[int64]int{}
	for len(ids) > 0 {
		n := min(len(ids), batchRows)
		list, err := incident.List(p.ctx, p.tx, incident.Where{PublicIDs: ids[:n]})
		if err != nil {
			return nil, err
		}
		for _, inc := range list {
			if err := p.addTo(out, places, inc, extract[inc.PublicID]); err != nil {
				return nil, err
			}
		}
		ids = ids[n:]
	}
	return out, nil
}

// addTo adds one incident's record to an audit's proofs: what the extract states is shown, and nothing that it keeps back.
func (p *prover) addTo(out *audit.Log, places map[int64]int, inc incident.Incident, extract *audit.Incident) error {
	event, err := p.event(inc.Journal)
	if err != nil {
		return err
	}
	if event == nil {
		out.Pending = append(out.Pending, inc.PublicID)
		return nil
	}
	place, known := places[inc.Journal]
	if !known {
		place = len(out.Events)
		places[inc.Journal] = place
		out.Events = append(out.Events, audit.Event{Opening: event.opening.Event.Open(nobody), Proof: audit.ProofPath(event.proof.Index, event.proof.Path)})
	}
	if inc.Leaf >= len(event.opening.Leaves) {
		return fault.New(fault.Internal, "the journal's batch %d is shorter than its records", inc.Journal).Do("run ward doctor")
	}
	path := event.batch.Path(inc.Leaf)
	out.Records = append(out.Records, audit.Record{Incident: inc.PublicID, Event: place, Batch: len(event.opening.Leaves),
		Proof: audit.ProofPath(int64(inc.Leaf), path), Shown: showIf(inc.Secret, inc.Fields(), extract.States)})
	return nil
}

// showIf shows the fields of a record whose name and value pass.
func showIf(secret tlog.Secret, fields []tlog.Field, pass func(name, value string) bool) []tlog.Shown {
	values := make(map[string]string, len(fields))
	for _, f := range fields {
		values[f.Name] = f.Value
	}
	return secret.Show(fields, func(name string) bool { return pass(name, values[name]) })
}

// nobody shows neither who nor when.
func nobody(string) bool { return false }

// logVerifier is the public key of this workspace's log.
func logVerifier(tx *store.Tx) (string, error) {
	signer, err := tx.Secret(secretLog)
	if err != nil {
		return "", err
	}
	return tlog.VerifierOf(string(signer))
}

// stillOpen says that a record cannot be proved yet.
func stillOpen() error {
	return fault.New(fault.Undecided, "the log does not hold this record yet: its hour is still open").Keeping("nothing was written").
		Do("wait until the hour is over, or close it now with `ward log flush`, which the log will show")
}

// chain leads one record to the checkpoint, for a bundle.
func (p *prover) chain(number int64, leaf int) (bundle.Record, error) {
	event, err := p.event(number)
	if err != nil {
		return bundle.Record{}, err
	}
	if event == nil {
		return bundle.Record{}, stillOpen()
	}
	out := bundle.Record{Opening: event.opening.Event.Open(func(name string) bool { return name == "at" }), Proof: event.proof}
	if leaves := event.opening.Leaves; len(leaves) > 0 {
		if leaf >= len(leaves) {
			return out, fault.New(fault.Internal, "the journal's batch %d is shorter than its records", number).Do("run ward doctor")
		}
		out.Batch = &bundle.Batch{Index: leaf, Size: len(leaves), Path: event.batch.Path(leaf)}
	}
	return out, nil
}
