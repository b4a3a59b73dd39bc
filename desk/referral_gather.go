package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/incident"
	"ward/locale"
	"ward/person"
	"ward/referral"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// gathered is what there is for a package, by where it comes from ("person.name"), in words of the package's language. What a source never
// offers (referral.Never) is not read into it.
type gathered struct {
	lang    string
	words   *locale.Catalogue
	values  map[string]string
	codes   []string // of the incidents
	person  []string // names of whom it speaks
	third   []string // names of other people of the case
	accused []string // names of people of health professions who are said to have taken part, whatever the case
}

// offer reads what may be ticked.
func (d *Desk) offer(ctx context.Context, tx *store.Tx, who access.Actor, r referral.Referral, c casework.Case) (g gathered, err error) {
	lang, _ := locale.Parse(r.Lang)
	g = gathered{lang: r.Lang, words: locale.For(lang), values: map[string]string{"duress": "unknown"}}
	head, err := letterhead(ctx, tx)
	if err != nil {
		return g, err
	}
	g.values["association.name"], g.values["association.lines"] = head.Name, strings.Join(head.Lines, "\n")
	g.ofCase(c)
	if err := g.ofPeople(ctx, tx, r, c); err != nil {
		return g, err
	}
	var list []incident.Incident
	for _, id := range r.Incidents {
		inc, err := seen(ctx, tx, who, id)
		if err != nil {
			return g, err
		}
		list = append(list, inc)
	}
	g.ofIncidents(list)
	return g, nil
}

// set joins what several records say, each line once.
func (g gathered) set(from string, lines ...string) {
	for _, l := range lines {
		l = strings.TrimSpace(l)
		have := strings.Split(g.values[from], "\n")
		if l == "" || slices.Contains(have, l) {
			continue
		}
		if g.values[from] != "" {
			l = g.values[from] + "\n" + l
		}
		g.values[from] = l
	}
}

// ofCase takes the detention file, without its lawyer and its family, and the days of hearings, without who observes them.
func (g gathered) ofCase(c casework.Case) {
	for _, field := range []string{"place", "authority", "charge", "law", "court", "health"} {
		g.set("case.detention."+field, c.Value("detention", field))
	}
	if v := c.Value("detention", "whereabouts"); v != "" {
		g.set("case.detention.whereabouts", vocab.Label("yesno", v, g.lang))
	}
	for _, h := range c.Items("hearing") {
		g.set("case.hearing", joined(g.day(h.Values["date"]), h.Values["court"], g.label("case_hearing", h.Values["kind"]), h.Values["outcome"]))
	}
}

// joined puts what is said in one line.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" }), ", ")
}

// day writes an EDTF date for people; what is none stands as it is.
func (g gathered) day(s string) string {
	d, err := when.Parse(s)
	if err != nil || d.IsZero() {
		return s
	}
	return g.words.Date(d)
}

func (g gathered) label(list, code string) string {
	if code == "" {
		return ""
	}
	return vocab.Label(list, code, g.lang)
}

func (g gathered) country(iso3 string) string {
	if iso3 == "" {
		return ""
	}
	return vocab.CountryName(iso3, g.lang)
}

// ofPeople takes the person it speaks of, and whom it must not name.
func (g *gathered) ofPeople(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case) error {
	all, err := peopleNamed(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range all {
		names := p.called
		switch {
		case p.ID == r.Person:
			g.person = names
			g.ofPerson(p.Person)
		case accusedClinician(p.Made):
			g.accused = append(g.accused, names...)
		case slices.Contains(c.Persons(), p.ID) && !slices.Contains(p.Roles, "alleged_perpetrator"):
			g.third = append(g.third, names...)
		}
	}
	return nil
}

// called is a person with every name that ever stood for them: one that was corrected still points at them.
type called struct {
	person.Person
	called []string
}

// peopleNamed are all people on record with their names, and the outcomes of their story.
func peopleNamed(ctx context.Context, tx *store.Tx) (out []called, err error) {
	made, err := entry.All[person.Made](ctx, tx, person.KindMade)
	if err != nil {
		return nil, err
	}
	names, err := entry.All[person.Name](ctx, tx, person.KindName)
	if err != nil {
		return nil, err
	}
	outcomes, err := entry.All[person.Outcome](ctx, tx, person.KindOutcome)
	if err != nil {
		return nil, err
	}
	madeOf, order := bySubject(made)
	namesOf, _ := bySubject(names)
	outcomesOf, _ := bySubject(outcomes)
	for _, id := range order {
		if p, ok := person.Fold(id, person.Entries{Made: madeOf[id], Names: namesOf[id], Outcomes: outcomesOf[id]}); ok {
			out = append(out, called{p, textsOf(namesOf[id])})
		}
	}
	return out, nil
}

func textsOf(names []entry.Entry[person.Name]) (out []string) {
	for _, n := range names {
		out = append(out, n.Body.Text)
	}
	return out
}

// lay are the professions that give no care.
var lay = []string{"", "admin", "driver_support", "other", "unknown"}

// accusedClinician reports somebody of a health profession who is said to have taken part: no package names them (design 10.4).
func accusedClinician(m person.Made) bool {
	health := !slices.Contains(lay, m.Profession) || slices.Contains(m.Roles, "health_worker") || slices.Contains(m.Roles, "clinician_evaluator") ||
		strings.HasPrefix(m.ISCO, "22") || strings.HasPrefix(m.ISCO, "32")
	return health && slices.Contains(m.Roles, "alleged_perpetrator")
}

// ofPerson takes what is known of a person that can be offered: no pseudonym, no contact, no number of a paper.
func (g gathered) ofPerson(p person.Person) {
	if names := textsOf(p.Names); len(names) > 0 {
		at := max(0, slices.IndexFunc(p.Names, func(n entry.Entry[person.Name]) bool { return n.Body.Script == "Latn" }))
		g.set("person.name", names[at])
		g.set("person.names", slices.Delete(slices.Clone(names), at, at+1)...)
	}
	g.set("person.sex", g.label("sex", p.Sex))
	g.set("person.born", g.day(p.Born))
	g.set("person.profession", g.label("profession", p.Profession))
	g.set("person.speciality", p.Speciality)
	g.set("person.employer", p.Employer)
	g.set("person.member", g.label("yesno", p.Member))
	g.set("person.country", g.country(p.Country))
	for _, o := range p.Outcomes {
		g.set("outcomes", joined(g.day(o.Body.When), g.label("outcome", o.Body.Code)))
	}
	if at := slices.IndexFunc(p.Outcomes, func(o entry.Entry[person.Outcome]) bool { return o.Body.Code == "taken" }); at >= 0 {
		taken := p.Outcomes[at].Body
		g.set("outcome.taken.when", g.day(taken.When))
		g.set("outcome.taken.place", joined(taken.Place, g.country(taken.Country)))
		g.set("outcome.taken.authority", taken.Authority)
		g.set("outcome.taken.law", taken.Law)
	}
}

// ofIncidents takes when, where, what and who in the words of the lists, and how many; no source and no description of one.
func (g *gathered) ofIncidents(list []incident.Incident) {
	for _, inc := range list {
		g.set("incident.date", g.words.Date(inc.Date))
		g.set("incident.country", g.country(inc.Country))
		g.set("incident.place", joined(inc.Place, inc.Adm1))
		for _, code := range inc.Codes {
			g.set("incident.codes", g.label("incident", code))
			g.codes = append(g.codes, code)
		}
		if g.set("incident.actor", inc.ActorName); inc.ActorName == "" {
			g.set("incident.actor", g.label("actor", inc.ActorKind))
		}
		for _, f := range vocab.Fields() {
			if n, ok := inc.Counts[f.Key]; ok && f.Kind == "count" {
				g.set("incident.counts", fmt.Sprintf("%s: %s", vocab.Label("field", f.Key, g.lang), g.words.Count(n)))
			}
		}
	}
}

// consent says that somebody agreed, where they did.
func (g gathered) consent(j referral.Judged) {
	key := "referral.consent.statement"
	switch {
	case !j.May || j.Needless:
	case g.words.Has(key):
		g.values["consent"] = g.words.T(key)
	default:
		g.values["consent"] = "The person, or who speaks for them, agreed to this submission to this addressee."
	}
}

// fixed are sources that nobody types over.
var fixed = []string{"association.name", "consent", "duress", "files.pictures", "files.documents"}

// candidates are the mechanism's fields with what there is for each.
func (g gathered) candidates(m referral.Mechanism) (out []Candidate) {
	for _, f := range m.Fields {
		c := Candidate{Field: f, Value: g.values[f.From], Fixed: slices.Contains(fixed, f.From) && f.Key != referral.FieldDuress}
		if f.Key == referral.FieldDuress {
			c.Value = referral.DuressOf("unknown", g.lang)
		}
		out = append(out, c)
	}
	return out
}

// valuesOf are the values of ticked fields alone: typed, or as gathered.
func (g gathered) valuesOf(m referral.Mechanism, ticked []string, typed map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range m.Fields {
		if !slices.Contains(ticked, f.Key) {
			continue
		}
		out[f.Key] = g.values[f.From]
		if v := strings.TrimSpace(typed[f.Key]); v != "" && (!slices.Contains(fixed, f.From) || f.Key == referral.FieldDuress) {
			out[f.Key] = v
		}
	}
	return out
}

// attachables are the files of a case.
func attachables(c casework.Case) (out []Attachable) {
	for _, e := range c.Said.Documents {
		if f := e.Body.File; f.Blob != "" {
			out = append(out, Attachable{Entry: e.ID, Name: e.Body.Title, Type: f.Type, Bytes: f.Bytes})
		}
	}
	return out
}
