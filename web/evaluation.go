package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"ward/desk"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// evaluationsView lists the evaluations that somebody may read.
type evaluationsView struct {
	view
	desk.EvaluationQuery
	Rows []desk.EvaluationRow
}

// States are those by which the list is filtered.
func (evaluationsView) States() []string { return evaluation.States() }

// Filtered reports that the list is not whole.
func (v evaluationsView) Filtered() bool { return v.EvaluationQuery != desk.EvaluationQuery{} }

func (s *Site) evaluations(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := evaluationsView{view: newView(r, lang, "evaluations", locale.For(lang).T("evaluation.title")),
		EvaluationQuery: desk.EvaluationQuery{State: q.Get("state"), Person: q.Get("person"), Case: q.Get("case"), Mine: q.Get("mine") != ""}}
	if v.State != "" && !slices.Contains(evaluation.States(), v.State) {
		return fault.New(fault.Invalid, "no evaluation is in the state %.40q", v.State)
	}
	if v.Rows, err = s.desk.Evaluations(r.Context(), v.Me, v.EvaluationQuery); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, lang, "evaluations", v)
}

// evaluationNewView is the form on which an evaluation is asked for.
type evaluationNewView struct {
	view
	Typed   url.Values
	People  []string // who could examine, or check
	Problem string
}

func (s *Site) newEvaluation(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	typed := url.Values{"lang": {string(lang)}, "clinician": {whoOf(r.Context()).Name}}
	for _, name := range []string{"person", "case", "second"} {
		typed.Set(name, q.Get(name))
	}
	return s.showNewEvaluation(w, r, lang, typed, nil)
}

func (s *Site) showNewEvaluation(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) (err error) {
	v := evaluationNewView{view: newView(r, lang, "evaluations", locale.For(lang).T("evaluation.new")), Typed: typed}
	if v.People, err = s.desk.Evaluators(r.Context(), v.Me); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "evaluation_new", v)
}

func (s *Site) requestEvaluation(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		country, err := evaluationCountry(form.Get("country"))
		if err != nil {
			return "", err
		}
		id, err := s.desk.RequestEvaluation(r.Context(), whoOf(r.Context()), evaluation.Request{Person: form.Get("person"), Case: form.Get("case"), Country: country,
			Clinician: form.Get("clinician"), Checker: form.Get("checker"), AskedBy: form.Get("asked_by"), Purpose: form.Get("purpose"), Lang: form.Get("lang"), Second: form.Get("second")})
		return address(lang, "evaluations", id), err
	}, s.showNewEvaluation)
}

func evaluationCountry(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	code, ok := vocab.Country(typed)
	if !ok {
		return "", fault.New(fault.Invalid, "no State is called %.60q", typed).Keeping("nothing was written").Do("type its name or its three letters")
	}
	return code, nil
}

// evaluationView is one evaluation: what is filled in, what is missing, and what can be done now.
type evaluationView struct {
	view
	desk.EvaluationFile
	Progress []evaluation.Progress
	Lacks    []evaluation.Lack // before it can be read by a colleague
	Here     string            // the path of the page
	Typed    url.Values
	Problem  string
	People   []string
	Officers []string // to two of whom an interpreter's name is sealed; none where there are not two
	Visits   []entry.Entry[desk.VisitHome]
}

// MayEdit reports that whoever reads may write into its content now.
func (v evaluationView) MayEdit() bool { return v.MayWrite && v.Editable() }

// ByOne reports that whoever wrote it read it, because there is nobody else.
func (v evaluationView) ByOne() bool { return v.Peer != nil && v.Peer.Body.Alone }

// Sections are the sections in the order of the report.
func (evaluationView) Sections() []evaluation.Section { return evaluation.Sections() }

// saidPart is what one section says.
type saidPart struct {
	Section evaluation.Section
	Part    evaluation.Part
}

// PartOf is what one section says.
func (v evaluationView) PartOf(s evaluation.Section) saidPart { return saidPart{s, v.Parts[s.Key]} }

// Uses are what the person is asked to allow.
func (evaluationView) Uses() []string { return evaluation.Uses() }

// Recipients are those to whom it can be released.
func (evaluationView) Recipients() []string { return evaluation.Recipients() }

// Allows reports that the person allowed a use.
func (v evaluationView) Allows(use string) bool { return v.Consent.Allows(use) }

// Void is why the consent counts for nothing; "" where it counts.
func (v evaluationView) Void() string { return v.Consent.Void() }

// Steps are the moves that the page offers in one form; a release has its own.
func (v evaluationView) Steps() []string {
	return slices.DeleteFunc(slices.Clone(v.Next()), func(to string) bool { return to == evaluation.Released })
}

// StepWord is the word of a move: back to the examination is another than on to it.
func (v evaluationView) StepWord(to string) string {
	if to == evaluation.Examined && v.State != evaluation.Consented {
		return "evaluation.to.back"
	}
	return "evaluation.to." + to
}

// Lesser reports a step that does not lead on.
func (v evaluationView) Lesser(to string) bool {
	return to == evaluation.Stopped || v.StepWord(to) == "evaluation.to.back"
}

// Released are the releases, the oldest first.
func (v evaluationView) Released() []entry.Entry[evaluation.Move] {
	return slices.DeleteFunc(slices.Clone(v.Moves), func(m entry.Entry[evaluation.Move]) bool { return m.Body.To != evaluation.Released })
}

// Assigning fills the form that says who does it.
func (v evaluationView) Assigning() evaluationNewView {
	return evaluationNewView{Typed: url.Values{"clinician": {v.Clinician}, "checker": {v.Checker}}, People: v.People}
}

// foundRows are the findings of a kind as a table.
type foundRows struct {
	Rows     []foundRow
	Here     string
	Editable bool
}

// foundRow is a finding with its number in the report.
type foundRow struct {
	Number int
	ID     string
	evaluation.Finding
}

// FindingsOf are the findings of a kind.
func (v evaluationView) FindingsOf(kind string) foundRows {
	out := foundRows{Here: v.Here, Editable: v.MayEdit()}
	for _, r := range v.numberedFindings() {
		if r.Kind == kind {
			out.Rows = append(out.Rows, r)
		}
	}
	return out
}

func (v evaluationView) numberedFindings() (out []foundRow) {
	for i, f := range v.Evaluation.Findings {
		out = append(out, foundRow{i + 1, f.Finding, f})
	}
	return out
}

// captioning is the form of what is said of a photograph.
type captioning struct {
	evaluation.Caption
	Findings []foundRow
}

// Captioning is the form of what is said of a photograph.
func (v evaluationView) Captioning(c evaluation.Caption) captioning {
	return captioning{c, v.numberedFindings()}
}

// TypedCaption is what was typed of a photograph that was not kept.
func (v evaluationView) TypedCaption() evaluation.Caption { return captionTyped(v.Typed) }

// MostMB is how large a photograph may be.
func (evaluationView) MostMB() int { return evaluation.MaxFile >> 20 }

// Figures are the drawings on which something is marked, with their marks.
func (v evaluationView) Figures() (out []figure) {
	for _, d := range evaluation.Diagrams() {
		f := figure{Diagram: d}
		for i, x := range v.Evaluation.Findings {
			if x.View == d.View {
				f.Marks = append(f.Marks, f.mark(i+1, x.X, x.Y))
			}
		}
		if len(f.Marks) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// figure is a drawing with the marks on it.
type figure struct {
	evaluation.Diagram
	Marks []mark
}

// mark is a numbered place on a drawing, in its units. R is the radius of its circle.
type mark struct {
	Number  int
	X, Y, R float64
}

func (f figure) mark(number, x, y int) mark {
	at := f.At(x, y)
	return mark{number, at.X, at.Y, f.Height / 60}
}

// Points are the checks of a colleague.
func (evaluationView) Points() []string {
	var out []string
	for _, c := range vocab.Codes("peer_check") {
		out = append(out, c.Code)
	}
	return out
}

// Ticked reports that a point was ticked.
func (v evaluationView) Ticked(point string) bool { return slices.Contains(v.Typed["check"], point) }

// Day is the day of a form.
func (v evaluationView) Day() string { return v.Typed.Get("day") }

func (s *Site) evaluation(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showEvaluation(w, r, lang, nil, nil)
}

// showEvaluation draws one; typed is what was sent, wrong why it could not be taken.
func (s *Site) showEvaluation(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	return s.showEvaluationAs("evaluation", w, r, lang, typed, wrong)
}

func (s *Site) showEvaluationAs(page string, w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	f, err := s.desk.Evaluation(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"))
	if err != nil {
		return err
	}
	c := locale.For(lang)
	v := evaluationView{view: newView(r, lang, "evaluations", c.T("evaluation.one", cmp.Or(f.Pseudonym, "–"))), EvaluationFile: f, Progress: f.Evaluation.Progress(),
		Here: address(lang, "evaluations", f.ID), Typed: typed}
	if v.Typed == nil {
		v.Typed = url.Values{}
	}
	if v.Typed.Get("day") == "" {
		v.Typed.Set("day", s.desk.Today().String())
	}
	v.Invented = v.Invented || vocab.Invented(f.Country)
	if !f.Frozen() {
		v.Lacks = f.Lacks(evaluation.Drafted)
	}
	if v.People, err = s.desk.Evaluators(r.Context(), v.Me); err != nil {
		return err
	}
	if v.Officers, err = s.desk.EvaluationOfficers(r.Context(), v.Me); err != nil {
		return err
	}
	if v.Visits, err = s.desk.VisitsHome(r.Context(), v.Me, f.ID); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, page, v)
}

// stateEvaluation puts on record what a form of the page says.
func (s *Site) stateEvaluation(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "evaluations", r.PathValue("evaluation")), s.takeEvaluation(r, form)
	}, func(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
		page := "evaluation"
		if form.Get("do") == "sign" {
			page = "evaluation_sign"
		}
		return s.showEvaluationAs(page, w, r, lang, form, wrong)
	})
}

func (s *Site) takeEvaluation(r *http.Request, form url.Values) error {
	ctx, who, id := r.Context(), whoOf(r.Context()), r.PathValue("evaluation")
	switch form.Get("do") {
	case "move":
		return s.desk.MoveEvaluation(ctx, who, id, evaluation.Move{To: form.Get("to"), Why: form.Get("why"), Use: form.Get("use"), For: form.Get("for")})
	case "assign":
		return s.desk.ReassignEvaluation(ctx, who, id, evaluation.Request{Clinician: form.Get("clinician"), Checker: form.Get("checker"), AskedBy: form.Get("asked_by"),
			Purpose: form.Get("purpose"), Lang: form.Get("lang"), Why: form.Get("why")})
	case "peer":
		return s.desk.CheckEvaluation(ctx, who, id, evaluation.Peer{Pass: form.Get("pass") == "yes", Checks: ticksOf(form["check"]), Remark: form.Get("remark"), Digest: form.Get("digest")})
	case "sign":
		return s.desk.SignEvaluation(ctx, who, id, evaluation.Signature{Digest: form.Get("digest"), Name: form.Get("name"), Standing: form.Get("standing"), Place: form.Get("place"),
			Day: form.Get("day"), Truth: form.Get("truth") != ""})
	case "addendum":
		return s.desk.AddToEvaluation(ctx, who, id, evaluation.Addendum{Text: form.Get("text"), Known: form.Get("known"), Day: form.Get("day")})
	case "interpreter":
		return s.desk.SealInterpreter(ctx, who, id, desk.SourceContact{Name: form.Get("name"), Reach: form.Get("reach"), Note: form.Get("note")}, form["officer"])
	}
	return fault.New(fault.Invalid, "the form says nothing that can be done here").Keeping("nothing was written").Do("use a form of the page")
}

// signEvaluation shows what is to be signed and says what signing means.
func (s *Site) signEvaluation(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showEvaluationAs("evaluation_sign", w, r, lang, nil, nil)
}
