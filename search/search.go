// Package search finds records by words, coded values and ranges, counts facets and completes words, all in memory.
//
// It knows no records and no database: the caller describes its columns in a Schema and hands over plain Docs.
// Nothing is written to disk, so coded and sealed text can be searched like open text without a plaintext index lying about.
//
// Terms:
//   - document: what is found, named by the caller's id;
//   - row: a document's place in the columns; replacing a document gives it a new row and leaves the old one dead;
//   - facet: a column of a few distinct words, several of which may hold for one document;
//   - number: a column of integers for ranges and order (days, counts, scaled coordinates);
//   - word: a token of text.Tokens, which folds case, accents, scripts' letter variants and digits;
//   - posting: the ascending rows of one word or facet value;
//   - scope: what the asker may see; it is applied before matching, counting and completing.
package search

import (
	"math"
	"sync"

	"ward/fault"
)

// Missing stands in a number column for a document without that number. No range holds it and every order puts it last.
const Missing int64 = math.MinInt64

// Schema names the columns of an index. It does not change once the index is made.
type Schema struct {
	Facets  []string // coded columns, for filters and counts
	Numbers []string // integer columns, for ranges and order
	Order   string   // the number column that orders results, largest first, when a query names none; it also breaks ties
}

// Doc is one document as the caller sees it. Columns that are left out have no value.
type Doc struct {
	ID      string
	Facets  map[string][]string // values by facet column; blank and repeated values are dropped
	Numbers map[string]int64    // by number column
	Text    []string            // fields of text; a phrase never runs from one field into the next
}

// Limits of one document and of one query: input is hostile, and memory is not endless.
const (
	maxWordBytes  = 64      // longer words are cut, in documents and queries alike
	maxDocWords   = 1 << 16 // words past this many are not indexed
	maxQueryWords = 32
)

// Index holds the documents. Any number of readers may call Search and Complete while writers call Put and Delete.
//
// Writers wait for one another. Readers wait only while a prepared batch is entered (about ten microseconds a document);
// a reader sees a batch wholly or not at all. Dead rows are cleared out beside the readers, which keep the old rows until then.
type Index struct {
	schema *schema
	writer sync.Mutex // held by Put, Delete and the clearing out; the holder may read now without mu

	mu       sync.RWMutex // guards what follows
	now      *table
	position int64
}

// New makes an empty index. A column named twice or an unknown order is fault.Internal: the schema is part of the program.
func New(s Schema) (*Index, error) {
	known, err := newSchema(s)
	if err != nil {
		return nil, err
	}
	return &Index{schema: known, now: newTable(known)}, nil
}

// Put adds documents, or replaces those whose ids are known; of two with one id in a batch the later stays.
// A document that does not fit the schema makes the whole batch fail with fault.Invalid, and nothing is changed.
func (x *Index) Put(docs ...Doc) error {
	entries, err := x.schema.entries(docs)
	if err != nil {
		return err
	}
	x.change(func(t *table) {
		for i := range entries {
			t.put(&entries[i])
		}
	})
	return nil
}

// Delete removes documents; ids that are not held are passed over.
func (x *Index) Delete(ids ...string) {
	x.change(func(t *table) {
		for _, id := range ids {
			t.remove(id)
		}
	})
}

// change runs one writer's work, then clears out dead rows if they have become many.
func (x *Index) change(work func(*table)) {
	x.writer.Lock()
	defer x.writer.Unlock()
	x.enter(work)
	if x.now.crowded() {
		fresh := x.now.compacted()
		x.mu.Lock()
		x.now = fresh
		x.mu.Unlock()
	}
}

func (x *Index) enter(work func(*table)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	work(x.now)
}

// SetPosition notes how far the caller has followed its journal. The index only keeps the number.
func (x *Index) SetPosition(n int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.position = n
}

// Position returns the number last given to SetPosition, 0 before the first.
func (x *Index) Position() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.position
}

// Len returns the number of documents held. It counts what some may not see: show it only to those who may see all.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.now.live
}

// schema is a checked Schema with the places of its columns.
type schema struct {
	Schema
	facet, number map[string]int
	order         int // index into Numbers, -1 = none
}

func newSchema(s Schema) (*schema, error) {
	k := &schema{Schema: s, facet: map[string]int{}, number: map[string]int{}, order: -1}
	for i, name := range s.Facets {
		k.facet[name] = i
	}
	for i, name := range s.Numbers {
		k.number[name] = i
	}
	if len(k.facet) != len(s.Facets) || len(k.number) != len(s.Numbers) {
		return nil, fault.New(fault.Internal, "The search schema names a column twice")
	}
	if s.Order != "" {
		place, ok := k.number[s.Order]
		if !ok {
			return nil, fault.New(fault.Internal, "The search schema orders by %q, which is not one of its number columns", s.Order)
		}
		k.order = place
	}
	return k, nil
}

func (k *schema) facetNamed(name string) (int, error) {
	return placeOf(k.facet, name, "facet")
}

func (k *schema) numberNamed(name string) (int, error) {
	return placeOf(k.number, name, "number")
}

func placeOf(columns map[string]int, name, kind string) (int, error) {
	place, ok := columns[name]
	if !ok {
		return 0, fault.New(fault.Invalid, "The index has no %s column %q", kind, name)
	}
	return place, nil
}
