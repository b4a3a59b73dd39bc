package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/locale"
	"ward/vocab"
)

// editView is the editor of one incident: every field with all that is asserted about it.
type editView struct {
	view
	desk.IncidentFile
	Heading string
	Rows    []editRow
	Other   []vocab.Field // that nobody stated and that are seldom used
	Roots   int           // independent origins of what still counts
	Drawn   int64         // the journal row after which it was drawn
	Draft   desk.Draft
	Drafted bool
	Others  []desk.Presence
	Problem string
	aids
}

// editRow is one field: the value held, and each assertion with the forms about it.
type editRow struct {
	Field      vocab.Field
	Label      string
	Value      string
	Contested  bool
	Assertions []editCell
	Editing    []string // who is at it just now
	Add        fieldInput
	Open       bool // the form for another value is open, with what was typed
}

// editCell is one assertion.
type editCell struct {
	incident.Assertion
	Incident string // public id
	Drawn    int64
	About    vocab.Field
	Text     string // for the reader
	Said     string // who says it, for the reader
	Mark     int    // of its root, from 1
	Held     bool
	Replace  fieldInput
	Open     string // the move whose form is open
}

// claimForm is a small form about an assertion, or about a move before: Undo is the move that it takes back.
type claimForm struct {
	editCell
	Move, Over, Undo string
}

// Form is the form that contests or retracts the assertion.
func (c editCell) Form(move string) claimForm { return claimForm{c, move, c.ID, ""} }

// Undoable are the forms that take back what was done about the assertion and still holds.
func (c editCell) Undoable() (out []claimForm) {
	for _, m := range c.Moves {
		undone := slices.ContainsFunc(c.Moves, func(later entry.Entry[incident.Stated]) bool { return later.Body.Over == m.ID })
		if m.Body.Move != incident.Retract && !undone && c.State == incident.Contested {
			out = append(out, claimForm{c, incident.Retract, m.ID, m.Body.Move})
		}
	}
	return out
}

// Anchor is where the field stands on the page.
func (r editRow) Anchor() string { return fieldAnchor(r.Field.Key) }

// DraftAction is where a draft is dropped.
func (v editView) DraftAction() string { return address(v.Lang, "incidents", v.PublicID, "draft") }

// DraftHref goes on with the draft.
func (v editView) DraftHref() string {
	return address(v.Lang, "incidents", v.PublicID, "edit") + "?draft=1"
}

// DraftReport is the report that a draft is made from.
func (editView) DraftReport() string { return "" }

// usual are the fields that the editor shows even where nobody stated them.
var usual = []string{"date", "country", "adm1", "place", "point", "precision", "actor.kind", "actor.state", "control", "actor.note", "codes", "context", "description"}

func (s *Site) editIncident(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	typed, err := s.fromDraft(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.URL.Query().Has("all") || typed.Get("all") != "" {
		return s.showForm(w, r, lang, r.PathValue("id"), typed, nil)
	}
	return s.showEdit(w, r, lang, typed, nil)
}

// showEdit draws the editor; typed is what was sent, wrong why it could not be taken.
func (s *Site) showEdit(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	who := whoOf(r.Context())
	file, err := s.desk.Incident(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return s.erased(w, r, lang, err)
	}
	v := editView{IncidentFile: file, Drawn: file.Journal}
	c := locale.For(lang)
	v.Heading = cmp.Or(strings.Join(labelsOf("incident", file.Codes, lang), " · "), c.T("value.not_coded"))
	v.view = newView(r, lang, "incidents", c.T("edit.title", v.Heading))
	v.Invented = vocab.Invented(file.Country)
	if v.aids, err = s.aids(r, lang, file.Country, file.Standing); err != nil {
		return err
	}
	if v.Others, err = s.desk.Edits(r.Context(), who, file.PublicID, ""); err != nil {
		return err
	}
	if v.Draft, v.Drafted, err = s.desk.Draft(r.Context(), who, file.PublicID); err != nil {
		return err
	}
	v.lay(lang, typed)
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "edit", v)
}

// lay makes the rows, in the order of the field list.
func (v *editView) lay(lang locale.Lang, typed url.Values) {
	marks := rootsOf(v.Standing)
	v.Roots = len(marks)
	by := map[string][]incident.Assertion{}
	for _, a := range v.Standing {
		by[a.Field] = append(by[a.Field], a)
	}
	for _, f := range statable() {
		if len(by[f.Key]) == 0 && !slices.Contains(usual, f.Key) && typed.Get("field") != f.Key {
			v.Other = append(v.Other, f)
			continue
		}
		row := v.editRow(f, lang, typed)
		for _, a := range by[f.Key] {
			row.Assertions = append(row.Assertions, v.cell(a, f, marks, lang, typed))
		}
		v.Rows = append(v.Rows, row)
	}
}

func (v *editView) editRow(f vocab.Field, lang locale.Lang, typed url.Values) editRow {
	held := v.Fold[f.Key]
	row := editRow{Field: f, Label: fieldLabel(f.Key, lang), Value: say(f.Key, held.Value, lang), Contested: held.Contested}
	if held.Contested && held.Count.Low != held.Count.High {
		row.Value = locale.For(lang).Count(held.Count)
	}
	for _, p := range v.Others {
		if p.Field == f.Key {
			row.Editing = append(row.Editing, p.Name)
		}
	}
	row.Add = v.input(f, lang, url.Values{})
	if typed.Get("field") == f.Key && typed.Get("over") == "" {
		row.Open, row.Add.Typed = true, typed
	}
	return row
}

func (v *editView) cell(a incident.Assertion, f vocab.Field, marks map[string]int, lang locale.Lang, typed url.Values) editCell {
	held := v.Fold[f.Key]
	cell := editCell{Assertion: a, Incident: v.PublicID, Drawn: v.Drawn, About: f, Said: saidBy(a.Source, a.Series, lang), Text: say(f.Key, a.Value, lang), Mark: marks[a.Root], Held: a.Speaks() && held.Value == a.Value && held.From == a.Series}
	from := url.Values{"source": {a.Source}, "reliability": {a.Reliability}, "credibility": {a.Credibility}, "root": {a.Root}}
	if a.Direct {
		from.Set("direct", "yes")
	}
	fillField(from, f, a.Value, lang)
	cell.Replace = v.input(f, lang, from)
	if typed.Get("over") == a.ID && typed.Get("field") == f.Key {
		cell.Open, cell.Replace.Typed = typed.Get("move"), typed
	}
	return cell
}

// rootsOf numbers the independent origins of what still counts, in the order in which they were heard.
func rootsOf(all []incident.Assertion) map[string]int {
	marks := map[string]int{}
	for _, a := range all {
		if _, known := marks[a.Root]; !known && a.Speaks() {
			marks[a.Root] = len(marks) + 1
		}
	}
	return marks
}

// saveIncident puts on record what a form of the editor says.
func (s *Site) saveIncident(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	again := func(wrong error) error {
		if form.Get("all") != "" {
			return s.showForm(w, r, lang, id, form, wrong)
		}
		return s.showEdit(w, r, lang, form, wrong)
	}
	if onlyAids(form) {
		return again(nil)
	}
	if form.Get("do") == "draft" {
		return s.draftKept(w, r, lang, id, form)
	}
	drawn, _ := strconv.ParseInt(form.Get("drawn"), 10, 64) // nothing sound is 0: before everything
	moves, err := movesIn(form)
	if err == nil {
		err = s.desk.EditIncident(r.Context(), whoOf(r.Context()), id, drawn, moves...)
	}
	if mendable(err) {
		return again(err)
	}
	if err != nil {
		return err
	}
	if err := s.desk.DropDraft(r.Context(), whoOf(r.Context()), id); err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "incidents", id, "edit")+"#"+fieldAnchor(moves[0].Field), http.StatusSeeOther)
	return nil
}

// fieldAnchor is where a field stands on the editor's page.
func fieldAnchor(field string) string { return "field-" + strings.ReplaceAll(field, ".", "-") }

// mapPicture sends the outline of a State, for the editor's map.
func (s *Site) mapPicture(w http.ResponseWriter, r *http.Request) error {
	state, ok := vocab.Country(r.PathValue("state"))
	p := pickOf(state)
	if !ok || !p.Known() {
		return fault.New(fault.NotFound, "there is no outline of %.20q", r.PathValue("state"))
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err := w.Write(p.SVG())
	return err
}

// mayEdit reports that who asks may work on this incident.
func mayEdit(who access.Actor, inc incident.Incident) bool {
	return who.MayOn(access.EditIncidents, append([]string{inc.PublicID, inc.Country}, inc.ActorState...)...) == nil
}

// reportNamed is the id of the report here that a source or an origin names; "" where it names something else.
func reportNamed(source string) string {
	if report, ok := strings.CutPrefix(source, "report:"); ok {
		return report
	}
	return ""
}

// saidBy names a source for the reader: one of the reports here by words.
func saidBy(source, series string, lang locale.Lang) string {
	if reportNamed(source) != "" {
		return locale.For(lang).T("edit.report.short")
	}
	return cmp.Or(source, series)
}
