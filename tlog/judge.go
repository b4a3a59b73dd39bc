package tlog

import (
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ward/fault"
)

// Verdict is what a policy finds in a signed checkpoint.
type Verdict struct {
	Checkpoint Checkpoint
	Cosigners  []string    // witnesses who cosigned, as the policy calls them and in its order
	Times      []time.Time // what each of them states, to the second
	Needed     string      // the quorum, such as "2 of (a, b, c)" or "none"
	Quorum     bool        // whether the cosigners are enough
}

// Judge checks a checkpoint against the policy: it must be signed by the log that its origin names, and no signature by a known key
// may be wrong. Signatures by other keys are passed over. A quorum that is missed is no error. Errors are ErrMalformed, ErrUnknownKey
// when no known log has signed, and ErrSignature.
func (p *Policy) Judge(signed []byte) (Verdict, error) {
	known, err := p.verifiers()
	if err != nil {
		return Verdict{}, err
	}
	n, err := openNote(signed, known...)
	if err != nil {
		return Verdict{}, err
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Verdict{}, err
	}
	ours := func(l party) bool { _, ok := signature(n, l); return ok && l.key.name == c.Origin }
	if !slices.ContainsFunc(p.logs, ours) {
		return Verdict{}, fault.Wrap(ErrUnknownKey, fault.Invalid, "the checkpoint is not signed by a log of the policy")
	}
	v := Verdict{Checkpoint: c, Needed: p.quorum.String()}
	cosigned := map[string]bool{}
	for _, w := range p.witnesses {
		if s, ok := signature(n, w); ok {
			cosigned[w.name] = true
			v.Cosigners, v.Times = append(v.Cosigners, w.name), append(v.Times, cosignatureTime(s))
		}
	}
	v.Quorum = p.quorum.holds(cosigned)
	return v, nil
}

// verifiers check everybody whom the policy knows.
func (p *Policy) verifiers() ([]note.Verifier, error) {
	var list []note.Verifier
	for _, l := range p.logs {
		v, err := note.NewVerifier(l.key.String())
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	for _, w := range p.witnesses {
		list = append(list, cosigner{w.key})
	}
	return list, nil
}

// signature finds the verified signature of one party.
func signature(n *note.Note, by party) (note.Signature, bool) {
	i := slices.IndexFunc(n.Sigs, func(s note.Signature) bool { return s.Name == by.key.name && s.Hash == by.key.id() })
	if i < 0 {
		return note.Signature{}, false
	}
	return n.Sigs[i], true
}
