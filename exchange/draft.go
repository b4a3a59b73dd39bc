package exchange

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"ward/text"
	"ward/vocab"
	"ward/when"
)

// source is one bound column of the open file.
type source struct {
	col    *Column
	at     int // file column
	codec  codec
	digits bool // a count: most cells are one digit
	group  int  // of low, best and high
	cache  map[string]*reading
}

// draft is a row while it is being read: the values so far, and the parts that
// only together make one.
type draft struct {
	row      Row
	part     [placeCount]*reading
	own      *[placeCount]reading // of this row alone; the other readings are remembered ones
	num      []int64              // counts by slot, for the rules
	codes    []string
	resource []string
	context  []string
	kinds    []string
	counts   []triple // low, best and high, by group
	twins    []twin
	told     []told
	native   bool // codes were given, not derived
	date     when.Date
	country  string
}

func (d *draft) reset(raw []string) {
	clear(d.num)
	clear(d.counts)
	*d = draft{num: d.num, counts: d.counts, twins: d.twins[:0], told: d.told[:0], own: d.own, part: noParts, codes: d.codes[:0], resource: d.resource[:0], context: d.context[:0]}
	d.row.Raw = raw
}

// nothing is what a column says that is not there.
var nothing = &reading{}

var noParts = func() (p [placeCount]*reading) {
	for i := range p {
		p[i] = nothing
	}
	return p
}()

func (d *draft) flag(code, field, detail string) {
	d.row.Flags = append(d.row.Flags, Flag{code, field, detail})
}

func (d *draft) add(field, value, raw string) {
	if value == "" {
		return
	}
	if raw == value {
		raw = ""
	}
	d.row.Values = append(d.row.Values, Value{field, value, raw})
}

// take reads one cell and puts what it says where it belongs.
func (r *Reader) take(d *draft, s *source) {
	if s.at >= len(d.row.Raw) || d.row.Raw[s.at] == "" {
		return
	}
	cell := d.row.Raw[s.at]
	if r.in.kind == "xlsx" && (s.codec.place == asDate || s.col.Codec == "time") {
		cell = r.shown(s, cell)
		d.row.Raw[s.at] = cell
	}
	if leftover(d, s, cell) {
		return
	}
	if s.digits && len(cell) == 1 && cell[0] >= '0' && cell[0] <= '9' {
		d.row.Values = append(d.row.Values, Value{Field: s.col.Field, Value: cell})
		d.num[s.at] = int64(cell[0] - '0')
		return
	}
	got := r.readCell(d, s, cell)
	if len(got.flags) > 0 {
		d.row.Flags = append(d.row.Flags, got.flags...)
	}
	r.put(d, s, got)
}

// put brings a reading where it belongs in the row.
func (r *Reader) put(d *draft, s *source, got *reading) {
	switch s.codec.place {
	case asValue, asLocation:
		d.value(s, got)
		d.num[s.at] = got.num
		if s.col.Field == "location" {
			d.part[asLocation] = got
		}
		r.also(d, s, got)
		if len(s.col.Told) > 0 && got.value != "" {
			d.told = append(d.told, told{s.col, got.num})
		}
	case asRange:
		d.num[s.at] = got.num
		d.counts[s.group].put(s.col.Codec, got)
	case asTwin:
		d.twins = append(d.twins, twin{s.col, *got})
	case asResource:
		d.value(s, got)
		if got.value == "yes" {
			d.resource = append(d.resource, strings.TrimPrefix(s.col.Codec, "resource:"))
		}
	case asAttack:
		d.codes = append(d.codes, got.codes...)
		d.keep(s, got)
		d.part[asAttack] = got
	case asDescription:
		d.value(s, got)
		d.part[asDescription] = got
	case asPrecision:
		d.value(s, got)
		d.part[asPrecision] = got
	case asWeapon:
		d.value(s, got)
		d.part[asWeapon] = got
	case asNative:
		d.value(s, got)
		d.native = d.native || s.col.Field == "codes" && got.value != ""
	case asSuppressed:
		for _, field := range strings.Fields(got.value) {
			d.add(field, vocabWithheld, "")
		}
	case asKind:
		d.keep(s, got)
		d.part[asKind] = beside(d.part[asKind], got)
	default:
		d.keep(s, got)
		d.part[s.codec.place] = got
	}
}

// beside joins the kinds of several columns.
func beside(a, b *reading) *reading {
	if len(a.codes) == 0 {
		return b
	}
	return &reading{value: a.value + " " + b.value, raw: strings.Trim(words(a)+", "+words(b), ", "), codes: set(append(slices.Clone(a.codes), b.codes...))}
}

// shown is a workbook's number as the day or the time of day that a reader of the workbook sees.
func (r *Reader) shown(s *source, cell string) string {
	show := func(c string) (string, bool) { return serialText(c, r.in.date1904) }
	if s.col.Codec == "time" {
		show = clockText
	}
	if words, ok := show(strings.TrimSpace(cell)); ok {
		return words
	}
	return cell
}

// leftovers are what programs write for nothing (true) and for a failed formula (false).
var leftovers = map[string]bool{"#N/A": true, "#NULL!": true, "NaN": true, "nan": true, "NaT": true, "<NA>": true, "NULL": true,
	"#REF!": false, "#VALUE!": false, "#DIV/0!": false, "#NAME?": false, "#NUM!": false, "#SPILL!": false, "#CALC!": false}

// leftover reports a cell that a program left behind and that says nothing of the event; a failed formula is flagged.
func leftover(d *draft, s *source, cell string) bool {
	if c := cell[0]; c != '#' && c != 'N' && c != 'n' && c != '<' || len(cell) > 7 {
		return false
	}
	void, known := leftovers[cell]
	if known && !void {
		d.flag(FlagValueUnread, s.col.Field, cell)
	}
	return known
}

// value adds a plain value, or the words where they could not be read.
func (d *draft) value(s *source, got *reading) {
	d.add(s.col.Field, got.value, got.raw)
	d.keep(s, got)
}

// keep keeps coded words that no crosswalk knows as a detail, so that nothing
// a source says is lost.
func (d *draft) keep(s *source, got *reading) {
	for _, f := range got.flags {
		if f.Code == FlagValueUnmapped {
			d.add("detail:"+slug(s.col.Labels[0]), strings.TrimSpace(d.row.Raw[s.at]), "")
			return
		}
	}
}

// also reads further meanings of one cell: codes, resources, context.
func (r *Reader) also(d *draft, s *source, got *reading) {
	if len(s.col.Also) == 0 || got.value == "" {
		return
	}
	for _, a := range s.col.Also {
		m, ok := crossed(r.scheme, a.Cross, got.raw, got.value)
		if !ok || len(m.Codes) == 0 {
			continue
		}
		switch a.Field {
		case "codes":
			d.codes = append(d.codes, m.Codes...)
		case "resources":
			d.resource = append(d.resource, m.Codes...)
		case "context":
			d.context = append(d.context, m.Codes...)
		}
		if m.Doubt {
			d.flag(FlagDoubt, a.Field, strings.Join(m.Codes, " ")+": "+m.Note)
		}
	}
}

func (r *Reader) readCell(d *draft, s *source, cell string) *reading {
	if !s.codec.cached || len(cell) > maxCellCached {
		own := &d.own[s.codec.place]
		*own = s.codec.read(s.col, r.scheme, cell)
		return own
	}
	if got, ok := s.cache[cell]; ok {
		return got
	}
	key := strings.Clone(cell) // free of the line it was cut out of
	got := s.codec.read(s.col, r.scheme, key)
	if len(s.cache) >= maxCache {
		clear(s.cache)
	}
	s.cache[key] = &got
	return &got
}

// finish joins the parts: id, date, country, point, actor, codes.
func (r *Reader) finish(d *draft) {
	d.row.ExternalID = d.part[asID].value
	d.row.Series, d.row.Namespace = r.Series(), r.namespace
	r.finishCounts(d)
	d.finishTwins()
	d.finishTold()
	r.finishDate(d)
	r.finishCountry(d)
	r.finishPoint(d)
	d.checkMonth()
	if d.row.Reject != nil {
		return
	}
	r.finishActor(d)
	r.finishCodes(d)
	d.finishCertainty(r.bound.profile.Certainty)
	if d.row.ExternalID == "" {
		d.flag(FlagIDMissing, "", "")
		d.row.Key = d.key()
	}
}

// possible is what an import means without a grade of its own, and the most that another Ward's grade means here.
const possible = "possible"

// finishCertainty asserts the profile's certainty where the source gives no grade, so that another source's grade
// contests it openly. A grade that is withheld is none.
func (d *draft) finishCertainty(usual string) {
	for i := range d.row.Values {
		if v := &d.row.Values[i]; v.Field == "certainty" {
			if v.Value == vocabWithheld {
				v.Value, v.Raw = usual, cmp.Or(v.Raw, vocabWithheld)
			}
			return
		}
	}
	d.add("certainty", usual, "")
}

// keyFields are the counts that tell rows without an id apart.
var keyFields = map[string]bool{"worker.killed": true, "worker.injured": true, "worker.abducted": true, "worker.arrested": true,

	"data.subjects": true, "facility.destroyed": true, "facility.damaged": true, "aid.killed": true, "aid.wounded": true, "aid.kidnapped": true, "total.killed": true, "total.injured": true}

// key is country|date|place|counts, for rows without an id.
func (d *draft) key() string {
	var place, counts []string
	for _, v := range d.row.Values {
		switch {
		case v.Field == "adm1" || v.Field == "adm2" || v.Field == "place":
			place = append(place, text.Key(v.Value))
		case keyFields[v.Field] && v.Value != "0":
			counts = append(counts, v.Field+"="+v.Value)
		}
	}
	return strings.Join([]string{d.country, d.date.String(), strings.Join(place, "/"), strings.Join(counts, " ")}, "|")
}

// slug is a label as the second half of a detail field: its words in Latin letters, or a short digest where it has others.
func slug(label string) string {
	s := strings.Join(text.Tokens(label), "-")
	if _, ok := vocab.FieldOf("detail:" + s); ok {
		return s
	}
	sum := sha256.Sum256([]byte(text.Key(label)))
	return "column-" + hex.EncodeToString(sum[:4])
}
