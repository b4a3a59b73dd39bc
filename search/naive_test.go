package search_test

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ward/search"
	"ward/text"
)

// naive is the same search as plainly as it can be written: a scan over the documents, strings compared one by one.
type naive map[string]plain

// plain is a document with the words of its fields.
type plain struct {
	search.Doc
	fields [][]string
}

func newPlain(doc search.Doc) plain {
	p := plain{Doc: doc}
	for _, field := range doc.Text {
		p.fields = append(p.fields, text.Tokens(field))
	}
	return p
}

// demand is one condition on words, kept apart from its spelling in the query.
type demand struct {
	words  []string
	prefix bool
	not    bool
}

func (d demand) holds(doc plain) bool {
	for _, words := range doc.fields {
		for i := range words {
			if d.standsAt(words[i:]) {
				return !d.not
			}
		}
	}
	return d.not
}

func (d demand) standsAt(words []string) bool {
	if len(words) < len(d.words) {
		return false
	}
	for i, wanted := range d.words {
		prefix := d.prefix && i == len(d.words)-1
		if words[i] != wanted && !(prefix && strings.HasPrefix(words[i], wanted)) {
			return false
		}
	}
	return true
}

func meets(f search.Filter, doc plain) bool {
	values := distinct(doc.Facets[f.Column])
	any := slices.ContainsFunc(f.AnyOf, func(v string) bool {
		return v == "" && len(values) == 0 || v != "" && slices.Contains(values, v)
	})
	return any != f.Not
}

func distinct(values []string) []string {
	sorted := slices.Compact(slices.Sorted(slices.Values(values)))
	return slices.DeleteFunc(sorted, func(v string) bool { return v == "" })
}

func number(doc plain, column string) int64 {
	if v, ok := doc.Numbers[column]; ok {
		return v
	}
	return search.Missing
}

// question is a query with what the naive scan needs to know of it.
type question struct {
	search.Query
	scope   []search.Filter
	demands []demand
}

func (q question) matches(doc plain, but string) bool {
	for _, f := range q.scope {
		if !meets(f, doc) {
			return false
		}
	}
	for _, f := range q.Filters {
		if f.Column != but && !meets(f, doc) {
			return false
		}
	}
	for _, r := range q.Ranges {
		if v := number(doc, r.Column); v == search.Missing || v < r.Min || v > r.Max {
			return false
		}
	}
	return !slices.ContainsFunc(q.demands, func(d demand) bool { return !d.holds(doc) })
}

func (n naive) search(q question) search.Result {
	result := search.Result{Facets: map[string][]search.Count{}}
	var found []plain
	for _, doc := range n {
		if q.matches(doc, "") {
			found = append(found, doc)
		}
	}
	result.Total = len(found)
	slices.SortFunc(found, q.compare)
	for _, doc := range found[min(q.Offset, len(found)):min(q.Offset+q.Limit, len(found))] {
		result.IDs = append(result.IDs, doc.ID)
	}
	for _, column := range q.Facets {
		result.Facets[column] = n.counts(q, column)
	}
	return result
}

func (n naive) counts(q question, column string) []search.Count {
	byValue := map[string]int{}
	for _, doc := range n {
		if !q.matches(doc, column) {
			continue
		}
		values := distinct(doc.Facets[column])
		if len(values) == 0 {
			values = []string{""}
		}
		for _, v := range values {
			byValue[v]++
		}
	}
	return sortedCounts(byValue)
}

func sortedCounts(byValue map[string]int) []search.Count {
	var counts []search.Count
	for v, n := range byValue {
		counts = append(counts, search.Count{Value: v, Docs: n})
	}
	slices.SortFunc(counts, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.Docs, a.Docs), strings.Compare(a.Value, b.Value))
	})
	return counts
}

func (q question) compare(a, b plain) int {
	column, desc := q.Sort, q.Desc
	if column == "" {
		column, desc = "day", true
	}
	va, vb := number(a, column), number(b, column)
	switch {
	case va == vb:
	case va == search.Missing || desc && vb != search.Missing && va < vb || !desc && vb != search.Missing && va > vb:
		return 1
	default:
		return -1
	}
	return cmp.Or(cmp.Compare(number(b, "day"), number(a, "day")), cmp.Compare(hash(b.ID), hash(a.ID)))
}

func hash(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}

// complete counts the words that begin with the last demand's only word among what the other demands leave.
func (n naive) complete(q question, limit int) []search.Count {
	last := len(q.demands) - 1
	prefix := q.demands[last].words[0]
	q.demands = q.demands[:last]
	byWord := map[string]int{}
	for _, doc := range n {
		if !q.matches(doc, "") {
			continue
		}
		words := map[string]bool{}
		for _, field := range doc.fields {
			for _, word := range field {
				words[word] = words[word] || strings.HasPrefix(word, prefix)
			}
		}
		for word, begins := range words {
			if begins {
				byWord[word]++
			}
		}
	}
	counts := sortedCounts(byWord)
	return counts[:min(limit, len(counts))]
}

// maker invents documents and queries from a seed. Its words are in several scripts and spellings, and none of them
// becomes another one of the list by an attached particle, which the naive scan does not know.
type maker struct{ *rand.Rand }

var spellings = []string{
	"ambulance", "Ambulances", "AMBULANT", "clinic", "clinics", "nurse", "Nursé", "n'urse", "بیمارستان", "بيمارستان", "بیمارستان‌ها",
	"قُصِفَ", "قصف", "إدلب", "ادلب", "ادلبي", "Şırnak", "sirnak", "Київ", "київа", "Артём", "артем", "۱۲", "12", "123", "١٢", "x",
}

func (m maker) word() string {
	if m.IntN(4) == 0 {
		return fmt.Sprint("w", m.IntN(20000))
	}
	return spellings[int(float64(len(spellings))*m.Float64()*m.Float64())]
}

func (m maker) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = m.word()
	}
	return strings.Join(words, []string{" ", ", ", " - "}[m.IntN(3)])
}

func (m maker) values(from string, most int) []string {
	var values []string
	for range m.IntN(most + 1) {
		values = append(values, fmt.Sprint(from, m.IntN(1+m.IntN(12))))
	}
	if m.IntN(20) == 0 {
		values = append(values, "")
	}
	return values
}

func (m maker) doc(ids int) search.Doc {
	d := search.Doc{ID: fmt.Sprint("doc", m.IntN(ids)), Numbers: map[string]int64{}, Facets: map[string][]string{
		"country": m.values("X", 1), "codes": m.values("C", 4), "source": m.values("S", 1),
	}}
	for _, column := range []string{"day", "until", "killed"} {
		if m.IntN(8) > 0 {
			d.Numbers[column] = m.Int64N(30) - 10
		}
	}
	for range m.IntN(4) {
		d.Text = append(d.Text, m.words(m.IntN(6)))
	}
	return d
}

func (m maker) filter() search.Filter {
	column := []string{"country", "codes", "source"}[m.IntN(3)]
	from := map[string]string{"country": "X", "codes": "C", "source": "S"}[column]
	return search.Filter{Column: column, AnyOf: m.values(from, 3), Not: m.IntN(4) == 0}
}

func (m maker) question() question {
	q := question{Query: search.Query{Limit: m.IntN(30), Within: search.Everything(), Desc: m.IntN(2) == 0,
		Sort: []string{"", "day", "killed"}[m.IntN(3)]}}
	if m.IntN(3) == 0 {
		q.Offset = m.IntN(200)
	}
	if m.IntN(20) == 0 {
		q.Limit = math.MaxInt / 2
	}
	if m.IntN(3) == 0 {
		q.scope = []search.Filter{m.filter()}
		q.Within = search.Only(q.scope...)
	}
	for range m.IntN(3) {
		q.Filters = append(q.Filters, m.filter())
	}
	for range m.IntN(2) {
		low := m.Int64N(30) - 10
		q.Ranges = append(q.Ranges, []search.Range{search.AtLeast("day", low), search.AtMost("until", low), {Column: "killed", Min: low, Max: low + 9}}[m.IntN(3)])
	}
	for _, column := range []string{"country", "codes", "source"} {
		if m.IntN(2) == 0 {
			q.Facets = append(q.Facets, column)
		}
	}
	m.demand(&q)
	return q
}

func (m maker) demand(q *question) {
	var typed []string
	n := m.IntN(4)
	for i := range n {
		words := m.words(1)
		d, spelt := demand{not: m.IntN(5) == 0}, ""
		switch m.IntN(4) {
		case 0:
			words = m.words(1 + m.IntN(3))
			spelt = `"` + words + `"`
		case 1:
			if m.IntN(2) == 0 {
				words += "-" + m.word()
			}
			d.prefix, spelt = true, words+"*"
		default:
			d.prefix, spelt = i == n-1 && !d.not, words
		}
		if d.not {
			spelt = "-" + spelt
		}
		d.words = text.Tokens(words)
		q.demands = append(q.demands, d)
		typed = append(typed, spelt)
	}
	q.Words = strings.Join(typed, " ")
}

func same(a, b search.Result) bool {
	return a.Total == b.Total && slices.Equal(a.IDs, b.IDs) && maps.EqualFunc(a.Facets, b.Facets, slices.Equal[[]search.Count])
}

// TestSearchEqualsNaiveScan changes an index and a plain map alike, over several clearings out, and asks both the same.
func TestSearchEqualsNaiveScan(t *testing.T) {
	for seed := range uint64(3) {
		m := maker{rand.New(rand.NewPCG(seed, 7))}
		x, held := newIndex(t), naive{}
		for step := range 60 {
			for range 1 + m.IntN(120) {
				change(t, m, x, held)
			}
			if x.Len() != len(held) {
				t.Fatalf("seed %d step %d: %d documents, want %d", seed, step, x.Len(), len(held))
			}
			for range 8 {
				ask(t, m.question(), x, held)
			}
		}
	}
}

func change(t *testing.T, m maker, x *search.Index, held naive) {
	doc := m.doc(1500)
	if m.IntN(5) == 0 {
		x.Delete(doc.ID)
		delete(held, doc.ID)
		return
	}
	put(t, x, doc)
	held[doc.ID] = newPlain(doc)
}

func ask(t *testing.T, q question, x *search.Index, held naive) {
	t.Helper()
	if got, want := find(t, x, q.Query), held.search(q); !same(got, want) {
		t.Errorf("%+v\n got %+v\nwant %+v", q, got, want)
	}
	last := len(q.demands) - 1
	if last < 0 || !q.demands[last].prefix || len(q.demands[last].words) != 1 || strings.Contains(q.Words, `*"`) {
		return
	}
	got, err := x.Complete(q.Query, 7)
	if want := held.complete(q, 7); err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("completing %+v\n got %+v %v\nwant %+v", q, got, err, want)
	}
}

// FuzzQuery holds hostile typing to its promises: no panic, no error but the limit, and excluding is the complement.
func FuzzQuery(f *testing.F) {
	x := newIndex(f)
	m := maker{rand.New(rand.NewPCG(1, 2))}
	for range 500 {
		put(f, x, m.doc(400))
	}
	for _, s := range []string{`"بیمارستان" -x*`, `-"`, "*", `“a”b«c`, "a\x00\xff*", "---", "ambul* nur"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		q := search.Query{Within: search.Everything(), Words: typed, Limit: 3, Facets: []string{"codes"}}
		r, err := x.Search(q)
		if err != nil {
			return
		}
		if r.Total > x.Len() || len(r.IDs) != min(3, r.Total) {
			t.Errorf("%q: %+v", typed, r)
		}
		if _, err := x.Complete(q, 5); err != nil {
			t.Errorf("%q searches but does not complete: %v", typed, err)
		}
	})
}
