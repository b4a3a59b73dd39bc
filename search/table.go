package search

import (
	"encoding/binary"
	"hash/fnv"
	"math"
)

// table holds the rows. Rows are only appended; a removed row is dead and keeps its place until compacted.
// Only the Index's one writer changes a table.
type table struct {
	schema *schema
	live   int

	ids   *dictionary
	rowOf []uint32 // row by id code, noRow when removed
	idOf  []uint32 // id code by row
	ties  []uint64 // hash of the id by row
	alive bitmap

	words    *dictionary
	postings []posting // rows by word code
	sorted   runs
	text     []byte   // the words of each row in order: code+1 as varint, 0 ends a field
	textEnds []uint64 // where a row's words stop in text

	facets  []*facet
	numbers [][]int64 // by column, then row
}

const noRow = math.MaxUint32

func newTable(k *schema) *table {
	t := &table{schema: k, ids: newDictionary(), words: newDictionary(), numbers: make([][]int64, len(k.Numbers))}
	for range k.Facets {
		t.facets = append(t.facets, newFacet())
	}
	return t
}

// row is an entry in codes of one table; tables reuse it between rows.
type row struct {
	id      []byte
	words   []uint32 // code+1, 0 ends a field
	sets    []uint32 // by facet
	numbers []int64
}

func (t *table) rows() int { return len(t.idOf) }

// put adds an entry, in the place of the one with the same id.
func (t *table) put(e *entry) {
	t.remove(e.id)
	r := row{id: []byte(e.id), words: make([]uint32, len(e.words)), sets: make([]uint32, len(e.facets)), numbers: e.numbers}
	for i, word := range e.words {
		if word != "" {
			r.words[i] = t.word([]byte(word)) + 1
		}
	}
	for i, f := range t.facets {
		r.sets[i] = f.setOf(f.codes(e.facets[i]))
	}
	t.add(r)
}

// word returns the code of a word, new or old.
func (t *table) word(w []byte) uint32 {
	code := t.words.intern(w)
	if int(code) == len(t.postings) {
		t.postings = append(t.postings, posting{})
		t.sorted.grow(t.words)
	}
	return code
}

// add appends a row whose id is not held.
func (t *table) add(r row) {
	place := uint32(t.rows())
	code := t.ids.intern(r.id)
	if int(code) == len(t.rowOf) {
		t.rowOf = append(t.rowOf, noRow)
	}
	t.rowOf[code] = place
	t.idOf = append(t.idOf, code)
	h := fnv.New64a()
	h.Write(r.id)
	t.ties = append(t.ties, h.Sum64())
	t.alive = t.alive.with(place)
	t.live++

	for _, word := range r.words {
		t.text = binary.AppendUvarint(t.text, uint64(word))
		if word != 0 {
			t.postings[word-1].add(place)
		}
	}
	t.textEnds = append(t.textEnds, uint64(len(t.text)))
	for i, set := range r.sets {
		t.facets[i].add(set)
	}
	for i, v := range r.numbers {
		t.numbers[i] = append(t.numbers[i], v)
	}
}

func (t *table) remove(id string) {
	code, ok := t.ids.find([]byte(id))
	if !ok || t.rowOf[code] == noRow {
		return
	}
	place := t.rowOf[code]
	t.rowOf[code] = noRow
	t.alive.clear(place)
	t.live--
	for _, f := range t.facets {
		f.remove(place)
	}
}

func (t *table) id(place uint32) string { return string(t.ids.at(t.idOf[place])) }

// wordsOf appends a row's words, as code+1 with 0 at the end of a field, to room.
func (t *table) wordsOf(place uint32, room []uint32) []uint32 {
	start := uint64(0)
	if place > 0 {
		start = t.textEnds[place-1]
	}
	word, shift := uint32(0), 0
	for _, c := range t.text[start:t.textEnds[place]] {
		word |= uint32(c&0x7f) << shift
		shift += 7
		if c < 0x80 {
			room = append(room, word)
			word, shift = 0, 0
		}
	}
	return room
}

// crowded reports that dead rows are worth clearing out: more than a thousand, and half as many as live ones.
func (t *table) crowded() bool {
	dead := t.rows() - t.live
	return dead > 1000 && dead > t.live/2
}

// compacted returns a table of the live rows in the same order, without the words and values that only dead rows had.
func (t *table) compacted() *table {
	fresh := newTable(t.schema)
	move := mover{from: t, to: fresh, words: make([]uint32, t.words.len()+1), sets: make([][]uint32, len(t.facets))}
	for i, f := range t.facets {
		move.sets[i] = make([]uint32, len(f.members))
	}
	for place := range t.alive.rows {
		fresh.add(move.row(place))
	}
	return fresh
}

// mover translates rows of one table into the codes of another. 0 in words and sets means not yet translated.
type mover struct {
	from, to *table
	words    []uint32   // new code+1 by old code+1
	sets     [][]uint32 // new set+1 by facet and old set
	scratch  row
}

func (m *mover) row(place uint32) row {
	r := &m.scratch
	r.id = m.from.ids.at(m.from.idOf[place])
	r.words = m.from.wordsOf(place, r.words[:0])
	for i, old := range r.words {
		if old != 0 && m.words[old] == 0 {
			m.words[old] = m.to.word(m.from.words.at(old-1)) + 1
		}
		r.words[i] = m.words[old]
	}
	r.sets = r.sets[:0]
	for i, f := range m.from.facets {
		old := f.column[place]
		if m.sets[i][old] == 0 {
			m.sets[i][old] = m.to.facets[i].adopt(f, old) + 1
		}
		r.sets = append(r.sets, m.sets[i][old]-1)
	}
	r.numbers = r.numbers[:0]
	for _, column := range m.from.numbers {
		r.numbers = append(r.numbers, column[place])
	}
	return *r
}
