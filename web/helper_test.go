package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/exchange"
	"ward/internal/realdata"
	"ward/simulate"
	"ward/store/storetest"
)

var ctx = context.Background()

func workspace(t testing.TB) *desk.Desk {
	t.Helper()
	d, err := desk.Open(ctx, desk.Workspace{Dir: t.TempDir(), Cost: storetest.Cheap(),
		Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func pagesOf(t testing.TB, d *desk.Desk) http.Handler {
	t.Helper()
	h, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// siteAs is the site as somebody with an account sees it.
func siteAs(t testing.TB, d *desk.Desk, who access.Actor) http.Handler {
	t.Helper()
	site, err := newSite(d)
	if err != nil {
		t.Fatal(err)
	}
	site.who = func(*http.Request) (access.Actor, error) { return who, nil }
	site.proved = func(*http.Request) (bool, error) { return true, nil }
	return site.handler()
}

func take(t testing.TB, d *desk.Desk, path string) {
	t.Helper()
	if _, err := d.Import(ctx, access.Local(), path, desk.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
}

// realFiles serves a workspace that holds the given real files.
func realFiles(t testing.TB, files ...string) http.Handler {
	t.Helper()
	d := workspace(t)
	for _, f := range files {
		take(t, d, realdata.Path(t, "data/"+f))
	}
	return pagesOf(t, d)
}

// cells are one row of a publisher's file, by label; labels that are not named stay blank.
type cells map[string]string

// publish imports rows in a publisher's layout; labels that the layout lacks become columns of their own.
func publish(t testing.TB, d *desk.Desk, profile, layout string, rows ...cells) {
	t.Helper()
	sheet, err := exchange.NewSheet(profile, layout)
	if err != nil {
		t.Fatal(err)
	}
	labels, _ := sheet.Header()
	labels = slices.Clone(labels)
	for _, r := range rows {
		for label := range r {
			if !slices.Contains(labels, label) {
				labels = append(labels, label)
			}
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(labels)
	for _, r := range rows {
		line := make([]string, len(labels))
		for i, label := range labels {
			line[i] = r[label]
		}
		w.Write(line)
	}
	w.Flush()
	path := filepath.Join(t.TempDir(), profile+".csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	take(t, d, path)
}

// event is a row in SiND's layout about the invented State of Arcadia; more are pairs of label and value.
func event(id, date string, more ...string) cells {
	return with(cells{"SiND Event ID": id, "Date": date, "Country": "Arcadia", "Country ISO": "XAA", "Admin 1": "North", "Latitude": "4.5", "Longitude": "5.5",
		"Geo Precision": "(2) 25 km Precision", "Reported Perpetrator": "Police", "Weapon Carried/Used": "Firearms", "Health Workers Killed": "1",
		"Health Workers Injured": "0", "Event Description": "A clinic was searched."}, more...)
}

// attack is a row in WHO's layout.
func attack(id, date string, more ...string) cells {
	return with(cells{"Attack ID": id, "Attack Date": date, "Country / Territory": "Arcadia", "Certainty Level": "Confirmed",
		"Attack Type": "Violence with heavy weapons", "Total Injured": "0", "Total Death": "1"}, more...)
}

func with(row cells, more ...string) cells {
	for i := 0; i < len(more); i += 2 {
		row[more[i]] = more[i+1]
	}
	return row
}

// simulated is a workspace with a small invented world, in which two people have coded the audit of XAA.
func simulated(t testing.TB) *desk.Desk {
	t.Helper()
	d, dir := workspace(t), t.TempDir()
	files, err := simulate.Write(ctx, dir, 1, 900, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Layout != "" {
			take(t, d, filepath.Join(dir, f.Name))
		}
	}
	report, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var open []simulate.ProposedCell
	for _, c := range report.Cells {
		open = append(open, simulate.ProposedCell{State: "XAA", Clause: c.Clause, Year: c.Year, Proposed: c.Proposed, Open: c.Outcome != audit.NotInForce && c.Binds})
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(simulate.Codings(open, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ImportCodings(ctx, access.Local(), &b); err != nil {
		t.Fatal(err)
	}
	return d
}

func get(t testing.TB, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(h, http.MethodGet, path)
}

func ask(h http.Handler, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "127.0.0.1:7766"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// shown gets a page that must be there and sound.
func shown(t testing.TB, h http.Handler, path string) *document {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return parse(t, path, w.Body.String())
}

// element is one start tag of a page, with what stands in it as plain text.
type element struct {
	name string
	attr map[string]string
	text string
	said strings.Builder // the text while the element is open
}

// document is a page taken apart.
type document struct {
	path     string
	elements []*element
	texts    []textNode
}

// textNode is a run of text and the elements it stands in, the outermost first.
type textNode struct {
	text string
	in   []*element
}

// void elements have no end tag.
var void = []string{"meta", "link", "input", "br"}

// parse takes a page apart and fails the test where it is not sound: tags that do not match, an id used twice, a label or
// a fragment that leads nowhere, a script that is no file of ours, or inline style.
func parse(t testing.TB, path, body string) *document {
	t.Helper()
	doc := &document{path: path}
	d := xml.NewDecoder(strings.NewReader(strings.Map(printable, body)))
	d.Strict, d.Entity = false, xml.HTMLEntity
	var open []*element
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			e := &element{name: x.Name.Local, attr: map[string]string{}}
			for _, a := range x.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			doc.elements = append(doc.elements, e)
			if !slices.Contains(void, e.name) {
				open = append(open, e)
			}
		case xml.EndElement:
			if slices.Contains(void, x.Name.Local) {
				continue
			}
			if len(open) == 0 || open[len(open)-1].name != x.Name.Local {
				t.Fatalf("%s: </%s> closes nothing at byte %d", path, x.Name.Local, d.InputOffset())
			}
			last := open[len(open)-1]
			last.text = last.said.String()
			open = open[:len(open)-1]
		case xml.CharData:
			for _, o := range open {
				o.said.Write(x)
			}
			doc.texts = append(doc.texts, textNode{string(x), slices.Clone(open)})
		}
	}
	if len(open) > 0 {
		t.Fatalf("%s: <%s> is never closed", path, open[len(open)-1].name)
	}
	doc.sound(t)
	return doc
}

// printable replaces what a browser shows as nothing and XML cannot hold.
func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return '\uFFFD'
	}
	return r
}

func (d *document) sound(t testing.TB) {
	t.Helper()
	ids := map[string]bool{}
	for _, e := range d.elements {
		if id := e.attr["id"]; id != "" {
			if ids[id] {
				t.Errorf("%s: the id %s is used twice", d.path, id)
			}
			ids[id] = true
		}
	}
	for _, e := range d.elements {
		for name, value := range e.attr {
			leads := slices.Contains([]string{"href", "src", "action", "formaction"}, name) && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "#")
			if name == "style" || strings.HasPrefix(name, "on") || leads {
				t.Errorf("%s: <%s %s=%.60q>", d.path, e.name, name, value)
			}
			if target, is := strings.CutPrefix(value, "#"); is && name == "href" && !ids[target] || name == "for" && !ids[value] {
				t.Errorf("%s: %s=%q leads nowhere", d.path, name, value)
			}
		}
		if e.name == "script" && !strings.HasPrefix(e.attr["src"], "/assets/") || slices.Contains([]string{"img", "iframe", "object", "base"}, e.name) {
			t.Errorf("%s: there is a <%s>", d.path, e.name)
		}
	}
	if n := len(d.all("h1")); n != 1 {
		t.Errorf("%s has %d headings of the first order", d.path, n)
	}
}

// all finds elements by name, and by class where one is given after a point: "td.num".
func (d *document) all(name string) (out []*element) {
	name, class, _ := strings.Cut(name, ".")
	for _, e := range d.elements {
		if (name == "" || e.name == name) && (class == "" || slices.Contains(strings.Fields(e.attr["class"]), class)) {
			out = append(out, e)
		}
	}
	return out
}

func (d *document) one(t testing.TB, name string) *element {
	t.Helper()
	found := d.all(name)
	if len(found) == 0 {
		t.Fatalf("%s has no %s", d.path, name)
	}
	return found[0]
}

// text is all that a reader sees, blanks drawn together.
func (d *document) text() string {
	for _, e := range d.elements {
		if e.name == "body" {
			return plain(e.text)
		}
	}
	return ""
}

func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

func (d *document) says(t testing.TB, want ...string) {
	t.Helper()
	text := d.text()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q", d.path, w)
		}
	}
}

// rows are the texts of the cells of every table row, heads left out.
func (d *document) rows(class string) (out [][]string) {
	inside, inHead := false, false
	for _, e := range d.elements {
		switch {
		case e.name == "table":
			inside = slices.Contains(strings.Fields(e.attr["class"]), class)
		case e.name == "thead" || e.name == "tbody":
			inHead = e.name == "thead"
		case inside && !inHead && e.name == "tr":
			out = append(out, nil)
		case inside && !inHead && (e.name == "td" || e.name == "th") && len(out) > 0:
			out[len(out)-1] = append(out[len(out)-1], plain(e.text))
		}
	}
	return out
}

// href finds the link whose text or label is the one given.
func (d *document) href(t testing.TB, text string) string {
	t.Helper()
	for _, e := range d.all("a") {
		if plain(e.text) == text || e.attr["aria-label"] == text || e.attr["rel"] == text {
			return e.attr["href"]
		}
	}
	t.Fatalf("%s has no link %q", d.path, text)
	return ""
}
