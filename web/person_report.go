package web

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/paper"
)

// personReportView is what is held on somebody.
type personReportView struct {
	view
	desk.PersonReport
}

func (s *Site) personReport(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	report, err := s.desk.PersonReport(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := personReportView{newView(r, lang, "persons", locale.For(lang).T("atrisk.report.title")), report}
	return s.render(w, http.StatusOK, lang, "person_risk_report", v)
}

// exportPerson gives the report as a file, for the person or who speaks for them. Its name tells nothing but what it is.
func (s *Site) exportPerson(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	id, format, _ := strings.Cut(r.PathValue("file"), ".")
	kinds := map[string]string{"json": "application/json", "pdf": "application/pdf", "odt": "application/vnd.oasis.opendocument.text"}
	if kinds[format] == "" {
		return fault.New(fault.NotFound, "there is no format %.10q", format).Do("take pdf, odt or json")
	}
	report, err := s.desk.TakePersonReport(r.Context(), whoOf(r.Context()), id, r.URL.Query().Get("to"), format)
	if err != nil {
		return err
	}
	return download(w, "ward-report."+format, kinds[format], func(out io.Writer) error {
		if format == "json" {
			enc := json.NewEncoder(out)
			enc.SetIndent("", "  ")
			return enc.Encode(report)
		}
		return paper.Print(out, paper.PersonReport(report, lang), format)
	})
}
