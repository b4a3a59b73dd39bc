package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/locale"
	"ward/vocab"
	"ward/when"
)

// reportFormView is the form on which a report is taken down, as far as it is filled in.
type reportFormView struct {
	view
	Action    string
	Typed     url.Values
	Problems  []intake.Problem
	Problem   string // what else is wrong, in English
	Held      []entry.File
	Mail      *intake.Mail // that was read just now
	Officers  []string
	Harmed    []harmTyped
	Countries []string // names in the page's language
	Today     string
	Most      int // bytes that files may have together, in MB
	MostFiles int
}

// harmTyped is a row of the question who was harmed.
type harmTyped struct{ Number, Who, Kind, Count string }

// fewestHarmed is how many rows of that question are there.
const fewestHarmed = 3

// pick is a question answered out of a list.
type pick struct {
	Name, List, Value string
	Codes             []vocab.Code
	Empty             bool // it may be left unanswered
}

// answers are the lists of the questions, by the names of their fields.
var answers = map[string]string{"channel": intake.ChannelList, "mode": intake.ModeList, "relation": intake.RelationList, "known": intake.KnownList, "danger": intake.AnswerList,
	"actor": intake.ActorList, "what": intake.DeedList, "needs": intake.NeedList, "consent": intake.ConsentList, "harmed_who": intake.HarmedList, "harmed_kind": intake.HarmList}

// Pick is a question of the form with what was chosen.
func (v reportFormView) Pick(name string) pick {
	codes := vocab.Codes(answers[name])
	return pick{name, answers[name], v.Typed.Get(name), codes, name != "danger" && name != "channel" && name != "mode"}
}

// Ticked reports that an answer is among those ticked.
func (v reportFormView) Ticked(name, code string) bool { return slices.Contains(v.Typed[name], code) }

// Of is a question of a row of the form.
func (h harmTyped) Of(name string) pick {
	return pick{name, answers[name], map[string]string{"harmed_who": h.Who, "harmed_kind": h.Kind}[name], vocab.Codes(answers[name]), true}
}

func (s *Site) newReport(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	today := s.desk.Today().String()
	return s.showReportForm(w, r, lang, sentReport{form: url.Values{"channel": {"call"}, "mode": {"confidential"}, "day": {today}, "lang": {string(lang)}, "once": {rand.Text()}}}, nil)
}

// showReportForm draws the form with what was sent and why it was not taken. Files that came already wait.
func (s *Site) showReportForm(w http.ResponseWriter, r *http.Request, lang locale.Lang, got sentReport, wrong error) error {
	c := locale.For(lang)
	v := reportFormView{view: newView(r, lang, "inbox", c.T("received.new")), Action: address(lang, "reports", "new"), Typed: got.form, Held: got.files, Mail: got.mail,
		Today: s.desk.Today().String(), Most: intake.MaxFileBytes >> 20, MostFiles: intake.MaxFiles}
	if err := s.holdFiles(r.Context(), got); err != nil {
		return err
	}
	var err error
	if v.Officers, err = s.desk.OfficerNames(r.Context(), v.Me); err != nil {
		return err
	}
	for _, iso3 := range vocab.Countries() {
		v.Countries = append(v.Countries, vocab.CountryName(iso3, string(lang)))
	}
	v.Harmed = typedHarms(got.form)
	code := http.StatusOK
	if wrong != nil {
		code = status(wrong)
		r, _ := reportOf(got, s.desk.Today())
		if v.Problems = r.Check(s.desk.Today()); len(v.Problems) == 0 {
			v.Problem = sentence(wrong.Error())
		}
	}
	return s.render(w, code, lang, "received_new", v)
}

// holdFiles lets the files of a form wait until it is sent again, and writes into the form under which key.
func (s *Site) holdFiles(ctx context.Context, got sentReport) error {
	who := whoOf(ctx)
	if err := s.desk.DropFiles(ctx, who, got.form.Get("held")); err != nil {
		return err
	}
	key, err := s.desk.HoldFiles(ctx, who, got.files)
	got.form.Set("held", key)
	return err
}

// typedHarms are the rows of the question who was harmed as they were typed, and blank ones up to the fewest.
func typedHarms(form url.Values) (out []harmTyped) {
	n := max(len(form["harmed_who"]), len(form["harmed_kind"]), len(form["harmed_count"]), fewestHarmed)
	at := func(name string, i int) string {
		if i < len(form[name]) {
			return form[name][i]
		}
		return ""
	}
	for i := range min(n, 30) {
		out = append(out, harmTyped{strconv.Itoa(i + 1), at("harmed_who", i), at("harmed_kind", i), at("harmed_count", i)})
	}
	return out
}

// takeReport puts on record what the form says. An e-mail that came with it is read into the form first, so that somebody looks at it.
func (s *Site) takeReport(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	got, err := s.sent(w, r)
	if err != nil {
		return err
	}
	if got.mail != nil {
		got.readMail()
		return s.showReportForm(w, r, lang, got, got.wrong)
	}
	if got.wrong != nil {
		return s.showReportForm(w, r, lang, got, got.wrong)
	}
	id, err := s.saveReport(r.Context(), got)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Refused) || fault.Is(err, fault.Undecided) {
		return s.showReportForm(w, r, lang, got, err)
	}
	if err != nil {
		return err
	}
	if err := s.desk.DropFiles(r.Context(), whoOf(r.Context()), got.form.Get("held")); err != nil {
		return err
	}
	http.Redirect(w, r, reportAddress(lang, id), http.StatusSeeOther)
	return nil
}

func (s *Site) saveReport(ctx context.Context, got sentReport) (string, error) {
	today := s.desk.Today()
	report, from := reportOf(got, today)
	return s.desk.TakeReportOnce(ctx, whoOf(ctx), got.form.Get("once"), report, from)
}

// readMail fills the form with what an e-mail says, where nothing was typed yet. Who sent it goes into the fields that are sealed to the officers.
func (got *sentReport) readMail() {
	m := got.mail
	narrative := strings.TrimSpace(m.Subject + "\n\n" + m.Body)
	for name, value := range map[string]string{"narrative": narrative, "contact_name": m.Sender.Name, "contact_reach": m.Sender.Reach} {
		if got.form.Get(name) == "" {
			got.form.Set(name, value)
		}
	}
	if got.form.Set("channel", "mail"); m.Day != "" {
		got.form.Set("day", m.Day)
	}
}

// reportOf reads a report out of its form. What cannot be read stands in it as it was typed, so that Check names the field.
func reportOf(got sentReport, today when.Day) (intake.Received, desk.Caller) {
	f := got.form
	r := intake.Received{Channel: f.Get("channel"), Lang: f.Get("lang"), Mode: f.Get("mode"), Relation: f.Get("relation"), Known: f.Get("known"), Origin: f.Get("origin"),
		Day: readable(intake.ReadDate(f.Get("day"), false))(f.Get("day")), Danger: f.Get("danger"), Narrative: f.Get("narrative"), What: ticksOf(f["what"]),
		Ongoing: f.Get("how") == "ongoing", Place: f.Get("place"), Actor: f.Get("actor"), ActorWords: f.Get("actor_words"), Needs: ticksOf(f["needs"]),
		Consent: ticksOf(f["consent"]), Distressing: f.Get("distressing") != "", Files: got.files, Elsewhere: f.Get("elsewhere"), Note: f.Get("note")}
	r.When = readable(intake.ReadDate(f.Get("when"), f.Get("how") == "about"))(f.Get("when"))
	r.Country, r.ActorState = readable(vocab.Country(f.Get("country")))(f.Get("country")), readable(vocab.Country(f.Get("actor_state")))(f.Get("actor_state"))
	if r.Day == "" {
		r.Day = today.String()
	}
	for _, h := range typedHarms(f) {
		if h.Who+h.Kind+h.Count != "" {
			r.Harmed = append(r.Harmed, intake.Harm{Who: h.Who, Kind: h.Kind, Count: readable(intake.ReadCount(h.Count))(h.Count)})
		}
	}
	from := desk.Caller{Officers: f["officer"]}
	from.Name, from.Reach, from.Note = f.Get("contact_name"), f.Get("contact_reach"), f.Get("contact_note")
	return r, from
}

// readable gives what was read, or what was typed where it could not be.
func readable(read string, ok bool) func(typed string) string {
	return func(typed string) string {
		if ok || typed == "" {
			return read
		}
		return typed
	}
}

// ticksOf are the answers ticked, blanks left out.
func ticksOf(values []string) (out []string) {
	for _, v := range values {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
