package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"ward/fault"
	"ward/store"
	"ward/tlog"
)

const (
	maxRequest = 64 << 10         // bytes: 63 hashes and a checkpoint with some hundred signatures
	concurrent = 16               // requests judged at once; the database writes one at a time anyway
	uploadTime = 10 * time.Second // for the request's body
	judgeTime  = 20 * time.Second // for the decision, waiting for the database included
)

// Transact runs fn in one transaction: reading, or writing and committing.
type Transact func(ctx context.Context, fn func(*store.Tx) error) error

// Cosigner signs a checkpoint with the witness's key at the present time and gives one signature line with its newline.
type Cosigner func(signed []byte) (line []byte, err error)

// Witness is what the service needs. Read decides on most requests, so that strangers do not queue for the write lock; only
// what will be cosigned reaches Within.
type Witness struct {
	Read   Transact
	Within Transact
	Cosign Cosigner
}

// Handler serves POST /add-checkpoint for logs and GET / for people.
func (w Witness) Handler() http.Handler {
	h := &handler{Witness: w, slots: make(chan struct{}, concurrent)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", h.add)
	mux.HandleFunc("GET /{$}", h.show)
	return mux
}

type handler struct {
	Witness
	slots chan struct{}
	pace  pace
}

func (h *handler) add(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(w, r)
	if err != nil {
		answer(w, nil, err)
		return
	}
	line, err := h.inSlot(r.Context(), func(ctx context.Context) ([]byte, error) { return h.decide(ctx, body) })
	answer(w, line, err)
}

// show tells people which logs are watched.
func (h *handler) show(w http.ResponseWriter, r *http.Request) {
	page, err := h.inSlot(r.Context(), h.page)
	answer(w, page, err)
}

// inSlot runs a request's work unless too many are running.
func (h *handler) inSlot(ctx context.Context, work func(context.Context) ([]byte, error)) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	default:
		return nil, errBusy
	}
	defer func() { <-h.slots }()
	ctx, cancel := context.WithTimeout(ctx, judgeTime)
	defer cancel()
	return work(ctx)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	connection := http.NewResponseController(w)
	// a connection that knows no deadline is a test's
	if err := connection.SetReadDeadline(time.Now().Add(uploadTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, errCut
	}
	defer connection.SetReadDeadline(time.Time{}) // it would end the request while it is judged
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, errTooLarge
	case err != nil:
		return nil, errCut
	}
	return body, nil
}

// decide gives the cosignature line for a request, or a refusal.
func (h *handler) decide(ctx context.Context, body []byte) ([]byte, error) {
	req, err := tlog.ParseWitnessRequest(body)
	if err != nil {
		return nil, errMalformed
	}
	claimed, err := tlog.ReadCheckpoint(req.Checkpoint)
	if err != nil {
		return nil, errMalformed
	}
	held, now, err := h.look(ctx, claimed.Origin)
	if err != nil {
		return nil, err
	}
	have, err := held.held()
	if err != nil {
		return nil, err
	}
	next, err := req.Consider(have, held.Verifier)
	if err != nil {
		return nil, refuse(err, held)
	}
	if !h.pace.allow(next, have, now) {
		return nil, errTooOften
	}
	line, err := h.cosign(ctx, held, next, req.Checkpoint)
	if fault.Is(err, fault.Conflict) {
		if held, _, err = h.look(ctx, claimed.Origin); err == nil {
			err = refusal{status: http.StatusConflict, size: held.Size}
		}
	}
	return line, err
}

// look finds a log and the time.
func (h *handler) look(ctx context.Context, origin string) (held Watched, now time.Time, err error) {
	err = h.Read(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now()
		held, err = Get(ctx, tx, origin)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		err = errUnknown
	}
	return held, now, err
}

// cosign keeps the next checkpoint, journals it and signs it, all or nothing. The line is given only when it is committed: a
// witness that dies before has cosigned nothing, one that dies after signs the same checkpoint again when asked.
func (h *handler) cosign(ctx context.Context, held Watched, next tlog.Checkpoint, signed []byte) ([]byte, error) {
	var line []byte
	err := h.Within(ctx, func(tx *store.Tx) (err error) {
		if err := Advance(ctx, tx, held, next, signed); err != nil {
			return err
		}
		if _, err := tx.Journal(ctx, "witness.cosign", held.Origin, Digest(signed)); err != nil {
			return err
		}
		line, err = h.Cosign(signed)
		return err
	})
	if err != nil {
		return nil, err
	}
	return line, nil
}

// page lists the watched logs, one line each.
func (h *handler) page(ctx context.Context) ([]byte, error) {
	var list []Watched
	err := h.Read(ctx, func(tx *store.Tx) (err error) { list, err = List(ctx, tx); return err })
	out := fmt.Appendf(nil, "This witness watches %d logs.\n\n", len(list))
	for _, x := range list {
		out = fmt.Appendf(out, "%s\n  size %d, %s\n", x.Origin, x.Size, x.cosigned())
	}
	return out, err
}
