package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/tlog"
)

// world is a log with its witnesses, and what lies in the log: everything that a test bundle is made from.
type world struct {
	origin, tenant   string
	signer, verifier string
	witnesses        []string // signing keys
	policy           *tlog.Policy
	policyText       string
	leaves           []tlog.Leaf
	content          Content
}

const (
	incidentID = "WRD-XAA-2026-7K3MQ"
	erasedID   = "01K0ERASEDERASEDERASEDERAS"
	runID      = "01K0RUNRUNRUNRUNRUNRUNRUNR"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// newWorld logs an import batch of several reports, an incident of its own event, a run with its original, and a tombstone, and
// prepares the content of a bundle over them. Original is the enclosed file.
func newWorld(original []byte) *world {
	w := newLog("log.example.org/xaa", 3)
	w.content = Content{Origin: w.origin, Incident: incidentID, Language: "en", Verifier: w.verifier}
	w.fill(5)
	reports := w.logBatch(runID, [][]tlog.Field{
		reportFields("01K0REPORT1", "Two nurses were held at a checkpoint.\n\"Why?\" \\ \u2028 \b\x01"),
		reportFields("01K0REPORT2", "حاجز"), reportFields("01K0REPORT3", "three"),
	}, "id", "text", "empty")
	w.fill(3)
	incident := w.logRecord("incident", incidentID, "incident.create", incidentFields(), "id", "country", "description")
	run := w.logRecord("run", runID, "import.begin", []tlog.Field{
		{Name: "id", Value: runID}, {Name: "series", Value: "invented"}, {Name: FileField, Value: fmt.Sprintf("%x", sha256.Sum256(original))},
	}, FileField) // id is hidden: the event's subject proves it
	run.File = "sheet-2026.csv"
	w.content.Files = []File{{run.File, original}}
	w.content.Records = append([]Record{incident, run}, reports...)
	w.fill(4)
	return w
}

// withErased adds a record that was erased.
func (w *world) withErased() *world {
	key := tlog.NewSecret()
	body := must(NewTombstone(key, erasedID, "2026-10-03", "consent_withdrawn"))
	r := Record{Kind: "report", ID: erasedID, Erased: &Erased{key, body}}
	r.Proof.Index = w.append(tlog.PublicLeaf(body))
	w.content.Records = append(w.content.Records, r)
	w.fill(2)
	return w
}

func newLog(origin string, witnesses int) *world {
	w := &world{origin: origin, tenant: "xaa"}
	var err error
	if w.signer, w.verifier, err = tlog.NewSigner(origin); err != nil {
		panic(err)
	}
	lines, names := "log "+w.verifier+"\n", []string{}
	for i := range witnesses {
		name := fmt.Sprintf("w%d", i+1)
		signer, verifier, err := tlog.NewWitnessSigner(name + ".example.org")
		if err != nil {
			panic(err)
		}
		w.witnesses = append(w.witnesses, signer)
		names = append(names, name)
		lines += "witness " + name + " " + verifier + "\n"
	}
	w.policyText = lines + "group all 2 " + strings.Join(names, " ") + "\nquorum all\n"
	w.policy = must(tlog.ParsePolicy(w.policyText))
	return w
}

func (w *world) append(l tlog.Leaf) int64 {
	w.leaves = append(w.leaves, l)
	return int64(len(w.leaves) - 1)
}

func (w *world) fill(n int) {
	for range n {
		w.append(tlog.Filler())
	}
}

func reportFields(id, text string) []tlog.Field {
	return []tlog.Field{{Name: "id", Value: id}, {Name: "text", Value: text}, {Name: "source", Value: "hidden " + id}, {Name: "empty", Value: ""}}
}

func incidentFields() []tlog.Field {
	return []tlog.Field{{Name: "id", Value: incidentID}, {Name: "country", Value: "XAA"}, {Name: "date", Value: "2026-05-04"},
		{Name: "description", Value: "An invented attack on an invented clinic in XAA"}, {Name: "place", Value: "hidden"}}
}

func among(names []string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

func (w *world) logEvent(act, subject string, digest tlog.Hash, show ...string) (tlog.Opening, int64) {
	e := tlog.Event{Tenant: w.tenant, Act: act, Subject: subject, Secret: tlog.NewSecret(), At: "2026-10-01T10:00:00Z", Who: "Ada Invented", Digest: tlog.Hex(digest)}
	return e.Open(among(show)), w.append(e.Leaf())
}

// logRecord logs an event about one record.
func (w *world) logRecord(kind, id, act string, fields []tlog.Field, show ...string) Record {
	secret := tlog.NewSecret()
	opening, index := w.logEvent(act, id, secret.Digest(fields), "at")
	return Record{Kind: kind, ID: id, Shown: secret.Show(fields, among(show)), Opening: opening, Proof: tlog.Proof{Index: index}}
}

// logBatch logs one event about many records.
func (w *world) logBatch(run string, records [][]tlog.Field, show ...string) []Record {
	var digests [][]byte
	var out []Record
	for _, fields := range records {
		secret := tlog.NewSecret()
		sum := secret.Digest(fields)
		digests = append(digests, sum[:])
		out = append(out, Record{Kind: "report", ID: fields[0].Value, Shown: secret.Show(fields, among(show))})
	}
	opening, index := w.logEvent("import.batch", run, tlog.TreeHash(digests))
	for i := range out {
		out[i].Opening, out[i].Proof.Index = opening, index
		out[i].Batch = &Batch{i, len(out), tlog.NewBatch(digests).Path(i)}
	}
	return out
}

// checkpoint signs the tree as it stands, cosigned by the first n witnesses.
func (w *world) checkpoint(n int) ([]byte, tlog.TileReader) {
	read := func(int, int64) ([]byte, error) { return nil, os.ErrNotExist }
	g := must(tlog.Grow(0, read, w.leaves))
	tiles := map[string][]byte{}
	for _, t := range g.Tiles {
		tiles[fmt.Sprint(t.Level, t.Index)] = t.Data
	}
	read = func(level int, index int64) ([]byte, error) { return tiles[fmt.Sprint(level, index)], nil }
	signed := must(tlog.SignCheckpoint(w.signer, tlog.Checkpoint{Origin: w.origin, Size: g.Size, Root: g.Root}))
	for i, witness := range w.witnesses[:n] {
		line := must(tlog.Cosign(witness, signed, time.Date(2026, 10, 4, 12, i, 0, 0, time.UTC)))
		signed = must(tlog.AddCosignature(signed, line))
	}
	return signed, read
}

// prove gives every record of the content its proof under a checkpoint with n cosignatures.
func (w *world) prove(n int) Content {
	signed, read := w.checkpoint(n)
	c := w.content
	c.Records = slices.Clone(c.Records)
	for i := range c.Records {
		index := c.Records[i].Proof.Index
		c.Records[i].Proof = tlog.Proof{Index: index, Path: must(tlog.Inclusion(read, int64(len(w.leaves)), index)), Checkpoint: signed}
	}
	return c
}

func (w *world) sign(text string) ([]byte, error) { return tlog.SignText(w.signer, text) }

// bundle is the finished archive with n cosignatures.
func (w *world) bundle(n int) []byte {
	var b bytes.Buffer
	if err := Write(&b, w.prove(n), w.sign); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// open takes an archive apart into names and contents.
func open(archive []byte) map[string][]byte {
	out := map[string][]byte{}
	for _, e := range must(unpack(bytes.NewReader(archive), int64(len(archive)))) {
		out[e.name] = must(e.bytes())
	}
	return out
}

// shut makes an archive of any contents, whether they make sense or not.
func shut(contents map[string][]byte) []byte {
	var entries []entry
	for name, data := range contents {
		entries = append(entries, newEntry(name, data))
	}
	slices.SortFunc(entries, byName)
	return packed(entries)
}

// packed is the archive of entries in the order given.
func packed(entries []entry) []byte {
	var b bytes.Buffer
	if err := pack(&b, entries); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// relist brings manifest and signature into line with the other contents, as only the log's own key can.
func (w *world) relist(contents map[string][]byte) {
	var m manifest
	if json.Unmarshal(contents[manifestName], &m) != nil {
		m = manifest{formatName, w.origin, incidentID, "en", nil}
	}
	m.Entries = []listed{}
	for name, data := range contents {
		if name != manifestName && name != noteName {
			m.Entries = append(m.Entries, listed{name, int64(len(data)), fmt.Sprintf("%x", sha256.Sum256(data))})
		}
	}
	slices.SortFunc(m.Entries, func(a, b listed) int { return strings.Compare(a.Name, b.Name) })
	contents[manifestName] = must(canonical(m))
	contents[noteName] = must(w.sign(signedText(w.origin, sha256.Sum256(contents[manifestName]))))
}

// rewrite changes the records and leaves everything consistent around them.
func (w *world) rewrite(archive []byte, change func([]record) []record) []byte {
	contents := open(archive)
	contents[recordsName] = must(canonical(change(must(readRecords(contents[recordsName])))))
	w.relist(contents)
	return shut(contents)
}

func judged(archive []byte, policy *tlog.Policy) Result {
	return Verify(bytes.NewReader(archive), int64(len(archive)), policy)
}

func wantCode(t *testing.T, what string, res Result, code int) {
	t.Helper()
	if res.Code != code {
		t.Errorf("%s: code %d, want %d: %v", what, res.Code, code, res.Failures)
	}
}

func (w *world) root() tlog.Hash {
	signed, _ := w.checkpoint(0)
	return must(tlog.ReadCheckpoint(signed)).Root
}
