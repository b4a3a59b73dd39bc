package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"ward/assertion"
	"ward/exchange"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
	"ward/when"
)

// matcher sets the rows of one batch beside the current reports of their series.
type matcher struct {
	*importer
	tx     *store.Tx
	out    *batch
	held   map[string][]*intake.Report // by the id that a row would bear
	own    map[string]string           // Ward's own ids among the rows -> incident
	coming map[string]int              // rows still to be placed, by id and digest
	told   map[string][]intake.Told    // where the rows' descriptions stand already
	erased map[string]bool             // of Ward's own ids among the rows, those under which something was erased
}

// draft is a row with the report it would become.
type draft struct {
	row    exchange.Row
	report intake.Report
}

// key joins what makes two rows equal.
func (d draft) key() string { return d.report.ExternalID + "\x1f" + d.report.Digest }

// match decides what each row is.
func (imp *importer) match(ctx context.Context, tx *store.Tx, rows []exchange.Row) (*batch, error) {
	m := &matcher{importer: imp, tx: tx, out: &batch{}, held: map[string][]*intake.Report{}, own: map[string]string{}, coming: map[string]int{},
		erased: map[string]bool{}}
	drafts := make([]draft, len(rows))
	for i, row := range rows {
		drafts[i] = draft{row, imp.reportOf(row, tx)}
		m.coming[drafts[i].key()]++
	}
	if err := m.load(ctx, drafts); err != nil {
		return nil, err
	}
	if err := m.loadTexts(ctx, drafts); err != nil {
		return nil, err
	}
	for _, d := range drafts {
		m.place(d)
	}
	return m.out, nil
}

// reportOf is the report that a row would become.
func (imp *importer) reportOf(row exchange.Row, tx *store.Tx) intake.Report {
	list := listOf(row)
	r := intake.Report{ID: id.New(tx.Now()), Series: imp.file.Series(), ExternalID: externalID(row), RunID: imp.run.ID, Row: row.Number,
		SeenRun: imp.run.ID, Digest: list.Digest(), Assertions: list, Raw: row.Raw, Flags: flagWords(row), Country: list.Get("country"), TextKey: textKey(list.Get("description"))}
	if d, err := when.Parse(list.Get("date")); err == nil {
		r.DayFrom, r.DayTo = int64(d.From()), int64(d.To())
	}
	return r
}

// maxID is the longest id that is kept, in bytes: the longest real one has 12, and a database's index holds 2,700.
const maxID = 500

// leastText is how many letters and digits a description has before its repetition says anything.
const leastText = 40

// textKey is equal for descriptions of the same letters and digits, and empty for short ones.
func textKey(description string) string {
	key := text.Key(description)
	if len(key) < leastText {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:12])
}

// loadTexts finds where the rows' descriptions stand already.
func (m *matcher) loadTexts(ctx context.Context, drafts []draft) (err error) {
	var keys []string
	for _, d := range drafts {
		if d.report.TextKey != "" {
			keys = append(keys, d.report.TextKey)
		}
	}
	m.told, err = intake.SameText(ctx, m.tx, m.file.Series(), distinct(keys))
	return err
}

// repeats finds the id of an earlier row of the file with the same description, "" when there is none.
func (m *matcher) repeats(r intake.Report) string {
	if r.TextKey == "" {
		return ""
	}
	told := m.told[r.TextKey]
	m.told[r.TextKey] = append(told, intake.Told{ExternalID: r.ExternalID, Row: r.Row})
	for _, t := range told {
		if t.ExternalID != r.ExternalID && t.Row < r.Row {
			return t.ExternalID
		}
	}
	return ""
}

// externalID is the publisher's id, or "~" and the key of what the row says. What is too long to be either stands by its
// digest.
func externalID(row exchange.Row) string {
	given := cmp.Or(row.ExternalID, row.Key)
	switch {
	case len(given) > maxID:
		sum := sha256.Sum256([]byte(given))
		return "~" + hex.EncodeToString(sum[:])
	case row.ExternalID == "":
		return "~" + row.Key
	case isOwnID(row.ExternalID):
		return strings.ToUpper(row.ExternalID)
	}
	return row.ExternalID
}

// isOwnID reports an id that Ward gave an incident: it points at one and never makes one.
func isOwnID(externalID string) bool {
	return len(externalID) > 4 && strings.EqualFold(externalID[:4], "WRD-")
}

// load gathers what the workspace holds under the rows' ids.
func (m *matcher) load(ctx context.Context, drafts []draft) error {
	var ids, own []string
	for _, d := range drafts {
		if isOwnID(d.report.ExternalID) {
			own = append(own, d.report.ExternalID)
		} else {
			ids = append(ids, d.report.ExternalID)
		}
	}
	public, theirs, err := m.resolve(ctx, own)
	if err != nil {
		return err
	}
	current, err := intake.Current(ctx, m.tx, m.file.Series(), distinct(append(ids, theirs...)))
	for i := range current {
		r := &current[i]
		m.held[r.ExternalID] = append(m.held[r.ExternalID], r)
		if p := public[r.IncidentID]; p != "" && p != r.ExternalID {
			m.held[p] = append(m.held[p], r)
		}
	}
	if err != nil {
		return err
	}
	m.out.known, err = incident.ByExternalID(ctx, m.tx, m.file.Namespace(), m.keys(drafts))
	return err
}

// keys are all under which the rows may make an incident.
func (m *matcher) keys(drafts []draft) []string {
	var keys []string
	times := map[string]int{}
	for _, d := range drafts {
		r := d.report
		if isOwnID(r.ExternalID) {
			continue
		}
		times[r.ExternalID]++
		r.Occurrence = times[r.ExternalID] + len(m.held[r.ExternalID])
		keys = append(keys, incidentKey(r))
		if times[r.ExternalID] == 1 && r.Occurrence > 1 {
			keys = append(keys, r.ExternalID)
		}
	}
	return keys
}

// resolve finds the incidents behind Ward's own ids: their public ids by incident, and the ids under which this series
// tells of them already.
func (m *matcher) resolve(ctx context.Context, own []string) (public map[string]string, theirs []string, err error) {
	if len(own) == 0 {
		return nil, nil, nil
	}
	public = map[string]string{}
	var incidents []string
	err = incident.Each(ctx, m.tx, incident.Where{PublicIDs: distinct(own)}, func(inc incident.Incident) error {
		if m.erased[inc.PublicID] = inc.Erased; inc.Erased {
			return nil
		}
		public[inc.ID], m.own[inc.PublicID] = inc.PublicID, inc.ID
		incidents = append(incidents, inc.ID)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	gone, err := intake.Erased(ctx, m.tx, m.file.Series(), incidents)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range gone {
		m.erased[public[id]] = true
	}
	reports, err := intake.OfIncidents(ctx, m.tx, incidents)
	for _, list := range reports {
		for _, r := range list {
			if r.Series == m.file.Series() {
				theirs = append(theirs, r.ExternalID)
			}
		}
	}
	return public, theirs, err
}

// rejectOwnID is the reason for rejecting a row that bears an id of Ward's own which no incident here has.
const rejectOwnID = exchange.RejectOwnID + " Ward gives such ids; no incident here has this one"

// rejectErased is the reason for rejecting a row whose record was erased here: an import must not bring it back.
const rejectErased = "erased this record was erased here on request and is not taken in again"

// place decides what one row is: rejected, a duplicate, unchanged, changed or new.
func (m *matcher) place(d draft) {
	p := &m.run.Progress
	p.Rows++
	m.coming[d.key()]--
	held := m.held[d.report.ExternalID]
	incident, known := m.own[d.report.ExternalID]
	switch {
	case m.wasErased(d.report, held):
		m.refuse(d)
	case d.row.Reject != nil:
		m.reject(d, reason(*d.row.Reject))
	case isOwnID(d.report.ExternalID) && !known:
		m.reject(d, rejectOwnID)
	case d.row.ExternalID != "" && find(held, func(r *intake.Report) bool { return m.seen(r) && r.Digest == d.report.Digest }) != nil:
		p.Duplicates++
		p.Flagged++
	default:
		d.report.IncidentID = incident
		m.flag(&d, find(held, m.seen) != nil)
		m.widen(d.report)
		m.settle(d, held)
	}
}

// wasErased reports a row under an id of which an edition, or the incident, was erased here.
func (m *matcher) wasErased(r intake.Report, held []*intake.Report) bool {
	return m.erased[r.ExternalID] || m.out.known[r.ExternalID].Erased || find(held, func(r *intake.Report) bool { return r.Erased }) != nil
}

// seen reports a report that this file has told already.
func (m *matcher) seen(r *intake.Report) bool { return r.SeenRun == m.run.ID }

// reject keeps a row out, verbatim with the reason. The report that an earlier edition gave under its id is not gone: the
// file has it, only not legibly.
func (m *matcher) reject(d draft, reason string) {
	m.keepOut(intake.Rejected{Row: d.row.Number, Reason: reason, Raw: d.row.Raw})
	if before := find(m.held[d.report.ExternalID], func(r *intake.Report) bool { return !m.seen(r) }); before != nil {
		m.still(before)
	}
}

// refuse keeps a row out whose record was erased, and does not keep its words. What else the file has under its id is not gone.
func (m *matcher) refuse(d draft) {
	m.keepOut(intake.Rejected{Row: d.row.Number, Reason: rejectErased})
	for _, h := range m.held[d.report.ExternalID] {
		if !m.seen(h) {
			m.still(h)
		}
	}
}

func (m *matcher) keepOut(x intake.Rejected) {
	m.run.Progress.Rejected++
	m.out.rejected = append(m.out.rejected, x)
	if m.opt.DryRun {
		m.rejected = append(m.rejected, x)
	}
}

// flag counts a row that somebody should look at; a further row under one id is one of them.
func (m *matcher) flag(d *draft, again bool) {
	look := again
	for _, f := range d.row.Flags {
		look = look || !f.Notice()
	}
	if again {
		d.report.Flags = append(d.report.Flags, exchange.FlagIDRepeated)
	}
	if len(d.row.ExternalID) > maxID {
		look, d.report.Flags = true, append(d.report.Flags, exchange.FlagIDTooLong)
	}
	if earlier := m.repeats(d.report); earlier != "" {
		look, d.report.Flags = true, append(d.report.Flags, exchange.FlagTextRepeated+" description as under "+earlier)
	}
	if look {
		m.run.Progress.Flagged++
	}
}

// settle files a row beside the edition it follows: an equal one, else one that no later row of the batch equals.
func (m *matcher) settle(d draft, held []*intake.Report) {
	p, r := &m.run.Progress, d.report
	same := find(held, func(h *intake.Report) bool { return !m.seen(h) && h.Digest == r.Digest })
	if same == nil { // perhaps spelled otherwise
		same = find(held, func(h *intake.Report) bool {
			return !m.seen(h) && len(assertion.Compare(h.Assertions, r.Assertions)) == 0
		})
	}
	if same != nil {
		p.Unchanged++
		m.still(same)
		return
	}
	before := find(held, func(h *intake.Report) bool { return !m.seen(h) && m.coming[draft{report: *h}.key()] == 0 })
	if before != nil {
		p.Changed++
		r.Supersedes, r.ExternalID, r.Occurrence, r.IncidentID = before.ID, before.ExternalID, before.Occurrence, before.IncidentID
		*before = r
	} else {
		r.Occurrence = len(held) + 1
		if r.IncidentID == "" && m.out.known[incidentKey(r)].Erased {
			m.refuse(d)
			return
		}
		p.New++
		kept := r
		m.held[r.ExternalID] = append(held, &kept)
	}
	if r.IncidentID != "" {
		m.out.touched = append(m.out.touched, r.IncidentID)
	}
	m.out.fresh = append(m.out.fresh, r)
}

// still notes that the file has a report unchanged; one that was gone is back.
func (m *matcher) still(before *intake.Report) {
	m.out.seen = append(m.out.seen, before.ID)
	if before.Gone {
		m.out.touched = append(m.out.touched, before.IncidentID)
	}
	before.SeenRun = m.run.ID
}

// widen makes the file's own scope hold one more row: within it, what the file lacks is gone.
func (m *matcher) widen(r intake.Report) {
	p := &m.run.Progress
	if i, ok := slices.BinarySearch(p.Countries, r.Country); !ok {
		p.Countries = slices.Insert(p.Countries, i, r.Country)
	}
	if r.DayFrom == 0 && r.DayTo == 0 {
		return // undated
	}
	if p.FirstDay == 0 && p.LastDay == 0 {
		p.FirstDay, p.LastDay = r.DayFrom, r.DayTo
	}
	p.FirstDay, p.LastDay = min(p.FirstDay, r.DayFrom), max(p.LastDay, r.DayTo)
}

func find(list []*intake.Report, is func(*intake.Report) bool) *intake.Report {
	for _, r := range list {
		if is(r) {
			return r
		}
	}
	return nil
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

func listOf(row exchange.Row) assertion.List {
	list := make(assertion.List, len(row.Values))
	for i, v := range row.Values {
		list[i] = assertion.Value{Field: v.Field, Value: v.Value, Raw: v.Raw}
	}
	return list
}

func flagWords(row exchange.Row) []string {
	out := make([]string, 0, len(row.Flags))
	for _, f := range row.Flags {
		out = append(out, reason(f))
	}
	return out
}

func reason(f exchange.Flag) string {
	return strings.TrimSpace(f.Code + " " + f.Field + " " + f.Detail)
}
