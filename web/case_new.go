package web

import (
	"context"
	"crypto/rand"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/person"
	"ward/vocab"
)

// caseFormView is the form on which a case is opened during a call.
type caseFormView struct {
	view
	Action    string
	Kind      string
	Typed     url.Values
	Problem   string
	Officers  []string
	Countries []string    // names in the page's language
	First     []factInput // of a kind other than protection: with what such a case begins
	Risen     string      // where the case comes from: an id, or ""
}

// firstSections are with what a case of a kind begins.
var firstSections = map[string]string{casework.Advice: "order", casework.Inquiry: "mandate", casework.Conduct: "capture", casework.Breach: "suspicion"}

// Where somebody is.
const (
	whereFree   = "free"
	whereHeld   = "held"
	whereHiding = "hiding"
)

// Places are where somebody can be.
func (caseFormView) Places() []string { return []string{whereFree, whereHeld, whereHiding, "unknown"} }

// Kinds are the kinds of cases.
func (caseFormView) Kinds() []string { return casework.Kinds() }

// Codes are the codes of a list that the form offers.
func (caseFormView) Codes(list string) []vocab.Code { return vocab.Codes(list) }

// Ticked reports that an answer is among those ticked.
func (v caseFormView) Ticked(name, code string) bool { return slices.Contains(v.Typed[name], code) }

func (s *Site) newCase(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	form := url.Values{"kind": {q.Get("kind")}, "report": {q.Get("report")}, "incident": {q.Get("incident")}, "once": {rand.Text()}, "name": {pseudonym(lang)}}
	if err := s.prefill(r.Context(), form, lang); err != nil {
		return err
	}
	return s.showCaseForm(w, r, lang, form, nil)
}

// prefill takes over from the report or the incident what the form asks: the country and whether somebody is in danger, not the words.
func (s *Site) prefill(ctx context.Context, form url.Values, lang locale.Lang) error {
	country := ""
	if id := form.Get("report"); id != "" {
		f, err := s.desk.Received(ctx, whoOf(ctx), id)
		if err != nil {
			return err
		}
		country = f.Country
		form.Set("danger", f.Danger)
	}
	if id := form.Get("incident"); id != "" {
		f, err := s.desk.Incident(ctx, whoOf(ctx), id)
		if err != nil {
			return err
		}
		country = f.Country
	}
	if country != "" {
		form.Set("country", vocab.CountryName(country, string(lang)))
	}
	return nil
}

// pseudonym draws a name for a case: a word that tells nothing of anybody, and a number.
func pseudonym(lang locale.Lang) string {
	c := locale.For(lang)
	list := strings.Split(c.T("case.pseudonyms"), ",")
	return strings.TrimSpace(list[below(len(list))]) + " " + c.Num(int64(10+below(90)))
}

// below is a number below n that nobody can foresee.
func below(n int) int {
	k, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the system's source of randomness never fails
	}
	return int(k.Int64())
}

func (s *Site) showCaseForm(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	v := caseFormView{view: newView(r, lang, "cases", locale.For(lang).T("case.new")), Action: address(lang, "cases", "new"), Kind: form.Get("kind"), Typed: form}
	if !slices.Contains(casework.Kinds(), v.Kind) {
		v.Kind = casework.Protection
	}
	v.Risen = form.Get("report") + form.Get("incident")
	var err error
	if v.Me.Can(access.TakeReports) {
		if v.Officers, err = s.desk.OfficerNames(r.Context(), v.Me); err != nil {
			return err
		}
	}
	for _, iso3 := range vocab.Countries() {
		v.Countries = append(v.Countries, vocab.CountryName(iso3, string(lang)))
	}
	if section, ok := firstSection(v.Kind); ok {
		for _, f := range section.Fields {
			v.First = append(v.First, factInput{f, valuePrefix + f.Field, fieldKey(section.Section, f.Field), form.Get(valuePrefix + f.Field), vocab.Codes(f.List)})
		}
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "case_new", v)
}

// firstSection is the section with which a case of a kind begins; false for protection, whose call has questions of its own.
func firstSection(kind string) (casework.Section, bool) {
	p, ok := casework.PlaybookOf(kind)
	if !ok {
		return casework.Section{}, false
	}
	return p.Section(firstSections[kind])
}

// openCase puts on record what the form says, and leads to the case with its next action.
func (s *Site) openCase(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		made, err := newCaseOf(form)
		if err != nil {
			return "", err
		}
		id, err := s.desk.OpenCase(r.Context(), whoOf(r.Context()), made)
		if fault.Is(err, fault.Undecided) { // which of more than two officers: ticked on the same page
			err = fault.Wrap(err, fault.Invalid, "it is not said to which two officers").Keeping("nothing was written").Do("tick two")
		}
		return address(lang, "cases", id), err
	}, s.showCaseForm)
}

// newCaseOf reads a case out of the form.
func newCaseOf(f url.Values) (desk.NewCase, error) {
	country := readable(vocab.Country(f.Get("country")))(f.Get("country"))
	n := desk.NewCase{Opened: casework.Opened{Kind: f.Get("kind"), Name: f.Get("name"), Country: country, Report: f.Get("report"), Drill: f.Get("drill") != ""}, Form: f.Get("once")}
	if id := f.Get("incident"); id != "" {
		n.Incidents = []string{strings.ToUpper(id)}
	}
	n.Somebody = somebodyOf(f, country)
	if section, ok := firstSection(n.Kind); ok {
		n.Facts = []casework.Fact{factOf(section, f)}
		return n, nil
	}
	if f.Get("threat") == "" {
		return n, fault.New(fault.Invalid, "what happened is not said").Keeping("nothing was written").Do("choose what fits best, and write the words beside it")
	}
	if f.Get("where") != whereHeld { // the place of detention stands in its section
		n.Summary = f.Get("place")
	}
	n.Facts = callFacts(f, country)
	return n, nil
}

// somebodyOf is the person whom the case is about, with the way to reach who called.
func somebodyOf(f url.Values, country string) (out desk.NewPerson) {
	if name := f.Get("about"); name != "" {
		out.Names = []person.Name{{Script: scriptOf(name), Text: name}}
	}
	out.Reach = desk.SourceContact{Name: f.Get("contact_name"), Reach: f.Get("contact_reach")}
	out.Officers = f["officer"]
	if len(out.Names) == 0 && out.Reach == (desk.SourceContact{}) && f.Get("kind") != casework.Protection {
		return desk.NewPerson{}
	}
	out.Made = person.Made{Pseudonym: f.Get("name"), Roles: []string{"health_worker"}, Country: country, Hiding: f.Get("where") == whereHiding}
	return out
}

// callFacts are what a call for protection says, section by section.
func callFacts(f url.Values, country string) (out []casework.Fact) {
	threat := map[string]string{"kind": f.Get("threat"), "words": f.Get("words")}
	out = append(out, casework.Fact{Section: "threat", Values: threat})
	if f.Get("danger") == "yes" {
		out = append(out, casework.Fact{Section: "risk", Values: map[string]string{"level": "imminent"}})
	}
	if f.Get("where") == whereHeld {
		held := map[string]string{"place": f.Get("place"), "country": country}
		if f.Get("place")+country == "" {
			held["whereabouts"] = "unknown"
		}
		out = append(out, casework.Fact{Section: "detention", Values: held})
	}
	for _, need := range ticksOf(f["need"]) {
		out = append(out, casework.Fact{Section: "need", Values: map[string]string{"kind": need}})
	}
	return out
}

// nameScripts are the scripts of names by their letters.
var nameScripts = []struct {
	code    string
	letters *unicode.RangeTable
}{{"Latn", unicode.Latin}, {"Arab", unicode.Arabic}, {"Cyrl", unicode.Cyrillic}, {"Hebr", unicode.Hebrew}, {"Mymr", unicode.Myanmar}, {"Ethi", unicode.Ethiopic},
	{"Deva", unicode.Devanagari}, {"Hans", unicode.Han}}

// scriptOf is the script of a name's first letter; Zyyy, not determined, where none is known.
func scriptOf(name string) string {
	for _, r := range name {
		for _, s := range nameScripts {
			if unicode.Is(s.letters, r) {
				return s.code
			}
		}
	}
	return "Zyyy"
}
