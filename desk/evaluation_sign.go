package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/evaluation"
	"ward/fault"
	"ward/referral"
	"ward/store"
)

// MoveEvaluation takes a step. A release rests on the evaluation's own consent for that use, and on the person's consents and reviews as every
// disclosure does.
func (d *Desk) MoveEvaluation(ctx context.Context, who access.Actor, number string, m evaluation.Move) error {
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindMove, func(tx *store.Tx, e evaluation.Evaluation) (any, error) {
		if err := e.Advance(m); err != nil {
			return nil, err
		}
		if m.To == evaluation.Drafted || m.To == evaluation.Released {
			if err := accusesNobody(ctx, tx, e); err != nil {
				return nil, err
			}
		}
		if m.To != evaluation.Released {
			return m, nil
		}
		rests, err := d.releaseRests(ctx, tx, e, m)
		m.Rests = rests
		return m, err
	})
}

// accusesNobody refuses an evaluation that names somebody of a health profession who is said to have taken part (design 10.4): before a colleague
// reads it, while it can be written otherwise, and before it is given to anybody.
func accusesNobody(ctx context.Context, tx *store.Tx, e evaluation.Evaluation) error {
	all, err := peopleNamed(ctx, tx)
	if err != nil {
		return err
	}
	var accused []string
	for _, p := range all {
		if p.ID != e.Person && accusedClinician(p.Made) {
			accused = append(accused, p.called...)
		}
	}
	said, err := json.Marshal([]any{e.Parts, e.Findings, e.Photos, e.Addenda, e.AskedBy, e.Purpose})
	if err != nil {
		return fault.Wrap(err, fault.Internal, "an evaluation cannot be read")
	}
	if !referral.Mentions(strings.ReplaceAll(string(said), `\n`, " "), accused) {
		return nil
	}
	return fault.New(fault.Refused, "it names a health worker who is said to have taken part: nothing that leaves does").Keeping("it stays as it is").
		Do("write their function in the place of the name; where it is signed, make a second evaluation")
}

// purposes are the purposes of consent under which an evaluation goes to each recipient. The person's own copy needs none.
var purposes = map[string]string{"lawyer": "support", "court": "refer_court", "nma": "support", "un": "refer_un", "publication": "publication", "training": "training"}

// releaseRests finds the consents and reviews on which a release rests, or says what is missing.
func (d *Desk) releaseRests(ctx context.Context, tx *store.Tx, e evaluation.Evaluation, m evaluation.Move) ([]string, error) {
	purpose := purposes[m.Use]
	if purpose == "" {
		return nil, nil
	}
	var c casework.Case // whose detention file counts, whether or not it links the person still
	if e.Case != "" {
		var err error
		if c, err = caseIn(ctx, tx, e.Case); err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	classes := []string{"health", "events"}
	if len(e.Photos) > 0 {
		classes = append(classes, "pictures")
	}
	v, err := d.verdictOn(ctx, tx, e.Person, c, consent.Need{Purpose: purpose, Recipient: m.For, Classes: classes})
	if err != nil {
		return nil, err
	}
	if !v.May {
		return nil, fault.New(fault.Refused, "the person's consent does not carry this release: %s", v.Lacks).Keeping("nothing left").
			Do("record the consent, or the review of the risk, with the person; then release it")
	}
	return v.Rests, nil
}

// CheckEvaluation keeps a colleague's word on a draft.
func (d *Desk) CheckEvaluation(ctx context.Context, who access.Actor, number string, p evaluation.Peer) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		e, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, number)
		if err != nil {
			return err
		}
		if p.Alone, err = d.aloneEvaluating(ctx, tx); err != nil {
			return err
		}
		if err := e.Read(p, who.Name, p.Alone); err != nil {
			return err
		}
		p.Alone = p.Alone && e.OwnWord(who.Name)
		_, err = evaluation.Add(ctx, tx, evaluation.KindPeer, number, p)
		return err
	})
}

// SignEvaluation signs: from then on the content stands, and everything that follows is an addendum.
func (d *Desk) SignEvaluation(ctx context.Context, who access.Actor, number string, s evaluation.Signature) error {
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindSignature, func(_ *store.Tx, e evaluation.Evaluation) (any, error) {
		s.Alone = e.Peer != nil && e.Peer.Body.Alone
		return s, e.Sign(s, who.Name)
	})
}

// AddToEvaluation adds to what is signed.
func (d *Desk) AddToEvaluation(ctx context.Context, who access.Actor, number string, a evaluation.Addendum) error {
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindAddendum, func(_ *store.Tx, e evaluation.Evaluation) (any, error) { return a, e.Append(a) })
}

// EvaluationPhoto opens the photograph with a number, the first being 1, for a page that shows it.
func (d *Desk) EvaluationPhoto(ctx context.Context, who access.Actor, number string, n int) (p evaluation.KeptPhoto, r io.ReadCloser, err error) {
	f, err := d.Evaluation(ctx, who, number)
	if err != nil {
		return p, nil, err
	}
	for _, p := range f.Photos {
		if p.Number == n {
			r, err := d.openFile(p.File)
			return p, r, err
		}
	}
	return p, nil, fault.New(fault.NotFound, "this evaluation has no photograph %d", n)
}

// EvaluationPaper is what an evaluation's file is made of.
type EvaluationPaper struct {
	evaluation.Evaluation
	Digest    string // of what stands now
	Altered   bool
	Pseudonym string
	Pictures  map[int][]byte // by the photographs' numbers; nil where they are left out
}

// EvaluationTaking is what somebody takes away, and for whom.
type EvaluationTaking struct {
	Format   string
	To, Why  string
	Pictures bool
}

// TakeEvaluation gives what an evaluation's file is made of, after its line stands in the ledger. What is not signed leaves for nobody but who
// works on it, and says on every page that it is a draft.
func (d *Desk) TakeEvaluation(ctx context.Context, who access.Actor, number string, t EvaluationTaking) (out EvaluationPaper, err error) {
	f, err := d.Evaluation(ctx, who, number)
	if err != nil {
		return out, err
	}
	out = EvaluationPaper{Evaluation: f.Evaluation, Digest: f.Digest(), Altered: f.Altered, Pseudonym: f.Pseudonym}
	if t.Pictures {
		if out.Pictures, err = d.evaluationPictures(f.Photos); err != nil {
			return out, err
		}
	}
	line := store.Disclosure{Records: 1, To: t.To, Why: t.Why, What: fmt.Sprintf("evaluation %s %s", number, t.Format), Subjects: number}
	return out, d.disclose(ctx, who, access.OriginalFile, line)
}

func (d *Desk) evaluationPictures(photos []evaluation.KeptPhoto) (map[int][]byte, error) {
	out := map[int][]byte{}
	for _, p := range photos {
		r, err := d.openFile(p.File)
		if err != nil {
			return nil, err
		}
		out[p.Number], err = io.ReadAll(r)
		r.Close()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
