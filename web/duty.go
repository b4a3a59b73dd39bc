package web

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"ward/desk"
	"ward/duty"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/text"
)

// dutiesView is the association's own duties in a year, group by group.
type dutiesView struct {
	view
	desk.Duties
	Groups []dutyGroup
}

type dutyGroup struct {
	Name  string
	Lines []duty.Line
}

func (s *Site) duties(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	year, err := yearAsked(r.URL.Query(), "year")
	if err != nil {
		return err
	}
	with, err := yearAsked(r.URL.Query(), "with")
	if err != nil {
		return err
	}
	duties, err := s.desk.Duties(r.Context(), whoOf(r.Context()), year, with)
	if err != nil {
		return err
	}
	v := dutiesView{view: newView(r, lang, "duties", locale.For(lang).T("duty.title")), Duties: duties}
	for _, l := range duties.Lines {
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Name != l.Group {
			v.Groups = append(v.Groups, dutyGroup{Name: l.Group})
		}
		last := &v.Groups[len(v.Groups)-1]
		last.Lines = append(last.Lines, l)
	}
	return s.render(w, http.StatusOK, lang, "duties", v)
}

// yearAsked reads a year from an address or a form; 0 where none is named.
func yearAsked(values url.Values, name string) (int, error) {
	text := values.Get(name)
	if text == "" {
		return 0, nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 1800 || year > 2200 {
		return 0, fault.New(fault.Invalid, "%.40q is not a year", text).Do("write it as 2026")
	}
	return year, nil
}

// dutyView is one duty with everything that was said of it, and the form for a further word.
type dutyView struct {
	view
	desk.Duty
	Clauses []policy.Clause
	Form    url.Values // what stands in the form
	Problem string     // why the form cannot stand; "" where nobody sent it
}

// Statuses are what the form can say.
func (dutyView) Statuses() []string { return duty.Statuses() }

func (s *Site) duty(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	year, err := yearAsked(r.URL.Query(), "year")
	if err != nil {
		return err
	}
	return s.showDuty(w, r, lang, year, nil, nil)
}

// showDuty draws a duty's page; form is what was typed, nil where the record fills it.
func (s *Site) showDuty(w http.ResponseWriter, r *http.Request, lang locale.Lang, year int, form url.Values, wrong error) error {
	one, err := s.desk.Duty(r.Context(), whoOf(r.Context()), r.PathValue("point"), year)
	if err != nil {
		return err
	}
	c := locale.For(lang)
	v := dutyView{view: newView(r, lang, "duties", c.T("duty.point."+one.Line.ID)), Duty: one, Clauses: s.clauses(one.Line.Clauses), Form: form}
	if form == nil {
		v.Form = dutyForm(one)
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "duty", v)
}

// clauses finds clauses by their ids; those that the corpus lacks are left out.
func (s *Site) clauses(ids []string) (out []policy.Clause) {
	for _, id := range ids {
		if c, ok := s.desk.Corpus().Clause(id); ok {
			out = append(out, c)
		}
	}
	return out
}

// dutyForm fills the form with the last word on the year, so that a correction starts from what stands.
func dutyForm(one desk.Duty) url.Values {
	form := url.Values{"year": {strconv.Itoa(one.Year)}, "status": {one.Line.Status}}
	if one.Line.Now != nil {
		a := one.Line.Now.Body
		form.Set("proof", strings.Join(a.Proof, "\n"))
		for name, value := range map[string]string{"owner": a.Owner, "due": a.Due, "issued": a.Issued, "audience": a.Audience, "note": a.Note} {
			form.Set(name, value)
		}
	}
	return form
}

// assessDuty puts on record what the form says.
func (s *Site) assessDuty(w http.ResponseWriter, r *http.Request) error {
	year := 0
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (next string, err error) {
		if year, err = yearAsked(form, "year"); err != nil {
			return "", err
		}
		_, err = s.desk.Assess(r.Context(), whoOf(r.Context()), duty.Assessment{Point: r.PathValue("point"), Year: year, Status: form.Get("status"), Proof: text.Lines(form.Get("proof")),
			Owner: form.Get("owner"), Due: form.Get("due"), Issued: form.Get("issued"), Audience: form.Get("audience"), Note: form.Get("note")})
		return address(lang, "duties") + "?year=" + strconv.Itoa(year) + "#" + r.PathValue("point"), err
	}, func(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
		return s.showDuty(w, r, lang, year, form, wrong)
	})
}

// exportDuties sends the duties of a year: for ourselves, or for others without what is the association's own business.
func (s *Site) exportDuties(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	year, err := yearAsked(q, "year")
	if err != nil {
		return err
	}
	lang, ok := locale.Parse(q.Get("lang"))
	if !ok {
		lang = locale.English
	}
	c := locale.For(lang)
	opt := desk.DutiesFile{Year: year, Others: q.Get("for") == "others", Words: func(id string) string { return c.T("duty.point." + id) }}
	return download(w, "ward-duties.csv", "text/csv; charset=utf-8", func(out io.Writer) error {
		return s.desk.WriteDuties(r.Context(), whoOf(r.Context()), out, opt)
	})
}
