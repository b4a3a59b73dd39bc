package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ward/fault"
	"ward/text"
)

// clause is one demand of a query: a word, or several that must stand side by side.
type clause struct {
	words  []string
	prefix bool // the last word may go on
	not    bool
}

// parseWords reads what a person typed. Words are divided by blanks and all must match; "..." holds a phrase; a leading
// hyphen excludes; a word ending in * and the last word match by prefix, the last one not when quoted or excluded.
// Words that folding divides ("El-Fasher") are a phrase.
func parseWords(typed string) ([]clause, error) {
	var clauses []clause
	count := 0
	for rest := strings.TrimSpace(typed); rest != ""; rest = strings.TrimSpace(rest) {
		var c clause
		rest, c.not = strings.CutPrefix(rest, "-")
		var chunk string
		var quoted bool
		chunk, quoted, rest = nextChunk(rest)
		if c.words = text.Tokens(chunk); len(c.words) == 0 {
			continue
		}
		for i, word := range c.words {
			c.words[i] = cutWord(word)
		}
		last := !quoted && !c.not && strings.TrimSpace(rest) == ""
		c.prefix = last || !quoted && strings.HasSuffix(chunk, "*")
		clauses = append(clauses, c)
		if count += len(c.words); count > maxQueryWords {
			return nil, fault.New(fault.Limit, "The search has more than %d words", maxQueryWords).Do("leave some out")
		}
	}
	return clauses, nil
}

// nextChunk cuts a quoted phrase or a run up to the next blank from the front of s. A quote that is never closed runs to the end.
func nextChunk(s string) (chunk string, quoted bool, rest string) {
	first, size := utf8.DecodeRuneInString(s)
	if strings.ContainsRune(`"“„«`, first) && size > 0 {
		s = s[size:]
		end := strings.IndexAny(s, `"“”«»`)
		if end < 0 {
			return s, true, ""
		}
		_, size = utf8.DecodeRuneInString(s[end:])
		return s[:end], true, s[end+size:]
	}
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		return s, false, ""
	}
	return s[:end], false, s[end:]
}

// match is a clause in the codes of one table: for each word the codes that will do, ascending.
type match struct {
	words [][]uint32
	not   bool
}

func (t *table) resolve(c clause) match {
	m := match{not: c.not}
	for i, word := range c.words {
		m.words = append(m.words, t.codesFor(word, c.prefix && i == len(c.words)-1))
	}
	return m
}

func (t *table) codesFor(word string, prefix bool) []uint32 {
	var codes []uint32
	for _, form := range forms(word) {
		if prefix {
			codes = append(codes, t.sorted.prefixed(t.words, []byte(form))...)
		} else if code, ok := t.words.find([]byte(form)); ok {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Particles that are written together with the next word, as folding leaves them: the Arabic article, alone and after
// a one-letter preposition or conjunction, and the French elided ones, whose apostrophe folding drops.
func arabicParticles() []string { return []string{"ال", "وال", "بال", "فال", "لل"} }

func frenchParticles() []string { return []string{"l", "d", "qu"} }

// forms are the words that a query's word stands for: itself and itself after an attached particle, so that
// "مستشفى" finds "المستشفى" and "hôpital" finds "l'hôpital". Short words stand for themselves alone.
func forms(word string) []string {
	found := []string{word}
	first, _ := utf8.DecodeRuneInString(word)
	var particles []string
	switch letters := utf8.RuneCountInString(word); {
	case unicode.Is(unicode.Arabic, first) && letters >= 3:
		particles = arabicParticles()
	case strings.ContainsRune("aeiouyh", first) && letters >= 4:
		particles = frenchParticles()
	}
	for _, particle := range particles {
		found = append(found, particle+word)
	}
	return found
}

// narrow leaves the rows that have all words of the clause, not yet side by side.
func (m match) narrow(t *table, rows bitmap) {
	for _, codes := range m.words {
		narrow(rows, t.postings, codes)
	}
}

// adjacent removes from rows those where the words of the clause nowhere stand side by side in one field.
func (m match) adjacent(t *table, rows bitmap) {
	if len(m.words) < 2 {
		return
	}
	var words []uint32
	for place := range rows.rows {
		words = t.wordsOf(place, words[:0])
		if !m.standsIn(words) {
			rows.clear(place)
		}
	}
}

// standsIn looks for the clause in a row's words, which are code+1 with 0 between fields.
func (m match) standsIn(words []uint32) bool {
	for i := 0; i+len(m.words) <= len(words); i++ {
		if m.startsAt(words[i : i+len(m.words)]) {
			return true
		}
	}
	return false
}

func (m match) startsAt(words []uint32) bool {
	for i, codes := range m.words {
		// The end of a field, 0, wraps around to a code that no word has.
		if !holds(codes, words[i]-1) {
			return false
		}
	}
	return true
}

func holds(codes []uint32, code uint32) bool {
	if len(codes) == 1 {
		return codes[0] == code
	}
	_, ok := slices.BinarySearch(codes, code)
	return ok
}
