package search_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"ward/fault"
	"ward/search"
)

func newIndex(t testing.TB) *search.Index {
	t.Helper()
	x, err := search.New(search.Schema{
		Facets:  []string{"country", "codes", "source"},
		Numbers: []string{"day", "until", "killed"},
		Order:   "day",
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func put(t testing.TB, x *search.Index, docs ...search.Doc) {
	t.Helper()
	if err := x.Put(docs...); err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, x *search.Index, q search.Query) search.Result {
	t.Helper()
	r, err := x.Search(q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return r
}

// ids searches everything for words and returns what was found, in the order of ids.
func ids(t testing.TB, x *search.Index, words string) []string {
	t.Helper()
	r := find(t, x, search.Query{Within: search.Everything(), Words: words, Limit: 100})
	if r.Total != len(r.IDs) {
		t.Errorf("%q: total %d but %d ids", words, r.Total, len(r.IDs))
	}
	slices.Sort(r.IDs)
	return r.IDs
}

func TestSpellingsFindEachOther(t *testing.T) {
	pairs := []struct{ what, held, typed string }{
		{"tashkeel", "قُصِفَ مُسْتَشْفَى الأطفال", "مستشفى"},
		{"alef with hamza above", "أحمد", "احمد"},
		{"alef with hamza below", "إدلب", "ادلب"},
		{"alef madda", "آزادی", "ازادی"},
		{"Arabic yeh for Persian", "علي", "علی"},
		{"Persian yeh for Arabic", "تهرانی", "تهراني"},
		{"Arabic kaf for Persian", "كرمانشاه", "کرمانشاه"},
		{"zero-width non-joiner left out", "می‌رود", "میرود"},
		{"zero-width non-joiner put in", "بیمارستانها", "بیمارستان‌ها"},
		{"tatweel", "مـــدرسة", "مدرسه"},
		{"teh marbuta", "غزة", "غزه"},
		{"dotless i", "Diyarbakır", "diyarbakir"},
		{"dotted capital I", "İSTANBUL", "istanbul"},
		{"s with cedilla", "Şırnak", "sirnak"},
		{"Persian digits", "۱۴۰۲", "1402"},
		{"Arabic digits", "٢٠٢٣", "2023"},
		{"typographic apostrophe", "N’Djamena", "n'djamena"},
		{"modifier apostrophe", "Слов'янськ", "Словʼянськ"},
		{"apostrophe left out", "Ba'ath", "baath"},
		{"yo", "Артём", "артем"},
		{"yi", "Київ", "КИІВ"},
		{"ghe with upturn", "Ґонґадзе", "гонгадзе"},
		{"accents", "Côte d'Ivoire", "cote"},
		{"decomposed accents", "Bogota\u0301", "bogotá"},
		{"Arabic article", "قصف المستشفى", "مستشفى"},
		{"Arabic conjunction and article", "والمستشفى", "مستشفى"},
		{"French elision", "attaque contre l'hôpital", "hopital"},
		{"exact number as a source writes it", "57340", "57340"},
	}
	for _, p := range pairs {
		x := newIndex(t)
		put(t, x, search.Doc{ID: "held", Text: []string{p.held}}, search.Doc{ID: "other", Text: []string{"unrelated نامربوط чужой"}})
		for _, typed := range []string{p.typed, `"` + p.typed + `"`} {
			if got := ids(t, x, typed); !slices.Equal(got, []string{"held"}) {
				t.Errorf("%s: %s finds %q in %s", p.what, typed, got, p.held)
			}
		}
	}
}

func TestWords(t *testing.T) {
	x := newIndex(t)
	put(t, x,
		search.Doc{ID: "a", Text: []string{"Ambulance shelled in El-Fasher", "driver killed"}},
		search.Doc{ID: "b", Text: []string{"Hospital shelled", "El Obeid, Fasher road"}},
		search.Doc{ID: "c", Text: []string{"Nurse abducted from an ambulance"}},
		search.Doc{ID: "d", Text: []string{"in El", "Fasher the driver was killed again"}},
	)
	for typed, want := range map[string][]string{
		"":                       {"a", "b", "c", "d"},
		"  ":                     {"a", "b", "c", "d"},
		"!?":                     {"a", "b", "c", "d"},
		"ambulance":              {"a", "c"},
		"AMBULANCE shelled":      {"a"},
		"ambul":                  {"a", "c"},
		"ambul shelled":          nil,
		"ambul* shelled":         {"a"},
		"El-Fasher":              {"a"},
		"el-fash":                {"a"},
		"fasher el":              {"a", "b", "d"},
		`"el fasher"`:            {"a"},
		`"el fash"`:              nil,
		`"driver killed"`:        {"a"},
		`«driver killed»`:        {"a"},
		`"fasher driver"`:        nil,
		`"driver killed`:         {"a"},
		"-shelled":               {"c", "d"},
		"-shell":                 {"a", "b", "c", "d"},
		"-shell*":                {"c", "d"},
		"driver -ambulance":      {"d"},
		`fasher -"el fasher"`:    {"b", "d"},
		"- shelled":              {"a", "b"},
		"shelled shelled":        {"a", "b"},
		"nothing":                nil,
		strings.Repeat("x", 900): nil,
	} {
		if got := ids(t, x, typed); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}

func TestLongWordIsCutAlikeInDocumentAndQuery(t *testing.T) {
	x := newIndex(t)
	long := "x" + strings.Repeat("я", 200)
	put(t, x, search.Doc{ID: "a", Text: []string{long}}, search.Doc{ID: "b", Text: []string{strings.Repeat("w ", 1<<17) + "beyond"}})
	if got := ids(t, x, long); !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q", got)
	}
	if got := ids(t, x, "beyond"); got != nil {
		t.Errorf("a word past the limit of a document was indexed: %q", got)
	}
}

func scopeDocs() []search.Doc {
	return []search.Doc{
		{ID: "1", Facets: map[string][]string{"country": {"XAA"}, "source": {"open"}, "codes": {"KIL", "ATT"}}, Text: []string{"torture kidnapped"}},
		{ID: "2", Facets: map[string][]string{"country": {"XAA"}, "source": {"sealed"}, "codes": {"TOR"}}, Text: []string{"torture tortured secretname"}},
		{ID: "3", Facets: map[string][]string{"country": {"XBB"}, "source": {"open"}}, Text: []string{"torture"}},
	}
}

// What lies outside the scope must not show in totals, ids, facets or completions, whatever else is asked.
func TestScopeComesFirst(t *testing.T) {
	x := newIndex(t)
	put(t, x, scopeDocs()...)
	open := search.Only(search.Filter{Column: "source", AnyOf: []string{"open"}})
	r := find(t, x, search.Query{Within: open, Words: "torture", Limit: 9, Facets: []string{"country", "source", "codes"},
		Filters: []search.Filter{{Column: "source", AnyOf: []string{"sealed", "open"}}}})
	want := map[string][]search.Count{
		"country": {{Value: "XAA", Docs: 1}, {Value: "XBB", Docs: 1}},
		"source":  {{Value: "open", Docs: 2}},
		"codes":   {{Value: "", Docs: 1}, {Value: "ATT", Docs: 1}, {Value: "KIL", Docs: 1}},
	}
	if r.Total != 2 || len(r.IDs) != 2 || !reflect.DeepEqual(r.Facets, want) {
		t.Errorf("%+v", r)
	}
	if r := find(t, x, search.Query{Within: open, Words: "secretname"}); r.Total != 0 {
		t.Errorf("a word outside the scope counts %d", r.Total)
	}
	for prefix, want := range map[string][]search.Count{"tort": {{Value: "torture", Docs: 2}}, "secret": nil} {
		if got, err := x.Complete(search.Query{Within: open, Words: prefix}, 9); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q completes to %v %v", prefix, got, err)
		}
	}
}

func TestForgottenScopeShowsNothing(t *testing.T) {
	x := newIndex(t)
	put(t, x, scopeDocs()...)
	for _, q := range []search.Query{{}, {Within: search.Only()}, {Within: search.Only(search.Filter{Column: "source"})}} {
		q.Words, q.Limit, q.Facets = "tort", 9, []string{"country"}
		if r := find(t, x, q); r.Total != 0 || r.IDs != nil || len(r.Facets["country"]) != 0 {
			t.Errorf("%+v", r)
		}
		if got, err := x.Complete(q, 9); got != nil || err != nil {
			t.Errorf("completes to %v %v", got, err)
		}
	}
}

func TestFacetLeavesItsOwnFilterOut(t *testing.T) {
	x := newIndex(t)
	put(t, x, scopeDocs()...)
	r := find(t, x, search.Query{Within: search.Everything(), Facets: []string{"country", "source"},
		Filters: []search.Filter{{Column: "country", AnyOf: []string{"XAA"}}}})
	want := map[string][]search.Count{
		"country": {{Value: "XAA", Docs: 2}, {Value: "XBB", Docs: 1}},
		"source":  {{Value: "open", Docs: 1}, {Value: "sealed", Docs: 1}},
	}
	if r.Total != 2 || !reflect.DeepEqual(r.Facets, want) {
		t.Errorf("%+v", r)
	}
}

// Long runs of rows that all match are counted and ordered by other code than scattered ones.
func TestRunsOfMatches(t *testing.T) {
	x := newIndex(t)
	for i := range 1000 {
		put(t, x, search.Doc{ID: fmt.Sprint(i), Facets: map[string][]string{"country": {fmt.Sprint("X", i%3)}}, Numbers: map[string]int64{"day": int64(i), "killed": int64(i % 50)}})
	}
	q := search.Query{Within: search.Everything(), Ranges: []search.Range{search.AtLeast("day", 100)}, Facets: []string{"country"}, Sort: "killed", Limit: 3}
	r := find(t, x, q)
	want := []search.Count{{Value: "X0", Docs: 300}, {Value: "X1", Docs: 300}, {Value: "X2", Docs: 300}}
	if r.Total != 900 || !slices.Equal(r.Facets["country"], want) || !slices.Equal(r.IDs, []string{"950", "900", "850"}) {
		t.Errorf("%+v", r)
	}
	q.Desc = true
	if r := find(t, x, q); !slices.Equal(r.IDs, []string{"999", "949", "899"}) {
		t.Errorf("largest first: %q", r.IDs)
	}
}

func TestCompletion(t *testing.T) {
	x := newIndex(t)
	put(t, x,
		search.Doc{ID: "a", Text: []string{"hospital hospitals bombed"}},
		search.Doc{ID: "b", Text: []string{"Hospital Hospices raided"}},
	)
	for typed, want := range map[string][]search.Count{
		"hosp":        {{Value: "hospital", Docs: 2}, {Value: "hospices", Docs: 1}, {Value: "hospitals", Docs: 1}},
		"raided hosp": {{Value: "hospices", Docs: 1}, {Value: "hospital", Docs: 1}},
		"-raided bo":  {{Value: "bombed", Docs: 1}},
		`"hosp"`:      nil,
		"-hosp":       nil,
		"":            nil,
	} {
		got, err := x.Complete(search.Query{Within: search.Everything(), Words: typed}, 9)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q completes to %v %v, want %v", typed, got, err, want)
		}
	}
	if got, _ := x.Complete(search.Query{Within: search.Everything(), Words: "hosp"}, 1); len(got) != 1 {
		t.Errorf("asked for one, got %v", got)
	}
}

func TestMissingNumbers(t *testing.T) {
	x := newIndex(t)
	put(t, x, search.Doc{ID: "none"}, search.Doc{ID: "low", Numbers: map[string]int64{"killed": -3}},
		search.Doc{ID: "high", Numbers: map[string]int64{"killed": 7}})
	for _, c := range []struct {
		q    search.Query
		want []string
	}{
		{search.Query{Sort: "killed"}, []string{"low", "high", "none"}},
		{search.Query{Sort: "killed", Desc: true}, []string{"high", "low", "none"}},
		{search.Query{Sort: "killed", Ranges: []search.Range{search.AtMost("killed", math.MaxInt64)}}, []string{"low", "high"}},
		{search.Query{Sort: "killed", Ranges: []search.Range{search.AtLeast("killed", 0)}}, []string{"high"}},
		{search.Query{Ranges: []search.Range{{Column: "killed", Min: 3, Max: 2}}}, nil},
		{search.Query{Ranges: []search.Range{{Column: "killed", Min: math.MinInt64, Max: math.MinInt64}}}, nil},
	} {
		c.q.Within, c.q.Limit = search.Everything(), math.MaxInt
		if got := find(t, x, c.q).IDs; !slices.Equal(got, c.want) {
			t.Errorf("%+v gives %q", c.q, got)
		}
	}
}

func TestWrongQueriesAreFaults(t *testing.T) {
	x := newIndex(t)
	for name, c := range map[string]struct {
		q    search.Query
		kind fault.Kind
	}{
		"filter": {search.Query{Filters: []search.Filter{{Column: "nowhere"}}}, fault.Invalid},
		"scope":  {search.Query{Within: search.Only(search.Filter{Column: "day"})}, fault.Invalid},
		"range":  {search.Query{Ranges: []search.Range{search.AtLeast("country", 1)}}, fault.Invalid},
		"sort":   {search.Query{Sort: "country"}, fault.Invalid},
		"facet":  {search.Query{Facets: []string{"day"}}, fault.Invalid},
		"offset": {search.Query{Offset: -1}, fault.Invalid},
		"limit":  {search.Query{Limit: -1}, fault.Invalid},
		"words":  {search.Query{Words: strings.Repeat("w ", 33)}, fault.Limit},
		"phrase": {search.Query{Words: `"` + strings.Repeat("w ", 33)}, fault.Limit},
	} {
		if _, err := x.Search(c.q); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := x.Complete(c.q, 5); fault.KindOf(err) != c.kind {
			t.Errorf("completing %s: %v", name, err)
		}
	}
}

func TestWrongDocumentChangesNothing(t *testing.T) {
	x := newIndex(t)
	good := search.Doc{ID: "good", Text: []string{"good"}}
	for name, bad := range map[string]search.Doc{
		"no id":  {},
		"facet":  {ID: "x", Facets: map[string][]string{"nowhere": nil}},
		"number": {ID: "x", Numbers: map[string]int64{"country": 1}},
	} {
		if err := x.Put(good, bad); fault.KindOf(err) != fault.Invalid || x.Len() != 0 {
			t.Errorf("%s: %v, %d documents", name, err, x.Len())
		}
	}
}

func TestWrongSchema(t *testing.T) {
	for _, s := range []search.Schema{{Facets: []string{"a", "a"}}, {Numbers: []string{"n", "n"}}, {Facets: []string{"a"}, Order: "a"}} {
		var f *fault.Error
		if _, err := search.New(s); !errors.As(err, &f) {
			t.Errorf("%+v was taken: %v", s, err)
		}
	}
}

func TestPosition(t *testing.T) {
	x := newIndex(t)
	if x.Position() != 0 {
		t.Error("a new index has followed something")
	}
	if x.SetPosition(41); x.Position() != 41 {
		t.Error(x.Position())
	}
}

// Readers beside a writer must see each batch wholly: both documents of a pair always carry the same generation.
func TestReadersSeeWholeBatches(t *testing.T) {
	x := newIndex(t)
	generation := func(n int) []search.Doc {
		var docs []search.Doc
		for i := range 40 {
			docs = append(docs, search.Doc{ID: fmt.Sprint(i), Facets: map[string][]string{"source": {fmt.Sprint("g", n)}}, Text: []string{fmt.Sprint("word", n, " pair")}})
		}
		return docs
	}
	put(t, x, generation(0)...)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := x.Search(search.Query{Within: search.Everything(), Words: "pair", Limit: 50, Facets: []string{"source"}})
				if err != nil || r.Total != 40 || len(r.IDs) != 40 || len(r.Facets["source"]) != 1 || r.Facets["source"][0].Docs != 40 {
					t.Errorf("%v %+v", err, r)
					return
				}
				if _, err := x.Complete(search.Query{Within: search.Everything(), Words: "wor"}, 3); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := 1; n < 300; n++ { // enough for several clearings out
		put(t, x, generation(n)...)
		x.Delete("unknown")
		x.SetPosition(int64(n))
	}
	close(done)
	readers.Wait()
}
