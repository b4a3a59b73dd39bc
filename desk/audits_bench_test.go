package desk_test

import (
	"fmt"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/id"
	"ward/incident"
	"ward/store"
	"ward/store/storetest"
	"ward/tally"
	"ward/tlog"
	"ward/when"
)

// auditedStates is how many invented States the benchmark's incidents are spread over.
const auditedStates = 190

// inventedState is the n-th invented State: XAA, XAB ... XHH.
func inventedState(n int) string { return fmt.Sprintf("X%c%c", 'A'+n/26, 'A'+n%26) }

// inventedIncident is the n-th of many: half by the State's own forces, the rest by others or unknown, over ten years.
func inventedIncident(n int, now *store.Tx) incident.Incident {
	state := inventedState(n % auditedStates)
	kinds := []string{"state.military", "state.police", "nsag", "unknown", "state.military", "foreign.military"}
	codes := [][]string{{"ATT.HVY"}, {"ATT.ENT", "PER.THR"}, {"PER.KIL"}, {"PER.ARR"}, {"DEN.CHK", "DEN.PHY"}, {"ATT.LOO", "PER.ABD", "ATT.TRN"}}
	inc := incident.New(incident.Incident{ID: id.New(now.Now()), PublicID: id.Public(state, 2015+n%10), Namespace: "SiND", ExternalID: fmt.Sprint("b", n), Series: []string{"sind"},
		Date: when.On(when.Day(16436 + n*7919%3650)), Country: state, Adm1: []string{"North", "South", "East"}[n%3], Certainty: []string{"possible", "probable", "confirmed"}[n/7%3],
		Scope: "health", Context: "armed_conflict", ActorKind: kinds[n%len(kinds)], Codes: codes[n/3%len(codes)], Counts: map[string]tally.Count{"worker.killed": tally.Exact(int64(n % 3))},
		Summary: "Something invented happened at a clinic, and this says so at the length of an ordinary description of one or two sentences."})
	if k := inc.ActorKind; k != "nsag" && k != "unknown" {
		inc.ActorState = []string{state}
	}
	return inc
}

// peopled is a workspace of n invented incidents that came in batches of a thousand, as an import's do.
func peopled(b *testing.B, n int) *desk.Desk {
	b.Helper()
	target := b.TempDir()
	d := open(b, target)
	takeTable(b, d, sind(b, event("0", "2021-03-04")), 1, 0, 0, 0) // the source
	db := storetest.At(b, target)
	for from := 0; from < n; from += 1000 {
		err := db.Write(ctx, "benchmark", func(tx *store.Tx) error { return saveBatch(tx, from, min(from+1000, n)) })
		if err != nil {
			b.Fatal(err)
		}
	}
	return d
}

func saveBatch(tx *store.Tx, from, to int) error {
	number, err := tx.Next(ctx)
	if err != nil {
		return err
	}
	list := make([]incident.Incident, to-from)
	digests := make([]tlog.Hash, to-from)
	for i := range list {
		list[i] = inventedIncident(from+i, tx)
		list[i].Journal, list[i].Leaf, list[i].Secret = number, i, tlog.NewSecret()
		digests[i] = list[i].Commitment()
	}
	if err := incident.Save(ctx, tx, list); err != nil {
		return err
	}
	_, err = tx.JournalBatch(ctx, "import.batch", "", digests)
	return err
}

// BenchmarkAuditAll audits 190 States over a million incidents (or WARD_BENCH_ROWS), first all of them, then after one incident changed;
// the baseline only reads and opens the same incidents, State by State.
func BenchmarkAuditAll(b *testing.B) {
	n := benchRows()
	d := peopled(b, n)
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		b.Fatal(err)
	}
	var mark desk.AuditMark
	all := func(since desk.AuditMark) desk.AuditRound {
		r, err := d.AuditAll(ctx, access.Local(), since, desk.AuditOptions{}, func(*audit.Report) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	b.Run("full", func(b *testing.B) {
		for b.Loop() {
			mark = all(desk.AuditMark{}).Mark
		}
		b.ReportMetric(storetest.PeakMB(b), "MB-peak")
	})
	b.Run("bare-read", func(b *testing.B) {
		for b.Loop() {
			for s := range auditedStates {
				bareIncidents(b, d, inventedState(s))
			}
		}
	})
	b.Run("one-changed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			takeTable(b, d, sind(b, event("0", "2021-03-04", "Health Workers Killed", fmt.Sprint(2+i))), 0, 1, 0, 0)
			b.StartTimer()
			r := all(mark)
			if mark = r.Mark; len(r.Made) != 1 {
				b.Fatalf("%d audits were made", len(r.Made))
			}
		}
	})
}

func bareIncidents(b *testing.B, d *desk.Desk, state string) {
	n := 0
	err := desk.EachIncident(d, state, func(incident.Incident) error { n++; return nil })
	if err != nil || n == 0 {
		b.Fatalf("%d incidents of %s: %v", n, state, err)
	}
}
