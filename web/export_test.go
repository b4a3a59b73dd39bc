package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
)

// unzipped is an answer's body; of a zip what its files hold, one after the other.
func unzipped(t *testing.T, w *httptest.ResponseRecorder) []byte {
	t.Helper()
	body := w.Body.Bytes()
	if w.Header().Get("Content-Type") == printedTypes["odt"] {
		return bytes.Join(filesIn(t, body), nil) // a PDF holds the same blocks in glyphs, where no word can be looked for
	}
	if !strings.HasPrefix(w.Header().Get("Content-Disposition"), `attachment; filename="ward-incidents`) || w.Header().Get("Content-Type") != "application/zip" {
		return body
	}
	return bytes.Join(filesIn(t, body), nil)
}

func filesIn(t *testing.T, body []byte) (out [][]byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// Publishers' layouts and the map layer leave with their manifest, which names the line of the ledger that tells of them.
func TestAPackedExportCarriesItsManifest(t *testing.T) {
	d, _, _, _ := planted(t)
	pages := pagesOf(t, d)
	for _, format := range []string{"sind-csv", "ssa-csv", "awsd-csv", "geojson"} {
		w := get(t, pages, "/export/incidents/"+format)
		files := filesIn(t, w.Body.Bytes())
		if len(files) != 2 {
			t.Fatalf("%s: %d files", format, len(files))
		}
		var m desk.Manifest
		if err := json.Unmarshal(files[1], &m); err != nil {
			t.Fatal(err)
		}
		want := 3
		if format == "awsd-csv" {
			want = 0 // its only aid workers are of a source that gives no leave
		}
		ledger, err := d.Ledger(ctx, access.Local(), 0, 1)
		if err != nil || len(ledger) != 1 || ledger[0].ID != m.Ledger || ledger[0].What != format {
			t.Errorf("%s: ledger %+v, manifest %s, %v", format, ledger, m.Ledger, err)
		}
		if m.Format != format || m.Records != want || m.Asked != 4 || m.Withheld.Records != 1 || len(m.Steps) == 0 || m.MadeAt.IsZero() {
			t.Errorf("%s: %+v", format, m)
		}
	}
}
