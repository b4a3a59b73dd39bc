package exchange

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"ward/text"
)

// binding joins the columns of one file to the columns of one layout.
type binding struct {
	profile  *Profile
	layout   *Layout
	sheet    *sheet
	at       []int // file column -> layout column, -1 for none
	tagged   int   // columns joined by their tag alone
	warnings []string
	score    float64
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
		if h != "" && !l.Open {
			named++
		}
	}
	matched := float64(b.matched()) - weightTagged*float64(b.tagged)
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
			if b.layout.Columns[c].hasTag(b.tagKey(i)) && b.free(c) && !saysElse(b.sheet.keys[i], b.layout.Columns[c].Field) {
				b.at[i] = c
				b.tagged++
				b.warn("column %d %q is read as %q because of its tag %s", i+1, b.sheet.headers[i], b.layout.Columns[c].Labels[0], t)
				break
			}
		}
	}
}

// saysElse reports a header that is the label of another field in some layout: its tag alone must not decide.
func saysElse(key, field string) bool {
	fields := fieldsByLabel()[key]
	return len(fields) > 0 && !fields[field]
}

// fieldsByLabel are the fields that each label means, over all layouts.
var fieldsByLabel = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, p := range profiles() {
		for _, l := range p.Layouts {
			for _, c := range l.Columns {
				for _, k := range c.keys {
					if out[k] == nil {
						out[k] = map[string]bool{}
					}
					out[k][c.Field] = true
				}
			}
		}
	}
	return out
})

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
