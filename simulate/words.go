package simulate

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"ward/when"
)

// facilityWords are the invented proper names of facilities that are not called after their town.
var facilityWords = [...]string{"Lantern", "Blue Heron", "Seven Springs", "Almond Court", "Old Ferry", "Grey Mill", "Second Bridge", "Copper Gate"}

// describe tells an event as a register writes it down: English first, and in one report of three a sentence in the
// language of the State, in its own script.
func (g *ground) describe(rng *rand.Rand, e *Event, r *Report) string {
	s := g.state(e.State)
	town := s.Towns[e.Town]
	actor := "Who did it is not known."
	if a := g.actors[r.Actor]; r.Named && a.Name != "" {
		actor = "Those responsible are said to be of the " + a.Name + "."
	}
	fill := strings.NewReplacer("{town}", town.Name, "{adm1}", town.Province, "{actor}", actor, "{n}", harmed(r),
		"{facility}", g.facility(rng, "en", town.Name))
	var b strings.Builder
	b.WriteString(r.Day.Time().Format("02 January 2006: "))
	b.WriteString(strings.TrimSpace(fill.Replace(pick(rng, g.words[[2]string{"en", e.kind.group}]))))
	if rng.IntN(3) == 0 {
		own := strings.NewReplacer("{town}", town.Native, "{facility}", g.facility(rng, s.Language, town.Native))
		b.WriteString(" " + own.Replace(pick(rng, g.words[[2]string{s.Language, e.kind.group}])))
	}
	return b.String()
}

func (g *ground) facility(rng *rand.Rand, lang, town string) string {
	name := strings.ReplaceAll(pick(rng, g.names[lang]), "{town}", town)
	return strings.ReplaceAll(name, "{word}", facilityWords[rng.IntN(len(facilityWords))])
}

// harmed is one short sentence on the people counted.
func harmed(r *Report) string {
	dead := r.Counts["worker.killed"] + r.Counts["other.killed"]
	hurt := r.Counts["worker.injured"] + r.Counts["other.injured"]
	if dead+hurt == 0 {
		return ""
	}
	return "Dead: " + strconv.FormatInt(dead, 10) + ", hurt: " + strconv.FormatInt(hurt, 10) + "."
}

// otherMonth is the day half a year away, for descriptions that name another month than the date.
func otherMonth(d when.Day) when.Day { return d - 150 }

// variant spells an invented name as another hand would.
func variant(name string) string {
	for _, swap := range [...][2]string{{"kh", "h"}, {"zh", "j"}, {"sh", "ch"}, {"aa", "a"}, {"q", "k"}, {"y", "i"}, {"tz", "z"}, {"ou", "u"}, {"ll", "l"}, {"v", "w"}, {"k", "c"}} {
		if strings.Contains(name, swap[0]) {
			return strings.Replace(name, swap[0], swap[1], 1)
		}
	}
	return name
}
