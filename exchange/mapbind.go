package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ward/text"
	"ward/vocab"
)

// mappedProfile is the name of every profile that a mapping file makes.
const mappedProfile = "mapping"

// countRules derive codes from counts, where a register's scope is health.
const countRules = "insecurity-insight"

// bindProposal makes the layout that the file describes and binds it to the table.
func (r *Reader) bindProposal(path string) error {
	p, sum, err := readProposal(path)
	if err != nil {
		return err
	}
	var t troubles
	p.Source.check(&t)
	heads, err := r.heads()
	if err != nil {
		return err
	}
	h := p.table(heads, &t)
	if err := t.fault(); err != nil {
		return err
	}
	s := h.sheet
	if err := declined(s); err != nil {
		return err
	}
	b := &binding{profile: p.profile(sum), sheet: s, at: make([]int, len(s.headers))}
	b.layout = &b.profile.Layouts[0]
	p.fill(b, &t)
	b.profile.Layouts[0].prepare()
	p.complete(b, &t)
	if err := t.fault(); err != nil {
		return err
	}
	r.bound, r.parts = b, []part{{h.table, h.rows[s.skip:]}}
	return b.credible()
}

// table finds the sheet and takes the header from where the file says it stands.
func (p *Proposal) table(heads []head, t *troubles) *head {
	i := slices.IndexFunc(heads, func(h head) bool { return p.Table.Sheet == "" || h.table.name() == p.Table.Sheet })
	if i < 0 {
		t.add("table.sheet is %q, and the file has no such sheet with rows in it", p.Table.Sheet)
		return nil
	}
	h := &heads[i]
	header, tags := p.Table.HeaderRow, p.Table.TagRow
	if header < 1 || header > min(len(h.rows), maxHeaderRow) || tags != 0 && (tags <= header || tags > min(len(h.rows), header+1)) {
		t.add("table.header_row is %d and tag_row %d: the header stands in one of the first %d rows, and tags right under it", header, tags, maxHeaderRow)
		return nil
	}
	if moved := p.headerIn(h.rows); moved != header {
		header, tags = moved, 0
		if moved < len(h.rows) && isTagRow(h.rows[moved]) {
			tags = moved + 1
		}
	}
	h.sheet = headedAt(h.rows, header, tags)
	return h
}

// headerIn is the row, from 1, that holds most of the mapped headers: a later edition may have another title above it. Of
// equal rows the one that the file names.
func (p *Proposal) headerIn(rows [][]string) int {
	mapped := map[string]bool{}
	for _, c := range p.Columns {
		if k := text.Key(c.Header); k != "" && c.Field != "" {
			mapped[k] = true
		}
	}
	best, most := p.Table.HeaderRow, -1
	for i, row := range rows[:min(len(rows), maxHeaderRow)] {
		seen := map[string]bool{}
		for _, cell := range row {
			if len(cell) <= 4*maxCellCached && mapped[text.Key(cell)] {
				seen[text.Key(cell)] = true
			}
		}
		if len(seen) > most || len(seen) == most && i+1 == p.Table.HeaderRow {
			best, most = i+1, len(seen)
		}
	}
	return best
}

// headedAt is a sheet whose header stands in a given row, from 1; tags 0 for none.
func headedAt(rows [][]string, header, tags int) *sheet {
	s := &sheet{headers: trimmed(rows[header-1]), skip: max(header, tags), width: len(rows[header-1])}
	if tags > 0 {
		s.tags = rows[tags-1]
	}
	s.sample = notBlank(rows[s.skip:])
	return s.keyed()
}

func (p *Proposal) profile(sum string) *Profile {
	s := p.Source
	out := &Profile{Name: mappedProfile, Title: s.Title, Series: s.Series, Namespace: cmp.Or(s.Namespace, s.Series), Publisher: s.Publisher, Licence: s.Licence,
		Redistribute: Redistribute(s.Redistribute), Scope: s.Scope, Reliability: s.Reliability, Certainty: possible, Caveats: s.Caveats,
		CertaintyRule: "The mapping gives no grade: every row is possible.", Layouts: []Layout{{Name: mappedProfile + "-" + sum[:12], Title: s.Title}}}
	if s.Scope == "health" {
		mustRead("rules/"+countRules+".json", &out.rules)
	}
	return out
}

// fill makes the layout's columns and binds them.
func (p *Proposal) fill(b *binding, t *troubles) {
	for i := range b.at {
		b.at[i] = -1
	}
	l := b.layout
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Field == "" || c.Field == "ignore" {
			continue
		}
		c.check(t)
		at := c.find(b.sheet)
		switch {
		case at < 0:
			t.column(c, "the file has no such column")
			continue
		case b.at[at] >= 0:
			t.column(c, "column %d is mapped twice", at+1)
			continue
		}
		if twin := c.rival(l); twin != "" {
			t.column(c, "%s is read from %q already; map one of the two, or say with \"as\" which part of it this is", c.Field, twin)
		}
		b.at[at] = len(l.Columns)
		l.Columns = append(l.Columns, c.column())
	}
}

// find is the column of the file: by its header where that stands once, else by its number where the header is the same.
func (c *ProposedColumn) find(s *sheet) int {
	key, found, times := text.Key(c.Header), -1, 0
	for i, k := range s.keys {
		if k == key && key != "" {
			found = i
			times++
		}
	}
	if times == 1 {
		return found
	}
	if i := c.Column - 1; i >= 0 && i < len(s.keys) && s.keys[i] == key {
		return i
	}
	return -1
}

// rival is the header of a column that is read as the same part of the same field.
func (c *ProposedColumn) rival(l *Layout) string {
	for _, o := range l.Columns {
		same := o.Field == c.Field && o.Codec == c.As
		whole := o.Field == c.Field && (o.Codec == "count" || o.Codec == "count.best") && (c.As == "count" || c.As == "count.best")
		if (same || whole) && c.As != "attack" && c.As != "detail" {
			return o.Labels[0]
		}
	}
	return ""
}

func (c *ProposedColumn) column() Column {
	out := Column{Labels: []string{cmp.Or(c.Header, fmt.Sprintf("column %d", c.Column))}, Field: c.Field, Codec: c.As, Order: c.Order, Values: map[string]string{}}
	for word, code := range c.Values {
		if code != "" {
			out.Values[word] = code
		}
	}
	out.Need = c.Field == "date" && (c.As == "date" || c.As == "year") || c.Field == "country"
	return out
}

// complete asks for what no register can do without.
func (p *Proposal) complete(b *binding, t *troubles) {
	b.layout.Constants = map[string]string{}
	for name, value := range p.Constants {
		iso, ok := vocab.Country(value)
		switch {
		case strings.TrimSpace(value) == "":
		case name != "country" || !ok:
			t.add("constants.%s is %q: only a country can be given, as a name or a code", name, value)
		default:
			b.layout.Constants[name] = iso
		}
	}
	if !b.hasCodec("date") && !b.hasCodec("year") {
		t.add(`no column gives the date: map one to "date", or one to "date" as "year"`)
	}
	if !b.has("country") {
		t.add(`no column gives the country: map one to "country", or give constants.country`)
	}
	if !slices.ContainsFunc(b.layout.Columns, func(c Column) bool { return tells(c.Field) }) {
		t.add("no column says what happened: map a count, a code or a description")
	}
}

func (b *binding) hasCodec(name string) bool {
	return slices.ContainsFunc(b.layout.Columns, func(c Column) bool { return c.Codec == name })
}

// tells reports a field that says what happened.
func tells(field string) bool {
	f, _ := vocab.FieldOf(field)
	return f.Kind == "count" || field == "codes" || field == "description" || field == "facility.type" || field == "resources"
}
