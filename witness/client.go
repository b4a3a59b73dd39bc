package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ward/fault"
	"ward/tlog"
)

const (
	patience  = 30 * time.Second // for one answer, connecting included; onion services are slow
	maxAnswer = 64 << 10         // bytes: signature lines of several keys, post-quantum ones included
)

// Unknown is the size held by a witness that did not say one.
const Unknown int64 = -1

// ErrUnreachable marks the error of a witness that gave no judgement: no connection, no answer in time, overload, or something
// that is no witness at that address. Every other error is the witness's refusal.
var ErrUnreachable = errors.New("no judgement")

// Ask requests a cosignature from the witness whose submission prefix is prefix. It returns the signature lines as the witness
// sent them, not yet verified, and the size that the witness holds, or Unknown. Where that is not req.Old the error is a
// Conflict: ask again with a proof from it, or, where it is larger than the checkpoint, learn that this log was rolled
// back. The client's own settings (proxy, roots) are used, but no redirect is followed: a key stands for one address.
func Ask(ctx context.Context, client *http.Client, prefix string, req tlog.WitnessRequest) (lines []byte, held int64, err error) {
	checkpoint, err := tlog.ReadCheckpoint(req.Checkpoint)
	if err != nil {
		return nil, Unknown, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	response, err := post(ctx, client, prefix, req.Marshal())
	if err != nil {
		return nil, Unknown, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, Unknown, unreachable(ctx, err, "the witness's answer broke off")
	}
	if len(body) > maxAnswer {
		return nil, Unknown, unreachable(ctx, nil, "the witness's answer is longer than a witness's can be")
	}
	switch response.StatusCode {
	case http.StatusOK:
		return body, checkpoint.Size, nil
	case http.StatusConflict:
		return conflict(ctx, response.Header.Get("Content-Type"), body, req.Old, checkpoint.Size)
	}
	return nil, Unknown, declined(ctx, response.StatusCode)
}

func post(ctx context.Context, client *http.Client, prefix string, body []byte) (*http.Response, error) {
	u, err := url.Parse(prefix)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fault.Wrap(ErrUnreachable, fault.Invalid, "the witness's address cannot be read").Do("write it as https://host/path, without add-checkpoint")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.JoinPath("add-checkpoint").String(), bytes.NewReader(body))
	if err != nil {
		return nil, fault.Wrap(because(err), fault.Internal, "the request cannot be made")
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	steady := *client
	steady.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := steady.Do(request)
	if err != nil {
		return nil, unreachable(ctx, err, "the witness does not answer")
	}
	return response, nil
}

// conflict reads a 409: a size other than the old one, or another root at the checkpoint's own size.
func conflict(ctx context.Context, kind string, body []byte, old, own int64) ([]byte, int64, error) {
	held, err := parseSize(body)
	kind, _, _ = strings.Cut(kind, ";")
	if kind != SizeType || err != nil {
		return nil, Unknown, unreachable(ctx, nil, "the witness reports a conflict without saying the size it holds")
	}
	switch {
	case held == old && old == own:
		return nil, held, forked("the witness holds another tree of the same size")
	case held == old:
		return nil, Unknown, unreachable(ctx, nil, "the witness reports a conflict with the size it holds itself")
	}
	return nil, held, fault.New(fault.Conflict, "the witness holds a tree of %d leaves", held).Do("ask again with a proof from that size")
}

// parseSize reads a decimal without sign or leading zeroes, and its newline.
func parseSize(body []byte) (int64, error) {
	text := strings.TrimSuffix(string(body), "\n")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fault.New(fault.Invalid, "not a size")
	}
	return n, nil
}

// declined says in words what a status other than 200 and 409 means.
func declined(ctx context.Context, status int) error {
	switch status {
	case http.StatusNotFound:
		return fault.New(fault.NotFound, "the witness does not watch this log").Do("send its keeper this log's verifier key, and check the address")
	case http.StatusForbidden:
		return fault.New(fault.Refused, "the witness knows this log under another key").Do("compare the verifier key with the witness's keeper")
	case http.StatusUnprocessableEntity:
		return forked("the witness finds that this tree does not continue the one it cosigned before")
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return fault.New(fault.Invalid, "the witness cannot read the request (status %d)", status).Do("compare the versions of both programs")
	}
	return unreachable(ctx, nil, "the witness gives no judgement at present (status "+strconv.Itoa(status)+")")
}

func forked(what string) error {
	return fault.New(fault.Refused, "%s", what).Keeping("nothing was cosigned").
		Do("find out whether this log was restored from an older copy, or whether two programs write to it; run ward doctor")
}

// unreachable tells a person's stop from a witness's silence.
func unreachable(ctx context.Context, cause error, what string) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fault.Wrap(because(cause), fault.Cancelled, "asking the witness was stopped")
	}
	return fault.Wrap(because(cause), fault.Refused, "%s", what).Keeping("the checkpoint waits").Do("try again later")
}

// because is ErrUnreachable with the reason, where there is one.
func because(cause error) error {
	if cause == nil {
		return ErrUnreachable
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, cause)
}
