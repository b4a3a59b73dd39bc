package paper

import (
	"io"
	"strings"

	"ward/desk"
	"ward/document"
	"ward/locale"
	"ward/referral"
)

// PrintReferral writes the submission of a package as PDF; it is the desk's Printer.
func PrintReferral(w io.Writer, p referral.Package) error { return Submission(p).WritePDF(w) }

var _ desk.Printer = PrintReferral

// Submission is a package as a text for print, in its own language: field by field, under the sections of its mechanism. Words that Ward does not
// have in that language are in English.
func Submission(p referral.Package) document.Document {
	lang, _ := locale.Parse(p.Lang)
	s := submission{newSpeaker(lang), p}
	m, _ := referral.MechanismOf(p.Mechanism)
	name := s.word("referral.mechanism."+m.ID, m.Name)
	s.heading(1, name)
	s.address(m)
	section := ""
	for _, filled := range p.Fields {
		f, _ := m.Field(filled.Key)
		if f.Section != section {
			section = f.Section
			s.heading(2, s.word("referral.section."+section, section))
		}
		s.field(f, filled.Value)
	}
	out := s.document(name, "")
	out.Lang, out.Foot = p.Lang, ""
	return out
}

// submission writes one package.
type submission struct {
	*speaker
	p referral.Package
}

// word is a message, or the words of the data where there is none.
func (s submission) word(key, plain string) string {
	if s.Has(key) {
		return s.T(key)
	}
	return plain
}

// address says to whom it goes, from which day it is, and how it is to be treated.
func (s submission) address(m referral.Mechanism) {
	if s.p.To != "" {
		s.say(document.Plain, s.p.To)
	}
	var mandates []document.Text
	for _, d := range referral.Mandates() {
		for _, id := range s.p.Mandates {
			if id == d.ID {
				mandates = append(mandates, document.T(s.word("referral.mandate."+d.ID, d.Name)))
			}
		}
	}
	if len(mandates) > 0 {
		s.add(document.List{Items: mandates})
	}
	s.say(document.Note, s.day(s.p.Day))
	for _, mark := range m.Marks {
		if plain, says := marks[mark]; says {
			s.say(document.Strip, s.word("referral.paper."+mark, plain))
		}
	}
	if s.p.Alone {
		s.say(document.Strip, s.word("referral.paper.alone", "Reviewed by one person only."))
	}
}

// marks are what a submission says of itself to its reader.
var marks = map[string]string{
	"confidential":   "Confidential.",
	"never_evidence": "Given in confidence for tracing; not to be quoted or used as evidence.",
}

// field writes a label and what is said, its lines kept.
func (s submission) field(f referral.Field, value string) {
	s.add(document.Heading{Level: 3, Text: document.T(s.word("referral.field."+f.Key, f.Label))})
	for part := range strings.SplitSeq(value, "\n") {
		if part = strings.TrimSpace(part); part != "" {
			s.say(document.Plain, part)
		}
	}
}
