package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"ward/fault"
	"ward/policy"
)

// Bounds of a report file. A cell needs 4 levels of nesting.
const (
	maxReport = 512 << 20
	maxDepth  = 16
)

// Difference is a cell, an incident or another part of the report that does not come out as the file says.
type Difference struct {
	Part     string   // "cell", "incident", or the key of another part
	Clause   string   // of a cell
	Year     int      // of a cell
	Incident string   // its id
	Keys     []string // what differs; "missing", "extra" or "twice" for the whole
}

// String names the part in words.
func (d Difference) String() string {
	part := d.Part
	switch d.Part {
	case "cell":
		part = fmt.Sprintf("cell %s in %d", d.Clause, d.Year)
	case "incident":
		part = fmt.Sprintf("incident %.60q", d.Incident)
	}
	if len(d.Keys) == 0 {
		return part + " differs"
	}
	return part + " differs: " + strings.Join(d.Keys, ", ")
}

// Result is what Check found. It says that all of the report follows from the extract in the file, except what
// NotCompared names; it cannot say that the extract is true or complete.
type Result struct {
	State       string
	From, To    int
	Cells       int          // rebuilt
	Incidents   int          // in the extract
	Differ      []Difference // empty = same
	Versions    []string     // what the file was made with that this program does not have, in words
	Proven      int          // incidents whose values were proved against the log
	KeptBack    int          // of those, with fields that the audit leaves out because they would point at a person
	Origin      string       // of that log; "" where the file carries no proofs
	Checkpoint  string       // signed; judge it against a policy
	Verifier    string       // its key
	NotCompared []string     // what nobody can rebuild from the file, in words; never empty
}

// Same reports that everything that was compared was rebuilt as the file has it.
func (r Result) Same() bool { return len(r.Differ) == 0 }

// file is a report as it is read: the parts to compare stay as they were written.
type file struct {
	Format      string            `json:"format"`
	State       string            `json:"state"`
	From        int               `json:"from"`
	To          int               `json:"to"`
	CutOff      string            `json:"cut_off"`
	MadeAt      string            `json:"made_at"`
	Cells       []json.RawMessage `json:"cells"`
	Incidents   []json.RawMessage `json:"incidents"`
	Indicators  []Row             `json:"indicators"`
	Codings     []Row             `json:"codings"`
	Information []Row             `json:"information"`
	Replies     []Row             `json:"replies"`
	Parties     []Row             `json:"parties"`
	Citations   []Row             `json:"citations"`
	Steps       []Row             `json:"steps"`
	Corrections []Row             `json:"corrections"`
	Appeals     []Row             `json:"appeals"`

	Reservations   []Row `json:"reservations"`
	Withdrawals    []Row `json:"withdrawals"`
	Visits         []Row `json:"visits"`
	Communications []Row `json:"communications"`
	Conflicts      []Row `json:"conflicts"`

	Log    json.RawMessage `json:"log"`
	Method struct {
		Rules    string `json:"rules"`
		Norms    string `json:"norms"`
		Codebook string `json:"codebook"`
	} `json:"method"`
}

// Check rebuilds a report from the extract in its own file and compares all of it: every cell, every incident, the
// tables, what is not known, and the words of the method. Faults: Invalid (not such a file, or one that two readers
// could take for two reports), Limit (too large or too deep).
func Check(r io.Reader, corpus *policy.Corpus) (Result, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return Result{}, fault.Wrap(err, fault.Invalid, "the report cannot be read")
	}
	if len(raw) > maxReport {
		return Result{}, fault.New(fault.Limit, "the report is larger than %d MB", maxReport>>20)
	}
	if err := wellFormed(raw); err != nil {
		return Result{}, err
	}
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return Result{}, fault.Wrap(err, fault.Invalid, "the file is not a State's audit").Do("give the JSON that `ward audit --format json` wrote")
	}
	in, err := f.input()
	if err != nil {
		return Result{}, err
	}
	built, err := Build(in, corpus)
	if err != nil {
		return Result{}, fault.Wrap(err, fault.KindOf(err), "the audit cannot be rebuilt")
	}
	out := Result{State: f.State, From: f.From, To: f.To, Cells: len(built.Cells), Incidents: len(f.Incidents), Versions: f.versions(built)}
	if err := out.compare(raw, &f, in.Incidents, built); err != nil {
		return out, err
	}
	return out, out.proven(f.Log, in.Incidents)
}

// compare fills in what differs and what was not compared.
func (r *Result) compare(raw []byte, f *file, extracted []Incident, built *Report) error {
	before := f.Format == formatBefore
	cells, err := compareCells(f.Cells, built.Cells, before)
	if err != nil {
		return err
	}
	incidents, err := compareIncidents(f.Incidents, extracted, built.Incidents)
	if err != nil {
		return err
	}
	parts, leftOut, err := compareParts(raw, built, before)
	r.Differ = slices.Concat(cells, incidents, parts)
	r.NotCompared = []string{"whether the incidents and what people stated are true and complete", "when the report was made"}
	if before {
		r.NotCompared = append(r.NotCompared, "the procedure of the cells and the words of the method: the file is of the earlier format "+formatBefore)
	}
	if len(leftOut) > 0 {
		r.NotCompared = append(r.NotCompared, "how many incidents were left out: "+strings.Join(leftOut, ", "))
	}
	return err
}

// input takes from the file what a report is built from.
func (f *file) input() (Input, error) {
	if f.Format != Format && f.Format != formatBefore {
		return Input{}, fault.New(fault.Invalid, "the file's format is %.40q, not %q", f.Format, Format).
			Do("give the JSON that `ward audit --format json` wrote")
	}
	if f.From == 0 || f.To == 0 {
		return Input{}, fault.New(fault.Invalid, "the file does not say which years it covers")
	}
	in := Input{State: f.State, From: f.From, To: f.To, CutOff: f.CutOff, MadeAt: f.MadeAt}
	in.Incidents = make([]Incident, 0, len(f.Incidents))
	for i := range f.Incidents {
		var e extract
		if err := json.Unmarshal(f.Incidents[i], &e); err != nil {
			return in, fault.Wrap(err, fault.Invalid, "an incident of the file cannot be read")
		}
		inc, err := e.incident()
		if err != nil {
			return in, err
		}
		in.Incidents = append(in.Incidents, inc)
	}
	for _, part := range []struct {
		kind string
		rows []Row
	}{
		{KindCoding, f.Indicators}, {KindOutcome, f.Codings}, {KindInformation, f.Information},
		{KindReply, f.Replies}, {KindParty, f.Parties}, {KindCitation, f.Citations},
		{KindStep, f.Steps}, {KindCorrection, f.Corrections}, {KindAppeal, f.Appeals}, {KindReservation, f.Reservations},
		{KindWithdrawal, f.Withdrawals}, {KindVisit, f.Visits}, {KindCommunication, f.Communications}, {KindConflict, f.Conflicts},
	} {
		for _, row := range part.rows {
			row.Kind, row.State = part.kind, f.State
			in.Rows = append(in.Rows, row)
		}
	}
	return in, nil
}

// versions tells where the file was made with other rules, norms or codes than this program has.
func (f *file) versions(built *Report) (out []string) {
	for _, v := range []struct{ what, file, here string }{
		{"rules", f.Method.Rules, built.Method.Rules},
		{"norms", f.Method.Norms, built.Method.Norms},
		{"codebook", f.Method.Codebook, built.Method.Codebook},
	} {
		if v.file != v.here {
			out = append(out, fmt.Sprintf("the file was made with the %s %.40q, this program has %q: cells may differ for that reason alone", v.what, v.file, v.here))
		}
	}
	return out
}
