package exchange

import (
	"fmt"
	"slices"
	"strings"

	"ward/tally"
	"ward/text"
	"ward/vocab"
)

// triple is what separate columns say of one count.
type triple struct{ low, best, high *reading }

func (t *triple) put(codec string, got *reading) {
	own := *got
	switch codec {
	case "count.low":
		t.low = &own
	case "count.high":
		t.high = &own
	default:
		t.best = &own
	}
}

// group finds the place of a field whose count is spread over columns.
func (r *Reader) group(c *Column) int {
	if !strings.HasPrefix(c.Codec, "count.") {
		return 0
	}
	if i := slices.Index(r.groups, c.Field); i >= 0 {
		return i
	}
	r.groups = append(r.groups, c.Field)
	return len(r.groups) - 1
}

// finishCounts joins low, best and high. Without a best value it is the lower end: what is documented.
func (r *Reader) finishCounts(d *draft) {
	for i, field := range r.groups {
		t := &d.counts[i]
		if t.withheld() {
			d.add(field, vocabWithheld, "")
			continue
		}
		n, ordered, some := t.count()
		if !some {
			continue
		}
		raw := ""
		if !ordered {
			raw = t.words()
			d.flag(FlagCountUnordered, field, raw)
		}
		d.add(field, n.Text(), raw)
	}
}

func (t *triple) withheld() bool {
	for _, r := range []*reading{t.low, t.best, t.high} {
		if r != nil && r.value == vocabWithheld {
			return true
		}
	}
	return false
}

// count is the hull of what is stated; ordered tells whether low, best and high stand so. What is stated as best stays best.
func (t *triple) count() (n tally.Count, ordered, some bool) {
	low, isLow := stated(t.low)
	best, isBest := stated(t.best)
	high, isHigh := stated(t.high)
	if !isLow && !isBest && !isHigh {
		return n, true, false
	}
	switch {
	case !isBest && isLow:
		best = low
	case !isBest:
		low, best = tally.Count{}, tally.Count{} // only "at most" is stated
	case !isLow:
		low = best
	}
	if !isHigh {
		high = tally.Exact(max(best.High, low.High))
	}
	n = tally.Count{Low: min(low.Low, best.Low, high.Low), Best: best.Best, High: max(low.High, best.High, high.High)}
	if ordered = low.Low <= best.Best && best.Best <= high.High; !ordered && !isBest {
		n.Best = n.Low
	}
	return n, ordered, true
}

func stated(r *reading) (tally.Count, bool) {
	if r == nil || r.value == "" {
		return tally.Count{}, false
	}
	n, err := tally.Parse(r.value)
	return n, err == nil
}

func (t *triple) words() string {
	var out []string
	for _, part := range []struct {
		name string
		r    *reading
	}{{"low", t.low}, {"best", t.best}, {"high", t.high}} {
		if part.r != nil && part.r.value != "" {
			out = append(out, part.name+" "+part.r.value)
		}
	}
	return strings.Join(out, ", ")
}

// twin is a column that repeats another one in other words or another language.
type twin struct {
	col *Column
	got reading
}

func readTwin(c *Column, scheme, cell string) reading {
	if f, ok := vocab.FieldOf(c.Field); ok && f.Kind == "count" {
		return readCount(c, scheme, cell)
	}
	return readWords(c, scheme, cell)
}

// finishTwins takes what only the twin says, and flags where the two differ.
func (d *draft) finishTwins() {
	for _, t := range d.twins {
		if t.got.value == "" {
			continue
		}
		i := slices.IndexFunc(d.row.Values, func(v Value) bool { return v.Field == t.col.Field })
		switch {
		case i < 0:
			d.add(t.col.Field, t.got.value, t.got.raw)
		case text.Key(d.row.Values[i].Value) != text.Key(t.got.value):
			d.flag(FlagColumnsDiffer, t.col.Field, cut(fmt.Sprintf("%s says %s", t.col.Labels[0], t.got.value)))
		}
	}
}

// told is a count that the description may repeat.
type told struct {
	col *Column
	num int64
}

// finishTold flags counts of which the description gives other numbers only.
func (d *draft) finishTold() {
	for _, t := range d.told {
		said := numbersBefore(d.part[asDescription].value, t.col.Told)
		if len(said) > 0 && !slices.Contains(said, t.num) {
			d.flag(FlagCountDiffers, t.col.Field, fmt.Sprintf("the count is %d, the words say %s", t.num, joinNumbers(said)))
		}
	}
}

func joinNumbers(list []int64) string {
	const most = 4
	return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(list[:min(len(list), most)]), "[]")), ", ")
}

func beginsWith(word string, beginnings []string) bool {
	return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(word, b) })
}

// numbersBefore are the whole numbers of at least three digits that stand before one of the words.
func numbersBefore(words string, after []string) (out []int64) {
	before := ""
	for w := range strings.FieldsSeq(words) {
		if n, ok := wholeNumber(before); ok && n >= 100 && beginsWith(strings.ToLower(w), after) {
			out = append(out, n)
		}
		before = strings.Trim(w, "(\"'")
	}
	return out
}
