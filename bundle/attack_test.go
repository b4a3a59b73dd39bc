package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"ward/tlog"
)

// attack is an archive that should give a code under the policy of world.
type attack struct {
	name    string
	code    int
	archive []byte
}

// Every attack is judged by both verifiers.
func TestAttacksAreFound(t *testing.T) {
	w := newWorld(sheet()).withErased()
	list := attacks(t, w)
	for _, a := range list {
		res := judged(a.archive, w.policy)
		wantCode(t, a.name, res, a.code)
		if a.code != Holds && a.code != WasErased && a.code < NoQuorum && len(res.Records) > 0 {
			t.Errorf("%s: records are shown all the same", a.name)
		}
	}
}

func TestTheSecondVerifierFindsThemToo(t *testing.T) {
	secondVerifier(t)
	w, folder := newWorld(sheet()).withErased(), t.TempDir()
	list := attacks(t, w)
	for i, a := range list {
		if err := os.WriteFile(mutantPath(folder, i), a.archive, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, v := range runNode(t, folder, len(list), w.policyText) {
		if v.Code != list[i].code {
			t.Errorf("%s: code %d, want %d", list[i].name, v.Code, list[i].code)
		}
	}
}

func attacks(t *testing.T, w *world) (list []attack) {
	archive := w.bundle(2)
	if same := w.rewrite(archive, func(l []record) []record { return l }); !bytes.Equal(same, archive) {
		t.Fatal("writing the records again changes the archive: the attacks prove nothing")
	}
	for _, l := range lies() {
		list = append(list, attack{l.name, l.code, w.rewrite(archive, l.tell)})
	}
	for _, part := range [][]attack{w.strangers(archive), w.checkpoints(archive), w.otherLogs(), w.tombstones(archive), w.spellings(t, archive), oddNames(archive), structures(archive), limits(archive)} {
		list = append(list, part...)
	}
	return list
}

// forge changes the contents of an archive freely.
func forge(archive []byte, change func(c map[string][]byte)) []byte {
	c := open(archive)
	change(c)
	return shut(c)
}

// strangers have no key: what they change fails by its hash, by the manifest's signature, or as missing.
func (w *world) strangers(archive []byte) (list []attack) {
	stranger := newWorld(sheet())
	for name := range open(archive) {
		changed := attack{name + " changed", Differs, forge(archive, func(c map[string][]byte) { c[name] = append(c[name], '\n') })}
		if name == noteName {
			changed.code = BadSigned
		}
		list = append(list, changed, attack{name + " removed", Missing, forge(archive, func(c map[string][]byte) { delete(c, name) })})
	}
	for _, c := range []struct {
		name   string
		code   int
		change func(c map[string][]byte)
	}{
		{"nothing changed", WasErased, func(map[string][]byte) {}},
		{"an entry added", Missing, func(c map[string][]byte) { c["files/more.csv"] = []byte("x") }},
		{"an entry of no known kind added", Missing, func(c map[string][]byte) { c["evil.exe"] = []byte("x") }},
		{"an entry added and listed", Missing, func(c map[string][]byte) { c["files/more.csv"] = []byte("x"); stranger.relist(c) }},
		{"an entry added and listed by the log", Missing, func(c map[string][]byte) { c["files/more.csv"] = []byte("x"); w.relist(c) }},
		{"a letter changed", Differs, func(c map[string][]byte) {
			c[readmeName] = bytes.Replace(c[readmeName], []byte("not show"), []byte("now show"), 1)
		}},
		{"another size listed by the log", Differs, func(c map[string][]byte) {
			c[manifestName] = bytes.Replace(c[manifestName], []byte(`"size":`), []byte(`"size":1`), 1)
			c[noteName] = must(w.sign(signedText(w.origin, sha256.Sum256(c[manifestName]))))
		}},
		{"a key without an end", Differs, func(c map[string][]byte) { c[keyName] = []byte(w.verifier); w.relist(c) }},
		{"a key with an address", Differs, func(c map[string][]byte) { c[keyName] = []byte(w.verifier + " https://log.example.org\n"); w.relist(c) }},
		{"an entry named like a method", Missing, func(c map[string][]byte) { c["constructor"] = []byte("x") }},
		{"a manifest signed by a stranger", BadSigned, stranger.relist},
		{"a manifest and key of a stranger's", BadSigned, func(c map[string][]byte) { c[keyName] = []byte(stranger.verifier + "\n"); stranger.relist(c) }},
		{"a further signature under the manifest", BadSigned, func(c map[string][]byte) { c[noteName] = append(c[noteName], "— x.example.org AAAAAAAA\n"...) }},
		{"a mark before the note", BadSigned, func(c map[string][]byte) { c[noteName] = append([]byte("\ufeff"), c[noteName]...) }},
		{"the signature in another spelling", BadSigned, func(c map[string][]byte) { c[noteName] = []byte(mutator{}.loosen(string(c[noteName]))) }},
		{"a signature over an older manifest", BadSigned, func(c map[string][]byte) {
			c[noteName] = must(w.sign(signedText(w.origin, sha256.Sum256([]byte("older")))))
		}},
	} {
		list = append(list, attack{c.name, c.code, forge(archive, c.change)})
	}
	return list
}

// checkpoints are forged by the log itself, which signs what it likes.
func (w *world) checkpoints(archive []byte) (list []attack) {
	other := newWorld(sheet())
	size := int64(len(w.leaves))
	fork := must(tlog.SignCheckpoint(w.signer, tlog.Checkpoint{Origin: w.origin, Size: size, Root: tlog.TreeHash([][]byte{{1}})}))
	elsewhere := must(tlog.SignCheckpoint(other.signer, tlog.Checkpoint{Origin: w.origin, Size: size, Root: w.root()}))
	line := func(witness string, signed []byte) string {
		return string(must(tlog.Cosign(witness, signed, someTime())))
	}
	upTo := func(p, mark string) string { return p[:strings.Index(p, mark)] }
	for _, c := range []struct {
		name  string
		code  int
		proof func(name, p string) string
	}{
		{"a fork without cosignatures", NotIncluded, func(_, p string) string { return upTo(p, w.origin) + string(fork) }},
		{"a cosignature over another tree", BadSigned, func(_, p string) string { return p + line(w.witnesses[2], fork) }},
		{"a cosignature from after the year 9999", BadSigned, func(_, p string) string { return p + w.lateLine(2) }},
		{"a cosignature by somebody unknown", WasErased, func(_, p string) string { return p + line(other.witnesses[2], fork) }},
		{"only cosignatures by somebody unknown", NoQuorum, func(_, p string) string {
			return upTo(p, "— w1") + line(other.witnesses[0], fork) + line(other.witnesses[1], fork)
		}},
		{"a signature by another key", BadSigned, func(_, p string) string { return upTo(p, w.origin) + string(elsewhere) }},
		{"one proof with fewer cosignatures", BadSigned, func(name, p string) string {
			if name != proofName(2) {
				return p
			}
			return upTo(p, "— w2")
		}},
		{"a witness twice", Differs, func(_, p string) string { return p + p[strings.Index(p, "— w2"):] }},
		{"a witness twice at different times", Differs, func(_, p string) string { return p + line(w.witnesses[1], fork) }},
		{"somebody unknown twice", Differs, func(_, p string) string { return p + line(other.witnesses[1], fork) + w.lateLineOf(other, 1) }},
		{"a hundred signatures", WasErased, func(_, p string) string { return p + crowd(97) }}, // beside the log and two witnesses
		{"a hundred and one signatures", Differs, func(_, p string) string { return p + crowd(98) }},
		{"an unknown name in other letters", Differs, func(_, p string) string { return p + "— wïtness AAAAAAAA\n" }},
		{"base64 of another spelling", Differs, func(_, p string) string { return mutator{}.loosen(p) }},
		{"a mark before the checkpoint", Differs, func(_, p string) string { return strings.Replace(p, "\n\n", "\n\n\ufeff", 1) }},
		{"a line more in the checkpoint", Differs, func(_, p string) string { return strings.Replace(p, "=\n\n— ", "=\nextension\n\n— ", 1) }},
		{"another number", NotIncluded, func(_, p string) string { return reproof(p, func(q *tlog.Proof) { q.Index ^= 1 }) }},
		{"a hash too many", NotIncluded, func(_, p string) string {
			return reproof(p, func(q *tlog.Proof) { q.Path = append(q.Path, tlog.Hash{}) })
		}},
		{"a hash too few", NotIncluded, func(_, p string) string { return reproof(p, func(q *tlog.Proof) { q.Path = q.Path[1:] }) }},
		{"a number with a zero before it", Differs, func(_, p string) string { return strings.Replace(p, "index ", "index 0", 1) }},
		{"extra data", Differs, func(_, p string) string { return strings.Replace(p, "\nindex", "\nextra AAAA\nindex", 1) }},
	} {
		list = append(list, attack{c.name, c.code, forge(archive, func(contents map[string][]byte) {
			for name := range contents {
				if strings.HasPrefix(name, "proofs/") {
					contents[name] = []byte(c.proof(name, string(contents[name])))
				}
			}
			w.relist(contents)
		})})
	}
	return list
}

// crowd is signatures by people whom nobody knows.
func crowd(n int) (lines string) {
	for i := range n {
		lines += fmt.Sprintf("— x%d AAAAAAAA\n", i)
	}
	return lines
}

func reproof(p string, change func(*tlog.Proof)) string {
	parsed := must(tlog.ParseProof([]byte(p)))
	change(&parsed)
	return string(parsed.Marshal())
}

// lateLine is a witness's signature with a time that cannot be written down.
func (w *world) lateLine(witness int) string { return w.lateLineOf(w, witness) }

func (w *world) lateLineOf(whose *world, witness int) string {
	const late = 253402300800
	parts := strings.SplitN(strings.TrimPrefix(whose.witnesses[witness], "PRIVATE+KEY+"), "+", 3) // name, id, type and seed
	seed := must(base64.StdEncoding.DecodeString(parts[2]))[1:]
	signed, _ := w.checkpoint(0)
	text, _, _ := strings.Cut(string(signed), "\n\n")
	sum := ed25519.Sign(ed25519.NewKeyFromSeed(seed), fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s\n", late, text))
	var id uint32
	must(fmt.Sscanf(parts[1], "%08x", &id))
	raw := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, id), late)
	return "— " + parts[0] + " " + base64.StdEncoding.EncodeToString(append(raw, sum...)) + "\n"
}

// otherLogs: where everything fits together, only the policy knows better.
func (w *world) otherLogs() []attack {
	plain := newWorld(sheet())
	list := []attack{{"another key for the same name", UnknownKey, plain.bundle(2)}, {"a manifest for another log", BadSigned, nil}}
	for _, name := range []string{"log.exämple.org/xaa", strings.Repeat("x", 201)} {
		list = append(list, attack{"a log named " + name, Differs, forge(w.bundle(2), func(c map[string][]byte) {
			c[keyName] = []byte(newLog(name, 2).verifier + "\n")
			w.relist(c)
		})})
	}
	list[1].archive = forge(w.bundle(2), func(c map[string][]byte) {
		c[manifestName] = bytes.Replace(c[manifestName], []byte(w.origin), []byte("log.example.org/xab"), 1)
		c[noteName] = must(w.sign(signedText("log.example.org/xab", sha256.Sum256(c[manifestName]))))
	})
	for n, code := range []int{NoQuorum, NoQuorum, WasErased, WasErased} {
		list = append(list, attack{fmt.Sprint(n, " cosignatures"), code, w.bundle(n)})
	}
	return append(list, w.tenants(), w.letters())
}

// with is a world in which one more record was logged by a workspace.
func (w *world) with(tenant, id string, fields []tlog.Field, show ...string) *world {
	more := *w
	more.tenant, more.leaves = tenant, slices.Clone(w.leaves)
	more.content.Records = append(slices.Clone(w.content.Records), more.logRecord("report", id, "report.add", fields, show...))
	return &more
}

// tenants: a record that another workspace logged in the same log, with all its proofs.
func (w *world) tenants() attack {
	return attack{"another workspace's record", NotIncluded, w.with("xab", "01K0FOREIGN", reportFields("01K0FOREIGN", "x"), "id").forced(2)}
}

// letters: names ascend by their bytes in UTF-8, which is not their order in UTF-16.
func (w *world) letters() attack {
	fields := []tlog.Field{{Name: "id", Value: "01K0LETTERS"}, {Name: "\uffff", Value: "1"}, {Name: "\U00010000", Value: "2"}}
	return attack{"names beyond the first plane", WasErased, w.with("xaa", "01K0LETTERS", fields, "id", "\uffff", "\U00010000").bundle(2)}
}

// forced is bundle without the writer's own judgement.
func (w *world) forced(n int) []byte {
	c := map[string][]byte{}
	for _, e := range must(w.prove(n).entries()) {
		c[e.name] = must(e.bytes())
	}
	w.relist(c)
	return shut(c)
}

func (w *world) tombstones(archive []byte) (list []attack) {
	name := tombstoneName(theErased + 1)
	for _, c := range []struct {
		find, put string
		code      int
	}{
		{"consent_withdrawn", "court_order", NotIncluded},
		{"consent_withdrawn", "Consent", Differs},
		{"2026-10-03", "2026-10-02", NotIncluded},
		{"2026-10-03", "2026-02-30", Differs},
		{`"tombstone"`, `"release"`, Differs},
		{`"v":1`, `"v":2`, Differs},
		{`"v":1`, `"v":1,"x":1`, Differs},
		{`{`, ` {`, Differs},
	} {
		list = append(list, attack{"a tombstone with " + c.put, c.code, forge(archive, func(contents map[string][]byte) {
			contents[name] = bytes.Replace(contents[name], []byte(c.find), []byte(c.put), 1)
			w.relist(contents)
		})})
	}
	return list
}
