package exchange

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ward/fault"
)

// workbook is an empty one with parts replaced or added.
func workbook(t testing.TB, parts map[string]string) string {
	t.Helper()
	f := excelize.NewFile()
	made, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(made.Bytes()), int64(made.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[part.Name] = string(b)
	}
	for name, content := range parts {
		all[name] = content
	}
	return zipped(t, all)
}

func zipped(t testing.TB, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range sortedKeys(parts) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "book.xlsx", b.String())
}

const typesXML = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`

func TestHostileWorkbooks(t *testing.T) {
	with := func(name, content string) map[string]string { return map[string]string{name: content} }
	bomb := `<worksheet><sheetData>` + strings.Repeat(" ", 300<<20) + `</sheetData></worksheet>`
	for _, c := range []struct {
		name  string
		parts map[string]string
		kind  fault.Kind
		words string
	}{
		{"bomb", with("xl/worksheets/sheet1.xml", bomb), fault.Limit, "unfolds"},
		{"macros", with("xl/vbaProject.bin", "x"), fault.Refused, "macros"},
		{"macro type", with("[Content_Types].xml", typesXML), fault.Refused, "macros"},
		{"cut", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>`), fault.Invalid, "ends early"},
		{"empty", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData></sheetData></worksheet>`), fault.Invalid, "no rows"},
		{"wide", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="XFD1" t="str"><v>x</v></c></row></sheetData></worksheet>`), fault.Limit, "columns"},
		{"far row", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="9223372036854775"><c r="A1" t="str"><v>x</v></c></row></sheetData></worksheet>`), fault.Invalid, ""},
		{"nonsense cell", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="??" t="str"><v>x</v></c></row></sheetData></worksheet>`), fault.Invalid, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tryAll(workbook(t, c.parts), Options{})
			wantKind(t, err, c.kind, c.words)
		})
	}
}

func TestOtherZip(t *testing.T) {
	_, err := Open(zipped(t, map[string]string{"a.txt": "x"}), Options{})
	wantKind(t, err, fault.Invalid, "not a workbook")
}

func TestEmptyWorkbook(t *testing.T) {
	f := excelize.NewFile()
	path := filepath.Join(t.TempDir(), "empty.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path, Options{})
	wantKind(t, err, fault.Invalid, "no rows")
}

func TestHostileText(t *testing.T) {
	head, _, _ := strings.Cut(edition(nil), "\n")
	long := strings.Repeat("x", 50<<20)
	for _, c := range []struct {
		name, content string
		kind          fault.Kind
		words         string
	}{
		{"empty", "", fault.Invalid, "empty"},
		{"blanks", " \n \n", fault.Invalid, "blanks"},
		{"binary", "a\x00b,c\n", fault.Invalid, "neither"},
		{"long line", long + "\n", fault.Limit, "longer than"},
		{"long row", edition(nil) + long + "\n", fault.Limit, "longer than"},
		{"wide", strings.Repeat("a,", 10000) + "\n", fault.Limit, "columns"},
		{"open quote", head + "\n\"" + strings.Repeat("a line of words that goes on and on and on and on and on and on and on and on and on and on and on\n", 1000), fault.Invalid, "not closed"},
		{"json cut", `[{"date":"2021-03-07"`, fault.Invalid, "early"},
		{"json broken", `[{"date":}]`, fault.Invalid, "broken"},
		{"json scalar list", `[1,2]`, fault.Invalid, "not a record"},
		{"json long", `[{"date":"` + long + `"}]`, fault.Limit, "longer than"},
		{"json deep", `[{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}]`, fault.Invalid, ""},
		{"json wide", "[{" + strings.Repeat(`"`+"k", 1) + `":1` + wideKeys(3000) + "}]", fault.Limit, "columns"},
		{"other table", "a,b,c\n1,2,3\n", fault.Invalid, "no known layout"},
		{"old excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", fault.Invalid, "old or a locked"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tryAll(write(t, "in", c.content), Options{})
			wantKind(t, err, c.kind, c.words)
		})
	}
	_, err := Open(filepath.Join(t.TempDir(), "none"), Options{})
	wantKind(t, err, fault.NotFound)
	_, err = Open(t.TempDir(), Options{})
	wantKind(t, err, fault.Invalid)
	_, err = Open(write(t, "a.csv", edition(nil)), Options{Profile: "no-such"})
	wantKind(t, err, fault.NotFound, "sind")
}

func wideKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"k`)
		b.WriteString(strings.Repeat("a", i%50))
		b.WriteByte(byte('a' + i%26))
		b.WriteString(strings.Repeat("b", i/50))
		b.WriteString(`":1`)
	}
	return b.String()
}

func TestGzipBombAndDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bomb.csv.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range 64 {
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	f.Close()
	_, err = tryAll(path, Options{})
	wantKind(t, err, fault.Limit, "longer than")
	_, err = tryAll(write(t, "broken.gz", "\x1f\x8b\x08\x00garbage-garbage"), Options{})
	wantKind(t, err, fault.Invalid)
}

// Latin-1 without a mark, UTF-16 with one, a byte order mark, bare carriage returns.
func TestCharacterSets(t *testing.T) {
	plain := edition(func(h, r []string) ([]string, []string) { r[4] = "Région"; return h, r })
	utf16 := []byte{0xff, 0xfe}
	for _, r := range plain {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, content := range map[string]string{"utf-8": plain, "mark": "\ufeff" + plain, "latin-1": strings.ReplaceAll(plain, "é", "\xe9"),
		"utf-16": string(utf16), "old mac": strings.ReplaceAll(plain, "\n", "\r"), "tabs": strings.ReplaceAll(plain, ",", "\t")} {
		t.Run(name, func(t *testing.T) {
			r, _ := one(t, content, Options{})
			if r.Get("adm1") != "Région" {
				t.Errorf("adm1 = %q", r.Get("adm1"))
			}
		})
	}
}
