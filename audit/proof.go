package audit

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/tlog"
)

// Log is what proves the extract: the record of each incident shows the values that the audit uses, and leads through the batch in
// which it was journalled and that batch's leaf to one signed checkpoint. An extract that was altered, consistently or not, no longer
// agrees with it.
type Log struct {
	Origin     string   `json:"origin"`
	Verifier   string   `json:"verifier"` // the log's public key; compare it with one that came another way
	Checkpoint string   `json:"checkpoint"`
	Events     []Event  `json:"events"`
	Records    []Record `json:"records"` // in the order of their incidents' ids
	Pending    []string `json:"pending"` // incidents whose batch was not in the log yet when the audit was made
}

// Event is a journal row with its leaf's place in the log.
type Event struct {
	Opening tlog.Opening `json:"opening"`
	Proof   string       `json:"proof"` // the leaf's place and the path, joined by blanks
}

// Record is an incident's record: what the audit uses is shown, everything else is left out and counted.
type Record struct {
	Incident string       `json:"incident"`
	Event    int          `json:"event"` // place in Log.Events
	Batch    int          `json:"batch"` // records in the event's batch
	Proof    string       `json:"proof"` // the record's place in the batch and the path, joined by blanks
	Shown    []tlog.Shown `json:"shown"`
}

// ProofPath writes a place and a path: a number, then hashes in base64.
func ProofPath(index int64, path []tlog.Hash) string {
	parts := []string{strconv.FormatInt(index, 10)}
	for _, h := range path {
		parts = append(parts, base64.StdEncoding.EncodeToString(h[:]))
	}
	return strings.Join(parts, " ")
}

// States reports that the extract says of a field exactly what the incident's record does: only such a field is shown in the proof,
// so that what an audit keeps back stays back.
func (i *Incident) States(name, value string) bool {
	switch name {
	case "external_id":
		return slices.Equal(i.Roots, []string{i.Register + ":" + value})
	case "counted":
		return slices.Equal(audited(strings.Fields(value)), i.counted())
	}
	said, known := i.stated()[name]
	return known && said == value
}

// counted names the counts of the extract, in order.
func (i *Incident) counted() []string {
	out := []string{}
	for _, c := range i.Counts {
		out = append(out, c.Field)
	}
	slices.Sort(out)
	return out
}

// Audited reports that a count enters audits: people harmed, whoever they were. Counts of aid workers and of damage do not.
func Audited(field string) bool {
	return strings.HasPrefix(field, "worker.") || strings.HasPrefix(field, "patient.") || strings.HasPrefix(field, "total.")
}

func audited(fields []string) []string {
	return slices.DeleteFunc(slices.Sorted(slices.Values(fields)), func(f string) bool { return !Audited(f) })
}

// stated is what an incident of the extract says, by the names of its record's fields.
func (i *Incident) stated() map[string]string {
	out := map[string]string{"id": i.ID, "date": i.Date.String(), "month": i.Date.Month().String(), "country": i.Country, "adm1": i.Place,
		"actor.kind": i.ActorKind, "actor.state": strings.Join(i.ActorState, " "), "actor.name": i.ActorName, "actor.note": i.ActorNote,
		"codes": strings.Join(i.Codes, " "), "context": i.Context, "certainty": i.Certainty, "namespace": i.Register,
		"series": strings.Join(i.Sources, " "), "scope": i.Scope}
	for _, c := range i.Counts {
		out["count."+c.Field] = c.Count.Text()
	}
	return out
}

// keptBack are the fields that an audit may leave out, and only of an incident whose codes point at a person. Every other field that a
// figure can depend on must be shown, an empty one too: what is left out could say anything.
var keptBack = []string{"adm1", "actor.name", "actor.note", "date", "external_id"}

// mayHide reports whether the proof of this incident may leave out a field: the extract then says nothing of it, or only the month.
func (i *Incident) mayHide(name string) bool {
	points := slices.ContainsFunc(i.Codes, func(code string) bool { return !access.AuditFile.Lets(access.CodeTier(code), false) })
	said := i.stated()[name]
	return points && slices.Contains(keptBack, name) && (said == "" || name == "date" && said == i.Date.Month().String())
}

// prove compares an extract with the log's records. Differ names every incident that does not agree with its record, or whose
// record does not lead to the checkpoint; unproven lists those that have none.
func (l *Log) prove(incidents []Incident) (differ []Difference, unproven []string, err error) {
	checkpoint, err := tlog.OpenCheckpoint([]byte(l.Checkpoint), l.Verifier)
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Invalid, "the audit's checkpoint is not signed by the key beside it")
	}
	if checkpoint.Origin != l.Origin {
		return nil, nil, fault.New(fault.Invalid, "the audit's checkpoint is of another log than it says")
	}
	digests := make([]tlog.Hash, len(l.Events))
	for i, e := range l.Events {
		if digests[i], err = e.included(checkpoint); err != nil {
			return nil, nil, fault.Wrap(err, fault.Invalid, "event %d does not lead to the checkpoint", i+1)
		}
	}
	byID := map[string]*Record{}
	for i := range l.Records {
		byID[l.Records[i].Incident] = &l.Records[i]
	}
	for i := range incidents {
		record := byID[incidents[i].ID]
		if record == nil {
			unproven = append(unproven, incidents[i].ID)
			continue
		}
		if keys := record.disagrees(&incidents[i], digests); len(keys) > 0 {
			differ = append(differ, Difference{Part: "incident", Incident: incidents[i].ID, Keys: keys})
		}
	}
	return differ, unproven, nil
}

// included gives the digest that an event commits to, if its leaf lies under the checkpoint.
func (e Event) included(c tlog.Checkpoint) (tlog.Hash, error) {
	leaf, digest, err := e.Opening.Leaf()
	if err != nil {
		return digest, err
	}
	if e.Opening.Tenant != c.Origin {
		return digest, fault.New(fault.Invalid, "the event is of another log")
	}
	index, path, err := readProof(e.Proof)
	if err != nil {
		return digest, err
	}
	return digest, tlog.VerifyInclusion(path, c.Size, c.Root, index, leaf)
}

// readProof reads what ProofPath wrote.
func readProof(s string) (index int64, path []tlog.Hash, err error) {
	place, rest, _ := strings.Cut(s, " ")
	if index, err = strconv.ParseInt(place, 10, 64); err != nil {
		return 0, nil, fault.New(fault.Invalid, "a proof's place is no number")
	}
	for _, text := range strings.Fields(rest) {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(b) != len(tlog.Hash{}) {
			return 0, nil, fault.New(fault.Invalid, "a hash of a proof cannot be read")
		}
		path = append(path, tlog.Hash(b))
	}
	return index, path, nil
}

// disagrees names what of an incident does not follow from its record: fields, or "proof" where the record itself does not hold.
func (r *Record) disagrees(inc *Incident, digests []tlog.Hash) (keys []string) {
	if r.holds(digests) != nil {
		return []string{"proof"}
	}
	shown := map[string]bool{}
	for _, f := range r.Shown {
		if f.Name == "" {
			continue
		}
		shown[f.Name] = true
		if !inc.States(f.Name, f.Value) {
			keys = append(keys, f.Name)
		}
	}
	for name := range inc.stated() {
		if !shown[name] && !inc.mayHide(name) {
			keys = append(keys, name)
		}
	}
	for _, name := range []string{"counted", "external_id"} {
		if !shown[name] && !inc.mayHide(name) {
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	return keys
}

// holds checks that the record leads to its event's digest.
func (r *Record) holds(digests []tlog.Hash) error {
	digest, err := tlog.ShownDigest(r.Shown)
	if err != nil {
		return err
	}
	if r.Event < 0 || r.Event >= len(digests) {
		return fault.New(fault.Invalid, "the record names no event")
	}
	leaf, path, err := readProof(r.Proof)
	if err != nil {
		return err
	}
	return tlog.VerifyBatchPath(digests[r.Event], digest[:], int(leaf), r.Batch, path)
}

// proven judges the log section of a file, beside what was rebuilt.
func (r *Result) proven(raw json.RawMessage, incidents []Incident) error {
	if raw == nil {
		r.Differ = append(r.Differ, Difference{Part: "log", Keys: []string{"missing"}})
		return nil
	}
	var l *Log
	if err := json.Unmarshal(raw, &l); err != nil {
		return fault.Wrap(err, fault.Invalid, "the proofs of the audit cannot be read")
	}
	if l == nil {
		r.NotCompared = append(r.NotCompared, "whether the incidents are those that were logged: the file carries no proofs")
		return nil
	}
	differ, unproven, err := l.prove(incidents)
	if err != nil {
		return err
	}
	r.Differ = append(r.Differ, differ...)
	r.Proven, r.Origin, r.Verifier, r.Checkpoint = len(incidents)-len(unproven)-len(differ), l.Origin, l.Verifier, l.Checkpoint
	for i := range incidents {
		if incidents[i].mayHide("date") {
			r.KeptBack++
		}
	}
	if r.KeptBack > 0 {
		r.NotCompared = append(r.NotCompared, fmt.Sprintf("the day, the division and the actor's name of %d incidents: the audit keeps them back", r.KeptBack))
	}
	for _, id := range unproven {
		if !slices.Contains(l.Pending, id) {
			r.Differ = append(r.Differ, Difference{Part: "incident", Incident: id, Keys: []string{"proof missing"}})
		}
	}
	if n := len(unproven); n > 0 {
		r.NotCompared = append(r.NotCompared, fmt.Sprintf("%d of %d incidents: they carry no proof", n, len(incidents)))
	}
	r.NotCompared = append(r.NotCompared, "whether the key "+l.Verifier+" is the association's: compare it with one that came another way")
	return nil
}
