package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/text"
	"ward/vocab"
)

// workbenchView lists the States whose audit can be coded.
type workbenchView struct {
	view
	States []string
}

func (s *Site) workbench(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if name := r.URL.Query().Get("state"); name != "" {
		code, err := desk.StateCode(name)
		if err != nil {
			return err
		}
		http.Redirect(w, r, address(lang, "workbench", code), http.StatusSeeOther)
		return nil
	}
	v := workbenchView{view: newView(r, lang, "workbench", locale.For(lang).T("workbench.title"))}
	if v.States, err = s.desk.CodedStates(r.Context(), whoOf(r.Context())); err != nil {
		return err
	}
	v.Invented = v.Invented || len(v.States) > 0 && !slices.ContainsFunc(v.States, func(c string) bool { return !vocab.Invented(c) })
	return s.render(w, http.StatusOK, lang, "workbench", v)
}

// boardView is the coding of one State, cell by cell.
type boardView struct {
	view
	desk.Board
	Name     string
	Show     string // part of the list: "" what waits for me, "all", "differ", or a stage
	Rows     []desk.BoardCell
	Tabs     []verificationTab
	Disputes []agreementRow
	Typed    url.Values
	Problem  string
}

func (s *Site) board(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showBoard(w, r, lang, nil, nil)
}

func (s *Site) showBoard(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	opt, err := yearsAsked(r)
	if err != nil {
		return err
	}
	board, err := s.desk.Board(r.Context(), whoOf(r.Context()), r.PathValue("state"), opt)
	if err != nil {
		return err
	}
	c := locale.For(lang)
	v := boardView{Board: board, Name: vocab.CountryName(board.State, string(lang)), Typed: typed, Show: r.URL.Query().Get("show")}
	v.view = newView(r, lang, "workbench", c.T("workbench.of", v.Name))
	v.Invented = vocab.Invented(board.State)
	v.choose(lang)
	for _, a := range board.Agreed {
		if a.Scale == "outcome" {
			row := agreementRow{Agreement: a}
			if a.Alpha != nil {
				row.Figure = c.Decimal(*a.Alpha, 3)
			}
			v.Disputes = append(v.Disputes, row)
		}
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "workbench_state", v)
}

// choose picks the rows of the part shown; where nothing waits for who asks, all are shown.
func (v *boardView) choose(lang locale.Lang) {
	if v.Show == "" && v.Counts["mine"] == 0 {
		v.Show = "all"
	}
	counts := map[string]int{"all": len(v.Cells), "mine": v.Counts["mine"], "differ": v.Counts["differ"]}
	for _, part := range []string{"mine", "differ", "all"} {
		if part == "differ" && v.Blind {
			continue
		}
		current := part == v.Show || part == "mine" && v.Show == ""
		v.Tabs = append(v.Tabs, verificationTab{part, address(lang, "workbench", v.State) + "?show=" + part, counts[part], current})
	}
	for _, cell := range v.Cells {
		if v.Show == "all" || v.Show == "differ" && cell.Differ || (v.Show == "" || v.Show == "mine") && cell.Waits {
			v.Rows = append(v.Rows, cell)
		}
	}
}

// codingView is one cell on the workbench.
type codingView struct {
	view
	desk.CodingFile
	Name    string
	Counted incidentTable
	Decide  incidentTable
	Waits   []string // what the procedure waits for
	Levels  []string
	Grades  []vocab.Code
	Alpha   string
	Typed   url.Values
	Problem string
}

func (s *Site) coding(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showCoding(w, r, lang, nil, nil)
}

func (s *Site) showCoding(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || year < 1800 || year > 2200 {
		return fault.New(fault.NotFound, "there is no year %q", r.PathValue("year"))
	}
	file, err := s.desk.Coding(r.Context(), whoOf(r.Context()), r.PathValue("state"), r.PathValue("clause"), year)
	if err != nil {
		return err
	}
	c := locale.For(lang)
	v := codingView{CodingFile: file, Name: vocab.CountryName(file.State, string(lang)), Typed: typed, Grades: vocab.Codes("information"),
		Counted: incidentTable{Rows: file.Incidents}, Decide: incidentTable{Rows: file.Waiting}, Waits: needWords(file.Next, c),
		Levels: append(slices.Clone(levels[:6]), audit.NoInfo)}
	if file.MayDecide {
		v.Levels = file.Choices
	}
	if file.Agreement != nil && file.Agreement.Alpha != nil {
		v.Alpha = c.Decimal(*file.Agreement.Alpha, 3)
	}
	v.view = newView(r, lang, "workbench", c.T("cell.page", v.Norm.Short+" "+v.Clause.Number, v.Name, c.Year(year)))
	v.Invented = vocab.Invented(v.State)
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "workbench_cell", v)
}

// Corrections are the kinds of correction.
func (codingView) Corrections() []string {
	return []string{"level", "count", "attribution", "reply", "words", "other"}
}

// Appeals are what may be said of an appeal against the cell now: that one was filed, or what became of it.
func (v codingView) Appeals() []string {
	switch {
	case !v.Me.Can(access.AdjudicateAudit) || v.Me.MayOn(access.Enter, v.State) != nil:
		return nil
	case v.MayCorrect:
		return []string{audit.AppealFiled}
	case v.Stage == audit.StagePanel && slices.ContainsFunc(v.History, func(t audit.Taken) bool { return t.Move == "appealed" }):
		return []string{audit.AppealAllowed, audit.AppealDismissed}
	}
	return nil
}

// code puts on record what the form on a cell's page says: a coding, a step or a correction.
func (s *Site) code(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		year, _ := strconv.Atoi(r.PathValue("year"))
		state, clause := r.PathValue("state"), r.PathValue("clause")
		return address(lang, "workbench", state, clause, r.PathValue("year")), s.takeCoding(r, state, clause, year, form)
	}, s.showCoding)
}

func (s *Site) takeCoding(r *http.Request, state, clause string, year int, form url.Values) error {
	row := audit.Row{State: state, Clause: clause, Year: year, Value: form.Get("value"), Note: form.Get("note")}
	switch form.Get("do") {
	case "code":
		made := desk.Coded{Level: form.Get("level"), Note: form.Get("note"), Grade: form.Get("grade"), Answers: map[string]string{}}
		for name, values := range form {
			if id, ok := strings.CutPrefix(name, "answer."); ok {
				made.Answers[id] = values[0]
			}
		}
		return s.desk.Code(r.Context(), whoOf(r.Context()), state, clause, year, made)
	case "step":
		row.Kind = audit.KindStep
		return s.desk.TakeStep(r.Context(), whoOf(r.Context()), row)
	case "correction":
		row.Kind, row.Was, row.Now = audit.KindCorrection, form.Get("was"), form.Get("now")
		return s.desk.TakeStep(r.Context(), whoOf(r.Context()), row)
	case "appeal":
		row.Kind, row.Body = audit.KindAppeal, form.Get("body")
		return s.desk.TakeStep(r.Context(), whoOf(r.Context()), row)
	}
	return fault.New(fault.Invalid, "the form says neither a level nor a step").Keeping("nothing was written").Do("use a form of the page")
}

// freeze takes a step for a whole year of a State: its evidence is frozen, or opened anew.
func (s *Site) freeze(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		year, err := strconv.Atoi(text.Fold(form.Get("year")))
		if err != nil {
			return "", fault.New(fault.Invalid, "%.20q is not a year", form.Get("year")).Keeping("nothing was written").Do("write it with four digits, such as 2019")
		}
		row := audit.Row{Kind: audit.KindStep, State: r.PathValue("state"), Year: year, Value: form.Get("value"), Until: text.Fold(form.Get("until")), Note: form.Get("note")}
		return address(lang, "workbench", r.PathValue("state")), s.desk.TakeStep(r.Context(), whoOf(r.Context()), row)
	}, s.showBoard)
}

// codesBlind reports that an audit was kept from somebody because they still code it.
func codesBlind(r *http.Request, err error) bool {
	return fault.Is(err, fault.Refused) && whoOf(r.Context()).Can(access.CodeAudit)
}
