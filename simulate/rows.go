package simulate

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"ward/exchange"
)

// layouts are the editions written, by register.
var layouts = [...]struct {
	register Register
	layout   string
}{{SiND, "sind-2016-2023"}, {SSA, "who-ssa"}, {AWSD, "awsd-2020"}, {SHCC, "shcc-2022"}}

// idOf is the register's id of an event. The yearly sheet has the first register's.
func idOf(r Register, e *Event) string {
	switch r {
	case SSA:
		return fmt.Sprintf("%s%06d", e.State, e.Number)
	case AWSD:
		return strconv.Itoa(7000 + e.Number)
	}
	return strconv.Itoa(20000 + e.Number)
}

// record is a report as a row of its register's layout.
func (g *ground) record(rng *rand.Rand, e *Event, r *Report) exchange.Record {
	rec := exchange.Record{ExternalID: r.ID}
	put := func(field, value, raw string) {
		if value != "" || raw != "" {
			rec.Values = append(rec.Values, exchange.Value{Field: field, Value: value, Raw: raw})
		}
	}
	put("date", r.Day.String(), "")
	put("country", e.State, "")
	switch r.Register {
	case SSA:
		g.grading(rng, e, r, put)
	case AWSD:
		g.aidWorkers(rng, e, r, put)
	default:
		g.sixWs(rng, e, r, put)
	}
	return rec
}

type putter func(field, value, raw string)

// said puts a coded value by the register's own word; readers carry it into codes.
func (put putter) said(field, word string) { put(field, word, word) }

// precisionWords are how precise a place is, in the words of the six Ws.
var precisionWords = map[int]string{2: "(2) 25 km Precision", 3: "(3) District, Communicipality or Commune", 4: "(4) Province, State, Governorate", 6: "(6) Country"}

// sixWs are the columns of SiND and of the yearly sheet.
func (g *ground) sixWs(rng *rand.Rand, e *Event, r *Report, put putter) {
	s, a := g.state(e.State), &g.actors[r.Actor]
	put("description", g.describe(rng, e, r), "")
	if r.Precision != 6 {
		put("adm1", s.Towns[e.Town].Province, "")
		put("point", point(r), "")
	}
	put.said("precision", precisionWords[r.Precision])
	put.said("actor.kind", a.sind)
	if r.Named {
		put("actor.name", a.Name, "")
	}
	put("weapon", e.Weapon, "")
	put.said("location", e.kind.location)
	for _, field := range sindCounts() {
		put(field, r.count(field), "")
	}
	access := "0"
	if r.Counts["access.obstructed"] > 0 {
		access = "1"
	}
	put.said("access.obstructed", access)
	if e.Outcome != "" && r.Counts["worker.abducted"]+r.Counts["worker.arrested"] > 0 {
		put.said("outcome", e.Outcome)
	}
	put("related.conflict", yesNo(e.War), "")
	for field, flag := range map[string]string{"related.political": "political", "related.ebola": "ebola", "related.vaccination": "vaccination", "related.covid": "covid"} {
		put(field, yesNo(e.kind.has(flag)), "")
	}
}

func sindCounts() []string {
	return []string{"facility.destroyed", "facility.damaged", "facility.entered", "facility.occupied", "transport.destroyed", "transport.damaged",
		"transport.taken", "supplies.taken", "worker.killed", "worker.injured", "worker.abducted", "worker.arrested", "worker.threatened",
		"worker.assaulted", "worker.sexual"}
}

func point(r *Report) string {
	return strconv.FormatFloat(r.At.Lat, 'f', -1, 64) + "," + strconv.FormatFloat(r.At.Lon, 'f', -1, 64)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// count is the canonical count of a field: exact, or a range.
func (r *Report) count(field string) string {
	n := r.Counts[field]
	if field == r.Range {
		return fmt.Sprintf("%d..%d..%d", n, n, 2*n)
	}
	return strconv.FormatInt(n, 10)
}

// attackTypes are the grading register's types, by the short names in the table of kinds.
var attackTypes = map[string]string{
	"heavy":           "Violence with heavy weapons (requires more than one person to use such as firearms, tanks, missiles, bombs, mortars)",
	"individual":      "Violence with individual weapons (knives, bricks, clubs, guns, grenades and improvised explosive devices (IED)",
	"obstruction":     "Obstruction to health care delivery (e.g. physical, administrative, legal etc)",
	"psychological":   "Psychological violence/threat of violence/intimidation",
	"removal":         "Removal of health care assets (e.g. transport, supplies, materials)",
	"taken":           "Abduction/Arrest/Detention of health personnel or patients",
	"search":          "Armed or violent search of health care personnel, facility or transport",
	"assault":         "Assault (without weapons)",
	"sexual":          "Sexual assault",
	"militarisation":  "Militarization of a health care asset",
	"fire":            "Setting fire",
	"criminalisation": "Criminalization of health care",
}

// certaintyWords are the grades as the register writes them.
var certaintyWords = map[string]string{"confirmed": "Confirmed", "probable": "Probable", "possible": "Possible"}

// grading are the public columns of the register that grades: no actor, no place, no words.
func (g *ground) grading(rng *rand.Rand, e *Event, r *Report, put putter) {
	put.said("certainty", certaintyWords[r.Certainty])
	var types []string
	for _, short := range e.kind.ssa {
		types = append(types, attackTypes[short])
	}
	put.said("codes", strings.Join(types, ", "))
	if rng.IntN(3) > 0 {
		put("time", fmt.Sprintf("%02d:%02d", rng.IntN(24), 5*rng.IntN(12)), "")
	}
	total := func(what string) string { return floatWord(r.Counts["worker."+what] + r.Counts["other."+what]) }
	put.said("total.killed", total("killed"))
	put.said("total.injured", total("injured"))
	for field, hit := range struck(r) {
		put.said("detail:hc-"+field, map[bool]string{true: "YES", false: "NO"}[hit])
	}
	if e.kind.location == "Health Building" {
		put.said("facility.type", pick(rng, []string{"Primary", "Primary", "Secondary", "Tertiary", "Mobile Clinic"}))
	}
	for _, field := range []string{"worker.abducted", "worker.arrested", "worker.detained", "patient.abducted", "patient.arrested", "patient.detained"} {
		put.said(field, floatWord(r.Counts[field]))
	}
}

// floatWord writes a count as tools that know only fractions do.
func floatWord(n int64) string { return strconv.FormatInt(n, 10) + ".0" }

// struck tells which resources were affected, by the register's columns.
func struck(r *Report) map[string]bool {
	any := func(prefix string) bool {
		for field, n := range r.Counts {
			if strings.HasPrefix(field, prefix) && n > 0 {
				return true
			}
		}
		return false
	}
	return map[string]bool{"facilities": any("facility."), "transport": any("transport."), "personnel": any("worker."), "patients": any("patient.") || any("other."),
		"supplies-assets": any("supplies."), "warehouse-storage": any("supplies.") && !any("facility.")}
}

// aidWorkers are the columns of the register of aid workers. It counts whom it can name; who was killed in captivity it
// counts as killed.
func (g *ground) aidWorkers(rng *rand.Rand, e *Event, r *Report, put putter) {
	s, a := g.state(e.State), &g.actors[r.Actor]
	town := s.Towns[e.Town]
	put("adm1", town.Province, "")
	if r.Precision < 4 {
		put("place", variant(town.Name), "")
		put("point", point(r), "")
	}
	taken := r.Counts["worker.abducted"] + r.Counts["worker.arrested"]
	harm := map[string]int64{"killed": r.Counts["worker.killed"], "wounded": r.Counts["worker.injured"], "kidnapped": taken}
	if e.Outcome == "Killed" {
		harm["killed"], harm["kidnapped"] = harm["killed"]+taken, 0
	}
	g.peoples(rng, harm, put)
	put.said("weapon", e.kind.means)
	put("detail:attack-context", pick(rng, []string{"Ambush", "Individual attack", "Raid", "Combat/Crossfire", "Unknown"}), "")
	put.said("location", e.kind.place)
	put.said("actor.kind", a.awsd)
	if r.Named {
		put("actor.name", a.Name, "")
	}
	put("description", g.describe(rng, e, r), "")
	put.said("certainty", pick(rng, []string{"Yes", "Yes", "Yes", "Archived", "Pending"}))
	put("detail:source", pick(rng, []string{"Official Report", "Focal Point", "Media"}), "")
}

// peoples divides the victims by origin, employer and sex, so that each division adds up to the whole.
func (g *ground) peoples(rng *rand.Rand, harm map[string]int64, put putter) {
	var all, abroad int64
	for _, what := range []string{"killed", "wounded", "kidnapped"} {
		n := harm[what]
		foreign := int64(0)
		if n > 0 && rng.IntN(8) == 0 {
			foreign = 1
		}
		all, abroad = all+n, abroad+foreign
		put("aid."+what, strconv.FormatInt(n, 10), "")
		put("aid.national."+what, strconv.FormatInt(n-foreign, 10), "")
		put("aid.international."+what, strconv.FormatInt(foreign, 10), "")
	}
	put("aid.affected", strconv.FormatInt(all, 10), "")
	put("detail:total-nationals", strconv.FormatInt(all-abroad, 10), "")
	put("detail:total-internationals", strconv.FormatInt(abroad, 10), "")
	employers := []string{"un", "ingo", "lngo-nrcs", "icrc", "ifrc", "other"}
	women := int64(rng.IntN(int(all) + 1))
	division := map[string]int64{employers[rng.IntN(4)]: all, "gender-female": women, "gender-male": all - women, "gender-unknown": 0}
	for _, name := range append(employers, "gender-male", "gender-female", "gender-unknown") {
		put("detail:"+name, strconv.FormatInt(division[name], 10), "")
	}
}

// knownMonth is the report's day cut to its month.
func knownMonth(r *Report) string { return r.Day.String()[:7] }
