package audit

import (
	"fmt"
	"runtime"
	"testing"

	"ward/policy"
	"ward/when"
)

// invented makes n incidents of ten years over a number of invented States: half of each State's are on its territory
// by its own forces, the rest by others or unknown.
func invented(b *testing.B, n, states int) []Incident {
	b.Helper()
	codes := [][]string{{"ATT.HVY"}, {"ATT.ENT", "PER.THR"}, {"PER.KIL"}, {"PER.ARR"}, {"DEN.CHK", "DEN.PHY"}, {"ATT.LOO", "PER.ABD", "ATT.TRN"}}
	kinds := []string{"state.military", "state.police", "nsag", "unknown", "state.military", "foreign.military", "state.military"}
	certainty := []string{"possible", "probable", "possible", "confirmed", "possible"}
	contexts := []string{"armed_conflict", "niac", "peacetime", "unknown", "armed_conflict"}
	days := make([]when.Date, 3650)
	for i := range days {
		days[i] = when.On(when.Day(16436 + i)) // from 2015 on
	}
	out := make([]Incident, n)
	for i := range out {
		state := fmt.Sprintf("XA%c", 'A'+i%states)
		kind := kinds[i%len(kinds)]
		inc := &out[i]
		*inc = Incident{
			ID: fmt.Sprintf("%08d", i), Date: days[i*7919%len(days)], Country: state, Place: certainty[i%5], ActorKind: kind,
			Codes: codes[i/3%len(codes)], Context: contexts[i/2%len(contexts)], Certainty: certainty[i/7%len(certainty)],
			Register: []string{"alpha", "beta", "gamma"}[i%3], Sources: []string{"Alpha"}, Scope: "health",
		}
		inc.Roots = []string{inc.ID}
		if kind != "nsag" && kind != "unknown" {
			inc.ActorState = []string{state}
		}
	}
	return out
}

// countBare is the least that any audit must do: look at every incident and count the State's by year.
func countBare(all []Incident, state string) (years [200]int) {
	for i := range all {
		if all[i].Country != state {
			continue
		}
		if y := all[i].Date.Year() - 1900; y >= 0 && y < len(years) {
			years[y]++
		}
	}
	return years
}

// BenchmarkBuildMillion audits one State over a million incidents: first with all of them its own, then with one in
// twenty; beside each the bare count over the same slice. live-MB is what the report holds beyond the input.
func BenchmarkBuildMillion(b *testing.B) {
	for _, states := range []int{1, 20} {
		all := invented(b, 1_000_000, states)
		b.Run(fmt.Sprintf("bare/states=%d", states), func(b *testing.B) {
			for b.Loop() {
				countBare(all, us)
			}
		})
		b.Run(fmt.Sprintf("audit/states=%d", states), func(b *testing.B) {
			b.ReportAllocs()
			before := live()
			var r *Report
			for b.Loop() {
				var err error
				if r, err = Build(Input{State: us, Incidents: all}, policy.Load()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(live()-before)/(1<<20), "live-MB")
			runtime.KeepAlive(r)
		})
	}
}

func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
