package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Postings must give back exactly what was added, in each of their forms and over gaps of every length.
func TestPostingHoldsItsRows(t *testing.T) {
	for name, gap := range map[string]int{"every row": 1, "dense": 5, "two bytes": 900, "three bytes": 70_000, "four bytes": 9_000_000} {
		var p posting
		var added []uint32
		m := rand.New(rand.NewPCG(3, uint64(gap)))
		row := uint32(0)
		for range 3000 {
			p.add(row)
			p.add(row)
			added = append(added, row)
			if row += 1 + uint32(m.IntN(gap)); row > 1<<30 {
				break
			}
		}
		rows := int(p.last) + 1
		held := newBitmap(rows)
		p.addTo(held)
		if got := slices.Collect(held.rows); !slices.Equal(got, added) || int(p.n) != len(added) {
			t.Errorf("%s: %d rows come back, %d were added", name, len(got), len(added))
		}
		half := newBitmap(rows / 2)
		want := 0
		for i, r := range added {
			if i%3 == 0 && int(r) < rows/2 {
				half.set(r)
				want++
			}
		}
		if got := p.countIn(half); got != want {
			t.Errorf("%s: %d of them counted, want %d", name, got, want)
		}
		all := newBitmap(rows + 1000)
		for i := range all {
			all[i] = ^uint64(0)
		}
		rest := all.clone()
		p.remove(rest)
		p.narrow(all)
		if all.count() != len(added) || rest.count() != 64*len(rest)-len(added) || rest.countBoth(held) != 0 || all.countBoth(held) != len(added) {
			t.Errorf("%s: narrowing leaves %d rows of %d, removing %d", name, all.count(), len(added), rest.count())
		}
	}
}

func TestPostingTurnsIntoBitmapWhenDense(t *testing.T) {
	var dense, sparse posting
	for row := range uint32(100_000) {
		dense.add(row)
		if row%90 == 0 {
			sparse.add(row)
		}
	}
	if dense.body.bits == nil || sparse.body.bits != nil {
		t.Error("a word in every row should be a bitmap, one in each ninetieth should not")
	}
}

func TestRunsFindEveryPrefix(t *testing.T) {
	d := newDictionary()
	var r runs
	m := rand.New(rand.NewPCG(5, 5))
	for range 40_000 {
		d.intern(fmt.Appendf(nil, "%x", m.IntN(1<<17)))
		r.grow(d)
	}
	if len(r.sorted) > 8 {
		t.Errorf("%d words stand in %d runs", d.len(), len(r.sorted))
	}
	for _, prefix := range []string{"", "a", "1f", "ffe", "zz", "12345"} {
		var want []uint32
		for code := range uint32(d.len()) {
			if strings.HasPrefix(string(d.at(code)), prefix) {
				want = append(want, code)
			}
		}
		got := r.prefixed(d, []byte(prefix))
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%q: %d codes, want %d", prefix, len(got), len(want))
		}
	}
}

func TestSelectFirst(t *testing.T) {
	m := rand.New(rand.NewPCG(9, 1))
	for range 300 {
		hits := make([]hit, 1+m.IntN(60))
		for i := range hits {
			hits[i] = hit{key: m.Int64N(5), row: uint32(i)}
		}
		sorted := slices.SortedFunc(slices.Values(hits), byOrder)
		n := m.IntN(len(hits) + 1)
		selectFirst(hits, n)
		if front := slices.SortedFunc(slices.Values(hits[:n]), byOrder); !slices.Equal(front, sorted[:n]) {
			t.Fatalf("first %d of %d: %v, want %v", n, len(hits), front, sorted[:n])
		}
	}
}

// Clearing out must forget the words and ids of dead rows, not only hide them.
func TestCompactedForgetsTheDead(t *testing.T) {
	x, err := New(Schema{Facets: []string{"f"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1002 {
		doc := Doc{ID: fmt.Sprint("id", i), Facets: map[string][]string{"f": {fmt.Sprint("v", i)}}, Text: []string{fmt.Sprint("word", i)}}
		if err := x.Put(doc); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1001 {
		x.Delete(fmt.Sprint("id", i))
	}
	now := x.now
	if now.rows() != 1 || now.words.len() != 1 || now.ids.len() != 1 || now.facets[0].values.len() != 1 || len(now.text) != 2 {
		t.Errorf("%d rows, %d words, %d ids, %d values, %d bytes are left of one document",
			now.rows(), now.words.len(), now.ids.len(), now.facets[0].values.len(), len(now.text))
	}
	if r, err := x.Search(Query{Within: Everything(), Limit: 5}); err != nil || !slices.Equal(r.IDs, []string{"id1001"}) {
		t.Errorf("%+v %v", r, err)
	}
}
