package bundle

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"ward/tlog"
)

// Verify judges an archive of the given size. Policy says whose keys count; without one the signatures are checked against the
// key that lies in the bundle, and a note says that nobody vouched for it. It costs about one SHA-256 over the archive and
// keeps files out of memory.
func Verify(r io.ReaderAt, size int64, policy *tlog.Policy) Result {
	c := newCheck(policy)
	entries, err := unpack(r, size)
	if err != nil {
		c.fail(Damaged, "The archive is damaged or was changed: %v.", err)
		return c.finish()
	}
	c.judge(entries)
	return c.finish()
}

// check is a judgement under way.
type check struct {
	result   Result
	policy   *tlog.Policy
	entries  map[string]entry
	sums     map[string]tlog.Hash
	used     map[string]bool // entries that something asks for
	manifest manifest
	proofs   map[string]*tlog.Proof // by entry name; nil when it cannot be read
	signed   []byte                 // the one checkpoint of all proofs
	tree     tlog.Checkpoint
}

func newCheck(policy *tlog.Policy) *check {
	empty := Result{Failures: []Failure{}, Notes: []string{}, Cosigned: []Cosigned{}, Records: []RecordSummary{}}
	return &check{
		result: empty, policy: policy, entries: map[string]entry{}, sums: map[string]tlog.Hash{},
		used: map[string]bool{}, proofs: map[string]*tlog.Proof{},
	}
}

func (c *check) fail(code int, format string, args ...any) {
	c.result.Failures = append(c.result.Failures, Failure{code, fmt.Sprintf(format, args...)})
}

func (c *check) note(format string, args ...any) {
	c.result.Notes = append(c.result.Notes, fmt.Sprintf(format, args...))
}

func (c *check) failed(code int) bool {
	return slices.ContainsFunc(c.result.Failures, func(f Failure) bool { return f.Code == code })
}

// finish puts the failures in order of judgement and takes the first as the result's code.
func (c *check) finish() Result {
	rank := order()
	slices.SortStableFunc(c.result.Failures, func(a, b Failure) int {
		return slices.Index(rank, a.Code) - slices.Index(rank, b.Code)
	})
	if erasure := func(s RecordSummary) bool { return s.Erased != nil }; slices.ContainsFunc(c.result.Records, erasure) {
		c.result.Code = WasErased
	}
	if len(c.result.Failures) > 0 {
		c.result.Code = c.result.Failures[0].Code
	}
	if code := c.result.Code; code != Holds && code < NoQuorum || code == Damaged {
		c.result.Records = []RecordSummary{}
	}
	return c.result
}

// judge takes the entries of an archive whose structure is in order.
func (c *check) judge(entries []entry) {
	if !c.intact(entries) || !c.readManifest() {
		return
	}
	c.compare()
	c.manifestSigned()
	records, ok := c.readRecords()
	if !ok {
		return
	}
	for _, r := range records {
		c.refers(r)
	}
	c.unused()
	c.checkpoint()
	c.chains(records)
}

// intact compares every entry with its checksum. A damaged archive is judged no further: whatever else would be found in it
// may be the damage.
func (c *check) intact(entries []entry) bool {
	for _, e := range damaged(entries) {
		c.fail(Differs, "%s is not as it was packed; ask for another copy of the bundle.", e.name)
	}
	if len(c.result.Failures) > 0 {
		return false
	}
	for i, sum := range sums(entries) {
		c.entries[entries[i].name], c.sums[entries[i].name] = entries[i], sum
	}
	return true
}

// readManifest finds the entries that every bundle has and reads the manifest.
func (c *check) readManifest() bool {
	for _, name := range required() {
		c.need(name, "every bundle")
	}
	data, ok := c.read(manifestName)
	if !ok {
		return false
	}
	m, err := readManifest(data)
	if err != nil {
		c.fail(Differs, "The manifest cannot be read: %v.", err)
		return false
	}
	c.manifest = m
	c.result.Origin, c.result.Incident, c.result.Language = m.Origin, m.Incident, m.Language
	return true
}

// need marks an entry as asked for and fails when it is missing.
func (c *check) need(name, by string) bool {
	c.used[name] = true
	_, ok := c.entries[name]
	if !ok {
		c.fail(Missing, "%s is missing: %s needs it.", name, by)
	}
	return ok
}

// read gives the bytes of a small entry, if it is there.
func (c *check) read(name string) ([]byte, bool) {
	e, ok := c.entries[name]
	if !ok {
		return nil, false
	}
	data, err := e.bytes()
	if err != nil {
		c.fail(Differs, "%s cannot be read.", name)
	}
	return data, err == nil
}

// compare holds the archive to the manifest, both ways.
func (c *check) compare() {
	inManifest := map[string]bool{manifestName: true, noteName: true}
	for _, l := range c.manifest.Entries {
		inManifest[l.Name] = true
		e, ok := c.entries[l.Name]
		switch {
		case !ok:
			c.fail(Missing, "%s is missing: the manifest lists it.", l.Name)
		case e.size() != l.Size || tlog.Hex(c.sums[l.Name]) != l.SHA256:
			c.fail(Differs, "%s is not the one that the manifest lists.", l.Name)
		}
	}
	for _, name := range c.names() {
		if !inManifest[name] {
			c.fail(Missing, "%s was added: the manifest does not list it.", name)
		}
	}
}

func (c *check) names() []string {
	list := make([]string, 0, len(c.entries))
	for name := range c.entries {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// unused finds entries that the manifest may list and nothing asks for: what no record proves has no place in a bundle.
func (c *check) unused() {
	for _, name := range c.names() {
		if !c.used[name] {
			c.fail(Missing, "%s does not belong here: no record refers to it.", name)
		}
	}
}

// manifestSigned checks the manifest's signature with the key in the bundle, and that key against the policy.
func (c *check) manifestSigned() {
	key, ok := c.read(keyName)
	if !ok {
		return
	}
	vkey, name, ok := readKey(key)
	if !ok {
		c.fail(Differs, "%s holds no key of a log.", keyName)
		return
	}
	c.result.Key = vkey
	if name != c.manifest.Origin {
		c.fail(BadSigned, "The key in the bundle is another log's than the manifest names.")
	}
	if c.policy == nil {
		c.note("No policy was given: signatures were checked against the key in the bundle, for which nobody has vouched.")
	} else if !slices.Contains(c.policy.Logs(), vkey) {
		c.fail(UnknownKey, "The policy does not know the log %s with this key.", name)
	}
	signed, ok := c.read(noteName)
	if !ok {
		return
	}
	text, err := tlog.OpenText(signed, vkey)
	if err != nil || text != signedText(c.manifest.Origin, c.sums[manifestName]) {
		c.fail(BadSigned, "The manifest is not signed by the log's key.")
	}
}

// checkpoint judges the one checkpoint that all proofs carry.
func (c *check) checkpoint() {
	if c.signed == nil || c.result.Key == "" {
		return
	}
	c.result.Size = c.tree.Size
	if _, err := tlog.OpenCheckpoint(c.signed, c.result.Key); err != nil {
		c.fail(BadSigned, "The checkpoint is not signed by the log's key.")
		return
	}
	if c.policy != nil && !c.failed(UnknownKey) {
		c.quorum()
	}
}

// quorum judges the cosignatures by the policy.
func (c *check) quorum() {
	v, err := c.policy.Judge(c.signed)
	switch {
	case errors.Is(err, tlog.ErrUnknownKey):
		c.fail(UnknownKey, "The policy does not know the log that signed the checkpoint.")
		return
	case err != nil:
		c.fail(BadSigned, "A witness's or log's signature on the checkpoint does not hold.")
		return
	case !v.Quorum:
		c.fail(NoQuorum, "Too few witnesses have cosigned the checkpoint: the policy asks for %s.", v.Needed)
	}
	for i, name := range v.Cosigners {
		c.result.Cosigned = append(c.result.Cosigned, Cosigned{name, v.Times[i]})
	}
}

// readRecords reads the list of records.
func (c *check) readRecords() ([]record, bool) {
	data, ok := c.read(recordsName)
	if !ok {
		return nil, false
	}
	list, err := readRecords(data)
	if err != nil {
		c.fail(Differs, "The records cannot be read: %v.", err)
	}
	return list, err == nil
}

// readKey reads log.vkey: a key that a log signs with, on one line.
func readKey(data []byte) (vkey, name string, ok bool) {
	vkey, ended := strings.CutSuffix(string(data), "\n")
	name, _, _ = strings.Cut(vkey, "+")
	if !ended || !isOrigin(name) || !only(vkey, maxSmall, printable) {
		return "", "", false
	}
	_, err := tlog.ParsePolicy("log " + vkey + "\nquorum none\n") // reads a key in its one form
	return vkey, name, err == nil
}
