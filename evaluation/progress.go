package evaluation

import (
	"slices"
	"strings"
)

// Lack is one thing that is missing before a step.
type Lack struct {
	Section string
	What    string // a field's key, or consent, use, void, finding, consistency
	Of      string // of a finding its id, of a void consent why, of a use its code
}

// Word names a lack shortly, in English.
func (l Lack) Word() string {
	return strings.Trim(strings.Join([]string{l.Section, l.What, l.Of}, " "), " ")
}

// Advance says whether a move can be taken, and names what is missing.
func (e Evaluation) Advance(m Move) error {
	if !slices.Contains(moves[e.State], m.To) {
		why := refused("what is in the state %q cannot become %.20q", e.State, m.To)
		if next := e.Next(); len(next) > 0 {
			return why.Do("it can become %s", strings.Join(next, ", "))
		}
		return why
	}
	if long(m.Why, maxText) || long(m.For, maxLine) {
		return invalid("a field of the step is too long")
	}
	if m.To == Stopped && blank(m.Why) {
		return invalid("why it is stopped is missing")
	}
	if m.To == Released {
		return e.release(m)
	}
	lacks := e.Lacks(m.To)
	if len(lacks) == 0 {
		return nil
	}
	words := make([]string, len(lacks))
	for i, l := range lacks {
		words[i] = l.Word()
	}
	return refused("%d things are missing: %s", len(lacks), strings.Join(words[:min(len(words), 12)], "; ")).Do("fill them in, or say in the section why they stay empty")
}

func (e Evaluation) release(m Move) error {
	switch {
	case !slices.Contains(Recipients(), m.Use):
		return invalid("%.40q is nobody to whom an evaluation is released", m.Use)
	case !e.Consent.Allows(m.Use):
		return refused("the person did not consent to this: %s", m.Use).Do("ask them first, and record the answer")
	case blank(m.For):
		return invalid("who receives it is missing")
	case !e.Intact():
		return refused("what is on record is not what was signed").Do("find out who changed it, before anything leaves")
	}
	return nil
}

// Lacks are the things that are missing before the evaluation can become what is named.
func (e Evaluation) Lacks(to string) (out []Lack) {
	switch to {
	case Consented:
		return e.lacksConsent()
	case Examined:
		if e.State == Drafted || e.State == PeerChecked {
			return nil // it is taken back
		}
		return append(e.lacksConsent(), e.lacksPart("circumstances")...)
	case Drafted, PeerChecked, Signed:
		out = e.lacksConsent()
		for _, s := range sections {
			out = append(out, e.lacksPart(s.Key)...)
		}
		return append(out, e.lacksDegrees()...)
	}
	return nil
}

func (e Evaluation) lacksConsent() []Lack {
	if !e.Asked {
		return []Lack{{"consent", "consent", ""}}
	}
	if why := e.Consent.Void(); why != "" {
		return []Lack{{"consent", "void", why}}
	}
	if e.Consent.Uses["exam"] != Yes {
		return []Lack{{"consent", "use", "exam"}}
	}
	return nil
}

// lacksPart are the fields of a section that must be filled and are not; a section whose leaving was explained lacks nothing. The circumstances
// and the safeguards are never left out.
func (e Evaluation) lacksPart(key string) (out []Lack) {
	s, _ := SectionOf(key)
	p := e.Parts[key]
	if p.Left != "" && key != "circumstances" {
		return nil
	}
	for _, f := range s.Fields {
		if f.Needed && blank(p.Values[f.Key]) {
			out = append(out, Lack{key, f.Key, ""})
		}
	}
	return out
}

func (e Evaluation) lacksDegrees() (out []Lack) {
	for _, f := range e.Findings {
		if f.Consistency == "" {
			section := "examination"
			if f.Kind == Psychological {
				section = "psychological"
			}
			out = append(out, Lack{section, "consistency", f.Finding})
		}
	}
	return out
}

// Progress is how far a section is: filled fields of all, and how many needed ones are missing.
type Progress struct {
	Section             string
	Filled, Of, Missing int
	Left                bool // its leaving was explained
}

// Progress tells how far every section is, in the order of the report.
func (e Evaluation) Progress() (out []Progress) {
	for _, s := range sections {
		p := Progress{Section: s.Key, Of: len(s.Fields), Left: e.Parts[s.Key].Left != ""}
		for _, f := range s.Fields {
			if !blank(e.Parts[s.Key].Values[f.Key]) {
				p.Filled++
			}
		}
		switch s.Own {
		case "consent":
			p.Of, p.Missing = len(Uses()), len(e.lacksConsent())
			for _, a := range e.Consent.Uses {
				if a == Yes || a == No {
					p.Filled++
				}
			}
		case "signature":
			p.Of = 1
			if e.Frozen() {
				p.Filled = 1
			}
		default:
			p.Missing = len(e.lacksPart(s.Key))
		}
		out = append(out, p)
	}
	for _, l := range e.lacksDegrees() {
		at := slices.IndexFunc(out, func(p Progress) bool { return p.Section == l.Section })
		out[at].Missing++
	}
	return out
}
