package paper

import (
	"strings"

	"ward/desk"
	"ward/document"
	"ward/locale"
	"ward/person"
	"ward/vocab"
	"ward/when"
)

// PersonReport is the answer to "what do you hold on me, who got it" on paper (M12), in words that the person can read.
func PersonReport(r desk.PersonReport, lang locale.Lang) document.Document {
	s := newSpeaker(lang)
	title := s.T("atrisk.report.title")
	s.heading(1, title)
	s.say(document.Lead, s.T("atrisk.report.lead"))
	s.say(document.Note, s.T("atrisk.report.made", s.Day(when.DayOf(r.Made)), s.Day(when.DayOf(r.Since))))
	s.personHeld(r)
	s.personStory(r)
	s.personWork(r)
	s.personLeft(r)
	s.personWithheld(r)
	return s.document(title, title)
}

// row is one line of a table without numbers.
func row(cells ...string) (out []document.Cell) {
	for _, c := range cells {
		out = append(out, document.Cell{Text: document.T(c)})
	}
	return out
}

// date is a date as it is kept, in the reader's words; what is no date of a calendar stands as it is.
func (s *speaker) date(text string) string {
	if d, err := when.Parse(text); err == nil {
		return s.Date(d)
	}
	return s.Digits(text)
}

func (s *speaker) codes(list string, codes []string) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = vocab.Label(list, c, string(s.lang))
	}
	return s.List(words)
}

func (s *speaker) personHeld(r desk.PersonReport) {
	s.heading(2, s.T("atrisk.report.held"))
	h := r.Held
	rows := [][]document.Cell{row(s.T("atrisk.pseudonym"), h.Pseudonym)}
	put := func(key, value string) {
		if value != "" {
			rows = append(rows, row(s.T(key), value))
		}
	}
	for _, n := range r.Names {
		put("atrisk.name", n.Text+" ("+vocab.Label(person.ScriptList, n.Script, string(s.lang))+")")
	}
	for _, n := range r.Former {
		put("atrisk.name.former", n.Text)
	}
	put("atrisk.roles", s.codes(person.RoleList, h.Roles))
	for _, f := range []struct{ key, list, code string }{{"atrisk.sex", person.SexList, h.Sex}, {"atrisk.profession", person.ProfessionList, h.Profession}, {"atrisk.member", person.AnswerList, h.Member}} {
		if f.code != "" {
			put(f.key, vocab.Label(f.list, f.code, string(s.lang)))
		}
	}
	put("atrisk.born", s.date(h.Born))
	put("atrisk.isco", h.ISCO)
	put("atrisk.speciality", h.Speciality)
	if h.Country != "" {
		put("atrisk.country", vocab.CountryName(h.Country, string(s.lang)))
	}
	put("atrisk.employer", h.Employer)
	if h.Hiding {
		put("atrisk.hiding", s.T("atrisk.hiding.yes"))
	}
	s.add(document.Table{Head: row(s.T("atrisk.report.field"), s.T("atrisk.report.value")), Rows: rows, Widths: []float64{1, 2}})
}

func (s *speaker) personStory(r desk.PersonReport) {
	s.heading(2, s.T("atrisk.story"))
	if len(r.Outcomes) == 0 {
		s.say(document.Note, s.T("atrisk.story.none"))
		return
	}
	var rows [][]document.Cell
	for _, o := range r.Outcomes {
		said := []string{}
		for _, part := range []string{o.Place, o.Authority, o.Law, o.Charge} {
			if part != "" {
				said = append(said, part)
			}
		}
		if o.Country != "" {
			said = append([]string{vocab.CountryName(o.Country, string(s.lang))}, said...)
		}
		day := s.T("atrisk.when.unknown")
		if o.When != "" {
			day = s.date(o.When)
		}
		rows = append(rows, row(day, vocab.Label(person.OutcomeList, o.Code, string(s.lang)), strings.Join(said, " · ")))
	}
	s.add(document.Table{Head: row(s.T("atrisk.when"), s.T("atrisk.outcome"), s.T("atrisk.where")), Rows: rows})
}

// personWork tells of cases, consents, evaluations and corrections.
func (s *speaker) personWork(r desk.PersonReport) {
	s.heading(2, s.T("atrisk.report.work"))
	var rows [][]document.Cell
	for _, c := range append(append([]desk.ReportCase{}, r.Cases...), r.Documents...) {
		kind := s.T("atrisk.report.evaluation")
		if c.Kind != "evaluation" {
			kind = s.or("case.kind."+c.Kind, c.Kind)
		}
		rows = append(rows, row(kind, s.or("case.state."+c.Kind+"."+c.State, s.or("evaluation.state."+c.State, c.State)), s.Day(when.DayOf(c.Since))))
	}
	if len(rows) > 0 {
		s.add(document.Table{Head: row(s.T("atrisk.report.kind"), s.T("atrisk.report.state"), s.T("atrisk.report.since")), Rows: rows})
	} else {
		s.say(document.Note, s.T("atrisk.report.work.none"))
	}
	if rows = nil; len(r.Consents) > 0 {
		for _, c := range r.Consents {
			rows = append(rows, row(s.date(c.Given), s.or("consent.state."+c.State, c.State), s.codes("consent", c.Purposes), s.List(s.recipients(c.Recipients)), s.codes("data_class", c.Classes)))
		}
		s.add(document.Table{Caption: document.T(s.T("atrisk.report.consents")), Head: row(s.T("atrisk.report.since"), s.T("atrisk.report.state"), s.T("atrisk.report.purpose"), s.T("atrisk.report.to"), s.T("atrisk.report.classes")), Rows: rows})
	}
	if rows = nil; len(r.Asked) > 0 {
		for _, a := range r.Asked {
			settled := s.T("atrisk.correction.open")
			if a.Settled != "" {
				settled = s.T("atrisk.correction."+a.Settled) + ". " + a.Why
			}
			rows = append(rows, row(s.Day(when.DayOf(a.At)), s.T("atrisk.field."+a.Field), a.Asked, settled))
		}
		s.add(document.Table{Caption: document.T(s.T("atrisk.corrections")), Head: row(s.T("atrisk.report.since"), s.T("atrisk.report.field"), s.T("atrisk.correction.asked"), s.T("atrisk.report.state")), Rows: rows})
	}
}

func (s *speaker) personLeft(r desk.PersonReport) {
	s.heading(2, s.T("atrisk.report.left"))
	if len(r.Left)+len(r.Ledger) == 0 {
		s.say(document.Plain, s.T("atrisk.report.left.none"))
	}
	var rows [][]document.Cell
	for _, l := range r.Left {
		until := s.date(l.Until)
		if l.Revoked {
			until = s.T("atrisk.report.revoked")
		}
		rows = append(rows, row(s.date(l.From), l.To, vocab.Label("consent", l.Purpose, string(s.lang)), s.codes("data_class", l.Classes), until))
	}
	if len(rows) > 0 {
		s.add(document.Table{Head: row(s.T("atrisk.report.since"), s.T("atrisk.report.to"), s.T("atrisk.report.purpose"), s.T("atrisk.report.classes"), s.T("atrisk.report.until")), Rows: rows})
	}
	if rows = nil; len(r.Ledger) > 0 {
		for _, l := range r.Ledger {
			rows = append(rows, row(s.Instant(l.At), s.or("exit."+l.Exit, l.Exit), s.or("atrisk.by."+l.To, l.To)))
		}
		s.add(document.Table{Caption: document.T(s.T("atrisk.report.ledger")), Head: row(s.T("atrisk.report.since"), s.T("atrisk.report.how"), s.T("atrisk.report.to")), Rows: rows})
	}
	if r.Backups > 0 && r.BackupsEnd != nil {
		s.say(document.Note, s.N("atrisk.report.backups", int64(r.Backups), s.Day(when.DayOf(*r.BackupsEnd))))
	}
}

func (s *speaker) personWithheld(r desk.PersonReport) {
	s.heading(2, s.T("atrisk.report.withheld"))
	s.say(document.Plain, s.T("atrisk.report.withheld.lead"))
	var items []document.Text
	for _, c := range r.Withheld {
		items = append(items, document.T(s.T("atrisk.withheld."+c.Class)))
	}
	if len(items) > 0 {
		s.add(document.List{Items: items})
	}
	s.heading(2, s.T("atrisk.report.rights"))
	s.say(document.Plain, s.T("atrisk.report.rights.text"))
}

// or is a message, or a word in its place where there is none.
func (s *speaker) or(key, word string) string {
	if s.Has(key) {
		return s.T(key)
	}
	return word
}

// recipients are named as the consent page names them: a mechanism in words, anybody else as they are called.
func (s *speaker) recipients(to []string) (out []string) {
	for _, r := range to {
		out = append(out, s.or("referral.mechanism."+r, r))
	}
	return out
}
