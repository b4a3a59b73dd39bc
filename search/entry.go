package search

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"unicode/utf8"

	"ward/fault"
	"ward/text"
)

// entry is a Doc made ready: checked, folded, its columns in the schema's order.
type entry struct {
	id      string
	words   []string // "" marks the end of a field
	facets  [][]string
	numbers []int64
}

// entries makes documents ready. This is the dear part of Put: it runs outside every lock and on all processors.
func (k *schema) entries(docs []Doc) ([]entry, error) {
	entries := make([]entry, len(docs))
	wrong := make([]error, len(docs))
	var work sync.WaitGroup
	share := max(32, (len(docs)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for from := 0; from < len(docs); from += share {
		work.Go(func() {
			for i := from; i < min(from+share, len(docs)); i++ {
				entries[i], wrong[i] = k.entry(docs[i])
			}
		})
	}
	work.Wait()
	return entries, cmp.Or(wrong...)
}

func (k *schema) entry(d Doc) (entry, error) {
	if d.ID == "" {
		return entry{}, fault.New(fault.Invalid, "A document without an id cannot be indexed")
	}
	e := entry{id: d.ID, facets: make([][]string, len(k.Facets)), numbers: make([]int64, len(k.Numbers))}
	for name, values := range d.Facets {
		place, err := k.facetNamed(name)
		if err != nil {
			return entry{}, err
		}
		e.facets[place] = values
	}
	for place, name := range k.Numbers {
		e.numbers[place] = Missing
		if v, ok := d.Numbers[name]; ok {
			e.numbers[place] = v
		}
	}
	for name := range d.Numbers {
		if _, err := k.numberNamed(name); err != nil {
			return entry{}, err
		}
	}
	e.words = fieldWords(d.Text)
	return e, nil
}

// fieldWords are the words of all fields, each field closed by "".
func fieldWords(fields []string) []string {
	var words []string
	for _, field := range fields {
		room := max(0, maxDocWords-len(words))
		found := text.Tokens(field)
		words = append(words, found[:min(len(found), room)]...)
		words = append(words, "")
	}
	for i, word := range words {
		words[i] = cutWord(word)
	}
	return slices.Clip(words)
}

// cutWord shortens a word to maxWordBytes, never inside a letter.
func cutWord(word string) string {
	if len(word) <= maxWordBytes {
		return word
	}
	end := maxWordBytes
	for end > 0 && !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}
