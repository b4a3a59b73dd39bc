package paper

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"ward/desk"
	"ward/document"
	"ward/evaluation"
	"ward/locale"
	"ward/vocab"
	"ward/when"
)

// WriteEvaluation writes an evaluation as pdf or odt.
func WriteEvaluation(w io.Writer, p desk.EvaluationPaper, lang locale.Lang, format string) error {
	return Print(w, Evaluation(p, lang), format)
}

// Evaluation is the report on an evaluation in the order of the Istanbul Protocol (2022, annex IV). What the clinician found stands apart from what
// was only told; free text stands as it was written, whatever the language of the report.
func Evaluation(p desk.EvaluationPaper, lang locale.Lang) document.Document {
	s := &evaluationSpeaker{speaker: newSpeaker(lang), p: p, numbers: map[string]string{}}
	for i, f := range p.Findings {
		s.numbers[f.Finding] = s.Num(int64(i + 1))
	}
	s.top()
	for _, section := range evaluation.Sections() {
		s.section(section)
	}
	s.addenda()
	head := p.ID
	if !p.Frozen() {
		head = s.T("evaluation.paper.draft") + " · " + head
	}
	return s.document(s.T("evaluation.paper.title"), head)
}

// evaluationSpeaker writes one evaluation.
type evaluationSpeaker struct {
	*speaker
	p       desk.EvaluationPaper
	numbers map[string]string // of the findings, in the reader's digits
}

// top says what this is, whether it stands, and in which language it was written.
func (s *evaluationSpeaker) top() {
	s.strips(vocab.Invented(s.p.Country))
	switch {
	case s.p.Altered:
		s.say(document.Strip, s.T("evaluation.paper.altered"))
	case !s.p.Frozen():
		s.say(document.Strip, s.T("evaluation.paper.draft"))
	}
	if s.alone() {
		s.say(document.Strip, s.T("evaluation.paper.alone"))
	}
	s.heading(1, s.T("evaluation.paper.title"))
	s.say(document.Note, s.T("evaluation.paper.standard"))
	s.table(document.Table{Rows: s.about(), Widths: []float64{1, 2}}, "")
	if own := s.p.Lang; own != "" && own != string(s.lang) {
		name := own
		if l, ok := locale.Parse(own); ok {
			name = locale.For(l).Name()
		}
		s.say(document.Note, s.T("evaluation.paper.written", name))
	}
}

func (s *evaluationSpeaker) alone() bool {
	return s.p.Peer != nil && s.p.Peer.Body.Alone || s.p.Signature != nil && s.p.Signature.Body.Alone
}

// about are the first facts of the evaluation, each under its name.
func (s *evaluationSpeaker) about() (rows [][]document.Cell) {
	for _, fact := range [][2]string{
		{"number", s.p.ID}, {"person", s.p.Pseudonym}, {"country", s.countryName()}, {"clinician", s.p.Clinician},
		{"asked_by", s.p.AskedBy}, {"purpose", s.p.Purpose}, {"second", s.p.Second},
	} {
		if fact[1] != "" {
			rows = append(rows, []document.Cell{bold(s.T("evaluation.paper."+fact[0]), ""), cell(s.Isolate(fact[1]))})
		}
	}
	return rows
}

func (s *evaluationSpeaker) countryName() string {
	if s.p.Country == "" {
		return ""
	}
	return s.country(s.p.Country)
}

func (s *evaluationSpeaker) section(section evaluation.Section) {
	s.heading(2, s.T("evaluation.section."+section.Key))
	before := len(s.blocks)
	part := s.p.Parts[section.Key]
	if part.Left != "" {
		s.say(document.Plain, s.T("evaluation.paper.left", part.Left))
	}
	s.fields(section, part)
	switch section.Own {
	case "consent":
		s.consent()
	case evaluation.Physical, evaluation.Psychological:
		s.findings(section.Own)
	case "photographs":
		s.photographs()
	case "signature":
		s.signature()
	}
	if len(s.blocks) == before {
		s.say(document.Note, s.T("evaluation.paper.empty"))
	}
}

// fields writes first what the clinician found or thinks, then, apart from it, what was told or stands in papers.
func (s *evaluationSpeaker) fields(section evaluation.Section, part evaluation.Part) {
	var told []evaluation.Field
	for _, f := range section.Fields {
		switch value := part.Values[f.Key]; {
		case strings.TrimSpace(value) == "":
		case part.Known[f.Key] == evaluation.Told || part.Known[f.Key] == evaluation.Document:
			told = append(told, f)
		default:
			s.field(section.Key, f, value, document.Plain)
		}
	}
	for _, how := range []string{evaluation.Told, evaluation.Document} {
		said := slices.Clone(told)
		said = slices.DeleteFunc(said, func(f evaluation.Field) bool { return part.Known[f.Key] != how })
		if len(said) > 0 {
			s.say(document.Note, s.T("evaluation.paper.only."+how))
		}
		for _, f := range said {
			s.field(section.Key, f, part.Values[f.Key], document.Quote)
		}
	}
}

// field writes one field; a text keeps its paragraphs.
func (s *evaluationSpeaker) field(section string, f evaluation.Field, value string, look document.Look) {
	label := document.Span{Text: s.asked(section + "." + f.Key), Bold: true}
	switch f.Kind {
	case evaluation.Choice:
		value = s.label(f.List, value)
	case evaluation.Date:
		value = s.day(value)
	}
	for i, line := range strings.Split(strings.TrimSpace(value), "\n") {
		text := document.T(s.Isolate(line))
		if i == 0 {
			text = append(document.Text{label}, text...)
		}
		s.add(document.Paragraph{Text: text, Look: look})
	}
}

// asked names a field in a report, where the form asks the clinician for it.
func (s *evaluationSpeaker) asked(field string) string {
	label := s.T("evaluation.field." + field)
	if own := "evaluation.paper.field." + field; s.Has(own) {
		label = s.T(own)
	}
	if strings.HasSuffix(label, "?") || strings.HasSuffix(label, "؟") {
		return label + " "
	}
	return label + s.T("period.colon")
}

// consent is what the person let be done, use by use.
func (s *evaluationSpeaker) consent() {
	c := s.p.Consent
	if !s.p.Asked {
		s.say(document.Plain, s.T("evaluation.paper.consent.none"))
		return
	}
	if c.Void() != "" {
		s.say(document.Strip, s.T("evaluation.paper.consent.void"))
	}
	t := document.Table{Widths: []float64{3, 1}}
	for _, use := range evaluation.Uses() {
		t.Rows = append(t.Rows, []document.Cell{cell(s.label("evaluation_use", use)), cell(s.T("evaluation.paper.consent." + cmp.Or(c.Uses[use], evaluation.NotAsked)))})
	}
	s.table(t, "", "evaluation.paper.use", "evaluation.paper.answer")
	method := s.label("consent_method", c.Method)
	s.say(document.Note, s.T("evaluation.paper.consent.day", s.day(c.Day), method))
	if c.Proxy != "" {
		s.say(document.Note, s.T("evaluation.paper.consent.proxy", c.Proxy))
	}
	if c.Note != "" {
		s.say(document.Note, s.Isolate(c.Note))
	}
}

// photographs shows those that were ticked, where the person consented to them.
func (s *evaluationSpeaker) photographs() {
	hidden := int64(0)
	for _, kept := range s.p.Photos {
		raw, ticked := s.p.Pictures[kept.Number]
		if !ticked || !s.p.Consent.Allows("photos") {
			hidden++
			continue
		}
		picture, err := document.ReadPicture(raw)
		if err != nil {
			s.say(document.Note, s.T("evaluation.paper.photo.unread", kept.Number))
			continue
		}
		picture.Caption, picture.Alt = document.T(s.caption(kept)), s.photoWords(kept)
		s.add(picture)
	}
	if hidden > 0 {
		s.say(document.Note, s.N("evaluation.paper.photo.hidden", hidden))
	}
}

// photoWords are what a photograph shows, for whoever does not see it.
func (s *evaluationSpeaker) photoWords(kept evaluation.KeptPhoto) string {
	words := s.T("evaluation.paper.photo", kept.Number)
	if kept.Caption.Text != "" {
		words += ": " + s.Isolate(kept.Caption.Text)
	}
	if number, ok := s.numbers[kept.Caption.Finding]; ok {
		words += " (" + s.T("evaluation.paper.of", number) + ")"
	}
	return words
}

func (s *evaluationSpeaker) caption(kept evaluation.KeptPhoto) string {
	parts := []string{s.photoWords(kept)}
	for _, more := range []string{s.day(kept.Caption.Taken), kept.Caption.By} {
		if more != "" {
			parts = append(parts, s.Isolate(more))
		}
	}
	if kept.Caption.Scale == "yes" {
		parts = append(parts, s.T("evaluation.paper.scale"))
	}
	if kept.File.SHA256 != "" {
		parts = append(parts, "SHA-256 "+s.Isolate(kept.File.SHA256))
	}
	return strings.Join(parts, " · ")
}

// signature is the block under the report: who read it, who signed it, and what the fingerprint covers.
func (s *evaluationSpeaker) signature() {
	switch p := s.p.Peer; {
	case p == nil || !p.Body.Pass:
		s.say(document.Plain, s.T("evaluation.paper.peer.none"))
	case s.alone():
		s.say(document.Plain, s.T("evaluation.paper.peer.alone", s.Day(when.DayOf(p.At))))
	default:
		s.say(document.Plain, s.T("evaluation.paper.peer", p.By, s.Day(when.DayOf(p.At))))
	}
	if s.p.Signature == nil {
		s.say(document.Lead, s.T("evaluation.paper.unsigned"))
		return
	}
	signed, comma := s.p.Signature.Body, s.T("format.list.comma")
	s.add(document.Paragraph{Text: document.Text{{Text: s.Isolate(signed.Name), Bold: true}, {Text: comma + s.Isolate(signed.Standing)}}, Look: document.Lead})
	s.say(document.Plain, s.Isolate(signed.Place)+comma+s.day(signed.Day))
	s.say(document.Plain, s.T("evaluation.paper.digest", signed.Digest))
	s.say(document.Note, s.T("evaluation.paper.covers"))
}

// addenda follow the signature, which does not cover them.
func (s *evaluationSpeaker) addenda() {
	if len(s.p.Addenda) == 0 {
		return
	}
	s.heading(2, s.T("evaluation.paper.addenda"))
	for _, a := range s.p.Addenda {
		line := s.day(a.Body.Day) + " · " + s.Isolate(a.By)
		if a.Body.Known != "" {
			line += " · " + s.label("known_how", a.Body.Known)
		}
		s.say(document.Note, line)
		look := document.Plain
		if a.Body.Known == evaluation.Told || a.Body.Known == evaluation.Document {
			look = document.Quote
		}
		for _, p := range strings.Split(a.Body.Text, "\n") {
			s.say(look, s.Isolate(p))
		}
	}
}
