package exchange

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	"ward/fault"
	"ward/text"
	"ward/vocab"
)

// Confidence of a proposal by what it rests on; several reasons for one field add up to at most sureOf.
const (
	sureLabel   = 0.75 // a known publisher's label, or a word for the field, letter by letter
	sureNear    = 0.55 // the same, misspelt
	sureWords   = 0.40 // half of the words and more are the same
	sureTag     = 0.70 // a known HXL tag
	sureTagRoot = 0.45 // an HXL tag that says less or more
	sureValues  = 0.45 // the values are such, whatever the header
	sureOf      = 0.98
	least       = 0.30 // below it nothing is proposed
	agreeing    = 0.20 // what fitting values add to a name or tag
	opposed     = 0.35 // by what a name is multiplied whose values do not fit
)

// meaning is what a column may be: a field and how it is read.
type meaning struct{ field, as string }

// guess is a meaning with the reasons for it.
type guess struct {
	meaning
	sure float64
	why  []string
}

// Propose describes a file of an unknown layout, for a person to complete and correct. A file that a known layout reads, or
// that is refused by name, is a fault.
func Propose(path string) (Proposal, error) {
	in, err := openInput(path)
	if err != nil {
		return Proposal{}, err
	}
	defer in.close()
	r := &Reader{in: in}
	heads, err := r.heads()
	if err != nil {
		return Proposal{}, err
	}
	for i := range heads {
		if err := declined(heads[i].sheet); err != nil {
			return Proposal{}, err
		}
		if b, _, err := choose([]*sheet{heads[i].sheet}, ""); err == nil && b.fits() {
			return Proposal{}, fault.New(fault.Invalid, "this file is known: %s, %s", b.profile.Name, b.layout.Name).
				Keeping("nothing was written").Do("import it without a mapping")
		}
	}
	h := largest(heads)
	header, tags := headerRow(h.rows)
	s := headedAt(h.rows, header, tags)
	p := Proposal{Format: MappingFormat, Source: ProposedSource{Redistribute: string(RedistributeNo), Reliability: "F", Caveats: []string{}},
		Table: ProposedTable{Sheet: h.table.name(), HeaderRow: header, TagRow: tags}, Constants: map[string]string{"country": ""}}
	p.Columns = proposed(s)
	for _, c := range p.Columns {
		if c.Field == "" {
			p.Unmapped = append(p.Unmapped, fmt.Sprintf("%d %s", c.Column, c.Header))
		}
	}
	p.Source.Title = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return p, nil
}

// largest is the visible table with the most cells among its first rows.
func largest(heads []head) *head {
	best, most := 0, -1
	for i, h := range heads {
		n := 0
		for _, row := range h.rows {
			n += filledCells(row)
		}
		if !h.sheet.hidden && n > most {
			best, most = i, n
		}
	}
	return &heads[best]
}

func filledCells(row []string) int {
	n := 0
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// headerRow finds the first row that is nearly as wide as the widest and holds words; rows count from 1, tags is 0 for none.
func headerRow(rows [][]string) (header, tags int) {
	head := rows[:min(len(rows), maxHeaderRow)]
	widest := 0
	for _, row := range head {
		widest = max(widest, filledCells(row))
	}
	header = 1
	for i, row := range head {
		if n := filledCells(row); n > 0 && n*5 >= widest*4 && !isTagRow(row) && wordy(row)*2 > n {
			header = i + 1
			break
		}
	}
	if header < len(head) && isTagRow(rows[header]) {
		tags = header + 1
	}
	return header, tags
}

// wordy counts cells that are neither numbers nor dates.
func wordy(row []string) int {
	n := 0
	for _, c := range row {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if _, number := wholeNumber(c); !number && !anyDate(c) {
			n++
		}
	}
	return n
}

// proposed gives every column its best guess; a meaning is given once, to the column of which it is surest.
func proposed(s *sheet) []ProposedColumn {
	type bid struct {
		at int
		guess
	}
	var bids []bid
	contents := make([]content, len(s.headers))
	for i := range s.headers {
		contents[i] = contentOf(s.sample, i)
		for _, g := range guesses(s, i, contents[i]) {
			bids = append(bids, bid{i, g})
		}
	}
	sort.SliceStable(bids, func(a, b int) bool { return bids[a].sure > bids[b].sure })
	out := make([]ProposedColumn, len(s.headers))
	for i, h := range s.headers {
		out[i] = ProposedColumn{Column: i + 1, Header: h, Why: "no name, tag or value that is known: its cells are kept and not read"}
	}
	taken := map[meaning]bool{}
	for _, b := range bids {
		c := &out[b.at]
		if b.sure < least || c.Field != "" || taken[b.meaning] {
			continue
		}
		taken[b.meaning] = true
		c.Field, c.As, c.Confidence, c.Why = b.field, b.as, math.Round(b.sure*100)/100, strings.Join(b.why, "; ")
		contents[b.at].complete(c)
	}
	return out
}

// guesses joins what name, tag and values say of a column.
func guesses(s *sheet, i int, c content) []guess {
	by := map[meaning]*guess{}
	say := func(m meaning, sure float64, why string) {
		if m.as == "" || !slices.Contains(waysOf(m.field), m.as) {
			return
		}
		g := by[m]
		if g == nil {
			g = &guess{meaning: m}
			by[m] = g
		}
		if !slices.Contains(g.why, why) {
			g.sure = g.sure + sure*(1-g.sure)
			g.why = append(g.why, why)
		}
	}
	byName(s.headers[i], s.keys[i], say)
	if i < len(s.tagKeys) && s.tagKeys[i] != "" {
		byTag(s.tags[i], s.tagKeys[i], say)
	}
	for m, g := range by {
		c.weigh(m, g)
	}
	c.byValues(s.headers[i], say)
	out := make([]guess, 0, len(by))
	for _, g := range by {
		g.sure = min(g.sure, sureOf)
		out = append(out, *g)
	}
	sort.Slice(out, func(a, b int) bool {
		if out[a].sure != out[b].sure {
			return out[a].sure > out[b].sure
		}
		return out[a].field+out[a].as < out[b].field+out[b].as
	})
	return out
}

// term is one known name of a meaning.
type term struct {
	key    string
	words  []string
	origin string
	meaning
}

// terms are the labels of all layouts, the names of Ward's fields and the words of rules/words.json.
var terms = sync.OnceValue(func() []term {
	var out []term
	add := func(label, origin string, m meaning) {
		if key := text.Key(label); key != "" && m.as != "" {
			out = append(out, term{key, text.Tokens(label), origin, m})
		}
	}
	var list map[string][]string
	mustRead("rules/words.json", &list)
	for _, k := range sortedKeys(list) {
		field, as, _ := strings.Cut(k, ":")
		for _, w := range list[k] {
			add(w, "a word for it", usual(field, as))
		}
	}
	for _, f := range vocab.Fields() {
		for _, lang := range []string{"en", "fa"} {
			add(vocab.Label("field", f.Key, lang), "Ward's name of it", usual(f.Key, ""))
		}
	}
	for _, p := range profiles() {
		for _, l := range p.Layouts {
			for _, c := range l.Columns {
				if strings.HasPrefix(c.Field, "detail:") || strings.HasPrefix(c.Codec, "check.") {
					continue
				}
				for _, label := range c.Labels {
					add(label, "the label of "+p.Name, usual(c.Field, c.Codec))
				}
			}
		}
	}
	return out
})

// usual is a meaning whose way of reading a mapping may use.
func usual(field, as string) meaning {
	allowed := waysOf(field)
	switch {
	case len(allowed) == 0:
		return meaning{field, ""}
	case slices.Contains(allowed, as):
		return meaning{field, as}
	}
	return meaning{field, allowed[0]}
}

// byName compares a header with all known names.
func byName(header, key string, say func(meaning, float64, string)) {
	if key == "" {
		return
	}
	tokens := text.Tokens(header)
	best := map[meaning]struct {
		sure float64
		why  string
	}{}
	for _, t := range terms() {
		sure, how := 0.0, ""
		switch {
		case t.key == key:
			sure, how = sureLabel, "the header is "+t.origin
		case len(key) >= minFuzzyKey && len(t.key) >= minFuzzyKey && len(key) <= 4*maxCellCached && editDistance(key, t.key, maxDistance) <= maxDistance:
			sure, how = sureNear, "the header is nearly "+t.origin
		default:
			if share := sharedWords(tokens, t.words); share >= 0.5 {
				sure, how = sureWords*share, "words of the header are those of "+t.origin
			}
		}
		if sure > best[t.meaning].sure {
			best[t.meaning] = struct {
				sure float64
				why  string
			}{sure, how}
		}
	}
	for m, b := range best {
		say(m, b.sure, b.why)
	}
}

// sharedWords is the share of words that two names have in common.
func sharedWords(a, b []string) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both := 0
	for i, w := range a {
		if slices.Contains(b, w) && !slices.Contains(a[:i], w) {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// tagRoots are the plainest HXL tags.
var tagRoots = map[string]meaning{
	"#date": {"date", "date"}, "#date+start": {"date", "date"}, "#date+end": {"date", "date.end"}, "#country": {"country", "country"}, "#country+code": {"country", "country.iso"},
	"#adm1": {"adm1", "text"}, "#adm2": {"adm2", "text"}, "#loc": {"place", "text"}, "#geo+lat": {"point", "lat"}, "#geo+lon": {"point", "lon"},
	"#event+id": {"id", "id"}, "#meta+id": {"id", "id"}, "#description": {"description", "description"}, "#affected+killed": {"total.killed", "count"},
	"#affected+injured": {"total.injured", "count"}, "#event+type": {"codes", "attack"}, "#cause+type": {"codes", "attack"},
}

// byTag compares an HXL tag with those of all layouts, then with the plainest ones.
func byTag(tag, key string, say func(meaning, float64, string)) {
	for _, p := range profiles() {
		for _, l := range p.Layouts {
			for _, c := range l.Columns {
				if c.hasTag(key) {
					say(usual(c.Field, c.Codec), sureTag, "the tag is that of "+p.Name)
				}
			}
		}
	}
	for _, root := range sortedKeys(tagRoots) {
		switch {
		case tagKey(root) == key:
			say(tagRoots[root], sureTag, "the tag says so")
		case vaguer(root, tag):
			say(tagRoots[root], sureTagRoot*sharedAttributes(root, tag), "the tag says something near")
		}
	}
}

// sharedAttributes is 1 for tags with the same attributes, less for others.
func sharedAttributes(a, b string) float64 {
	x, y := strings.Split(tagKey(a), "+"), strings.Split(tagKey(b), "+")
	return sharedWords(x, y)
}
