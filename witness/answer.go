package witness

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"ward/tlog"
)

// SizeType is the content type of a 409: the size held, in decimal and a newline.
const SizeType = "text/x.tlog.size"

// refusal is an answer other than a cosignature. With status 409 it carries the size held instead of a sentence.
type refusal struct {
	status int
	words  string
	size   int64
}

func (r refusal) Error() string { return r.words }

var (
	errBusy      = refusal{status: http.StatusServiceUnavailable, words: "the witness is busy; ask again in a moment"}
	errTooOften  = refusal{status: http.StatusTooManyRequests, words: "this log was cosigned very often in this minute; ask again in the next"}
	errUnknown   = refusal{status: http.StatusNotFound, words: "this witness does not watch that log; ask its keeper to add the log's key"}
	errTooLarge  = refusal{status: http.StatusRequestEntityTooLarge, words: "the request is larger than 64 KiB"}
	errCut       = refusal{status: http.StatusBadRequest, words: "the request ended early"}
	errMalformed = refusal{status: http.StatusBadRequest, words: "the request is not an old size, a proof and a checkpoint as tlog-witness has them"}
	errSignature = refusal{status: http.StatusForbidden, words: "the checkpoint is not signed with the key that this witness knows for the log"}
	errForked    = refusal{status: http.StatusUnprocessableEntity, words: "the proof does not show that this tree continues the one that was cosigned before"}
	errDown      = refusal{status: http.StatusServiceUnavailable, words: "the witness cannot sign at present"}
)

// refuse turns what Consider says into a status of tlog-witness. A fork that the log's own key signed is worth a person's attention.
func refuse(err error, held Watched) error {
	if errors.Is(err, tlog.ErrFork) {
		slog.Warn("a watched log signed two trees of one size", "origin", held.Origin, "size", held.Size)
	}
	switch {
	case errors.Is(err, tlog.ErrBadSignature):
		return errSignature
	case errors.Is(err, tlog.ErrOldSize):
		return refusal{status: http.StatusConflict, size: held.Size}
	case errors.Is(err, tlog.ErrInconsistent):
		return errForked
	case errors.Is(err, tlog.ErrMalformed):
		return errMalformed
	}
	return err
}

// answer writes a result or a refusal. What is neither is a failure of this side: its text goes to the operator alone.
func answer(w http.ResponseWriter, body []byte, err error) {
	var no refusal
	if err != nil && !errors.As(err, &no) {
		slog.Error("the witness failed", "error", err)
		no = errDown
	}
	kind, status := "text/plain; charset=utf-8", http.StatusOK
	if err != nil {
		status, body = no.status, []byte(no.words+"\n")
	}
	if status == http.StatusConflict {
		kind, body = SizeType, fmt.Appendf(nil, "%d\n", no.size)
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "30")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body)
}
