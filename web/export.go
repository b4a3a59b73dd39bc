package web

import (
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"

	"ward/desk"
	"ward/fault"
)

// exportFormats are the forms in which a list of incidents can be taken away.
var exportFormats = []string{"csv", "ward-json", "sind-xlsx"}

// exportTypes name the file and its type for each format.
var exportTypes = map[string]struct{ name, kind string }{
	"csv":       {"ward-incidents.csv", "text/csv; charset=utf-8"},
	"ward-json": {"ward-incidents.json", "application/json"},
	"sind-xlsx": {"ward-incidents.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
}

// exportIncidents sends what the same query shows on the page, all of it, under the sources' terms.
func (s *Site) exportIncidents(w http.ResponseWriter, r *http.Request) error {
	format := r.PathValue("file")
	kind, ok := exportTypes[format]
	if !ok {
		return fault.New(fault.NotFound, "there is no export format %q", format)
	}
	q, err := readQuery(r.URL.Query())
	if err != nil {
		return err
	}
	return download(w, kind.name, kind.kind, func(out io.Writer) error {
		_, err := s.desk.Export(r.Context(), s.who, out, desk.ExportOptions{Format: format, HXL: true, Query: &q})
		return err
	})
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

// exportAudit sends a State's audit: SDN.html, SDN.json or SDN.csv.
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
	report, err := s.desk.Audit(r.Context(), s.who, state, opt)
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
