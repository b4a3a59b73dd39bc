package search_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the yardstick: SQLite's FTS5

	"ward/search"
	"ward/text"
)

// BenchmarkMillion asks an index of a million invented documents and an SQLite database of the same documents the
// same questions, and checks that both give the same number of hits. With -short it takes a tenth of them; -v
// also tells how long each took to fill and what it keeps.
//
//	go test -v -bench Million -run '^$' -benchtime 20x ./search/
func BenchmarkMillion(b *testing.B) {
	docs := 1_000_000
	if testing.Short() {
		docs = 100_000
	}
	x := filled(b, docs)
	db := sync.OnceValue(func() *sql.DB { return yardstick(b, docs) })
	for _, c := range comparisons() {
		want := find(b, x, c.query)
		b.Run(c.name+"/ward", func(b *testing.B) {
			timed(b, func() { find(b, x, c.query) })
			b.ReportMetric(float64(want.Total), "hits")
		})
		b.Run(c.name+"/fts5", func(b *testing.B) {
			if n := c.total(b, db()); n != want.Total {
				b.Fatalf("%d hits here, %d in FTS5", want.Total, n)
			}
			timed(b, func() { c.ask(b, db()) })
		})
	}
	alone(b, x)
}

// timed reports the median beside the mean, which neighbours on the machine disturb more.
func timed(b *testing.B, work func()) {
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		work()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "median-ns")
}

// alone are the questions without a counterpart.
func alone(b *testing.B, x *search.Index) {
	allowed := search.Only(search.Filter{Column: "source", AnyOf: []string{"S1", "S2"}}, search.Filter{Column: "certainty", AnyOf: []string{"confirmed"}, Not: true})
	for name, typed := range map[string]string{"complete one letter": "b", "complete three letters": "bak"} {
		b.Run(name+"/ward", func(b *testing.B) {
			timed(b, func() {
				if _, err := x.Complete(search.Query{Within: allowed, Words: typed}, 10); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	for name, q := range map[string]search.Query{
		"narrow scope, 4 facets": {Within: allowed, Limit: 20, Facets: fourFacets},
		"deep page":              {Within: search.Everything(), Offset: 500_000, Limit: 20},
		"all ids in order":       {Within: search.Everything(), Limit: 1_000_000},
	} {
		b.Run(name+"/ward", func(b *testing.B) {
			timed(b, func() { find(b, x, q) })
		})
	}
	b.Run("replace one/ward", func(b *testing.B) {
		n := 0
		timed(b, func() {
			n++
			put(b, x, invented(rand.New(rand.NewPCG(uint64(n%1000), 1)), n%1000))
		})
	})
}

// filled builds the index in batches, as a start does, and tells its time and what it keeps. Inventing takes part of the time.
func filled(b *testing.B, docs int) *search.Index {
	before, start := heap(), time.Now()
	x := benchIndex(b)
	batch := make([]search.Doc, 0, 500)
	for i := range docs {
		batch = append(batch, document(i))
		if len(batch) == cap(batch) {
			put(b, x, batch...)
			batch = batch[:0]
		}
	}
	took := time.Since(start)
	b.Logf("ward: %d documents in %.1f s, %d MiB kept", x.Len(), took.Seconds(), (heap()-before)>>20)
	return x
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

var fourFacets = []string{"country", "year", "certainty", "actor"}

func benchIndex(b *testing.B) *search.Index {
	x, err := search.New(search.Schema{
		Facets:  []string{"country", "year", "certainty", "actor", "state", "codes", "source", "context"},
		Numbers: []string{"day", "until", "killed", "lat", "lon"},
		Order:   "day",
	})
	if err != nil {
		b.Fatal(err)
	}
	return x
}

func document(i int) search.Doc { return invented(rand.New(rand.NewPCG(uint64(i), 0)), i) }

// skewed draws from n things, the first far more often than the last.
func skewed(m *rand.Rand, n int) int {
	u := m.Float64()
	return int(u * u * u * float64(n))
}

// invented makes one document of about fifteen words in four scripts, with an external number nobody else has.
func invented(m *rand.Rand, i int) search.Doc {
	day := int64(m.IntN(3650))
	country := skewed(m, 60)
	codes := []string{fmt.Sprint("C", skewed(m, 40))}
	if m.IntN(3) == 0 {
		codes = append(codes, fmt.Sprint("C", skewed(m, 40)))
	}
	words := make([]string, 14)
	for w := range words {
		words[w] = common(skewed(m, 1+skewed(m, 200_000)))
	}
	return search.Doc{
		ID: fmt.Sprintf("01J%023d", i),
		Facets: map[string][]string{
			"country": {fmt.Sprint("X", country)}, "year": {fmt.Sprint(2015 + day/365)},
			"certainty": {[]string{"possible", "probable", "confirmed"}[skewed(m, 3)]}, "actor": {fmt.Sprint("A", skewed(m, 12))},
			"state": {fmt.Sprint("X", skewed(m, 60))}, "codes": codes, "source": {fmt.Sprint("S", skewed(m, 8))}, "context": {fmt.Sprint("K", skewed(m, 5))},
		},
		Numbers: map[string]int64{"day": day, "until": day + int64(skewed(m, 9)), "killed": int64(skewed(m, 12)),
			"lat": int64(country*100 + m.IntN(1000)), "lon": int64(m.IntN(36000))},
		Text: []string{strings.Join(words[:3], " "), strings.Join(words[3:], " "), fmt.Sprint(1_000_000 + i)},
	}
}

// common is the n-th word of an invented vocabulary; each script has a fourth of it. Words do not begin with a vowel, so
// that no elided particle joins in, which FTS5 does not know.
func common(n int) string {
	syllables := [][]string{
		{"ba", "ke", "do", "mi", "nu", "ra", "so", "te", "vi", "zu"}, {"ба", "ке", "до", "ми", "ну", "ра", "со", "те", "ви", "зу"},
		{"با", "تی", "دو", "سا", "مو", "نا", "را", "شی", "کو", "گا"}, {"bá", "kë", "dö", "mî", "nü", "ra", "só", "tè", "vı", "zû"},
	}[n%4]
	var word strings.Builder
	for rest := n/4 + 100; rest > 0; rest /= 10 {
		word.WriteString(syllables[rest%10])
	}
	return word.String()
}

// comparison is one question in both languages. The statements take the place of one Search: total, page and facets.
type comparison struct {
	name  string
	query search.Query
	from  string // FROM and WHERE of all its statements
	page  string // ORDER BY of the page, "" asks for none
	args  []any
}

func (c comparison) total(b *testing.B, db *sql.DB) int {
	var n int
	if err := db.QueryRow("SELECT count(*) "+c.from, c.args...).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

func (c comparison) ask(b *testing.B, db *sql.DB) {
	c.total(b, db)
	if c.page != "" {
		read(b, db, "SELECT doc.name "+c.from+" ORDER BY "+c.page+" LIMIT 20", c.args...)
	}
	for _, column := range c.query.Facets {
		read(b, db, "SELECT "+column+", count(*) "+c.from+" GROUP BY 1 ORDER BY 2 DESC", c.args...)
	}
}

func read(b *testing.B, db *sql.DB, query string, args ...any) {
	rows, err := db.Query(query, args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var first, second any
	room := []any{&first, &second}
	columns, _ := rows.Columns()
	for rows.Next() {
		if err := rows.Scan(room[:len(columns)]...); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
}

const joined = "FROM words JOIN doc ON doc.rowid = words.rowid WHERE words MATCH ?"

func comparisons() []comparison {
	one, two := common(5), common(9)
	phrase := common(2) + " " + common(3)
	window := []search.Range{search.AtMost("day", 2700), search.AtLeast("until", 1200)}
	box := append([]search.Range{{Column: "lat", Min: 300, Max: 1200}, {Column: "lon", Min: 9000, Max: 20000}}, window...)
	country := []search.Filter{{Column: "country", AnyOf: []string{"X3"}}}
	const inWindow, inBox = "day <= 2700 AND until >= 1200", "day <= 2700 AND until >= 1200 AND lat BETWEEN 300 AND 1200 AND lon BETWEEN 9000 AND 20000"
	ask := func(name, from, page string, q search.Query, args ...any) comparison {
		q.Within = search.Everything()
		if page != "" {
			q.Limit = 20
		}
		return comparison{name, q, from, page, args}
	}
	return []comparison{
		ask("4 facets", "FROM doc", "", search.Query{Facets: fourFacets}),
		ask("newest 20 of all", "FROM doc", "day DESC", search.Query{}),
		ask("most killed 20 of all", "FROM doc", "killed DESC, day DESC", search.Query{Sort: "killed", Desc: true}),
		ask("window, 4 facets", "FROM doc WHERE "+inWindow, "", search.Query{Ranges: window, Facets: fourFacets}),
		ask("box and window", "FROM doc WHERE "+inBox, "", search.Query{Ranges: box}),
		ask("country, other 3 facets, newest 20", "FROM doc WHERE country = 'X3'", "day DESC", search.Query{Filters: country, Facets: fourFacets[1:]}),
		ask("one word", "FROM words WHERE words MATCH ?", "", search.Query{Words: `"` + one + `"`}, match(one)),
		ask("word, country, window, newest 20", joined+" AND country = 'X3' AND "+inWindow, "day DESC",
			search.Query{Words: `"` + one + `"`, Filters: country, Ranges: window}, match(one)),
		ask("two words, 4 facets", joined, "", search.Query{Words: one + ` "` + two + `"`, Facets: fourFacets}, match(one)+" "+match(two)),
		ask("box, window, word, 4 facets", joined+" AND "+inBox, "", search.Query{Words: `"` + one + `"`, Ranges: box, Facets: fourFacets}, match(one)),
		ask("prefix, newest 20", joined, "day DESC", search.Query{Words: "bak"}, match("bak")+"*"),
		ask("phrase of two frequent words, newest 20", joined, "day DESC", search.Query{Words: `"` + phrase + `"`}, match(phrase)),
		ask("rare number", joined, "day DESC", search.Query{Words: `"1042042"`}, match("1042042")),
	}
}

// match spells a word or phrase for FTS5.
func match(words string) string { return `"` + folded(words) + `"` }

func folded(s string) string { return strings.Join(text.Tokens(s), " ") }

// yardstick fills an SQLite database with the same documents: text folded by us, so that the same words are equal;
// an index on what is filtered and sorted; prefix indexes; no copy of the text; statistics gathered; all of it in the page cache.
func yardstick(b *testing.B, docs int) *sql.DB {
	start := time.Now()
	db := openYardstick(b, docs)
	b.Cleanup(func() { db.Close() })
	var pages, size int
	if err := db.QueryRow("SELECT page_count, page_size FROM pragma_page_count, pragma_page_size").Scan(&pages, &size); err != nil {
		b.Fatal(err)
	}
	b.Logf("fts5: the same documents in %.1f s, %d MiB file", time.Since(start).Seconds(), pages*size>>20)
	return db
}

func openYardstick(b *testing.B, docs int) *sql.DB {
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "yardstick.db"))
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	run := func(statement string) {
		if _, err := db.Exec(statement); err != nil {
			b.Fatal(statement, err)
		}
	}
	run("PRAGMA journal_mode = OFF")
	run("PRAGMA synchronous = OFF")
	run("PRAGMA cache_size = -2000000")
	run("CREATE TABLE doc (name TEXT, country TEXT, year TEXT, certainty TEXT, actor TEXT, day INT, until INT, killed INT, lat INT, lon INT)")
	run("CREATE VIRTUAL TABLE words USING fts5(title, body, number, content='', prefix='2 3', tokenize='unicode61 remove_diacritics 0')")
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	insertAll(b, tx, docs)
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	for _, columns := range []string{"day", "killed, day", "country, day", "year", "certainty", "actor"} {
		run("CREATE INDEX doc_" + strings.ReplaceAll(columns, ", ", "_") + " ON doc (" + columns + ")")
	}
	run("INSERT INTO words (words) VALUES ('optimize')")
	run("ANALYZE")
	return db
}

func insertAll(b *testing.B, tx *sql.Tx, docs int) {
	row, err := tx.Prepare("INSERT INTO doc (rowid, name, country, year, certainty, actor, day, until, killed, lat, lon) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
	if err != nil {
		b.Fatal(err)
	}
	body, err := tx.Prepare("INSERT INTO words (rowid, title, body, number) VALUES (?,?,?,?)")
	if err != nil {
		b.Fatal(err)
	}
	for i := range docs {
		d := document(i)
		f, n := d.Facets, d.Numbers
		if _, err := row.Exec(i+1, d.ID, f["country"][0], f["year"][0], f["certainty"][0], f["actor"][0], n["day"], n["until"], n["killed"], n["lat"], n["lon"]); err != nil {
			b.Fatal(err)
		}
		if _, err := body.Exec(i+1, folded(d.Text[0]), folded(d.Text[1]), folded(d.Text[2])); err != nil {
			b.Fatal(err)
		}
	}
}
