package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Citation is one clause that an incident touches. Mode "rule" is drawn without
// a person; "propose" waits for one. A negative duty of protection (FAIL_*) and
// compulsion are never drawn by rule (design 11).
type Citation struct {
	Clause, Bearing, Mode, Note string
}

// citeTable is the citation rules, resolved beforehand for every combination of
// the code, actor and context classes that the rules tell apart. Looking up is
// three small map reads; nothing is locked or allocated.
type citeTable struct {
	code, actor classes
	context     map[string]int
	cell        [][]Citation // [code][actor][context], flat
}

// classes numbers the values that the rules tell apart: exact ones, and families
// by their head ("ATT" for ATT.*).
type classes struct{ exact, family map[string]int }

func newClasses() classes { return classes{exact: map[string]int{}, family: map[string]int{}} }

func (c classes) size() int { return len(c.exact) + len(c.family) }

func (c classes) add(pattern string) {
	head, isFamily := strings.CutSuffix(pattern, ".*")
	into := c.exact
	if isFamily {
		into = c.family
	}
	if _, ok := into[head]; !ok {
		into[head] = c.size()
	}
}

// of finds the class of a value: its own, or that of its family.
func (c classes) of(value string) (int, bool) {
	if i, ok := c.exact[value]; ok {
		return i, true
	}
	head, _, dotted := strings.Cut(value, ".")
	if !dotted {
		return 0, false
	}
	i, ok := c.family[head]
	return i, ok
}

// each calls f with every class and a pattern that stands for it.
func (c classes) each(f func(pattern string, class int)) {
	for value, i := range c.exact {
		f(value, i)
	}
	for head, i := range c.family {
		f(head+".*", i)
	}
}

type citeRule struct {
	codes, actors []string // exact, or a family "ATT.*"
	context       string
	cite          Citation
}

const citeColumns = "incident_code,actor,context,clause,bearing,mode,note"

func bearings() []string {
	return []string{"ATTACK", "COMPEL", "PUNISH", "OBSTRUCT", "FAIL_PROTECT", "FAIL_INVESTIGATE", "LEGAL_GAP", "PARTICIPATE"}
}

// contexts lists what each context of an incident matches. An armed conflict of
// unknown class, an occupation and both classes admit custom; iac and niac admit
// their own Protocol only.
func contexts() map[string][]string {
	return map[string][]string{
		"":               {"any"},
		"armed_conflict": {"any", "armed_conflict"},
		"iac":            {"any", "armed_conflict", "iac"},
		"niac":           {"any", "armed_conflict", "niac"},
		"occupation":     {"any", "armed_conflict"},
	}
}

func (c *Corpus) readCitations(body string) error {
	var rules []citeRule
	err := rows("citations.csv", body, citeColumns, func(row []string) error {
		r := citeRule{codes: list(row[0], ";"), actors: list(row[1], ";"), context: row[2],
			cite: Citation{Clause: row[3], Bearing: row[4], Mode: row[5], Note: row[6]}}
		rules = append(rules, r)
		return c.checkRule(r)
	})
	if err != nil {
		return err
	}
	c.cites = resolve(rules)
	return nil
}

func (c *Corpus) checkRule(r citeRule) error {
	_, known := c.Clause(r.cite.Clause)
	weighty := strings.HasPrefix(r.cite.Bearing, "FAIL_") || r.cite.Bearing == "COMPEL" || r.cite.Bearing == "PARTICIPATE"
	switch {
	case !known:
		return fmt.Errorf("no clause %q in the corpus", r.cite.Clause)
	case len(r.codes) == 0 || len(r.actors) == 0:
		return fmt.Errorf("a rule needs a code and an actor")
	case !slices.Contains([]string{"any", "armed_conflict", "iac", "niac"}, r.context):
		return fmt.Errorf("unknown context %q", r.context)
	case !slices.Contains(bearings(), r.cite.Bearing):
		return fmt.Errorf("unknown bearing %q", r.cite.Bearing)
	case r.cite.Mode != "rule" && r.cite.Mode != "propose":
		return fmt.Errorf("unknown mode %q", r.cite.Mode)
	case weighty && r.cite.Mode == "rule":
		return fmt.Errorf("%s is for a person to decide, never by rule", r.cite.Bearing)
	}
	return nil
}

// resolve fills the table. A class is an exact value named in the rules or a
// family; a value outside both belongs to none and matches nothing.
func resolve(rules []citeRule) citeTable {
	t := citeTable{code: newClasses(), actor: newClasses(), context: map[string]int{}}
	for _, r := range rules {
		for _, code := range r.codes {
			t.code.add(code)
		}
		for _, actor := range r.actors {
			t.actor.add(actor)
		}
	}
	for context := range contexts() {
		t.context[context] = len(t.context)
	}
	t.cell = make([][]Citation, t.code.size()*t.actor.size()*len(t.context))
	t.code.each(func(code string, i int) {
		t.actor.each(func(actor string, j int) {
			for context, k := range t.context {
				t.cell[t.at(i, j, k)] = matching(rules, code, actor, context)
			}
		})
	})
	return t
}

func (t *citeTable) at(code, actor, context int) int {
	return (code*t.actor.size()+actor)*len(t.context) + context
}

func matching(rules []citeRule, code, actor, context string) []Citation {
	var out []Citation
	for _, r := range rules {
		if names(r.codes, code) && names(r.actors, actor) && slices.Contains(contexts()[context], r.context) {
			out = append(out, r.cite)
		}
	}
	return slices.Clip(out)
}

func names(patterns []string, value string) bool {
	return slices.Contains(patterns, value) || slices.Contains(patterns, family(value))
}

// family is the pattern that a dotted value falls under: ATT.HVY under ATT.*.
func family(value string) string {
	head, _, dotted := strings.Cut(value, ".")
	if !dotted {
		return ""
	}
	return head + ".*"
}

// Cite gives the clauses that an incident of one code, by one kind of actor, in
// one context touches, in the order of the table. An actor that is not known
// ("", "none", "unknown", "multiple") matches nothing; a context that is not an
// armed conflict matches only rules for any context. The result is shared: do
// not change it.
func (c *Corpus) Cite(code, actorKind, context string) []Citation {
	i, known := c.cites.code.of(code)
	if !known {
		return nil
	}
	j, known := c.cites.actor.of(actorKind)
	if !known {
		return nil
	}
	return c.cites.cell[c.cites.at(i, j, c.cites.context[contextClass(context)])]
}

// contextClass folds every context outside armed conflict into "".
func contextClass(context string) string {
	switch context {
	case "armed_conflict", "iac", "niac", "occupation":
		return context
	}
	return ""
}
