package web

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	record "ward/entry"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/simulate"
	"ward/store"
	"ward/store/storetest"
	"ward/tally"
	"ward/tlog"
	"ward/when"
)

// The benchmarks of this file are run by hand, alone on the machine; docs/performance.md has the commands and the results.

const (
	benchUsers  = 64
	benchStates = 26     // invented States XAA to XAZ
	benchReal   = 1_000  // of the incidents, those that came by a real import: they are opened and saved
	benchFill   = 20_000 // incidents unless WARD_BENCH_ROWS says otherwise
)

func benchRows(usually int) int {
	if n, err := strconv.Atoi(os.Getenv("WARD_BENCH_ROWS")); err == nil {
		return n
	}
	return usually
}

// narratives are descriptions in four scripts, each with a word that few others have.
var narratives = []string{
	"Armed men stopped an ambulance of the %s clinic at a checkpoint and took a nurse away; colleagues have not heard of her since.",
	"آمبولانس درمانگاه %s در ایست بازرسی متوقف شد و یک پرستار بازداشت شد؛ همکارانش از او خبری ندارند.",
	"أوقفت سيارة إسعاف تابعة لعيادة %s عند حاجز واعتقل طبيب، ولم يسمع عنه زملاؤه شيئا منذ ذلك الحين.",
	"Машину скорой помощи клиники %s остановили на блокпосту, врача увезли; коллеги с тех пор ничего о нём не слышали.",
}

// names are what clinics are called: a thousand words that nobody bears.
func benchName(n int) string {
	parts := []string{"ka", "lo", "mir", "ten", "su", "vor", "da", "ni", "zel", "pra"}
	return parts[n%10] + parts[n/10%10] + parts[n/100%10]
}

// benchIncident is the n-th of many, by all kinds of actors, over ten years.
func benchIncident(n int, tx *store.Tx) incident.Incident {
	state := fmt.Sprintf("XA%c", 'A'+n%benchStates)
	codes := [][]string{{"ATT.HVY"}, {"ATT.ENT", "PER.THR"}, {"PER.KIL"}, {"PER.ARR"}, {"DEN.CHK", "DEN.PHY"}, {"ATT.LOO", "PER.ABD", "ATT.TRN"}}
	kind := []string{"state.military", "state.police", "nsag", "unknown", "state.military", "foreign.military"}[n%6]
	inc := incident.New(incident.Incident{ID: id.New(tx.Now()), PublicID: id.Public(state, 2015+n%10), Namespace: "SiND", ExternalID: fmt.Sprint("b", n), Series: []string{"sind"},
		Date: when.On(when.Day(16436 + n*7919%3650)), Country: state, Adm1: "North", Certainty: []string{"possible", "probable", "confirmed"}[n/7%3], Scope: "health",
		Context: "armed_conflict", ActorKind: kind, Codes: codes[n/3%len(codes)], Counts: map[string]tally.Count{"worker.killed": tally.Exact(int64(n % 3))},
		Summary: fmt.Sprintf(narratives[n/11%len(narratives)], benchName(n%1000))})
	if kind != "nsag" && kind != "unknown" {
		inc.ActorState = []string{state}
	}
	return inc
}

// fillIncidents writes incidents in batches of a thousand, as an import's come.
func fillIncidents(b *testing.B, db *store.DB, n int) {
	b.Helper()
	for from := 0; from < n; from += 1000 {
		list := make([]incident.Incident, min(1000, n-from))
		err := db.Write(ctx, "benchmark", func(tx *store.Tx) error {
			number, err := tx.Next(ctx)
			digests := make([]tlog.Hash, len(list))
			for i := range list {
				list[i] = benchIncident(from+i, tx)
				list[i].Journal, list[i].Leaf, list[i].Secret = number, i, tlog.NewSecret()
				digests[i] = list[i].Commitment()
			}
			if err == nil {
				err = incident.Save(ctx, tx, list)
			}
			if err == nil {
				_, err = tx.JournalBatch(ctx, "import.batch", "", digests)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// benchDesk is a workspace in a directory, or at a PostgreSQL address, with n incidents, and those of them that were imported.
func benchDesk(b *testing.B, dir, target string, n int) (d *desk.Desk, files []string) {
	b.Helper()
	place := desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }}
	at := dir
	if target != "" {
		place.DB, at = target, target
	}
	d, err := desk.Open(ctx, place)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	real := min(benchReal, n)
	path := filepath.Join(b.TempDir(), "big.csv")
	if _, err := simulate.WriteBig(path, 1, real); err != nil {
		b.Fatal(err)
	}
	take(b, d, path)
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: real})
	if err != nil || len(page.Incidents) == 0 {
		b.Fatalf("%d imported: %v", page.Total, err)
	}
	for _, inc := range page.Incidents {
		files = append(files, inc.PublicID)
	}
	fillIncidents(b, storetest.At(b, at), n-real)
	return d, files
}

// crowd is many people at one site.
type crowd struct {
	d     *desk.Desk
	h     http.Handler
	files []string // public ids of imported incidents
	mu    sync.Mutex
	took  map[string][]time.Duration
	wrong []error
}

// visitor is the key under which a request carries who sends it.
type visitor struct{}

func newCrowd(b *testing.B, d *desk.Desk, files []string) *crowd {
	b.Helper()
	site, err := newSite(d)
	if err != nil {
		b.Fatal(err)
	}
	site.who = func(r *http.Request) (access.Actor, error) {
		who, _ := r.Context().Value(visitor{}).(access.Actor)
		return who, nil
	}
	return &crowd{d: d, h: site.handler(), files: files, took: map[string][]time.Duration{}}
}

// ask sends a request as somebody and gives the answer; a POST sends values as a form.
func (c *crowd) ask(who access.Actor, path string, values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if values != nil {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Host = "127.0.0.1:7766"
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitor{}, who)))
	return w
}

// operations are what people do, with how often of ten times.
var operations = []struct {
	name  string
	often int
	do    func(c *crowd, who access.Actor, r *rand.Rand) error
}{
	{"list", 4, (*crowd).list}, {"search", 3, (*crowd).search}, {"incident", 2, (*crowd).open}, {"save", 1, (*crowd).save},
}

func (c *crowd) page(who access.Actor, path string) error {
	if w := c.ask(who, path, nil); w.Code != http.StatusOK {
		return fmt.Errorf("%s: %d %.300s", path, w.Code, w.Body)
	}
	return nil
}

// list looks through the list of incidents: the first pages, a State, a code, in an order.
func (c *crowd) list(who access.Actor, r *rand.Rand) error {
	state := fmt.Sprintf("XA%c", 'A'+r.IntN(benchStates))
	queries := []string{"", "?page=" + strconv.Itoa(1+r.IntN(5)), "?country=" + state, "?country=" + state + "&code=PER.ARR", "?code=PER.KIL&sort=killed", "?from=2019&to=2020&country=" + state}
	return c.page(who, "/en/incidents"+queries[r.IntN(len(queries))])
}

// search types words into the box and reads what is found.
func (c *crowd) search(who access.Actor, r *rand.Rand) error {
	words := []string{benchName(r.IntN(1000)), "ambulance " + benchName(r.IntN(1000)), "پرستار بازداشت", "إسعاف", "checkpoint -nurse", "Машину " + benchName(r.IntN(1000))}
	form := url.Values{"q": {words[r.IntN(len(words))]}}
	if r.IntN(2) == 0 {
		form.Set("country", fmt.Sprintf("XA%c", 'A'+r.IntN(benchStates)))
	}
	w := c.ask(who, "/en/search", form)
	if w.Code != http.StatusSeeOther {
		return fmt.Errorf("search: %d %.300s", w.Code, w.Body)
	}
	return c.page(who, w.Header().Get("Location"))
}

func (c *crowd) open(who access.Actor, r *rand.Rand) error {
	return c.page(who, "/en/incidents/"+c.files[r.IntN(len(c.files))])
}

// save puts one more value of an imported incident on record, which folds it anew.
func (c *crowd) save(who access.Actor, r *rand.Rand) error {
	return c.d.StateIncident(ctx, who, c.files[r.IntN(len(c.files))], incident.Stated{Move: incident.Assert, Field: "place", Value: "Ward " + benchName(r.IntN(1000)), Source: "a colleague"})
}

// work lets some people do some operations each, with a pause before each of them, and gives how long it took altogether.
func (c *crowd) work(people, each int, pause time.Duration) time.Duration {
	clear(c.took)
	var all sync.WaitGroup
	began := time.Now()
	for n := range people {
		all.Go(func() {
			r := rand.New(rand.NewPCG(7, uint64(n)))
			who := access.Actor{Name: fmt.Sprint("colleague ", n), Account: fmt.Sprint("A", n), Roles: []access.Role{access.CaseWorker}}
			for range each {
				time.Sleep(time.Duration(r.Float64() * 2 * float64(pause)))
				c.once(who, r)
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

func (c *crowd) once(who access.Actor, r *rand.Rand) {
	at := r.IntN(10)
	for _, op := range operations {
		if at -= op.often; at >= 0 {
			continue
		}
		began := time.Now()
		err := op.do(c, who, r)
		took := time.Since(began)
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.took[op.name] = append(c.took[op.name], took); err != nil {
			c.wrong = append(c.wrong, err)
		}
		return
	}
}

// report gives the median and the 99th percentile of each operation in milliseconds.
func (c *crowd) report(b *testing.B) {
	b.Helper()
	if err := errors.Join(c.wrong...); err != nil {
		b.Fatalf("%.2000s", err)
	}
	for _, op := range operations {
		took := c.took[op.name]
		slices.Sort(took)
		if len(took) == 0 {
			continue
		}
		ms := func(share float64) float64 {
			return float64(took[min(len(took)-1, int(share*float64(len(took))))].Microseconds()) / 1000
		}
		b.ReportMetric(ms(0.5), op.name+"-p50-ms")
		b.ReportMetric(ms(0.99), op.name+"-p99-ms")
	}
}

// BenchmarkDesk64 lets 64 people list, search, open and save at once over 20,000 incidents (or WARD_BENCH_ROWS), on SQLite and on PostgreSQL:
// first one person alone, which is the baseline, then 64 who think two seconds before each act, then 64 who never pause.
func BenchmarkDesk64(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { desk64(b, "") })
	b.Run("postgres", func(b *testing.B) { desk64(b, storetest.Postgres(b)) })
}

func desk64(b *testing.B, target string) {
	d, files := benchDesk(b, b.TempDir(), target, benchRows(benchFill))
	c := newCrowd(b, d, files)
	c.work(1, 20, 0) // the index is made
	c.wrong = nil
	for _, phase := range []struct {
		name         string
		people, each int
		pause        time.Duration
	}{{"one", 1, 300, 0}, {"64-thinking", benchUsers, 20, 2 * time.Second}, {"64-at-once", benchUsers, 20, 0}} {
		b.Run(phase.name, func(b *testing.B) {
			for b.Loop() {
				took := c.work(phase.people, phase.each, phase.pause)
				b.ReportMetric(float64(phase.people*phase.each)/took.Seconds(), "acts/s")
			}
			c.report(b)
		})
	}
}

// BenchmarkMemory opens a workspace of 50,000 incidents (or WARD_BENCH_ROWS) and 20,000 sealed narratives of reports in a process of its own,
// looks at every kind of page there, and reports that process's peak memory.
func BenchmarkMemory(b *testing.B) {
	const inChild = "WARD_BENCH_WORKSPACE"
	if dir := os.Getenv(inChild); dir != "" {
		fmt.Printf("%d incidents %.0f MB\n", lookAround(b, dir), storetest.PeakMB(b))
		return
	}
	dir := b.TempDir()
	d, _ := benchDesk(b, dir, "", benchRows(50_000))
	fillReports(b, storetest.At(b, dir), 20_000)
	d.Close()
	for b.Loop() {
		child := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkMemory$", "-test.benchtime=1x")
		child.Env = append(os.Environ(), inChild+"="+dir)
		out, err := child.CombinedOutput()
		_, said, found := strings.Cut(string(out), "incidents ")
		peak, wrong := strconv.ParseFloat(strings.Fields(said + " ?")[0], 64)
		if err != nil || wrong != nil || !found {
			b.Fatalf("%.2000s %v", out, err)
		}
		b.ReportMetric(peak, "MB-peak")
	}
}

// lookAround asks for every kind of page that stands in memory and gives how many incidents there are.
func lookAround(b *testing.B, dir string) int {
	d, err := desk.Open(ctx, desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	h := pagesOf(b, d)
	for _, path := range []string{"/en/", "/en/incidents", "/en/search?view=timeline", "/en/search?view=map", "/en/inbox", "/en/today", "/en/states"} {
		if w := get(b, h, path); w.Code != http.StatusOK && w.Code != http.StatusNotFound {
			b.Fatalf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
	found, err := d.Find(ctx, access.Local(), desk.FindReports, desk.IncidentQuery{Words: "nurse", Limit: 50})
	if err != nil || found.Total == 0 {
		b.Fatalf("%d reports: %v", found.Total, err)
	}
	return found.Kinds[0].Docs
}

// fillReports takes down reports in batches of a thousand; narratives are of some 1,000 letters.
func fillReports(b *testing.B, db *store.DB, n int) {
	b.Helper()
	for from := 0; from < n; from += 1000 {
		made := make([]record.New, min(1000, n-from))
		err := db.Write(ctx, "benchmark", func(tx *store.Tx) error {
			for i := range made {
				told := strings.Repeat(fmt.Sprintf(narratives[(from+i)%len(narratives)], benchName(from+i))+" ", 8)
				made[i] = record.New{Kind: intake.KindReceived, Subject: id.New(tx.Now()), Body: intake.Received{Channel: "call", Mode: "anonymous", Day: "2024-05-03", Danger: "no", Narrative: told, Country: "XAA"}}
			}
			_, err := record.Add(ctx, tx, intake.RegisterReport, made...)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
