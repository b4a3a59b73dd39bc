package commitment

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ward/policy"
	"ward/vocab"
	"ward/when"
)

// Bounds of what a person may state.
const (
	maxEvidence = 50
	MaxWhy      = 4000 // characters
	MaxAnswers  = 200
	maxRef      = 500
)

// Kinds of evidence.
const (
	Link      = "link"
	Incident  = "incident"
	Cell      = "cell"
	Statement = "statement"
)

var (
	incidentID  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^WRD-[A-Z]{3}-\d{4}-[0-9A-Z]{4,32}$`) })
	statementID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`) })
)

// EvidenceKind tells what a reference points to: a page ("https://..."), an incident ("WRD-..."), the finding on a clause in a year
// ("cell:XAA/AP1:16.1/2024") or a statement of the association ("statement:01J..."). "" where it is none of them.
func EvidenceKind(ref string) string {
	if len(ref) > maxRef || strings.ContainsFunc(ref, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return ""
	}
	if u, err := url.Parse(ref); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		return Link
	}
	if incidentID().MatchString(ref) {
		return Incident
	}
	if id, is := strings.CutPrefix(ref, "statement:"); is && statementID().MatchString(id) {
		return Statement
	}
	if _, _, _, ok := CellOf(ref); ok {
		return Cell
	}
	return ""
}

// CellOf takes a reference to a finding apart.
func CellOf(ref string) (state, clause string, year int, ok bool) {
	rest, is := strings.CutPrefix(ref, "cell:")
	parts := strings.Split(rest, "/")
	if !is || len(parts) != 3 {
		return "", "", 0, false
	}
	iso3, known := vocab.Country(parts[0])
	_, clauseKnown := policy.Load().Clause(parts[1])
	year, err := strconv.Atoi(parts[2])
	return parts[0], parts[1], year, known && iso3 == parts[0] && clauseKnown && err == nil && year >= 1800 && year <= 2200
}

// Problem says what cannot stand in an opening; "" where all can.
func (o Opening) Problem() string {
	switch {
	case blank(o.Answers) && o.Due == "" && blank(o.Why):
		return "it says nothing: name who answers, a due day, or why"
	case tooLong(o.Answers, MaxAnswers):
		return fmt.Sprintf("who answers is longer than %d characters", MaxAnswers)
	case tooLong(o.Why, MaxWhy):
		return fmt.Sprintf("the reason is longer than %d characters", MaxWhy)
	case !isDay(o.Due):
		return fmt.Sprintf("%.20q is not a day such as 2026-06-30", o.Due)
	}
	return ""
}

// Problem says what cannot stand in a grading; "" where all can. A grade rests on evidence and a reason, no_info on a reason.
func (g Grading) Problem() string {
	switch {
	case !vocab.Has("grade", g.Grade):
		return fmt.Sprintf("%.20q is no grade: A, B, C, D, E or no_info", g.Grade)
	case g.Grade != NoInfo && len(g.Evidence) == 0:
		return "a grade needs evidence"
	case blank(g.Why):
		return "a grade needs a reason"
	case tooLong(g.Why, MaxWhy):
		return fmt.Sprintf("the reason is longer than %d characters", MaxWhy)
	case len(g.Evidence) > maxEvidence:
		return fmt.Sprintf("it has more than %d pieces of evidence", maxEvidence)
	case !isDay(g.Review):
		return fmt.Sprintf("%.20q is not a day such as 2026-06-30", g.Review)
	}
	if i := slices.IndexFunc(g.Evidence, func(ref string) bool { return EvidenceKind(ref) == "" }); i >= 0 {
		return fmt.Sprintf("%.60q is no evidence: give a link, WRD-..., cell:STATE/CLAUSE/YEAR or statement:ID", g.Evidence[i])
	}
	return ""
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func tooLong(s string, most int) bool { return len([]rune(s)) > most }

// isDay accepts no day, or one day in full.
func isDay(s string) bool {
	d, err := when.Parse(s)
	return s == "" || err == nil && d.Exact() && d.From().String() == s
}
