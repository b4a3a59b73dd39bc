package evaluation

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ward/fault"
	"ward/text"
	"ward/vocab"
)

// moves are the steps that a person may take from each state by a Move. Checked and signed it becomes by a Peer and a Signature.
var moves = map[string][]string{
	Requested:   {Consented, Stopped},
	Consented:   {Examined, Stopped},
	Examined:    {Drafted, Stopped},
	Drafted:     {Examined, Stopped},
	PeerChecked: {Examined, Stopped},
	Signed:      {Released},
	Released:    {Released},
	Stopped:     {Requested},
}

// States are all states, in the order in which an evaluation passes them.
func States() []string {
	return []string{Requested, Consented, Examined, Drafted, PeerChecked, Signed, Released, Stopped}
}

// Next are the states to which a Move may lead.
func (e Evaluation) Next() []string { return slices.Clip(moves[e.State]) }

// Frozen reports that it is signed: from then on there are addenda and no edits.
func (e Evaluation) Frozen() bool { return e.Signature != nil }

// Editable reports that its content may be written: from the moment the person let themselves be examined until it goes to a colleague.
func (e Evaluation) Editable() bool {
	return !e.Frozen() && slices.Contains([]string{Requested, Consented, Examined}, e.State)
}

// Bounds of what an evaluation holds.
const (
	maxLine     = 500
	maxText     = 50_000
	MaxFindings = 400
	MaxPhotos   = 200
	MaxFile     = 20 << 20  // bytes of one photograph
	MaxFiles    = 400 << 20 // bytes of all
)

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

func refused(format string, args ...any) *fault.Error {
	return fault.New(fault.Refused, format, args...).Keeping("nothing was written")
}

func long(s string, most int) bool { return utf8.RuneCountInString(s) > most }

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// edit refuses a change of what is no longer written.
func (e Evaluation) edit() error {
	switch {
	case e.Frozen():
		return refused("this evaluation is signed, and what is signed is not changed").Do("write an addendum")
	case !e.Editable():
		return refused("an evaluation in the state %q is not changed", e.State).Do("take it back to its examination first, so that nobody reads a text that moves")
	}
	return nil
}

// Check is nil where a request can stand.
func (r Request) Check() error {
	switch {
	case blank(r.Person) || long(r.Person, 40):
		return invalid("the request names no person")
	case blank(r.Clinician) || long(r.Clinician, maxLine) || long(r.Checker, maxLine):
		return invalid("the request names no clinician")
	case r.Checker != "" && text.Key(r.Checker) == text.Key(r.Clinician):
		return refused("nobody checks their own evaluation").Do("name a colleague, or leave it open")
	case blank(r.AskedBy) || long(r.AskedBy, maxLine):
		return invalid("who asked for the evaluation is missing or too long")
	case blank(r.Purpose) || long(r.Purpose, maxText):
		return invalid("what the evaluation is to serve is missing or too long")
	case r.Country != "" && !isCountry(r.Country):
		return invalid("no State has the code %.10q", r.Country)
	case long(r.Lang, 12) || long(r.Second, 40) || long(r.Case, 40) || long(r.Why, maxText):
		return invalid("a field of the request is too long")
	}
	return nil
}

func isCountry(code string) bool {
	iso3, ok := vocab.Country(code)
	return ok && iso3 == code
}

// Check is nil where an answer can be kept; whether it allows anything is for Allows to say.
func (c Consent) Check() error {
	for use, answer := range c.Uses {
		if !slices.Contains(Uses(), use) || !slices.Contains([]string{Yes, No, NotAsked}, answer) {
			return invalid("%.40q is no use, or its answer is not yes, no or not asked", use)
		}
	}
	switch {
	case !slices.Contains([]string{"yes", "no", "unsure"}, c.Capacity):
		return invalid("whether the person could decide is missing").Do("take yes, no or unsure")
	case !isDay(c.Day):
		return invalid("the day on which the person was asked is missing or none").Do("write it as 2026-05-07")
	case !vocab.Has("consent_method", c.Method):
		return invalid("%.40q is no way in which somebody consents", c.Method)
	case long(c.Proxy, maxLine) || long(c.Lang, 40) || long(c.Note, maxText):
		return invalid("a field of the consent is too long")
	}
	return nil
}

// Void says why the whole consent counts for nothing; "" where it counts: explained, refusal, free, capacity.
func (c Consent) Void() string {
	switch {
	case !c.Explained:
		return "explained"
	case !c.Refusal:
		return "refusal"
	case !c.Free:
		return "free"
	case (c.Capacity != "yes" || c.Minor) && blank(c.Proxy):
		return "capacity"
	}
	return ""
}

// Allows reports that a use rests on the consent.
func (c Consent) Allows(use string) bool { return c.Void() == "" && c.Uses[use] == Yes }

// Check is nil where a part can stand. What was not seen does not stand where only what was verified in person may.
func (p Part) Check() error {
	s, ok := SectionOf(p.Section)
	if !ok || len(s.Fields) == 0 {
		return invalid("%.40q is no section that is written", p.Section)
	}
	for key := range p.Values {
		if !slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Key == key }) {
			return invalid("the section has no field %.40q", key)
		}
	}
	for _, f := range s.Fields {
		if err := f.check(p.Values[f.Key], p.Known[f.Key]); err != nil {
			return err
		}
	}
	if long(p.Left, maxText) {
		return invalid("the reason is longer than %d characters", maxText)
	}
	return nil
}

func (f Field) check(value, known string) error {
	switch {
	case value == "":
		return nil
	case f.Kind == Choice && !vocab.Has(f.List, value):
		return invalid("%.40q is not among the answers", value)
	case f.Kind == Date && !isDay(value):
		return invalid("%.20q is not a day", value).Do("write it as 2026-05-07")
	case f.Kind == Line && (long(value, maxLine) || strings.Contains(value, "\n")):
		return invalid("a line is longer than %d characters", maxLine)
	case long(value, maxText):
		return invalid("a text is longer than %d characters", maxText)
	case len(f.Known) == 0 || slices.Contains(f.Known, known):
		return nil
	case known == Told && slices.Contains(f.Known, Seen):
		return notVerified()
	}
	return invalid("how this is known is missing, or cannot be so here").Do("say whether it was told, seen or taken from a document")
}

func notVerified() error {
	return refused("only what the clinician verified in person stands among the findings").Do("write what was told under the allegations or the symptoms, and what a paper says under the test results")
}

// Check is nil where a finding can stand.
func (f Finding) Check() error {
	if f.Removed {
		return nil
	}
	if f.Known != Seen {
		return notVerified()
	}
	for list, code := range map[string]string{"known_how": f.Known, f.typeList(): f.Type, "body_view": f.View, "body_part": f.Part, "consistency": f.Consistency} {
		if code != "" && !vocab.Has(list, code) {
			return invalid("%.40q is not in the list %s", code, list)
		}
	}
	switch {
	case f.Kind != Physical && f.Kind != Psychological:
		return invalid("%.40q is no kind of finding", f.Kind)
	case f.Type == "":
		return invalid("what kind of finding it is, is missing")
	case blank(f.Description):
		return invalid("the description of the finding is missing")
	case f.Kind == Physical && f.View == "" && f.Part == "":
		return invalid("where on the body it is, is missing").Do("mark it on a drawing, or choose the part of the body")
	case f.X < 0 || f.X > 1000 || f.Y < 0 || f.Y > 1000:
		return invalid("the mark stands outside the drawing").Do("give both figures between 0 and 1000")
	case f.Side != "" && !slices.Contains([]string{"left", "right", "middle"}, f.Side):
		return invalid("%.40q is no side", f.Side)
	case f.Length < 0 || f.Width < 0 || f.Length > 3000 || f.Width > 3000:
		return invalid("a size is not between 0 and 3,000 mm")
	case len(f.Methods) > 40 || slices.ContainsFunc(f.Methods, func(m string) bool { return !vocab.Has("ill_treatment", m) }):
		return invalid("a method alleged is not in the list")
	case long(f.Colour, maxLine) || long(f.Shape, maxLine) || long(f.Age, maxLine) || long(f.Symptom, maxText) || long(f.Description, maxText) ||
		long(f.Alleged, maxText) || long(f.Why, maxText) || long(f.Differential, maxText):
		return invalid("a field of the finding is too long")
	}
	return nil
}

func (f Finding) typeList() string {
	if f.Kind == Psychological {
		return "mental_finding"
	}
	return "lesion"
}

// Unusual reports a degree that is not commonly given to this kind of finding: typical of something psychological.
func (f Finding) Unusual() bool { return f.Kind == Psychological && f.Consistency == "typical" }

// Check is nil where a caption can stand.
func (c Caption) Check() error {
	switch {
	case c.Removed && blank(c.Why):
		return invalid("why the photograph is taken out is missing")
	case c.Scale != "" && !vocab.Has("yesno", c.Scale):
		return invalid("whether a measure stands in the photograph is not yes, no or unknown")
	case long(c.Text, maxText) || long(c.By, maxLine) || long(c.Taken, maxLine) || long(c.Finding, 40) || long(c.Why, maxText):
		return invalid("a field of the photograph is too long")
	}
	return nil
}

// Check is nil: only the seal's id stands here.
func (Interpreter) Check() error { return nil }

// Write says whether a part, a finding or a request can be put on record now.
func (e Evaluation) Write(body interface{ Check() error }) error {
	if err := e.edit(); err != nil {
		return err
	}
	if f, ok := body.(Finding); ok && len(e.Findings) >= MaxFindings && !e.Has(f.Finding) {
		return fault.New(fault.Limit, "there are %d findings already", MaxFindings).Keeping("nothing was written")
	}
	return body.Check()
}

// Has reports a finding that stands.
func (e Evaluation) Has(finding string) bool {
	return slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.Finding == finding })
}

// AddPhoto says whether a photograph can be kept: with consent for photographs only.
func (e Evaluation) AddPhoto(p Photo) error {
	switch err := e.edit(); {
	case err != nil:
		return err
	case !e.Consent.Allows("photos"):
		return refused("the person did not consent to photographs").Do("ask, explain what they are for, and record the answer; or describe and draw what you see")
	case len(e.Photos) >= MaxPhotos:
		return fault.New(fault.Limit, "there are %d photographs already", MaxPhotos).Keeping("nothing was written")
	case !p.File.Picture():
		return invalid("the file is no picture")
	case p.Finding != "" && !e.Has(p.Finding):
		return invalid("the photograph names a finding that is not there")
	}
	return p.Caption.Check()
}

// Read says whether a colleague's word can be kept: on a draft, by somebody who wrote none of it, or by the only one there is.
func (e Evaluation) Read(p Peer, by string, alone bool) error {
	switch {
	case e.State != Drafted:
		return refused("only a finished draft is read by a colleague; this one is in the state %q", e.State)
	case !alone && e.OwnWord(by):
		return refused("whoever wrote an evaluation does not check it").Do("ask a colleague")
	case !p.Pass && blank(p.Remark):
		return invalid("what is to be mended is missing").Do("say it in the remark")
	case long(p.Remark, maxText) || slices.ContainsFunc(p.Checks, func(c string) bool { return !vocab.Has("peer_check", c) }):
		return invalid("the remark is too long, or a point is not in the list")
	case p.Pass && len(p.Checks) < len(vocab.Codes("peer_check")):
		return refused("%d of the points do not hold yet", len(vocab.Codes("peer_check"))-len(p.Checks)).Do("tick them where they hold, or return the draft and say what is to be mended")
	case p.Digest != e.Digest():
		return fault.New(fault.Conflict, "the draft was changed while you read it").Keeping("nothing was written").Do("read it again")
	}
	return nil
}

// PhotoOf is the photograph that an entry holds.
func (e Evaluation) PhotoOf(entry string) (KeptPhoto, bool) {
	at := slices.IndexFunc(e.Photos, func(p KeptPhoto) bool { return p.Entry == entry })
	if at < 0 {
		return KeptPhoto{}, false
	}
	return e.Photos[at], true
}

// OwnWord reports that somebody examined, or wrote something of the content.
func (e Evaluation) OwnWord(by string) bool {
	return text.Key(by) == text.Key(e.Clinician) || slices.ContainsFunc(e.Writers, func(w string) bool { return text.Key(w) == text.Key(by) })
}

// Sign says whether the signature can stand: the clinician's own, under what they saw.
func (e Evaluation) Sign(s Signature, by string) error {
	switch {
	case e.Frozen():
		return refused("this evaluation is signed already").Do("write an addendum")
	case e.State != PeerChecked:
		return refused("only what a colleague has read is signed; this one is in the state %q", e.State)
	case text.Key(by) != text.Key(e.Clinician):
		return refused("only the clinician who examined signs")
	case blank(s.Name) || blank(s.Standing) || blank(s.Place) || long(s.Name, maxLine) || long(s.Standing, maxLine) || long(s.Place, maxLine):
		return invalid("name, qualification or place of the signature is missing or too long")
	case !isDay(s.Day):
		return invalid("the day of the signature is missing or none").Do("write it as 2026-05-07")
	case !s.Truth:
		return refused("the signature needs the word that all of this is true and your own").Do("tick it, or do not sign")
	case s.Digest != e.Digest():
		return fault.New(fault.Conflict, "the text was changed while you read it").Keeping("nothing was signed").Do("read it again")
	}
	return nil
}

// Append says whether an addendum can be kept.
func (e Evaluation) Append(a Addendum) error {
	switch {
	case !e.Frozen():
		return refused("an addendum follows a signature").Do("write into the evaluation itself")
	case blank(a.Text) || long(a.Text, maxText):
		return invalid("the addendum is empty, or longer than %d characters", maxText)
	case !isDay(a.Day):
		return invalid("the day of the addendum is missing or none").Do("write it as 2026-05-07")
	case a.Known != "" && !vocab.Has("known_how", a.Known):
		return invalid("%.40q is no way in which something is known", a.Known)
	}
	return nil
}
