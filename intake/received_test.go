package intake

import (
	"slices"
	"strings"
	"testing"

	"ward/entry"
	"ward/tally"
	"ward/when"
)

// taken is the day on which the reports of these tests are taken down.
var taken = func() when.Day { d, _ := when.Parse("2026-11-22"); return d.From() }()

// phoned is a report with nothing wrong about it.
func phoned() Received {
	return Received{Channel: "call", Lang: "en", Mode: "confidential", Day: "2026-11-22", Danger: "unknown", Narrative: "Something invented."}
}

func TestAReportNeedsOnlyAStoryAndAWordOnDanger(t *testing.T) {
	if wrong := phoned().Check(taken); wrong != nil {
		t.Errorf("%v", wrong)
	}
	bare := phoned()
	if bare.Narrative = " \n"; !slices.Equal(bare.Check(taken), []Problem{{"narrative", "missing"}}) {
		t.Errorf("%v", bare.Check(taken))
	}
	if bare.Files = []entry.File{{Name: "letter.pdf"}}; bare.Check(taken) != nil {
		t.Errorf("a letter does not stand for the story: %v", bare.Check(taken))
	}
}

func TestWhatIsWrongIsNamedByItsField(t *testing.T) {
	for want, change := range map[Problem]func(*Received){
		{"danger", "missing"}:      func(r *Received) { r.Danger = "" },
		{"danger", "unknown"}:      func(r *Received) { r.Danger = "perhaps" },
		{"channel", "unknown"}:     func(r *Received) { r.Channel = "dove" },
		{"channel", "missing"}:     func(r *Received) { r.Channel = "" },
		{"mode", "unknown"}:        func(r *Received) { r.Mode = "<script>" },
		{"relation", "unknown"}:    func(r *Received) { r.Relation = "foe" },
		{"known", "unknown"}:       func(r *Received) { r.Known = "dreamt" },
		{"what", "unknown"}:        func(r *Received) { r.What = []string{"shot", "nothing"} },
		{"needs", "unknown"}:       func(r *Received) { r.Needs = []string{"tea"} },
		{"consent", "unknown"}:     func(r *Received) { r.Consent = []string{"everything"} },
		{"when", "date"}:           func(r *Received) { r.When = "soon" },
		{"when", "future"}:         func(r *Received) { r.When = "2026-12" },
		{"day", "missing"}:         func(r *Received) { r.Day = "" },
		{"country", "unknown"}:     func(r *Received) { r.Country = "Atlantis" },
		{"actor_state", "unknown"}: func(r *Received) { r.ActorState = "arcadia" },
		{"harmed", "unknown"}:      func(r *Received) { r.Harmed = []Harm{{"worker", "", ""}} },
		{"harmed", "count"}:        func(r *Received) { r.Harmed = []Harm{{"worker", "killed", "some"}} },
		{"harmed", "many"}:         func(r *Received) { r.Harmed = make([]Harm, maxHarmed+1) },
		{"narrative", "long"}:      func(r *Received) { r.Narrative = strings.Repeat("ا", maxNarrative/2+1) },
		{"place", "long"}:          func(r *Received) { r.Place = strings.Repeat("x", maxLine+1) },
		{"note", "long"}:           func(r *Received) { r.Note = "\xff" },
		{"files", "many"}:          func(r *Received) { r.Files = make([]entry.File, MaxFiles+1) },
		{"files", "unknown"}:       func(r *Received) { r.Files = []entry.File{{Name: "\xff"}} },
	} {
		r := phoned()
		change(&r)
		if wrong := r.Check(taken); !slices.Equal(wrong, []Problem{want}) {
			t.Errorf("want %v, got %v", want, wrong)
		}
		if err := Refuse([]Problem{want}); !strings.Contains(err.Error(), want.Field) {
			t.Errorf("%v", err)
		}
	}
}

func TestFilesTogetherAreBounded(t *testing.T) {
	r := phoned()
	r.Files = []entry.File{{Name: "a", Bytes: MaxFileBytes}, {Name: "b", Bytes: 1}}
	if wrong := r.Check(taken); !slices.Equal(wrong, []Problem{{"files", "many"}}) {
		t.Errorf("%v", wrong)
	}
}

func TestCountsAreReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{"3": "3", "2-5": "2..2..5", "2–3–5": "2..3..5", "۲-۳-۵": "2..3..5", " 1 4 ": "1..1..4", "0": "0", "2..3..5": "2..3..5"} {
		if got, ok := ReadCount(typed); !ok || got != want {
			t.Errorf("%q is read as %q %v, want %q", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "some", "5-2", "1-2-3-4", "-", "9999999999999999999", "3 people"} {
		if got, ok := ReadCount(typed); ok {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestDatesAreReadInEitherCalendar(t *testing.T) {
	for typed, want := range map[string]string{"2026-11-03": "2026-11-03", "2026/11": "2026-11", "2026": "2026", "٢٠٢٦-١١-٠٣": "2026-11-03", "2026.1.5": "2026-01-05",
		"1404/01/01": "2025-03-21", "۱۴۰۵-۰۸-۱۲": "2026-11-03", "1403-12-30": "2025-03-20", "1357/11/22": "1979-02-11", "1399-12-30": "2021-03-20",
		"1405-08": "2026-10-23/2026-11-21", "1404": "2025-03-21/2026-03-20"} {
		if got, ok := ReadDate(typed, false); !ok || got != want {
			t.Errorf("%q is read as %q %v, want %q", typed, got, ok, want)
		}
	}
	if got, ok := ReadDate("2026-11", true); !ok || got != "2026-11~" {
		t.Errorf("about: %q", got)
	}
	for _, typed := range []string{"", "soon", "03-11-2026", "2026-13", "2026-02-30", "1404-12-30", "1405-13-01", "1405-01-32", "2026-1-1-1", "2026-00", "99999999999999999999"} {
		if got, ok := ReadDate(typed, false); ok {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestWhatGoesOnLastsUntilItWasTold(t *testing.T) {
	r := phoned()
	r.When, r.Ongoing = "2026-11", true
	if got := r.Happened(); got != "2026-11-01/2026-11-22" {
		t.Error(got)
	}
	if r.Ongoing = false; r.Happened() != "2026-11" {
		t.Error(r.Happened())
	}
}

// A health worker whom police arrested was arrested; whom a gang "arrested" was abducted, and the reverse.
func TestCodesFollowFromAnswers(t *testing.T) {
	harmed := func(actor, who, kind string) Received {
		r := phoned()
		r.Actor, r.Harmed = actor, []Harm{{who, kind, "2"}}
		return r
	}
	for want, r := range map[string]Received{
		"PER.ARR":                   harmed("state.police", "worker", "arrested"),
		"PER.ABD":                   harmed("nsag", "worker", "arrested"),
		"PER.ARR ":                  harmed("state.intelligence", "worker", "taken"),
		"PER.ARR  ":                 harmed("unknown", "worker", "arrested"),
		"PER.FAM":                   harmed("", "family", "arrested"),
		"":                          harmed("", "family", "released"),
		"POS.REL":                   harmed("", "worker", "released"),
		"ATT.PAT":                   harmed("", "patient", "killed"),
		"CUS.DTH":                   harmed("", "detainee", "killed"),
		"ATT.HVY ATT.TRN":           {What: []string{"ambulance", "shelled", "other", "hacked"}},
		"PER.KIL PER.CRM DEN.PHY":   {What: []string{"blocked", "prosecuted_care"}, Harmed: []Harm{{"worker", "killed", ""}, {"worker", "killed", "1"}}},
		"CUS.SOL TOR.PRS TOR.FFD  ": {What: []string{"isolation", "force_fed", "clinician_torture"}},
	} {
		if got := strings.Join(r.Codes(), " "); got != strings.TrimSpace(want) {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}

func TestEveryDeedAndHarmLeadsToACodeOfTheList(t *testing.T) {
	r := phoned()
	for deed := range deedCodes {
		r.What = append(r.What, deed)
	}
	for who, kinds := range harmCodes {
		for kind := range kinds {
			if kind != "*" {
				r.Harmed = append(r.Harmed, Harm{Who: who, Kind: kind})
			}
		}
	}
	if wrong := r.Check(taken); !slices.Equal(wrong, []Problem{{"harmed", "many"}}) {
		t.Errorf("the rules speak of answers that no list has: %v", wrong)
	}
	want := map[string]bool{}
	for _, code := range deedCodes {
		want[code] = true
	}
	for _, kinds := range harmCodes {
		for _, code := range kinds {
			want[code] = true
		}
	}
	delete(want, "PER.FAM") // of the family's harms, none of which is listed
	for _, code := range r.Codes() {
		delete(want, code)
	}
	if len(want) > 0 {
		t.Errorf("%v are no incident codes", want)
	}
}

func TestOnlyWhoIsKnownAndWasThereBeginsAboveF6(t *testing.T) {
	for _, mode := range []string{"anonymous", "confidential", "named"} {
		for _, known := range []string{"", "there", "document", "told", "online"} {
			want := Grade{"F", "6"}
			if mode != "anonymous" && (known == "there" || known == "document") {
				want = Grade{"C", "3"}
			}
			if got := (Received{Mode: mode, Known: known}).Grade(); got != want {
				t.Errorf("%s %s: %v", mode, known, got)
			}
		}
	}
}

func TestOffersTellAnswersFromProposals(t *testing.T) {
	r := phoned()
	r.When, r.Country, r.Place, r.Actor, r.ActorState = "2026-11-03", "XAA", "Old bridge", "state.police", "XAA"
	r.Harmed = []Harm{{"worker", "arrested", "2..2..3"}, {"worker", "arrested", "1"}, {"patient", "killed", "4"}}
	got := map[string]Offer{}
	for _, o := range r.Offers() {
		got[o.Key] = o
	}
	for key, want := range map[string]Offer{"date": {"date", "date", "2026-11-03", false}, "country": {"country", "country", "XAA", false},
		"worker.arrested": {"worker.arrested", "worker.arrested", "3..3..4", true}, "codes:PER.ARR": {"codes:PER.ARR", "codes", "PER.ARR", true}} {
		if got[key] != want {
			t.Errorf("%s: %+v", key, got[key])
		}
	}
	if _, counted := got["patient.killed"]; counted || len(got) != 9 {
		t.Errorf("%d offers: %v", len(got), got)
	}
	if c, err := tally.Parse(got["worker.arrested"].Value); err != nil || c.High != 4 {
		t.Error(c, err)
	}
}

func TestReportsFromOnePostShareARoot(t *testing.T) {
	a, b := Received{Origin: "https://example.org/Post/1/"}, Received{Origin: " HTTPS://example.org/post/1"}
	long := Received{Origin: strings.Repeat("long ", 100)}
	if a.Root() == "" || a.Root() != b.Root() || (Received{}).Root() != "" || len(long.Root()) > 300 || long.Root() == a.Root() {
		t.Errorf("%q %q %q", a.Root(), b.Root(), long.Root())
	}
}

func TestWhatMayDistressIsCovered(t *testing.T) {
	for _, r := range []Received{{Distressing: true}, {Files: []entry.File{{Type: "image/png"}}}, {Harmed: []Harm{{"worker", "sexual", ""}}}, {Harmed: []Harm{{"detainee", "tortured", ""}}},
		{What: []string{"died_custody"}}, {What: []string{"clinician_torture"}}} {
		if !r.Covered() {
			t.Errorf("%+v is not covered", r)
		}
	}
	if (Received{What: []string{"blocked"}, Files: []entry.File{{Type: "application/pdf"}}}).Covered() {
		t.Error("everything is covered")
	}
}
