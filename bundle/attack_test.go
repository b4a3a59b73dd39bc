package bundle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"ward/tlog"
)

// Positions of the records of newWorld(...).withErased().
const (
	theIncident = iota
	theRun
	report1
	report2
	report3
	theErased
)

// lie is a change of the records by somebody who holds the log's key: everything around it fits.
type lie struct {
	name string
	code int
	tell func(list []record) []record
}

func lies() []lie {
	at := func(i int, change func(r *record)) func([]record) []record {
		return func(list []record) []record { change(&list[i]); return list }
	}
	return []lie{
		{"a value changed", NotIncluded, at(report1, func(r *record) { r.Shown[3].Value = "Nobody was held." })},
		{"a value emptied", NotIncluded, at(theIncident, func(r *record) { r.Shown[0].Value = "" })},
		{"a hidden field shown with an invented value", NotIncluded, at(theIncident, func(r *record) {
			r.Shown[1] = tlog.Shown{Name: "date", Value: "2026-05-05", Salt: strings.Repeat("0", 64)}
		})},
		{"a field hidden behind another hash", NotIncluded, at(theIncident, func(r *record) { r.Shown[0] = tlog.Shown{Hash: strings.Repeat("0", 64)} })},
		{"a field left out", NotIncluded, at(theIncident, func(r *record) { r.Shown = r.Shown[1:] })},
		{"fields in another order", NotIncluded, at(theIncident, func(r *record) { r.Shown[0], r.Shown[2] = r.Shown[2], r.Shown[0] })},
		{"a field twice", NotIncluded, at(theIncident, func(r *record) { r.Shown = slices.Insert(r.Shown, 1, r.Shown[0]) })},
		{"another id", NotIncluded, at(report1, func(r *record) { r.ID = "01K0REPORT9" })},
		{"another id where the field is hidden", NotIncluded, at(theRun, func(r *record) { r.ID = "01K0OTHER" })},
		{"the id of a batch's record hidden", NotIncluded, func(list []record) []record {
			f := list[report1].Shown[1]
			sum := sha256.Sum256(fmt.Appendf(nil, "ward/field/v1\x00%s\x00\x00\x00\x02id%s", must(tlog.ParseHash(f.Salt)), f.Value))
			list[report1].Shown[1] = tlog.Shown{Hash: tlog.Hex(sum)}
			return list
		}},
		{"two records exchange their fields", NotIncluded, func(l []record) []record {
			l[report1].Shown, l[report2].Shown = l[report2].Shown, l[report1].Shown
			return l
		}},
		{"two records exchange their paths", NotIncluded, func(l []record) []record {
			l[report1].Batch, l[report2].Batch = l[report2].Batch, l[report1].Batch
			return l
		}},
		{"two records exchange their proofs", NotIncluded, func(l []record) []record {
			l[theIncident].Proof, l[theRun].Proof = l[theRun].Proof, l[theIncident].Proof
			return l
		}},
		{"two records exchange their openings", NotIncluded, func(l []record) []record {
			l[theIncident].Opening, l[theRun].Opening = l[theRun].Opening, l[theIncident].Opening
			return l
		}},
		{"another number in the batch", NotIncluded, at(report3, func(r *record) { r.Batch.Index = 1 })},
		{"no batch", NotIncluded, at(report1, func(r *record) { r.Batch = nil })},
		{"a batch of one around a record of its own", NotIncluded, at(theIncident, func(r *record) { r.Batch = &batch{0, 1, []string{}} })},
		{"another act", NotIncluded, at(theIncident, func(r *record) { r.Opening.Act = "incident.refute" })},
		{"another time", NotIncluded, at(theIncident, func(r *record) { r.Opening.Shown[0].Value = "2020-01-01T00:00:00Z" })},
		{"a digest of one's own", NotIncluded, at(theIncident, func(r *record) {
			r.Shown[0].Value = "XAB"
			r.Opening.Shown[1].Value = tlog.Hex(must(tlog.ShownDigest(r.Shown)))
		})},
		{"an opening without its digest", NotIncluded, at(theIncident, func(r *record) { r.Opening.Shown = r.Opening.Shown[:1] })},
		{"a record of another workspace", NotIncluded, at(report1, func(r *record) { r.Opening.Tenant = "xab" })},
		{"a record twice", NotIncluded, func(l []record) []record { return append(l, l[0]) }},
		{"the incident called a report", NotIncluded, at(theIncident, func(r *record) { r.Kind = "report" })},
		{"the tombstone of another", NotIncluded, at(theErased, func(r *record) { r.ID = "01K0OTHER" })},
		{"a tombstone with another key", NotIncluded, at(theErased, func(r *record) { r.Erased.Key = strings.Repeat("0", 64) })},
		{"a live record called erased", NotIncluded, func(l []record) []record {
			l[report1] = record{Kind: "report", ID: l[report1].ID, Proof: l[report1].Proof, Erased: l[theErased].Erased}
			return l
		}},
		{"an erased record that shows a field", Differs, at(theErased, func(r *record) { r.Shown = []tlog.Shown{{Hash: strings.Repeat("0", 64)}} })},
		{"a live record without an opening", Differs, at(report1, func(r *record) { r.Opening = nil })},
		{"a hash in capitals", Differs, at(theIncident, func(r *record) { r.Shown[1].Hash = strings.ToUpper(r.Shown[1].Hash) })},
		{"a field both shown and hidden", Differs, at(theIncident, func(r *record) { r.Shown[0].Hash = r.Shown[1].Hash })},
		{"a number outside the batch", Differs, at(report3, func(r *record) { r.Batch.Index = 3 })},
		{"a proof outside its folder", Differs, at(report3, func(r *record) { r.Proof = recordsName })},
		{"no file for the original", Missing, at(theRun, func(r *record) { r.File = "" })},
		{"a file that is not there", Missing, at(theRun, func(r *record) { r.File = "files/other.csv" })},
		{"a file bound to a record that does not show it", Missing, at(report1, func(r *record) { r.File = "files/sheet-2026.csv" })},
		{"a proof that is not there", Missing, at(report1, func(r *record) { r.Proof = "proofs/99.tlog-proof" })},
		{"a tombstone that is not there", Missing, at(theErased, func(r *record) { r.Erased.Tombstone = "tombstones/99.json" })},
		{"the erased record passed over", Missing, func(l []record) []record { return l[:theErased] }},
		{"nothing at all", Missing, func(l []record) []record { return []record{} }},
	}
}

func TestLiesInPerfectFormAreFound(t *testing.T) {
	w := newWorld(sheet()).withErased()
	archive := w.bundle(2)
	if same := w.rewrite(archive, func(l []record) []record { return l }); !bytes.Equal(same, archive) {
		t.Fatal("writing the records again changes the archive: the test proves nothing")
	}
	for _, l := range lies() {
		for _, policy := range []*tlog.Policy{w.policy, nil} {
			res := judged(w.rewrite(archive, l.tell), policy)
			wantCode(t, l.name, res, l.code)
			if len(res.Records) > 0 {
				t.Errorf("%s: records are shown all the same", l.name)
			}
		}
	}
}

// forge changes the contents of an archive freely.
func forge(archive []byte, change func(c map[string][]byte)) []byte {
	c := open(archive)
	change(c)
	return shut(c)
}

// A stranger has no key: what is changed fails by its hash, by the manifest's signature, or as missing.
func TestAStrangersRepacking(t *testing.T) {
	w, stranger := newWorld(sheet()).withErased(), newWorld(sheet())
	archive := w.bundle(2)
	wantCode(t, "packed again", judged(forge(archive, func(map[string][]byte) {}), w.policy), WasErased)
	for name := range open(archive) {
		changed := judged(forge(archive, func(c map[string][]byte) { c[name] = append(c[name], '\n') }), w.policy)
		gone := judged(forge(archive, func(c map[string][]byte) { delete(c, name) }), w.policy)
		wantCode(t, name+" removed", gone, Missing)
		if want := map[string]int{noteName: BadSigned}[name]; want != 0 {
			wantCode(t, name+" changed", changed, want)
		} else {
			wantCode(t, name+" changed", changed, Differs)
		}
	}
	for _, c := range []struct {
		name   string
		code   int
		change func(c map[string][]byte)
	}{
		{"an entry added", Missing, func(c map[string][]byte) { c["files/more.csv"] = []byte("x") }},
		{"an entry of no known kind added", Missing, func(c map[string][]byte) { c["evil.exe"] = []byte("x") }},
		{"an entry added and listed", Missing, func(c map[string][]byte) { c["files/more.csv"] = []byte("x"); stranger.relist(c) }},
		{"a manifest signed by a stranger", BadSigned, stranger.relist},
		{"a manifest and key of a stranger's", BadSigned, func(c map[string][]byte) { c[keyName] = []byte(stranger.verifier + "\n"); stranger.relist(c) }},
		{"a further signature under the manifest", BadSigned, func(c map[string][]byte) { c[noteName] = append(c[noteName], "— x.example.org AAAAAAAA\n"...) }},
		{"a signature over an older manifest", BadSigned, func(c map[string][]byte) {
			c[noteName] = must(w.sign(signedText(w.origin, sha256.Sum256([]byte("older")))))
		}},
	} {
		wantCode(t, c.name, judged(forge(archive, c.change), w.policy), c.code)
	}
}

// Of a bundle by another log everything fits; only a policy knows better.
func TestAnotherLogsBundle(t *testing.T) {
	w, other := newWorld(sheet()), newWorld(sheet())
	res := judged(other.bundle(2), w.policy)
	wantCode(t, "another key for the same name", res, UnknownKey)
	if len(res.Cosigned) > 0 {
		t.Errorf("cosigned: %v", res.Cosigned)
	}
	wantCode(t, "without policy", judged(other.bundle(2), nil), Holds)
}

func TestQuorum(t *testing.T) {
	w := newWorld(sheet())
	for n, code := range []int{NoQuorum, NoQuorum, Holds, Holds} {
		res := judged(w.bundle(n), w.policy)
		wantCode(t, fmt.Sprint(n, " cosignatures"), res, code)
		if len(res.Cosigned) != n || len(res.Records) == 0 {
			t.Errorf("%d cosignatures: %+v", n, res)
		}
		wantCode(t, "without policy", judged(w.bundle(n), nil), Holds)
	}
}

// Checkpoints are forged by the log itself, which signs what it likes.
func TestCheckpoints(t *testing.T) {
	w, other := newWorld(sheet()), newWorld(sheet())
	archive := w.bundle(2)
	fork := must(tlog.SignCheckpoint(w.signer, tlog.Checkpoint{Origin: w.origin, Size: int64(len(w.leaves)), Root: tlog.TreeHash([][]byte{{1}})}))
	elsewhere := must(tlog.SignCheckpoint(other.signer, tlog.Checkpoint{Origin: w.origin, Size: int64(len(w.leaves)), Root: w.root()}))
	line := func(witness string, signed []byte) string {
		return string(must(tlog.Cosign(witness, signed, someTime())))
	}
	for _, c := range []struct {
		name  string
		code  int
		proof func(name, p string) string
	}{
		{"a fork without cosignatures", NotIncluded, func(_, p string) string { return p[:strings.Index(p, w.origin)] + string(fork) }},
		{"a cosignature over another tree", BadSigned, func(_, p string) string { return p + line(w.witnesses[2], fork) }},
		{"a cosignature by somebody unknown", Holds, func(_, p string) string { return p + line(other.witnesses[2], fork) }},
		{"only cosignatures by somebody unknown", NoQuorum, func(_, p string) string {
			return p[:strings.Index(p, "— w1")] + line(other.witnesses[0], fork) + line(other.witnesses[1], fork)
		}},
		{"a signature by another key", BadSigned, func(_, p string) string { return p[:strings.Index(p, w.origin)] + string(elsewhere) }},
		{"one proof with fewer cosignatures", BadSigned, func(name, p string) string {
			if name != proofName(2) {
				return p
			}
			return p[:strings.Index(p, "— w2")]
		}},
		{"a witness twice", Differs, func(_, p string) string { return p + p[strings.Index(p, "— w2"):] }},
		{"a witness twice at different times", Differs, func(_, p string) string { return p + line(w.witnesses[1], fork) }},
		{"an unknown name in other letters", Differs, func(_, p string) string { return p + "— wïtness AAAAAAAA\n" }},
		{"base64 of another spelling", Differs, func(_, p string) string { return mutator{}.loosen(p) }},
		{"a line more in the checkpoint", Differs, func(_, p string) string { return strings.Replace(p, "=\n\n— ", "=\nextension\n\n— ", 1) }},
		{"another number", NotIncluded, func(_, p string) string { return renumber(p) }},
		{"a number with a zero before it", Differs, func(_, p string) string { return strings.Replace(p, "index ", "index 0", 1) }},
		{"extra data", Differs, func(_, p string) string { return strings.Replace(p, "\nindex", "\nextra AAAA\nindex", 1) }},
	} {
		changed := forge(archive, func(contents map[string][]byte) {
			for name := range contents {
				if strings.HasPrefix(name, "proofs/") {
					contents[name] = []byte(c.proof(name, string(contents[name])))
				}
			}
			w.relist(contents)
		})
		wantCode(t, c.name, judged(changed, w.policy), c.code)
	}
}

// renumber gives a proof the number of the leaf beside its own.
func renumber(p string) string {
	parsed := must(tlog.ParseProof([]byte(p)))
	parsed.Index ^= 1
	return string(parsed.Marshal())
}

func TestTombstonesAreReadStrictly(t *testing.T) {
	w := newWorld(sheet()).withErased()
	archive, name := w.bundle(2), tombstoneName(theErased+1)
	for _, c := range []struct {
		find, put string
		code      int
	}{
		{"consent_withdrawn", "court_order", NotIncluded},
		{"2026-10-03", "2026-10-02", NotIncluded},
		{"2026-10-03", "2026-02-30", Differs},
		{`"tombstone"`, `"release"`, Differs},
		{`"v":1`, `"v":2`, Differs},
		{`"v":1`, `"v":1,"x":1`, Differs},
		{`{`, ` {`, Differs},
	} {
		changed := forge(archive, func(contents map[string][]byte) {
			contents[name] = bytes.Replace(contents[name], []byte(c.find), []byte(c.put), 1)
			w.relist(contents)
		})
		wantCode(t, c.put, judged(changed, w.policy), c.code)
	}
}

// The manifest and the records have one spelling each.
func TestJSONHasOneForm(t *testing.T) {
	w := newWorld(sheet())
	archive := w.bundle(2)
	spell := func(name, find, put string) {
		t.Helper()
		contents := open(archive)
		if !bytes.Contains(contents[name], []byte(find)) {
			t.Fatalf("%s holds no %s", name, find)
		}
		contents[name] = bytes.Replace(contents[name], []byte(find), []byte(put), 1)
		if name == manifestName {
			contents[noteName] = must(w.sign(signedText(w.origin, sha256.Sum256(contents[name]))))
		} else {
			w.relist(contents)
		}
		wantCode(t, name+" with "+put, judged(shut(contents), w.policy), Differs)
	}
	for _, name := range []string{manifestName, recordsName} {
		for _, put := range []string{` "`, `"x":"",` + `"`, `"\u0065xtra":1,"`, "\ufeff\"", "\xff\""} {
			spell(name, `"`, put)
		}
		spell(name, `,`, `, `)
		spell(name, `,`, ",\n")
	}
	for _, c := range [][2]string{
		{`"kind":`, `"Kind":`}, {`"kind":"incident"`, `"kind":"incident","kind":"incident"`}, {`"index":0`, `"index":-0`}, {`"index":0`, `"index":0.0`},
		{`"index":0`, `"index":0e0`}, {`"index":0`, `"index":null`}, {`"path":[`, `"path":[null,`}, {`"value":"XAA"`, `"value":"X\u0041A"`},
		{`"value":"XAA"`, `"value":"\ud800"`}, {`"size":3`, `"size":9007199254740993`}, {`}]`, `},]`}, {`}]`, `}] `}, {`}]`, `}][]`},
		{`"opening":{`, `"batch":null,"opening":{`}, {`"shown":[`, `"shown":null,"shown":[`}, {`\b\u0001`, `\u0008\u0001`}, {`\n`, `\u000a`}, {"\u2028", `\u2028`},
		{`\u0001`, "\x01"}, {`"name":"empty"`, `"name":"empty","value":""`},
	} {
		spell(recordsName, c[0], c[1])
	}
	for _, c := range [][2]string{{`ward-bundle/v1`, `ward-bundle/v2`}, {`"en"`, `""`}, {`"en"`, `"e n"`}, {`"en"`, "\"e\u202en\""}, {`"size":`, `"size":-`}, {incidentID, "a b"},
		{`"name":"README.txt"`, `"name":"manifest.json"`}, {`"name":"README.txt"`, `"name":"zzz"`}, {`"name":"README.txt"`, `"name":"../README.txt"`}} {
		spell(manifestName, c[0], c[1])
	}
}

func TestNamesThatAreNoNames(t *testing.T) {
	archive := newWorld(sheet()).bundle(2)
	for _, name := range []string{"../x", "files/../x", "/x", "x/", "a/b/c", `a\b`, "C:x", "files/.x", "files/-x", "files/x.", "files/x ", "files/a b", "", "files/", "files/é", "files/\u202ex",
		"files/\x00", "files/nul", "files/Con.txt", "files/LPT1.csv", "files/com0", "readme.txt", "FILES/sheet-2026.csv", "files/" + strings.Repeat("x", 123)} {
		wantCode(t, fmt.Sprintf("%q", name), judged(forge(archive, func(c map[string][]byte) { c[name] = []byte("x") }), nil), Damaged)
	}
	for _, name := range []string{"x", "files/x-1.tar.gz", "files/comma.txt", "files/x_", "files/console", "files/com10", "files/" + strings.Repeat("x", 122)} {
		wantCode(t, fmt.Sprintf("%q", name), judged(forge(archive, func(c map[string][]byte) { c[name] = []byte("x") }), nil), Missing)
	}
}

func TestArchivesBeyondTheLimits(t *testing.T) {
	archive := newWorld(sheet()).bundle(2)
	for name, size := range map[string]int{readmeName: maxSmall, keyName: maxSmall, manifestName: maxManifest, recordsName: maxList, "files/x": MaxFile} {
		for more, code := range []int{Differs, Damaged} {
			if name == "files/x" && more == 0 {
				code = Missing
			}
			wantCode(t, fmt.Sprint(name, " of the limit and ", more), judged(forge(archive, func(c map[string][]byte) { c[name] = make([]byte, size+more) }), nil), code)
		}
	}
	many := forge(archive, func(c map[string][]byte) {
		for i := range MaxEntries {
			c[fmt.Sprint("files/", i)] = nil
		}
	})
	wantCode(t, "too many entries", judged(many, nil), Damaged)
	wantCode(t, "a size that is not there", Verify(bytes.NewReader(archive), maxArchive+1, nil), Damaged)
	wantCode(t, "longer than it is", Verify(bytes.NewReader(archive), int64(len(archive))+1, nil), Damaged)
}

// failing reads up to a point.
type failing struct {
	io.ReaderAt
	from int64
}

func (f failing) ReadAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) > f.from && at < f.from+1000 {
		return 0, errors.New("the disk is broken")
	}
	return f.ReaderAt.ReadAt(b, at)
}

func TestADiskThatFailsIsNoGoodBundle(t *testing.T) {
	archive := newWorld(sheet()).bundle(2)
	for from := int64(0); from < int64(len(archive)); from += 500 {
		res := Verify(failing{bytes.NewReader(archive), from}, int64(len(archive)), nil)
		if res.Code != Damaged && res.Code != Differs {
			t.Errorf("unreadable from %d: code %d", from, res.Code)
		}
	}
}
