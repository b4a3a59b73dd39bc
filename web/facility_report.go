package web

import (
	"net/http"
	"strconv"

	"ward/facility"
	"ward/locale"
	"ward/vocab"
)

// facilityReportView is the report on a State's facilities.
type facilityReportView struct {
	view
	facility.Report
	Name  string
	Typed string // day as typed; "" = today
	Works axisBar
	Reach axisBar
	Parts []axisBar
	Claim axisBar
	Files string // address of the report's files without their ending
	Query string // that the files need
}

// axisBar is an axis drawn as one bar of its shares. What of the bar is left is what nobody stated.
type axisBar struct {
	facility.Axis
	Total int
	Rects []barRect
}

// barRect is one share on a bar of 100 units.
type barRect struct{ Class, X, Width string }

// axisClasses colour the codes of an axis: what works or is whole, what is so in part, what does not or is gone.
var axisClasses = map[string]map[string]string{
	facility.DamageList:       {facility.None: "n1", facility.Partial: "f2", facility.Destroyed: "f4"},
	facility.FunctionList:     {facility.Full: "n1", facility.Partial: "f2", facility.None: "f4"},
	facility.AccessList:       {facility.Full: "n1", facility.Partial: "f2", facility.None: "f4"},
	facility.CompensationList: {facility.Full: "c4", facility.Partial: "c3", facility.Claimed: "c2", facility.None: "c1"},
}

// Class colours a share.
func (b axisBar) Class(code string) string { return axisClasses[b.List][code] }

// axisBarOf draws an axis over so many facilities; in a right-to-left page the bar grows from the right.
func axisBarOf(a facility.Axis, total int, lang locale.Lang) axisBar {
	b := axisBar{Axis: a, Total: total}
	x := 0.0
	for _, s := range a.Shares {
		if s.Facilities == 0 {
			continue
		}
		width := 100 * float64(s.Facilities) / float64(total)
		at := x
		if lang.RTL() {
			at = 100 - x - width
		}
		b.Rects = append(b.Rects, barRect{axisClasses[a.List][s.Code], decimal(at), decimal(width)})
		x += width
	}
	return b
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

func (s *Site) facilityState(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	day, typed, err := facilityDay(r)
	if err != nil {
		return err
	}
	report, err := s.desk.FacilityReport(r.Context(), whoOf(r.Context()), r.PathValue("state"), day)
	if err != nil {
		return err
	}
	name := vocab.CountryName(report.State, string(lang))
	v := facilityReportView{view: newView(r, lang, "facilities", locale.For(lang).T("facility.report.of", name)), Report: report, Name: name, Typed: typed}
	v.Invented = vocab.Invented(report.State)
	v.Works, v.Reach = axisBarOf(report.Axes[0], report.Facilities, lang), axisBarOf(report.Axes[1], report.Facilities, lang)
	for _, a := range report.Axes[2:] {
		v.Parts = append(v.Parts, axisBarOf(a, report.Facilities, lang))
	}
	v.Claim = axisBarOf(report.Compensate, report.Facilities, lang)
	v.Files, v.Query = "/export/facilities/"+report.State, facilityFilter{Day: typed}.with()
	return s.render(w, http.StatusOK, lang, "facility_state", v)
}
