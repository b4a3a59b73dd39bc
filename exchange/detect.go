package exchange

import (
	"fmt"
	"strings"

	"ward/fault"
	"ward/text"
)

// thresholds of the detection, in shares of one.
const (
	scoreAccepted = 0.30 // below this a file is "unknown" however many columns agree
	weightTagged  = 0.5  // what is taken off a column joined by its tag alone
	weightValues  = 0.10 // what the sample's values add to the score
	weightOrder   = 0.02 // what the order of columns adds
	shareReadable = 0.50 // of the sample's dates and countries that must read
)

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
		if test(col.states(row[file])) {
			good++
		}
	}
	return all, good
}

// has reports whether a field is read from some column.
func (b *binding) has(field string) bool {
	if b.layout.Constants[field] != "" {
		return true
	}
	for _, c := range b.at {
		if c >= 0 && b.layout.Columns[c].Field == field && b.layout.Columns[c].gives() {
			return true
		}
	}
	return false
}

// gives reports a column that by itself says something of its field: one that only repeats or ends it does not.
func (c *Column) gives() bool { return c.Codec != "date.end" && !strings.HasPrefix(c.Codec, "check.") }

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

// fits reports that the layout reads the table as it is.
func (b *binding) fits() bool {
	return b.score >= scoreAccepted && len(b.lacking()) == 0 && b.witnessed() && b.credible() == nil
}

// better compares two bindings: one that lacks nothing beats one that does, and a visible sheet a hidden one.
func (b *binding) better(o *binding) bool {
	x, y := len(b.lacking()) == 0 && b.witnessed(), len(o.lacking()) == 0 && o.witnessed()
	if x != y {
		return x
	}
	if b.sheet.hidden != o.sheet.hidden {
		return o.sheet.hidden
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
