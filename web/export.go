package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/paper"
)

// exportFormats are the forms in which a list of incidents can be taken away.
var exportFormats = []string{"csv", "ward-json", "geojson", "sind-xlsx", "sind-csv", "ssa-csv", "awsd-csv"}

// exportTypes name the file and its type for each format. Those that lose much by their layout leave in a zip with their manifest.
var exportTypes = map[string]struct {
	name, kind string
	packed     bool
}{
	"csv":       {"ward-incidents.csv", "text/csv; charset=utf-8", false},
	"ward-json": {"ward-incidents.json", "application/json", false},
	"sind-xlsx": {"ward-incidents.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
	"sind-csv":  {"ward-incidents-sind.csv", "text/csv; charset=utf-8", true},
	"ssa-csv":   {"ward-incidents-ssa.csv", "text/csv; charset=utf-8", true},
	"awsd-csv":  {"ward-incidents-awsd.csv", "text/csv; charset=utf-8", true},
	"geojson":   {"ward-incidents.geojson", "application/geo+json", true},
}

// exportIncidents sends what the same query shows on the page, all of it, under the sources' terms.
func (s *Site) exportIncidents(w http.ResponseWriter, r *http.Request) error {
	format := r.PathValue("file")
	kind, ok := exportTypes[format]
	if !ok {
		return fault.New(fault.NotFound, "there is no export format %q", format)
	}
	q, err := s.queryOf(r, r.URL.Query())
	if err != nil {
		return err
	}
	opt := desk.ExportOptions{Format: format, HXL: !kind.packed, Query: &q}
	if kind.packed {
		return download(w, kind.name+".zip", "application/zip", func(out io.Writer) error { return s.packed(r, out, kind.name, opt) })
	}
	return download(w, kind.name, kind.kind, func(out io.Writer) error {
		_, err := s.desk.Export(r.Context(), whoOf(r.Context()), out, opt)
		return err
	})
}

// packed writes a zip of an export and its manifest, which is known when the export is written.
func (s *Site) packed(r *http.Request, out io.Writer, name string, opt desk.ExportOptions) error {
	archive := zip.NewWriter(out)
	file, err := archive.Create(name)
	if err != nil {
		return err
	}
	manifest, err := s.desk.Export(r.Context(), whoOf(r.Context()), file, opt)
	if err != nil {
		return err
	}
	beside, err := archive.Create(name + ".manifest.json")
	if err != nil {
		return err
	}
	enc := json.NewEncoder(beside)
	enc.SetIndent("", "  ")
	if err := enc.Encode(manifest); err != nil {
		return err
	}
	return archive.Close()
}

// download sends what fill writes as a file.
func download(w http.ResponseWriter, name, kind string, fill func(io.Writer) error) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	out := &held{w: w}
	if err := fill(out); err != nil {
		if !out.sent {
			w.Header().Del("Content-Disposition")
			return err
		}
		panic(http.ErrAbortHandler) // a broken download must not look whole
	}
	return out.flush()
}

// held keeps the first bytes of an answer back, so that an early error can still become a page.
type held struct {
	w    http.ResponseWriter
	b    bytes.Buffer
	sent bool
}

func (h *held) Write(p []byte) (int, error) {
	if h.sent {
		return h.w.Write(p)
	}
	h.b.Write(p)
	if h.b.Len() > 1<<20 {
		return len(p), h.flush()
	}
	return len(p), nil
}

func (h *held) flush() error {
	h.sent = true
	_, err := h.w.Write(h.b.Bytes())
	h.b.Reset()
	return err
}

// printedTypes are the types of files that package paper writes.
var printedTypes = map[string]string{"pdf": "application/pdf", "odt": "application/vnd.oasis.opendocument.text", "html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8"}

// exportAudit sends a State's audit: SDN.html, SDN.json, SDN.csv, SDN.pdf or SDN.odt.
func (s *Site) exportAudit(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	opt, err := yearsAsked(r)
	if err != nil {
		return err
	}
	file := r.PathValue("file")
	state, format := strings.TrimSuffix(file, path.Ext(file)), path.Ext(file)
	opt.Leaves = strings.TrimPrefix(format, ".")
	report, err := s.desk.Audit(r.Context(), whoOf(r.Context()), state, opt)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	kind := "application/json"
	switch format {
	case ".json":
		err = report.WriteJSON(&b)
	case ".csv":
		kind, err = "text/csv; charset=utf-8", report.WriteCSV(&b)
	case ".html":
		kind, err = "text/html; charset=utf-8", WriteAudit(&b, report, s.desk.Corpus(), string(lang))
	case ".pdf", ".odt":
		kind, err = printedTypes[opt.Leaves], paper.WriteAudit(&b, report, s.desk.Corpus(), string(lang), opt.Leaves)
	default:
		err = fault.New(fault.NotFound, "there is no audit format %q", format)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="ward-audit-`+report.State+format+`"`)
	_, err = w.Write(b.Bytes())
	return err
}
