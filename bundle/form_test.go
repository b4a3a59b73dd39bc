package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// respell is an archive in which one JSON entry is spelled differently, and everything else fits.
func (w *world) respell(archive []byte, name string, data []byte) attack {
	return attack{fmt.Sprintf("%s as %.60q", name, data), Differs, forge(archive, func(c map[string][]byte) {
		c[name] = data
		if name == manifestName {
			c[noteName] = must(w.sign(signedText(w.origin, sha256.Sum256(data))))
		} else {
			w.relist(c)
		}
	})}
}

// spellings: the manifest and the records have one form each.
func (w *world) spellings(t *testing.T, archive []byte) (list []attack) {
	contents := open(archive)
	spell := func(name, find, put string) {
		if !bytes.Contains(contents[name], []byte(find)) {
			t.Fatalf("%s holds no %s", name, find)
		}
		a := w.respell(archive, name, bytes.Replace(contents[name], []byte(find), []byte(put), 1))
		a.name = name + " with " + put
		list = append(list, a)
	}
	for _, name := range []string{manifestName, recordsName} {
		for _, put := range []string{` "`, `"x":"",` + `"`, `"\u0065xtra":1,"`, "\ufeff\"", "\xff\""} {
			spell(name, `"`, put)
		}
		spell(name, `,`, `, `)
		spell(name, `,`, ",\n")
		for _, around := range []string{" %s", "%s ", "\ufeff%s", "%s\n", "%s[]", "%s,", "[%s]", ""} {
			list = append(list, w.respell(archive, name, []byte(strings.Replace(around, "%s", string(contents[name]), 1))))
		}
	}
	for _, c := range [][2]string{
		{`"kind":`, `"Kind":`}, {`"kind":"incident"`, `"kind":"incident","kind":"incident"`}, {`"index":0`, `"index":-0`}, {`"index":0`, `"index":0.0`},
		{`"index":0`, `"index":0e0`}, {`"index":0`, `"index":null`}, {`"path":[`, `"path":[null,`}, {`"value":"XAA"`, `"value":"X\u0041A"`},
		{`"value":"XAA"`, `"value":"\ud800"`}, {`"size":3`, `"size":9007199254740993`}, {`"size":3`, `"size":9007199254740992`}, {`]},{`, `]}, {`}, {`]},{`, `]},,{`},
		{`"opening":{`, `"batch":null,"opening":{`}, {`"shown":[`, `"shown":null,"shown":[`}, {`\b\u0001`, `\u0008\u0001`}, {`\n`, `\u000a`}, {"\u2028", `\u2028`},
		{`\u0001`, "\x01"}, {`\"`, `\u0022`}, {`"id":"WRD`, `"file":"","id":"WRD`}, {`[{`, `[{},{`}, {`[{`, `[null,{`}, {`[{"id`, `[{"batch":{},"id`},
	} {
		spell(recordsName, c[0], c[1])
	}
	empty := strings.Index(string(contents[recordsName]), `"name":"empty","salt":"`) + len(`"name":"empty","salt":"`) + 65
	list = append(list, w.respell(archive, recordsName, slices.Insert(slices.Clone(contents[recordsName]), empty, []byte(`,"value":""`)...)))
	for _, c := range [][2]string{{`ward-bundle/v1`, `ward-bundle/v2`}, {`"en"`, `""`}, {`"en"`, `"e n"`}, {`"en"`, "\"e\u202en\""}, {`"size":`, `"size":-`}, {incidentID, "a b"},
		{w.origin, "log example"}, {`"name":"README.txt"`, `"name":"manifest.json"`}, {`"name":"README.txt"`, `"name":"zzz"`}, {`"name":"README.txt"`, `"name":"../README.txt"`}} {
		spell(manifestName, c[0], c[1])
	}
	return list
}

func oddNames(archive []byte) (list []attack) {
	for code, names := range map[int][]string{
		Damaged: {"../x", "files/../x", "/x", "x/", "a/b/c", `a\b`, "C:x", "files/.x", "files/-x", "files/x.", "files/x ", "files/a b", "", "files/", "files/é", "files/\u202ex",
			"files/\x00", "files/nul", "files/Con.txt", "files/LPT1.csv", "files/com0", "readme.txt", "FILES/sheet-2026.csv", "files/" + strings.Repeat("x", 123)},
		Missing: {"x", "files/x-1.tar.gz", "files/comma.txt", "files/x_", "files/console", "files/com10", "files/" + strings.Repeat("x", 122)},
	} {
		for _, name := range names {
			list = append(list, attack{fmt.Sprintf("an entry named %q", name), code, forge(archive, func(c map[string][]byte) { c[name] = []byte("x") })})
		}
	}
	return list
}

// structures hides bytes where nobody looks.
func structures(archive []byte) []attack {
	start := int(binary.LittleEndian.Uint32(archive[len(archive)-6:]))
	gap := slices.Insert(slices.Clone(archive), start, []byte("hidden")...)
	binary.LittleEndian.PutUint32(gap[len(gap)-6:], uint32(start+6))
	entries := must(unpack(bytes.NewReader(archive), int64(len(archive))))
	return []attack{
		{"bytes between contents and directory", Damaged, gap},
		{"bytes before it", Damaged, append([]byte("hidden"), archive...)},
		{"bytes after it", Damaged, append(archive[:len(archive):len(archive)], "hidden"...)},
		{"an archive after it", Damaged, append(archive[:len(archive):len(archive)], archive...)},
		{"an archive of nothing", Missing, packed(nil)},
		{"nothing", Damaged, nil},
		{"two entries of one name", Damaged, packed(append(entries[:1:1], entries...))},
		{"entries in another order", Damaged, packed(append(entries[1:len(entries):len(entries)], entries[0]))},
	}
}

func limits(archive []byte) (list []attack) {
	for name, size := range map[string]int{readmeName: maxSmall, keyName: maxSmall, proofName(1): maxSmall, manifestName: maxManifest, recordsName: maxList} {
		for more, code := range []int{Differs, Damaged} {
			list = append(list, attack{fmt.Sprint(name, " of the limit and ", more), code, forge(archive, func(c map[string][]byte) { c[name] = make([]byte, size+more) })})
		}
	}
	return append(list, attack{"too many entries", Damaged, forge(archive, func(c map[string][]byte) {
		for i := range MaxEntries {
			c[fmt.Sprint("files/", i)] = nil
		}
	})})
}

func TestArchivesBeyondTheLimits(t *testing.T) {
	archive := newWorld(sheet()).bundle(2)
	for more, code := range []int{Missing, Damaged} {
		wantCode(t, fmt.Sprint("a file of the limit and ", more), judged(forge(archive, func(c map[string][]byte) { c["files/x"] = make([]byte, MaxFile+more) }), nil), code)
	}
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
