package desk_test

import (
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/incident"
	"ward/intake"
)

// A working day: a report with a file, its handling, an incident of it, moves, an opinion, a saved search, a draft, an account, a decision, and
// what of it was erased since. The doctor finds nothing wrong with any of it, nor in a backup of it brought back.
func TestTheDoctorFindsAWorkingDayWell(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		me := access.Local()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		published := imported(t, d, event("1", "2021-01-06"), event("2", "2021-01-07"))
		letter := arrestCall()
		letter.Files = []entry.File{keepFile(t, d, "letter.txt", "A letter.")}
		report, other := takeReport(t, d, letter), takeReport(t, d, arrestCall())
		must(d.Handle(ctx, me, []string{report, other}, intake.Handling{Move: intake.Respond, Why: "called back"}))
		r, err := d.Received(ctx, me, report)
		must(err)
		keys := []string{}
		for _, o := range r.Offers() {
			keys = append(keys, o.Key)
		}
		own, err := d.IncidentOfReport(ctx, me, report, desk.Taking{Keys: keys})
		must(err)
		f := opened(t, d, published)
		must(d.StateIncident(ctx, me, published, incident.Stated{Move: incident.Contest, Field: "date", Over: assertionOf(t, f, "date", f.Date.String()).ID, Why: "w"}))
		gone := byHand(t, d)
		_, err = d.Opine(ctx, me, gone, incident.Opinion{Certainty: "possible", Why: "w", Roots: []string{"a nurse"}})
		must(err)
		_, err = d.SaveSearch(ctx, me, "arrests", true, desk.Search{Words: "nurse"})
		must(err)
		must(d.KeepDraft(ctx, me, own, "{}"))
		for _, id := range []string{gone, other} {
			_, err = d.Erase(ctx, me, id, "error")
			must(err)
		}
		_, err = d.FlushLog(ctx, me)
		must(err)
		wantCommitted(t, target)
		wantNoRed(t, doctor(t, at(t, target), desk.DoctorOptions{}), "database") // the tests' own database may lose power
		if n := rebuild(t, target); n != 3 {
			t.Errorf("%d incidents rebuilt, want 3", n)
		}
		b, identity := backUpTo(t, d, t.TempDir())
		again, _ := restored(t, t.TempDir(), b.Path, identity)
		wantNoRed(t, doctor(t, again, desk.DoctorOptions{}))
	})
}
