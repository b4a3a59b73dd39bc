// Package duty is an association's account of itself: which of the duties that the profession has laid on it are met, by what proof, who
// sees to the rest, and until when.
//
// Terms. A point is one duty, taken from a clause of the norm corpus and put into our own words (messages "duty.point.<id>"). Points stand
// in groups, one for each text they come from. A procedure is a point of the group "procedures": an act that medicine forbids, for which the
// association is asked whether it has told its members so in writing. An assessment is what somebody stated about one point in one year.
//
// Years of one association can be compared with each other. Nothing is added up to a score or a share, and nobody is ranked: a point that
// is met does not make up for one that is not.
package duty

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"
)

// Groups of points, in the order of a page.
const (
	Custody    = "custody"    // duties of the WMA and its members beside the Declaration of Tokyo (Montevideo 2011)
	Memory     = "memory"     // duties during and after conflict (Chicago 2017)
	Teaching   = "teaching"   // ethics and human rights in what doctors learn
	Day        = "day"        // Medical Ethics Day, 18 September
	Social     = "social"     // a guideline on social media for members
	Cyber      = "cyber"      // attacks on health care's computers
	Procedures = "procedures" // what members are forbidden in writing
)

// Groups are all groups, in the order of a page.
func Groups() []string { return []string{Custody, Memory, Teaching, Day, Procedures, Social, Cyber} }

// Point is one duty.
type Point struct {
	ID      string // "SOCIAL-2"; never used again for another duty
	Group   string
	Clauses []string // of the norm corpus, the weightiest first
	Bearer  string   // whom the clause speaks to: association, wma, institutions, governments, physicians, schools
	Codes   []string // of a procedure: the incident codes under which it is found
}

//go:embed points.csv
var pointTable string

//go:embed procedures.csv
var procedureTable string

var points = sync.OnceValue(func() []Point {
	var out []Point
	for _, r := range rows(pointTable) {
		out = append(out, Point{ID: r[0], Group: r[1], Clauses: listed(r[2]), Bearer: r[3]})
	}
	for _, r := range rows(procedureTable) {
		out = append(out, Point{ID: r[0], Group: Procedures, Clauses: listed(r[1]), Bearer: "association", Codes: listed(r[2])})
	}
	order := Groups()
	slices.SortStableFunc(out, func(a, b Point) int { return slices.Index(order, a.Group) - slices.Index(order, b.Group) })
	return out
})

// rows reads a table of ours without its head; a test holds the tables to the norm corpus and the code lists.
func rows(table string) [][]string {
	all, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic("duty: a table that ships with the program: " + err.Error())
	}
	return all[1:]
}

func listed(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// Points lists every duty, group by group.
func Points() []Point { return slices.Clip(points()) }

// PointOf finds a duty by its id.
func PointOf(id string) (Point, bool) {
	at := slices.IndexFunc(points(), func(p Point) bool { return p.ID == id })
	if at < 0 {
		return Point{}, false
	}
	return points()[at], true
}
