package evaluation

import "slices"

// Kinds of fields.
const (
	Line   = "line"   // a few words
	Text   = "text"   // paragraphs
	Date   = "date"   // a day
	Choice = "choice" // a code of a list
)

// Field is one thing that a section asks.
type Field struct {
	Key    string
	Kind   string
	List   string   // of a choice
	Known  []string // how what is said may be known, the usual way first; none = it is not asked, as of an opinion
	Needed bool     // before a colleague reads it
}

// Section is a part of the report.
type Section struct {
	Key    string
	Annex  bool // it is one of annex IV; otherwise it comes before it
	Fields []Field
	Own    string // what it shows beside its fields: consent, physical, psychological, photographs, signature
}

var (
	toldFirst = []string{Told, Document}
	any3      = []string{Told, Document, Seen}
	seenOnly  = []string{Seen}
	papers    = []string{Document, Seen}
)

// sections stand in the order of the report: what the clinician was allowed to do, then annex IV of the Istanbul Protocol 2022.
var sections = []Section{
	{Key: "circumstances", Fields: []Field{
		{Key: "place", Kind: Line, Needed: true}, {Key: "day", Kind: Date, Needed: true}, {Key: "times", Kind: Line},
		{Key: "present", Kind: Text, Known: seenOnly, Needed: true}, {Key: "officer", Kind: Choice, List: "officer_near", Needed: true}, {Key: "officer_who", Kind: Line, Known: []string{Seen, Told}},
		{Key: "restraints", Kind: Choice, List: "yesno", Needed: true}, {Key: "restraints_what", Kind: Line, Known: seenOnly},
		{Key: "interpreter", Kind: Choice, List: "interpreter", Needed: true}, {Key: "interpreter_lang", Kind: Line}, {Key: "chaperone", Kind: Line, Known: seenOnly},
		{Key: "requested", Kind: Line, Known: []string{Document, Told}}, {Key: "delay", Kind: Line, Known: any3},
		{Key: "time", Kind: Choice, List: "time_given", Needed: true}, {Key: "remote", Kind: Choice, List: "yesno", Needed: true}}},
	{Key: "consent", Own: "consent"},
	{Key: "case", Annex: true, Fields: []Field{
		{Key: "subject", Kind: Line, Known: papers}, {Key: "identified", Kind: Line, Known: papers}, {Key: "reason", Kind: Text, Known: any3, Needed: true}, {Key: "documents", Kind: Text, Known: papers}}},
	{Key: "clinician", Annex: true, Fields: []Field{
		{Key: "qualifications", Kind: Text, Needed: true}, {Key: "experience", Kind: Text}, {Key: "independence", Kind: Text, Needed: true}}},
	{Key: "veracity", Annex: true, Fields: []Field{{Key: "statement", Kind: Text, Needed: true}}},
	{Key: "background", Annex: true, Fields: []Field{
		{Key: "life", Kind: Text, Known: any3, Needed: true}, {Key: "health_before", Kind: Text, Known: any3, Needed: true}, {Key: "mental_before", Kind: Text, Known: any3}, {Key: "work", Kind: Text, Known: any3}}},
	{Key: "allegations", Annex: true, Fields: []Field{
		{Key: "summary", Kind: Text, Known: toldFirst, Needed: true}, {Key: "arrest", Kind: Text, Known: toldFirst}, {Key: "places", Kind: Text, Known: toldFirst}, {Key: "methods", Kind: Text, Known: toldFirst, Needed: true},
		{Key: "who", Kind: Text, Known: toldFirst}, {Key: "clinicians", Kind: Text, Known: toldFirst}, {Key: "care", Kind: Text, Known: toldFirst}}},
	{Key: "symptoms", Annex: true, Fields: []Field{
		{Key: "acute", Kind: Text, Known: toldFirst, Needed: true}, {Key: "later", Kind: Text, Known: toldFirst}, {Key: "now", Kind: Text, Known: []string{Told, Seen}, Needed: true}, {Key: "disability", Kind: Text, Known: any3}}},
	{Key: "examination", Annex: true, Own: Physical, Fields: []Field{
		{Key: "general", Kind: Text, Known: seenOnly, Needed: true}, {Key: "systems", Kind: Text, Known: seenOnly}, {Key: "not_examined", Kind: Text, Known: seenOnly}, {Key: "none_found", Kind: Text, Known: seenOnly}}},
	{Key: "psychological", Annex: true, Own: Psychological, Fields: []Field{
		{Key: "history", Kind: Text, Known: toldFirst, Needed: true}, {Key: "complaints", Kind: Text, Known: toldFirst}, {Key: "status", Kind: Text, Known: seenOnly, Needed: true}, {Key: "scales", Kind: Text, Known: papers},
		{Key: "functioning", Kind: Text, Known: any3}, {Key: "risk", Kind: Text, Known: []string{Seen, Told}, Needed: true}}},
	{Key: "photographs", Annex: true, Own: "photographs", Fields: []Field{{Key: "how", Kind: Text, Known: seenOnly}}},
	{Key: "tests", Annex: true, Fields: []Field{{Key: "results", Kind: Text, Known: papers}, {Key: "wanted", Kind: Text}}},
	{Key: "consultations", Annex: true, Fields: []Field{{Key: "colleagues", Kind: Text, Known: papers}}},
	{Key: "interpretation_physical", Annex: true, Fields: []Field{
		{Key: "acute", Kind: Text, Needed: true}, {Key: "findings", Kind: Text, Needed: true}, {Key: "other_causes", Kind: Text, Needed: true}}},
	{Key: "interpretation_psychological", Annex: true, Fields: []Field{
		{Key: "findings", Kind: Text, Needed: true}, {Key: "expected", Kind: Text}, {Key: "other_causes", Kind: Text, Needed: true}}},
	{Key: "conclusions", Annex: true, Fields: []Field{
		{Key: "overall", Kind: Choice, List: "consistency", Needed: true}, {Key: "overall_psychological", Kind: Choice, List: "consistency"}, {Key: "opinion", Kind: Text, Needed: true}, {Key: "care", Kind: Text, Needed: true}, {Key: "further", Kind: Text}}},
	{Key: "truthfulness", Annex: true, Fields: []Field{{Key: "statement", Kind: Text, Needed: true}}},
	{Key: "restrictions", Annex: true, Fields: []Field{
		{Key: "any", Kind: Choice, List: "yesno", Needed: true}, {Key: "what", Kind: Text, Known: seenOnly}, {Key: "effect", Kind: Text}}},
	{Key: "signature", Annex: true, Own: "signature"},
	{Key: "annexes", Annex: true, Fields: []Field{{Key: "list", Kind: Text}}},
}

// Sections are the sections in the order of the report.
func Sections() []Section { return slices.Clone(sections) }

// SectionOf is the section with a key.
func SectionOf(key string) (Section, bool) {
	at := slices.IndexFunc(sections, func(s Section) bool { return s.Key == key })
	if at < 0 {
		return Section{}, false
	}
	return sections[at], true
}

// Uses are the things the person is asked to allow, each by itself: codes of the list evaluation_use.
func Uses() []string {
	return []string{"exam", "photos", "lab", "patient", "lawyer", "court", "nma", "un", "publication", "training"}
}

// Recipients are the uses to which a signed evaluation is released.
func Recipients() []string { return Uses()[3:] }

// Degrees are the degrees of consistency, the least first: codes of the list consistency.
func Degrees() []string {
	return []string{"not_consistent", "consistent", "highly_consistent", "typical", "diagnostic"}
}
