package exchange

import (
	"slices"
	"strings"
	"sync"

	"ward/text"
)

// sheet is the head of a table: where its header stands, and a sample.
type sheet struct {
	headers []string
	keys    []string // of the headers
	tagKeys []string // of the tags
	tags    []string // HXL tags, nil when there is no tag row
	sample  [][]string
	skip    int  // rows up to and including header and tags
	width   int  // of the header row, with its blank end
	hidden  bool // a sheet that a reader of the workbook does not see
}

// scan finds the header among the first rows: the row with most known labels.
// Title lines above it are skipped; a row of HXL tags may follow, or stand alone.
func scan(rows [][]string) *sheet {
	best, most := -1, 0
	for i, row := range rows {
		if i >= maxHeaderRow {
			break
		}
		if isTagRow(row) {
			continue
		}
		if n := knownLabels(row); n > most {
			best, most = i, n
		}
	}
	if best < 0 || most < 2 {
		return tagsOnly(rows)
	}
	header, last := wholeHeader(rows, best)
	s := &sheet{headers: trimmed(header), skip: last + 1, width: len(header)}
	if s.skip < len(rows) && isTagRow(rows[s.skip]) {
		s.tags = rows[s.skip]
		s.skip++
	}
	s.sample = notBlank(rows[s.skip:])
	return s
}

// wholeHeader joins a header that stands in two rows, as merged cells leave it: labels of the row above fill its blanks,
// labels of the row below its blanks and the names of groups. last is the last row of the header.
func wholeHeader(rows [][]string, best int) (header []string, last int) {
	header, last = rows[best], best
	if best > 0 {
		header, _ = filled(header, rows[best-1], false)
	}
	if best+1 < len(rows) && !isTagRow(rows[best+1]) {
		if both, only := filled(header, rows[best+1], true); only {
			header, last = both, best+1
		}
	}
	return header, last
}

// filled puts the known labels of another row where the header is blank or, on demand, holds an unknown word; only
// reports that the other row holds at least two such labels and nothing else.
func filled(header, other []string, overWords bool) (both []string, only bool) {
	both = slices.Grow(slices.Clone(header), max(0, len(other)-len(header)))
	found, rest := 0, 0
	for i, c := range other {
		switch {
		case strings.TrimSpace(c) == "":
			continue
		case !isLabel(c):
			rest++
			continue
		}
		if i >= len(both) {
			both = both[:i+1]
		}
		if strings.TrimSpace(both[i]) == "" || overWords && !isLabel(both[i]) {
			both[i] = c
			found++
		} else {
			rest++
		}
	}
	return both, found >= 2 && rest == 0
}

// tagsOnly reads a table whose header was dropped but whose tags were not.
func tagsOnly(rows [][]string) *sheet {
	for i, row := range rows {
		if i < maxHeaderRow && isTagRow(row) {
			return &sheet{headers: make([]string, len(row)), tags: row, skip: i + 1, width: len(row), sample: notBlank(rows[i+1:])}
		}
	}
	if len(rows) == 0 {
		return &sheet{}
	}
	return &sheet{headers: trimmed(rows[0]), skip: 1, width: len(rows[0])}
}

func trimmed(row []string) []string {
	out := make([]string, len(row))
	last := 0
	for i, h := range row {
		out[i], _ = text.FixMojibake(strings.Join(strings.Fields(h), " "))
		if out[i] != "" {
			last = i + 1
		}
	}
	return out[:last]
}

func notBlank(rows [][]string) [][]string {
	out := rows[:0:0]
	for _, r := range rows {
		if !isBlank(r) {
			out = append(out, r)
		}
	}
	return out
}

func isBlank(row []string) bool {
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

var labelKeys = sync.OnceValue(func() map[string]bool {
	keys := map[string]bool{}
	for _, p := range profiles() {
		for _, l := range p.Layouts {
			for _, c := range l.Columns {
				for _, k := range c.keys {
					keys[k] = true
				}
			}
		}
	}
	return keys
})

func knownLabels(row []string) int {
	n := 0
	for _, c := range row {
		if isLabel(c) {
			n++
		}
	}
	return n
}

func isLabel(cell string) bool { return len(cell) <= maxCellCached*4 && labelKeys()[text.Key(cell)] }

// keyed fills in the keys of headers and tags, once for all layouts.
func (s *sheet) keyed() *sheet {
	for _, t := range s.tags {
		key := ""
		if strings.TrimSpace(t) != "" {
			key = tagKey(t)
		}
		s.tagKeys = append(s.tagKeys, key)
	}
	s.keys = make([]string, len(s.headers))
	for i, h := range s.headers {
		s.keys[i] = text.Key(h)
	}
	return s
}
