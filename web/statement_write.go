package web

import (
	"net/http"
	"net/url"
	"strings"

	record "ward/entry"
	"ward/locale"
	"ward/statement"
	"ward/text"
)

// happened is one line of a statement's history: a draft, a step or a reply.
type happened struct {
	Draft  *record.Entry[statement.Draft]
	Number int // of the draft, from 1
	Step   *record.Entry[statement.Step]
	Reply  *record.Entry[statement.Reply]
}

// writeView is the form in which a statement is written or revised.
type writeView struct {
	view
	ID        string // of the statement that is revised; "" for a new one
	Form      url.Values
	Problem   string
	Templates []statement.Template
	Kinds     []string
}

func (s *Site) writeStatement(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if number := q.Get("revise"); number != "" {
		one, err := s.desk.Statement(r.Context(), whoOf(r.Context()), number)
		if err != nil {
			return err
		}
		return s.showWriting(w, r, lang, number, draftForm(one.Draft), nil)
	}
	draft := statement.Begin(q.Get("template"), string(lang))
	draft.Corrects = q.Get("corrects")
	return s.showWriting(w, r, lang, "", draftForm(draft), nil)
}

func (s *Site) showWriting(w http.ResponseWriter, r *http.Request, lang locale.Lang, number string, form url.Values, wrong error) error {
	title := "statement.new"
	if number != "" {
		title = "statement.revise"
	}
	v := writeView{view: newView(r, lang, "statements", locale.For(lang).T(title)), ID: number, Form: form, Templates: statement.Templates(), Kinds: statement.Kinds()}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "statement_write", v)
}

// draftForm and draftOf turn a draft into a form and back; lists stand one item on each line.
func draftForm(d statement.Draft) url.Values {
	form := url.Values{}
	for name, value := range map[string]string{"kind": d.Kind, "title": d.Title, "lang": d.Lang, "text": d.Text, "date": d.Date, "corrects": d.Corrects, "template": d.Template,
		"addressees": strings.Join(d.Addressees, "\n"), "signatories": strings.Join(d.Signatories, "\n"), "findings": strings.Join(d.Findings, "\n"), "clauses": strings.Join(d.Clauses, "\n")} {
		form.Set(name, value)
	}
	return form
}

func draftOf(form url.Values) statement.Draft {
	return statement.Draft{Kind: form.Get("kind"), Title: form.Get("title"), Lang: form.Get("lang"), Text: form.Get("text"), Date: form.Get("date"), Corrects: form.Get("corrects"),
		Template: form.Get("template"), Addressees: text.Lines(form.Get("addressees")), Signatories: text.Lines(form.Get("signatories")),
		Findings: text.Lines(form.Get("findings")), Clauses: text.Lines(form.Get("clauses"))}
}

// keepStatement puts a draft on record: the first of a new statement, or a further one.
func (s *Site) keepStatement(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (next string, err error) {
		number := form.Get("id")
		if number != "" {
			err = s.desk.ReviseStatement(r.Context(), whoOf(r.Context()), number, draftOf(form))
		} else {
			number, err = s.desk.BeginStatement(r.Context(), whoOf(r.Context()), draftOf(form))
		}
		return address(lang, "statements", number), err
	}, func(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
		return s.showWriting(w, r, lang, form.Get("id"), form, wrong)
	})
}

// letterheadView is the form of the letterhead.
type letterheadView struct {
	view
	Form    url.Values
	Problem string
}

func (s *Site) letterhead(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	head, err := s.desk.Letterhead(r.Context(), whoOf(r.Context()))
	if err != nil {
		return err
	}
	form := url.Values{"name": {head.Name}, "written": {head.Written}, "lines": {strings.Join(head.Lines, "\n")}, "foot": {strings.Join(head.Foot, "\n")}}
	return s.showLetterhead(w, r, lang, form, nil)
}

func (s *Site) showLetterhead(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	v := letterheadView{view: newView(r, lang, "statements", locale.For(lang).T("statement.letterhead")), Form: form}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "statement_letterhead", v)
}

func (s *Site) keepLetterhead(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		head := statement.Letterhead{Name: form.Get("name"), Written: form.Get("written"), Lines: text.Lines(form.Get("lines")), Foot: text.Lines(form.Get("foot"))}
		return address(lang, "statements"), s.desk.SetLetterhead(r.Context(), whoOf(r.Context()), head)
	}, s.showLetterhead)
}
