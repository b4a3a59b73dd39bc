package paper_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"ward/paper"
	"ward/referral"
	"ward/seal"
	"ward/vocab"
)

// canary is a word for a field that stands nowhere else; it is one word, so that a line break cannot part it.
func canary(i int) string {
	const letters = "bcdfghjklmnpqrstvwxz"
	return "Q" + string(letters[i/400%20]) + string(letters[i/20%20]) + string(letters[i%20]) + "zanq"
}

// canaries is a wish with a canary in every field there is, of this mechanism or not, and the field of each canary.
func canaries(m referral.Mechanism, ticked []string) (referral.Wish, map[string]string) {
	w := referral.Wish{Lang: "en", Day: "2026-11-22", Ticked: ticked, Values: map[string]string{}}
	if len(m.Langs) > 0 && !slices.Contains(m.Langs, "en") {
		w.Lang = m.Langs[0]
	}
	of := map[string]string{}
	for i, f := range referral.Fields() {
		w.Values[f.Key], of[f.Key] = canary(i), canary(i)
	}
	if slices.Contains(ticked, referral.FieldPictures) {
		w.Files = append(w.Files, referral.File{Name: "1.jpg", Type: "image/jpeg"})
	}
	if slices.Contains(ticked, referral.FieldDocuments) {
		w.Files = append(w.Files, referral.File{Name: "2.pdf", Type: "application/pdf"})
	}
	delete(of, referral.FieldDuress) // a word of a list, whatever was typed
	delete(of, referral.FieldPictures)
	delete(of, referral.FieldDocuments)
	return w, of
}

// packed writes a package as it leaves, sealed to a key, and returns what whoever has the key can read of it, and what whoever has not can.
func packed(t testing.TB, p referral.Package) (inside, outside string) {
	t.Helper()
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	var sealed, plain bytes.Buffer
	into, err := seal.SealTo(&sealed, recipient)
	if err != nil {
		t.Fatal(err)
	}
	none := func(referral.File) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("file")), nil }
	if err := p.Write(into, paper.PrintReferral, none); err != nil {
		t.Fatal(err)
	}
	if err := into.Close(); err != nil {
		t.Fatal(err)
	}
	outside = sealed.String()
	r, err := seal.OpenWith(&sealed, identity)
	if err == nil {
		_, err = io.Copy(&plain, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return everything(t, plain.Bytes()), outside
}

// everything is all bytes of an archive, packed and unpacked, with the text of its PDF as people read it.
func everything(t testing.TB, raw []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.Write(raw)
	out.WriteString(z.Comment)
	for _, f := range z.File {
		fmt.Fprintf(&out, "\n%s %s %x\n", f.Name, f.Comment, f.Extra)
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 || len(f.Extra) > 0 || f.Comment != "" {
			t.Errorf("%s tells a time or more: %v %x", f.Name, f.Modified, f.Extra)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
		if strings.HasSuffix(f.Name, ".pdf") && bytes.HasPrefix(b, []byte("%PDF")) {
			out.WriteString(pdfText(t, b))
		}
	}
	return out.String()
}

var (
	pdfStream = regexp.MustCompile(`(\d+) 0 obj\n<<((?s:.*?))/Length (\d+)>>stream\n`)
	pdfCode   = regexp.MustCompile(`(?m)^<([0-9A-F]{4})><([0-9A-F]+)>$`)
	pdfFont   = regexp.MustCompile(`/(F\d) (\d+) 0 R`)
	pdfShown  = regexp.MustCompile(`BT /(F\d) [^\[]*\[([^\]]*)\]TJ`)
	pdfHex    = regexp.MustCompile(`<([0-9A-F]*)>`)
)

// pdfText unpacks every stream of a PDF of ours, and reads the text that is shown, and strings in UTF-16, back.
func pdfText(t testing.TB, raw []byte) string {
	t.Helper()
	var out strings.Builder
	streams, dicts := map[int]string{}, map[int]string{}
	for _, m := range pdfStream.FindAllSubmatchIndex(raw, -1) {
		id, _ := strconv.Atoi(string(raw[m[2]:m[3]]))
		size, _ := strconv.Atoi(string(raw[m[6]:m[7]]))
		z, err := zlib.NewReader(bytes.NewReader(raw[m[1] : m[1]+size]))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		streams[id] = string(b)
		out.Write(b)
		members(string(raw[m[4]:m[5]]), string(b), dicts)
	}
	fonts := map[string]map[string]string{}
	for _, d := range dicts {
		for _, m := range regexp.MustCompile(`<FEFF([0-9A-F]*)>`).FindAllStringSubmatch(d, -1) {
			out.WriteString(utf16Text(m[1]) + "\n")
		}
		if at := strings.Index(d, "/Font<<"); at >= 0 {
			for _, m := range pdfFont.FindAllStringSubmatch(d[at:], -1) {
				fonts[m[1]] = codesOf(m[2], dicts, streams)
			}
		}
	}
	if len(fonts) == 0 {
		t.Fatal("the PDF has no fonts that could be read")
	}
	for _, s := range streams {
		for _, row := range strings.Split(s, "\n") {
			m := pdfShown.FindStringSubmatch(row)
			if m == nil {
				continue
			}
			for _, h := range pdfHex.FindAllStringSubmatch(m[2], -1) {
				for i := 0; i+4 <= len(h[1]); i += 4 {
					out.WriteString(fonts[m[1]][h[1][i:i+4]])
				}
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// members reads the objects of an object stream.
func members(dict, data string, into map[int]string) {
	var n, first int
	if _, err := fmt.Sscanf(dict[max(0, strings.Index(dict, "/Type/ObjStm")):], "/Type/ObjStm/N %d/First %d", &n, &first); err != nil {
		return
	}
	heads := strings.Fields(data[:first])
	for i := range n {
		id, _ := strconv.Atoi(heads[2*i])
		from, _ := strconv.Atoi(heads[2*i+1])
		to := len(data) - first
		if i+1 < n {
			to, _ = strconv.Atoi(heads[2*i+3])
		}
		into[id] = data[first+from : first+to]
	}
}

func codesOf(font string, dicts map[int]string, streams map[int]string) map[string]string {
	id, _ := strconv.Atoi(font)
	out := map[string]string{}
	m := regexp.MustCompile(`/ToUnicode (\d+) 0 R`).FindStringSubmatch(dicts[id])
	if m == nil {
		return out
	}
	cmap, _ := strconv.Atoi(m[1])
	for _, e := range pdfCode.FindAllStringSubmatch(streams[cmap], -1) {
		out[e[1]] = utf16Text(e[2])
	}
	return out
}

func utf16Text(hex string) string {
	var units []uint16
	for i := 0; i+4 <= len(hex); i += 4 {
		v, _ := strconv.ParseUint(hex[i:i+4], 16, 16)
		units = append(units, uint16(v))
	}
	return string(utf16.Decode(units))
}

func keys(m referral.Mechanism, required bool) (out []string) {
	for _, f := range m.Fields {
		if f.Required || !required {
			out = append(out, f.Key)
		}
	}
	return out
}

// leaves builds, packs and compares: what is ticked is in the package, what is not is in no byte of it, and nothing is outside the seal.
func leaves(t *testing.T, m referral.Mechanism, ticked []string) {
	t.Helper()
	w, of := canaries(m, ticked)
	p, _ := m.Build(w)
	inside, outside := packed(t, p)
	low := strings.ToLower(inside)
	for key, word := range of {
		_, is := m.Field(key)
		ticks := is && slices.Contains(ticked, key)
		if has := strings.Contains(low, strings.ToLower(word)); has != ticks {
			t.Fatalf("%s: %s ticked %v, in the package %v", m.ID, key, ticks, has)
		}
		if strings.Contains(outside, word) || strings.Contains(outside, m.ID) && len(m.ID) > 6 {
			t.Fatalf("%s: %s can be read without the key", m.ID, key)
		}
	}
	if !strings.Contains(inside, "\"files\"") && len(w.Files) > 0 {
		t.Error("the manifest names no file")
	}
}

// Rule: whatever is known, a package is made of what somebody ticked (standards 3.8, 10.4).
func TestWhatIsNotTickedIsInNoByteOfAnyPackage(t *testing.T) {
	for _, m := range referral.Mechanisms() {
		t.Run(m.ID, func(t *testing.T) {
			all := keys(m, false)
			leaves(t, m, all)
			leaves(t, m, nil)
			leaves(t, m, keys(m, true))
			for _, key := range all {
				leaves(t, m, slices.DeleteFunc(slices.Clone(all), func(k string) bool { return k == key }))
			}
		})
	}
}

func TestRandomTicksLeaveNothingElse(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 4))
	list := referral.Mechanisms()
	for range 60 {
		m := list[r.IntN(len(list))]
		ticked := slices.DeleteFunc(keys(m, false), func(string) bool { return r.IntN(2) == 0 })
		leaves(t, m, ticked)
	}
}

func TestAFieldOfAnotherMechanismIsNotLetIn(t *testing.T) {
	m, _ := referral.MechanismOf("spt")
	leaves(t, m, append(keys(m, false), "person_name"))
	w, _ := canaries(m, []string{"person_name"})
	if _, problems := m.Build(w); !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == referral.Unknown && p.Field == "person_name" }) {
		t.Errorf("%+v", problems)
	}
}

func TestEqualPackagesAreEqualBytes(t *testing.T) {
	m, _ := referral.MechanismOf("wgad")
	w, _ := canaries(m, keys(m, false))
	write := func() string {
		p, _ := m.Build(w)
		var b bytes.Buffer
		err := p.Write(&b, paper.PrintReferral, func(referral.File) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("x")), nil })
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if first, second := write(), write(); first != second {
		t.Error("two packages of the same fields differ")
	}
}

func TestTheManifestNamesEachFieldAndWhyAndRepeatsNothing(t *testing.T) {
	m, _ := referral.MechanismOf("sp-urgent")
	w, of := canaries(m, keys(m, true))
	w.Basis = 2
	p, _ := m.Build(w)
	b, err := json.Marshal(p.Manifest())
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range of {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("the manifest says %s", word)
		}
	}
	for _, f := range p.Manifest().Fields {
		if f.Why == "" || f.Label == "" || f.Class != "" && !slices.Equal(f.Consents, []int{1, 2}) {
			t.Errorf("%+v", f)
		}
	}
}

// Persian stands in the PDF as it was written, from right to left.
func TestAPackageInAnotherScriptIsRead(t *testing.T) {
	m, _ := referral.MechanismOf("nhri")
	p, _ := m.Build(referral.Wish{Lang: "fa", Day: "2026-11-22", Ticked: []string{"submitter", "duress"}, Values: map[string]string{"submitter": "انجمن"}})
	if got, _ := p.Field("duress"); got != vocab.Label("duress", "unknown", "fa") {
		t.Errorf("duress unknown says %q", got)
	}
	if doc := paper.Submission(p); !doc.RTL || doc.Lang != "fa" {
		t.Errorf("%s %v", doc.Lang, doc.RTL)
	}
}
