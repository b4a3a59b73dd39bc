package web

import (
	"cmp"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/fault"
	"ward/locale"
)

// doCase does what a form of a case's page says, and leads back to the page.
func (s *Site) doCase(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		do, ok := caseActs[form.Get("do")]
		if !ok {
			return "", fault.New(fault.Invalid, "the form asks for nothing that can be done here").Keeping("nothing was written").Do("use a form of the page")
		}
		a := caseAct{s, r, whoOf(r.Context()), r.PathValue("case"), form}
		part, err := do(a)
		return address(lang, "cases", a.id) + part, err
	}, s.showCase)
}

// caseAct is a form on its way to the record.
type caseAct struct {
	*Site
	r    *http.Request
	who  access.Actor
	id   string
	form url.Values
}

// caseActs are what the forms of a case's page do; each gives the part of the page to which it leads.
var caseActs = map[string]func(caseAct) (string, error){
	"move": caseAct.move, "fact": caseAct.fact, "remove": caseAct.remove, "task": caseAct.task, "settle": caseAct.settle, "link": caseAct.link, "unlink": caseAct.unlink,
	"join": caseAct.join, "member": caseAct.member, "note": caseAct.note,
}

func (a caseAct) move() (string, error) {
	m := casework.Move{To: a.form.Get("to"), Outcome: a.form.Get("outcome"), Why: a.form.Get("why")}
	return "#now", a.desk.MoveCase(a.r.Context(), a.who, a.id, m)
}

// fact records a section. The playbook is asked for once more, because the kind of the case says which fields there are.
func (a caseAct) fact() (string, error) {
	f, err := a.desk.Case(a.r.Context(), a.who, a.id)
	if err != nil {
		return "", err
	}
	p, _ := casework.PlaybookOf(f.Top.Kind)
	section, ok := p.Section(a.form.Get("section"))
	if !ok {
		return "", fault.New(fault.Invalid, "a case of this kind has no such section").Keeping("nothing was written").Do("use a form of the page")
	}
	_, err = a.desk.RecordFact(a.r.Context(), a.who, a.id, factOf(section, a.form))
	return "#s-" + section.Section, err
}

func (a caseAct) remove() (string, error) {
	section := a.form.Get("section")
	_, err := a.desk.RecordFact(a.r.Context(), a.who, a.id, casework.Fact{Section: section, Item: a.form.Get("item"), Removed: true, Why: a.form.Get("why")})
	return "#s-" + url.PathEscape(section), err
}

func (a caseAct) task() (string, error) {
	t := casework.Task{Text: a.form.Get("text"), Due: a.form.Get("due"), For: a.form.Get("for"), State: casework.TaskOpen}
	_, err := a.desk.SetTask(a.r.Context(), a.who, a.id, t)
	return "#tasks", err
}

// settle says what became of a task, or whose it is.
func (a caseAct) settle() (string, error) {
	t := casework.Task{Task: a.form.Get("task"), For: a.form.Get("for"), State: a.form.Get("state"), Why: a.form.Get("why")}
	if t.Task == "" {
		return "", fault.New(fault.Invalid, "no task was named").Keeping("nothing was written")
	}
	_, err := a.desk.SetTask(a.r.Context(), a.who, a.id, t)
	return "#tasks", err
}

func (a caseAct) link() (string, error) {
	l := casework.Link{Kind: a.form.Get("kind"), To: a.form.Get("to"), Relation: a.form.Get("relation")}
	return "#links", a.desk.LinkCase(a.r.Context(), a.who, a.id, l)
}

func (a caseAct) unlink() (string, error) {
	l := casework.Link{Kind: a.form.Get("kind"), To: a.form.Get("to"), Gone: true, Why: a.form.Get("why")}
	return "#links", a.desk.LinkCase(a.r.Context(), a.who, a.id, l)
}

func (a caseAct) join() (string, error) {
	return "", a.desk.JoinCase(a.r.Context(), a.who, a.id, a.form.Get("why"))
}

// member brings a colleague, says who leads, or takes somebody off.
func (a caseAct) member() (string, error) {
	m := casework.Member{Name: a.form.Get("name"), Lead: a.form.Get("lead") != "", Gone: a.form.Get("gone") != "", Why: a.form.Get("why")}
	return "#team", a.desk.SetMember(a.r.Context(), a.who, a.id, m)
}

func (a caseAct) note() (string, error) {
	return "#timeline", a.desk.NoteCase(a.r.Context(), a.who, a.id, a.form.Get("text"))
}

// keepCaseFile takes one file for a case: sealed as it is read, so that nothing of it is written anywhere in clear.
func (s *Site) keepCaseFile(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	typed := url.Values{"do": {"file"}}
	err = s.takeCaseFile(w, r, typed)
	if mendable(err) || fault.Is(err, fault.Limit) {
		return s.showCase(w, r, lang, typed, err)
	}
	if err == nil {
		http.Redirect(w, r, address(lang, "cases", r.PathValue("case"))+"#documents", http.StatusSeeOther)
	}
	return err
}

// takeCaseFile reads the title, which stands before the file, and then the file.
func (s *Site) takeCaseFile(w http.ResponseWriter, r *http.Request, typed url.Values) error {
	none := fault.New(fault.Invalid, "no file was chosen").Keeping("nothing was written").Do("choose one, and send the form again")
	r.Body = http.MaxBytesReader(w, r.Body, desk.MaxCaseFile+longestForm)
	parts, err := r.MultipartReader()
	for err == nil {
		var p *multipart.Part
		if p, err = parts.NextPart(); err != nil {
			break
		}
		switch {
		case p.FormName() == "title":
			text, err := io.ReadAll(io.LimitReader(p, 4<<10))
			if err != nil {
				return err
			}
			title, err := tidy("title", string(text))
			if err != nil {
				return err
			}
			typed.Set("title", title)
		case p.FormName() == "file" && p.FileName() != "":
			_, err := s.desk.KeepCaseFile(r.Context(), whoOf(r.Context()), r.PathValue("case"), typed.Get("title"), p.FileName(), p.Header.Get("Content-Type"), p)
			var long *http.MaxBytesError
			if errors.As(err, &long) {
				return fault.New(fault.Limit, "a file of a case has at most %d MB", desk.MaxCaseFile>>20).Keeping("nothing was written")
			}
			return err
		}
	}
	return s.firstKnown(r, none)
}

// firstKnown is wrong for whoever may hear of the case; to others the case is not there.
func (s *Site) firstKnown(r *http.Request, wrong error) error {
	_, err := s.desk.Case(r.Context(), whoOf(r.Context()), r.PathValue("case"))
	return cmp.Or(err, wrong)
}

// showCaseFile shows a picture of a case by itself, to whoever asked for it.
func (s *Site) showCaseFile(w http.ResponseWriter, r *http.Request) error {
	f, body, err := s.desk.CaseDocument(r.Context(), whoOf(r.Context()), r.PathValue("case"), r.PathValue("document"))
	if err != nil {
		return err
	}
	return showPicture(w, f, body)
}

// exportCaseFile hands a file of a case out as it came.
func (s *Site) exportCaseFile(w http.ResponseWriter, r *http.Request) error {
	f, body, err := s.desk.TakeCaseDocument(r.Context(), whoOf(r.Context()), r.PathValue("case"), r.PathValue("document"))
	if err != nil {
		return err
	}
	return handFile(w, "case-file", f, body)
}
