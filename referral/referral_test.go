package referral_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/referral"
	"ward/vocab"
	"ward/when"
)

func TestTheDataAreSound(t *testing.T) {
	sections := []string{"submitter", "person", "events", "detention", "remedies", "request", "report", "files"}
	for _, f := range referral.Fields() {
		if f.Label == "" || f.Why == "" || !slices.Contains(sections, f.Section) || f.Class != "" && !vocab.Has("data_class", f.Class) {
			t.Errorf("%+v", f)
		}
		for _, n := range referral.Never() {
			if f.From == n.What || strings.HasPrefix(f.From, n.What+".") {
				t.Errorf("%s comes from %s, which no package takes", f.Key, n.What)
			}
		}
	}
	seen := map[string]bool{}
	for _, m := range referral.Mechanisms() {
		if seen[m.ID] || m.Name == "" || m.Source == "" || m.Unnamed || len(m.Who) == 0 || len(m.Fields) == 0 || !vocab.Has("consent", m.Purpose) || len(m.Next) == 0 {
			t.Errorf("%+v", m)
		}
		seen[m.ID] = true
		for _, next := range m.Next {
			if _, ok := referral.MechanismOf(next); !ok || next == m.ID {
				t.Errorf("%s leads to %s", m.ID, next)
			}
		}
		if _, ok := m.Field("submitter"); !ok {
			t.Errorf("nobody signs for %s", m.ID)
		}
		_, told := m.Field(referral.FieldParticipation)
		_, duress := m.Field(referral.FieldDuress)
		if told != duress {
			t.Errorf("%s tells what health workers did without whether they were forced", m.ID)
		}
		if m.Consent == referral.ConsentRequired && m.ID != "icrc" && !slices.ContainsFunc(m.Fields, func(f referral.Field) bool { return f.Key == "consent_statement" && f.Required }) {
			t.Errorf("%s asks for consent and does not say it", m.ID)
		}
	}
	for _, d := range referral.Mandates() {
		for _, code := range d.Codes {
			if !vocab.Has("incident", code) && !vocab.Has("family", code) {
				t.Errorf("%s answers to %s, which is no code", d.ID, code)
			}
		}
	}
	states := referral.States()
	for _, m := range referral.Moves() {
		if !slices.Contains(states, m.From) || !slices.Contains(states, m.To) || m.Rule == "" {
			t.Errorf("%+v", m)
		}
	}
}

// Every mechanism that standards 5 names is there, under the purpose that consent is asked for.
func TestEveryMechanismOfTheStandardsIsThere(t *testing.T) {
	for id, purpose := range map[string]string{"sp-urgent": "refer_un", "sp-allegation": "refer_un", "sp-other": "refer_un", "wgad": "refer_un", "wgeid-urgent": "refer_un", "wgeid": "refer_un",
		"cat22": "refer_un", "ccpr-op1": "refer_un", "cescr-op": "refer_un", "treaty-report": "refer_un", "upr": "refer_un", "upr-joint": "refer_un", "icc15": "refer_court", "icrc": "protect",
		"spt": "refer_un", "iachr": "refer_court", "achpr": "refer_court", "ecthr39": "refer_court", "nhri": "refer_national", "ombudsman": "refer_national", "prosecutor": "refer_court",
		"medical-council": "refer_national"} {
		if m, ok := referral.MechanismOf(id); !ok || m.Purpose != purpose || m.Doubt == "" {
			t.Errorf("%s: %v %s, doubt %q", id, ok, m.Purpose, m.Doubt)
		}
	}
	upr, _ := referral.MechanismOf("upr")
	joint, _ := referral.MechanismOf("upr-joint")
	urgent, _ := referral.MechanismOf("wgeid-urgent")
	icrc, _ := referral.MechanismOf("icrc")
	if upr.Words != 2815 || joint.Words != 5630 || urgent.Within() != 3 || !slices.Contains(icrc.Marks, "never_evidence") {
		t.Error("a limit is another one")
	}
	day, _ := when.Parse("2026-11-22")
	sp, _ := referral.MechanismOf("sp-urgent")
	if due := sp.DueOn(day.From()); due != "2027-01-21" {
		t.Errorf("sixty days after 2026-11-22 is %s", due)
	}
	if got := referral.MandatesFor([]string{"PER.DIS"}); len(got) != 2 || got[0].ID != "wgeid" {
		t.Errorf("%+v", got)
	}
}

func TestANameIsFoundHoweverItIsWritten(t *testing.T) {
	name := []string{"Ostrin Beda Valdemark", "آسترین والدمارک", "瓦爾德"}
	for _, said := range []string{"Ostrin Beda Valdemark", "ostrin valdemark", "VALDEMARK, Ostrin", "Dr Valdemark", "valdemark (physician)", "آستریـن والدمارک", "دکتر والدمارک",
		"x ostrinbedavaldemark x", "由瓦爾德下令", "Óstrin Váldemark"} {
		if !referral.Mentions(said, name) {
			t.Errorf("%q was not found", said)
		}
	}
	for _, said := range []string{"", "Valdemark Street", "the physician signed", "Ostrin and, some words later than that, a Valdemark", "والد مادر", "爾"} {
		if referral.Mentions(said, name) {
			t.Errorf("%q was taken for a name", said)
		}
	}
	if referral.Mentions("anything", []string{"", " ", "X", "Dr"}) {
		t.Error("no name was found in a text")
	}
}

func TestAnUrgentProcedureTakesWhatIsNew(t *testing.T) {
	m, _ := referral.MechanismOf("wgeid-urgent")
	for day, late := range map[string]bool{"2026-10-30": false, "2026-08-22": false, "2026-08-21": true, "2026-07": true, "2025": true, "in spring": false} {
		_, problems := m.Build(referral.Wish{Lang: "en", Day: "2026-11-22", Ticked: []string{"last_seen_date"}, Values: map[string]string{"last_seen_date": day}})
		if got := slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == referral.Late }); got != late {
			t.Errorf("%s: late %v", day, got)
		}
	}
}

func TestWordsAreCountedInEveryScript(t *testing.T) {
	for said, want := range map[string]int{"": 0, "two words": 2, "a, b – c": 3, "سلام دنیا": 2, "医疗中立": 4, "WHO 2026": 2} {
		if got := referral.CountWords(said); got != want {
			t.Errorf("%q has %d words, want %d", said, got, want)
		}
	}
}

// at is a step of somebody at an hour.
func at(by string, s referral.Step) entry.Entry[referral.Step] {
	return entry.Entry[referral.Step]{By: by, At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Body: s}
}

// way is the entries of a referral that has come to its package, d1.
func way(more ...entry.Entry[referral.Step]) referral.Entries {
	e := referral.Entries{Proposed: []entry.Entry[referral.Proposed]{{Body: referral.Proposed{Mechanism: "wgad"}}},
		Packages: []entry.Entry[referral.Built]{{Body: referral.Built{Digest: "d1", Ticked: []string{"court"}}}, {Body: referral.Built{Digest: "d2"}}}}
	e.Steps = append([]entry.Entry[referral.Step]{at("ana", referral.Step{To: referral.StateReprisal, Reprisal: &referral.Reprisal{Go: true}}),
		at("ana", referral.Step{To: referral.StateConsent, Consent: &referral.Judged{May: true}}), at("ana", referral.Step{To: referral.StateBuilt, Digest: "d1"})}, more...)
	return e
}

func TestApprovalsAreOfTwoPeopleAndOfThePackageAsItStands(t *testing.T) {
	yes := func(by, digest string) entry.Entry[referral.Step] {
		return at(by, referral.Step{To: referral.StateApproved, Digest: digest})
	}
	alone := at("ana", referral.Step{To: referral.StateApproved, Digest: "d1", Alone: true})
	for name, c := range map[string]struct {
		steps []entry.Entry[referral.Step]
		state string
	}{
		"one":                     {[]entry.Entry[referral.Step]{yes("ana", "d1")}, referral.StateBuilt},
		"two":                     {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d1")}, referral.StateApproved},
		"one twice":               {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("Ana ", "d1")}, referral.StateBuilt},
		"another package":         {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d2")}, referral.StateBuilt},
		"alone":                   {[]entry.Entry[referral.Step]{alone}, referral.StateApproved},
		"built anew":              {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d1"), at("ana", referral.Step{To: referral.StateBuilt, Digest: "d2"})}, referral.StateBuilt},
		"consent asked anew":      {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d1"), at("ana", referral.Step{To: referral.StateConsent, Consent: &referral.Judged{May: true}})}, referral.StateConsent},
		"consent gone":            {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d1"), at("ana", referral.Step{To: referral.StateConsent, Consent: &referral.Judged{}})}, referral.StateReprisal},
		"a look that says no":     {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d1"), at("ana", referral.Step{To: referral.StateReprisal, Reprisal: &referral.Reprisal{}})}, referral.StateProposed},
		"a look renewed":          {[]entry.Entry[referral.Step]{yes("ana", "d1"), yes("ben", "d1"), at("ana", referral.Step{To: referral.StateReprisal, Reprisal: &referral.Reprisal{Go: true}})}, referral.StateApproved},
		"approved before a build": {[]entry.Entry[referral.Step]{at("ana", referral.Step{To: referral.StateConsent, Consent: &referral.Judged{May: true}}), yes("ana", "d1"), yes("ben", "d1")}, referral.StateConsent},
	} {
		r, ok := referral.Fold("r", way(c.steps...))
		if !ok || r.State != c.state || r.Alone != (name == "alone") {
			t.Errorf("%s: %s alone %v, want %s", name, r.State, r.Alone, c.state)
		}
		if name == "built anew" && len(r.Approvals) > 0 {
			t.Error("what was approved before stands for another package")
		}
		if r.State != referral.StateApproved && r.May(referral.StateSent) == nil {
			t.Errorf("%s: it can be sent", name)
		}
	}
}

// Every state but the last can be left, nothing but what was sent is recalled, and nothing that was sent is withdrawn.
func TestTheMovesAreThoseOfTheStandards(t *testing.T) {
	left := map[string]bool{}
	for _, m := range referral.Moves() {
		left[m.From] = true
		after := slices.Index(referral.States(), m.From) >= slices.Index(referral.States(), referral.StateSent)
		if m.To == referral.StateRecalled && !after || m.To == referral.StateWithdrawn && after {
			t.Errorf("%+v", m)
		}
		if m.To == referral.StateSent && m.From != referral.StateApproved {
			t.Errorf("it is sent from %s", m.From)
		}
	}
	if got := slices.Sorted(maps.Keys(left)); len(got) != len(referral.States())-2 || left[referral.StateRecalled] || left[referral.StateWithdrawn] {
		t.Errorf("%v", got)
	}
}

func TestAStepSaysWhatItsStateNeeds(t *testing.T) {
	day, _ := when.Parse("2026-12-22")
	today := day.From()
	approved := []entry.Entry[referral.Step]{at("a", referral.Step{To: referral.StateApproved, Digest: "d1"}), at("b", referral.Step{To: referral.StateApproved, Digest: "d1"})}
	sent := append(approved, at("a", referral.Step{To: referral.StateSent, Due: "2026-12-20", Sent: &referral.Sent{}}))
	r, _ := referral.Fold("r", way(sent...))
	if !r.Late(today) || r.Late(today-3) {
		t.Errorf("due %s, late %v", r.Due, r.Late(today))
	}
	for _, bad := range []referral.Step{{To: "nothing"}, {To: referral.StateReplied}, {To: referral.StateReplied, Reply: &referral.Reply{Day: "2026-12-01", Text: "x"}},
		{To: referral.StateReplied, Reply: &referral.Reply{Day: "2027-12-01", From: "state", Text: "x"}}, {To: referral.StateAcknowledged}, {To: referral.StateAwaiting, Due: "soon"},
		{To: referral.StateRecalled}, {To: referral.StateGraded, Grade: "A"}, {To: referral.StateWithdrawn, Why: "x"}, {To: referral.StateFollowUp}} {
		if err := r.Check(bad, today); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	none, _ := referral.Fold("r", way(append(sent, at("a", referral.Step{To: referral.StateAwaiting, Due: "2026-12-30"}))...))
	if err := none.Check(referral.Step{To: referral.StateNoReply}, today); !fault.Is(err, fault.Refused) {
		t.Errorf("no reply before its day: %v", err)
	}
	gone, _ := referral.Fold("r", way(append(sent, at("a", referral.Step{To: referral.StateAwaiting}), at("a", referral.Step{To: referral.StateNoReply}))...))
	if p, err := gone.Escalated("sp-urgent", "silence"); err == nil || !fault.Is(err, fault.Invalid) {
		t.Errorf("a proposal without a case was made: %+v %v", p, err)
	}
	if _, err := gone.Escalated("icrc", "silence"); err == nil {
		t.Error("it was escalated to where its silence does not lead")
	}
}

func FuzzMentions(f *testing.F) {
	f.Add("Dr. Valdemark", "Ostrin Valdemark")
	f.Add("", "")
	f.Add("\xff\u200c", "\u0640")
	f.Fuzz(func(t *testing.T, said, name string) {
		if referral.Mentions(said, []string{name}) && strings.TrimSpace(said) == "" {
			t.Error("a name was found in nothing")
		}
	})
}
