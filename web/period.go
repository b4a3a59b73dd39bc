package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/paper"
	"ward/text"
	"ward/when"
)

// periodView is a period's report, or the form that asks for one.
type periodView struct {
	view
	From, To string // as typed, or as shown
	Wrong    string
	Report   *paper.PeriodReport // nil where the form could not be read
}

// period reports on the days asked for; with none, on the three months up to today.
func (s *Site) period(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	v := periodView{view: newView(r, lang, "home", locale.For(lang).T("period.title")), From: strings.TrimSpace(query.Get("from")), To: strings.TrimSpace(query.Get("to"))}
	from, to, err := s.daysAsked(query)
	if err == nil {
		var found desk.Period
		if found, err = s.desk.Period(r.Context(), whoOf(r.Context()), from, to); err == nil {
			report := paper.ReportPeriod(found, lang)
			v.Report, v.From, v.To = &report, from.String(), to.String()
		}
	}
	code := http.StatusOK
	if fault.Is(err, fault.Invalid) {
		v.Wrong, code, err = sentence(err.Error()), http.StatusBadRequest, nil
	}
	if err != nil {
		return err
	}
	return s.render(w, code, lang, "period", v)
}

// daysAsked reads from and to, in any digits: days, months or years.
func (s *Site) daysAsked(query url.Values) (from, to when.Day, err error) {
	today := s.desk.Today()
	from, to = when.DayOf(today.Time().AddDate(0, -3, 1)), today
	for name, into := range map[string]func(when.Date){"from": func(d when.Date) { from = d.From() }, "to": func(d when.Date) { to = d.To() }} {
		asked := text.Fold(strings.TrimSpace(query.Get(name)))
		if asked == "" {
			continue
		}
		date, wrong := when.Parse(asked)
		if wrong != nil {
			return from, to, fault.Wrap(wrong, fault.Invalid, "%.40q is no date", asked).Do("write it as 2026-10-01, 2026-10 or 2026")
		}
		into(date)
	}
	return from, to, nil
}

// Formats are the files in which the report can be taken away.
func (periodView) Formats() []string { return paper.PeriodFormats() }

// exportPeriod sends a period's report: period.<format>?from&to.
func (s *Site) exportPeriod(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	format, _ := strings.CutPrefix(r.PathValue("file"), "period.")
	if !slices.Contains(paper.PeriodFormats(), format) {
		return fault.New(fault.NotFound, "there is no period report in the format %.10q", format).Do("take %s", strings.Join(paper.PeriodFormats(), ", "))
	}
	from, to, err := s.daysAsked(r.URL.Query())
	if err != nil {
		return err
	}
	kind := printedTypes[format]
	if format == "json" {
		kind = "application/json"
	}
	return download(w, "ward-period-"+from.String()+"-"+to.String()+"."+format, kind, func(out io.Writer) error {
		found, err := s.desk.TakePeriod(r.Context(), whoOf(r.Context()), from, to, desk.PeriodFile{Format: format})
		if err != nil {
			return err
		}
		return paper.WritePeriod(out, found, lang, format)
	})
}

// Address is the page of a line.
func (v periodView) Address(parts []string) string { return address(v.Lang, slices.Clone(parts)...) }
