package intake

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

type keptFile struct{ name, kind, body string }

// readMail reads an e-mail whose lines end in \n.
func readMail(t testing.TB, text string) (Mail, []keptFile, error) {
	t.Helper()
	var files []keptFile
	m, err := ReadMail(strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")), func(name, kind string, body io.Reader) error {
		b, err := io.ReadAll(body)
		files = append(files, keptFile{name, kind, string(b)})
		return err
	})
	return m, files, err
}

func TestAnEmailIsTakenApart(t *testing.T) {
	m, files, err := readMail(t, `From: =?UTF-8?B?2YXYsdmK2YU=?= <maryam@example.invalid>
Reply-To: safe@example.invalid
To: desk@example.invalid
Date: Tue, 03 Nov 2026 23:30:00 +0330
Subject: =?windows-1256?B?yszR7dHj?=
Message-ID: <1@example.invalid>
X-Originating-IP: 192.0.2.7
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=windows-1252
Content-Transfer-Encoding: quoted-printable

The clinic=92s door was broken.=20

--c
Content-Type: text/html; charset=utf-8

<p>The page of it</p>
--c--
--b
Content-Type: image/png; name="=?UTF-8?Q?=D8=AF=D8=B1.png?="
Content-Disposition: attachment; filename*=UTF-8''%D8%AF%D8%B1.png
Content-Transfer-Encoding: base64

aW52ZW50ZWQ=
--b--
`)
	if err != nil {
		t.Fatal(err)
	}
	if m.Body != "The clinic’s door was broken." || m.Day != "2026-11-03" || m.Subject == "" || strings.Contains(m.Subject, "=?") || m.Partial || m.Cut {
		t.Errorf("%+v", m)
	}
	if m.Sender != (Sender{"مريم", "maryam@example.invalid, safe@example.invalid"}) {
		t.Errorf("%+v", m.Sender)
	}
	if len(files) != 1 || files[0] != (keptFile{"در.png", "image/png", "invented"}) {
		t.Errorf("%q", files)
	}
	if all := m.Subject + m.Body + fmt.Sprint(files); strings.Contains(all, "@example.invalid") || strings.Contains(all, "192.0.2.7") {
		t.Errorf("who sent it stands in what goes into the report: %s", all)
	}
}

func TestAPageIsReadAsText(t *testing.T) {
	m, _, err := readMail(t, `From: a@example.invalid
Content-Type: text/html; charset=iso-8859-9

<html><head><title>no</title><style>p{}</style></head><body><!-- no --><SCRIPT>alert("no")</SCRIPT><p>One &amp; two</p><br>three<a href="javascript:no">four</a> 1 < 2 <img src=x onerror=no></body>
`)
	if err != nil || m.Body != "One & two\n\nthreefour 1 < 2" {
		t.Errorf("%q %v", m.Body, err)
	}
}

func TestAForwardedMailKeepsItsTextAndItsSenderApart(t *testing.T) {
	m, files, err := readMail(t, `From: b@example.invalid
Subject: Fwd
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

See below.
--b
Content-Type: message/rfc822

From: Origin <origin@example.invalid>
Subject: The first one

They came at night.
--b--
`)
	if err != nil || m.Body != "See below.\n\nThe first one\n\nThey came at night." || len(files) != 0 || !strings.Contains(m.Sender.Reach, "origin@example.invalid") {
		t.Errorf("%+v %q %v", m, files, err)
	}
}

func TestWhatIsNoEmailIsRefused(t *testing.T) {
	for _, text := range []string{"", "\n", "words", " \n \n", "PK\x03\x04\x00\x00", strings.Repeat("X: y\n", 100_000), "X-Y: z\n\nwords"} {
		if m, _, err := readMail(t, text); err == nil {
			t.Errorf("%.20q is read as %+v", text, m)
		}
	}
}

// Deep nesting, endless parts, broken encodings and unknown character sets cost little, and what can be read is.
func TestHostileMailsAreBounded(t *testing.T) {
	deep := "From: a@example.invalid\n"
	for i := range 500 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	head := "From: a@example.invalid\nContent-Type: multipart/mixed; boundary=b\n\n"
	many := head + strings.Repeat("--b\nContent-Disposition: attachment\n\nx\n", 5000)
	broken := head + "--b\nContent-Type: text/plain; charset=\"utf-7; x\"\nContent-Transfer-Encoding: base64\n\n!!!!\n--b\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\naGk=####\n--b"
	for name, text := range map[string]string{"deep": deep, "many": many, "broken": broken} {
		m, files, err := readMail(t, text)
		if err != nil || !m.Partial || len(files) > maxParts {
			t.Errorf("%s: %v %v, %d files", name, m.Partial, err, len(files))
		}
	}
	long, files, err := readMail(t, "From: a@example.invalid\n\n"+strings.Repeat("ب", maxNarrative))
	if err != nil || !long.Cut || len(long.Body) > maxNarrative || !utf8.ValidString(long.Body) || len(files) != 1 || len(files[0].body) != 2*maxNarrative {
		t.Errorf("%d bytes, %d files, %v", len(long.Body), len(files), err)
	}
}

// Each of these is a megabyte on which a careless reader of HTML spends minutes.
func TestAPageTakesTimeInProportionToItsLength(t *testing.T) {
	for _, unit := range []string{"<", "<!--", "<a", "</", "<svg></svg>", "<style>", "<style></styl", "&", "<1", "<p/"} {
		stripped(strings.Repeat(unit, maxText/len(unit)))
	}
}

func TestFileNamesAreFitToBeShown(t *testing.T) {
	for sent, want := range map[string]string{"a.pdf": "a.pdf", `C:\Users\someone\scan.pdf`: "scan.pdf", "../../etc/passwd": "passwd", "": "file", "..": "file",
		"x\u202egpj.exe": "xgpj.exe", "a\r\nSet-Cookie: x": "a Set-Cookie_ x", "نامه.pdf": "نامه.pdf", `a"b<c>`: "a_b_c_", strings.Repeat("x", 300) + ".png": strings.Repeat("x", maxName-4) + ".png"} {
		if got := FileName(sent); got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
	}
}

func FuzzReadMail(f *testing.F) {
	seeds, _ := filepath.Glob("testdata/*.eml")
	for _, s := range seeds {
		if b, err := os.ReadFile(s); err == nil {
			f.Add(b)
		}
	}
	f.Add([]byte("From: a@example.invalid\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\n<p>\r\n--b--"))
	f.Add([]byte("Subject: =?utf-16?B?" + base64.StdEncoding.EncodeToString([]byte{0xff, 0xfe, 0, 0xd8}) + "?=\r\nContent-Type: text/html; charset=utf-16\r\n\r\n\xff\xfe<"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		kept := 0
		m, err := ReadMail(bytes.NewReader(raw), func(name, kind string, body io.Reader) error {
			kept++
			if name == "" || len(name) > maxName || strings.ContainsAny(name, "/\\\r\n\x00\u202e") || !utf8.ValidString(name) {
				t.Errorf("a file is called %q", name)
			}
			_, err := io.Copy(io.Discard, body)
			return err
		})
		if err != nil {
			return
		}
		if len(m.Body) > maxNarrative || !utf8.ValidString(m.Body+m.Subject+m.Sender.Name+m.Sender.Reach) || kept > maxParts+1 || strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("%+v, %d files", m, kept)
		}
	})
}
