package exchange

import (
	"strings"

	"ward/when"
)

// spanned makes a span of a first and a last day that stand in columns of their own. A last day before the first one, or after
// today, is set aside with a flag.
func (r *Reader) spanned(d *draft, start when.Date, raw string) (when.Date, string) {
	words := d.part[asEnd].value
	if words == "" || words == vocabWithheld {
		return start, raw
	}
	end := r.moment(words)
	switch {
	case !end.valid:
		d.flag(FlagValueUnread, "date", cut(words))
	case end.date.From() > r.today:
		d.flag(FlagDateContradiction, "date", "the last day lies in the future: "+cut(words))
	case end.date.To() < start.From():
		d.flag(FlagDateContradiction, "date", "the last day lies before the first: "+cut(words))
	case end.date.To() > start.To() && !strings.Contains(start.String()+end.date.String(), "/"):
		if span, err := when.Parse(start.String() + "/" + end.date.String()); err == nil {
			return span, raw + " / " + words
		}
	}
	return start, raw
}

// checkOther compares a further column with the whole date. One day of difference is a matter of time zones.
func (r *Reader) checkOther(d *draft, date when.Date) {
	words := d.part[asCheckDate].value
	if words == "" {
		return
	}
	m, ok := parseDate(words, r.order)
	other, valid := m.date()
	if ok && valid && (other.To()+1 < date.From() || other.From()-1 > date.To()) {
		d.flag(FlagDateContradiction, "date", "another date column says "+other.String())
	}
}
