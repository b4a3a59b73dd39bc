package tlog

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"ward/fault"
)

// Proof joins an entry of the log to a checkpoint: a C2SP tlog-proof file without extra data.
type Proof struct {
	Index      int64
	Path       []Hash
	Checkpoint []byte // signed and cosigned
}

const proofHeader = "c2sp.org/tlog-proof@v1\n"

// Marshal writes the file.
func (p Proof) Marshal() []byte {
	return append([]byte(proofHeader), marshalPath("index", p.Index, p.Path, p.Checkpoint)...)
}

// ParseProof reads a file in exactly the form that Marshal gives it; neither path nor signatures are checked. Errors are ErrMalformed.
func ParseProof(b []byte) (Proof, error) {
	rest, ok := bytes.CutPrefix(b, []byte(proofHeader))
	if !ok {
		return Proof{}, malformed("a proof does not begin as a tlog-proof does")
	}
	index, path, checkpoint, err := parsePath("index", rest)
	if err != nil {
		return Proof{}, fault.Wrap(err, fault.Invalid, "a proof cannot be read")
	}
	c, err := ReadCheckpoint(checkpoint)
	if err != nil {
		return Proof{}, fault.Wrap(err, fault.Invalid, "a proof's checkpoint cannot be read")
	}
	if index >= c.Size {
		return Proof{}, malformed("a proof is for an entry beyond its checkpoint")
	}
	return Proof{index, path, checkpoint}, nil
}

// marshalPath writes what proofs and requests have in common: a number with a word before it, hashes, a blank line, a checkpoint.
func marshalPath(word string, n int64, path []Hash, checkpoint []byte) []byte {
	out := fmt.Appendf(nil, "%s %d\n", word, n)
	for _, h := range path {
		out = append(base64.StdEncoding.AppendEncode(out, h[:]), '\n')
	}
	return append(append(out, '\n'), checkpoint...)
}

// parsePath reads what marshalPath wrote.
func parsePath(word string, b []byte) (n int64, path []Hash, checkpoint []byte, err error) {
	if len(b) > maxInput {
		return 0, nil, nil, fault.Wrap(ErrMalformed, fault.Limit, "it is larger than %d bytes", maxInput)
	}
	head, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	digits, named := strings.CutPrefix(lines[0], word+" ")
	n, good := number(digits)
	if !ok || !named || !good {
		return 0, nil, nil, malformed("it does not begin with a number and a path")
	}
	if len(lines)-1 > maxPath {
		return 0, nil, nil, malformed("its path is too long")
	}
	for _, line := range lines[1:] {
		h, ok := base64Hash(line)
		if !ok {
			return 0, nil, nil, malformed("its path has a line that is no hash")
		}
		path = append(path, h)
	}
	return n, path, checkpoint, nil
}
