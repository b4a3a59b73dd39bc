package web

import (
	"net/http"
	"net/url"
	"strings"

	"ward/commitment"
	"ward/fault"
	"ward/locale"
	"ward/text"
	"ward/vocab"
)

// commitmentForm is the form by which a commitment is opened or graded.
type commitmentForm struct {
	Action   string
	Standing bool       // it is still asked
	Typed    url.Values // what was typed, where it could not be taken
}

// Grades are what the form offers.
func (commitmentForm) Grades() []string { return commitment.Statuses()[1:] }

// MaxWhy and MaxAnswers are the lengths that the form allows, in characters.
func (commitmentForm) MaxWhy() int     { return commitment.MaxWhy }
func (commitmentForm) MaxAnswers() int { return commitment.MaxAnswers }

// commitmentView is one commitment with its history.
type commitmentView struct {
	view
	commitmentRow
	Problem string // why the form cannot stand; "" where nobody sent it
}

func (s *Site) commitment(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showCommitment(w, r, lang, nil, nil)
}

// showCommitment draws a commitment's page; typed is what was sent, wrong why it could not be taken.
func (s *Site) showCommitment(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	c, err := s.desk.Commitment(r.Context(), whoOf(r.Context()), r.PathValue("recommendation"), r.PathValue("addressee"))
	if err != nil {
		return err
	}
	row := s.rowOf(c, lang)
	row.Form.Typed = typed
	v := commitmentView{view: newView(r, lang, "commitments", row.Short+" "+c.Point+" · "+row.Name), commitmentRow: row}
	if state, is := strings.CutPrefix(c.Addressee, "State:"); is {
		v.Invented = vocab.Invented(state)
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "commitment", v)
}

// stateCommitment puts on record what the form says.
func (s *Site) stateCommitment(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "commitments", r.PathValue("recommendation"), r.PathValue("addressee")), s.takeCommitment(r, form)
	}, s.showCommitment)
}

func (s *Site) takeCommitment(r *http.Request, form url.Values) error {
	id, addressee := r.PathValue("recommendation"), r.PathValue("addressee")
	switch form.Get("do") {
	case "open":
		return s.desk.OpenCommitment(r.Context(), whoOf(r.Context()), id, addressee,
			commitment.Opening{Answers: form.Get("answers"), Due: text.Fold(form.Get("due")), Why: form.Get("reason")})
	case "grade":
		return s.desk.GradeCommitment(r.Context(), whoOf(r.Context()), id, addressee, commitment.Grading{Grade: form.Get("grade"),
			Evidence: strings.Fields(form.Get("evidence")), Why: form.Get("why"), Review: text.Fold(form.Get("review"))})
	}
	return fault.New(fault.Invalid, "the form says neither to open nor to grade").Keeping("nothing was written").Do("use the form of the page")
}

// proofLink is a piece of evidence with the page that shows it. Href is "" where this site has none: no page leads to other sites, which
// would learn who reads here.
type proofLink struct {
	Kind, Ref, Href string
}

// proofOf takes a reference apart.
func proofOf(ref string, lang locale.Lang) proofLink {
	p := proofLink{Kind: commitment.EvidenceKind(ref), Ref: ref}
	switch p.Kind {
	case commitment.Incident:
		p.Href = address(lang, "incidents", ref)
	case commitment.Cell:
		place := strings.Split(strings.TrimPrefix(ref, "cell:"), "/")
		p.Href = address(lang, append([]string{"states"}, place...)...)
	case commitment.Statement:
		p.Href = address(lang, "statements", strings.TrimPrefix(ref, "statement:"))
	}
	return p
}

// Proofs are the pieces of evidence of a grading, each with its page.
func (v commitmentRow) Proofs(g *commitment.Grading, lang string) (out []proofLink) {
	for _, ref := range g.Evidence {
		out = append(out, proofOf(ref, locale.Lang(lang)))
	}
	return out
}
