package audit

import "slices"

// Agreement is Krippendorff's alpha over the coders of one clause on one scale, or why there is none.
type Agreement struct {
	Clause  string   `json:"clause"`
	Scale   string   `json:"scale"` // outcome, structure or process
	Pairs   int      `json:"pairs"`
	Alpha   *float64 `json:"alpha"`   // null under ten pairs and where all values are equal
	Verdict string   `json:"verdict"` // too_few, no_variation, panel (< 0.667), flagged (< 0.8) or good
}

// verdictPanel: the clause goes to the panel.
const verdictPanel = "panel"

// fewPairs is the least number of pairs of values for which alpha says something.
const fewPairs = 10

// scales are the ordinal values of each scale, lowest first. What stands in none (no_info, n/a) is missing.
var scales = map[string][]string{
	"outcome":   {N0, N1, F1, F2, F3, F4},
	"structure": {"not_met", "partly", "met"},
	"process":   {"E", "D", "C", "B", "A"},
}

// alpha is Krippendorff's coefficient for ordinal data. Units holds the values coders gave to each thing, as positions
// on the scale; units with fewer than two values are passed over. It is 1 for full agreement and 0 for what chance
// gives; ok is false when no two values differ, where it is not defined.
func alpha(units [][]int, size int) (a float64, ok bool) {
	met := make([][]float64, size) // how often two different values stand in one unit
	for i := range met {
		met[i] = make([]float64, size)
	}
	totals := make([]float64, size)
	n := 0.0
	for _, u := range units {
		if len(u) < 2 {
			continue
		}
		counts := make([]float64, size)
		for _, v := range u {
			counts[v]++
			totals[v]++
			n++
		}
		for v := range size {
			for w := v + 1; w < size; w++ {
				met[v][w] += counts[v] * counts[w] / float64(len(u)-1)
			}
		}
	}
	var observed, expected float64
	for v := range size {
		for w := v + 1; w < size; w++ {
			d := ordinal(totals, v, w)
			observed += met[v][w] * d
			expected += totals[v] * totals[w] * d
		}
	}
	if expected == 0 {
		return 0, false
	}
	return 1 - (n-1)*observed/expected, true
}

// ordinal is the squared distance of two ranks: the number of values between them, the ends counted by half.
func ordinal(totals []float64, v, w int) float64 {
	sum := -(totals[v] + totals[w]) / 2
	for g := v; g <= w; g++ {
		sum += totals[g]
	}
	return sum * sum
}

// pairsIn counts the pairs of values.
func pairsIn(units [][]int) (pairs int) {
	for _, u := range units {
		pairs += len(u) * (len(u) - 1) / 2
	}
	return pairs
}

// agreement weighs the coders of one clause on one scale; the adjudicator and the panel, who saw both
// codings, are left out.
func agreement(clause, scale string, groups [][]Row) Agreement {
	var units [][]int
	for _, rows := range groups {
		var unit []int
		for _, row := range latest(rows) {
			if at := slices.Index(scales[scale], row.Value); at >= 0 && row.Role != RoleAdjudicator && row.Role != RolePanel {
				unit = append(unit, at)
			}
		}
		units = append(units, unit)
	}
	out := Agreement{Clause: clause, Scale: scale, Pairs: pairsIn(units)}
	a, ok := alpha(units, len(scales[scale]))
	switch {
	case out.Pairs < fewPairs:
		out.Verdict = "too_few"
		return out
	case !ok:
		out.Verdict = "no_variation"
		return out
	case a < 0.667:
		out.Verdict = verdictPanel
	case a < 0.8:
		out.Verdict = "flagged"
	default:
		out.Verdict = "good"
	}
	out.Alpha = &a
	return out
}
