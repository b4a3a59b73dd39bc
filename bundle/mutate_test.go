package bundle

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"ward/tlog"
)

// mutator makes bad bundles, and now and then a good one, from good ones. Other is a second log with its own key.
type mutator struct {
	*rand.Rand
	w, other *world
}

func pick[T any](m mutator, list []T) T { return list[m.IntN(len(list))] }

// mutant applies one to three changes of one kind. Contents is what the base bundle holds.
func (m mutator) mutant(base []byte) []byte {
	contents := open(base)
	switch m.IntN(10) {
	case 0:
		return base
	case 1, 2:
		return m.bytes(base)
	case 3, 4, 5: // one lie in perfect form
		pick(m, []func(map[string][]byte){m.proof, m.note, m.records, m.records, m.records, m.records})(contents)
		m.w.relist(contents)
		return shut(contents)
	}
	for range 1 + m.IntN(3) {
		pick(m, []func(map[string][]byte){m.entries, m.text, m.text, m.text, m.proof, m.proof, m.note, m.json, m.records, m.records, m.records, m.records})(contents)
	}
	switch m.IntN(8) {
	case 0: // the manifest stays as it was
	case 1:
		m.other.relist(contents)
	default:
		m.w.relist(contents)
	}
	if m.IntN(4) == 0 {
		m.text(contents) // after signing
	}
	return shut(contents)
}

// bytes changes the archive itself.
func (m mutator) bytes(archive []byte) []byte {
	b, at := slices.Clone(archive), m.IntN(len(archive))
	if m.IntN(2) == 0 {
		at = max(0, len(b)-1-m.IntN(900)) // the second part and the end
	}
	switch m.IntN(7) {
	case 0:
		b[at] ^= 1 << m.IntN(8)
	case 1:
		b[at] = byte(m.IntN(256))
	case 2:
		b = slices.Delete(b, at, at+1)
	case 3:
		b = slices.Insert(b, at, b[at])
	case 4:
		b = b[:at]
	case 5:
		b = append(b, b[at:]...)
	default:
		other := m.IntN(len(b))
		b[at], b[other] = b[other], b[at]
	}
	return b
}

func names(contents map[string][]byte) []string { return slices.Sorted(maps.Keys(contents)) }

// entries changes which entries there are.
func (m mutator) entries(c map[string][]byte) {
	name := pick(m, names(c))
	switch m.IntN(4) {
	case 0:
		delete(c, name)
	case 1:
		c[pick(m, []string{"constructor", "toString", "files/b.csv", "proofs/9.tlog-proof", "tombstones/1.json", "x", "files/CON.txt", "files/../x", "FILES/a", "readme.txt", "manifest.txt", "a/b/c", "é"})] = c[name]
	case 2:
		c[pick(m, names(c))] = c[name]
	default:
		c[name+pick(m, []string{"0", ".", "é", "_", " "})] = c[name]
		delete(c, name)
	}
}

// text changes a few bytes of one entry to others that mean something to a parser.
func (m mutator) text(c map[string][]byte) {
	name := pick(m, names(c))
	b := slices.Clone(c[name])
	if len(b) == 0 {
		return
	}
	at := m.IntN(len(b))
	piece := []byte(pick(m, []string{"\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "9", "a", "A", "+", "/", "=", "\n", "\n\n", "\r", " ", "\x00", "\x7f", "\xff",
		"é", "— ", "\u2028", `\ud800`, `\u0041`, "null", "true", "-1", "1.0", "1e3", "9007199254740993", "4611686018427387904", "\"x\":1,", "[]", "{}", "-0", "\ufeff"}))
	switch m.IntN(3) {
	case 0:
		b = slices.Insert(b, at, piece...)
	case 1:
		copy(b[at:], piece)
	default:
		b = slices.Delete(b, at, min(at+1+m.IntN(3), len(b)))
	}
	c[name] = b
}

// json changes records or manifest in ways that keep their meaning or nearly so.
func (m mutator) json(c map[string][]byte) {
	name := pick(m, names(c))
	if !strings.HasSuffix(name, ".json") {
		name = recordsName
	}
	s := string(c[name])
	find := pick(m, []string{`"id":`, `"shown":`, `,`, `"kind":"`, `":"`, `}`, `"proof":"`, `"salt":`, `"name":"`, `"origin":"`, `"path":[`, `"v":1`, `"incident"`, `"index":0`, `"size":3`, `"`, `"hash":"`})
	put := pick(m, []string{" " + find, find + " ", strings.ToUpper(find), find + find, `"extra":"1",` + find, find + `\u0061`, strings.Replace(find, `"`, `\u0022`, 1),
		`"__proto__":{},` + find, `"value":"",` + find, `"file":"",` + find, `"batch":null,` + find, `"file":null,` + find, find + "\ufeff", ""})
	if n := strings.Count(s, find); n > 0 {
		parts := strings.SplitN(s, find, 2+m.IntN(n))
		last := len(parts) - 1
		c[name] = []byte(strings.Join(parts[:last], find) + put + parts[last])
	}
}

// proof changes a proof, or the checkpoint of all of them.
func (m mutator) proof(c map[string][]byte) {
	var proofs []string
	for _, n := range names(c) {
		if strings.HasPrefix(n, "proofs/") {
			proofs = append(proofs, n)
		}
	}
	if len(proofs) == 0 {
		return
	}
	change := m.proofChange()
	if m.IntN(3) == 0 {
		proofs = []string{pick(m, proofs)}
	}
	for _, n := range proofs {
		c[n] = change(c[n])
	}
}

func (m mutator) proofChange() func([]byte) []byte {
	line, at, kind := m.IntN(14), m.IntN(60), m.IntN(9)
	piece := pick(m, []string{"0", "Z", "=", "\n", " ", "-", "A", "5", "é"})
	fresh := must(tlog.Cosign(pick(m, m.w.witnesses), must(tlog.SignCheckpoint(m.w.signer, tlog.Checkpoint{Origin: m.w.origin, Size: 7})), someTime()))
	forged := must(tlog.Cosign(m.other.witnesses[0], must(tlog.SignCheckpoint(m.w.signer, tlog.Checkpoint{Origin: m.w.origin, Size: 7})), someTime()))
	return func(b []byte) []byte {
		lines := strings.SplitAfter(string(b), "\n")
		if line >= len(lines) {
			return b
		}
		l := lines[line]
		switch kind {
		case 0:
			lines = slices.Delete(lines, line, line+1)
		case 1:
			lines = slices.Insert(lines, line, l)
		case 2:
			lines[line] = l[:min(at, len(l))] + piece + l[min(at, len(l)):]
		case 3:
			lines[line] = l[:min(at, len(l))] + piece + l[min(at+1, len(l)):]
		case 4:
			lines = append(lines, string(fresh)) // a witness's own line, over another tree
		case 5:
			lines = append(lines, string(forged)) // by somebody unknown
		case 6:
			lines[line], lines[len(lines)-2] = lines[len(lines)-2], l
		case 7:
			lines = append(lines, strings.Replace(string(fresh), "— ", "— x", 1))
		default:
			lines[line] = m.loosen(l)
		}
		return []byte(strings.Join(lines, ""))
	}
}

// loosen spells the base64 that ends a line differently, with the same bytes.
func (m mutator) loosen(l string) string {
	digits := strings.TrimRight(l, "=\n")
	if len(digits) == len(strings.TrimRight(l, "\n")) || digits == "" {
		return l // no padding, no bits to spare
	}
	alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := len(digits) - 1
	return digits[:last] + string(alphabet[(strings.IndexByte(alphabet, digits[last])+1)%64]) + l[len(digits):]
}

// note changes the manifest's signature or the key.
func (m mutator) note(c map[string][]byte) {
	switch m.IntN(6) {
	case 0:
		c[noteName] = append(c[noteName], "— x AAAAAAAA\n"...)
	case 1:
		c[noteName] = []byte(m.loosen(string(c[noteName])))
	case 2:
		c[noteName] = must(m.other.sign("ward-bundle/v1\n"))
	case 3:
		c[keyName] = []byte(m.other.verifier + "\n")
	case 4:
		c[keyName] = bytes.TrimSpace(c[keyName])
	default:
		key := must(base64.StdEncoding.DecodeString(strings.SplitN(m.w.verifier, "+", 3)[2]))
		c[keyName] = fmt.Appendf(nil, "%s+%08x+%s\n", m.w.origin, m.Uint32(), base64.StdEncoding.EncodeToString(key))
	}
}

// records makes a record claim something else, in perfect form.
func (m mutator) records(c map[string][]byte) {
	list, err := readRecords(c[recordsName])
	if err != nil || len(list) == 0 {
		return
	}
	i, j := m.IntN(len(list)), m.IntN(len(list))
	r, o := &list[i], list[j]
	switch m.IntN(16) {
	case 0:
		list = slices.Delete(list, i, i+1)
	case 1:
		list = append(list, o)
	case 2:
		r.Proof = o.Proof
	case 3:
		r.ID = o.ID
	case 4:
		r.Kind = pick(m, []string{"incident", "report", "run", "x"})
	case 5:
		r.Shown = o.Shown
	case 6:
		r.Opening = o.Opening
	case 7:
		r.Batch = o.Batch
	case 8:
		r.File = pick(m, []string{"", "files/sheet-2026.csv", "files/none"})
	case 9:
		r.Erased = o.Erased
	case 10, 11:
		list[i].Shown = m.shown(r.Shown)
	case 12:
		if r.Opening != nil {
			o := *r.Opening
			o.Shown = m.shown(o.Shown)
			r.Opening = &o
		}
	case 13:
		if r.Opening != nil {
			o := *r.Opening
			*pick(m, []*string{&o.Tenant, &o.Act, &o.Subject, &o.Key}) = pick(m, []string{"", "xaa", "x", runID, strings.Repeat("a", 64)})
			r.Opening = &o
		}
	case 14:
		if r.Batch != nil {
			b := *r.Batch
			b.Index, b.Size = m.IntN(4), m.IntN(5)
			r.Batch = &b
		}
	default:
		list[i], list[j] = list[j], list[i]
	}
	c[recordsName] = must(canonical(list))
}

func (m mutator) shown(list []tlog.Shown) []tlog.Shown {
	list = slices.Clone(list)
	if len(list) == 0 {
		return list
	}
	i, j := m.IntN(len(list)), m.IntN(len(list))
	switch m.IntN(7) {
	case 0:
		list[i].Value = "changed"
	case 1:
		list[i] = tlog.Shown{Name: "place", Value: "elsewhere", Salt: strings.Repeat("0", 64)}
	case 2:
		list[i], list[j] = list[j], list[i]
	case 3:
		list = append(list, list[j])
	case 4:
		list = slices.Delete(list, i, i+1)
	case 5:
		list[i].Name = pick(m, []string{"id", "\U00010000", "\uffff", "at", "", "é"})
	default:
		list[i] = tlog.Shown{Hash: strings.Repeat("0", 64)}
	}
	return list
}
