package evaluation

import (
	"slices"
	"time"

	"ward/entry"
)

// Fold puts an evaluation together; false where nobody asked for one.
func Fold(id string, e Entries) (Evaluation, bool) {
	if len(e.Requests) == 0 {
		return Evaluation{}, false
	}
	first := e.Requests[0]
	out := Evaluation{ID: id, Request: e.Requests[len(e.Requests)-1].Body, Opened: first.At, OpenedBy: first.By, Parts: map[string]Part{}, Addenda: e.Addenda, Moves: e.Moves}
	for _, p := range e.Parts {
		out.Parts[p.Body.Section] = p.Body
	}
	out.Findings, out.Photos = findingsOf(e.Findings), photosOf(e.Photos, e.Captions)
	out.Writers = writersOf(e)
	if n := len(e.Interpreters); n > 0 {
		out.Box = e.Interpreters[n-1].Body.Box
	}
	if n := len(e.Consents); n > 0 {
		out.Consent, out.Asked = e.Consents[n-1].Body, true
	}
	out.steps(e)
	out.asSigned(e)
	return out, true
}

// asSigned notes the consent and the request as they stood when it was signed: what is withdrawn or reassigned later changes nothing of what was
// stated then.
func (e *Evaluation) asSigned(in Entries) {
	e.signedAs, e.signedReq = e.Consent, e.Request
	if e.Signature == nil {
		return
	}
	for _, c := range in.Consents {
		if !c.At.After(e.Signature.At) {
			e.signedAs = c.Body
		}
	}
	for _, r := range in.Requests {
		if !r.At.After(e.Signature.At) {
			e.signedReq = r.Body
		}
	}
}

// steps finds the state: the moves, the readings and the signature in the order in which they were made.
func (e *Evaluation) steps(in Entries) {
	e.State, e.Since = Requested, e.Opened
	type step struct {
		at time.Time
		to string
	}
	var all []step
	for _, m := range in.Moves {
		all = append(all, step{m.At, m.Body.To})
	}
	for i, p := range in.Peers {
		to := Examined
		if p.Body.Pass {
			to = PeerChecked
		}
		all = append(all, step{p.At, to})
		e.Peer = &in.Peers[i]
	}
	for _, s := range in.Signatures {
		all = append(all, step{s.At, Signed})
	}
	slices.SortStableFunc(all, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range all {
		e.State, e.Since = s.to, s.at
	}
	if len(in.Signatures) > 0 {
		e.Signature = &in.Signatures[0]
	}
}

func findingsOf(entries []entry.Entry[Finding]) (out []Finding) {
	for _, e := range entries {
		at := slices.IndexFunc(out, func(f Finding) bool { return f.Finding == e.Body.Finding })
		if at < 0 {
			out = append(out, e.Body)
			continue
		}
		out[at] = e.Body
	}
	return slices.DeleteFunc(out, func(f Finding) bool { return f.Removed })
}

func photosOf(photos []entry.Entry[Photo], captions []entry.Entry[Caption]) (out []KeptPhoto) {
	for i, p := range photos {
		k := KeptPhoto{Number: i + 1, Entry: p.ID, File: p.Body.File, Caption: p.Body.Caption, By: p.By, At: p.At}
		for _, c := range captions {
			if c.Body.Of == p.ID {
				k.Caption = c.Body
			}
		}
		if !k.Caption.Removed {
			out = append(out, k)
		}
	}
	return out
}

func writersOf(e Entries) (out []string) {
	add := func(by string) {
		if !slices.Contains(out, by) {
			out = append(out, by)
		}
	}
	for _, p := range e.Parts {
		add(p.By)
	}
	for _, f := range e.Findings {
		add(f.By)
	}
	for _, p := range e.Photos {
		add(p.By)
	}
	return out
}
