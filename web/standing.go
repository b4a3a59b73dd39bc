package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/audit"
	"ward/fault"
	"ward/locale"
	"ward/text"
)

// stageCount is how many cells stand at one stage.
type stageCount struct {
	Stage string
	Cells int
}

// stageOrder is the way of a cell, from its start to its end.
var stageOrder = []string{audit.StageScheduled, audit.StageFrozen, audit.StageCoded, audit.StageAdjudicated, audit.StagePanel, audit.StageDraft, audit.StageSent,
	audit.StageReplied, audit.StageNoReply, audit.StageFinal, audit.StagePublished, audit.StageCorrected, audit.StageSuperseded}

// countStages counts the cells by stage, those at none left out.
func countStages(cells []audit.Cell) (out []stageCount) {
	n := map[string]int{}
	for i := range cells {
		if s := cells[i].Standing; s != nil {
			n[s.Stage]++
		}
	}
	for _, stage := range stageOrder {
		if n[stage] > 0 {
			out = append(out, stageCount{stage, n[stage]})
		}
	}
	return out
}

// shownRefusals is how many refused statements a page lists; the audit's JSON has them all.
const shownRefusals = 100

// keepRecord takes from the report what people put on record about the procedure and about the State.
func (v *auditView) keepRecord(c *locale.Catalogue) {
	v.Stages = countStages(v.Report.Cells)
	v.keepAgreement(c)
	v.Refusals = v.Refused[:min(len(v.Refused), shownRefusals)]
	v.MoreRefused = len(v.Refused) - len(v.Refusals)
	for _, rows := range [][]audit.Row{v.Parties, v.Reservations, v.Withdrawals} {
		v.Treaties = append(v.Treaties, rows...)
	}
	slices.SortStableFunc(v.Treaties, func(a, b audit.Row) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Clause, b.Clause)) })
	v.Visited, v.Letters = newestFirst(v.Visits), newestFirst(v.Communications)
	v.Corrected, v.Appealed, v.Said = newestFirst(v.Corrections), newestFirst(v.Appeals), newestFirst(v.Replies)
}

// agreementRow is one line of the table of agreement.
type agreementRow struct {
	audit.Agreement
	Figure string // alpha, with three digits; "" where there is none
}

// keepAgreement divides the clauses into those to look at, those in which coders agree, and those with too few pairs to tell.
func (v *auditView) keepAgreement(c *locale.Catalogue) {
	for _, a := range v.Agreement {
		row := agreementRow{Agreement: a}
		if a.Alpha != nil {
			row.Figure = c.Decimal(*a.Alpha, 3)
		}
		switch {
		case a.Verdict == "too_few":
			v.FewPairs++
		case a.Verdict == "good" || a.Verdict == "no_variation":
			v.Agreeing = append(v.Agreeing, row)
		default:
			v.Disputed = append(v.Disputed, row)
		}
	}
}

func newestFirst(rows []audit.Row) []audit.Row {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b audit.Row) int { return cmp.Compare(b.Date, a.Date) })
}

// needWords says what is missing.
func needWords(needs []audit.Need, c *locale.Catalogue) (out []string) {
	for _, n := range needs {
		out = append(out, c.T("need."+strings.TrimPrefix(n.Key, "need_"), n.N))
	}
	return out
}

// keepStanding takes from the report what the cell's page says of its procedure.
func (v *cellView) keepStanding(report *audit.Report, c *locale.Catalogue) {
	if s := v.Standing; s != nil {
		v.Next, v.Raise = needWords(s.Next, c), needWords(s.Raise, c)
	}
	v.Replies = audit.Speaking(report.Replies, v.Clause, v.Year)
	v.Corrections = audit.Speaking(report.Corrections, v.Clause, v.Year)
	v.Appeals = audit.Speaking(report.Appeals, v.Clause, v.Year)
}

// replyForm is what somebody types who enters a State's reply, kept when it cannot be taken.
type replyForm struct {
	State, Clause, Year       string
	Value, Date, Source, Note string
	Wrong                     string // why it was not taken; "" before it was sent
	Cell                      bool   // it stands on the page of one cell
}

// Values are what a reply may be, in the order offered.
func (replyForm) Values() []string {
	return []string{"received", "none", "asked", "A", "B", "C", "D", "E"}
}

// code is the answer's: the page as asked for, or as it is shown again.
func (f replyForm) code() int {
	if f.Wrong != "" {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func readReply(state string, form url.Values) replyForm {
	return replyForm{State: state, Clause: form.Get("clause"), Year: text.Fold(form.Get("year")), Value: form.Get("value"), Date: text.Fold(form.Get("date")),
		Source: form.Get("source"), Note: form.Get("note"), Cell: form.Get("cell") != ""}
}

// row is the reply as it goes on record.
func (f replyForm) row() (audit.Row, error) {
	row := audit.Row{State: f.State, Clause: f.Clause, Value: f.Value, Date: f.Date, Source: f.Source, Note: f.Note}
	if f.Year == "" {
		return row, nil
	}
	year, err := strconv.Atoi(f.Year)
	if err != nil {
		return row, fault.New(fault.Invalid, "%q is not a year", f.Year).Keeping("nothing was written").Do("write it with four digits, such as 2019")
	}
	row.Year = year
	return row, nil
}

// reply puts on record what a State answered, from the form on its page or on a cell's.
func (s *Site) reply(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, values url.Values) (string, error) {
		form := readReply(r.PathValue("state"), values)
		row, err := form.row()
		if err == nil {
			_, err = s.desk.EnterReply(r.Context(), whoOf(r.Context()), row)
		}
		if form.Cell {
			return address(lang, "states", form.State, form.Clause, form.Year) + "#replies", err
		}
		return address(lang, "states", form.State) + "#replies", err
	}, s.replyAgain)
}

// replyAgain shows the page from which the form came, with what was typed and what is wrong with it.
func (s *Site) replyAgain(w http.ResponseWriter, r *http.Request, lang locale.Lang, values url.Values, wrong error) error {
	form := readReply(r.PathValue("state"), values)
	form.Wrong = sentence(wrong.Error())
	if form.Cell {
		r.SetPathValue("clause", form.Clause)
		r.SetPathValue("year", form.Year)
		return s.showCell(w, r, lang, form)
	}
	return s.showState(w, r, lang, form)
}
