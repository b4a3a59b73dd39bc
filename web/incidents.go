package web

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/chart"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/locale"
	"ward/search"
	"ward/vocab"
	"ward/when"
)

// pageSize is how many incidents a page lists.
const pageSize = 50

// filterColumns are the facets offered, in order, with the code list that labels their values.
var filterColumns = []struct{ name, list string }{
	{"register", ""}, {"country", "country"}, {"year", "year"}, {"certainty", "certainty"}, {"family", "family"}, {"code", "incident"},
	{"actor", "actor"}, {"actor_state", "country"}, {"context", "context"}, {"scope", "scope"},
}

type incidentsView struct {
	view
	Query      url.Values
	Words      string
	From, To   string
	Total      int
	Incidents  []incident.Incident
	Facets     []facetView
	Chosen     []chosenFilter
	Clear      string
	First      int
	Last       int
	Previous   string
	Next       string
	Sorts      []sortLink
	Exports    []exportLink
	Empty      bool // the workspace has no incidents at all
	Suggested  []chosenFilter
	Searchable bool
}

type facetView struct {
	Name  string
	Bars  template.HTML
	Count int
}

// chosenFilter is a filter in force and the address without it; or a suggestion and the address with it.
type chosenFilter struct{ Name, Label, Href string }

type sortLink struct {
	Name    string
	Href    string
	Current bool
	Down    bool
}

type exportLink struct{ Format, Href string }

func (s *Site) incidents(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q, err := readQuery(r.URL.Query())
	if err != nil {
		return err
	}
	page, err := s.desk.Incidents(r.Context(), s.who, q)
	if err != nil {
		return err
	}
	v := incidentsView{view: newView(r, lang, "incidents", locale.For(lang).T("incidents.title")), Query: r.URL.Query(), Words: q.Words,
		From: q.From.String(), To: q.To.String(), Total: page.Total, Incidents: page.Incidents}
	v.turnPages(lang, q)
	v.offer(lang, page.Facets)
	v.Empty = page.Total == 0 && len(v.Chosen) == 0 && q.Words == "" && q.From.IsZero() && q.To.IsZero()
	if page.Total == 0 && q.Words != "" {
		if err := s.suggest(r, &v, q, lang); err != nil {
			return err
		}
	}
	return s.render(w, http.StatusOK, lang, "incidents", v)
}

// readQuery reads the address's query; it is the same for the page and the exports.
func readQuery(values url.Values) (desk.IncidentQuery, error) {
	q := desk.IncidentQuery{Words: values.Get("q"), Filters: map[string][]string{}, Sort: "from", Desc: values.Get("order") != "up", Limit: pageSize}
	for _, f := range filterColumns {
		q.Filters[f.name] = slices.DeleteFunc(slices.Clone(values[f.name]), func(s string) bool { return s == "" })
	}
	if sort := values.Get("sort"); sort != "" {
		q.Sort = sort
	}
	for name, into := range map[string]*when.Date{"from": &q.From, "to": &q.To} {
		if text := values.Get(name); text != "" {
			d, err := when.Parse(text)
			if err != nil {
				return q, err
			}
			*into = d
		}
	}
	if text := values.Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1_000_000 {
			return q, fault.New(fault.Invalid, "there is no page %q", text)
		}
		q.Offset = (n - 1) * pageSize
	}
	return q, nil
}

// with is the address of this list with some parameters set and the page turned back to the first. Each edit is a name
// and its values; a name alone is removed.
func (v *incidentsView) with(lang locale.Lang, edits ...[]string) string {
	next := maps.Clone(v.Query)
	next.Del("page")
	for _, e := range edits {
		next[e[0]] = e[1:]
		if len(e) == 1 {
			next.Del(e[0])
		}
	}
	if len(next) == 0 {
		return address(lang, "incidents")
	}
	return address(lang, "incidents") + "?" + next.Encode()
}

func (v *incidentsView) turnPages(lang locale.Lang, q desk.IncidentQuery) {
	v.First, v.Last = q.Offset+1, q.Offset+len(v.Incidents)
	number := q.Offset/pageSize + 1
	if number > 1 {
		v.Previous = v.with(lang, []string{"page", strconv.Itoa(number - 1)})
	}
	if v.Last < v.Total {
		v.Next = v.with(lang, []string{"page", strconv.Itoa(number + 1)})
	}
	for _, name := range []string{"from", "killed", "injured", "abducted", "arrested"} {
		link := sortLink{Name: name, Current: q.Sort == name, Down: q.Desc}
		order := []string{"order"}
		if link.Current && q.Desc {
			order = append(order, "up")
		}
		link.Href = v.with(lang, []string{"sort", name}, order)
		v.Sorts = append(v.Sorts, link)
	}
	_, asked, _ := strings.Cut(v.with(lang), "?")
	for _, format := range exportFormats {
		v.Exports = append(v.Exports, exportLink{format, "/export/incidents/" + format + "?" + asked})
	}
	v.Clear = address(lang, "incidents")
}

// offered is how many values of a facet are shown; the rest are found by typing.
const offered = 12

// offer draws the facets and lists the filters in force.
func (v *incidentsView) offer(lang locale.Lang, counts map[string][]search.Count) {
	c := locale.For(lang)
	for i, f := range filterColumns {
		current := v.Query[f.name]
		bars := chart.HBars{Frame: frame(lang, "f"+strconv.Itoa(i)), Title: c.T("facet." + f.name), Head: c.T("facet." + f.name)}
		for _, k := range counts[f.name] {
			chosen := slices.Contains(current, k.Value)
			if k.Value == "" || len(bars.Items) >= offered && !chosen {
				continue
			}
			values := append(slices.Clone(current), k.Value)
			if chosen {
				values = slices.DeleteFunc(slices.Clone(current), func(s string) bool { return s == k.Value })
			}
			bars.Items = append(bars.Items, chart.HBar{Label: labelOf(f.list, k.Value, lang), Value: int64(k.Docs), Current: chosen, Href: v.with(lang, append([]string{f.name}, values...))})
		}
		for _, value := range current {
			rest := slices.DeleteFunc(slices.Clone(current), func(s string) bool { return s == value })
			v.Chosen = append(v.Chosen, chosenFilter{c.T("facet." + f.name), labelOf(f.list, value, lang), v.with(lang, append([]string{f.name}, rest...))})
		}
		if len(bars.Items) > 0 {
			v.Facets = append(v.Facets, facetView{Name: f.name, Bars: bars.HTML(), Count: len(counts[f.name])})
		}
	}
}

// labelOf says a facet's value in the reader's language.
func labelOf(list, value string, lang locale.Lang) string {
	switch list {
	case "":
		return value
	case "country":
		return vocab.CountryName(value, string(lang))
	case "year":
		y, err := strconv.Atoi(value)
		if err != nil {
			return value
		}
		return locale.For(lang).Year(y)
	}
	return vocab.Label(list, value, string(lang))
}

// suggest offers words that do occur when those typed do not.
func (s *Site) suggest(r *http.Request, v *incidentsView, q desk.IncidentQuery, lang locale.Lang) error {
	words := strings.Fields(q.Words)
	last := []rune(words[len(words)-1])
	for n := len(last) - 1; n >= 2 && len(v.Suggested) == 0; n-- {
		q.Words = strings.Join(append(words[:len(words)-1:len(words)-1], string(last[:n])), " ")
		found, err := s.desk.CompleteWords(r.Context(), s.who, q, 6)
		if err != nil {
			return err
		}
		for _, k := range found {
			text := strings.Join(append(words[:len(words)-1:len(words)-1], k.Value), " ")
			v.Suggested = append(v.Suggested, chosenFilter{Label: text, Href: v.with(lang, []string{"q", text})})
		}
	}
	return nil
}
