package main

import (
	"ward/casework"
	"ward/desk"
	"ward/evaluation"
	"ward/person"
)

// evaluation is one that is being written: three findings, no degree of the whole yet.
func (m *demoCases) evaluation(id, about string) {
	if m.err != nil {
		return
	}
	number, err := m.d.RequestEvaluation(m.con.ctx, m.worker, evaluation.Request{Person: about, Case: id, Country: m.state, Clinician: m.worker.Name, AskedBy: "her lawyer",
		Purpose: "For the remand hearing: what the wrists show", Lang: "en"})
	if !m.keep(err) || !m.keep(m.d.KeepEvaluationConsent(m.con.ctx, m.worker, number, evaluation.Consent{Uses: map[string]string{"exam": "yes", "photos": "no", "lab": "not_asked", "patient": "yes", "lawyer": "yes", "court": "yes",
		"nma": "yes", "un": "not_asked", "publication": "no", "training": "no"}, Explained: true, Refusal: true, Free: true, Capacity: "yes", Lang: "tr", Method: "spoken", Day: m.day(-1)})) {
		return
	}
	for _, p := range m.heronsAccount() {
		m.keep(m.d.KeepEvaluationPart(m.con.ctx, m.worker, number, p))
	}
	for _, f := range heronsFindings() {
		_, err := m.d.KeepFinding(m.con.ctx, m.worker, number, f)
		m.keep(err)
	}
	for _, to := range []string{evaluation.Consented, evaluation.Examined} {
		m.keep(m.d.MoveEvaluation(m.con.ctx, m.worker, number, evaluation.Move{To: to}))
	}
}

// heronsAccount is what was written of the visit so far.
func (m *demoCases) heronsAccount() []evaluation.Part {
	return []evaluation.Part{
		{Section: "circumstances", Values: map[string]string{"place": "Visitors' room of the holding cells, Mıriburç", "day": m.day(-1), "times": "10:10 to 11:05", "present": "The clinician and she; a guard behind the glass of the door",
			"officer": "sight", "restraints": "no", "interpreter": "none", "time": "short", "remote": "no"}, Known: map[string]string{"present": evaluation.Seen}},
		{Section: "allegations", Values: map[string]string{"summary": "Cuffed with the arms behind the back for most of the first night, and struck on the back with something flat.",
			"methods": "Tight cuffs; a forced position; blows"}, Known: map[string]string{"summary": evaluation.Told, "methods": evaluation.Told}},
		{Section: "symptoms", Values: map[string]string{"acute": "Both hands were numb until the morning.", "now": "Numb at the base of the left thumb; sleeps two hours at a time."},
			Known: map[string]string{"acute": evaluation.Told, "now": evaluation.Told}},
	}
}

func heronsFindings() []evaluation.Finding {
	return []evaluation.Finding{
		{Kind: evaluation.Physical, View: "front", X: 830, Y: 482, Part: "wrist", Side: "left", Type: "abrasion", Description: "Crusted abrasion round the wrist, widest on the side of the thumb", Length: 60, Width: 6,
			Colour: "brown", Shape: "band", Age: "about a week", Symptom: "numb at the base of the thumb", Known: evaluation.Seen, Methods: []string{"restraint"}, Alleged: "cuffs",
			Consistency: "highly_consistent", Why: "A band of even width round the whole wrist, with numbness where the nerve of the thumb runs", Differential: "A tight watch strap: it would not lie on both wrists"},
		{Kind: evaluation.Physical, View: "front", X: 170, Y: 482, Part: "wrist", Side: "right", Type: "abrasion", Description: "Two parallel lines across the back of the wrist", Length: 35, Width: 2, Colour: "brown",
			Known: evaluation.Seen, Methods: []string{"restraint"}, Alleged: "cuffs", Consistency: "consistent", Why: "Its place and age fit; so would other edges"},
		{Kind: evaluation.Psychological, Type: "reliving", Description: "Starts at the sound of keys, loses the thread and breathes fast for a minute; twice during the visit", Known: evaluation.Seen,
			Alleged: "the first night", Consistency: "consistent", Why: "Expected after what is told, and not bound to it", Differential: "Lack of sleep; low blood sugar was measured and excluded"},
	}
}

// advice is to a prison doctor before an order is obeyed.
func (m *demoCases) advice() {
	id := m.open(desk.NewCase{
		Opened:   casework.Opened{Kind: casework.Advice, Name: "Kingfisher", Summary: "A prison doctor calls from a friend's telephone."},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Kingfisher", Roles: []string{"health_worker"}, Profession: "physician", Country: m.state, Employer: "a prison", Member: "yes"}},
		Facts: []casework.Fact{
			{Section: "order", Values: map[string]string{"what": "Certify that a prisoner who refuses food can be fed by force.", "from": "the governor", "form": "spoken", "received": m.day(-1), "deadline": m.hour(40)}},
			{Section: "norm", Values: map[string]string{"clause": "WMA-TOKYO-2016:8", "bearing": "Nobody of sound judgement who refuses food is fed artificially; two doctors judge, and the order asks one."}}},
		Next: "Call back after the night shift", NextDue: m.hour(10),
	})
	m.fact(id, "advice", map[string]string{"text": "Do not certify. Ask for the order in writing. Ask for a second, independent doctor. Write down what the prisoner says, in the record.", "given": m.hour(-1)})
	m.moves(id, "norms_found", "advised")
	m.settle(id, "ask_decision")
}

// inquiry is an association's own, in which the physician was not heard yet.
func (m *demoCases) inquiry() {
	id := m.open(desk.NewCase{
		Opened: casework.Opened{Kind: casework.Inquiry, Name: "Granite", Summary: "Certificates from one police station say, week after week, that nobody was harmed."},
		Facts: []casework.Fact{
			{Section: "mandate", Values: map[string]string{"asked": "Who wrote them, whether anybody was examined, and whether the writer was free to write otherwise.", "from": "the ethics committee", "clause": "WMA-TOKYO-2016:4"}},
			{Section: "at_risk", Values: map[string]string{"at_risk": "unknown", "note": "Nobody has spoken to the writer. Asked through a colleague, not by letter."}},
			{Section: "step", Values: map[string]string{"what": "Asked for copies of ten certificates without the prisoners' names", "on": m.day(-2)}},
			{Section: "report_back", Values: map[string]string{"due": m.day(25), "to": "the ethics committee"}}},
	})
	m.moves(id, "accepted", "gathering")
	m.settle(id, "ask_risk")
}

// drill is a breach that is exercised.
func (m *demoCases) drill() {
	id := m.open(desk.NewCase{
		Opened: casework.Opened{Kind: casework.Breach, Name: "Lost laptop", Drill: true, Summary: "An exercise: a laptop with one visit copy stays behind in a train."},
		Facts: []casework.Fact{
			{Section: "suspicion", Values: map[string]string{"what": "The bag is not in the compartment.", "kind": "lost", "noticed": m.hour(-7)}},
			{Section: "awareness", Values: map[string]string{"at": m.hour(-6), "how": "The colleague called from the station."}},
			{Section: "containment", Values: map[string]string{"what": "Travel lock; the passphrase of the visit file is not used again.", "at": m.hour(-5)}}},
	})
	m.moves(id, "aware", "contained")
	m.settle(id, "assess_breach")
}
