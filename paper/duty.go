package paper

import (
	"io"

	"ward/desk"
	"ward/document"
	"ward/duty"
	"ward/locale"
)

// WriteDuties writes the association's account of itself as pdf or odt.
func WriteDuties(w io.Writer, d desk.Duties, lang locale.Lang, format string) error {
	return Print(w, Duties(d, lang), format)
}

// Duties is the association's account of itself in a year, group by group. Nothing is added up.
func Duties(d desk.Duties, lang locale.Lang) document.Document {
	s := newSpeaker(lang)
	title := s.T("duty.title")
	s.strips(false)
	s.say(document.Note, s.Year(d.Year))
	s.heading(1, title)
	s.say(document.Lead, s.T("duty.lead", s.Year(d.Year)))
	s.say(document.Note, s.T("duty.noscore"))
	sum := s.N("duty.unknown", d.Unknown)
	if d.Overdue > 0 {
		sum += " · " + s.N("duty.overdue", d.Overdue)
	}
	s.say(document.Plain, sum)
	for _, group := range duty.Groups() {
		s.heading(2, s.T("duty.group."+group))
		s.say(document.Note, s.T("duty.group."+group+".note"))
		t := document.Table{Widths: []float64{5, 1.6, 3.6, 2.4}}
		for _, l := range d.Lines {
			if l.Group == group {
				t.Rows = append(t.Rows, s.duty(l))
			}
		}
		s.table(t, "duty.never", "duty.point", "duty.status", "duty.proof", "duty.owner")
	}
	return s.document(title+" "+s.Year(d.Year), join(title, s.Year(d.Year)))
}

// statusFills are the colours of how a duty stands.
var statusFills = map[string]string{duty.Met: fills["N1"], duty.Partly: fills["F1"], duty.NotMet: fills["F2"]}

func (s *speaker) duty(l duty.Line) []document.Cell {
	status := document.Cell{Text: document.T(s.T("duty.status." + l.Status)), Fill: statusFills[l.Status], Hatch: l.Status == duty.NoInfo}
	row := []document.Cell{bold(s.T("duty.point."+l.ID), l.ID), status}
	if l.Now == nil {
		return append(row, cell("–"), cell("–"))
	}
	a, proof := l.Now.Body, ""
	if a.Issued != "" {
		proof = s.T("duty.issued.on", s.day(a.Issued), a.Audience)
	}
	for _, p := range append(a.Proof, a.Note) {
		proof = join(proof, p)
	}
	owner := a.Owner
	if a.Due != "" {
		owner = join(owner, s.T("period.due", s.day(a.Due)))
	}
	if l.Overdue {
		owner = join(owner, s.T("duty.late"))
	}
	return append(row, cell(orDash(proof)), cell(orDash(owner)))
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
