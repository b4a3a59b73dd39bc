package intake

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"ward/entry"
	"ward/seal"
	"ward/store"
	"ward/tlog"
	"ward/when"
)

// checkRows is how many records are in memory at once.
const checkRows = 1000

// checker compares what is kept here with what the journal commits to.
type checker struct {
	ctx       context.Context
	tx        *store.Tx
	textKey   func(description string) string
	wrong     store.Wrong
	committed *store.Committed

	runs   map[string]Run
	series map[string][]Run  // the finished ones, the earliest first
	later  map[string]string // report -> run of the edition that superseded it
}

// Check compares every run, every report with all its columns, every rejected row and every contact with what the journal commits to.
// textKey is the rule by which an import keys descriptions; told is called now and then.
func Check(ctx context.Context, tx *store.Tx, textKey func(string) string, told func(done int64), wrong store.Wrong) (reports int64, err error) {
	c := checker{ctx: ctx, tx: tx, textKey: textKey, wrong: wrong, committed: tx.Committed(), runs: map[string]Run{}, series: map[string][]Run{}}
	if err := c.checkRuns(); err != nil {
		return 0, err
	}
	if c.later, err = superseded(ctx, tx); err != nil {
		return 0, err
	}
	for after := ""; ; told(reports) {
		page, err := c.reports(after)
		if err != nil {
			return reports, err
		}
		if len(page) == 0 {
			return reports, c.checkContacts()
		}
		for _, k := range page {
			if k.ID <= after {
				wrong("report "+k.ID, "stands out of order")
				return reports, nil // nothing more can be read page by page
			}
			if err := c.report(k); err != nil {
				return reports, err
			}
			after = k.ID
		}
		reports += int64(len(page))
	}
}

// superseded maps each report that a newer edition follows to that edition's run.
func superseded(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	rows, err := tx.Query(ctx, "SELECT supersedes, run_id FROM report WHERE supersedes IS NOT NULL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var before, run string
		if err := rows.Scan(&before, &run); err != nil {
			return nil, err
		}
		out[before] = run
	}
	return out, rows.Err()
}

// keptReport is a report as it is kept, with what a reader of reports does not need.
type keptReport struct {
	Report
	textKey string
	keyless bool // not even an erased key is there
	empty   bool // nothing is sealed in it
	odd     bool // what is yes or no is neither
	fault   error
}

func (c *checker) reports(after string) (out []keptReport, err error) {
	const where = " FROM report r LEFT JOIN subject_key k ON k.subject=r.id WHERE r.id>$1 ORDER BY r.id LIMIT $2"
	rows, err := c.tx.Query(c.ctx, "SELECT "+reportSelect+where, after, checkRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k keptReport
		k.Report, k.fault = scanReport(c.tx, rows)
		out = append(out, k)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	more, err := c.tx.Query(c.ctx, "SELECT r.text_key, k.subject IS NULL, r.sealed IS NULL, r.current NOT IN (0,1) OR r.gone NOT IN (0,1)"+where, after, checkRows)
	if err != nil {
		return nil, err
	}
	defer more.Close()
	for i := 0; i < len(out) && more.Next(); i++ {
		if err := more.Scan(&out[i].textKey, &out[i].keyless, &out[i].empty, &out[i].odd); err != nil {
			return nil, err
		}
	}
	return out, more.Err()
}

func (c *checker) report(k keptReport) error {
	name := "report " + k.ID
	switch {
	case k.fault != nil:
		c.wrong(name, "does not open")
		return nil
	case k.keyless || k.odd:
		c.wrong(name, "has no key although it was not erased, or is neither current nor superseded")
		return nil
	case k.Erased:
		if !k.empty || k.Country != "" || k.DayFrom != 0 || k.DayTo != 0 || k.textKey != "" || k.Row != 0 || k.Leaf != 0 {
			c.wrong(name, "was erased, and something of it is left")
		}
		return nil
	}
	held, err := c.committed.Holds(c.ctx, k.Journal, k.Leaf, k.Commitment())
	if err != nil {
		return err
	}
	if !held {
		c.wrong(name, "says something else than what was journalled")
		return nil
	}
	what, err := c.columns(k)
	if what != "" {
		c.wrong(name, what)
	}
	return err
}

// columns compares the columns that follow from others; "" is well.
func (c *checker) columns(k keptReport) (string, error) {
	external, err := externalKey(c.tx, k.Series, k.ExternalID)
	if err != nil {
		return "", err
	}
	told, err := textKey(c.tx, k.Series, c.textKey(k.Assertions.Get("description")))
	if err != nil {
		return "", err
	}
	var from, to int64
	if d, err := when.Parse(k.Assertions.Get("date")); err == nil {
		from, to = int64(d.From()), int64(d.To())
	}
	_, known := c.runs[k.RunID]
	seen, seenKnown := c.runs[k.SeenRun]
	switch {
	case k.externalKey != external:
		return "has another key for its publisher's id", nil
	case k.textKey != told:
		return "has another key for its description", nil
	case k.Country != k.Assertions.Get("country"):
		return "has another country than it states", nil
	case k.DayFrom != from || k.DayTo != to:
		return "has other days than it states", nil
	case !known || !seenKnown || seen.Series != k.Series:
		return "names an import that is not there", nil
	case k.Retired != (c.later[k.ID] != ""):
		return "is marked current, or superseded, against its editions", nil
	case !c.goneFits(k):
		return "is marked gone, or not gone, against the imports since", nil
	}
	return "", nil
}

// goneFits repeats what marks a report gone: a finished import of its series, since the last one whose file had it, whose scope holds it.
func (c *checker) goneFits(k keptReport) bool {
	seen, until := c.runs[k.SeenRun].Started, c.runs[c.later[k.ID]].Started
	gone, unsure := false, false
	for _, run := range c.series[k.Series] {
		if !run.Started.After(seen) || !until.IsZero() && !run.Started.Before(until) {
			continue
		}
		p := run.Progress
		unsure = unsure || run.Erased
		gone = gone || k.DayFrom >= p.FirstDay && k.DayTo <= p.LastDay && slices.Contains(p.Countries, k.Country)
	}
	return unsure || k.Gone == gone
}

func (c *checker) checkRuns() error {
	list, faults, err := c.allRuns()
	if err != nil {
		return err
	}
	written, err := c.progressTexts()
	if err != nil {
		return err
	}
	for i, r := range list {
		if faults[i] == nil && written[r.ID] != marshal(r.Progress) {
			c.wrong("import "+r.ID, "has its progress written otherwise than Ward writes it")
		}
		c.runs[r.ID] = r
		if !r.Finished.IsZero() {
			c.series[r.Series] = append(c.series[r.Series], r)
		}
		if faults[i] != nil {
			c.wrong("import "+r.ID, "does not open")
			continue
		}
		if err := c.checkRun(r); err != nil {
			return err
		}
	}
	for _, list := range c.series {
		slices.SortFunc(list, func(a, b Run) int { return a.Started.Compare(b.Started) })
	}
	return nil
}

// progressTexts are the runs' progress as it is written: reading forgives a letter's case, and a doctor does not.
func (c *checker) progressTexts() (map[string]string, error) {
	rows, err := c.tx.Query(c.ctx, "SELECT id, progress FROM import_run")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		out[id] = text
	}
	return out, rows.Err()
}

func (c *checker) allRuns() (list []Run, faults []error, err error) {
	rows, err := c.tx.Query(c.ctx, "SELECT "+runColumns+" FROM import_run r LEFT JOIN subject_key k ON k.subject=r.id ORDER BY r.id")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRun(c.tx, rows)
		list, faults = append(list, r), append(faults, err)
	}
	return list, faults, rows.Err()
}

// Blobs maps each stored file to the run or report that it belongs to; runs that do not open, or were erased, are left out, and so are erased
// reports.
func Blobs(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	c := checker{ctx: ctx, tx: tx}
	list, faults, err := c.allRuns()
	out := map[string]string{}
	for i, r := range list {
		if faults[i] == nil && r.Original.Blob != "" {
			out[r.Original.Blob] = r.ID
		}
	}
	if err != nil {
		return out, err
	}
	received, err := entry.All[Received](ctx, tx, KindReceived)
	for _, e := range received {
		for _, f := range e.Body.Files {
			out[f.Blob] = e.Subject
		}
	}
	return out, err
}

// checkRun compares a run with the journal rows that it left: what it read, what came of it, when it began and ended.
func (c *checker) checkRun(r Run) error {
	name := "import " + r.ID
	history, err := c.tx.History(c.ctx, r.ID)
	if err != nil {
		return err
	}
	var read, found, begun, ended bool
	moved := false
	for _, e := range history {
		switch e.Act {
		case "import.begin":
			begun = begun || e.At.Equal(r.Started)
		case "import.finish":
			ended = ended || e.At.Equal(r.Finished)
		case "workspace.move":
			moved = true
		}
		for place := range 2 {
			is, err := c.committed.Holds(c.ctx, e.Number, place, r.Secret.Digest(r.Fields()))
			if err != nil {
				return err
			}
			came, err := c.committed.Holds(c.ctx, e.Number, place, r.ResultSecret.Digest(r.Result()))
			if err != nil {
				return err
			}
			read, found = read || is, found || came
		}
	}
	finished := !r.Finished.IsZero()
	switch {
	case len(history) == 0:
		c.wrong(name, "stands nowhere in the journal")
	case !r.Erased && (!read || finished && !found):
		c.wrong(name, "says something else than what was journalled")
	case !moved && (!begun || finished && !ended):
		c.wrong(name, "has other times than its journal rows")
	}
	if moved {
		return nil
	}
	return c.countRows(r, name)
}

// countRows notices reports and rejected rows that are gone, which nothing else would miss.
func (c *checker) countRows(r Run, name string) error {
	var reports, rejected int
	err := c.tx.QueryRow(c.ctx, "SELECT (SELECT COUNT(*) FROM report WHERE run_id=$1), (SELECT COUNT(*) FROM report_rejected WHERE run_id=$2)", r.ID, r.ID).Scan(&reports, &rejected)
	if err != nil {
		return err
	}
	if want := r.Progress.New + r.Progress.Changed; reports != want {
		c.wrong(name, "brought "+strconv.Itoa(want)+" reports, and "+strconv.Itoa(reports)+" are there")
	}
	if rejected != r.Progress.Rejected {
		c.wrong(name, "rejected "+strconv.Itoa(r.Progress.Rejected)+" rows, and "+strconv.Itoa(rejected)+" are there")
	}
	keys, err := c.tx.Keys(c.ctx, r.ID)
	if key, ok := keys[r.ID]; ok && err == nil {
		return c.rejectedOpen(key, r.ID)
	}
	return err
}

func (c *checker) rejectedOpen(key seal.Key, run string) error {
	rows, err := c.tx.Query(c.ctx, "SELECT row_number, sealed FROM report_rejected WHERE run_id=$1", run)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row int
		var sealed []byte
		if err := rows.Scan(&row, &sealed); err != nil {
			return err
		}
		if _, err := openRejected(key, run, row, sealed); err != nil {
			c.wrong("rejected row "+strconv.Itoa(row)+" of import "+run, "does not open")
		}
	}
	return rows.Err()
}

func (c *checker) checkContacts() error {
	rows, err := c.tx.Query(c.ctx, `SELECT c.id, c.sealed, c.officers, c.journal, k.wrapped IS NULL FROM source_contact c LEFT JOIN subject_key k ON k.subject=c.id ORDER BY c.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []keptContact
	for rows.Next() {
		var k keptContact
		if err := rows.Scan(&k.id, &k.sealed, &k.officers, &k.journal, &k.erased); err != nil {
			return err
		}
		list = append(list, k)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	officers, err := c.tx.Officers(c.ctx)
	if err != nil {
		return err
	}
	for _, k := range list {
		held, err := c.committed.Holds(c.ctx, k.journal, 0, tlog.Hash(sha256.Sum256(k.sealed)))
		if err != nil {
			return err
		}
		if k.erased != (k.sealed == nil) || !k.erased && !held || !k.to(officers) {
			c.wrong("contact "+k.id, "is not what was journalled, or is sealed to somebody unknown")
		}
	}
	return nil
}

// keptContact is a contact as it is kept.
type keptContact struct {
	id, officers string
	sealed       []byte
	journal      int64
	erased       bool
}

// to reports that a contact names officers of this workspace alone.
func (k keptContact) to(officers []store.Officer) bool {
	for name := range strings.SplitSeq(k.officers, "\n") {
		if !slices.ContainsFunc(officers, func(o store.Officer) bool { return o.Name == name }) {
			return false
		}
	}
	return true
}
