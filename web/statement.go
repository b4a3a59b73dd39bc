package web

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/paper"
	"ward/policy"
	"ward/statement"
	"ward/vocab"
	"ward/when"
)

// statementsView is the register.
type statementsView struct {
	view
	Asked  desk.StatementQuery
	List   []statement.Statement
	Late   int
	Head   statement.Letterhead
	Today  when.Day
	States []string
	Kinds  []string
	CSV    string // address of the list as a file
}

func (s *Site) statements(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	v := statementsView{view: newView(r, lang, "statements", locale.For(lang).T("statement.title")), Asked: statementQuery(r.URL.Query()), Today: s.desk.Today(),
		States: statement.States(), Kinds: statement.Kinds(), CSV: "/export/statements/" + registerFile + "?" + r.URL.Query().Encode()}
	if v.List, err = s.desk.Statements(r.Context(), whoOf(r.Context()), v.Asked); err != nil {
		return err
	}
	if v.Head, err = s.desk.Letterhead(r.Context(), whoOf(r.Context())); err != nil {
		return err
	}
	for _, one := range v.List {
		if one.Overdue(v.Today) {
			v.Late++
		}
	}
	return s.render(w, http.StatusOK, lang, "statements", v)
}

func statementQuery(q url.Values) desk.StatementQuery {
	return desk.StatementQuery{Kind: q.Get("kind"), State: q.Get("state"), Words: q.Get("q"), About: q.Get("about"), Overdue: q.Get("late") != ""}
}

// Any reports that something was asked for.
func (v statementsView) Any() bool { return v.Asked != desk.StatementQuery{} }

// statementView is one statement with all that happened to it.
type statementView struct {
	view
	statement.Statement
	Late    bool
	Cited   []citedView
	Clauses []policy.Clause
	Form    url.Values // what stands in the form that was sent
	Problem string     // why it cannot stand
}

// citedView is a cited finding as it stood on the day of issue, or stands today where nothing was issued.
type citedView struct {
	statement.Ref
	statement.Cited
	Short string // of the clause
}

func (s *Site) statement(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showStatement(w, r, lang, nil, nil)
}

func (s *Site) showStatement(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	one, err := s.desk.Statement(r.Context(), whoOf(r.Context()), r.PathValue("statement"))
	if err != nil {
		return err
	}
	v := statementView{view: newView(r, lang, "statements", one.Draft.Title), Statement: one, Late: one.Overdue(s.desk.Today()), Clauses: s.clauses(one.Draft.Clauses), Form: form}
	cited := one.Cited()
	if one.Issued() == "" {
		if cited, err = s.desk.CitedNow(r.Context(), whoOf(r.Context()), one); err != nil {
			return err
		}
	}
	for _, c := range cited {
		ref, _ := statement.ParseRef(c.Finding)
		clause, _ := s.desk.Corpus().Clause(ref.Clause)
		v.Cited, v.Invented = append(v.Cited, citedView{ref, c, clause.Short}), v.Invented || vocab.Invented(ref.State)
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "statement", v)
}

// Formats are the files in which a statement can be taken away.
func (statementView) Formats() []string { return paper.Formats() }

// Grades are the grades of a reply.
func (statementView) Grades() []string { return statement.Grades() }

// Newest are the entries of the history in one list, the newest first.
func (v statementView) Newest() (out []happened) {
	drafts, steps, replies := v.Drafts, v.Steps, v.Replies
	for len(drafts)+len(steps)+len(replies) > 0 {
		d, t, p := len(drafts)-1, len(steps)-1, len(replies)-1
		switch {
		case p >= 0 && (t < 0 || !replies[p].At.Before(steps[t].At)) && (d < 0 || !replies[p].At.Before(drafts[d].At)):
			out = append(out, happened{Reply: &replies[p]})
			replies = replies[:p]
		case t >= 0 && (d < 0 || !steps[t].At.Before(drafts[d].At)):
			out = append(out, happened{Step: &steps[t]})
			steps = steps[:t]
		default:
			out = append(out, happened{Draft: &drafts[d], Number: d + 1})
			drafts = drafts[:d]
		}
	}
	return out
}

// statementStep takes a statement further, or keeps a reply, as the form says.
func (s *Site) statementStep(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (next string, err error) {
		number := r.PathValue("statement")
		if form.Get("to") != "" {
			err = s.desk.AdvanceStatement(r.Context(), whoOf(r.Context()), number, statement.Step{To: form.Get("to"), Due: form.Get("due"), Note: form.Get("note")})
		} else {
			err = s.desk.KeepReply(r.Context(), whoOf(r.Context()), number, statement.Reply{Date: form.Get("date"), From: form.Get("from"), Grade: form.Get("grade"), Text: form.Get("text"), Source: form.Get("source")})
		}
		return address(lang, "statements", number), err
	}, s.showStatement)
}

// registerFile is the whole register as a file.
const registerFile = "register.csv"

// exportStatement sends a statement as a file, <id>.<format>, or the register as the same query shows it.
func (s *Site) exportStatement(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("file") == registerFile {
		return download(w, "ward-statements.csv", "text/csv; charset=utf-8", func(out io.Writer) error {
			return s.desk.WriteStatements(r.Context(), whoOf(r.Context()), out, statementQuery(r.URL.Query()))
		})
	}
	number, format, _ := strings.Cut(r.PathValue("file"), ".")
	kind, ok := map[string]string{"pdf": "application/pdf", "odt": "application/vnd.oasis.opendocument.text", "html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8"}[format]
	if !ok {
		return fault.New(fault.NotFound, "there is no statement in the format %.10q", format).Do("take %s", strings.Join(paper.Formats(), ", "))
	}
	return download(w, "ward-statement-"+number+"."+format, kind, func(out io.Writer) error {
		file, err := s.desk.TakeStatement(r.Context(), whoOf(r.Context()), number, format, "", "")
		if err != nil {
			return err
		}
		return paper.WriteLetter(out, file, s.desk.Corpus(), format)
	})
}
