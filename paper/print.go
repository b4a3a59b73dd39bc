package paper

import (
	"cmp"
	"io"

	"ward/document"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
	"ward/when"
)

// Print writes a document as pdf or odt, and one without tables and figures as html or txt too.
func Print(w io.Writer, d document.Document, format string) error {
	switch format {
	case "pdf":
		return d.WritePDF(w)
	case "odt":
		return d.WriteODT(w)
	case "html":
		return WriteHTML(w, d)
	case "txt":
		return WriteText(w, d)
	}
	return fault.New(fault.NotFound, "there is no format %.10q", format).Do("take pdf or odt")
}

// speaker writes a report block by block in one language.
type speaker struct {
	*locale.Catalogue
	lang   locale.Lang
	blocks []document.Block
}

func newSpeaker(lang locale.Lang) *speaker { return &speaker{Catalogue: locale.For(lang), lang: lang} }

// document is what was written so far, under a running line.
func (s *speaker) document(title, head string) document.Document {
	return document.Document{Title: title, Lang: string(s.lang), RTL: s.lang.RTL(), Head: head, Foot: s.T("paper.foot"), Blocks: s.blocks,
		Number: func(page, of int) string { return s.T("paper.page", page, of) }}
}

func (s *speaker) add(blocks ...document.Block) { s.blocks = append(s.blocks, blocks...) }

func (s *speaker) heading(level int, text string) {
	s.add(document.Heading{Level: level, Text: document.T(text)})
}

func (s *speaker) say(look document.Look, text string) {
	s.add(document.Paragraph{Text: document.T(text), Look: look})
}

// strips are the warnings over a report: a translation that nobody reviewed, an invented State.
func (s *speaker) strips(invented bool) {
	if s.Draft() {
		s.say(document.Strip, s.T("site.draft"))
	}
	if invented {
		s.say(document.Strip, s.T("site.invented"))
	}
}

// day writes an EDTF date; what is none stands as it is.
func (s *speaker) day(text string) string {
	d, err := when.Parse(text)
	if err != nil {
		return text
	}
	return s.Date(d)
}

func (s *speaker) country(iso3 string) string { return vocab.CountryName(iso3, string(s.lang)) }

func (s *speaker) label(list, code string) string { return vocab.Label(list, code, string(s.lang)) }

// table is a table whose head is put into words; what has no rows is one sentence instead.
func (s *speaker) table(t document.Table, empty string, heads ...string) {
	if len(t.Rows) == 0 {
		s.say(document.Note, s.T(empty))
		return
	}
	for _, key := range heads {
		t.Head = append(t.Head, cell(s.T(key)))
	}
	s.add(t)
}

func cell(text string) document.Cell { return document.Cell{Text: document.T(text)} }

func figure(text string) document.Cell {
	return document.Cell{Text: document.T(cmp.Or(text, "–")), Num: true}
}

// bold is a cell whose first words are set strong; the rest is softer.
func bold(text, rest string) document.Cell {
	c := document.Cell{Text: document.Text{{Text: text, Bold: true}}}
	if rest != "" {
		c.Text = append(c.Text, document.Span{Text: " " + rest, Soft: true})
	}
	return c
}
