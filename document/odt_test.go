package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
)

func odtBytes(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.WriteODT(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wellFormed reads every part of the file and returns them by name.
func wellFormed(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(data)
		if !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		for d := xml.NewDecoder(bytes.NewReader(data)); err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	return parts
}

func TestAnODTIsAnOpenDocument(t *testing.T) {
	raw := odtBytes(t, samples[1].document(5))
	// OpenDocument 1.2 part 3, 3.3: the type is found at byte 38, uncompressed.
	if !bytes.HasPrefix(raw[30:], []byte("mimetype"+odtType)) {
		t.Errorf("begins with %q", raw[:90])
	}
	parts := wellFormed(t, raw)
	for name := range parts {
		if name != "mimetype" && !strings.HasPrefix(name, "META-INF") && !strings.Contains(parts["META-INF/manifest.xml"], `"`+name+`"`) {
			t.Errorf("%s is not in the manifest", name)
		}
	}
	content := parts["content.xml"]
	for what, n := range map[string]int{"<text:h ": 4, "<table:table-header-rows>": 1, "<text:list-item>": 5, "rl-tb": 2, "<text:a ": 1} {
		if got := strings.Count(content, what); got != n {
			t.Errorf("%d of %s, want %d", got, what, n)
		}
	}
	if !strings.Contains(parts["styles.xml"], "صفحهٔ <text:page-number") {
		t.Error("the foot has no field for the page")
	}
	if !strings.Contains(content, "می‌گوید ۱۲ نفر") {
		t.Error("the text is not there as it was given")
	}
}

func TestEveryStyleThatIsUsedExists(t *testing.T) {
	parts := wellFormed(t, odtBytes(t, samples[0].document(9)))
	all := parts["styles.xml"] + parts["content.xml"]
	for _, m := range regexp.MustCompile(`(?:text|table):style-name="([^"]+)"`).FindAllStringSubmatch(all, -1) {
		if !strings.Contains(all, `style:name="`+m[1]+`"`) {
			t.Errorf("style %s does not exist", m[1])
		}
	}
}
