package paper

import (
	"cmp"
	"slices"
	"strings"

	"ward/desk"
	"ward/document"
	"ward/locale"
	"ward/policy"
	"ward/statement"
	"ward/vocab"
	"ward/when"
)

// Letter is a statement as a text for print, in its own language; what surrounds it is in English where Ward does not speak that language.
func Letter(f desk.StatementFile, corpus *policy.Corpus) document.Document {
	lang := locale.Lang(f.Draft.Lang)
	c := locale.For(lang)
	doc := document.Document{Title: f.Draft.Title, Lang: f.Draft.Lang, RTL: rightToLeft(f.Draft), Foot: strings.Join(f.Letterhead.Foot, " · "),
		Number: func(page, of int) string { return c.T("statement.letter.page", page, of) }}
	doc.Blocks = append(strips(f, c), head(f.Letterhead)...)
	doc.Blocks = append(doc.Blocks, address(f, c)...)
	doc.Blocks = append(doc.Blocks, document.Heading{Level: 1, Text: document.T(f.Draft.Title)})
	for _, p := range f.Draft.Paragraphs() {
		doc.Blocks = append(doc.Blocks, paragraph(p)...)
	}
	for _, who := range f.Draft.Signatories {
		doc.Blocks = append(doc.Blocks, document.Paragraph{Text: document.Text{{Text: who, Bold: true}}})
	}
	doc.Blocks = append(doc.Blocks, grounds(f, corpus, c)...)
	return doc
}

// paragraph keeps the lines of a paragraph; lines that all begin with a dash are a list.
func paragraph(text string) (out []document.Block) {
	lines := strings.Split(text, "\n")
	if !slices.ContainsFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "- ") }) {
		var list document.List
		for _, line := range lines {
			list.Items = append(list.Items, document.T(strings.TrimPrefix(line, "- ")))
		}
		return []document.Block{list}
	}
	for _, line := range lines {
		out = append(out, document.Paragraph{Text: document.T(line)})
	}
	return out
}

// rightToLeft is the direction of the draft's language, whether Ward speaks it or not.
func rightToLeft(d statement.Draft) bool {
	base, _, _ := strings.Cut(strings.ToLower(d.Lang), "-")
	for _, l := range []string{"ar", "fa", "he", "ps", "ur", "ckb", "dv", "yi"} {
		if base == l {
			return true
		}
	}
	return false
}

// strips are the warnings over a text: not issued, or about an invented State.
func strips(f desk.StatementFile, c *locale.Catalogue) (out []document.Block) {
	strip := func(key string) {
		out = append(out, document.Paragraph{Text: document.T(c.T(key)), Look: document.Strip})
	}
	if f.Issued == "" {
		strip("statement.letter.draft")
	}
	if f.Alone {
		strip("statement.alone")
	}
	if f.Corrected {
		strip("statement.corrected")
	}
	for _, cited := range f.Cited {
		if r, ok := statement.ParseRef(cited.Finding); ok && vocab.Invented(r.State) {
			strip("statement.letter.invented")
			break
		}
	}
	return out
}

func head(h statement.Letterhead) (out []document.Block) {
	if h.Name == "" {
		return nil
	}
	name := document.Text{{Text: h.Name, Bold: true}}
	if h.Written != "" {
		name = append(name, document.Span{Text: " · " + h.Written})
	}
	out = append(out, document.Paragraph{Text: name})
	for _, line := range h.Lines {
		out = append(out, document.Paragraph{Text: document.T(line), Look: document.Note})
	}
	return append(out, document.Rule{})
}

// address says when it was written and to whom.
func address(f desk.StatementFile, c *locale.Catalogue) (out []document.Block) {
	if day, err := when.Parse(cmp.Or(f.Draft.Date, f.Issued)); err == nil && !day.IsZero() {
		out = append(out, document.Paragraph{Text: document.Text{{Text: c.Date(day), Soft: true}}})
	}
	for i, who := range f.Draft.Addressees {
		line := document.Text{{Text: who}}
		if i == 0 {
			line = append(document.Text{{Text: c.T("statement.letter.to") + ": ", Soft: true}}, line...)
		}
		out = append(out, document.Paragraph{Text: line})
	}
	return out
}

// grounds are the clauses and findings that the text rests on.
func grounds(f desk.StatementFile, corpus *policy.Corpus, c *locale.Catalogue) []document.Block {
	var items []document.Text
	for _, id := range f.Draft.Clauses {
		items = append(items, document.T(clauseWords(id, corpus)))
	}
	for _, cited := range f.Cited {
		if r, ok := statement.ParseRef(cited.Finding); ok {
			level := vocab.Label("outcome_level", cited.Outcome, f.Draft.Lang)
			if level != cited.Outcome {
				level = cited.Outcome + " " + level
			}
			items = append(items, document.T(c.T("statement.letter.cell", vocab.CountryName(r.State, f.Draft.Lang), clauseWords(r.Clause, corpus), c.Year(r.Year), level)))
		}
	}
	if len(items) == 0 {
		return nil
	}
	out := []document.Block{document.Rule{}, document.Heading{Level: 3, Text: document.T(c.T("statement.letter.rests"))}, document.List{Items: items}}
	if len(f.Cited) > 0 {
		out = append(out, document.Paragraph{Text: document.T(c.T("statement.letter.method")), Look: document.Note})
	}
	return out
}

// clauseWords names a clause for people: its instrument, its number where it has one, and its short words.
func clauseWords(id string, corpus *policy.Corpus) string {
	cl, ok := corpus.Clause(id)
	if !ok {
		return id
	}
	norm, _ := corpus.Norm(cl.Norm)
	return cmp.Or(norm.Short, norm.Title) + ", " + cl.Short + " (" + id + ")"
}
