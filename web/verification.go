package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/locale"
	"ward/vocab"
)

// verificationView is the queue of what waits for an opinion.
type verificationView struct {
	view
	desk.VerificationPage
	Part, Country  string
	Tabs           []verificationTab
	Page, Pages    int
	Previous, Next string
	Asked          bool // a part or a country was asked for
}

// verificationTab is a part of the queue with how many wait in it.
type verificationTab struct {
	Part, Href string
	N          int
	Current    bool
}

func (s *Site) verification(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	asked := r.URL.Query()
	number, err := numberAsked(asked, "page")
	if err != nil {
		return err
	}
	q := desk.VerificationQuery{Part: asked.Get("part"), Country: asked.Get("country"), Offset: max(int(number)-1, 0) * pageSize, Limit: pageSize}
	page, err := s.desk.Verification(r.Context(), whoOf(r.Context()), q)
	if err != nil {
		return err
	}
	v := verificationView{view: newView(r, lang, "verification", locale.For(lang).T("verification.title")), VerificationPage: page, Part: q.Part, Country: q.Country}
	v.Asked = q.Part != "" || q.Country != ""
	v.Invented = v.Invented || len(page.Countries) > 0 && !slices.ContainsFunc(page.Countries, func(c string) bool { return !vocab.Invented(c) })
	for _, part := range append([]string{""}, desk.Waits()...) {
		v.Tabs = append(v.Tabs, verificationTab{part, verificationAddress(lang, part, q.Country, 0), v.count(part), part == q.Part})
	}
	v.Page, v.Pages = q.Offset/pageSize+1, max(1, (page.Total+pageSize-1)/pageSize)
	if v.Page > 1 {
		v.Previous = verificationAddress(lang, q.Part, q.Country, min(v.Page-1, v.Pages))
	}
	if v.Page < v.Pages {
		v.Next = verificationAddress(lang, q.Part, q.Country, v.Page+1)
	}
	return s.render(w, http.StatusOK, lang, "verification", v)
}

// count is how many wait in a part; "" is all that wait for who asks.
func (v *verificationView) count(part string) (n int) {
	if part != "" {
		return v.Parts[part]
	}
	for p, k := range v.Parts {
		if p != desk.WaitsOthers {
			n += k
		}
	}
	return n
}

func verificationAddress(lang locale.Lang, part, country string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"part": part, "country": country} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return address(lang, "verification")
	}
	return address(lang, "verification") + "?" + q.Encode()
}

// opinionsView is one incident with its evidence by origin, where it stands on the ladder, and the form for one's own opinion.
type opinionsView struct {
	view
	desk.VerifyFile
	Heading string
	Rungs   []rungView
	Beside  []string // findings beside the ladder
	Origins []originView
	Loose   []toldView // what names no origin
	Against []toldView // decisive facts that are contested
	Covered bool       // words that may distress are shown when asked for
	Typed   url.Values
	Problem string
}

// rungView is a level as a step, with what the evidence has and lacks for it.
type rungView struct {
	Level   string
	Now     bool // held at present
	Carried bool
	Needs   []incident.Need
}

// originView is one independent origin with everything that it is said to say.
type originView struct {
	incident.Root
	Told   []toldView
	Denied []string // the labels of counts and questions to which it says none or no
}

// toldView is an assertion in the reader's language.
type toldView struct {
	incident.Assertion
	Label, Said string
	Doubts      []string // why it is contested
	Alike       bool     // it comes from the one source that its origin names
}

func (s *Site) verifyPage(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showVerify(w, r, lang, nil, nil)
}

// showVerify draws the page; typed is what was sent, wrong why it could not be taken.
func (s *Site) showVerify(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	file, err := s.desk.Verify(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return s.erased(w, r, lang, err)
	}
	v := opinionsView{VerifyFile: file, Typed: typed, Beside: []string{incident.IsContested, incident.Refuted, incident.Discounted}, Covered: distressing(file.Codes)}
	c := locale.For(lang)
	v.Heading = strings.Join(labelsOf("incident", file.Codes, lang), " · ")
	if v.Heading == "" {
		v.Heading = c.T("value.not_coded")
	}
	v.view = newView(r, lang, "verification", c.T("verification.of", file.PublicID))
	v.Invented = v.Invented || vocab.Invented(file.Country)
	v.climb()
	for _, root := range file.Ladder.Roots {
		v.Origins = append(v.Origins, newOrigin(root, lang))
	}
	v.Loose, v.Against = toldViews(file.Ladder.Unsourced, lang), toldViews(file.Ladder.Contradictions, lang)
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "verify_incident", v)
}

// climb draws the ladder, the highest step first.
func (v *opinionsView) climb() {
	for _, rung := range incident.Rungs() {
		step := rungView{Level: rung.Level, Now: rung.Level == v.Certainty, Carried: v.Ladder.Carries(rung.Level), Needs: v.Ladder.Missing[rung.Level]}
		v.Rungs = append([]rungView{step}, v.Rungs...)
	}
}

// Mine is one's own last opinion in the open round; nil where one has not spoken.
func (v opinionsView) Mine() *incident.Opinion {
	for i := len(v.Shown) - 1; i >= 0; i-- {
		if v.Shown[i].By == v.Me.Name {
			return &v.Shown[i].Body
		}
	}
	return nil
}

// Chosen is the finding to be marked in the form.
func (v opinionsView) Chosen() string { return v.Typed.Get("certainty") }

// Ticked reports an origin that is marked in the form as looked at.
func (v opinionsView) Ticked(name string) bool { return slices.Contains(v.Typed["root"], name) }

// newOrigin parts what an origin says from what it denies.
func newOrigin(root incident.Root, lang locale.Lang) originView {
	o := originView{Root: root}
	for _, t := range toldViews(root.Assertions, lang) {
		t.Alike = len(root.Sources) < 2 && t.By == ""
		if def, _ := vocab.FieldOf(t.Field); t.State == incident.Active && (def.Kind == "count" && t.Value == "0" || def.Kind == "yesno" && t.Value == "no") {
			o.Denied = append(o.Denied, t.Label)
		} else {
			o.Told = append(o.Told, t)
		}
	}
	return o
}

func toldViews(list []incident.Assertion, lang locale.Lang) (out []toldView) {
	for _, a := range list {
		t := toldView{Assertion: a, Label: fieldLabel(a.Field, lang), Said: say(a.Field, a.Value, lang)}
		for _, m := range a.Moves {
			if m.Body.Move == incident.Contest && a.State == incident.Contested {
				t.Doubts = append(t.Doubts, m.Body.Why)
			}
		}
		out = append(out, t)
	}
	return out
}

// distressing reports codes whose stories may distress: killing, sexual violence, torture, what is done to bodies and to people held.
func distressing(codes []string) bool {
	return slices.ContainsFunc(codes, func(code string) bool {
		family, _, _ := strings.Cut(code, ".")
		return family == "TOR" || family == "ETH" || slices.Contains([]string{"PER.KIL", "PER.SEX", "PER.TOR", "CUS.DTH", "ATT.PAT", "ATT.REM"}, code)
	})
}

// opine puts on record what the page's forms say: an opinion, or a request to a colleague.
func (s *Site) opine(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "incidents", r.PathValue("id"), "verify") + "#opinion", s.takeOpinion(r, form)
	}, s.showVerify)
}

func (s *Site) takeOpinion(r *http.Request, form url.Values) error {
	id, who := r.PathValue("id"), whoOf(r.Context())
	switch form.Get("do") {
	case "opinion":
		_, err := s.desk.Opine(r.Context(), who, id, incident.Opinion{Certainty: form.Get("certainty"), Why: form.Get("why"),
			Roots: slices.DeleteFunc(form["root"], func(s string) bool { return s == "" }), Contradictions: form.Get("contradictions")})
		return err
	case "ask":
		return s.desk.AskOpinion(r.Context(), who, id, incident.Asked{Whom: form.Get("whom"), Note: form.Get("note")})
	}
	return fault.New(fault.Invalid, "the form says neither an opinion nor whom to ask").Keeping("nothing was written").Do("use a form of the page")
}
