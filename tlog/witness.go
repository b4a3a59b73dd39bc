package tlog

import (
	"errors"

	"ward/fault"
)

// WitnessRequest asks a witness to cosign a checkpoint: the body of C2SP tlog-witness add-checkpoint.
type WitnessRequest struct {
	Old        int64  // size of the checkpoint that the witness holds
	Proof      []Hash // that the new tree begins with the old one
	Checkpoint []byte // signed by the log
}

// Marshal writes the body.
func (r WitnessRequest) Marshal() []byte { return marshalPath("old", r.Old, r.Proof, r.Checkpoint) }

// ParseWitnessRequest reads a body of up to 64 KiB in exactly the form that Marshal gives it. Its checkpoint's origin is found with
// ReadCheckpoint; the witness answers 404 when it does not know it. Errors are ErrMalformed.
func ParseWitnessRequest(b []byte) (WitnessRequest, error) {
	old, path, checkpoint, err := parsePath("old", b)
	if err != nil {
		return WitnessRequest{}, fault.Wrap(err, fault.Invalid, "a request to a witness cannot be read")
	}
	if _, err := ReadCheckpoint(checkpoint); err != nil {
		return WitnessRequest{}, fault.Wrap(err, fault.Invalid, "the checkpoint of a request to a witness cannot be read")
	}
	return WitnessRequest{old, path, checkpoint}, nil
}

// Consider decides as C2SP tlog-witness says. Held is the checkpoint of this log that the witness cosigned last, zero when none;
// verifier is the log's key. The checkpoint returned is to be kept before it is cosigned, if held has not changed meanwhile.
// Errors are ErrMalformed (400), ErrBadSignature (403), ErrOldSize (409, with the size held), ErrFork (409, and to be kept as evidence)
// and ErrInconsistent (422, and to be kept as evidence when the proof was honest).
func (r WitnessRequest) Consider(held Checkpoint, verifier string) (Checkpoint, error) {
	c, err := OpenCheckpoint(r.Checkpoint, verifier)
	switch {
	case errors.Is(err, ErrUnknownKey) || errors.Is(err, ErrSignature):
		return Checkpoint{}, fault.Wrap(ErrBadSignature, fault.Refused, "the checkpoint was not cosigned")
	case err != nil:
		return Checkpoint{}, err
	case r.Old > c.Size:
		return Checkpoint{}, malformed("the old size is larger than the new one")
	case r.Old != held.Size:
		return Checkpoint{}, fault.Wrap(ErrOldSize, fault.Conflict, "the old size is not %d, the size cosigned last", held.Size).
			Do("prove the checkpoint from there")
	case r.Old == c.Size && r.Old > 0 && len(r.Proof) == 0 && c.Root != held.Root:
		return Checkpoint{}, fault.Wrap(ErrFork, fault.Conflict, "another checkpoint of size %d was cosigned before", held.Size)
	}
	before := held.Root
	if held.Size == 0 {
		before = TreeHash(nil)
	}
	if VerifyConsistency(r.Proof, held.Size, before, c.Size, c.Root) != nil {
		return Checkpoint{}, fault.Wrap(ErrInconsistent, fault.Refused, "the checkpoint was not cosigned")
	}
	return c, nil
}
