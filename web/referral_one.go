package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"ward/access"
	"ward/consent"
	"ward/desk"
	printed "ward/document"
	record "ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/paper"
	"ward/referral"
	"ward/vocab"
	"ward/when"
)

// referralView is one referral: how far it came, what is to leave, and what came of it.
type referralView struct {
	view
	File       desk.ReferralFile
	CaseName   string
	Today      when.Day
	Sections   []referralSection
	Preview    *referral.Package // what the ticks of now would make; nil where the package as it stands is shown
	Problems   []referral.Problem
	Form       url.Values // what stands in the form that was sent
	Problem    string
	Passphrase string // offered for sealing; kept nowhere
	Handed     string // address of a link that was made just now
}

// referralSection are the fields of one part of the package.
type referralSection struct {
	Name   string
	Fields []referralField
}

// referralField is a field that may be ticked, as the builder shows it.
type referralField struct {
	desk.Candidate
	Ticked bool
	Typed  string
	Cover  string // needless, covered, uncovered
	Lacks  string // word of consent.Verdict, where it is not covered
}

// Count is how many words are typed.
func (f referralField) Count() int { return referral.CountWords(f.Typed) }

// Choices are the codes of which one is chosen, where nothing is typed freely.
func (f referralField) Choices() (out []string) {
	if f.Key == referral.FieldDuress {
		for _, c := range vocab.Codes("duress") {
			out = append(out, c.Code)
		}
	}
	return out
}

func (s *Site) referral(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	err = s.showReferral(w, r, lang, nil, nil)
	if fault.Is(err, fault.Refused) {
		return s.showReferralTop(w, r, lang)
	}
	return err
}

// referralTopView is a referral to who is not on its case: how far it came, and which case to join.
type referralTopView struct {
	view
	desk.ReferralTop
}

func (s *Site) showReferralTop(w http.ResponseWriter, r *http.Request, lang locale.Lang) error {
	top, err := s.desk.ReferralTop(r.Context(), whoOf(r.Context()), r.PathValue("referral"))
	if err != nil {
		return err
	}
	v := referralTopView{newView(r, lang, "referrals", locale.For(lang).T("referral.mechanism."+top.Mechanism)), top}
	v.Invented = v.Invented || vocab.Invented(top.Country)
	return s.render(w, http.StatusOK, lang, "referral_top", v)
}

// showReferral draws a referral's page, again where a form of it cannot stand.
func (s *Site) showReferral(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	v, err := s.referralView(r, lang, form)
	if err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "referral", v)
}

func (s *Site) referralView(r *http.Request, lang locale.Lang, form url.Values) (v referralView, err error) {
	who := whoOf(r.Context())
	file, err := s.desk.Referral(r.Context(), who, r.PathValue("referral"))
	if err != nil {
		return v, err
	}
	names, err := s.caseNames(r, who)
	if err != nil {
		return v, err
	}
	v = referralView{view: newView(r, lang, "referrals", locale.For(lang).T("referral.mechanism."+file.Mechanism.ID)), File: file, CaseName: names[file.Case],
		Today: s.desk.Today(), Form: form, Passphrase: cmp.Or(form.Get("passphrase"), newPassphrase())}
	v.Invented = v.Invented || vocab.Invented(file.Country)
	if !file.Works {
		return v, nil
	}
	covered, err := s.desk.ReferralCover(r.Context(), who, file.ID)
	v.lay(covered)
	return v, err
}

// lay puts the fields into their sections, ticked as the form says or as the package stands; at the beginning what is required.
func (v *referralView) lay(covered map[string]referral.Judged) {
	for _, c := range v.File.Candidates {
		f := referralField{Candidate: c, Ticked: v.ticked(c.Field), Typed: v.File.Typed[c.Key]}
		if v.Form.Has("fields") {
			f.Typed = v.Form.Get("value." + c.Key)
		}
		f.Cover, f.Lacks = coverOf(c.Field, covered[c.Key])
		at := slices.IndexFunc(v.Sections, func(s referralSection) bool { return s.Name == c.Section })
		if at < 0 {
			at, v.Sections = len(v.Sections), append(v.Sections, referralSection{Name: c.Section})
		}
		v.Sections[at].Fields = append(v.Sections[at].Fields, f)
	}
}

func (v *referralView) ticked(f referral.Field) bool {
	switch {
	case v.Form.Has("fields"):
		return slices.Contains(v.Form["tick"], f.Key)
	case v.File.Built != nil || len(v.File.Ticked) > 0:
		return slices.Contains(v.File.Ticked, f.Key)
	}
	return f.Required
}

// coverOf says in a word whether the consent there is covers a field, and what it lacks.
func coverOf(f referral.Field, j referral.Judged) (cover, lacks string) {
	switch {
	case f.Class == "" || j.Needless:
		return "needless", ""
	case j.May:
		return "covered", ""
	}
	return "uncovered", cmp.Or(j.Lacks, consent.LacksConsent)
}

// Shown is the package on the page: that of the ticks of now, or the one that stands.
func (v referralView) Shown() *referral.Package {
	if v.Preview != nil {
		return v.Preview
	}
	if v.File.Built != nil {
		return &v.File.Built.Body.Package
	}
	return nil
}

// Leaves is the text of the package line by line, as it is printed for who gets it.
func (v referralView) Leaves() []leavingLine {
	p := v.Shown()
	if p == nil {
		return nil
	}
	return leavingLines(paper.Submission(*p), *p)
}

// leavingLine is a line of what leaves: head, part, label, text, item, note, strip or file.
type leavingLine struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// leavingLines are the blocks of a submission, and the files beside it.
func leavingLines(d printed.Document, p referral.Package) (out []leavingLine) {
	for _, block := range d.Blocks {
		switch b := block.(type) {
		case printed.Heading:
			out = append(out, leavingLine{[]string{"head", "part", "label"}[min(max(b.Level, 1), 3)-1], unstyled(b.Text)})
		case printed.Paragraph:
			out = append(out, leavingLine{map[printed.Look]string{printed.Note: "note", printed.Strip: "strip"}[b.Look], unstyled(b.Text)})
		case printed.List:
			for _, item := range b.Items {
				out = append(out, leavingLine{"item", unstyled(item)})
			}
		}
	}
	for _, f := range p.Files {
		out = append(out, leavingLine{"file", f.Name})
	}
	return out
}

func unstyled(t printed.Text) (out string) {
	for _, span := range t {
		out += span.Text
	}
	return out
}

// mainWay are the states through which a referral goes that meets no obstacle.
var mainWay = []string{referral.StateProposed, referral.StateReprisal, referral.StateConsent, referral.StateBuilt, referral.StateApproved, referral.StateSent,
	referral.StateAcknowledged, referral.StateAwaiting, referral.StateReplied, referral.StateGraded, referral.StateFollowUp, referral.StateClosed}

// way is one state on the line at the top of a page.
type way struct {
	State string
	Is    string // done, now, coming: that it has not been there
}

// Way is how far the referral came.
func (v referralView) Way() (out []way) {
	states := slices.Clone(mainWay)
	switch v.File.State {
	case referral.StateNoReply:
		states[slices.Index(states, referral.StateReplied)] = referral.StateNoReply
	case referral.StateRecalled, referral.StateWithdrawn:
		states = append(v.passed(), v.File.State)
	}
	now, came := slices.Index(states, v.File.State), v.passed()
	for i, state := range states {
		is := []string{"coming", "now", "done"}[1+cmp.Compare(now, i)]
		if is == "done" && !slices.Contains(came, state) {
			is = "coming" // passed over
		}
		out = append(out, way{state, is})
	}
	return out
}

// passed are the states through which it came, each once.
func (v referralView) passed() []string {
	out := []string{referral.StateProposed}
	for _, step := range v.File.Steps {
		if to := step.Body.To; to != v.File.State && !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	return out
}

// Can reports that the referral may be brought to a state from here.
func (v referralView) Can(to string) bool { return slices.Contains(v.File.Next(), to) }

// Buildable reports that the fields can still be changed.
func (v referralView) Buildable() bool { return !v.File.Left() && !v.File.Over() && v.Prepares() }

// Prepares reports that whoever asks may change the referral.
func (v referralView) Prepares() bool { return v.File.Works && v.Me.Can(access.PrepareReferrals) }

// Gaps counts required fields for which nothing is on record.
func (v referralView) Gaps() (n int) {
	for _, s := range v.Sections {
		for _, f := range s.Fields {
			if f.Required && !f.Fixed && f.Value == "" && f.Typed == "" {
				n++
			}
		}
	}
	return n
}

// Grades are those that a reply can be given.
func (referralView) Grades() []string { return []string{"A", "B", "C", "D", "E"} }

// Channels are the ways by which a package can leave.
func (referralView) Channels() []string { return desk.Channels() }

// Attached reports that a file goes along, as the form says or the package stands.
func (v referralView) Attached(entry string) bool {
	if v.Form.Has("fields") {
		return slices.Contains(v.Form["file"], entry)
	}
	return v.File.Built != nil && slices.ContainsFunc(v.File.Built.Body.Files, func(a referral.Attached) bool { return a.Entry == entry })
}

// Original reports that a file goes along as it came.
func (v referralView) Original(entry string) bool {
	if v.Form.Has("fields") {
		return v.Form.Has("original." + entry)
	}
	return v.File.Built != nil && slices.ContainsFunc(v.File.Built.Body.Files, func(a referral.Attached) bool { return a.Entry == entry && a.Original })
}

// Mandates are those to which it could be addressed.
func (referralView) Mandates() []referral.Mandate { return referral.Mandates() }

// Suits reports that a mandate answers to what is coded.
func (v referralView) Suits(id string) bool {
	return slices.ContainsFunc(v.File.Suggested, func(m referral.Mandate) bool { return m.ID == id })
}

// Addressed reports that a mandate is addressed, as the form says or the package stands, or as it was proposed.
func (v referralView) Addressed(id string) bool {
	switch {
	case v.Form.Has("fields"):
		return slices.Contains(v.Form["mandate"], id)
	case v.File.Built != nil:
		return slices.Contains(v.File.Built.Body.Package.Mandates, id)
	}
	return slices.Contains(v.File.Referral.Mandates, id)
}

// To is the addressee in words, by the same order.
func (v referralView) To() string {
	switch {
	case v.Form.Has("fields"):
		return v.Form.Get("to")
	case v.File.Built != nil:
		return v.File.Built.Body.Package.To
	}
	return v.File.To
}

// Bilateral reports a mechanism that keeps to itself what it gets and says.
func (v referralView) Bilateral() bool { return slices.Contains(v.File.Mechanism.Marks, "bilateral") }

// Escalates reports that it can be taken further.
func (v referralView) Escalates() bool {
	unheard := []string{referral.StateNoReply, referral.StateGraded, referral.StateFollowUp}
	return slices.Contains(unheard, v.File.State) && len(v.File.Mechanism.Next) > 0
}

// Newest are the steps, the newest first.
func (v referralView) Newest() []record.Entry[referral.Step] {
	out := slices.Clone(v.File.Steps)
	slices.Reverse(out)
	return out
}

// Later is a day so many days from today, for the forms.
func (v referralView) Later(days int) string { return (v.Today + when.Day(days)).String() }

// Due is the day by which a reply is asked of the mechanism, counted from what its clock runs from.
func (v referralView) Due() string {
	from := v.Today
	if v.File.Receipt != nil && v.File.Mechanism.From == "acknowledged" {
		if d, err := when.Parse(v.File.Receipt.Body.Day); err == nil {
			from = d.From()
		}
	} else if v.File.Sent != nil {
		from = when.DayOf(v.File.Sent.At)
	}
	return v.File.Mechanism.DueOn(from)
}
