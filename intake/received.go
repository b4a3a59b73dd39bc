package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"ward/entry"
	"ward/fault"
	"ward/tally"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// RegisterReport is the register of what people sent in. The subject of its entries is a report's ULID.
const RegisterReport = "report"

// KindReceived is the kind of entry that holds a report as it was taken down. It is written once and never edited.
const KindReceived = "report.received"

// Names of the code lists of a report.
const (
	ChannelList   = "report_channel"
	ModeList      = "report_mode"
	RelationList  = "relation"
	KnownList     = "knowledge"
	DeedList      = "deed"
	HarmedList    = "harmed"
	HarmList      = "harm"
	NeedList      = "need"
	ConsentList   = "consent"
	ActorList     = "actor"
	AnswerList    = "yesno"
	Anonymous     = "anonymous" // mode: nobody here knows who it was
	Undetermined  = "und"       // ISO 639-2: the language is not known
	WasThere      = "there"     // knowledge: saw or suffered it
	HasPaper      = "document"  // knowledge: holds a document that shows it
	dangerAnswer  = "yes"
	unknownAnswer = "unknown"
)

// Received is a report that somebody here took down or opened: eight plain questions and what came with them (standards 10.2, 10.5).
// Who sent it is not in it: that is sealed to the officers (T4). Everything in it is T3.
type Received struct {
	Channel     string       `json:"channel"`            // code of report_channel
	Lang        string       `json:"lang,omitempty"`     // of the narrative, ISO 639; "und" where not known
	Mode        string       `json:"mode"`               // code of report_mode
	Relation    string       `json:"relation,omitempty"` // of who tells to what happened, code of relation
	Known       string       `json:"known,omitempty"`    // how they know: code of knowledge
	Origin      string       `json:"origin,omitempty"`   // from where they know: a link, a wire, a person's role; reports with one origin are one root
	Day         string       `json:"day"`                // EDTF: the day on which it came
	Danger      string       `json:"danger"`             // is anyone in danger now: yes, no, unknown
	Narrative   string       `json:"narrative,omitempty"`
	What        []string     `json:"what,omitempty"` // codes of deed
	When        string       `json:"when,omitempty"` // EDTF
	Ongoing     bool         `json:"ongoing,omitempty"`
	Country     string       `json:"country,omitempty"` // ISO3
	Place       string       `json:"place,omitempty"`   // in words
	Harmed      []Harm       `json:"harmed,omitempty"`
	Actor       string       `json:"actor,omitempty"`       // code of actor
	ActorState  string       `json:"actor_state,omitempty"` // ISO3
	ActorWords  string       `json:"actor_words,omitempty"` // who did it, in the source's own words
	Needs       []string     `json:"needs,omitempty"`       // codes of need
	Consent     []string     `json:"consent,omitempty"`     // what may be done with it: codes of consent; none is none
	Distressing bool         `json:"distressing,omitempty"` // whoever took it down found it so
	Files       []entry.File `json:"files,omitempty"`
	Elsewhere   string       `json:"elsewhere,omitempty"` // where else it was reported
	Note        string       `json:"note,omitempty"`      // of whoever took it down
	Contact     string       `json:"contact,omitempty"`   // id of the sealed contact of who sent it
}

// Harm is what was done to people of one kind.
type Harm struct {
	Who   string `json:"who"`             // code of harmed
	Kind  string `json:"kind"`            // code of harm
	Count string `json:"count,omitempty"` // tally: "3" or "1..3..5"; "" where not said
}

// Bounds of a report.
const (
	MaxFiles     = 20
	MaxFileBytes = 50 << 20 // of all files of one report together
	maxNarrative = 40_000   // bytes: some ten pages
	maxLine      = 600      // bytes of an answer of one line
	maxHarmed    = 20
	maxName      = 200
	longestKey   = 200 // bytes of an origin that stands as it is in a root
)

// Problem is what is wrong with one answer: the field's name, and why as a word: missing, unknown, long, date, future, count, many.
type Problem struct{ Field, Why string }

// Check lists what is wrong with a report, in the order of its questions; today is the day on which it is taken down. Only the narrative,
// or a file in its place, is asked of everybody.
func (r Received) Check(today when.Day) (out []Problem) {
	wrong := func(field, why string) { out = append(out, Problem{field, why}) }
	if strings.TrimSpace(r.Narrative) == "" && len(r.Files) == 0 {
		wrong("narrative", "missing")
	}
	if r.Danger == "" {
		wrong("danger", "missing")
	}
	for _, a := range r.coded() {
		if a.value != "" && !vocab.Has(a.list, a.value) {
			wrong(a.field, "unknown")
		}
	}
	for _, a := range []string{"channel", "mode"} {
		if map[string]string{"channel": r.Channel, "mode": r.Mode}[a] == "" {
			wrong(a, "missing")
		}
	}
	out = append(out, r.checkDates(today)...)
	for field, iso3 := range map[string]string{"country": r.Country, "actor_state": r.ActorState} {
		if known, ok := vocab.Country(iso3); iso3 != "" && (!ok || known != iso3) {
			wrong(field, "unknown")
		}
	}
	out = append(out, r.checkHarmed()...)
	out = append(out, r.checkFiles()...)
	out = append(out, r.checkTexts()...)
	slices.SortStableFunc(out, func(a, b Problem) int { return slices.Index(order, a.Field) - slices.Index(order, b.Field) })
	return out
}

// order is that of the questions on the form.
var order = []string{"narrative", "lang", "files", "danger", "what", "distressing", "when", "country", "place", "harmed", "actor", "actor_state", "actor_words", "known",
	"relation", "origin", "needs", "consent", "channel", "mode", "day", "elsewhere", "note"}

// coded is an answer out of a list.
type coded struct{ field, list, value string }

func (r Received) coded() []coded {
	out := []coded{{"channel", ChannelList, r.Channel}, {"mode", ModeList, r.Mode}, {"relation", RelationList, r.Relation}, {"known", KnownList, r.Known},
		{"danger", AnswerList, r.Danger}, {"actor", ActorList, r.Actor}}
	for field, answers := range map[string][]string{"what": r.What, "needs": r.Needs, "consent": r.Consent} {
		list := map[string]string{"what": DeedList, "needs": NeedList, "consent": ConsentList}[field]
		for _, v := range answers {
			out = append(out, coded{field, list, v})
		}
	}
	return out
}

func (r Received) checkDates(today when.Day) (out []Problem) {
	for _, a := range []struct{ field, value string }{{"day", r.Day}, {"when", r.When}} {
		d, err := when.Parse(a.value)
		switch {
		case a.value == "" && a.field == "day":
			out = append(out, Problem{a.field, "missing"})
		case a.value == "":
		case err != nil:
			out = append(out, Problem{a.field, "date"})
		case d.From() > today:
			out = append(out, Problem{a.field, "future"})
		}
	}
	return out
}

func (r Received) checkHarmed() (out []Problem) {
	if len(r.Harmed) > maxHarmed {
		return []Problem{{"harmed", "many"}}
	}
	for _, h := range r.Harmed {
		if !vocab.Has(HarmedList, h.Who) || !vocab.Has(HarmList, h.Kind) {
			out = append(out, Problem{"harmed", "unknown"})
		}
		if _, err := tally.Parse(h.Count); h.Count != "" && err != nil {
			out = append(out, Problem{"harmed", "count"})
		}
	}
	return out
}

func (r Received) checkFiles() (out []Problem) {
	total := int64(0)
	for _, f := range r.Files {
		if total += f.Bytes; len(f.Name) > maxName || len(f.Type) > maxName || !utf8.ValidString(f.Name+f.Type) {
			out = append(out, Problem{"files", "unknown"})
		}
	}
	if len(r.Files) > MaxFiles || total > MaxFileBytes {
		out = append(out, Problem{"files", "many"})
	}
	return out
}

func (r Received) checkTexts() (out []Problem) {
	for field, t := range map[string]string{"narrative": r.Narrative, "note": r.Note} {
		if len(t) > maxNarrative || !utf8.ValidString(t) {
			out = append(out, Problem{field, "long"})
		}
	}
	for field, t := range map[string]string{"place": r.Place, "actor_words": r.ActorWords, "elsewhere": r.Elsewhere, "origin": r.Origin, "lang": r.Lang} {
		if len(t) > maxLine || !utf8.ValidString(t) {
			out = append(out, Problem{field, "long"})
		}
	}
	return out
}

// Refuse is the fault for what Check found; nil where it found nothing. It names fields and never what was typed.
func Refuse(wrong []Problem) error {
	if len(wrong) == 0 {
		return nil
	}
	var words []string
	for _, p := range wrong {
		words = append(words, p.Field+" ("+p.Why+")")
	}
	return fault.New(fault.Invalid, "these answers cannot be taken: %s", strings.Join(words, ", ")).Keeping("nothing was written").Do("correct them and send the report again")
}

// Urgent reports that somebody may be in danger now: an answer is due within 24 hours.
func (r Received) Urgent() bool { return r.Danger == dangerAnswer }

// Direct reports that who tells it saw or suffered it, or holds a document that shows it (standards 10.3).
func (r Received) Direct() bool { return r.Known == WasThere || r.Known == HasPaper }

// Happened is when it happened as an incident's date: what goes on still lasted until the day on which it was told.
func (r Received) Happened() string {
	began, err := when.Parse(r.When)
	day, wrong := when.Parse(r.Day)
	if !r.Ongoing || err != nil || wrong != nil || began.From() >= day.To() {
		return r.When
	}
	return began.From().String() + "/" + day.To().String()
}

// Root is the origin that this report shares with others that tell the same from the same place; "" where it is its own.
func (r Received) Root() string {
	if r.Origin == "" {
		return ""
	}
	key := text.Key(r.Origin)
	if sum := sha256.Sum256([]byte(key)); len(key) > longestKey {
		key = hex.EncodeToString(sum[:])
	}
	return "origin:" + key
}

// Covered reports that its words or pictures may distress: whoever took it down said so, or it tells of sexual violence, torture or a death
// in custody. Pages show such text only when asked.
func (r Received) Covered() bool {
	if r.Distressing || slices.ContainsFunc(r.Files, entry.File.Picture) {
		return true
	}
	hard := func(h Harm) bool { return h.Kind == "sexual" || h.Kind == "tortured" }
	return slices.ContainsFunc(r.Harmed, hard) || slices.ContainsFunc(r.What, func(w string) bool { return w == "clinician_torture" || w == "died_custody" || w == "force_fed" })
}
