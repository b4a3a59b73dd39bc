package desk

import (
	"context"
	"errors"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/evaluation"
	"ward/staff"
	"ward/store"
)

// Kinds of notices about evaluations.
const (
	NoticeEvaluation = "evaluation_asked" // somebody asked one for an evaluation
	NoticeReading    = "evaluation_check" // a draft waits to be read by a colleague
	NoticeMending    = "evaluation_back"  // a colleague sent one's draft back
	NoticeSigning    = "evaluation_sign"  // a colleague found one's draft ready to be signed
)

// evaluationsChanged reports that something came on which calls about evaluations rest: who is on a case, and who is here, among it.
func evaluationsChanged(ctx context.Context, tx *store.Tx, _ string, after int64) (changed bool, err error) {
	for _, register := range []string{evaluation.Register, casework.Register, staff.Register} {
		one, failed := entry.Changed(ctx, tx, register, after)
		changed, err = changed || one, errors.Join(err, failed)
	}
	return changed, err
}

// evaluationCalls tell the clinician what came to them, and those who could read a draft that it waits.
func (d *Desk) evaluationCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	all, err := evaluation.All(ctx, tx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	alone, err := d.aloneEvaluating(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		c := call{act: access.WriteEvaluations, about: given(e.ID, e.Person, e.Case, e.Country), states: given(e.Country), Notice: Notice{Subject: e.ID, Path: []string{"evaluations", e.ID}}}
		if e.State == evaluation.Drafted {
			readers, err := d.readersOf(ctx, tx, e, alone)
			if err != nil {
				return nil, err
			}
			for _, c.to = range readers {
				c.Kind = NoticeReading
				out = append(out, c)
			}
			continue
		}
		c.to = e.Clinician
		if c.Kind = waitsForClinician(e); c.Kind != "" {
			out = append(out, c)
		}
	}
	return out, nil
}

// waitsForClinician is the kind of what the clinician is told, "" where they brought it there themselves.
func waitsForClinician(e evaluation.Evaluation) string {
	switch {
	case e.State == evaluation.Requested && e.OpenedBy != e.Clinician:
		return NoticeEvaluation
	case e.State == evaluation.PeerChecked:
		return NoticeSigning
	case e.State == evaluation.Examined && e.Peer != nil && !e.Peer.Body.Pass && e.Peer.At.Equal(e.Since):
		return NoticeMending
	}
	return ""
}

// readersOf are those who could read a draft: whoever was asked to; where nobody was, all who are on its case or another of the person, but
// not who wrote it. One who is alone reads it themselves.
func (d *Desk) readersOf(ctx context.Context, tx *store.Tx, e evaluation.Evaluation, alone bool) (out []string, err error) {
	switch {
	case alone:
		return []string{e.Clinician}, nil
	case e.Checker != "":
		return []string{e.Checker}, nil
	}
	cases, err := d.casesOfPerson(ctx, tx, e.Person)
	seen := map[string]bool{}
	for _, t := range cases {
		for _, m := range t.Team {
			if !seen[m.Name] && !e.OwnWord(m.Name) {
				seen[m.Name], out = true, append(out, m.Name)
			}
		}
	}
	return out, err
}
