package audit

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"

	"ward/policy"
)

// Kinds of indicator: what law and institutions promise, what is done about it, and what is counted.
const (
	IndicatorStructure = "structure"
	IndicatorProcess   = "process"
	IndicatorOutcome   = "outcome"
)

// Indicator is one question of the set, version 0.
type Indicator struct {
	ID       string
	Kind     string
	Question string
	Links    []string // clause ids, or norm ids for all clauses of a norm; incident codes of an outcome indicator
}

//go:embed indicators.csv
var indicatorsCSV string

var indicatorSet = sync.OnceValue(func() []Indicator {
	rows, err := csv.NewReader(strings.NewReader(indicatorsCSV)).ReadAll()
	if err != nil {
		panic("indicators.csv is embedded and broken: " + err.Error())
	}
	var out []Indicator
	for _, r := range rows[1:] {
		out = append(out, Indicator{ID: r[0], Kind: r[1], Question: r[2], Links: strings.Fields(r[3])})
	}
	return out
})

// Indicators lists ST1..ST10, PR1..PR12 and OU1..OU11 in that order. Callers must not change it.
func Indicators() []Indicator { return indicatorSet() }

// indicator finds one by id.
func indicator(id string) (Indicator, bool) {
	i := slices.IndexFunc(Indicators(), func(in Indicator) bool { return in.ID == id })
	if i < 0 {
		return Indicator{}, false
	}
	return Indicators()[i], true
}

// indicatorsOf lists the indicators of a kind that are linked to a clause.
func indicatorsOf(kind string, clause policy.Clause) (out []Indicator) {
	for _, in := range Indicators() {
		if in.Kind == kind && (slices.Contains(in.Links, clause.ID) || slices.Contains(in.Links, clause.Norm)) {
			out = append(out, in)
		}
	}
	return out
}

// outcomesOf lists the outcome indicators that count a code.
func outcomesOf(code string) (ids []string) {
	for _, in := range Indicators() {
		if in.Kind == IndicatorOutcome && slices.Contains(in.Links, code) {
			ids = append(ids, in.ID)
		}
	}
	return ids
}

// valuesOf are the values of the kinds of row that have one list each.
var valuesOf = map[string][]string{
	KindOutcome:       {N0, N1, F1, F2, F3, F4, NoInfo},
	KindInformation:   {"I1", "I2", "I3", "I4", "I5"},
	KindReply:         {"asked", "none", "received", "A", "B", "C", "D", "E"},
	KindParty:         {"party"},
	KindCitation:      {"ATTACK", "COMPEL", "PUNISH", "OBSTRUCT", "FAIL_PROTECT", "FAIL_INVESTIGATE", "LEGAL_GAP", Declined},
	KindStep:          {StepFrozen, StepPanel, StepDecided, StepDraft, StepSent, StepNoReply, StepFinal, StepPublished, StepSuperseded},
	KindCorrection:    {correctedLevel, "count", "attribution", "reply", "words", "other"},
	KindAppeal:        {AppealFiled, AppealAllowed, AppealDismissed},
	KindReservation:   {"reserved"},
	KindWithdrawal:    {"withdrawn"},
	KindVisit:         {"granted", "partial", "refused", "asked"},
	KindCommunication: {"asked", "none", "received", "A", "B", "C", "D", "E"},
	KindConflict:      {NoConflict, "national", "belligerent", "other"},
}

// kinds are all kinds of row, in the order in which a report lists them.
var kinds = []string{KindCoding, KindOutcome, KindInformation, KindReply, KindParty, KindCitation, KindStep, KindCorrection, KindAppeal,
	KindReservation, KindWithdrawal, KindVisit, KindCommunication, KindConflict}

// allowed lists the values a row of a kind may have; nil for a kind that there is not.
func allowed(kind, indicatorKind string) []string {
	if kind != KindCoding {
		return valuesOf[kind]
	}
	if indicatorKind == IndicatorProcess {
		return []string{"A", "B", "C", "D", "E", NoInfo}
	}
	return []string{"met", "partly", "not_met", NoInfo, "n/a"}
}
