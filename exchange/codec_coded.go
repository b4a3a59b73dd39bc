package exchange

import (
	"sort"
	"strconv"
	"strings"
	"sync"

	"ward/text"
	"ward/vocab"
)

// readCode maps one word of a code list.
func readCode(c *Column, scheme, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if withheld(t) {
		return said(vocabWithheld, cell)
	}
	return c.coded(scheme, cell, []string{t})
}

// readCodes maps a comma list of words to a set of codes.
func readCodes(c *Column, scheme, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if _, ok := c.mapped(scheme, t); ok {
		return c.coded(scheme, cell, []string{t})
	}
	return c.coded(scheme, cell, c.items(scheme, t))
}

// items divides a cell that lists several words.
func (c *Column) items(scheme, t string) []string {
	if c.Cross != "" || len(c.Values) == 0 {
		return vocab.Split(scheme, c.Cross, t)
	}
	return listItems(t)
}

// listItems divides a cell of a column whose words nobody knows yet.
func listItems(t string) []string {
	return strings.FieldsFunc(t, func(r rune) bool { return r == ';' || r == ',' || r == '|' })
}

// mapped finds a word among the column's own values, then in the crosswalk.
func (c *Column) mapped(scheme, word string) (vocab.Mapping, bool) {
	if v, ok := c.value[text.Key(word)]; ok {
		if c.Cross == "" {
			return vocab.Mapping{Codes: strings.Fields(v)}, true
		}
		word = v
	}
	if c.Cross == "" {
		return vocab.Mapping{}, false
	}
	return vocab.Cross(scheme, c.Cross, word)
}

// coded joins the codes of several words, sorted, and flags what is unknown.
func (c *Column) coded(scheme, cell string, words []string) reading {
	var codes []string
	var flags []Flag
	doubt := ""
	for _, w := range words {
		m, ok := c.mapped(scheme, strings.TrimSpace(w))
		if !ok || m.Unmapped && len(m.Codes) == 0 && m.Note == "" {
			flags = append(flags, Flag{FlagValueUnmapped, c.Field, w})
			continue
		}
		if m.Doubt && c.Field == "weapon" {
			doubt = m.Note
		} else if m.Doubt && len(m.Codes) > 0 {
			flags = append(flags, Flag{FlagDoubt, c.Field, strings.Join(m.Codes, " ") + ": " + m.Note})
		}
		codes = append(codes, m.Codes...)
	}
	codes = set(codes)
	r := said(strings.Join(codes, " "), cell)
	if r.value == "" {
		r = reading{whole: strings.TrimSpace(cell)}
	}
	r.codes, r.flags, r.doubt = codes, flags, doubt
	return r
}

// set sorts and removes doubles.
func set(codes []string) []string {
	if len(codes) < 2 {
		return codes
	}
	return ordered(append([]string(nil), codes...))
}

// ordered is set in place, for slices that nobody else holds.
func ordered(out []string) []string {
	sort.Strings(out)
	n := 0
	for i, c := range out {
		if i == 0 || c != out[n-1] {
			out[n] = c
			n++
		}
	}
	return out[:n]
}

// readNative reads Ward's own codes.
func readNative(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if r.value == "" || r.value == vocabWithheld {
		return r
	}
	f, _ := vocab.FieldOf(c.Field)
	for _, code := range strings.Fields(r.value) {
		if !vocab.Has(f.List, code) {
			return reading{whole: r.value, flags: []Flag{{FlagValueUnmapped, c.Field, cut(code)}}}
		}
		r.codes = append(r.codes, code)
	}
	return said(strings.Join(set(r.codes), " "), cell)
}

// heavyWeapon is the code of weapons served by several people, nearly all of which explode.
const heavyWeapon = "ATT.HVY"

// explosives are words for weapons that explode and that one person carries or lays.
var explosives = sync.OnceValue(func() map[string]bool {
	var words []string
	mustRead("rules/explosive.json", &words)
	return keySet(words)
})

// readOwnGrade reads the certainty of another Ward's table. Whatever was found out there was not found out here: it counts
// as possible at most, and the grade stays as the source's words.
func readOwnGrade(c *Column, scheme, cell string) reading {
	r := readNative(c, scheme, cell)
	if r.value == "probable" || r.value == "confirmed" {
		return said(possible, cell)
	}
	return r
}

// readWeapon keeps the words and takes the weapon's class beside them.
func readWeapon(c *Column, scheme, cell string) reading {
	r := readWords(c, scheme, cell)
	if r.value == "" || r.value == vocabWithheld {
		return r
	}
	if full, ok := c.value[text.Key(r.value)]; ok {
		r = said(full, cell)
	}
	words := []string{r.value}
	if _, ok := vocab.Cross(scheme, c.Cross, r.value); !ok {
		words = vocab.Split(scheme, c.Cross, r.value)
	}
	found := c.coded(scheme, r.value, words)
	for _, code := range found.codes {
		if strings.HasPrefix(code, "ATT.") {
			r.codes = append(r.codes, code)
		}
		if code == heavyWeapon {
			r.num = 1
		}
	}
	for _, w := range words {
		if explosives()[text.Key(w)] {
			r.num = 1
		}
	}
	r.flags, r.doubt = append(r.flags, found.flags...), found.doubt
	return r
}

// readAttack maps the list of attack types, whose items hold commas.
func readAttack(c *Column, scheme, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if _, ok := c.mapped(scheme, t); ok && c.Cross == "" {
		return c.coded(scheme, cell, []string{t})
	}
	return c.coded(scheme, cell, c.items(scheme, t))
}

// healthIndustry begins the codes of health care in the North American classification of industries.
const healthIndustry = "62"

// readIndustry keeps a victim's industry and flags one that is not health care.
func readIndustry(c *Column, scheme, cell string) reading {
	r := readID(c, scheme, cell)
	if digits(r.value) && !strings.HasPrefix(r.value, healthIndustry) {
		r.flags = append(r.flags, Flag{FlagSectorOther, c.Field, r.value})
	}
	return r
}

// yes and no as tools and publishers write them.
var yesNo = map[string]string{"yes": "yes", "no": "no", "true": "yes", "false": "no", "1": "yes", "0": "no", "y": "yes", "n": "no", "unknown": "unknown"}

func readYesNo(c *Column, _, cell string) reading {
	t := c.states(cell)
	if t == "" {
		return reading{}
	}
	if withheld(t) {
		return said(vocabWithheld, cell)
	}
	k := text.Key(t)
	v, ok := c.value[k]
	if !ok {
		v, ok = yesNo[k]
	}
	if !ok {
		if n, err := strconv.ParseFloat(t, 64); err == nil && n >= 0 {
			v, ok = "no", true
			if n > 0 {
				v = "yes"
			}
		}
	}
	if !ok {
		return reading{whole: t, flags: []Flag{{FlagValueUnmapped, c.Field, t}}}
	}
	r := said(v, cell)
	if v == "yes" {
		r.num = 1
	}
	return r
}
