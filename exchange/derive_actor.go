package exchange

import (
	"strings"
	"sync"

	"ward/text"
	"ward/vocab"
	"ward/when"
)

// noteDeFacto marks a State that follows from the category alone: the
// publisher's category covers self-declared governments too.
const noteDeFacto = "de facto possible"

// involved is what category, name, country and date together say of the actor.
type involved struct {
	kinds, states []string
	note          string
	contradiction string
	stranger      bool // somebody is named of whom it is not known whose organ that is
}

// actorKey is what involved depends on.
type actorKey struct {
	category, name, country string
	on                      when.Date
}

func crossed(scheme, column string, spellings ...string) (vocab.Mapping, bool) {
	for _, w := range spellings {
		if w == "" {
			continue
		}
		if m, ok := vocab.Cross(scheme, column, w); ok {
			return m, true
		}
	}
	return vocab.Mapping{}, false
}

// finishActor derives kind, State and note. Place, the actor's State and
// effective control stay three things.
func (r *Reader) finishActor(d *draft) {
	kind, name := d.part[asKind], d.part[asName]
	if kind.value == "" && name.value == "" {
		return
	}
	d.add("actor.name", name.value, name.raw)
	k := actorKey{words(kind), name.value, d.country, when.Date{}}
	if r.dated(name.value) {
		k.on = d.date
	}
	inv, ok := r.actors[k]
	if !ok {
		inv = r.involve(kind.codes, r.homely(k), name.value, k)
		if len(r.actors) >= maxCache {
			clear(r.actors)
		}
		k.category, k.name = strings.Clone(k.category), strings.Clone(k.name)
		r.actors[k] = inv
	}
	if len(inv.kinds) > 0 {
		d.kinds = inv.kinds
		d.add("actor.kind", r.joined(inv.kinds), words(kind))
	}
	d.add("actor.state", r.joined(inv.states), "")
	d.add("actor.note", inv.note, "")
	if inv.contradiction != "" {
		d.flag(FlagActorContradicts, "actor.state", inv.contradiction)
	}
	if inv.stranger {
		d.flag(FlagActorNameUnknown, "actor.state", cut(name.value))
	}
}

// dated reports a name whose meaning may depend on the date.
func (r *Reader) dated(name string) bool {
	if name == "" {
		return false
	}
	if dated, ok := r.names[name]; ok {
		return dated
	}
	dated := false
	for _, n := range vocab.ActorsIn(name) {
		a, ok := vocab.ActorNamed(n, when.Date{})
		dated = dated || ok && (!a.From.IsZero() || !a.To.IsZero() || a.Open && a.Kind == "unknown")
	}
	if len(r.names) >= maxCache {
		clear(r.names)
	}
	r.names[strings.Clone(name)] = dated
	return dated
}

// joined is a set of codes as a value; equal sets share one string.
func (r *Reader) joined(codes []string) string {
	switch len(codes) {
	case 0:
		return ""
	case 1:
		return codes[0]
	}
	r.scratch = r.scratch[:0]
	for i, c := range codes {
		if i > 0 {
			r.scratch = append(r.scratch, ' ')
		}
		r.scratch = append(r.scratch, c...)
	}
	if s, ok := r.sets[string(r.scratch)]; ok {
		return s
	}
	if len(r.sets) >= maxCache {
		clear(r.sets)
	}
	s := string(r.scratch)
	r.sets[s] = s
	return s
}

// named looks up the actors of a cell; a name without a State of its own and
// kind unknown ("Unidentified Armed Actor") says nothing.
func (r *Reader) named(name string, on when.Date) []vocab.Actor {
	if name == "" || name == vocabWithheld {
		return nil
	}
	var out []vocab.Actor
	for _, n := range vocab.ActorsIn(name) {
		if a, ok := vocab.ActorNamed(n, on); ok && (a.Kind != "unknown" || a.State != "") {
			out = append(out, a)
		}
	}
	return out
}

// contested are countries of which no State can be made from a category alone.
var contested = sync.OnceValue(func() map[string]bool {
	var list []struct {
		Country string `json:"country"`
	}
	mustRead("rules/contested.json", &list)
	set := map[string]bool{}
	for _, c := range list {
		set[c.Country] = true
	}
	return set
})

// homely reports a category that means organs of the country itself, in a
// country where that names a State.
func (r *Reader) homely(k actorKey) bool {
	if k.category == "" || k.country == "" || k.country == "ZZZ" || k.country == vocabWithheld || contested()[k.country] {
		return false
	}
	return r.home[text.Key(k.category)]
}

// nobody are the entries of the actor list that name no one.
var nobody = sync.OnceValue(func() map[string]bool {
	var names []string
	mustRead("rules/nobody.json", &names)
	return keySet(names)
})

// unnamed reports a cell in which the category alone can say whose act it was: blank, or made of entries that name no
// one and of a State's organs without the State ("Police").
func unnamed(name string, on when.Date) bool {
	for _, n := range vocab.ActorsIn(name) {
		a, ok := vocab.ActorNamed(n, on)
		part := strings.ContainsAny(n, "(/") && text.Key(n) != text.Key(a.Name) // "Police (of somebody)" was found by its first word
		organ := strings.HasPrefix(a.Kind, "state.") && a.State == "" && a.Group == ""
		if !ok || part || !organ && !nobody()[text.Key(a.Name)] {
			return false
		}
	}
	return name != vocabWithheld
}

// involve joins the category and the names of a cell. A name that is somebody's
// in particular decides; otherwise the category does.
func (r *Reader) involve(category []string, homely bool, name string, k actorKey) involved {
	inv := involved{kinds: category}
	var kinds []string
	particular := false
	for _, a := range r.named(name, k.on) {
		if a.Kind != "" && a.Kind != "unknown" {
			kinds = append(kinds, kindsThere(a, k.country)...)
		}
		inv.states = append(inv.states, strings.Fields(a.State)...)
		particular = particular || a.State != "" || a.Group != ""
	}
	inv.states, kinds = set(inv.states), set(kinds)
	if !particular {
		inv = inv.byCategory(category, kinds)
		if homely && stateKind(category) {
			return inv.atHome(kinds, name, k)
		}
		return inv
	}
	inv.contradiction = contradicts(category, kinds)
	if len(kinds) > 0 {
		inv.kinds = kinds
	}
	return inv
}

// kindsThere are an actor's kinds in a country: an army abroad is a foreign
// one, and a coalition may be both.
func kindsThere(a vocab.Actor, country string) []string {
	abroad := false
	for _, s := range strings.Fields(a.State) {
		abroad = abroad || s != country
	}
	switch {
	case a.Kind != "state.military" || !abroad || country == "" || country == "ZZZ":
		return []string{a.Kind}
	case holds(a.State, country):
		return []string{"foreign.military", a.Kind}
	}
	return []string{"foreign.military"}
}

// byCategory is for rows that name nobody in particular.
func (inv involved) byCategory(category, kinds []string) involved {
	silent := len(category) == 0 || len(category) == 1 && category[0] == "unknown"
	switch {
	case silent && len(kinds) > 0:
		inv.kinds = kinds
	case silent:
		inv.kinds = []string{"unknown"}
	case category[0] == "multiple" && len(kinds) > 0:
		inv.kinds = set(append([]string{"multiple"}, kinds...))
	}
	return inv
}

// atHome takes a State's organ for the country's own, with a note, where nobody is named. A name that the list does not
// know, or not as a State's organ, may be anybody's, a foreign army's too: the State then stays unknown.
func (inv involved) atHome(kinds []string, name string, k actorKey) involved {
	if unnamed(name, k.on) {
		inv.states, inv.note = []string{k.country}, noteDeFacto
		return inv
	}
	inv.stranger = true
	inv.contradiction = contradicts(inv.kinds, kinds)
	return inv
}

func stateKind(kinds []string) bool {
	for _, k := range kinds {
		if strings.HasPrefix(k, "state.") {
			return true
		}
	}
	return false
}

// family is the side a kind belongs to, for telling contradictions from
// different words for one thing; "" goes with every side.
func family(kind string) string {
	switch {
	case kind == "foreign.military" || kind == "occupying" || strings.HasPrefix(kind, "state."):
		return "state"
	case kind == "nsag":
		return "armed group"
	case kind == "multiple" || kind == "other" || kind == "unknown" || kind == "pro_state_militia" || kind == "defacto_authority" || kind == "donor_gov":
		return ""
	}
	return "others"
}

// contradicts compares category and name. That a publisher calls an army abroad
// "government forces" is its way of speaking; that it calls the country's own
// army foreign contradicts.
func contradicts(category, kinds []string) string {
	if len(category) == 0 || len(kinds) == 0 {
		return ""
	}
	for _, c := range category {
		for _, k := range kinds {
			a, b := family(c), family(k)
			home := c == "foreign.military" && k == "state.military"
			if !home && (a == "" || b == "" || a == b) {
				return ""
			}
		}
	}
	return "category " + strings.Join(category, " ") + ", name " + strings.Join(kinds, " ")
}

func holds(states, country string) bool {
	for _, s := range strings.Fields(states) {
		if s == country {
			return true
		}
	}
	return false
}
