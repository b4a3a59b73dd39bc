package web

import (
	"net/http"

	"ward/audit"
	"ward/exchange"
	"ward/locale"
	"ward/vocab"
)

// methodView is generated from the live code lists, profiles and norm corpus, so that it cannot drift from them.
type methodView struct {
	view
	Profiles  []exchange.Profile
	Certainty []vocab.Code
	Rules     []string // message keys
	Families  []familyCodes
	Norms     int
	Clauses   int
	Confirmed int
	Rulebook  string
	NormsAt   string
	Codebook  string
}

type familyCodes struct {
	Family vocab.Code
	Codes  []vocab.Code
}

func (s *Site) method(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	corpus := s.desk.Corpus()
	v := methodView{view: newView(r, lang, "method", locale.For(lang).T("method.title")), Profiles: exchange.Profiles(), Certainty: vocab.Codes("certainty"),
		Rules: ruleKeys(), Norms: len(corpus.Norms()), Clauses: len(corpus.Clauses()), Rulebook: audit.Rules, NormsAt: audit.NormsVersion(corpus), Codebook: audit.CodebookVersion()}
	for _, c := range corpus.Clauses() {
		if c.Confirmed {
			v.Confirmed++
		}
	}
	for _, f := range vocab.Codes("family") {
		group := familyCodes{Family: f}
		for _, c := range vocab.Codes("incident") {
			if len(c.Code) > 3 && c.Code[:3] == f.Code {
				group.Codes = append(group.Codes, c)
			}
		}
		v.Families = append(v.Families, group)
	}
	return s.render(w, http.StatusOK, lang, "method", v)
}

// ruleKeys names the messages that put the audit's rules into words; they follow audit's own list one by one.
func ruleKeys() []string {
	return []string{"rule.act", "rule.authority", "rule.scope", "rule.citation", "rule.level", "rule.registers", "rule.reply", "rule.context", "rule.sensitivity", "rule.procedure", "rule.freeze", "rule.coders"}
}
