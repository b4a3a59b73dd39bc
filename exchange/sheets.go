package exchange

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"ward/fault"
)

// part is one table of the file, with the rows that were read before its layout was known.
type part struct {
	table  table
	queued [][]string
}

func (p *part) next() ([]string, error) {
	if len(p.queued) > 0 {
		raw := p.queued[0]
		p.queued = p.queued[1:]
		return raw, nil
	}
	return p.table.next()
}

// head is a table whose first rows were read.
type head struct {
	table table
	rows  [][]string
	sheet *sheet
}

// heads reads the first rows of every table that has any.
func (r *Reader) heads() ([]head, error) {
	var heads []head
	for _, open := range r.in.tables {
		t, err := open()
		if err != nil {
			return nil, err
		}
		rows, err := firstRows(t)
		if err != nil {
			return nil, err
		}
		if len(notBlank(rows)) == 0 {
			continue
		}
		s := scan(rows).keyed()
		s.hidden = r.in.hidden[t.name()]
		heads = append(heads, head{t, rows, s})
	}
	if len(heads) == 0 {
		return nil, fault.New(fault.Invalid, "the file holds no rows").Do("check that the right file was saved")
	}
	return heads, nil
}

func firstRows(t table) ([][]string, error) {
	var rows [][]string
	for len(rows) < headRows {
		row, err := t.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// parts are the tables that make up the data: the chosen one and every visible sheet with the same header, such as one
// for each year. A visible sheet of incidents with another header is neither passed over nor guessed at.
func parts(b *binding, heads []head, at int, want string) ([]part, error) {
	var out []part
	var names []string
	for i, h := range heads {
		same := i == at || h.sheet.like(b.sheet)
		switch {
		case i != at && !same && !h.fits(want):
			continue
		case i != at && h.sheet.hidden:
			b.warn("the hidden sheet %q holds incidents too and is not read", h.table.name())
			continue
		case !same:
			return nil, fault.New(fault.Invalid, "the sheets %q and %q both hold incidents, and their columns differ", heads[at].table.name(), h.table.name()).
				Keeping("nothing was written").Do("save each sheet as a file of its own")
		}
		out = append(out, part{h.table, h.rows[h.sheet.skip:]})
		names = append(names, fmt.Sprintf("%q", h.table.name()))
		if i != at {
			b.sheet.sample = append(b.sheet.sample, h.sheet.sample...)
		}
	}
	if len(out) > 1 {
		b.warn("sheets with the same columns are read one after the other: %s", strings.Join(names, ", "))
	}
	return out, nil
}

// fits reports that some layout reads the table as it is.
func (h *head) fits(want string) bool {
	b, _, err := choose([]*sheet{h.sheet}, want)
	return err == nil && b.fits()
}

// like reports the same columns in the same order.
func (s *sheet) like(o *sheet) bool {
	labelled := slices.ContainsFunc(s.keys, func(k string) bool { return k != "" })
	return slices.Equal(s.keys, o.keys) && (labelled || slices.Equal(s.tagKeys, o.tagKeys))
}
