package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/locale"
	"ward/tally"
	"ward/vocab"
)

// receivedView is one report with what its answers suggest.
type receivedView struct {
	view
	desk.ReceivedFile
	Handling handlingView
	Next     string // what is to be done now: danger, triage, info, code, linked, done
	Attached []attached
	MayEdit  bool
	Proposed desk.Proposed
	Offered  []offeredValue
	Grade    intake.Grade // chosen, else proposed
	Likely   []desk.Likely
	Chosen   string // where the values are to go: "" a new incident, "other", or an id
	Typed    url.Values
	Problem  string
}

// attached is a file of a report with the addresses under which it is taken away and, if it is a picture that browsers draw, shown.
type attached struct {
	entry.File
	Take, Show string
}

// offeredValue is a value that the answers suggest, ticked or not.
type offeredValue struct {
	intake.Offer
	On bool
}

// Short is the end of the report's id, by which people tell it from others.
func (v receivedView) Short() string { return v.ID[max(0, len(v.ID)-6):] }

// ReportLang is the language of the narrative; "" where it is not known.
func (v receivedView) ReportLang() string {
	if lang := v.Received.Lang; lang != intake.Undetermined {
		return lang
	}
	return ""
}

// Letters and Numbers are the grades of a source and of its information.
func (receivedView) Letters() []string { return []string{"A", "B", "C", "D", "E", "F"} }

// Numbers are the grades of information.
func (receivedView) Numbers() []string { return []string{"1", "2", "3", "4", "5", "6"} }

func (s *Site) received(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showReceived(w, r, lang, nil, nil)
}

// showReceived draws a report's page; typed is what was sent, wrong why it could not be taken.
func (s *Site) showReceived(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	f, err := s.desk.Received(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := receivedView{view: newView(r, lang, "inbox", locale.For(lang).T("received.report")), ReceivedFile: f, Typed: typed}
	v.Invented = v.Invented || vocab.Invented(f.Country)
	v.attach(lang)
	if v.Handling, err = s.handlingOf(r.Context(), lang, f.ID); err != nil {
		return err
	}
	v.Next = nextStep(v.Handling.Handled)
	if err := s.propose(r.Context(), &v); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "received", v)
}

func (v *receivedView) attach(lang locale.Lang) {
	for i, f := range v.Files {
		n := strconv.Itoa(i + 1)
		a := attached{File: f, Take: "/export/reports/" + v.ID + "/" + n}
		if slices.Contains(drawn, f.Type) {
			a.Show = address(lang, "reports", v.ID, "files", n)
		}
		v.Attached = append(v.Attached, a)
	}
}

// nextStep is what is to be done with a report now.
func nextStep(h desk.Handled) string {
	switch {
	case h.InDanger():
		return "danger"
	case h.State == intake.StateReceived:
		return "triage"
	case h.State == intake.NeedsInfo:
		return "info"
	case h.State == intake.StateTriaged || h.State == intake.StateEscalated:
		return "code"
	case h.State == intake.StateLinked:
		return "linked"
	}
	return "done"
}

// propose fills in what the answers suggest, for whoever may make an incident of it.
func (s *Site) propose(ctx context.Context, v *receivedView) (err error) {
	if v.MayEdit = v.Me.MayOn(access.EditIncidents, v.ID, v.Country, v.ActorState) == nil; !v.MayEdit {
		return nil
	}
	v.Proposed = s.desk.Propose(v.Received)
	v.Grade = v.Proposed.Grade
	if v.Typed != nil {
		v.Grade, v.Chosen = intake.Grade{Reliability: v.Typed.Get("reliability"), Credibility: v.Typed.Get("credibility")}, v.Typed.Get("to")
	}
	if v.Chosen == "new" {
		v.Chosen = ""
	}
	for _, o := range v.Proposed.Offers {
		on := !o.Derived
		if v.Typed != nil {
			on = slices.Contains(v.Typed["take"], o.Key)
		}
		v.Offered = append(v.Offered, offeredValue{o, on})
	}
	v.Likely, err = s.desk.LikelyIncidents(ctx, v.Me, v.Received)
	return err
}

// codeReport takes over what was ticked into an incident, and leads there.
func (s *Site) codeReport(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		t := desk.Taking{Keys: form["take"], Grade: intake.Grade{Reliability: form.Get("reliability"), Credibility: form.Get("credibility")}, Seen: form.Get("seen")}
		switch to := form.Get("to"); to {
		case "new":
		case "other":
			if t.Incident = strings.ToUpper(form.Get("incident")); t.Incident == "" {
				return "", fault.New(fault.Invalid, "no incident was named").Keeping("nothing was written").Do("type its id, such as WRD-XAA-2026-7K3M")
			}
		default:
			t.Incident = to
		}
		id, err := s.desk.IncidentOfReport(r.Context(), whoOf(r.Context()), r.PathValue("id"), t)
		return address(lang, "incidents", id), err
	}, s.showReceived)
}

// showReportFile shows a picture by itself, to whoever asked for it.
func (s *Site) showReportFile(w http.ResponseWriter, r *http.Request) error {
	a, body, err := s.desk.ReportFile(r.Context(), whoOf(r.Context()), r.PathValue("id"), numbered(r))
	if err != nil {
		return err
	}
	return showPicture(w, a, body)
}

// exportReportFile hands a file of a report out as it came.
func (s *Site) exportReportFile(w http.ResponseWriter, r *http.Request) error {
	a, body, err := s.desk.TakeReportFile(r.Context(), whoOf(r.Context()), r.PathValue("id"), numbered(r))
	if err != nil {
		return err
	}
	return handFile(w, "report-file", a, body)
}

// numbered is which file of a report an address means; 0 is none.
func numbered(r *http.Request) int {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return 0
	}
	return n
}

// tallied writes a count kept as text; text that is none stands as it is.
func tallied(text string, c *locale.Catalogue) string {
	n, err := tally.Parse(text)
	if err != nil {
		return text
	}
	return c.Count(n)
}
