package web

import (
	"cmp"
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/intake"
	"ward/locale"
	"ward/search"
	"ward/vocab"
)

// Views of what a search finds.
const (
	asList     = "list"
	asTable    = "table"
	asMap      = "map"
	asTimeline = "timeline"
)

var findViews = []string{asList, asTable, asMap, asTimeline}

// findView is the search page: the box, what is found, and the searches that are kept.
type findView struct {
	incidentsView
	Asked   bool // something was looked for
	Made    desk.SavedSearch
	Kind    string
	Kinds   []findTab
	Views   []findTab
	View    string
	Papers  []desk.Paper
	Cases   []caseRow // in which the words occur
	Others  int       // more of them
	States  []choice
	Deeds   []choice
	Try     []string // words to look for instead
	Kept    []desk.SavedSearch
	Hidden  []hiddenField // what the box keeps of the search
	Whole   []hiddenField // what a saved search keeps of it
	Columns []findColumn
	Figure  template.HTML
	Said    []string // what the figure does not show
	Most    template.HTML
	Quotes  bool
	Exports bool
	Problem string
	Naming  string // a name that was typed and could not be taken
}

// findTab is one way to look at a result, with how much it has.
type findTab struct {
	Name    string
	Docs    int
	Href    string
	Current bool
}

type choice struct {
	Value, Label string
	Current      bool
}

type hiddenField struct{ Name, Value string }

// search shows the search page. What is looked for stands in the address only as far as it is coded; words go by the search's id.
func (s *Site) search(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showSearch(w, r, lang, http.StatusOK, "", "")
}

// showSearch draws the page; problem and naming are of a form there that could not be taken.
func (s *Site) showSearch(w http.ResponseWriter, r *http.Request, lang locale.Lang, code int, problem, naming string) error {
	v, q, err := s.searchAsked(r, lang)
	if err != nil {
		return err
	}
	v.Problem, v.Naming = problem, naming
	if err := s.lookUp(r.Context(), v, q, lang); err != nil {
		return err
	}
	who := whoOf(r.Context())
	if v.Kept, err = s.desk.SavedSearches(r.Context(), who); err != nil {
		return err
	}
	if v.Made.Name != "" {
		if err := s.desk.SawSearch(r.Context(), who, v.Made.ID); err != nil {
			return err
		}
	}
	return s.render(w, code, lang, "search", v)
}

// searchAsked reads what is looked for: the words by the id in the path; all else from the address, or as it was kept where the address says
// nothing.
func (s *Site) searchAsked(r *http.Request, lang locale.Lang) (*findView, desk.IncidentQuery, error) {
	v := &findView{}
	values, path := r.URL.Query(), address(lang, "search")
	key := cmp.Or(r.PathValue("search"), r.PostFormValue("search"))
	if r.Method == http.MethodPost {
		values = coded(r.PostForm)
	}
	if key != "" {
		made, err := s.desk.SearchByID(r.Context(), whoOf(r.Context()), key)
		if err != nil {
			return v, desk.IncidentQuery{}, err
		}
		v.Made, path = made, address(lang, "search", key)
		if !values.Has("view") {
			values = kept(made.Search)
		}
	}
	values.Del("q")
	q, err := readQuery(values)
	if err != nil {
		return v, q, err
	}
	if q.Words = v.Made.Words; key == "" {
		q.Words = r.PostFormValue("q")
	}
	v.Asked = key != "" || len(values) > 0
	if v.View = values.Get("view"); !slices.Contains(findViews, v.View) {
		v.View = asList
	}
	values.Set("view", v.View)
	v.incidentsView = incidentsView{view: newView(r, lang, "search", locale.For(lang).T("find.title")), Query: values, Words: q.Words, From: q.From.String(), To: q.To.String(), Path: path, Search: key}
	v.Kind = values.Get("kind")
	return v, q, nil
}

// lookUp answers the search and lays the answer out as the view asks.
func (s *Site) lookUp(ctx context.Context, v *findView, q desk.IncidentQuery, lang locale.Lang) error {
	who := whoOf(ctx)
	if !v.Asked {
		q.Limit = 0
	}
	found, err := s.desk.Find(ctx, who, v.Kind, q)
	if err != nil {
		return err
	}
	v.Kind, v.Total, v.Papers = found.Kind, found.Total, found.Papers
	v.States, v.Deeds = v.choices(lang, "country", "country", found.Page.Facets), v.choices(lang, "code", "incident", found.Page.Facets)
	v.hide()
	if !v.Asked {
		return nil
	}
	if err := s.findsCases(ctx, v, q, lang); err != nil {
		return err
	}
	v.tabs(found.Kinds)
	v.Table.Rows = found.Page.Incidents
	v.turn(lang, q, len(found.Papers))
	v.Quotes, v.Exports = who.Can(access.ReadAudit), who.Can(access.ExportIncidents)
	if v.Total == 0 && q.Words != "" {
		if v.Try, err = s.desk.Suggest(ctx, who, q, true); err != nil {
			return err
		}
	}
	if v.Kind != desk.FindIncidents {
		v.choose(lang, "country", "country")
		return nil
	}
	v.sortLinks(q)
	v.offer(lang, found.Page.Facets)
	v.Sources, err = s.sources(ctx, func(src intake.Source) bool {
		for _, inc := range found.Page.Incidents {
			if slices.Contains(inc.Series, src.Series) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	return s.layOut(ctx, v, q, lang)
}

// findsCases puts the cases in which the words occur above whatever else is found.
func (s *Site) findsCases(ctx context.Context, v *findView, q desk.IncidentQuery, lang locale.Lang) error {
	rows, total, err := s.desk.FindCases(ctx, whoOf(ctx), q)
	for _, row := range rows {
		v.Cases, v.Invented = append(v.Cases, caseRowOf(locale.For(lang), row, s.desk.Now())), v.Invented || vocab.Invented(row.Country)
	}
	v.Others = total - len(rows)
	return err
}

// layOut makes the figure or the columns of the view.
func (s *Site) layOut(ctx context.Context, v *findView, q desk.IncidentQuery, lang locale.Lang) (err error) {
	switch v.View {
	case asTable:
		v.Columns = chosenColumns(v.Query["col"])
	case asMap:
		var spread desk.Spread
		if spread, err = s.desk.Spread(ctx, whoOf(ctx), q); err == nil {
			v.draw(spread, lang)
		}
	case asTimeline:
		var t desk.Timeline
		if t, err = s.desk.Timeline(ctx, whoOf(ctx), q); err == nil {
			v.drawTime(t, lang)
		}
	}
	return err
}

// turn turns pages of whatever is listed.
func (v *findView) turn(lang locale.Lang, q desk.IncidentQuery, papers int) {
	v.turnPages(lang, q)
	v.Clear = v.Path + "?" + url.Values{"view": {v.View}, "kind": {v.Kind}}.Encode()
	if papers > 0 {
		v.Last = q.Offset + papers
		if v.Next = ""; v.Last < v.Total {
			v.Next = v.with([]string{"page", strconv.Itoa(v.Page + 1)})
		}
	}
}

// tabs offer the kinds that were found and, of incidents, the views.
func (v *findView) tabs(kinds []search.Count) {
	for _, k := range kinds {
		v.Kinds = append(v.Kinds, findTab{k.Value, k.Docs, v.with([]string{"kind", k.Value}, []string{"view", asList}), k.Value == v.Kind})
	}
	if v.Kind != desk.FindIncidents {
		return
	}
	for _, name := range findViews {
		v.Views = append(v.Views, findTab{name, 0, v.with([]string{"view", name}, []string{"kind", desk.FindIncidents}), name == v.View})
	}
}

// choices are the values of a column that occur in what is found, by their labels; none where several are in force already.
func (v *findView) choices(lang locale.Lang, column, list string, counts map[string][]search.Count) (out []choice) {
	current := v.Query[column]
	if len(current) > 1 {
		return nil
	}
	values := slices.Clone(current)
	for _, k := range counts[column] {
		if k.Value != "" && !slices.Contains(values, k.Value) {
			values = append(values, k.Value)
		}
	}
	for _, value := range values {
		out = append(out, choice{value, labelOf(list, value, lang), slices.Contains(current, value)})
	}
	slices.SortFunc(out, func(a, b choice) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// hide lists what the two forms carry along unseen.
func (v *findView) hide() {
	for name, values := range v.Query {
		for _, value := range values {
			if value == "" || name == "page" {
				continue
			}
			v.Whole = append(v.Whole, hiddenField{name, value})
			seen := name == "from" || name == "to" || name == "country" && v.States != nil || name == "code" && v.Deeds != nil
			if !seen && name != "kind" {
				v.Hidden = append(v.Hidden, hiddenField{name, value})
			}
		}
	}
	if v.Search != "" {
		v.Whole = append(v.Whole, hiddenField{"search", v.Search})
	}
	order := func(a, b hiddenField) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value)) }
	slices.SortFunc(v.Hidden, order)
	slices.SortFunc(v.Whole, order)
}

// Leaving are the files in which what was found can be taken away.
func (v *findView) Leaving() []exportLink {
	return slices.DeleteFunc(slices.Clone(v.incidentsView.Exports), func(l exportLink) bool { return l.Format != "csv" && l.Format != "ward-json" })
}

// codedFields are what of a search stands in an address.
var codedFields = func() []string {
	fields := []string{"from", "to", "sort", "order", "view", "kind", "col"}
	for _, f := range filterColumns {
		fields = append(fields, f.name)
	}
	return fields
}()

// coded is what of a form may stand in an address.
func coded(form url.Values) url.Values {
	out := url.Values{}
	for _, name := range codedFields {
		if values := slices.DeleteFunc(slices.Clone(form[name]), func(s string) bool { return s == "" }); len(values) > 0 {
			out[name] = values
		}
	}
	return out
}

// kept is a search as an address has it, without its words.
func kept(s desk.Search) url.Values {
	out := url.Values{"view": {cmp.Or(s.View, asList)}}
	for name, values := range s.Filters {
		out[name] = slices.Clone(values)
	}
	for name, value := range map[string]string{"from": s.From, "to": s.To, "sort": s.Sort, "kind": s.Kind, "order": map[bool]string{true: "up"}[s.Up]} {
		if value != "" {
			out.Set(name, value)
		}
	}
	if len(s.Columns) > 0 {
		out["col"] = slices.Clone(s.Columns)
	}
	return out
}

// searchOf is the search that an address, or a form, and words stand for.
func searchOf(values url.Values, words string) desk.Search {
	s := desk.Search{Words: words, Kind: values.Get("kind"), From: values.Get("from"), To: values.Get("to"), Sort: values.Get("sort"), Up: values.Get("order") == "up",
		View: cmp.Or(values.Get("view"), asList), Columns: values["col"], Filters: map[string][]string{}}
	for _, f := range filterColumns {
		if len(values[f.name]) > 0 {
			s.Filters[f.name] = values[f.name]
		}
	}
	return s
}

// askSearch takes what was typed into the box. With words it goes on by the id of what it keeps; without, by the address alone.
func (s *Site) askSearch(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		values := coded(form)
		made := searchOf(values, form.Get("q"))
		values.Set("view", made.View)
		if _, err := made.Query(); err != nil {
			return "", err
		}
		if made.Words == "" {
			return address(lang, "search") + "?" + values.Encode(), nil
		}
		key, err := s.desk.KeepSearch(r.Context(), whoOf(r.Context()), made)
		return address(lang, "search", key) + "?" + values.Encode(), err
	}, s.searchAgain)
}

// searchAgain draws the page with what was wrong.
func (s *Site) searchAgain(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	for _, name := range []string{"from", "to"} { // may be what is wrong
		form.Del(name)
	}
	return s.showSearch(w, r, lang, http.StatusUnprocessableEntity, sentence(wrong.Error()), form.Get("name"))
}

// saveSearch puts the search on the page on record under a name.
func (s *Site) saveSearch(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		words := ""
		if key := form.Get("search"); key != "" {
			made, err := s.desk.SearchByID(r.Context(), whoOf(r.Context()), key)
			if err != nil {
				return "", err
			}
			words = made.Words
		}
		key, err := s.desk.SaveSearch(r.Context(), whoOf(r.Context()), form.Get("name"), form.Get("shared") == "yes", searchOf(coded(form), words))
		return address(lang, "search", key), err
	}, s.searchAgain)
}

// changeSearch renames, shares or removes a saved search.
func (s *Site) changeSearch(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		key, who := r.PathValue("search"), whoOf(r.Context())
		if form.Get("do") == "remove" {
			return address(lang, "search"), s.desk.RemoveSearch(r.Context(), who, key)
		}
		return address(lang, "search", key), s.desk.ChangeSearch(r.Context(), who, key, form.Get("name"), form.Get("shared") == "yes")
	}, s.searchAgain)
}

// Opening is the address of a paper that was found.
func (v *findView) Opening(p desk.Paper) string {
	return address(v.Lang, map[string]string{desk.FindReports: "reports", desk.FindFacilities: "facilities", desk.FindStatements: "statements"}[p.Kind], p.ID)
}
