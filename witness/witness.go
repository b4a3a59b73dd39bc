// Package witness watches logs of others and cosigns what they publish, and asks other witnesses to cosign for this log.
//
// Terms. A log is known by its origin, the first line of its checkpoints. A witness holds one checkpoint of each log that it
// watches: the last one it cosigned. A cosignature says that at its time this was the largest tree the witness had seen, and that
// it continues all it had cosigned before. A fork is a pair of checkpoints neither of which continues the other; a witness never
// cosigns both, so a log with two histories finds no quorum for the second. A log is rolled back when a witness has seen a larger
// tree than the log itself has.
//
// The protocol is C2SP tlog-witness, the signature C2SP tlog-cosignature (cosignature/v1). The rule itself is
// tlog.WitnessRequest.Consider; this package keeps the state and speaks HTTP. A witness cannot be told to stop watching a log:
// one that forgot would cosign a fork when it is told to begin again. For the same reason a witness whose database was lost, or restored
// from an older copy, needs a new key.
package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"ward/fault"
	"ward/tlog"
)

// Watched is one log with the checkpoint that is held of it.
type Watched struct {
	Origin     string
	Verifier   string // the log's key as a vkey, C2SP signed-note; its name is the origin
	Size       int64  // leaves of the tree held; 0 also before the first cosigning
	Root       string // hex; "" before the first cosigning
	Checkpoint []byte // as the log signed it; empty before the first cosigning
	Seen       int64  // when it was last cosigned, microseconds since 1970; 0 is never
}

// held is what a request is measured against.
func (w Watched) held() (tlog.Checkpoint, error) {
	c := tlog.Checkpoint{Origin: w.Origin, Size: w.Size}
	if w.Root == "" {
		return c, nil
	}
	root, err := tlog.ParseHash(w.Root)
	if err != nil {
		return c, fault.Wrap(err, fault.Internal, "the checkpoint held of a watched log is damaged").Do("run ward doctor")
	}
	c.Root = root
	return c, nil
}

// cosigned says in words when the log was last cosigned.
func (w Watched) cosigned() string {
	if w.Seen == 0 {
		return "never cosigned"
	}
	return "cosigned " + time.UnixMicro(w.Seen).UTC().Format(time.RFC3339)
}

// Digest is what the journal keeps of a cosigned checkpoint: hex SHA-256 of its text without signatures, which anybody can
// compute who has the checkpoint, whoever signed it since.
func Digest(signed []byte) string {
	text := signed
	if end := bytes.LastIndex(signed, []byte("\n\n")); end >= 0 {
		text = signed[:end+1]
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// originOf reads a log's key and gives its name, which is the origin of the log's checkpoints.
func originOf(verifier string) (string, error) {
	policy, err := tlog.ParsePolicy("log " + verifier + "\nquorum none\n")
	if err != nil || !slices.Equal(policy.Logs(), []string{verifier}) {
		return "", fault.New(fault.Invalid, "this is not the key of a log").Keeping("nothing was changed").
			Do("ask the log's keeper for its verifier key, which reads origin+id+key, and copy it whole")
	}
	origin, _, _ := strings.Cut(verifier, "+")
	return origin, nil
}
