package bundle

import (
	"bytes"
	"encoding/base64"
	"strings"

	"ward/tlog"
)

func (r record) label() string { return r.Kind + " " + r.ID }

// shows gives the value of a field that the record shows.
func (r record) shows(name string) (string, bool) {
	for _, f := range r.Shown {
		if f.Name == name {
			return f.Value, true
		}
	}
	return "", false
}

// refers checks what a record refers to: its proof, its file, its tombstone.
func (c *check) refers(r record) {
	if c.need(r.Proof, r.label()) {
		c.readProof(r.Proof)
	}
	if r.Erased != nil {
		c.need(r.Erased.Tombstone, r.label())
	}
	if r.File == "" || !c.need(r.File, r.label()) {
		return
	}
	sum, ok := r.shows(FileField)
	switch {
	case !ok:
		c.fail(Missing, "%s is bound to no record: %s does not show the field %s.", r.File, r.label(), FileField)
	case sum != tlog.Hex(c.sums[r.File]):
		c.fail(Differs, "%s is not the file whose hash %s shows.", r.File, r.label())
	}
}

// readProof reads a proof once. The first proof gives the checkpoint; another checkpoint in a later one is a failure, because a
// bundle speaks of one state of the log.
func (c *check) readProof(name string) {
	if _, done := c.proofs[name]; done {
		return
	}
	c.proofs[name] = nil
	data, ok := c.read(name)
	if !ok {
		return
	}
	p, err := tlog.ParseProof(data)
	if err != nil || !plainSignatures(p.Checkpoint) {
		c.fail(Differs, "%s is not in the form of a proof.", name)
		return
	}
	if c.signed == nil {
		c.signed = p.Checkpoint
		c.tree, _ = tlog.ReadCheckpoint(p.Checkpoint) // ParseProof has read it
	}
	if !bytes.Equal(p.Checkpoint, c.signed) {
		c.fail(BadSigned, "%s carries another checkpoint than the proofs before it.", name)
		return
	}
	p.Checkpoint = c.signed // one copy
	c.proofs[name] = &p
}

// plainSignatures narrows what a note may be: names in printable ASCII, and no key twice, so that no two readers can take different
// lines for its signature. Signed is a note that tlog has read.
func plainSignatures(signed []byte) bool {
	text, lines, _ := strings.Cut(string(signed), "\n\n")
	origin, _, _ := strings.Cut(text, "\n")
	seen := map[string]bool{}
	for line := range strings.Lines(lines) {
		words := strings.Fields(line) // dash, name, base64
		raw, err := base64.StdEncoding.DecodeString(words[len(words)-1])
		if err != nil || len(words) != 3 || len(raw) < 4 || !isOrigin(words[1]) || seen[words[1]+string(raw[:4])] {
			return false
		}
		seen[words[1]+string(raw[:4])] = true
	}
	return isOrigin(origin)
}

// chains follows every record to the checkpoint, and holds the whole to what the manifest says it is about.
func (c *check) chains(records []record) {
	about, listed := false, map[string]bool{}
	var first *tlog.Opening
	for _, r := range records {
		c.chain(r)
		about = about || r.Kind == "incident" && r.ID == c.manifest.Incident
		key := r.label() + " " + r.Proof
		if listed[key] {
			c.fail(NotIncluded, "%s is listed twice.", r.label())
		}
		listed[key] = true
		if first == nil {
			first = r.Opening
		}
		if r.Opening != nil && r.Opening.Tenant != first.Tenant {
			c.fail(NotIncluded, "%s was logged by another workspace than the records before it.", r.label())
		}
	}
	if !about {
		c.fail(NotIncluded, "No record of the bundle is the incident %s, which the manifest names.", c.manifest.Incident)
	}
}

// chain follows one record, if its proof could be read, and adds what it shows to the result.
func (c *check) chain(r record) {
	p := c.proofs[r.Proof]
	if p == nil {
		return
	}
	summary := RecordSummary{Kind: r.Kind, ID: r.ID, Leaf: p.Index, Fields: []Shown{}}
	var leaf tlog.Leaf
	var ok bool
	if r.Erased != nil {
		leaf, ok = c.erased(r, &summary)
	} else {
		leaf, ok = c.event(r, &summary)
	}
	if !ok {
		return
	}
	if err := tlog.VerifyInclusion(p.Path, c.tree.Size, c.tree.Root, p.Index, leaf); err != nil {
		c.fail(NotIncluded, "The log does not hold %s: %s leads to another leaf or tree.", r.label(), r.Proof)
		return
	}
	if e := summary.Erased; e != nil {
		c.note("%s was erased on %s (%s): what it held is gone, and that it was erased stands in the log.", r.label(), e.Day, e.Reason)
	}
	c.result.Records = append(c.result.Records, summary)
}

// event leads from a record's fields to the leaf of the event that logged it.
func (c *check) event(r record, s *RecordSummary) (tlog.Leaf, bool) {
	leaf, logged, err := r.Opening.Leaf()
	if err != nil {
		c.fail(NotIncluded, "The event that logged %s is not opened in full.", r.label())
		return leaf, false
	}
	digest, err := tlog.ShownDigest(r.Shown)
	if err != nil {
		c.fail(NotIncluded, "The fields of %s are repeated or out of order.", r.label())
		return leaf, false
	}
	if !r.leadsTo(logged, digest) {
		c.fail(NotIncluded, "The fields of %s are not those that were logged.", r.label())
		return leaf, false
	}
	if !r.isWhatItSays() {
		c.fail(NotIncluded, "Nothing proves that the record called %s is that one.", r.label())
		return leaf, false
	}
	s.Act, s.At, s.Who = r.Opening.Act, r.Opening.Shown[0].Value, r.Opening.Shown[2].Value
	s.File = strings.TrimPrefix(r.File, fileName(""))
	for _, f := range r.Shown {
		if f.Name == "" {
			s.Hidden++
		} else {
			s.Fields = append(s.Fields, Shown{f.Name, f.Value})
		}
	}
	return leaf, true
}

// leadsTo reports that the record's digest is what the event logged, or stands in the batch that it logged.
func (r record) leadsTo(logged, digest tlog.Hash) bool {
	if r.Batch == nil {
		return logged == digest
	}
	path := make([]tlog.Hash, len(r.Batch.Path))
	for i, h := range r.Batch.Path {
		path[i], _ = tlog.ParseHash(h) // wellFormed has checked it
	}
	return tlog.VerifyBatchPath(logged, digest[:], r.Batch.Index, r.Batch.Size, path) == nil
}

// isWhatItSays reports that the id is proved: by the field id, or, where that is hidden, as the subject of an event about this one
// record.
func (r record) isWhatItSays() bool {
	if id, ok := r.shows("id"); ok {
		return id == r.ID
	}
	return r.Batch == nil && r.Opening.Subject == r.ID
}

// erased leads from a tombstone to its public leaf.
func (c *check) erased(r record, s *RecordSummary) (tlog.Leaf, bool) {
	body, ok := c.read(r.Erased.Tombstone)
	if !ok {
		return tlog.Leaf{}, false
	}
	t, err := readTombstone(body)
	if err != nil {
		c.fail(Differs, "%s is not in the form of a tombstone.", r.Erased.Tombstone)
		return tlog.Leaf{}, false
	}
	key, _ := tlog.ParseHash(r.Erased.Key) // wellFormed has checked it
	if t.Subject != tombstoneSubject(tlog.Secret(key), r.ID) {
		c.fail(NotIncluded, "%s is not the tombstone of %s.", r.Erased.Tombstone, r.label())
		return tlog.Leaf{}, false
	}
	s.Erased = &Erasure{t.Day, t.Reason}
	return tlog.PublicLeaf(body), true
}
