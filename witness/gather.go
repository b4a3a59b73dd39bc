package witness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"ward/fault"
	"ward/tlog"
)

// Peer is a witness that this log asks.
type Peer struct {
	Name     string // as in the policy
	URL      string // submission prefix
	Verifier string // vkey of a cosignature/v1 key
	Size     int64  // what it held when last heard; 0 when unknown
}

// Outcome is what came of asking one witness.
type Outcome string

const (
	Cosigned    Outcome = "cosigned"
	Refused     Outcome = "refused"     // it judged, and says no
	Unreachable Outcome = "unreachable" // it gave no judgement
	RolledBack  Outcome = "rolled back" // it says that it has seen a larger tree of this log; nothing proves a size but its word
	Unproved    Outcome = "unproved"    // this side could not prove what the witness needs: its own tree is damaged
)

// Answer is one witness's part in a Result.
type Answer struct {
	Name    string
	Outcome Outcome
	Held    int64     // the size it holds now as far as is known, for the next Peer.Size
	At      time.Time // when it cosigned, by its own clock, to the second
	Err     error     // why not; nil when cosigned
}

// Result is what all witnesses said.
type Result struct {
	Signed  []byte   // the checkpoint with every cosignature that was verified, in the order of the peers
	Answers []Answer // in the order of the peers
}

// Seen is the largest size that any witness claims beyond this log's own, or 0.
func (r Result) Seen() int64 {
	var most int64
	for _, a := range r.Answers {
		if a.Outcome == RolledBack {
			most = max(most, a.Held)
		}
	}
	return most
}

// together is how many witnesses are asked at once.
const together = 8

// Gather asks all witnesses to cosign a checkpoint, some at a time, and adds each cosignature that holds under its witness's key.
// prove gives the consistency proof from a smaller, non-empty tree to the checkpoint's; it is called by one goroutine at a time.
// A witness that holds another size than its Peer says is asked once more. Whether the cosignatures suffice is the policy's
// question (tlog.Policy.Judge).
func Gather(ctx context.Context, client *http.Client, witnesses []Peer, signed []byte, prove func(old int64) ([]tlog.Hash, error)) Result {
	g := gathering{client: client, signed: signed, prove: prove}
	answers, lines := make([]Answer, len(witnesses)), make([][]byte, len(witnesses))
	slots := make(chan struct{}, together)
	var wg sync.WaitGroup
	for i, p := range witnesses {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			answers[i], lines[i] = g.ask(ctx, p)
		})
	}
	wg.Wait()
	result := Result{Signed: signed, Answers: answers}
	for i, line := range lines {
		if line == nil {
			continue
		}
		more, err := tlog.AddCosignature(result.Signed, line)
		if err != nil {
			result.Answers[i].Outcome, result.Answers[i].Err = Refused, err
			continue
		}
		result.Signed = more
	}
	return result
}

// gathering is one checkpoint on its way to the witnesses.
type gathering struct {
	client *http.Client
	signed []byte
	mu     sync.Mutex
	prove  func(old int64) ([]tlog.Hash, error)
}

// ask brings one witness to its answer, and the verified line if it cosigned.
func (g *gathering) ask(ctx context.Context, p Peer) (Answer, []byte) {
	a := Answer{Name: p.Name, Held: p.Size}
	own, err := tlog.ReadCheckpoint(g.signed)
	if err != nil {
		a.Outcome, a.Err = Unproved, err
		return a, nil
	}
	lines, held, err := g.request(ctx, p, own, min(p.Size, own.Size))
	if fault.Is(err, fault.Conflict) && held <= own.Size {
		lines, held, err = g.request(ctx, p, own, held)
	}
	if held != Unknown {
		a.Held = held
	}
	if err != nil {
		a.Outcome, a.Err = outcome(err, held, own.Size), err
		return a, nil
	}
	line, at, err := tlog.Cosignature(g.signed, lines, p.Verifier)
	if err != nil {
		a.Outcome, a.Err = Refused, fault.Wrap(err, fault.Refused, "the witness's answer is no cosignature by the key known for it").
			Keeping("its answer was thrown away").Do("compare the verifier key with the witness's keeper")
		return a, nil
	}
	a.Outcome, a.At = Cosigned, at
	return a, line
}

// errProof marks a proof that this side could not make.
var errProof = errors.New("no proof")

// request asks once, with a proof from the old size.
func (g *gathering) request(ctx context.Context, p Peer, own tlog.Checkpoint, old int64) ([]byte, int64, error) {
	var proof []tlog.Hash
	if old > 0 && old < own.Size {
		var err error
		if proof, err = g.proof(old); err != nil {
			return nil, old, fault.Wrap(fmt.Errorf("%w: %w", errProof, err), fault.Internal, "the log cannot prove that it continues its own tree of %d leaves", old).
				Keeping("nothing was sent to the witness").Do("run ward doctor")
		}
	}
	return Ask(ctx, g.client, p.URL, tlog.WitnessRequest{Old: old, Proof: proof, Checkpoint: g.signed})
}

func (g *gathering) proof(old int64) ([]tlog.Hash, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.prove(old)
}

func outcome(err error, held, own int64) Outcome {
	switch {
	case errors.Is(err, errProof):
		return Unproved
	case errors.Is(err, ErrUnreachable):
		return Unreachable
	case fault.Is(err, fault.Conflict) && held > own:
		return RolledBack
	}
	return Refused
}
