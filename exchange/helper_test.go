package exchange

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ward/fault"
	"ward/internal/realdata"
	"ward/tally"
)

// real finds a publisher's file.
func real(t testing.TB, name string) string {
	t.Helper()
	return realdata.Path(t, "data/incidents/"+name)
}

// write makes a file of invented content.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// harvest is what a whole file gives.
type harvest struct {
	rows     []Row
	flags    map[string]int
	totals   map[string]int64
	rejects  int
	warnings []string
	layout   string
}

func readAll(t testing.TB, path string, opt Options) harvest {
	t.Helper()
	h, err := tryAll(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func tryAll(path string, opt Options) (harvest, error) {
	h := harvest{flags: map[string]int{}, totals: map[string]int64{}}
	r, err := Open(path, opt)
	if err != nil {
		return h, err
	}
	defer r.Close()
	h.layout = r.Layout()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			h.warnings = r.Warnings()
			return h, nil
		}
		if err != nil {
			return h, err
		}
		h.take(row)
	}
}

func (h *harvest) take(row Row) {
	h.rows = append(h.rows, row)
	if row.Reject != nil {
		h.rejects++
	}
	seen := map[string]bool{}
	for _, f := range row.Flags {
		if !seen[f.Code] {
			h.flags[f.Code]++
			seen[f.Code] = true
		}
	}
	for _, v := range row.Values {
		if n, err := tally.Parse(v.Value); err == nil {
			h.totals[v.Field] += n.Best
		}
	}
}

// csvOf joins rows into CSV text; cells must not hold quotes.
func csvOf(rows ...[]string) string {
	var b strings.Builder
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(c, ",\n") {
				c = strconv.Quote(c)
			}
			b.WriteString(c)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func wantKind(t *testing.T, err error, kind fault.Kind, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", kind)
	}
	if fault.KindOf(err) != kind {
		t.Fatalf("kind %s, want %s: %v", fault.KindOf(err), kind, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err.Error(), w)
		}
	}
}

// sindLayout is the layout that the export writes.
func sindLayout() *Layout {
	_, l := findLayout("sind", "sind-2016-2023")
	return l
}
