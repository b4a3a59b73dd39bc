package audit

import (
	"bytes"
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

// Difference is a cell, or another part of the report, that does not come out as the file says.
type Difference struct {
	Part   string // "cell", or the key of another part
	Clause string
	Year   int
	Keys   []string // what differs; "missing" or "extra" for a whole cell
}

// String names the part in words.
func (d Difference) String() string {
	if d.Part != "cell" {
		return fmt.Sprintf("%s differs", d.Part)
	}
	return fmt.Sprintf("cell %s in %d differs: %s", d.Clause, d.Year, strings.Join(d.Keys, ", "))
}

// Result is what Check found. It says that the cells follow from the extract in the file; it cannot say that the
// extract is true or complete.
type Result struct {
	State     string
	From, To  int
	Cells     int          // rebuilt
	Incidents int          // in the extract
	Differ    []Difference // empty = same
	Versions  []string     // what the file was made with that this program does not have, in words
}

// Same reports that everything was rebuilt as the file has it.
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
	Incidents   []extract         `json:"incidents"`
	Indicators  []Row             `json:"indicators"`
	Codings     []Row             `json:"codings"`
	Information []Row             `json:"information"`
	Replies     []Row             `json:"replies"`
	Parties     []Row             `json:"parties"`
	Citations   []Row             `json:"citations"`
	Method      struct {
		Rules    string `json:"rules"`
		Norms    string `json:"norms"`
		Codebook string `json:"codebook"`
	} `json:"method"`
}

// Check rebuilds a report from the extract in its own file and compares every cell, and the tables that follow from
// the extract. Faults: Invalid (not such a file), Limit (too large or too deep).
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
	out.Differ, err = compareCells(f.Cells, built.Cells)
	if err != nil {
		return Result{}, err
	}
	more, err := compareParts(raw, built)
	out.Differ = append(out.Differ, more...)
	return out, err
}

// input takes from the file what a report is built from.
func (f *file) input() (Input, error) {
	if f.Format != Format {
		return Input{}, fault.New(fault.Invalid, "the file's format is %.40q, not %q", f.Format, Format).
			Do("give the JSON that `ward audit --format json` wrote")
	}
	if f.From == 0 || f.To == 0 {
		return Input{}, fault.New(fault.Invalid, "the file does not say which years it covers")
	}
	in := Input{State: f.State, From: f.From, To: f.To, CutOff: f.CutOff, MadeAt: f.MadeAt}
	in.Incidents = make([]Incident, 0, len(f.Incidents))
	for i := range f.Incidents {
		inc, err := f.Incidents[i].incident()
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

type cellKey struct {
	Clause string `json:"clause"`
	Year   int    `json:"year"`
}

// compareCells compares by clause and year, not by position.
func compareCells(given []json.RawMessage, built []Cell) (out []Difference, err error) {
	at := map[cellKey]json.RawMessage{}
	for _, raw := range given {
		var key cellKey
		if err := json.Unmarshal(raw, &key); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "a cell of the file cannot be read")
		}
		if _, twice := at[key]; twice {
			out = append(out, Difference{"cell", key.Clause, key.Year, []string{"twice"}})
		}
		at[key] = raw
	}
	for i := range built {
		key := cellKey{built[i].Clause, built[i].Year}
		raw, ok := at[key]
		delete(at, key)
		if !ok {
			out = append(out, Difference{"cell", key.Clause, key.Year, []string{"missing"}})
			continue
		}
		keys, err := compareCell(raw, &built[i])
		if err != nil {
			return nil, err
		}
		if len(keys) > 0 {
			out = append(out, Difference{"cell", key.Clause, key.Year, keys})
		}
	}
	return append(out, extras(at)...), nil
}

func extras(left map[cellKey]json.RawMessage) (out []Difference) {
	for key := range left {
		out = append(out, Difference{"cell", key.Clause, key.Year, []string{"extra"}})
	}
	slices.SortFunc(out, func(a, b Difference) int {
		if c := strings.Compare(a.Clause, b.Clause); c != 0 {
			return c
		}
		return a.Year - b.Year
	})
	return out
}

// compareCell names the keys in which the file's cell is not the rebuilt one. A key that a later program added is
// passed over.
func compareCell(raw json.RawMessage, built *Cell) ([]string, error) {
	ours, err := json.Marshal(built)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(raw, ours) {
		return nil, nil
	}
	var theirs, mine map[string]json.RawMessage
	if err := json.Unmarshal(raw, &theirs); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "a cell of the file cannot be read")
	}
	if err := json.Unmarshal(ours, &mine); err != nil {
		return nil, err
	}
	return differing(theirs, mine)
}

func differing(theirs, mine map[string]json.RawMessage) (keys []string, err error) {
	for key, value := range mine {
		want, err := canonical(value)
		if err != nil {
			return nil, err
		}
		got, err := canonical(theirs[key])
		if err != nil || !bytes.Equal(want, got) {
			keys = append(keys, key)
		}
	}
	for _, key := range []string{"coders", "coded"} { // absent when empty
		if mine[key] == nil && theirs[key] != nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// compareParts compares the tables that follow from the extract. What was left out of the extract cannot be rebuilt:
// the list of what is not known is not compared.
func compareParts(raw []byte, built *Report) (out []Difference, err error) {
	var theirs map[string]json.RawMessage
	if err := json.Unmarshal(raw, &theirs); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the file is not a State's audit")
	}
	for _, part := range []struct {
		key   string
		value any
	}{
		{"summary", built.Summary}, {"agreement", built.Agreement}, {"outcomes", built.Outcomes}, {"families", built.Families},
		{"territory", built.Territory}, {"registers", built.Registers}, {"refused", built.Refused},
	} {
		ours, err := json.Marshal(part.value)
		if err != nil {
			return nil, err
		}
		keys, err := differing(map[string]json.RawMessage{part.key: theirs[part.key]}, map[string]json.RawMessage{part.key: ours})
		if err != nil {
			return nil, err
		}
		if len(keys) > 0 {
			out = append(out, Difference{Part: part.key})
		}
	}
	return out, nil
}
