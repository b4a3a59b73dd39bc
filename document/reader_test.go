package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// reader is a small reader of our own PDF files: objects by number, read through the cross-reference stream alone.
type reader struct {
	t    testing.TB
	raw  []byte
	dict map[int]string
	data map[int][]byte
}

var (
	refPattern  = regexp.MustCompile(`(\d+) 0 R`)
	lenPattern  = regexp.MustCompile(`/Length (\d+)>>stream\n$`)
	headPattern = regexp.MustCompile(`^(\d+) 0 obj\n`)
)

func openPDF(t testing.TB, raw []byte) *reader {
	t.Helper()
	r := &reader{t: t, raw: raw, dict: map[int]string{}, data: map[int][]byte{}}
	tail := string(raw[bytes.LastIndex(raw, []byte("startxref\n")):])
	var at int
	if _, err := fmt.Sscanf(tail, "startxref\n%d\n%%%%EOF", &at); err != nil {
		t.Fatalf("end of file %q: %v", tail, err)
	}
	id, _, rows := r.stream(at)
	for i := 7; i+7 <= len(rows); i += 7 {
		num := i / 7
		field := int(rows[i+1])<<24 | int(rows[i+2])<<16 | int(rows[i+3])<<8 | int(rows[i+4])
		if rows[i] == 1 {
			got, dict, data := r.stream(field)
			if got != num && num != id {
				t.Fatalf("object %d stands where %d should be", got, num)
			}
			r.dict[num], r.data[num] = dict, data
		}
	}
	for i := 7; i+7 <= len(rows); i += 7 {
		if rows[i] == 2 {
			r.member(i/7, int(rows[i+1])<<24|int(rows[i+2])<<16|int(rows[i+3])<<8|int(rows[i+4]), int(rows[i+5])<<8|int(rows[i+6]))
		}
	}
	return r
}

// stream reads the stream object at an offset.
func (r *reader) stream(at int) (id int, dict string, data []byte) {
	r.t.Helper()
	rest := r.raw[at:]
	end := bytes.Index(rest, []byte("stream\n")) + len("stream\n")
	m, l := headPattern.FindSubmatch(rest), lenPattern.FindSubmatch(rest[:end])
	if m == nil || l == nil {
		r.t.Fatalf("no object at %d: %.40q", at, rest)
	}
	id, _ = strconv.Atoi(string(m[1]))
	size, _ := strconv.Atoi(string(l[1]))
	if !bytes.HasPrefix(rest[end+size:], []byte("\nendstream\nendobj\n")) {
		r.t.Fatalf("stream %d is not as long as it says", id)
	}
	if bytes.Contains(rest[:end], []byte("/DCTDecode")) {
		return id, string(rest[:end]), rest[end : end+size]
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[end : end+size]))
	if err != nil {
		r.t.Fatal(err)
	}
	data, err = io.ReadAll(z)
	if err != nil {
		r.t.Fatal(err)
	}
	return id, string(rest[:end]), data
}

// member reads an object out of an object stream.
func (r *reader) member(num, stream, index int) {
	var first int
	dict := r.dict[stream]
	if _, err := fmt.Sscanf(dict[strings.Index(dict, "/First "):], "/First %d", &first); err != nil {
		r.t.Fatal(err)
	}
	heads := strings.Fields(string(r.data[stream][:first]))
	if heads[2*index] != strconv.Itoa(num) {
		r.t.Fatalf("object %d is %s in its stream", num, heads[2*index])
	}
	from, _ := strconv.Atoi(heads[2*index+1])
	to := len(r.data[stream]) - first
	if 2*index+3 < len(heads) {
		to, _ = strconv.Atoi(heads[2*index+3])
	}
	r.dict[num] = string(r.data[stream][first+from : first+to])
}

// find lists the numbers of objects that hold a text, in order.
func (r *reader) find(text string) (ids []int) {
	for id := 1; id <= len(r.dict); id++ {
		if strings.Contains(r.dict[id], text) && !strings.Contains(r.dict[id], "/ObjStm") {
			ids = append(ids, id)
		}
	}
	return ids
}

// ref is the object that an entry of a dictionary refers to.
func (r *reader) ref(dict, entry string) int {
	r.t.Helper()
	var id int
	at := strings.Index(dict, entry)
	if at < 0 {
		r.t.Fatalf("no %s in %s", entry, dict)
	}
	if _, err := fmt.Sscanf(strings.Trim(dict[at+len(entry):], "[ "), "%d", &id); err != nil {
		r.t.Fatal(err)
	}
	return id
}

// pages lists content streams in the order of pages.
func (r *reader) pages() (contents []string) {
	kids := r.dict[r.find("/Type/Pages")[0]]
	for _, m := range refPattern.FindAllStringSubmatch(kids[strings.Index(kids, "/Kids"):], -1) {
		id, _ := strconv.Atoi(m[1])
		contents = append(contents, string(r.data[r.ref(r.dict[id], "/Contents ")]))
	}
	return contents
}

// unicodes reads the maps from codes to text, by the font's name on the page.
func (r *reader) unicodes() map[string]map[string]string {
	out := map[string]map[string]string{}
	resources := r.dict[r.find("/Font<<")[0]]
	for _, m := range regexp.MustCompile(`/(F\d) (\d+) 0 R`).FindAllStringSubmatch(resources, -1) {
		id, _ := strconv.Atoi(m[2])
		codes := map[string]string{}
		cmap := r.data[r.ref(r.dict[id], "/ToUnicode ")]
		for _, e := range regexp.MustCompile(`(?m)^<([0-9A-F]{4})><([0-9A-F]+)>$`).FindAllSubmatch(cmap, -1) {
			var units []uint16
			for i := 0; i+4 <= len(e[2]); i += 4 {
				v, _ := strconv.ParseUint(string(e[2][i:i+4]), 16, 16)
				units = append(units, uint16(v))
			}
			codes[string(e[1])] = string(utf16.Decode(units))
		}
		out[m[1]] = codes
	}
	return out
}

var (
	shown   = regexp.MustCompile(`BT /(F\d) [\d.]+ Tf 1 0 0 1 (-?[\d.]+) (-?[\d.]+) Tm \[([^\]]*)\]TJ`)
	hexCode = regexp.MustCompile(`<([0-9A-F]*)>`)
)

// text reads a page's text back in the order of reading; artifacts are left out unless asked for.
func (r *reader) text(content string, artifacts bool) string {
	fonts := r.unicodes()
	var out strings.Builder
	artifact, turned, next := false, false, false
	for _, row := range strings.Split(content, "\n") {
		switch {
		case strings.HasPrefix(row, "/ReversedChars"):
			next = true
		case strings.HasPrefix(row, "/Artifact"):
			artifact, turned, next = true, next, false
		case strings.Contains(row, "BDC"):
			artifact, turned, next = false, next, false
			out.WriteByte('\n')
		}
		m := shown.FindStringSubmatch(row)
		if m == nil || artifact && !artifacts {
			continue
		}
		var chars []string
		for _, h := range hexCode.FindAllStringSubmatch(m[4], -1) {
			for i := 0; i+4 <= len(h[1]); i += 4 {
				text, ok := fonts[m[1]][h[1][i:i+4]]
				if !ok {
					r.t.Fatalf("code %s of %s has no text", h[1][i:i+4], m[1])
				}
				chars = append(chars, text)
			}
		}
		if turned {
			for i, j := 0, len(chars)-1; i < j; i, j = i+1, j-1 {
				chars[i], chars[j] = chars[j], chars[i]
			}
		}
		out.WriteString(strings.Join(chars, ""))
	}
	return strings.ReplaceAll(out.String(), "\u200b", "")
}
