package incident

import (
	"slices"
	"strings"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/when"
)

// Kinds of entries by which people verify an incident; their subject is its public id.
const (
	KindOpinion = "incident.opinion" // Opinion
	KindAsked   = "incident.asked"   // Asked
)

// Opinion is how certain one person finds an incident, given without knowing what others found.
type Opinion struct {
	Certainty      string   `json:"certainty"`
	Why            string   `json:"why"`
	Roots          []string `json:"roots,omitempty"`          // the independent origins that were looked at, by name
	Contradictions string   `json:"contradictions,omitempty"` // which ones were considered, and how
	Rules          string   `json:"rules"`                    // version of the table
}

// Asked is a colleague's request that somebody give an opinion.
type Asked struct {
	Whom string `json:"whom"` // a name
	Note string `json:"note,omitempty"`
}

// Longest texts of an opinion, in bytes, and most origins that it names.
const (
	longestOpinion = 20_000
	mostRoots      = 200
)

// Check says what is wrong with an opinion by itself, and on the evidence as it stands; it is Invalid.
func (o Opinion) Check(on Standing) error {
	wrong := ""
	switch {
	case !slices.Contains(Findings(), o.Certainty):
		wrong = "no finding is chosen"
	case strings.TrimSpace(o.Why) == "":
		wrong = "no reason is given"
	case len(o.Why) > longestOpinion || len(o.Contradictions) > longestOpinion || len(o.Roots) > mostRoots:
		wrong = "a text is too long"
	case !on.Carries(o.Certainty):
		return fault.New(fault.Invalid, "the evidence does not carry this level (%s)", CertaintyRules).Keeping("nothing was written").Do("propose the highest level that it carries, or add what is missing")
	case height(o.Certainty) > 0 && len(o.Roots) == 0 && len(on.Roots) > 0:
		wrong = "it does not say which origins you looked at"
	case height(o.Certainty) > 0 && len(on.Contradictions) > 0 && o.Contradictions == "":
		wrong = "it does not say how you weigh what is contested"
	}
	for _, name := range o.Roots {
		if !slices.ContainsFunc(on.Roots, func(r Root) bool { return r.Name == name }) {
			wrong = "it names an origin that is not among those of the incident"
		}
	}
	if wrong != "" {
		return fault.New(fault.Invalid, "the opinion cannot be taken: %s", wrong).Keeping("nothing was written").Do("complete it and send it again")
	}
	return nil
}

// Round is one verification of an incident, from the first opinion to the verdict that closes it.
type Round struct {
	Opinions []entry.Entry[Opinion] // the oldest first
	Verdict  *entry.Entry[Verdict]  // nil while it is open
}

// Rounds sorts opinions and verdicts into rounds, the oldest first; the last is open, and empty where nobody has spoken since.
func Rounds(opinions []entry.Entry[Opinion], verdicts []entry.Entry[Verdict]) (out []Round) {
	closed := map[string]bool{}
	for i := range verdicts {
		v := &verdicts[i]
		if v.Body.Dissent {
			continue
		}
		r := Round{Verdict: v}
		for _, o := range opinions {
			if slices.Contains(v.Body.Opinions, o.ID) {
				r.Opinions, closed[o.ID] = append(r.Opinions, o), true
			}
		}
		out = append(out, r)
	}
	open := Round{}
	for _, o := range opinions {
		if !closed[o.ID] {
			open.Opinions = append(open.Opinions, o)
		}
	}
	return append(out, open)
}

// Voices are the opinions that count: the last of each person, in the order in which people first spoke.
func (r Round) Voices() (out []entry.Entry[Opinion]) {
	for _, o := range r.Opinions {
		if i := slices.IndexFunc(out, func(v entry.Entry[Opinion]) bool { return v.By == o.By }); i >= 0 {
			out[i] = o
		} else {
			out = append(out, o)
		}
	}
	return out
}

// Spoke reports that a person gave an opinion in the round.
func (r Round) Spoke(name string) bool {
	return slices.ContainsFunc(r.Opinions, func(o entry.Entry[Opinion]) bool { return o.By == name })
}

// Shown are the opinions of a round that somebody may see: all once it is closed; while it is open one's own, and those of others only
// to who has spoken, once two have.
func (r Round) Shown(name string) (out []entry.Entry[Opinion]) {
	if r.Verdict != nil || r.Spoke(name) && len(r.Voices()) > 1 {
		return r.Opinions
	}
	for _, o := range r.Opinions {
		if o.By == name {
			out = append(out, o)
		}
	}
	return out
}

// What a round waits for.
const (
	AwaitsFirst       = "first"       // an opinion
	AwaitsSecond      = "second"      // another person's
	AwaitsIndependent = "independent" // one of somebody who stated none of its facts
	AwaitsThird       = "third"       // a third opinion, or that one of the two comes round
	AwaitsEvidence    = "evidence"    // what two agreed on is not carried any more
)

// Question is everything on which a round is decided.
type Question struct {
	Round    Round
	Ladder   Standing
	Now      string   // certainty held
	Able     []string // who may verify it at all, by name
	Stated   []string // who stated facts of it
	Happened when.Date
	Today    time.Time
}

// Answer is a verdict to put on record, what is awaited, or both: while two differ, what all carry stands.
type Answer struct {
	Verdict *Verdict
	Awaits  string
}

// Decide applies the rule of two. Certainty rises, and a finding beside the ladder is made, when two different people find the same, at
// least one of whom stated none of the facts. One person alone in the association proceeds, marked, and never reads as verified.
func Decide(q Question) Answer {
	voices := q.Round.Voices()
	switch {
	case len(voices) == 0:
		return Answer{Awaits: AwaitsFirst}
	case len(voices) == 1 && q.others(voices, false):
		return Answer{Awaits: AwaitsSecond}
	case len(voices) == 1:
		return q.settle(voices, voices[0].Body.Certainty, true)
	}
	finding, agree := leading(voices)
	if finding == "" {
		return Answer{q.lower(voices), AwaitsThird}
	}
	if q.independent(agree) {
		return q.settle(agree, finding, false)
	}
	if q.others(voices, true) {
		return Answer{Awaits: AwaitsIndependent}
	}
	return q.settle(agree, finding, true)
}

// leading is the finding on which two or more agree and no other has as many; "" where there is none.
func leading(voices []entry.Entry[Opinion]) (finding string, agree []entry.Entry[Opinion]) {
	by := map[string][]entry.Entry[Opinion]{}
	for _, v := range voices {
		by[v.Body.Certainty] = append(by[v.Body.Certainty], v)
	}
	for _, f := range Findings() {
		switch n := len(by[f]); {
		case n > len(agree):
			finding, agree = f, by[f]
		case n == len(agree):
			finding = ""
		}
	}
	if len(agree) < 2 {
		return "", nil
	}
	return finding, agree
}

// others reports that somebody who has not spoken may; free: who stated none of the facts.
func (q Question) others(voices []entry.Entry[Opinion], free bool) bool {
	return slices.ContainsFunc(q.Able, func(name string) bool {
		spoke := slices.ContainsFunc(voices, func(v entry.Entry[Opinion]) bool { return v.By == name })
		return !spoke && !(free && slices.Contains(q.Stated, name))
	})
}

// independent reports that one of those who agree stated none of the facts.
func (q Question) independent(agree []entry.Entry[Opinion]) bool {
	return slices.ContainsFunc(agree, func(v entry.Entry[Opinion]) bool { return !slices.Contains(q.Stated, v.By) })
}

// settle makes the verdict that closes the round.
func (q Question) settle(agree []entry.Entry[Opinion], finding string, onePerson bool) Answer {
	if !q.Ladder.Carries(finding) {
		return Answer{Awaits: AwaitsEvidence}
	}
	if onePerson && height(Alone(finding, q.Ladder.Given)) < height(q.Now) && height(finding) >= height(q.Now) {
		return Answer{Awaits: AwaitsSecond} // what two people found is not lowered by one who found as much
	}
	v := q.verdict(agree, finding)
	for _, o := range q.Round.Opinions {
		v.Opinions = append(v.Opinions, o.ID)
	}
	if onePerson {
		v.OnePerson, v.Certainty = true, Alone(finding, q.Ladder.Given)
		if v.Certainty != finding {
			v.Found = finding
		}
	}
	return Answer{Verdict: v}
}

// Alone is what the finding of one person alone counts as: no more than possible, or than the publishers' own grade.
func Alone(finding, given string) string {
	most := rungs[max(height("possible"), height(given))].Level
	if height(finding) > height(most) {
		return most
	}
	return finding
}

// lower is the lowest level found by those who differ, where that is more than what stands: lowering takes two who agree.
func (q Question) lower(voices []entry.Entry[Opinion]) *Verdict {
	low := slices.MinFunc(voices, func(a, b entry.Entry[Opinion]) int { return height(a.Body.Certainty) - height(b.Body.Certainty) })
	level := low.Body.Certainty
	if height(q.Now) < 0 || height(level) <= height(q.Now) || !q.Ladder.Carries(level) || !q.independent(voices) {
		return nil
	}
	v := q.verdict(voices, level)
	v.Dissent, v.Why = true, ""
	return v
}

func (q Question) verdict(agree []entry.Entry[Opinion], finding string) *Verdict {
	v := &Verdict{Certainty: finding, Rules: q.Ladder.Rules}
	v.Late = !q.Happened.IsZero() && q.Happened.To().Year() < q.Today.Year()
	var why []string
	for _, o := range agree {
		v.People, why = append(v.People, o.By), append(why, o.Body.Why)
	}
	slices.Sort(v.People)
	v.Why = strings.Join(why, "\n\n")
	return v
}
