package reconcile

import "slices"

// Cause is what could account for a difference, as far as the figures of both files tell.
type Cause string

// The causes, the first that fits wins. None is proved: each says where a person should look first.
const (
	OtherMeasure   Cause = "other_measure"   // the same key differs by as much the other way in a neighbouring measure: counted there
	OtherYear      Cause = "other_year"      // the year before or after differs by as much the other way: dated otherwise
	WithinRange    Cause = "within_range"    // one side gives a range and the other's number lies in it
	OtherIncidents Cause = "other_incidents" // the files do not hold equally many incidents for this key
	OtherCounts    Cause = "other_counts"    // equally many incidents, counted otherwise
	Unexplained    Cause = "unexplained"     // no measure of incidents on both sides, and nothing above fits
)

// Causes lists them in order.
func Causes() []Cause {
	return []Cause{OtherMeasure, OtherYear, WithinRange, OtherIncidents, OtherCounts, Unexplained}
}

// Hint is what rows of the key say for themselves.
type Hint struct {
	About string // HintYear or HintRepeat
	Rows  []string
}

// The hints.
const (
	HintYear   = "other_year_in_words" // the row's words name years, and not that of its date
	HintRepeat = "words_repeated"      // the row's words stand in an earlier row under another id
)

// neighbours are measures between which one act may be put by one publisher here and by another there.
var neighbours = [][]string{{"kidnapped", "arrested", "detained"}, {"facilities_destroyed", "facilities_damaged"}, {"assaulted", "injured", "sexually_assaulted"}, {"aid_kidnapped", "aid_detained"}}

type spot struct {
	key     Key
	measure string
}

func (r *Report) explain() {
	gaps := map[spot]int64{}
	for _, d := range r.Differences {
		gaps[spot{d.Key, d.Measure}] = d.A - d.B
	}
	events := r.A.has(Events) && r.B.has(Events)
	for i := range r.Differences {
		d := &r.Differences[i]
		d.Cause = r.cause(d, gaps, events)
		d.Hints = append(r.A.hints[d.Key].of(d.Rows), r.B.hints[d.Key].of(d.Rows)...)
	}
}

func (r *Report) cause(d *Difference, gaps map[spot]int64, events bool) Cause {
	gap := d.A - d.B
	for _, group := range neighbours {
		for _, other := range group {
			if slices.Contains(group, d.Measure) && other != d.Measure && gaps[spot{d.Key, other}] == -gap {
				return OtherMeasure
			}
		}
	}
	if d.Key.Year != 0 {
		for _, step := range []int{-1, 1} {
			if gaps[spot{Key{d.Key.Country, d.Key.Year + step}, d.Measure}] == -gap {
				return OtherYear
			}
		}
	}
	x, y := r.A.Cells[d.Key].figure(d.Measure), r.B.Cells[d.Key].figure(d.Measure)
	switch {
	case x.Low <= y.High && y.Low <= x.High:
		return WithinRange
	case !events:
		return Unexplained
	case gaps[spot{d.Key, Events}] != 0:
		return OtherIncidents
	}
	return OtherCounts
}

// of gives the hints on some rows only.
func (h hints) of(rows []string) (out []Hint) {
	if len(h.otherYear)+len(h.repeats) == 0 {
		return nil
	}
	behind := map[string]bool{}
	for _, id := range rows {
		behind[id] = true
	}
	for _, about := range []struct {
		name string
		ids  []string
	}{{HintYear, h.otherYear}, {HintRepeat, h.repeats}} {
		var hit []string
		for _, id := range about.ids {
			if behind[id] {
				hit = append(hit, id)
			}
		}
		if len(hit) > 0 {
			out = append(out, Hint{about.name, hit})
		}
	}
	return out
}
