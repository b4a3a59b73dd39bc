package exchange

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"ward/fault"
	"ward/text"
)

// sheet is the head of a table: where its header stands, and a sample.
type sheet struct {
	headers []string
	keys    []string // of the headers
	tagKeys []string // of the tags
	tags    []string // HXL tags, nil when there is no tag row
	sample  [][]string
	skip    int // rows up to and including header and tags
}

// binding joins the columns of one file to the columns of one layout.
type binding struct {
	profile  *Profile
	layout   *Layout
	sheet    *sheet
	at       []int // file column -> layout column, -1 for none
	warnings []string
	score    float64
}

// thresholds of the detection, in shares of one.
const (
	scoreAccepted = 0.30 // below this a file is "unknown" however many columns agree
	weightValues  = 0.10 // what the sample's values add to the score
	weightOrder   = 0.02 // what the order of columns adds
	shareReadable = 0.50 // of the sample's dates and countries that must read
)

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
	s := &sheet{headers: trimmed(rows[best]), skip: best + 1}
	if best+1 < len(rows) && isTagRow(rows[best+1]) {
		s.tags = rows[best+1]
		s.skip++
	}
	s.sample = notBlank(rows[s.skip:])
	return s
}

// tagsOnly reads a table whose header was dropped but whose tags were not.
func tagsOnly(rows [][]string) *sheet {
	for i, row := range rows {
		if i < maxHeaderRow && isTagRow(row) {
			return &sheet{headers: make([]string, len(row)), tags: row, skip: i + 1, sample: notBlank(rows[i+1:])}
		}
	}
	if len(rows) == 0 {
		return &sheet{}
	}
	return &sheet{headers: trimmed(rows[0]), skip: 1}
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
	known := labelKeys()
	for _, c := range row {
		if len(c) <= maxCellCached*4 && known[text.Key(c)] {
			n++
		}
	}
	return n
}

// bind tries one layout on one table: labels, then near labels, then tags.
func bind(p *Profile, l *Layout, s *sheet) *binding {
	b := &binding{profile: p, layout: l, sheet: s, at: make([]int, len(s.headers))}
	for i := range b.at {
		b.at[i] = -1
	}
	b.byLabel()
	b.byNearLabel()
	b.byTag()
	named := 0
	for _, h := range s.headers {
		if h != "" {
			named++
		}
	}
	matched := float64(b.matched())
	b.score = 2 * matched / float64(max(named, b.matched())+len(l.Columns))
	b.score += weightOrder*b.ordered() + weightValues*b.readable()
	return b
}

func (b *binding) matched() int {
	n := 0
	for _, c := range b.at {
		if c >= 0 {
			n++
		}
	}
	return n
}

// byLabel matches headers exactly; headers that stand twice are told apart by
// their neighbours, then by order.
func (b *binding) byLabel() {
	where := map[string][]int{}
	for i := range b.layout.Columns {
		for _, k := range b.layout.Columns[i].keys {
			where[k] = append(where[k], i)
		}
	}
	files := map[string][]int{}
	var order []string
	for i := range b.sheet.headers {
		k := wholeKey(b.sheet.keys[i], where)
		if len(where[k]) == 0 {
			continue
		}
		if files[k] == nil {
			order = append(order, k)
		}
		files[k] = append(files[k], i)
	}
	for _, k := range order {
		if len(files[k]) == 1 {
			b.take(files[k][0], where[k][0])
		}
	}
	for _, k := range order {
		if len(files[k]) > 1 {
			b.tellApart(files[k], where[k])
		}
	}
}

// wholeKey finds the label of which a long header is the cut beginning, or
// which is the cut beginning of the header: some tools end headers at 64 letters.
func wholeKey(k string, where map[string][]int) string {
	if len(where[k]) > 0 || len(k) < minCutKey {
		return k
	}
	found := ""
	for label := range where {
		if len(label) >= minCutKey && (strings.HasPrefix(k, label) || strings.HasPrefix(label, k)) {
			if found != "" {
				return k
			}
			found = label
		}
	}
	return found
}

func (b *binding) take(file, col int) bool {
	for _, c := range b.at {
		if c == col {
			return false
		}
	}
	b.at[file] = col
	return true
}

// tellApart joins columns of one header to the layout's columns of that label:
// the pair with most neighbours in common first.
func (b *binding) tellApart(files, cols []int) {
	type pair struct{ file, col, near, rank int }
	var pairs []pair
	for fi, f := range files {
		for ci, c := range cols {
			pairs = append(pairs, pair{f, c, b.neighbours(f, c), -abs(fi - ci)})
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool {
		if pairs[i].near != pairs[j].near {
			return pairs[i].near > pairs[j].near
		}
		return pairs[i].rank > pairs[j].rank
	})
	for _, p := range pairs {
		if b.at[p.file] < 0 {
			b.take(p.file, p.col)
		}
	}
}

// neighbours counts the columns beside file that stand beside col in the
// layout, and lets an agreeing tag decide.
func (b *binding) neighbours(file, col int) int {
	n := 0
	for _, d := range []int{-2, -1, 1, 2} {
		if i := file + d; i >= 0 && i < len(b.at) && b.at[i] >= 0 && abs(b.at[i]-col) <= 2 {
			n++
		}
	}
	if b.layout.Columns[col].hasTag(b.tagKey(file)) {
		n += len(b.at)
	}
	return n
}

func (b *binding) tag(file int) string {
	if file >= len(b.sheet.tags) {
		return ""
	}
	return strings.TrimSpace(b.sheet.tags[file])
}

// tagKey is the tag's key, "" for none.
func (b *binding) tagKey(file int) string {
	if file >= len(b.sheet.tagKeys) {
		return ""
	}
	return b.sheet.tagKeys[file]
}

// byNearLabel accepts a misspelt header when exactly one free label is near.
func (b *binding) byNearLabel() {
	for i, h := range b.sheet.headers {
		k := b.sheet.keys[i]
		if b.at[i] >= 0 || len(k) < minFuzzyKey || len(k) > 4*maxCellCached {
			continue
		}
		words := text.Tokens(h)
		col, tie, least := -1, false, maxDistance+1
		for c := range b.layout.Columns {
			if d := b.layout.Columns[c].distance(words, k); d < least && b.free(c) {
				col, tie, least = c, false, d
			} else if d == least && d <= maxDistance && b.free(c) {
				tie = true
			}
		}
		if col >= 0 && !tie {
			b.at[i] = col
			b.warn("column %d %q is read as %q", i+1, h, b.layout.Columns[col].Labels[0])
		}
	}
}

func (b *binding) free(col int) bool {
	for _, c := range b.at {
		if c == col {
			return false
		}
	}
	return true
}

// byTag takes columns that have a tag but no header that is known.
func (b *binding) byTag() {
	for i := range b.at {
		t := b.tag(i)
		if b.at[i] >= 0 || t == "" {
			continue
		}
		for c := range b.layout.Columns {
			if b.layout.Columns[c].hasTag(b.tagKey(i)) && b.free(c) {
				b.at[i] = c
				b.warn("column %d %q is read as %q because of its tag %s", i+1, b.sheet.headers[i], b.layout.Columns[c].Labels[0], t)
				break
			}
		}
	}
}

func (b *binding) warn(format string, args ...any) {
	b.warnings = append(b.warnings, fmt.Sprintf(format, args...))
}

// ordered is the share of neighbouring columns in the layout's order.
func (b *binding) ordered() float64 {
	pairs, right, last := 0, 0, -1
	for _, c := range b.at {
		if c < 0 {
			continue
		}
		if last >= 0 {
			pairs++
			if c > last {
				right++
			}
		}
		last = c
	}
	return share(right, pairs)
}

// readable is the share of the sample's cells that their columns can read.
func (b *binding) readable() float64 {
	all, good := 0, 0
	for i, c := range b.at {
		if c >= 0 {
			a, g := b.reads(i, &b.layout.Columns[c])
			all, good = all+a, good+g
		}
	}
	return share(good, all)
}

func (b *binding) reads(file int, col *Column) (all, good int) {
	test := cellTest(col.Codec)
	if test == nil {
		return 0, 0
	}
	for _, row := range b.sheet.sample {
		if file >= len(row) || col.states(row[file]) == "" {
			continue
		}
		all++
		if test(strings.TrimSpace(row[file])) {
			good++
		}
	}
	return all, good
}

func share(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// has reports whether a field is read from some column.
func (b *binding) has(field string) bool {
	if b.layout.Constants[field] != "" {
		return true
	}
	for _, c := range b.at {
		if c >= 0 && b.layout.Columns[c].Field == field && !strings.HasPrefix(b.layout.Columns[c].Codec, "check.") {
			return true
		}
	}
	return false
}

// lacking lists what keeps this layout from reading the table.
func (b *binding) lacking() []string {
	var out []string
	for i := range b.layout.Columns {
		c := &b.layout.Columns[i]
		if c.Need && !b.has(c.Field) {
			out = append(out, fmt.Sprintf("%q", c.Labels[0]))
		}
	}
	if len(b.layout.NeedAny) > 0 && !b.hasAny(b.layout.NeedAny) {
		out = append(out, "any column that says what happened, such as "+b.labelOf(b.layout.NeedAny[0]))
	}
	return out
}

func (b *binding) hasAny(fields []string) bool {
	for _, f := range fields {
		if b.has(f) {
			return true
		}
	}
	return false
}

func (b *binding) labelOf(field string) string {
	for i := range b.layout.Columns {
		if b.layout.Columns[i].Field == field {
			return fmt.Sprintf("%q", b.layout.Columns[i].Labels[0])
		}
	}
	return field
}

// witnessed checks the values by which a layout without a country is known.
func (b *binding) witnessed() bool {
	w := b.layout.Witness
	if w == nil {
		return true
	}
	known := keySet(w.Values)
	all, good := 0, 0
	for i, c := range b.at {
		if c < 0 || text.Key(b.layout.Columns[c].Labels[0]) != text.Key(w.Label) {
			continue
		}
		for _, row := range b.sheet.sample {
			if i < len(row) && b.layout.Columns[c].states(row[i]) != "" {
				all++
				if known[text.Key(row[i])] {
					good++
				}
			}
		}
	}
	return share(good, all) >= shareReadable
}

// credible refuses a layout whose dates or countries do not read.
func (b *binding) credible() error {
	for i, c := range b.at {
		if c < 0 || !b.layout.Columns[c].Need {
			continue
		}
		all, good := b.reads(i, &b.layout.Columns[c])
		if all > 0 && share(good, all) < shareReadable {
			return fault.New(fault.Invalid, "column %d %q should hold what %s calls %q, but only %d of its first %d values read so",
				i+1, b.sheet.headers[i], b.profile.Name, b.layout.Columns[c].Labels[0], good, all).
				Do("check whether columns were moved without their headers, or give a mapping file with --map")
		}
	}
	return nil
}

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

// choose picks the layout that fits best and refuses what fits none.
func choose(sheets []*sheet, want string) (*binding, int, error) {
	if want != "" && want != "auto" {
		if _, ok := Find(want); !ok {
			return nil, 0, fault.New(fault.NotFound, "there is no profile %q", want).Do("choose one of %s", profileNames())
		}
	}
	var best *binding
	at := 0
	for i, s := range sheets {
		for pi := range profiles() {
			p := &profiles()[pi]
			if want != "" && want != "auto" && p.Name != want {
				continue
			}
			for li := range p.Layouts {
				b := bind(p, &p.Layouts[li], s)
				if best == nil || b.better(best) {
					best, at = b, i
				}
			}
		}
	}
	if best == nil {
		return nil, 0, fault.New(fault.Invalid, "the input holds no table").Do("check the file")
	}
	return best, at, nil
}

// better compares two bindings: one that lacks nothing beats one that does.
func (b *binding) better(o *binding) bool {
	x, y := len(b.lacking()) == 0 && b.witnessed(), len(o.lacking()) == 0 && o.witnessed()
	if x != y {
		return x
	}
	return b.score > o.score
}

func profileNames() string {
	var names []string
	for _, p := range profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
