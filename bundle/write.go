package bundle

import (
	"crypto/sha256"
	_ "embed"
	"io"
	"slices"
	"strings"

	"ward/fault"
	"ward/tlog"
)

//go:embed readme.txt
var readme string

// Write writes the bundle of this content. Sign is given the text that stands for the manifest and answers with the signed
// note by the log's key, as tlog.SignText does. But for that signature the bytes follow from the content alone. What Verify
// would refuse is not written: Write judges the bundle first, without a policy.
func Write(w io.Writer, c Content, sign func(text string) ([]byte, error)) error {
	entries, err := c.entries()
	if err != nil {
		return err
	}
	body, err := canonical(c.manifest(entries))
	if err != nil {
		return err
	}
	signed, err := sign(signedText(c.Origin, sha256.Sum256(body)))
	if err != nil {
		return err
	}
	entries = append(entries, newEntry(manifestName, body), newEntry(noteName, signed))
	slices.SortFunc(entries, byName)
	if err := selfCheck(entries); err != nil {
		return err
	}
	return pack(w, entries)
}

// entries are all but the manifest and its signature, in order.
func (c Content) entries() ([]entry, error) {
	if err := c.checkFiles(); err != nil {
		return nil, err
	}
	list := []entry{newEntry(readmeName, c.readme()), newEntry(keyName, []byte(c.Verifier+"\n"))}
	proofs := map[string]int{}
	var records []record
	for i, r := range c.Records {
		proof := r.Proof.Marshal()
		if proofs[string(proof)] == 0 {
			proofs[string(proof)] = len(proofs) + 1
			list = append(list, newEntry(proofName(len(proofs)), proof))
		}
		if r.Erased != nil {
			list = append(list, newEntry(tombstoneName(i+1), r.Erased.Body))
		}
		records = append(records, r.wire(proofs[string(proof)], i+1))
	}
	body, err := canonical(records)
	if err != nil {
		return nil, err
	}
	list = append(list, newEntry(recordsName, body))
	for _, f := range c.Files {
		list = append(list, newEntry(fileName(f.Name), f.Data))
	}
	slices.SortFunc(list, byName)
	return list, nil
}

func byName(a, b entry) int { return strings.Compare(a.name, b.name) }

// checkFiles refuses in time what would otherwise be hashed first.
func (c Content) checkFiles() error {
	if len(c.Records) > MaxRecords || len(c.Files) > MaxRecords {
		return fault.New(fault.Limit, "a bundle holds at most %d records", MaxRecords).Do("make several bundles")
	}
	total := 0
	for _, f := range c.Files {
		if !isFile(fileName(f.Name)) || strings.Contains(f.Name, "/") {
			return fault.New(fault.Invalid, "a file's name cannot stand in a bundle").
				Do("name it with letters, digits, dots, dashes and underlines")
		}
		if total += len(f.Data); len(f.Data) > MaxFile || total > MaxFiles {
			return fault.New(fault.Limit, "a bundle holds files of at most %d MiB each and %d MiB together", MaxFile>>20, MaxFiles>>20).
				Do("make several bundles, or leave the largest file out: its hash stays in the record")
		}
	}
	return nil
}

func (r Record) wire(proof, number int) record {
	out := record{Kind: r.Kind, ID: r.ID, Proof: proofName(proof)}
	if r.Erased != nil {
		out.Erased = &erased{tlog.Hex(tlog.Hash(r.Erased.Key)), tombstoneName(number)}
		return out
	}
	out.Shown, out.Opening = r.Shown, &r.Opening
	if r.File != "" {
		out.File = fileName(r.File)
	}
	if r.Batch != nil {
		out.Batch = &batch{r.Batch.Index, r.Batch.Size, nil}
		for _, h := range r.Batch.Path {
			out.Batch.Path = append(out.Batch.Path, tlog.Hex(h))
		}
	}
	return out
}

func (c Content) readme() []byte {
	filled := strings.NewReplacer("{origin}", c.Origin, "{incident}", c.Incident, "{key}", c.Verifier)
	return []byte(filled.Replace(readme))
}

func (c Content) manifest(entries []entry) manifest {
	m := manifest{formatName, c.Origin, c.Incident, c.Language, nil}
	for i, sum := range sums(entries) {
		m.Entries = append(m.Entries, listed{entries[i].name, entries[i].size(), tlog.Hex(sum)})
	}
	return m
}

// selfCheck judges the entries as a reader will. It holds the writer to the format's limits and the caller to what can be
// proved.
func selfCheck(entries []entry) error {
	if err := checkNames(entries); err != nil {
		return fault.Wrap(err, fault.Invalid, "the bundle cannot be written").Keeping("nothing was written")
	}
	c := newCheck(nil)
	c.judge(entries)
	if res := c.finish(); len(res.Failures) > 0 {
		return fault.New(fault.Invalid, "the bundle would not hold: %s", strings.TrimSuffix(res.Failures[0].Text, ".")).
			Keeping("nothing was written")
	}
	return nil
}
