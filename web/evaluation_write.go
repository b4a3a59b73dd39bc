package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/desk"
	"ward/evaluation"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// sectionView is the form of one section.
type sectionView struct {
	view
	desk.EvaluationFile
	Section       evaluation.Section
	Typed         url.Values
	Here          string // path of the evaluation
	Draft         bool   // what was typed before and not saved can be gone on with
	OfDraft       bool   // the form shows it
	Before, After string // neighbouring sections
	Problem       string
}

// Uses are what the person is asked to allow.
func (sectionView) Uses() []string { return evaluation.Uses() }

// Codes are the answers of a list.
func (sectionView) Codes(list string) []vocab.Code { return vocab.Codes(list) }

// Prompt is what helps to answer a field; "" where its name says it all.
func (v sectionView) Prompt(f evaluation.Field) string {
	c, key := locale.For(v.Lang), "evaluation.prompt."+v.Section.Key+"."+f.Key
	if !c.Has(key) {
		return ""
	}
	return c.T(key)
}

// Known is how the value of a field is known, as typed, else the usual way.
func (v sectionView) Known(f evaluation.Field) string {
	if k := v.Typed.Get("known." + f.Key); k != "" || len(f.Known) == 0 {
		return k
	}
	return f.Known[0]
}

func (s *Site) evaluationSection(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showSection(w, r, lang, nil, nil)
}

func (s *Site) showSection(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	section, ok := evaluation.SectionOf(r.PathValue("section"))
	if !ok || len(section.Fields) == 0 && section.Own != "consent" {
		return fault.New(fault.NotFound, "there is no section %.40q that is written", r.PathValue("section"))
	}
	f, err := s.desk.Evaluation(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"))
	if err != nil {
		return err
	}
	v := sectionView{view: newView(r, lang, "evaluations", locale.For(lang).T("evaluation.section."+section.Key)), EvaluationFile: f, Section: section, Typed: typed, Here: address(lang, "evaluations", f.ID)}
	v.Invented = v.Invented || vocab.Invented(f.Country)
	v.neighbours()
	draft, found, err := s.desk.EvaluationDraft(r.Context(), v.Me, f.ID, section.Key)
	if err != nil {
		return err
	}
	v.Draft = found
	if v.Typed == nil {
		v.Typed = typedSection(f.Evaluation, section)
		if v.OfDraft = found && r.URL.Query().Has("draft"); v.OfDraft {
			if v.Typed, err = url.ParseQuery(draft.Form); err != nil {
				return fault.Wrap(err, fault.Internal, "a draft cannot be read")
			}
		}
	}
	if section.Own == "consent" && v.Typed.Get("day") == "" {
		v.Typed.Set("day", s.desk.Today().String())
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "evaluation_section", v)
}

// neighbours finds the sections that are written before and after this one.
func (v *sectionView) neighbours() {
	found := false
	for _, s := range evaluation.Sections() {
		switch written := len(s.Fields) > 0 || s.Own == "consent"; {
		case s.Key == v.Section.Key:
			found = true
		case written && !found:
			v.Before = s.Key
		case written && v.After == "":
			v.After = s.Key
		}
	}
}

// typedSection fills the form with what stands.
func typedSection(e evaluation.Evaluation, section evaluation.Section) url.Values {
	form := url.Values{}
	if section.Own == "consent" {
		return typedConsent(e)
	}
	p := e.Parts[section.Key]
	for _, f := range section.Fields {
		form.Set(f.Key, p.Values[f.Key])
		form.Set("known."+f.Key, p.Known[f.Key])
	}
	form.Set("left", p.Left)
	return form
}

func typedConsent(e evaluation.Evaluation) url.Values {
	c, form := e.Consent, url.Values{}
	for _, use := range evaluation.Uses() {
		form.Set("use."+use, c.Uses[use])
	}
	for name, on := range map[string]bool{"explained": c.Explained, "refusal": c.Refusal, "free": c.Free, "minor": c.Minor} {
		if on {
			form.Set(name, "yes")
		}
	}
	for name, value := range map[string]string{"capacity": c.Capacity, "proxy": c.Proxy, "asked_lang": c.Lang, "method": c.Method, "day": c.Day, "note": c.Note} {
		form.Set(name, value)
	}
	return form
}

func consentTyped(form url.Values) evaluation.Consent {
	c := evaluation.Consent{Uses: map[string]string{}, Explained: form.Get("explained") != "", Refusal: form.Get("refusal") != "", Free: form.Get("free") != "", Minor: form.Get("minor") != "",
		Capacity: form.Get("capacity"), Proxy: form.Get("proxy"), Lang: form.Get("asked_lang"), Method: form.Get("method"), Day: form.Get("day"), Note: form.Get("note")}
	for _, use := range evaluation.Uses() {
		c.Uses[use] = evaluation.NotAsked
		if a := form.Get("use." + use); a != "" {
			c.Uses[use] = a
		}
	}
	return c
}

func partTyped(section evaluation.Section, form url.Values) evaluation.Part {
	p := evaluation.Part{Section: section.Key, Values: map[string]string{}, Known: map[string]string{}, Left: form.Get("left")}
	for _, f := range section.Fields {
		value := form.Get(f.Key)
		if value == "" {
			continue
		}
		p.Values[f.Key] = value
		if k := form.Get("known." + f.Key); k != "" && len(f.Known) > 0 {
			p.Known[f.Key] = k
		}
	}
	return p
}

// keepSection puts a section on record, or only keeps what is being typed where the script asks for it.
func (s *Site) keepSection(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		id, key, who := r.PathValue("evaluation"), r.PathValue("section"), whoOf(r.Context())
		section, ok := evaluation.SectionOf(key)
		if !ok {
			return "", fault.New(fault.NotFound, "there is no section %.40q", key)
		}
		var err error
		switch {
		case form.Get("do") == "drop":
			return address(lang, "evaluations", id, "write", key), s.desk.DropEvaluationDraft(r.Context(), who, id, key)
		case section.Own == "consent":
			err = s.desk.KeepEvaluationConsent(r.Context(), who, id, consentTyped(form))
		default:
			err = s.desk.KeepEvaluationPart(r.Context(), who, id, partTyped(section, form))
		}
		if err == nil {
			err = s.desk.DropEvaluationDraft(r.Context(), who, id, key)
		}
		next := address(lang, "evaluations", id) + "#" + key
		if after := form.Get("after"); after != "" {
			next = address(lang, "evaluations", id, "write", after)
		}
		return next, err
	}, s.showSection)
}

// evaluationDraft keeps what is being typed in a section or a finding; the script asks it every few seconds.
func (s *Site) evaluationDraft(w http.ResponseWriter, r *http.Request) error {
	_, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	where := form.Get("where")
	form.Del("where")
	form.Del("do")
	if _, ok := evaluation.SectionOf(where); !ok {
		return fault.New(fault.Invalid, "a draft is of a section").Keeping("nothing was kept").Do("use the page of a section")
	}
	if err := s.desk.KeepEvaluationDraft(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"), where, form.Encode()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]bool{"kept": true})
}

// findingView is the form of one finding with the drawing on which it is marked.
type findingView struct {
	view
	desk.EvaluationFile
	Finding string // "new", or its id
	Kind    string
	Figure  figure
	Views   []string
	Typed   url.Values
	Here    string
	Problem string
}

// Codes are the answers of a list.
func (findingView) Codes(list string) []vocab.Code { return vocab.Codes(list) }

// Degrees are the degrees of consistency.
func (findingView) Degrees() []string { return evaluation.Degrees() }

// Has reports that a method is ticked.
func (v findingView) Has(method string) bool { return slices.Contains(v.Typed["method"], method) }

// Edge is whose side stands at the left of a picture of the whole body or head: seen from the front it is the person's right; "" where a
// picture shows one side alone.
func (v findingView) Edge() string {
	switch v.Figure.View {
	case "front", "head_front":
		return "right"
	case "back", "head_back":
		return "left"
	}
	return ""
}

// OtherEdge is whose side stands at its right.
func (v findingView) OtherEdge() string {
	return map[string]string{"left": "right", "right": "left"}[v.Edge()]
}

// Physical reports a finding that stands on the body.
func (v findingView) Physical() bool { return v.Kind == evaluation.Physical }

// Types is the list of what a finding of its kind can be.
func (v findingView) Types() string {
	if v.Physical() {
		return "lesion"
	}
	return "mental_finding"
}

func (s *Site) evaluationFinding(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showFinding(w, r, lang, nil, nil)
}

func (s *Site) showFinding(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	f, err := s.desk.Evaluation(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"))
	if err != nil {
		return err
	}
	v := findingView{view: newView(r, lang, "evaluations", locale.For(lang).T("evaluation.finding")), EvaluationFile: f, Finding: r.PathValue("finding"), Typed: typed, Here: address(lang, "evaluations", f.ID)}
	v.Invented = v.Invented || vocab.Invented(f.Country)
	if v.Typed == nil {
		if v.Typed, err = typedFinding(f.Evaluation, v.Finding, r.URL.Query().Get("kind")); err != nil {
			return err
		}
	}
	if view := r.URL.Query().Get("view"); view != "" && wrong == nil && view != v.Typed.Get("view") {
		for _, name := range []string{"x", "y", "region"} {
			v.Typed.Del(name)
		}
		v.Typed.Set("view", view)
	}
	if v.Kind = v.Typed.Get("kind"); v.Kind != evaluation.Psychological {
		v.Kind = evaluation.Physical
	}
	if err := v.draw(); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "evaluation_finding", v)
}

// draw finds the drawing, with the marks of the other findings on it.
func (v *findingView) draw() error {
	for _, d := range evaluation.Diagrams() {
		v.Views = append(v.Views, d.View)
	}
	if v.Typed.Get("view") == "" {
		v.Typed.Set("view", v.Views[0])
	}
	d, ok := evaluation.DiagramOf(v.Typed.Get("view"))
	if !ok {
		return fault.New(fault.NotFound, "there is no drawing %.40q", v.Typed.Get("view"))
	}
	v.Figure = figure{Diagram: d}
	for i, f := range v.Findings {
		if f.View == d.View && f.Finding != v.Finding {
			v.Figure.Marks = append(v.Figure.Marks, v.Figure.mark(i+1, f.X, f.Y))
		}
	}
	return nil
}

// Mark is the mark of this finding as typed; nil where it has none.
func (v findingView) Mark() *mark {
	x, errX := strconv.Atoi(v.Typed.Get("x"))
	y, errY := strconv.Atoi(v.Typed.Get("y"))
	if errX != nil || errY != nil {
		return nil
	}
	m := v.Figure.mark(0, x, y)
	return &m
}

// Radius is that of a mark on this drawing.
func (v findingView) Radius() float64 { return v.Figure.Height / 60 }

// typedFinding fills the form with what stands.
func typedFinding(e evaluation.Evaluation, id, kind string) (url.Values, error) {
	if id == "new" {
		return url.Values{"kind": {kind}}, nil
	}
	at := slices.IndexFunc(e.Findings, func(f evaluation.Finding) bool { return f.Finding == id })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "this evaluation has no finding %.40q", id)
	}
	f := e.Findings[at]
	form := url.Values{"method": f.Methods}
	for name, value := range map[string]string{"kind": f.Kind, "view": f.View, "type": f.Type, "description": f.Description, "colour": f.Colour, "shape": f.Shape, "age": f.Age, "symptom": f.Symptom,
		"known": f.Known, "alleged": f.Alleged, "consistency": f.Consistency, "why": f.Why, "differential": f.Differential, "region": f.Part + "." + f.Side} {
		form.Set(name, value)
	}
	if f.View != "" {
		form.Set("x", strconv.Itoa(f.X))
		form.Set("y", strconv.Itoa(f.Y))
	}
	for name, mm := range map[string]int{"length": f.Length, "width": f.Width} {
		if mm > 0 {
			form.Set(name, strconv.Itoa(mm))
		}
	}
	return form, nil
}

// findingTyped reads the form of a finding. A region without a mark is marked where the region is.
func findingTyped(id string, form url.Values) (f evaluation.Finding, err error) {
	f = evaluation.Finding{Finding: id, Kind: form.Get("kind"), Type: form.Get("type"), Description: form.Get("description"), Colour: form.Get("colour"), Shape: form.Get("shape"), Age: form.Get("age"),
		Symptom: form.Get("symptom"), Known: form.Get("known"), Methods: ticksOf(form["method"]), Alleged: form.Get("alleged"), Consistency: form.Get("consistency"), Why: form.Get("why"),
		Differential: form.Get("differential"), Removed: form.Get("do") == "remove"}
	for name, into := range map[string]*int{"length": &f.Length, "width": &f.Width, "x": &f.X, "y": &f.Y} {
		typed := plainNumber(form.Get(name))
		if typed == "" {
			continue
		}
		if *into, err = strconv.Atoi(typed); err != nil {
			return f, fault.New(fault.Invalid, "%.20q is no whole number", form.Get(name)).Keeping("nothing was written")
		}
	}
	if f.Kind != evaluation.Physical {
		f.X, f.Y, f.Length, f.Width = 0, 0, 0, 0
		return f, nil
	}
	return located(f, form)
}

func located(f evaluation.Finding, form url.Values) (evaluation.Finding, error) {
	d, ok := evaluation.DiagramOf(form.Get("view"))
	if !ok {
		return f, fault.New(fault.Invalid, "there is no drawing %.40q", form.Get("view")).Keeping("nothing was written")
	}
	f.View = d.View
	f.Part, f.Side, _ = strings.Cut(form.Get("region"), ".")
	marked := form.Get("x") != "" && form.Get("y") != ""
	for _, r := range d.Regions {
		if !marked && r.Part == f.Part && r.Side == f.Side {
			f.X, f.Y, marked = r.X, r.Y, true
		}
	}
	if !marked {
		return f, fault.New(fault.Invalid, "where on the body it is, is missing").Keeping("nothing was written").Do("mark it on the drawing, or choose the part of the body")
	}
	return f, nil
}

// keepFinding puts a finding on record.
func (s *Site) keepFinding(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		id, finding := r.PathValue("evaluation"), r.PathValue("finding")
		if finding == "new" {
			finding = ""
		}
		f, err := findingTyped(finding, form)
		if err != nil {
			return "", err
		}
		kept, err := s.desk.KeepFinding(r.Context(), whoOf(r.Context()), id, f)
		next := address(lang, "evaluations", id) + "#f" + kept
		if form.Get("do") == "another" {
			next = address(lang, "evaluations", id, "findings", "new") + "?" + url.Values{"kind": {f.Kind}, "view": {f.View}}.Encode()
		}
		return next, err
	}, s.showFinding)
}
