package paper

import (
	"io"

	"ward/commitment"
	"ward/document"
	"ward/locale"
	"ward/when"
)

// WriteCommitments writes commitments as pdf or odt, as they stood on a day.
func WriteCommitments(w io.Writer, list []commitment.Commitment, on when.Day, lang locale.Lang, format string) error {
	return Print(w, Commitments(list, on, lang), format)
}

// Commitments is what is asked of whom and what became of it, text by text. There is no score, and nobody is named who grades.
func Commitments(list []commitment.Commitment, on when.Day, lang locale.Lang) document.Document {
	s := newSpeaker(lang)
	title := s.T("commitment.title")
	s.strips(false)
	s.say(document.Note, join(s.T("commitment.on"), s.Day(on)))
	s.heading(1, title)
	s.say(document.Lead, s.T("commitment.lead"))
	s.say(document.Note, s.T("commitment.no_score"))
	n := commitment.Count(list)
	s.say(document.Plain, s.T("commitment.asked")+s.T("period.colon")+s.Num(int64(n.Asked)))
	s.add(document.Facts{
		{Label: s.T("commitment.done"), Value: s.Num(int64(n.Done)), Note: s.T("commitment.done.note")},
		{Label: s.T("commitment.not_done"), Value: s.Num(int64(n.NotDone))}, {Label: s.T("commitment.open.title"), Value: s.Num(int64(n.Open)), Note: s.T("commitment.open.note")},
		{Label: s.T("commitment.overdue.title"), Value: s.Num(int64(n.Overdue)), Note: s.T("commitment.overdue.note")},
	})
	if len(list) == 0 {
		s.say(document.Plain, s.T("commitment.none"))
	}
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].Text == list[from].Text {
			to++
		}
		s.asked(list[from:to])
		from = to
	}
	return s.document(title, join(title, s.Day(on)))
}

// asked is what one text asks.
func (s *speaker) asked(list []commitment.Commitment) {
	title := list[0].Title
	if title == "" {
		title = s.T("commitment.untitled")
	}
	s.heading(2, title)
	t := document.Table{Widths: []float64{5, 2.4, 2.2, 3}}
	for _, c := range list {
		t.Rows = append(t.Rows, s.commitment(c))
	}
	s.table(t, "commitment.none", "commitment.what", "commitment.addressee", "commitment.status", "commitment.reason")
}

func (s *speaker) commitment(c commitment.Commitment) []document.Cell {
	what := c.Summary
	if c.Imported() {
		what = s.T("commitment.kept.words", c.Point)
	}
	status := s.T("commitment.open.note")
	if c.Status != commitment.Open {
		status = c.Status + " " + s.label("grade", c.Status)
	}
	if c.Status == commitment.NoInfo {
		status = s.label("grade", c.Status)
	}
	if c.Due != "" {
		status = join(status, s.T("period.due", s.day(c.Due)))
	}
	if c.Overdue {
		status = join(status, s.T("commitment.overdue"))
	}
	if !c.Standing() {
		status = join(status, s.T("commitment.ended", s.Date(c.Ended)))
	}
	why := ""
	if g := c.Grading(); g != nil {
		for _, part := range append([]string{g.Why}, g.Evidence...) {
			why = join(why, part)
		}
	}
	return []document.Cell{bold(c.ID, what), cell(s.addressee(c.Addressee)), {Text: document.T(status), Hatch: c.Status == commitment.NoInfo}, cell(orDash(why))}
}
