package desk_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/assertion"
	"ward/audit"
	"ward/desk"
	"ward/incident"
	"ward/intake"
	"ward/policy"
	"ward/store"
	"ward/store/storetest"
	"ward/tally"
	"ward/text"
)

// past is what a workspace of Ward's first version holds.
type past struct {
	sources   []intake.Source
	runs      []intake.Run
	reports   []intake.Report // every edition, by id
	rejected  map[string][]intake.Rejected
	incidents []incident.Incident // by id
	codings   []audit.Row         // in the order in which they were brought in
	texts     []policy.Kept
	journal   []store.Entry
}

// longer is a description that is long enough for its repetition to be seen.
const longer = "An invented event which is told at some length, and in other words than before."

// pastOf makes a past of n rows of one register in two editions, some changed and some gone, a second register that shares its ids, an import
// that was broken off, codings of three days and two texts.
func pastOf(t testing.TB, n int) past {
	t.Helper()
	target := t.TempDir()
	d := open(t, target)
	x := many(t, n)
	take(t, d, write(t, x.csv()), desk.ImportOptions{})
	set(&x, x.rows[5], "Health Workers Killed", "6")
	set(&x, x.rows[6], "Event Description", longer)
	x.rows = slices.Delete(x.rows, 20, 30)
	take(t, d, write(t, x.csv()), desk.ImportOptions{})
	take(t, d, write(t, shcc(t, event("1005", "2021-01-06", "Health Workers Killed", "9"), event("1007", "2021-01-09"), event("7", "2021-01-09")).csv()), desk.ImportOptions{})
	if n > 1000 {
		set(&x, x.rows[7], "Health Workers Killed", "7")
		stopAfter(t, d, write(t, x.csv()), 1000)
	}
	for day := range 3 {
		file := "kind,state,year,indicator,value,coder,date,note\n"
		for year := range 40 {
			file += fmt.Sprintf("coding,XAA,%d,ST%d,met,Ann,2024-01-0%d,Invented note %d.\n", 2020-year, 1+(year+day)%9, 1+day, year)
			file += fmt.Sprintf("information,XAB,%d,,I%d,Ben,2024-01-0%d,\n", 1980+year, 1+(year+day)%5, 1+day)
		}
		if _, err := d.ImportCodings(ctx, access.Local(), strings.NewReader(file)); err != nil {
			t.Fatal(err)
		}
	}
	texts := []policy.Text{{File: "own.html", Index: 1, TitleGuess: "An invented text"}, {File: "own.html", Index: 2, TitleGuess: "Another", Unread: []string{"x"}}}
	if _, err := d.KeepTexts(ctx, access.Local(), texts); err != nil {
		t.Fatal(err)
	}
	p := pastIn(t, target)
	p.turnBack(t)
	return p
}

// turnBack makes one report look older than the edition it supersedes, as where a clock went wrong.
func (p *past) turnBack(t testing.TB) {
	t.Helper()
	at := slices.IndexFunc(p.reports, func(r intake.Report) bool { return r.Supersedes != "" && !r.Retired })
	if at < 0 {
		t.Fatal("no report supersedes another")
	}
	p.reports[at].ID = "00" + p.reports[at].ID[2:]
	slices.SortFunc(p.reports, func(a, b intake.Report) int { return strings.Compare(a.ID, b.ID) })
}

// pastIn reads everything of a sealed workspace as its records' own functions give it, but for what only sealing adds.
func pastIn(t testing.TB, target string) past {
	t.Helper()
	p := past{rejected: map[string][]intake.Rejected{}}
	var ids []string
	for _, row := range rowsOf(t, target, "SELECT id FROM report ORDER BY id") {
		ids = append(ids, fmt.Sprint(row["id"]))
	}
	reading(t, target, func(tx *store.Tx) (err error) {
		fail := func(next error) { err = cmpError(err, next) }
		p.sources, err = intake.Sources(ctx, tx)
		var next error
		p.runs, next = intake.Runs(ctx, tx)
		fail(next)
		slices.Reverse(p.runs)
		for i := range p.runs {
			r := &p.runs[i]
			fail(intake.EachRejected(ctx, tx, r.ID, func(x intake.Rejected) error { p.rejected[r.ID] = append(p.rejected[r.ID], x); return nil }))
			r.Secret, r.ResultSecret, r.Original = intake.Run{}.Secret, intake.Run{}.Secret, intake.Original{}
		}
		for chunk := range slices.Chunk(ids, 1000) {
			list, next := intake.ByID(ctx, tx, chunk)
			fail(next)
			for _, id := range chunk {
				p.reports = append(p.reports, list[id])
			}
		}
		fail(incident.Each(ctx, tx, incident.Where{}, func(inc incident.Incident) error { p.incidents = append(p.incidents, inc); return nil }))
		for _, state := range []string{"XAA", "XAB"} {
			rows, next := audit.Rows(ctx, tx, state)
			fail(next)
			p.codings = append(p.codings, rows...)
		}
		p.texts, next = policy.KeptTexts(ctx, tx)
		fail(next)
		p.journal, next = tx.Earlier(ctx, 0, 1e6)
		fail(next)
		return err
	})
	slices.Reverse(p.journal)
	return p
}

func cmpError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// lines are all records as text, without their place in the journal and what salts their digests.
func (p past) lines() []string {
	var out []string
	add := func(kind string, x any) {
		body, err := json.Marshal(x)
		if err != nil {
			panic(err)
		}
		out = append(out, kind+" "+string(body))
	}
	for _, x := range p.sources {
		add("source", x)
	}
	for _, x := range p.runs {
		add("run", x)
	}
	for _, x := range p.reports {
		x.Secret, x.Journal, x.Leaf, x.TextKey = intake.Report{}.Secret, 0, 0, ""
		add("report", x)
	}
	for _, run := range slices.Sorted(maps.Keys(p.rejected)) {
		add("rejected "+run, p.rejected[run])
	}
	for _, x := range p.incidents {
		add("incident", x.Fields())
	}
	for i, x := range p.codings {
		add(fmt.Sprint("coding ", i, x.Kind, x.State), x)
	}
	for _, x := range p.texts {
		add("text", x)
	}
	for _, x := range p.journal {
		add("journal", x)
	}
	return out
}

// write makes a workspace of the first version out of a past.
func (p *past) write(t testing.TB, target string) {
	t.Helper()
	db := storetest.Clear(t, target)
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	w := scribe{t, tx, p}
	w.imports()
	for _, x := range p.reports {
		w.report(x)
	}
	for _, x := range p.incidents {
		w.incident(x)
	}
	w.rest()
	for _, e := range p.journal {
		w.insert("journal", e.Number, e.At.UnixMicro(), e.Who, e.Act, e.Subject, e.Digest)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// scribe writes rows of the first schema.
type scribe struct {
	t  testing.TB
	tx *sql.Tx
	p  *past
}

func (w scribe) insert(table string, values ...any) {
	w.t.Helper()
	marks := make([]string, len(values))
	for i := range marks {
		marks[i] = fmt.Sprint("$", i+1)
	}
	if _, err := w.tx.Exec("INSERT INTO "+table+" VALUES ("+strings.Join(marks, ",")+")", values...); err != nil {
		w.t.Fatalf("%s: %v", table, err)
	}
}

// act adds a journal row and gives its number.
func (w scribe) act(act, subject, digest string) int64 {
	n := int64(len(w.p.journal) + 1)
	at := time.Date(2025, 3, 1, 8, int(n), 0, 7000, time.UTC)
	w.p.journal = append(w.p.journal, store.Entry{Number: n, At: at, Who: "ann", Act: act, Subject: subject, Digest: digest, Position: -1})
	return n
}

func (w scribe) imports() {
	w.p.journal = nil
	for _, x := range w.p.sources {
		w.insert("source", x.Series, x.Namespace, x.Title, x.Publisher, x.Licence, x.Redistribute, x.Scope, x.Reliability, x.Caveats)
	}
	for _, x := range w.p.runs {
		var finished any
		if !x.Finished.IsZero() {
			finished = x.Finished.UnixMicro()
		}
		w.act("import.begin", x.ID, x.SHA256)
		w.insert("import_run", x.ID, x.Series, x.Profile, x.Layout, x.Mapping, x.File, x.SHA256, asJSON(x.Headers), x.Started.UnixMicro(), finished, asJSON(x.Progress))
	}
	for run, list := range w.p.rejected {
		for _, x := range list {
			w.insert("report_rejected", run, x.Row, x.Reason, asJSON(x.Raw))
		}
	}
}

func (w scribe) report(x intake.Report) {
	var before any
	if x.Supersedes != "" {
		before = x.Supersedes
	}
	w.insert("report", x.ID, x.Series, x.ExternalID, x.Occurrence, x.IncidentID, x.RunID, x.Row, before, number(!x.Retired), x.SeenRun, number(x.Gone), x.Country,
		x.DayFrom, x.DayTo, x.Assertions.Digest(), x.Assertions.Encode(), asJSON(x.Raw), asJSON(x.Flags), textKey(x.Assertions.Get("description")), 1)
}

func (w scribe) incident(x incident.Incident) {
	join := func(list []string) string { return strings.Join(list, " ") }
	best := func(field string) any {
		if c, ok := x.Counts[field]; ok {
			return c.Best
		}
		return nil
	}
	w.insert("incident", x.ID, x.PublicID, x.Namespace, x.ExternalID, join(x.Series), x.Date.String(), int64(x.Date.From()), int64(x.Date.To()), x.Country,
		x.Adm1, x.Place, x.Point, x.Precision, x.Certainty, x.Scope, x.Context, x.ActorKind, x.ActorName, join(x.ActorState), x.ActorNote, join(x.Codes),
		counts(x.Counts), x.Year(), best("worker.killed"), best("worker.injured"), best("worker.abducted"), best("worker.arrested"), best("total.killed"),
		best("total.injured"), x.Summary, join(x.Contested), join(x.Flags), number(x.Gone), 1)
}

func (w scribe) rest() {
	brought := map[string]int64{}
	for _, x := range w.p.codings { // one import a day
		if brought[x.Date] == 0 {
			brought[x.Date] = w.act("audit.codings", "", x.Digest())
		}
		w.insert("audit_value", x.Digest(), x.Kind, x.State, x.Clause, x.Year, asJSON(x), brought[x.Date])
	}
	for _, x := range w.p.texts {
		number := w.act("norm.keep", x.ID, x.Text.Digest())
		w.insert("norm_text", x.ID, x.Text.File, x.Text.Index, x.Text.TitleGuess, asJSON(x.Text), x.Text.Digest(), number)
	}
}

// textKey is what the first version kept of a description to see its repetition.
func textKey(description string) string {
	if len(text.Key(description)) < 40 {
		return ""
	}
	sum := sha256.Sum256([]byte(text.Key(description)))
	return hex.EncodeToString(sum[:12])
}

func asJSON(x any) string {
	body, err := json.Marshal(x)
	if err != nil {
		panic(err)
	}
	return string(body)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func counts(m map[string]tally.Count) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+"="+m[k].Text())
	}
	return strings.Join(parts, ";")
}

// canary begins every word that must not be found in clear.
const canary = "Qzkanari"

// plant puts a canary into every text of one event, of its import and of a coding, that must not lie in clear afterwards. The event is one that
// two registers tell of and of which an edition was superseded.
func (p *past) plant(t testing.TB) {
	t.Helper()
	described := map[string]intake.Source{}
	for _, s := range p.sources {
		described[s.Series] = s
	}
	at := slices.IndexFunc(p.incidents, func(inc incident.Incident) bool { return inc.ExternalID == "1005" })
	old := &p.incidents[at]
	var current []intake.Report
	for i := range p.reports {
		r := &p.reports[i]
		if r.IncidentID != old.ID {
			continue
		}
		for _, field := range []string{"description", "adm1", "place", "point", "actor.name", "actor.note", "weapon"} {
			r.Assertions = slices.DeleteFunc(r.Assertions, func(v assertion.Value) bool { return v.Field == field })
			r.Assertions = append(r.Assertions, assertion.Value{Field: field, Value: canary + " " + field, Raw: canary + " as written " + field})
		}
		r.Digest = r.Assertions.Digest()
		r.ExternalID, r.Raw, r.Flags = canary+"id", append(r.Raw, canary+" cell"), append(r.Flags, "odd_word place "+canary+" detail")
		if !r.Retired {
			current = append(current, *r)
		}
	}
	inc := refold(current, described)
	inc.ID, inc.PublicID, inc.Namespace, inc.ExternalID = old.ID, old.PublicID, old.Namespace, canary+"id"
	*old = inc
	run := &p.runs[0]
	run.File, run.Mapping, run.SHA256, run.Headers = canary+".csv", canary+"@map", canary+"sum", append(run.Headers, canary+" head")
	p.rejected[run.ID][0] = intake.Rejected{Row: p.rejected[run.ID][0].Row, Reason: "date " + canary, Raw: []string{canary, "and\n" + canary}}
	row := &p.codings[0]
	row.Note, row.Source, row.Evidence, row.Coder = canary+" note", canary+" source", canary+" evidence", canary+" coder"
	if len(current) != 2 || !strings.Contains(inc.Summary, canary) {
		t.Fatalf("%d current reports of %+v", len(current), inc)
	}
}

// guesses are digests without salt, by which somebody could confirm what a record says.
func (p past) guesses() []string {
	out := []string{textKey(longer)}
	for _, r := range p.reports[:20] {
		out = append(out, r.Assertions.Digest())
	}
	for _, r := range p.codings[:20] {
		out = append(out, r.Digest())
	}
	return out
}
