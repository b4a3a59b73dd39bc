package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/evaluation"
	"ward/fault"
	"ward/id"
	"ward/person"
	"ward/staff"
	"ward/store"
	"ward/text"
)

// EvaluationFile is one evaluation as its page needs it.
type EvaluationFile struct {
	evaluation.Evaluation
	Pseudonym string   // of the person
	CaseName  string   // "" where it belongs to none, or to one that the reader may not hear of
	Seconds   []string // ids of second evaluations of the same person that follow this one
	Alone     bool     // nobody else here could check it
	MayWrite  bool     // the reader is its clinician, or the operator
	MayCheck  bool     // the reader may be the colleague who reads it
	MaySign   bool
	Altered   bool // it is signed, and what is on record is not what was signed
}

// EvaluationRow is one evaluation in a list: nothing of what it says.
type EvaluationRow struct {
	ID, Person, Pseudonym, Case string
	State, Clinician, Checker   string
	Opened, Since               string // days
	Missing                     int    // what is missing before it can be read by a colleague
	Findings                    int
	Mine                        bool // it waits for the reader: to be written, checked or signed
	Altered                     bool
}

// EvaluationQuery is what somebody asks of the list; blank fields ask for everything.
type EvaluationQuery struct {
	State, Person, Case string
	Mine                bool
}

// noEvaluation is the answer about an evaluation that is not there, or of which the asker may not hear.
func noEvaluation(id string) error {
	return fault.New(fault.NotFound, "there is no evaluation %.40q", id).Do("look for it among the evaluations of your cases")
}

// onEvaluation folds one for somebody who may read it (T3): its clinician, the colleague who checks it, whoever is on its case or on another
// case of the person. To everybody else there is none.
func (d *Desk) onEvaluation(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, number string) (evaluation.Evaluation, error) {
	if err := who.May(act); err != nil {
		return evaluation.Evaluation{}, err
	}
	e, err := evaluation.Load(ctx, tx, number)
	if fault.Is(err, fault.NotFound) {
		return e, noEvaluation(number)
	}
	if err != nil {
		return e, err
	}
	if !d.seesEvaluation(ctx, tx, who, act, e) {
		return evaluation.Evaluation{}, noEvaluation(number)
	}
	if err := who.MayOn(act, given(number, e.Person, e.Case, e.Country)...); err != nil {
		return evaluation.Evaluation{}, err
	}
	return e, nil
}

// seesEvaluation reports whether somebody may read an evaluation.
func (d *Desk) seesEvaluation(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, e evaluation.Evaluation) bool {
	if onEveryCase(who) || e.Clinician == who.Name || e.Checker == who.Name {
		return true
	}
	if e.Case != "" {
		if _, err := d.onCase(ctx, tx, who, act, e.Case); err == nil {
			return true
		}
	}
	_, err := d.onPerson(ctx, tx, who, act, e.Person)
	return err == nil
}

// evaluationsOf are all evaluations of a person, whoever asks.
func evaluationsOf(ctx context.Context, tx *store.Tx, personID string) ([]evaluation.Evaluation, error) {
	all, err := evaluation.All(ctx, tx)
	return slices.DeleteFunc(all, func(e evaluation.Evaluation) bool { return e.Person != personID }), err
}

// Evaluations lists those that somebody may read, what waits for them first, then the newest.
func (d *Desk) Evaluations(ctx context.Context, who access.Actor, q EvaluationQuery) (out []EvaluationRow, err error) {
	if err := d.read(ctx, who, access.WriteEvaluations, access.Page, "evaluations"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := evaluation.All(ctx, tx)
		for _, e := range all {
			if !d.seesEvaluation(ctx, tx, who, access.WriteEvaluations, e) {
				continue
			}
			row := evaluationRow(e, who)
			if p, err := person.Load(ctx, tx, e.Person); err == nil {
				row.Pseudonym = p.Pseudonym
			}
			if q.asksFor(row) {
				out = append(out, row)
			}
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b EvaluationRow) int {
		if a.Mine != b.Mine {
			return map[bool]int{true: -1, false: 1}[a.Mine]
		}
		return strings.Compare(b.ID, a.ID)
	})
	return out, err
}

func (q EvaluationQuery) asksFor(r EvaluationRow) bool {
	return (q.State == "" || q.State == r.State) && (q.Person == "" || q.Person == r.Person) && (q.Case == "" || q.Case == r.Case) && (!q.Mine || r.Mine)
}

func evaluationRow(e evaluation.Evaluation, who access.Actor) EvaluationRow {
	r := EvaluationRow{ID: e.ID, Person: e.Person, Case: e.Case, State: e.State, Clinician: e.Clinician, Checker: e.Checker, Findings: len(e.Findings),
		Opened: e.Opened.Format("2006-01-02"), Since: e.Since.Format("2006-01-02"), Altered: e.Frozen() && !e.Intact()}
	if !e.Frozen() {
		r.Missing = len(e.Lacks(evaluation.Drafted))
	}
	switch e.State {
	case evaluation.Requested, evaluation.Consented, evaluation.Examined, evaluation.PeerChecked:
		r.Mine = e.Clinician == who.Name
	case evaluation.Drafted:
		r.Mine = e.Checker == who.Name
	}
	return r
}

// Evaluation opens one.
func (d *Desk) Evaluation(ctx context.Context, who access.Actor, number string) (f EvaluationFile, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		f, err = d.evaluationFile(ctx, tx, who, number)
		return err
	})
	if err != nil {
		return f, err
	}
	return f, d.read(ctx, who, access.WriteEvaluations, access.Page, number)
}

func (d *Desk) evaluationFile(ctx context.Context, tx *store.Tx, who access.Actor, number string) (f EvaluationFile, err error) {
	if f.Evaluation, err = d.onEvaluation(ctx, tx, who, access.WriteEvaluations, number); err != nil {
		return f, err
	}
	p, err := person.Load(ctx, tx, f.Person)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return f, err
	}
	f.Pseudonym = p.Pseudonym
	if f.Case != "" {
		if top, err := d.caseTop(ctx, tx, who, f.Case); err == nil {
			f.CaseName = top.Name
		}
	}
	others, err := evaluationsOf(ctx, tx, f.Person)
	for _, o := range others {
		if o.Second == number {
			f.Seconds = append(f.Seconds, o.ID)
		}
	}
	if err != nil {
		return f, err
	}
	f.Alone, err = d.aloneEvaluating(ctx, tx)
	own := text.Key(f.Clinician) == text.Key(who.Name)
	f.MayWrite, f.MaySign = own || onEveryCase(who), own
	f.MayCheck = f.Read(evaluation.Peer{Pass: false, Remark: "?", Digest: f.Digest()}, who.Name, f.Alone) == nil
	f.Altered = f.Frozen() && !f.Intact()
	return f, err
}

// aloneEvaluating reports that at most one person here could document ill-treatment, so that nobody can read it for them.
func (d *Desk) aloneEvaluating(ctx context.Context, tx *store.Tx) (bool, error) {
	people, _, err := staff.Load(ctx, tx)
	n := 0
	for _, p := range people {
		if p.Actor(d.Today()).Can(access.WriteEvaluations) {
			n++
		}
	}
	return n <= 1, err
}

// RequestEvaluation puts on record that an evaluation was asked for, and returns its id. Who may ask is on a case of the person or made them.
func (d *Desk) RequestEvaluation(ctx context.Context, who access.Actor, r evaluation.Request) (number string, err error) {
	if err := who.MayOn(access.WriteEvaluations, given(r.Person, r.Case, r.Country)...); err != nil {
		return "", err
	}
	if err := r.Check(); err != nil {
		return "", err
	}
	if err := d.onlyInvented(r.Country); err != nil {
		return "", err
	}
	number = id.New(d.db.Now())
	return number, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if err := d.holdsRequest(ctx, tx, who, r); err != nil {
			return err
		}
		_, err := evaluation.Add(ctx, tx, evaluation.KindRequest, number, r)
		return err
	})
}

// holdsRequest holds a request to the person, the case and the evaluation that it names, and to the people who can do it.
func (d *Desk) holdsRequest(ctx context.Context, tx *store.Tx, who access.Actor, r evaluation.Request) error {
	if _, err := d.onPerson(ctx, tx, who, access.WriteEvaluations, r.Person); err != nil {
		return err
	}
	if r.Case != "" {
		c, err := d.onCase(ctx, tx, who, access.WriteEvaluations, r.Case)
		if err != nil {
			return err
		}
		if !slices.Contains(c.Persons(), r.Person) { // its team would read of somebody whom it does not know
			return fault.New(fault.Refused, "the case is not about this person").Keeping("nothing was written").Do("link the person to the case first")
		}
	}
	if r.Second != "" {
		first, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, r.Second)
		if err != nil {
			return err
		}
		if first.Person != r.Person || text.Key(first.Clinician) == text.Key(r.Clinician) {
			return fault.New(fault.Refused, "a second evaluation is of the same person, by another clinician").Keeping("nothing was written").Do("name another clinician")
		}
	}
	for _, name := range given(r.Clinician, r.Checker) {
		if err := d.mayEvaluate(ctx, tx, who, name); err != nil {
			return err
		}
	}
	return nil
}

// mayEvaluate refuses a name that is nobody's here who may document ill-treatment; whoever asks is somebody.
func (d *Desk) mayEvaluate(ctx context.Context, tx *store.Tx, who access.Actor, name string) error {
	if name == who.Name {
		return nil
	}
	people, _, err := staff.Load(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range people {
		if a := p.Actor(d.Today()); a.Name == name && a.Can(access.WriteEvaluations) {
			return nil
		}
	}
	return fault.New(fault.Refused, "%.80s is nobody here who documents ill-treatment", name).Keeping("nothing was written").Do("take somebody from the list")
}

// Evaluators are the names of those who may document ill-treatment here, who asks among them.
func (d *Desk) Evaluators(ctx context.Context, who access.Actor) (out []string, err error) {
	if err := who.May(access.WriteEvaluations); err != nil {
		return nil, err
	}
	people, err := d.people(ctx)
	out = []string{who.Name}
	for _, p := range people {
		if a := p.Actor(d.Today()); a.Can(access.WriteEvaluations) && !slices.Contains(out, a.Name) {
			out = append(out, a.Name)
		}
	}
	return out, err
}
