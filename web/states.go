package web

import (
	"cmp"
	"encoding/csv"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"ward/chart"
	"ward/fault"
	"ward/locale"
)

// statesView is every State with something on record.
type statesView struct {
	view
	Table stateTable
	Map   template.HTML
}

// stateTable is a list of States; on a page of its own its columns sort it.
type stateTable struct {
	Registers []*registerSum
	Columns   []sortLink // name, one for each register, most, years
	States    []*stateSum
}

func (s *Site) states(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	o, err := s.desk.Overview(r.Context(), whoOf(r.Context()))
	if err != nil {
		return err
	}
	sums := summarise(o, lang)
	v := statesView{view: newView(r, lang, "states", locale.For(lang).T("states.title")), Map: worldMap(lang, sums.states)}
	v.Invented = invented(sums.states)
	v.Table = newStateTable(sums, lang)
	if err := v.Table.sort(r.URL.Query(), lang); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, lang, "states", v)
}

func newStateTable(sums summary, lang locale.Lang) stateTable {
	t := stateTable{Registers: sums.health, States: sums.states}
	for i, st := range t.States {
		spark := chart.Spark{Frame: frame(lang, "sp"+strconv.Itoa(i)), Title: locale.For(lang).T("states.spark", st.Name)}
		for y := sums.first; y <= sums.last && sums.first != 0; y++ {
			spark.Values = append(spark.Values, st.byYear[y])
		}
		st.Spark = spark.SVG()
	}
	return t
}

// sort orders the States as the address asks and gives the columns their links. Names rise, numbers fall unless asked.
func (t *stateTable) sort(query url.Values, lang locale.Lang) error {
	by := cmp.Or(query.Get("sort"), "most")
	down := query.Get("order") == "down" || by != "name" && query.Get("order") != "up"
	order, ok := t.order(by, lang)
	if !ok {
		return fault.New(fault.Invalid, "the States cannot be sorted by %q", by)
	}
	slices.SortStableFunc(t.States, func(a, b *stateSum) int {
		if down {
			a, b = b, a
		}
		return order(a, b)
	})
	for _, name := range t.sortable() {
		link := sortLink{Name: name, Current: name == by, Down: down}
		next := url.Values{"sort": {name}}
		if link.Current {
			next.Set("order", map[bool]string{true: "up", false: "down"}[down])
		}
		link.Href = address(lang, "states") + "?" + next.Encode()
		t.Columns = append(t.Columns, link)
	}
	return nil
}

func (t *stateTable) order(by string, lang locale.Lang) (func(a, b *stateSum) int, bool) {
	letters := collate.New(language.Make(string(lang)))
	register := slices.IndexFunc(t.Registers, func(r *registerSum) bool { return r.Name == by })
	switch {
	case by == "name":
		return func(a, b *stateSum) int { return letters.CompareString(a.Name, b.Name) }, true
	case by == "most":
		return func(a, b *stateSum) int { return cmp.Compare(a.Most, b.Most) }, true
	case register >= 0:
		return func(a, b *stateSum) int { return cmp.Compare(a.By[register], b.By[register]) }, true
	}
	return nil, false
}

// Heads are the columns that can sort, with links where the table has them.
func (t stateTable) Heads() []sortLink {
	if t.Columns != nil {
		return t.Columns
	}
	return unlinked(t.sortable())
}

func (t stateTable) sortable() []string {
	names := []string{"name"}
	for _, r := range t.Registers {
		names = append(names, r.Name)
	}
	return append(names, "most")
}

// exportStates sends the list of States as CSV, one column for each register.
func (s *Site) exportStates(w http.ResponseWriter, r *http.Request) error {
	o, err := s.desk.Overview(r.Context(), whoOf(r.Context()))
	if err != nil {
		return err
	}
	sums := summarise(o, locale.English)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="ward-states.csv"`)
	out := csv.NewWriter(w)
	head := []string{"iso3", "name"}
	for _, reg := range sums.health {
		head = append(head, reg.Name)
	}
	if err := out.Write(append(head, "at_least", "at_most", "first_year", "last_year")); err != nil {
		return err
	}
	for _, st := range sums.states {
		row := []string{st.Code, st.Name}
		for _, n := range append(st.By, st.Most, st.All, int64(st.First), int64(st.Last)) {
			row = append(row, strconv.FormatInt(n, 10))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
