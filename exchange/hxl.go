package exchange

import (
	"fmt"
	"sort"
	"strings"

	"ward/fault"
)

// isTagRow reports a row of HXL tags: most of its filled cells begin with #.
func isTagRow(row []string) bool {
	filled, tags := 0, 0
	for _, c := range row {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		filled++
		if len(c) > 1 && c[0] == '#' {
			tags++
		}
	}
	return tags > 0 && tags*2 > filled
}

// tagKey brings a tag into one spelling: lower case, no blanks, attributes in
// order. "# +admin1 +name" is read as "#admin1+name", a slip seen in the wild.
func tagKey(tag string) string {
	tag = strings.ToLower(strings.Join(strings.Fields(tag), ""))
	tag = strings.Replace(tag, "#+", "#", 1)
	parts := strings.Split(tag, "+")
	attrs := parts[1:]
	sort.Strings(attrs)
	return strings.Join(append(parts[:1], attrs...), "+")
}

// vaguer reports that one tag says less than the other without contradicting it.
func vaguer(a, b string) bool {
	as, bs := strings.Split(tagKey(a), "+"), strings.Split(tagKey(b), "+")
	if as[0] != bs[0] {
		return false
	}
	return subset(as[1:], bs[1:]) || subset(bs[1:], as[1:])
}

func subset(small, large []string) bool {
	have := map[string]bool{}
	for _, a := range large {
		have[a] = true
	}
	for _, a := range small {
		if !have[a] {
			return false
		}
	}
	return true
}

// hasTag takes a tag's key.
func (c *Column) hasTag(key string) bool { return c.tags[key] }

func (c *Column) nearTag(tag string) bool {
	for _, t := range c.Tags {
		if vaguer(t, tag) {
			return true
		}
	}
	return len(c.Tags) == 0
}

// distance is how many letters a header is away from the nearest label that has
// as many words and starts with the same word.
func (c *Column) distance(words []string, key string) int {
	least := maxDistance + 1
	for i, label := range c.words {
		if len(label) != len(words) || len(label) == 0 || len(label) > 1 && label[0] != words[0] {
			continue
		}
		least = min(least, editDistance(key, c.keys[i], maxDistance))
	}
	return least
}

// editDistance counts insertions, deletions, changes and swaps of neighbours,
// giving up beyond most.
func editDistance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) > most {
		return most + 1
	}
	before, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return min(prev[len(y)], most+1)
}

// Reading is one column whose label and tag disagree.
type Reading struct {
	Position int    // 1-based
	Header   string // as in the file
	Tag      string
	ByLabel  string // field
	ByTag    string // field
}

// Conflict says that the labels and the tags of a file claim each other's
// meaning. Nothing is read until a person decides; its kind is fault.Undecided.
type Conflict struct {
	Columns []Reading
	cause   *fault.Error
}

func newConflict(columns []Reading) *Conflict {
	var b strings.Builder
	for _, r := range columns {
		fmt.Fprintf(&b, "\n  column %d %q, tag %s: by label %s, by tag %s", r.Position, r.Header, r.Tag, r.ByLabel, r.ByTag)
	}
	return &Conflict{Columns: columns, cause: fault.New(fault.Undecided, "the labels and the HXL tags of this file claim each other's meaning:%s\n", b.String()).
		Keeping("nothing was written").Do("decide with --map labels or --map tags, or name the fields in a mapping file")}
}

// Error lists both readings of each column.
func (c *Conflict) Error() string { return c.cause.Error() }

// Unwrap gives the fault.
func (c *Conflict) Unwrap() error { return c.cause }

// claim is what the tag of a file column says beside its label.
type claim struct {
	file, label, tag int  // file column, layout column by label, layout column by tag
	repeated         bool // the tag's own column has it too
}

// claims compares label and tag of each column that has both.
func (b *binding) claims() []claim {
	var out []claim
	var vague, odd, none []string
	for i, c := range b.at {
		t, key := b.tag(i), b.tagKey(i)
		switch {
		case c < 0:
		case t == "" && b.sheet.tags != nil && len(b.layout.Columns[c].Tags) > 0:
			none = append(none, fmt.Sprintf("%q", b.sheet.headers[i]))
		case t == "" || b.layout.Columns[c].hasTag(key):
		default:
			if other := b.claimed(c, key); other >= 0 {
				out = append(out, claim{i, c, other, b.confirmed(other)})
			} else if b.layout.Columns[c].nearTag(t) {
				vague = append(vague, fmt.Sprintf("%q has %s", b.sheet.headers[i], t))
			} else if other := b.nearlyClaimed(i); other >= 0 {
				out = append(out, claim{i, c, other, false})
			} else {
				odd = append(odd, fmt.Sprintf("%q has %s", b.sheet.headers[i], t))
			}
		}
	}
	b.warnList("HXL tags are missing on", none)
	b.warnList("HXL tags say less or more than the label, the label is followed:", vague)
	b.warnList("HXL tags are unknown, the label is followed:", odd)
	return out
}

func (b *binding) warnList(what string, list []string) {
	if len(list) > 0 {
		b.warn("%s %s", what, shorten(list))
	}
}

func (b *binding) claimed(col int, key string) int {
	for c := range b.layout.Columns {
		if c != col && b.layout.Columns[c].hasTag(key) {
			return c
		}
	}
	return -1
}

// nearlyClaimed finds the layout column that a vaguer tag means although the label says another, and whose own file column
// means this one in turn: two columns that claim each other's meaning. A vaguer tag alone decides nothing.
func (b *binding) nearlyClaimed(file int) int {
	other := b.meant(file)
	for i, c := range b.at {
		if other >= 0 && c == other && b.meant(i) == b.at[file] {
			return other
		}
	}
	return -1
}

// meant is the only layout column near a file column's tag, -1 where there is none or several.
func (b *binding) meant(file int) int {
	found := -1
	for c := range b.layout.Columns {
		if len(b.layout.Columns[c].Tags) == 0 || !b.layout.Columns[c].nearTag(b.tag(file)) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = c
	}
	return found
}

// confirmed reports that the layout column is bound to a file column whose
// label and tag agree: then no other column can be it.
func (b *binding) confirmed(col int) bool {
	for i, c := range b.at {
		if c == col && b.layout.Columns[col].hasTag(b.tagKey(i)) {
			return true
		}
	}
	return false
}

// settle applies the answer to contradictions between labels and tags; without
// one it returns a Conflict.
func (b *binding) settle(answer string, answered map[int]bool) error {
	claims := b.claims()
	open := false
	var readings []Reading
	for _, c := range claims {
		if answered[c.file] {
			continue
		}
		open = open || !c.repeated
		readings = append(readings, Reading{c.file + 1, b.sheet.headers[c.file], b.tag(c.file), b.layout.Columns[c.label].Field, b.layout.Columns[c.tag].Field})
	}
	switch {
	case open && answer != mapLabels && answer != mapTags:
		return newConflict(readings)
	case answer == mapTags:
		b.followTags(claims, answered)
	default:
		for _, r := range readings {
			b.warn("column %d %q carries the tag %s of %s; its label %s is followed", r.Position, r.Header, r.Tag, r.ByTag, r.ByLabel)
		}
	}
	return nil
}

// followTags gives columns the meaning of their tags, except where another
// column holds that meaning by label and tag alike.
func (b *binding) followTags(claims []claim, answered map[int]bool) {
	for _, c := range claims {
		header := b.sheet.headers[c.file]
		switch {
		case answered[c.file]:
		case c.repeated:
			b.warn("column %d %q carries a tag that another column holds with the right label; its label is followed", c.file+1, header)
		default:
			b.at[c.file] = c.tag
			b.warn("column %d %q is read as %s because of its tag, as you decided", c.file+1, header, b.layout.Columns[c.tag].Field)
		}
	}
	b.dropDoubles(claims)
}

// dropDoubles leaves a column that a tag took over from another one unread
// rather than reading two columns as one field.
func (b *binding) dropDoubles(claims []claim) {
	moved := map[int]int{}
	for _, c := range claims {
		if b.at[c.file] == c.tag {
			moved[c.tag] = c.file
		}
	}
	for i, c := range b.at {
		if f, ok := moved[c]; ok && c >= 0 && f != i {
			b.at[i] = -1
			b.warn("column %d %q is not read: another column claims its meaning by tag", i+1, b.sheet.headers[i])
		}
	}
}
