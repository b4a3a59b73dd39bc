package evaluation

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// story makes entries one after the other, a minute apart.
type story struct {
	e Entries
	n int
}

func told[T any](s *story, by string, body T) entry.Entry[T] {
	s.n++
	return entry.Entry[T]{ID: "E" + string(rune('A'+s.n/26)) + string(rune('A'+s.n%26)), By: by, At: time.Date(2026, 11, 20, 9, s.n, 0, 0, time.UTC), Body: body}
}

var given = Consent{Uses: map[string]string{"exam": Yes, "photos": Yes, "court": Yes, "un": No}, Explained: true, Refusal: true, Free: true, Capacity: "yes", Method: "spoken", Day: "2026-11-20"}

var scar = Finding{Finding: "F1", Kind: Physical, View: "back", X: 400, Y: 240, Part: "shoulder_blade", Side: "left", Type: "scar", Description: "Two pale lines.", Known: Seen, Methods: []string{"beating"}, Consistency: "highly_consistent"}

// filled is a part with every field filled as it usually is.
func filled(s Section) Part {
	p := Part{Section: s.Key, Values: map[string]string{}, Known: map[string]string{}}
	for _, f := range s.Fields {
		p.Values[f.Key] = "words"
		switch {
		case f.Kind == Date:
			p.Values[f.Key] = "2026-11-20"
		case f.List != "":
			p.Values[f.Key] = vocab.Codes(f.List)[0].Code
		}
		if len(f.Known) > 0 {
			p.Known[f.Key] = f.Known[0]
		}
	}
	return p
}

// complete is a story up to the state named.
func complete(until string) *story {
	s := &story{}
	s.e.Requests = append(s.e.Requests, told(s, "Ann", Request{Person: "P", Clinician: "Ann", AskedBy: "a lawyer", Purpose: "an appeal"}))
	if until == Requested {
		return s
	}
	s.e.Consents = append(s.e.Consents, told(s, "Ann", given))
	for _, sec := range Sections() {
		if len(sec.Fields) > 0 {
			s.e.Parts = append(s.e.Parts, told(s, "Ann", filled(sec)))
		}
	}
	s.e.Findings = append(s.e.Findings, told(s, "Ann", scar))
	for _, to := range []string{Consented, Examined, Drafted, PeerChecked, Signed} {
		e, _ := Fold("V", s.e)
		switch to {
		case PeerChecked:
			s.e.Peers = append(s.e.Peers, told(s, "Ben", Peer{Pass: true, Digest: e.Digest()}))
		case Signed:
			s.e.Signatures = append(s.e.Signatures, told(s, "Ann", Signature{Digest: e.Digest(), Name: "A", Standing: "physician", Place: "Port", Day: "2026-11-21", Truth: true}))
		default:
			s.e.Moves = append(s.e.Moves, told(s, "Ann", Move{To: to}))
		}
		if to == until {
			break
		}
	}
	return s
}

func folded(t *testing.T, s *story) Evaluation {
	t.Helper()
	e, ok := Fold("V", s.e)
	if !ok {
		t.Fatal("it does not fold")
	}
	return e
}

// The table of moves is written out here once more: whoever changes it must say so twice.
func TestOnlyTheMovesOfTheTableAreTaken(t *testing.T) {
	want := map[string]string{Requested: "consented stopped", Consented: "examined stopped", Examined: "drafted stopped", Drafted: "examined stopped", PeerChecked: "examined stopped",
		Signed: "released", Released: "released", Stopped: "requested"}
	for _, state := range States() {
		e := folded(t, complete(Signed))
		if e.State = state; !slices.Contains([]string{Signed, Released}, state) {
			e = folded(t, complete(PeerChecked))
			e.State = state
		}
		var taken []string
		for _, to := range append(States(), "", "lost") {
			err := e.Advance(Move{To: to, Why: "why", Use: "court", For: "the court"})
			if err == nil {
				taken = append(taken, to)
			} else if !fault.Is(err, fault.Refused) {
				t.Errorf("%s to %q: %v", state, to, err)
			}
		}
		if got := strings.Join(taken, " "); got != want[state] {
			t.Errorf("from %s one comes to %q, want %q", state, got, want[state])
		}
	}
}

func TestTheDiagramOfTheDocsShowsTheMovesOfTheTable(t *testing.T) {
	doc, err := os.ReadFile("../docs/life-of-an-evaluation.md")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	for line := range strings.Lines(string(doc)) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), " --> ")
		if ok && from != "[*]" {
			to, _, _ = strings.Cut(to, ":")
			drawn[from+" "+strings.TrimSpace(to)] = true
		}
	}
	want := map[string]bool{"drafted peer_checked": true, "peer_checked signed": true}
	for from, list := range moves {
		for _, to := range list {
			want[from+" "+to] = true
		}
	}
	for way := range want {
		if !drawn[way] {
			t.Errorf("the diagram lacks %s", way)
		}
	}
	for way := range drawn {
		if !want[way] {
			t.Errorf("the diagram shows %s, and nobody can go there", way)
		}
	}
}

func TestNothingIsExaminedWithoutConsentThatCounts(t *testing.T) {
	for name, change := range map[string]func(*Consent){
		"not explained": func(c *Consent) { c.Explained = false }, "refusing not explained": func(c *Consent) { c.Refusal = false }, "not free": func(c *Consent) { c.Free = false },
		"no capacity": func(c *Consent) { c.Capacity = "unsure" }, "a minor": func(c *Consent) { c.Minor = true }, "refused": func(c *Consent) { c.Uses = map[string]string{"exam": No} },
		"not asked": func(c *Consent) { c.Uses = map[string]string{"exam": NotAsked} }, "silent": func(c *Consent) { c.Uses = nil },
	} {
		s := complete(Consented)
		c := given
		change(&c)
		s.e.Consents = append(s.e.Consents, told(s, "Ann", c))
		if err := folded(t, s).Advance(Move{To: Examined}); !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := given
	c.Minor, c.Proxy = true, "the mother, as guardian"
	if !c.Allows("exam") || c.Allows("un") || c.Allows("lab") {
		t.Error("a proxy's yes does not count, or a no does")
	}
	if folded(t, complete(Requested)).Advance(Move{To: Consented}) == nil {
		t.Error("nobody was asked")
	}
}

func TestTheSafeguardsAreNeverLeftOut(t *testing.T) {
	s := complete(Consented)
	s.e.Parts = append(s.e.Parts, told(s, "Ann", Part{Section: "circumstances", Left: "no time"}))
	if err := folded(t, s).Advance(Move{To: Examined}); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "circumstances officer") {
		t.Errorf("%v", err)
	}
}

func TestASectionMayBeLeftOutWithAReason(t *testing.T) {
	s := complete(Examined)
	s.e.Parts = append(s.e.Parts, told(s, "Ann", Part{Section: "psychological"}))
	if err := folded(t, s).Advance(Move{To: Drafted}); !fault.Is(err, fault.Refused) {
		t.Errorf("%v", err)
	}
	s.e.Parts = append(s.e.Parts, told(s, "Ann", Part{Section: "psychological", Left: "They did not wish it."}))
	if err := folded(t, s).Advance(Move{To: Drafted}); err != nil {
		t.Error(err)
	}
}

func TestEveryFindingNeedsADegreeBeforeAColleagueReadsIt(t *testing.T) {
	s := complete(Examined)
	open := scar
	open.Consistency = ""
	s.e.Findings = append(s.e.Findings, told(s, "Ann", open))
	if err := folded(t, s).Advance(Move{To: Drafted}); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "consistency F1") {
		t.Errorf("%v", err)
	}
}

// Only what was personally verified stands among the findings (design: told belongs to the allegations).
func TestWhatWasToldIsNoFinding(t *testing.T) {
	e := folded(t, complete(Consented))
	for _, known := range []string{Told, Document, ""} {
		f := scar
		f.Known = known
		if err := e.Write(f); !fault.Is(err, fault.Refused) {
			t.Errorf("a finding known %q: %v", known, err)
		}
	}
	said := Part{Section: "examination", Values: map[string]string{"general": "It hurts."}, Known: map[string]string{"general": Told}}
	if err := e.Write(said); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "verified in person") {
		t.Errorf("%v", err)
	}
	said.Section, said.Values, said.Known = "allegations", map[string]string{"summary": "They were beaten."}, map[string]string{"summary": Told}
	if err := e.Write(said); err != nil {
		t.Error(err)
	}
}

func TestAFindingIsHeldToItsRules(t *testing.T) {
	for name, change := range map[string]func(*Finding){
		"no kind": func(f *Finding) { f.Kind = "x" }, "no type": func(f *Finding) { f.Type = "" }, "a type of the other kind": func(f *Finding) { f.Type = "mood" }, "no words": func(f *Finding) { f.Description = " " },
		"nowhere": func(f *Finding) { f.View, f.Part = "", "" }, "outside": func(f *Finding) { f.X = 1001 }, "no drawing": func(f *Finding) { f.View = "inside" }, "no part": func(f *Finding) { f.Part = "wing" },
		"no side": func(f *Finding) { f.Side = "up" }, "too large": func(f *Finding) { f.Length = 3001 }, "no method": func(f *Finding) { f.Methods = []string{"x"} }, "no degree": func(f *Finding) { f.Consistency = "proved" },
		"too long": func(f *Finding) { f.Description = strings.Repeat("x", maxText+1) },
	} {
		f := scar
		change(&f)
		if err := f.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := scar.Check(); err != nil {
		t.Error(err)
	}
	if !(Finding{Kind: Psychological, Consistency: "typical"}).Unusual() || scar.Unusual() {
		t.Error("typical is unusual for what is psychological, and for nothing else")
	}
}

func TestPhotographsNeedTheirOwnConsent(t *testing.T) {
	p := Photo{WithFile: entry.WithFile{File: entry.File{Type: "image/jpeg"}}}
	s := complete(Examined)
	if err := folded(t, s).AddPhoto(p); err != nil {
		t.Error(err)
	}
	no := given
	no.Uses = map[string]string{"exam": Yes}
	s.e.Consents = append(s.e.Consents, told(s, "Ann", no))
	if err := folded(t, s).AddPhoto(p); !fault.Is(err, fault.Refused) {
		t.Errorf("%v", err)
	}
}

func TestWhoeverWroteItDoesNotCheckIt(t *testing.T) {
	s := complete(Drafted)
	e := folded(t, s)
	pass := Peer{Pass: true, Digest: e.Digest()}
	for _, c := range vocab.Codes("peer_check") {
		pass.Checks = append(pass.Checks, c.Code)
	}
	for by, want := range map[string]bool{"Ann": false, "ann": false, "Ben": true} {
		if got := e.Read(pass, by, false) == nil; got != want {
			t.Errorf("%s checks it: %v", by, got)
		}
	}
	if err := e.Read(pass, "Ann", true); err != nil {
		t.Errorf("the only one there is: %v", err)
	}
	stale, few := pass, pass
	stale.Digest, few.Checks = "other", few.Checks[1:]
	if !fault.Is(e.Read(stale, "Ben", false), fault.Conflict) || !fault.Is(e.Read(few, "Ben", false), fault.Refused) || e.Read(Peer{Digest: e.Digest()}, "Ben", false) == nil {
		t.Error("a text that moved, a point that does not hold, or a return without a word was taken")
	}
}

func TestOnlyTheClinicianSignsWhatAColleagueRead(t *testing.T) {
	e := folded(t, complete(PeerChecked))
	s := Signature{Digest: e.Digest(), Name: "A", Standing: "physician", Place: "Port", Day: "2026-11-21", Truth: true}
	if err := e.Sign(s, "Ann"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"a colleague": e.Sign(s, "Ben"), "a draft": folded(t, complete(Drafted)).Sign(s, "Ann"), "twice": folded(t, complete(Signed)).Sign(s, "Ann"),
		"without the word": e.Sign(Signature{Digest: s.Digest, Name: "A", Standing: "b", Place: "c", Day: s.Day}, "Ann")} {
		if !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.Digest = "other"; !fault.Is(e.Sign(s, "Ann"), fault.Conflict) {
		t.Error("another text was signed")
	}
}

func TestASignatureFreezesTheContent(t *testing.T) {
	e := folded(t, complete(Signed))
	if !e.Intact() || e.State != Signed {
		t.Fatalf("%s, intact %v", e.State, e.Intact())
	}
	for _, err := range []error{e.Write(scar), e.Write(Part{Section: "annexes"}), e.AddPhoto(Photo{})} {
		if !fault.Is(err, fault.Refused) {
			t.Errorf("an edit: %v", err)
		}
	}
	if err := e.Append(Addendum{Text: "later", Day: "2026-11-22"}); err != nil {
		t.Error(err)
	}
	if err := folded(t, complete(Drafted)).Append(Addendum{Text: "later", Day: "2026-11-22"}); !fault.Is(err, fault.Refused) {
		t.Errorf("an addendum to a draft: %v", err)
	}
}

// Whatever is slipped in after the signature, past the rules, is found out; what may follow it is not.
func TestWhatIsChangedAfterTheSignatureIsFoundOut(t *testing.T) {
	for name, change := range map[string]func(*story){
		"a part": func(s *story) { s.e.Parts = append(s.e.Parts, told(s, "Eve", Part{Section: "background", Left: "x"})) },
		"a finding": func(s *story) {
			f := scar
			f.Consistency = "not_consistent"
			s.e.Findings = append(s.e.Findings, told(s, "Eve", f))
		},
		"a removal": func(s *story) {
			s.e.Findings = append(s.e.Findings, told(s, "Eve", Finding{Finding: "F1", Removed: true}))
		},
		"a photo":  func(s *story) { s.e.Photos = append(s.e.Photos, told(s, "Eve", Photo{})) },
		"a letter": func(s *story) { s.e.Parts[0].Body.Values["place"] = "elsewhere" },
	} {
		s := complete(Signed)
		change(s)
		if e := folded(t, s); e.Intact() || e.Advance(Move{To: Released, Use: "court", For: "x"}) == nil {
			t.Errorf("%s is not found out, or leaves nevertheless", name)
		}
	}
	s := complete(Signed)
	s.e.Consents = append(s.e.Consents, told(s, "Ann", Consent{Uses: map[string]string{"court": No}, Capacity: "yes"}))
	s.e.Addenda = append(s.e.Addenda, told(s, "Ann", Addendum{Text: "later"}))
	e := folded(t, s)
	if !e.Intact() {
		t.Error("a withdrawal or an addendum reads as a change of what was signed")
	}
	if e.Advance(Move{To: Released, Use: "court", For: "x"}) == nil {
		t.Error("it is released against a withdrawal")
	}
}

// The canonical content is fixed: a field renamed or reordered would make what was signed read as changed.
func TestTheCanonicalContentStaysAsItWas(t *testing.T) {
	b, err := json.Marshal(content{ID: "V", Request: Request{Person: "P"}, Findings: []Finding{{Finding: "F"}}, Photos: []photoSigned{{Number: 1}}, Parts: []Part{{Section: "s"}}})
	want := `{"id":"V","request":{"person":"P","clinician":"","asked_by":"","purpose":""},"consent":{"uses":null,"explained":false,"refusal":false,"free":false,"capacity":"","method":"","day":""},"parts":[{"section":"s"}],` +
		`"findings":[{"finding":"F","kind":"","type":"","description":"","known":""}],"photos":[{"number":1,"sha256":"","caption":{}}]}`
	if err != nil || string(b) != want {
		t.Errorf("%v\n got %s\nwant %s", err, b, want)
	}
}

func TestDrawingsAreSoundAndNamed(t *testing.T) {
	if len(Diagrams()) != len(vocab.Codes("body_view")) {
		t.Errorf("%d drawings, %d views", len(Diagrams()), len(vocab.Codes("body_view")))
	}
	for i, d := range Diagrams() {
		if d.View != vocab.Codes("body_view")[i].Code || len(d.Regions) == 0 {
			t.Errorf("%d: %s", i, d.View)
		}
		for _, p := range d.Paths {
			for _, c := range p.Commands {
				for _, at := range c.Points {
					if math.IsNaN(at.X+at.Y) || at.X < -5 || at.Y < -5 || at.X > d.Width+5 || at.Y > d.Height+5 {
						t.Fatalf("%s: a line runs to %v", d.View, at)
					}
				}
			}
		}
		named := map[string]bool{}
		for _, r := range d.Regions {
			if key := r.Part + r.Side; named[key] || !vocab.Has("body_part", r.Part) || r.X < 0 || r.X > 1000 || r.Y < 0 || r.Y > 1000 {
				t.Errorf("%s: the region %v is doubled, unnamed or outside", d.View, r)
			} else {
				named[key] = true
			}
		}
	}
}

// Left is the person's own: on the picture's right seen from the front, on its left seen from behind.
func TestLeftIsThePersonsOwn(t *testing.T) {
	for view, right := range map[string]string{"front": "left", "head_front": "left", "back": "right", "head_back": "right"} {
		d, _ := DiagramOf(view)
		for _, r := range d.Regions {
			if (r.X > 500) != (r.Side == right) && r.Side != "middle" {
				t.Errorf("%s: %v", view, r)
			}
		}
	}
	for _, view := range []string{"left", "right", "hand_left_palm", "hand_right_back", "foot_left_sole", "foot_right_top"} {
		d, _ := DiagramOf(view)
		for _, r := range d.Regions {
			if r.Side != "middle" && !strings.Contains(view, r.Side) {
				t.Errorf("%s: %v", view, r)
			}
		}
	}
}

func TestEverySectionAndFieldIsNamedInEveryLanguage(t *testing.T) {
	for _, lang := range []locale.Lang{"en", "fa"} {
		c := locale.For(lang)
		for _, s := range Sections() {
			if !c.Has("evaluation.section." + s.Key) {
				t.Errorf("%s: no name for the section %s", lang, s.Key)
			}
			for _, f := range s.Fields {
				if !c.Has("evaluation.field." + s.Key + "." + f.Key) {
					t.Errorf("%s: no name for %s %s", lang, s.Key, f.Key)
				}
				if f.Kind == Choice && len(vocab.Codes(f.List)) == 0 {
					t.Errorf("%s %s: no list %s", s.Key, f.Key, f.List)
				}
			}
		}
		for _, state := range States() {
			if !c.Has("evaluation.state." + state) {
				t.Errorf("%s: no word for %s", lang, state)
			}
		}
	}
}

// The order of annex IV of the Istanbul Protocol 2022, after what was done to protect the person.
func TestSectionsStandInTheOrderOfTheProtocol(t *testing.T) {
	want := "circumstances consent case clinician veracity background allegations symptoms examination psychological photographs tests consultations " +
		"interpretation_physical interpretation_psychological conclusions truthfulness restrictions signature annexes"
	var got []string
	for _, s := range Sections() {
		got = append(got, s.Key)
	}
	if strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}
