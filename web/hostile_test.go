package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Texts that try to leave their place: as markup, as an attribute, as a template, as direction, as sheer length.
var attacks = map[string]string{
	"markup":    `</title></style></svg><script>alert(1)</script><img src=x onerror=alert(1)>`,
	"attribute": `" onmouseover="alert(1)" x='y'`,
	"template":  `{{.}}{{template "layout"}}&lt;b&gt;&amp;${7*7}`,
	"link":      `javascript:alert(1)//https://example.org/`,
	"direction": "safe\u202egnp.exe\u2066\u2067 \u200f\u061c tail",
	"controls":  "a\x01b\x0bc\ufffe d\u2028e\u0085f",
	"long":      strings.Repeat("W", 10_000),
	"wide":      strings.Repeat("کلمه ", 2000),
}

// fields are the columns of free text of an event.
var textFields = []string{"Event Description", "Admin 1", "Reported Perpetrator Name", "Weapon Carried/Used", "Location of Incident", "SiND Event ID", "Reported Perpetrator", "Geo Precision", "A column nobody knows"}

func TestHostileTextStaysTextOnEveryPage(t *testing.T) {
	for name, payload := range attacks {
		t.Run(name, func(t *testing.T) {
			d := workspace(t)
			row := event("7", "2021-03-07", "Relates to Conflict", "ConflictEvent")
			for _, field := range textFields {
				row[field] = payload
			}
			calm := event("8", "2022-03-07")
			calm[payload] = payload // a hostile heading
			publish(t, d, "sind", "sind-2016-2023", row, calm)
			h := pagesOf(t, d)
			paths := []string{"/", "/states", "/states/XAA", "/states/XAA/CIHL:R28/2021", "/incidents", "/method"}
			list := shown(t, h, "/en/incidents")
			for _, e := range list.all("a") {
				if rest, is := strings.CutPrefix(e.attr["href"], "/en/incidents/WRD-"); is {
					paths = append(paths, "/incidents/WRD-"+rest)
				}
			}
			if len(paths) != 8 {
				t.Fatalf("%d incidents are listed", len(paths)-6)
			}
			for _, lang := range []string{"en", "fa"} {
				for _, path := range paths {
					contained(t, shown(t, h, "/"+lang+path))
				}
			}
			contained(t, parse(t, "report", report(t, d, "XAA", "fa")))
		})
	}
}

// contained checks that text which sets a direction can turn nothing but itself: it stands in an element that isolates
// it, or alone in a block.
func contained(t *testing.T, doc *document) {
	t.Helper()
	blocks := []string{"td", "th", "p", "li", "dt", "dd", "div", "caption", "summary", "h1", "h2", "h3"}
	for _, n := range doc.texts {
		if !strings.ContainsRune(n.text, '\u202e') {
			continue
		}
		for i := len(n.in) - 1; ; i-- {
			e := n.in[i]
			if e.name == "bdi" || e.name == "title" || e.attr["dir"] != "" || slices.Contains(blocks, e.name) && plain(e.text) == plain(n.text) {
				break
			}
			if i == 0 || slices.Contains(blocks, e.name) {
				t.Errorf("%s: <%s class=%q> lets a direction out: %.90q", doc.path, e.name, e.attr["class"], e.text)
				break
			}
		}
	}
}

func TestHostileAddressesStayText(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"))
	h := pagesOf(t, d)
	for name, payload := range attacks {
		q := url.QueryEscape(payload)
		for _, path := range []string{"/en/incidents?q=" + q, "/en/incidents?country=" + q, "/en/incidents?code=" + q + "&q=" + q, "/fa/incidents?year=" + q, "/en/incidents?" + q + "=" + q,
			"/en/incidents?from=" + q, "/en/incidents?sort=" + q, "/en/incidents?page=" + q, "/en/states?sort=" + q, "/en/states/find?name=" + q, "/en/states/XAA?from=" + q,
			"/en/states/" + url.PathEscape(payload), "/en/incidents/" + url.PathEscape(payload), "/en/states/XAA/" + url.PathEscape(payload) + "/2021", "/" + url.PathEscape(payload),
			"/export/incidents/" + url.PathEscape(payload), "/export/incidents/csv?from=" + q, "/export/audit/en/" + url.PathEscape(payload) + ".html"} {
			w := get(t, h, path)
			if w.Code >= 500 {
				t.Errorf("%s: %.60s: %d", name, path, w.Code)
			}
			if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != 301 && w.Code != 307 {
				parse(t, name+" "+path[:min(len(path), 40)], w.Body.String())
			}
		}
	}
}
