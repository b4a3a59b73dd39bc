package exchange

import (
	"strings"

	"ward/fault"
)

// Sheet writes the description of a layout in reverse: records into the cells that the publisher would have written.
// What it makes is read back as the same values by the same description. It knows no tiers and no terms of
// redistribution: by itself it is for invented data and for a publisher's own files; an export goes through NewWriter.
type Sheet struct {
	columns []pen
}

// NewSheet finds a profile's layout.
func NewSheet(profile, layout string) (*Sheet, error) {
	p, l := findLayout(profile, layout)
	if l == nil {
		return nil, fault.New(fault.NotFound, "there is no layout %s of %s", layout, profile).Do("choose one of the profiles' layouts")
	}
	s := &Sheet{}
	for i := range l.Columns {
		if c := &l.Columns[i]; !c.Unwritten {
			s.columns = append(s.columns, newPen(c, p.schemeOf(l)))
		}
	}
	return s, nil
}

// Header is the row of labels and the row of HXL tags; a column without a tag has "".
func (s *Sheet) Header() (labels, tags []string) {
	for _, p := range s.columns {
		labels = append(labels, p.col.Labels[0])
		tag := ""
		if len(p.col.Tags) > 0 {
			tag = p.col.Tags[0]
		}
		tags = append(tags, tag)
	}
	return labels, tags
}

// At is the position of the column that holds a field, or the part of one that a codec reads (year, lat, country.iso);
// -1 for none.
func (s *Sheet) At(field string) int {
	for i, p := range s.columns {
		if p.col.Codec == field && partCodecs[field] {
			return i
		}
	}
	for i, p := range s.columns {
		if p.col.Field == field && !strings.HasPrefix(p.col.Codec, "check.") {
			return i
		}
	}
	return -1
}

// AtCodec is the position of the first column read by a codec, such as check.weekday; -1 for none.
func (s *Sheet) AtCodec(codec string) int {
	for i, p := range s.columns {
		if p.col.Codec == codec {
			return i
		}
	}
	return -1
}

// fields are those that some column carries.
func (s *Sheet) fields() map[string]bool {
	out := map[string]bool{}
	for _, p := range s.columns {
		out[p.col.Field] = true
	}
	return out
}

// Cells is one row. The source's own words win over the layout's words for a value, where the layout reads them as that
// value; a field that the record does not have becomes the layout's word for nothing known, or "".
func (s *Sheet) Cells(r Record) []string { return s.cells(&r, func(string, string) {}) }

// cells is Cells with every value that the layout cannot carry reported.
func (s *Sheet) cells(r *Record, lose lossy) []string {
	cells := make([]string, len(s.columns))
	for i := range s.columns {
		p := &s.columns[i]
		if p.col.Codec == "id" {
			cells[i] = r.ExternalID
			continue
		}
		v, _ := r.get(p.col.Field)
		cells[i] = p.cell(v, lose)
	}
	return cells
}
